"""`check` as a learner meets it.

Alone: pytest tests/course/grading/test_checking.py
"""

import json
import sys
import time

import pytest
from tiny_lesson import CASES, NAME, built

from course.grading import cases, checking
from course.grading.checking import check


@pytest.fixture(autouse=True)
def kit(tmp_path, monkeypatch):
    with built(tmp_path, monkeypatch):
        yield tmp_path


def double(number):
    return number + number


def said(result):
    """All that is shown, after seeing that it can be shown everywhere."""
    result._repr_html_().encode("utf-8")
    text = repr(result)
    text.encode("utf-8")
    assert "Traceback" not in text
    assert "course/" not in text
    return text


def test_right_answer():
    result = check("07.1", {"double": double})
    assert (result.status, result.passed, result.total) == ("passed", 2, 2)
    assert said(result) == (
        "✓ Exercise 07.1, Double: visible checks 2/2; hidden checks run when graded."
    )


def test_wrong_answer_shows_the_first_failing_case_and_counts_all():
    result = check("07.1", {"double": lambda number: number + 3})
    assert (result.status, result.passed, result.total) == ("error", 1, 2)
    assert said(result).splitlines()[:3] == [
        "✗ Exercise 07.1, Double: visible checks 1/2.",
        "  A text is doubled as well.",
        "  you called  double('ab')",
    ]


def test_each_failed_attempt_shows_one_more_hint():
    wrong = {"double": lambda number: 7}
    hints = [said(check("07.1", wrong)).splitlines()[5:] for _ in range(3)]
    assert hints[0] == [
        *("  Hint 1 of 2: Add.", "  The next failed attempt shows one more hint."),
    ]
    both = ["  Hint 1 of 2: Add.", "  Hint 2 of 2: Add it to itself."]
    assert hints[1] == hints[2] == both


def test_attempts_are_recorded(kit):
    check("07.1", {"double": lambda number: 7})
    check("07.1", {"double": double})
    progress = json.loads((kit / "progress.json").read_text(encoding="utf-8"))
    record = progress["lessons"]["07"]["exercises"]["07.1"]
    assert (record["attempts"], record["status"]) == (2, "passed")
    assert record["failed"] == {"test_three": 1}


def stub(number):
    raise NotImplementedError("Exercise 07.1: replace this line.")


@pytest.mark.parametrize(
    ("namespace", "status", "words"),
    [
        ({"double": stub}, "not_attempted", "not attempted yet."),
        ({}, "missing", "double is not defined: run the cell that defines it."),
    ],
)
def test_what_is_no_attempt_is_not_recorded(kit, namespace, status, words):
    result = check("07.1", namespace)
    assert result.status == status
    assert words in said(result)
    assert not (kit / "progress.json").exists()


# --- Where it is called from ---------------------------------------------------------


def test_namespace_is_that_of_the_caller_in_a_notebook_or_terminal():
    cell = "def double(n): return n + n\nresult = check('07.1')"
    namespace = {"check": check}
    exec(cell, namespace)
    assert namespace["result"].status == "passed"


def test_namespace_is_that_of_the_file_when_called_from_a_function():
    code = "def double(n): return n + n\ndef main(): return check('07.1')"
    namespace = {"check": check}
    exec(code, namespace)
    assert namespace["main"]().status == "passed"


# --- Nothing is raised ---------------------------------------------------------------


class Hostile:
    __class__ = property(lambda self: 1 / 0)

    def refuse(self, *_):
        raise ZeroDivisionError

    __eq__ = __repr__ = __str__ = __len__ = __bool__ = __hash__ = refuse
    __iter__ = __getattr__ = __getitem__ = refuse


class HostileList(list):
    __eq__ = __repr__ = __len__ = __iter__ = Hostile.refuse
    __hash__ = None


class HostileError(Exception):
    __str__ = __repr__ = Hostile.refuse


def throw(error):
    def double(number):
        raise error

    return double


def endless(number):
    return endless(number)


def make_nested():
    value = []
    value.append(value)
    return value


