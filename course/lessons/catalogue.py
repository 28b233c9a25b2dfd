"""What the kit knows of a lesson without its source: its card.

`course build` writes a card for each lesson, `course/lessons/cards/NN_topic.json`. From
it come quizzes, progress and the lists of exercises, also where neither the sources nor
the notebooks are at hand. Left out: cases and solutions, which no card holds.
"""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from course.errors import CourseError, unknown_name

CARDS = Path(__file__).parent / "cards"


@dataclass(frozen=True)
class Option:
    """One answer of a question.

    Attributes:
        text: What the learner reads.
        why: Why it is right, or which thought leads to it and where that goes wrong.
        right: Whether it is the right one; exactly one of a question is.
    """

    text: str
    why: str
    right: bool


@dataclass(frozen=True)
class Question:
    """A multiple-choice question.

    Attributes:
        id: Lesson and number, as "02.q1".
        kind: "recall", "output", "misconception", "transfer" or "evidence".
        text: The question, in Markdown without pictures.
        options: Two to five, in the order of the source.
    """

    id: str
    kind: str
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Prediction:
    """Something a learner commits to before a cell shows it.

    Attributes:
        id: Lesson and number, as "02.p1".
        text: What is to be predicted, in one line.
    """

    id: str
    text: str


@dataclass(frozen=True)
class Exercise:
    """A graded exercise.

    Attributes:
        id: Lesson and number, as "02.3".
        title: Its heading, in a few words.
        difficulty: 1 to 3.
        minutes: What a learner needs, about.
        points: What all its cases give together.
        visible: How many cases `check` runs.
        hidden: How many more are run when it is graded.
    """

    id: str
    title: str
    difficulty: int
    minutes: int
    points: float
    visible: int
    hidden: int


@dataclass(frozen=True)
class Card:
    """A lesson in short.

    Attributes:
        lesson: Its two digits, as "02".
        name: Stem of its source and notebook, as "02_tokenization".
        title: The only heading of its first level.
        summary: One sentence.
        minutes: What a learner needs, about.
        seconds: What the machine may need for the solved notebook.
        objectives: What the learner can do afterwards.
        exercises: In the order of the lesson, as the next two.
        predictions: What is committed before it is shown.
        questions: The quiz.
    """

    lesson: str
    name: str
    title: str
    summary: str
    minutes: int
    seconds: int
    objectives: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    predictions: tuple[Prediction, ...]
    questions: tuple[Question, ...]


def to_json(card: Card) -> str:
    """Return the text of a card's file: the same card gives the same bytes.

    Args:
        card: Any card.

    Example:
        >>> empty = Card("09", "09_x", "X", "X.", 1, 1, (), (), (), ())
        >>> from_json(to_json(empty)) == empty
        True
    """
    return json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Card:
    """Read what `to_json` wrote.

    Args:
        text: Content of a card's file.
    """
    fields = json.loads(text)
    return Card(
        **{key: _tuple(value) for key, value in fields.items() if key not in _PARTS},
        **{key: tuple(make(part) for part in fields[key]) for key, make in _PARTS_OF},
    )


def _question(fields: dict[str, Any]) -> Question:
    options = tuple(Option(**option) for option in fields["options"])
    return Question(**{**fields, "options": options})


_PARTS_OF = (
    ("exercises", lambda fields: Exercise(**fields)),
    ("predictions", lambda fields: Prediction(**fields)),
    ("questions", _question),
)
_PARTS = {key for key, _ in _PARTS_OF}


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@cache
def cards() -> dict[str, Card]:
    """Return the cards of all lessons, by their two digits, in their order."""
    found = [from_json(path.read_text("utf-8")) for path in CARDS.glob("*.json")]
    return {card.lesson: card for card in sorted(found, key=lambda card: card.lesson)}


def card(lesson: str) -> Card:
    """Return the card of a lesson.

    Args:
        lesson: Two digits, or the whole name, as "02" or "02_tokenization".

    Raises:
        CourseError: If there is no such lesson.
    """
    if not isinstance(lesson, str):
        raise CourseError(
            f'{lesson!r} came, a lesson in quotation marks was expected: write "02".'
        )
    number = lesson[:2]
    if number not in cards() or lesson not in (number, cards()[number].name):
        raise unknown_name("lesson", lesson, cards())
    return cards()[number]
