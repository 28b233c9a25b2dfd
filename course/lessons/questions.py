"""A lesson's quiz: its questions, and three of earlier lessons by past errors.

Options stand in an order of their own per question, always the same, so that the right
one is not where the author wrote it. The three earlier questions are drawn once a day:
those answered wrongly come first, then those never answered, then the others; within
each the longest ago first. With the same progress, day and seed the draw is the same.
Left out: showing it, which is `course.lessons.quiz`'s and `widgets.quiz`'s.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from course.errors import CourseError, unknown_name
from course.lessons import catalogue
from course.lessons.catalogue import Question
from course.lessons.progress import record_answers, record_draw
from course.lessons.storage import Data, peek
from course.lessons.values import show
from course.views.feedback import Choice, render_answer, render_score
from course.views.shown import Shown

EARLIER = 3  # questions of earlier lessons in a quiz
LETTERS = "abcde"


@dataclass(frozen=True, repr=False)
class Feedback(Shown):
    """An answer judged; it shows itself.

    Attributes:
        question: Id of the question.
        chosen: The option that was chosen.
        correct: The right option.
        note: One line on why it is not saved, or None.
    """

    question: str
    chosen: Choice
    correct: Choice
    note: str | None = None

    @property
    def right(self) -> bool:
        """Whether the chosen option is the right one."""
        return self.chosen.right


@dataclass(frozen=True, repr=False)
class Score(Shown):
    """A quiz answered, in part or in full; it shows itself.

    Attributes:
        right: How many answers are right.
        answered: How many questions have an answer.
        total: How many questions the quiz has.
        sentence: All of that in words.
        repeat: Ids of the questions answered wrongly.
    """

    right: int
    answered: int
    total: int
    sentence: str
    repeat: tuple[str, ...]


def choices(question: Question) -> tuple[Choice, ...]:
    """Return a question's options in the order in which they are always shown.

    Args:
        question: From a lesson's card.

    Example:
        >>> from course.lessons.catalogue import Option
        >>> options = Option("4", "2 + 2.", True), Option("5", "One too many.", False)
        >>> [choice.letter for choice in choices(Question("02.q1", "", "", options))]
        ['a', 'b']
    """
    options = list(question.options)
    random.Random(f"order of {question.id}").shuffle(options)
    return tuple(
        Choice(letter, option.text, option.why, option.right)
        for letter, option in zip(LETTERS, options, strict=False)
    )


class Quiz:
    """The questions of one lesson and of some before it, and the answers given.

    Args:
        lesson: Two digits, or the whole name.
        seed: Draws the earlier questions by this number; default by the day, whose
            first draw is recorded and stays.

    Attributes:
        lesson: Two digits.
        questions: In the order in which they are asked.
        answers: Question id to `Feedback`, of this object's answers.
    """

    def __init__(self, lesson: str, seed: int | None = None) -> None:
        """Draw the questions.

        Raises:
            CourseError: If there is no such lesson.
        """
        card = catalogue.card(lesson)
        self.lesson, self.title = card.lesson, card.title
        today = date.today().isoformat()
        drawn = draw(card.lesson, peek(), str(today if seed is None else seed))
        if seed is None:
            drawn = record_draw(card.lesson, today, drawn)
        earlier = _questions_before(card.lesson)
        known = [earlier[name] for name in drawn if name in earlier]
        self.questions: tuple[Question, ...] = (*card.questions, *known)
        self.answers: dict[str, Feedback] = {}

    def question(self, question_id: str) -> Question:
        """Return a question of this quiz.

        Raises:
            CourseError: If it has no such question.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise unknown_name("question", str(question_id), [q.id for q in self.questions])

    def heading(self, question: Question) -> str:
        """Return as "Question 9 of 11 (01.q3, from an earlier lesson)"."""
        number = self.questions.index(question) + 1
        own = question.id.startswith(f"{self.lesson}.")
        where = "" if own else ", from an earlier lesson"
        return f"Question {number} of {len(self.questions)} ({question.id}{where})"

    def answer(self, question_id: str, option: str) -> Feedback:
        """Answer a question; it is recorded.

        Args:
            question_id: As "02.q1".
            option: Its letter.

        Returns:
            Whether it is right, and why.

        Raises:
            CourseError: If there is no such question or option.
        """
        return self.answer_all({question_id: option})[0]

    def answer_all(self, answers: Mapping[str, str]) -> list[Feedback]:
        """Answer several questions; all are recorded, or with a mistake in one none.

        Args:
            answers: Question id to letter.

        Raises:
            CourseError: If there is no such question or option.
        """
        chosen = {
            name: _choice(self.question(name), letter)
            for name, letter in answers.items()
        }
        note = record_answers([(n, c.text, c.right) for n, c in chosen.items()])
        feedback = [self._judge(name, choice, note) for name, choice in chosen.items()]
        self.answers |= {one.question: one for one in feedback}
        return feedback

    def _judge(self, name: str, choice: Choice, note: str | None) -> Feedback:
        options = choices(self.question(name))
        shown = render_answer(name, options, choice.letter, note)
        correct = next(option for option in options if option.right)
        return Feedback(shown.text, shown.html, name, choice, correct, note)

    def score(self) -> Score:
        """Return how many answers are right, and what to repeat."""
        given = [self.answers[q.id] for q in self.questions if q.id in self.answers]
        right = sum(one.right for one in given)
        repeat = tuple(one.question for one in given if not one.right)
        sentence = f"{right} of {len(given)} right"
        if left := len(self.questions) - len(given):
            sentence += f", {left} not answered yet"
        sentence += f". Worth repeating: {', '.join(repeat)}." if repeat else "."
        shown = render_score(sentence, given)
        counts = right, len(given), len(self.questions)
        return Score(shown.text, shown.html, *counts, sentence, repeat)


def _choice(question: Question, letter: Any) -> Choice:
    options = choices(question)
    for choice in options:
        if isinstance(letter, str) and choice.letter == letter.strip().lower():
            return choice
    raise CourseError(
        f"{show(letter)} came as the answer to {question.id}; a letter from "
        f"a to {options[-1].letter} was expected: choose one."
    )


def _questions_before(lesson: str) -> dict[str, Question]:
    return {
        question.id: question
        for number, card in catalogue.cards().items()
        if number < lesson
        for question in card.questions
    }


def draw(lesson: str, data: Data, seed: str) -> list[str]:
    """Choose questions of earlier lessons by past errors.

    Args:
        lesson: Two digits; only lessons before it are drawn from.
        data: Content of the progress file.
        seed: Orders questions that are otherwise alike.

    Returns:
        Up to three ids: last answered wrongly first, then never answered, then the
        others; the longest ago first.
    """

    def urgency(name: str) -> tuple[int, str, float]:
        records = data["lessons"].get(name.split(".")[0], {})
        answers = records.get("questions", {}).get(name, {}).get("answers")
        chance = random.Random(f"{seed} {name}").random()
        if not answers:
            return 1, "", chance
        return 2 if answers[-1]["right"] else 0, answers[-1]["at"], chance

    return sorted(_questions_before(lesson), key=urgency)[:EARLIER]