ANSWERS = {
    "hostile object": lambda n: Hostile(),
    "hostile list": lambda n: HostileList([1]),
    "hostile key": lambda n: {"a": Hostile()},
    "hostile error": throw(HostileError()),
    "SystemExit": throw(SystemExit(1)),
    "GeneratorExit": throw(GeneratorExit()),
    "BaseException": throw(BaseException("x")),
    "surrogates": throw(ValueError("\ud800")),
    "surrogate text": lambda n: "\ud800",
    "long message": throw(ValueError("a b" * 10**6)),
    "recursion": endless,
    "nested": lambda n: make_nested(),
    "generator": lambda n: (i for i in "ab"),
    "huge number": lambda n: 10**5000,
    "nan": lambda n: float("nan"),
    "no function": 5,
    "a class": dict,
    "long list": lambda n: list(range(100_000)),
    "long text": lambda n: "a" * 10**7,
    "None": lambda n: None,
    "no argument": lambda: 1,
    "pytest's own": lambda n: pytest.skip("x"),
    "kind without a name": lambda n: type("", (), {})(),
    "kind with a long name": lambda n: type("a\nb" * 10_000, (), {})(),
    "markup": lambda n: "<script>[red]:smile:",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whatever_an_answer_does_is_told_in_a_few_lines(answer):
    result = check("07.1", {"double": answer})
    assert result.status in ("failed", "error")
    text = said(result)
    assert "Hint 1 of 2" in text
    assert len(text) < 3000
    assert "<script>" not in result._repr_html_()


@pytest.mark.parametrize(
    "exercise",
    [
        *(
            "07.2",
            "7.1",
            "",
            "08.1",
            "07",
            "07_doubling",
            "07.1 ",
            "\ud800",
            "x" * 9999,
        ),
        *(7.1, None, ["07.1"], b"07.1", double),
    ],
)
def test_exercise_that_is_not_there(exercise):
    result = check(exercise)
    assert (result.status, result.passed, result.total) == ("unknown", 0, 0)
    assert said(result).startswith("○ ")
    assert len(said(result)) < 400


def test_exercise_that_cannot_even_be_asked():
    assert check(Hostile()).status == "fault"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def (", "This check cannot be run"),
        (CASES.replace("import pytest", "import pytest\nimport nothing"), None),
        ("if True: 1", "only imports and assignments"),
    ],
)
def test_damaged_cases_are_no_fault_of_the_learner(kit, text, words):
    path = cases.CASES / f"test_{NAME}.py"
    path.write_text(text, encoding="utf-8")
    cases._load.cache_clear()
    result = check("07.1", {"double": double})
    if words is None:  # an import that no visible case needs is left out
        assert result.status == "passed"
    else:
        assert words in said(result)
        assert result.passed == 0


def test_case_of_the_kit_that_is_broken():
    path = cases.CASES / f"test_{NAME}.py"
    text = CASES.replace("assert student.double(3) == 6", "1 / 0")
    path.write_text(text, encoding="utf-8")
    cases._load.cache_clear()
    result = check("07.1", {"double": double})
    assert result.status == "fault"
    assert "a check of the kit is broken, which is no fault of yours." in said(result)


def test_cases_that_are_gone():
    (cases.CASES / f"test_{NAME}.py").unlink()
    result = check("07.1", {"double": double})
    assert result.status == "unknown"
    assert "start in the folder of the kit" in said(result)


def test_interruption_ends_the_check_and_not_the_notebook(kit):
    result = check("07.1", {"double": throw(KeyboardInterrupt())})
    assert (result.status, result.passed) == ("interrupted", 0)
    assert "Does a loop never end?" in said(result)
    assert not (kit / "progress.json").exists()


def test_progress_that_cannot_be_saved_is_a_note(kit):
    (kit / "progress.json").mkdir()
    result = check("07.1", {"double": lambda number: 7})
    assert result.status == "failed"
    assert "Add." in said(result)
    assert result.report.notes


def test_any_other_fault_is_told(monkeypatch):
    monkeypatch.setattr(checking, "load_cases", lambda path: 1 / 0)
    assert "ZeroDivisionError: division by zero" in said(check("07.1", {}))


# --- What the learner prints ---------------------------------------------------------


def test_prints_are_seen_up_to_the_first_failing_case(capsys):
    def wrong(number):
        print(f"number is {number!r}")
        print("aside", file=sys.stderr)

    check("07.1", {"double": wrong})
    written = capsys.readouterr()
    assert (written.out, written.err) == ("number is 3\n", "aside\n")


def test_prints_of_a_right_answer_are_all_seen(capsys):
    def right(number):
        print(number)
        return double(number)

    check("07.1", {"double": right})
    assert capsys.readouterr().out == "3\nab\n"


def test_output_is_itself_again_after_a_failing_check(capsys):
    before = sys.stdout, sys.stderr
    check("07.1", {"double": throw(ValueError())})
    assert (sys.stdout, sys.stderr) == before


def test_check_is_fast():
    wrong = {"double": lambda number: list(range(10_000))}
    times = []
    for _ in range(20):
        start = time.perf_counter()
        repr(check("07.1", wrong))
        times.append(time.perf_counter() - start)
    assert sorted(times)[-2] < 0.3
