"""Two small lessons that tests of quizzes, predictions and progress stand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.lessons import catalogue, storage
from course.lessons.catalogue import Card, Exercise, Option, Prediction, Question

EVIL = "<script>alert(1)</script>"


def make_question(identifier: str, text: str = "Which?", options: int = 4) -> Question:
    """A question whose first option in the source is the right one."""
    made = [
        Option(f"`{identifier}` option {n}", f"Why {n} of {identifier}.", n == 0)
        for n in range(options)
    ]
    return Question(identifier, "recall", text, tuple(made))


def make_card(number: str, questions: tuple[Question, ...]) -> Card:
    exercises = tuple(
        Exercise(f"{number}.{n}", f"Exercise {n}", 1, 5, 2.0, 2, 1) for n in (1, 2, 3)
    )
    predictions = tuple(Prediction(f"{number}.p{n}", f"Guess {n}") for n in (1, 2))
    return Card(
        *(number, f"{number}_topic", f"Title {number}", "A sentence.", 10, 5),
        *(("Say it.",), exercises, predictions, questions),
    )


def tiny_cards() -> list[Card]:
    """Lesson 01 with five questions, lesson 02 with three, one of them hostile."""
    evil = Question(
        "02.q2",
        "output",
        f"What does `{EVIL}` **print**?\n\nA second {EVIL} line.",
        (
            Option(EVIL, f"Because {EVIL}.", True),
            Option("`a b`", "No: **two**.", False),
        ),
    )
    return [
        make_card("01", tuple(make_question(f"01.q{n}") for n in range(1, 6))),
        make_card("02", (make_question("02.q1"), evil, make_question("02.q3", "", 5))),
    ]


@contextmanager
def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put the cards and an empty progress file in place; give the file's path."""
    (folder / "cards").mkdir()
    for card in tiny_cards():
        text = catalogue.to_json(card)
        (folder / "cards" / f"{card.name}.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue, "CARDS", folder / "cards")
    monkeypatch.setattr(storage, "_pending", {})
    monkeypatch.setenv("COURSE_PROGRESS", str(folder / "progress.json"))
    for name in ("COURSE_TEXT", "COURSE_HEADLESS"):
        monkeypatch.delenv(name, raising=False)
    catalogue.cards.cache_clear()
    yield folder / "progress.json"
    catalogue.cards.cache_clear()
