"""A whole lesson in a few lines, with its cases, in folders of a test's own.

Source, cases, notebook and card stand where the kit looks for its own, so that building
and checking can be tested without a model and in no time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.grading import cases, release
from course.lessons import building, catalogue, lesson, storage

NAME = "07_doubling"

SOURCE = '''\
# ---
# title: Doubling
# summary: Learn to double.
# minutes: 5
# seconds: 1
# needs: []
# objectives:
#   - "**double** a number,"
#   - "**halve** it,"
#   - "**tell** one from the other."
# sources:
#   - "Euclid. Elements. https://example.org/elements"
# ---

# %% tags=["setup"]
from course.grading import check

# %% [markdown] tags=["concept"]
# ## Twice
#
# Twice three is *six*.

# %% [markdown] tags=["exercise"] exercise="07.1" title="Double" difficulty=2 minutes=3
# Double a number.


# %% tags=["exercise"] exercise="07.1"
def double(number):
    """Return twice a number."""
    # BEGIN SOLUTION
    return number + number
    # END SOLUTION


# %% [markdown] tags=["predict"] prediction="07.p1"
# What is twice four,
# in digits?
#
# Put a number.

# %% tags=["demo"]
print(2 * 4)

# %% [markdown] tags=["solution"]
# Only in the solved notebook.

# %% [markdown] tags=["quiz"]
# - id: q1
#   kind: recall
#   text: What is twice two?
#   options:
#     - right: "4"
#       why: Two and two.
#     - wrong: "2"
#       why: That is once two.
#     - wrong: "22"
#       why: That is written twice.
# - id: q2
#   kind: output
#   text: What is twice one?
#   options:
#     - wrong: "1"
#       why: That is once one.
#     - right: "2"
#       why: One and one.
#     - wrong: "11"
#       why: That is written twice.
'''

CASES = '''\
"""Cases of the lesson on doubling."""

import pytest

SECRET = [123456, 246912]


@pytest.mark.exercise("07.1", points=2, hint=("Add.", "Add it to itself."))
def test_three(student):
    """Twice three is six."""
    assert student.double(3) == 6


@pytest.mark.exercise("07.1", hint="Texts can be added too.")
def test_text(student):
    """A text is doubled as well."""
    assert student.double("ab") == "abab"


@pytest.mark.hidden
@pytest.mark.exercise("07.1", points=1.5, hint="Large numbers too.")
def test_large(student, reference, rng):
    """Twice a large number."""
    assert student.double(SECRET[0]) == SECRET[1] == reference.double(SECRET[0])


@pytest.mark.wrong_answer("07.1", fails=["test_text", "test_large"], hint="Texts")
def wants_a_number():
    """Only numbers can be doubled."""

    def double(number):
        return number + 3
'''


@contextmanager
def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let the kit see the tiny lesson alone, and yield its source; nothing is built."""
    places = {
        "SOURCES": folder / "notebooks" / "source",
        "NOTEBOOKS": folder / "notebooks",
        "CASES": folder / "tests" / "exercises",
        "CARDS": folder / "cards",
    }
    for name, place in places.items():
        place.mkdir(parents=True, exist_ok=True)
        for module in (cases, release, building, catalogue, lesson):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, place)
    monkeypatch.setattr(storage, "_pending", {})
    monkeypatch.setenv("COURSE_PROGRESS", str(folder / "progress.json"))
    source = places["SOURCES"] / f"{NAME}.py"
    source.write_text(SOURCE, encoding="utf-8")
    (places["CASES"] / f"test_{NAME}.py").write_text(CASES, encoding="utf-8")
    catalogue.cards.cache_clear()
    yield source
    catalogue.cards.cache_clear()


@contextmanager
def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """As `installed`, with notebook and card written; yield the notebook."""
    with installed(folder, monkeypatch):
        building.write(building.build())
        catalogue.cards.cache_clear()
        yield folder / "notebooks" / f"{NAME}.ipynb"
