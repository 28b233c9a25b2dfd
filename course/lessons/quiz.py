"""A quiz as text: shown, answered in one call, or asked in a terminal.

    quiz("02")                      the questions
    quiz("02", "b a d c")           answers, in the order of the questions
    ask("02")                       question by question, in a terminal

Left out: controls, which are `widgets.quiz`'s.
"""

from collections.abc import Callable, Mapping
from typing import Any

from course.errors import CourseError, listed
from course.lessons.catalogue import Question
from course.lessons.questions import Quiz, Score, choices
from course.lessons.values import show
from course.views.feedback import render_question
from course.views.shown import Shown, plain, render_line


def quiz(lesson: str, answers: str | Mapping[str, str] | None = None) -> Shown:
    """Show a quiz as text, or answer it in one call.

    Args:
        lesson: Two digits, or the whole name.
        answers: Letters in the order of the questions ("b a d c"; "-" for none), or
            question id to letter.

    Returns:
        The questions, or the `Score`; a learner's mistake as one line. It shows itself.

    Example:
        >>> quiz("no")
        Unknown lesson 'no'. ...
    """
    try:
        asked = Quiz(lesson)
        if answers is None:
            return show_questions(asked)
        asked.answer_all(parse_answers(asked, answers))
        return asked.score()
    except CourseError as error:
        return render_line(str(error))


def show_questions(asked: Quiz) -> Shown:
    """Show all questions without their answers, and how to answer.

    Args:
        asked: Any quiz.
    """
    shown = [
        render_question(asked.heading(question), question.text, choices(question))
        for question in asked.questions
    ]
    how = (
        f'To answer, write quiz("{asked.lesson}", "b a ..."): a letter for each '
        'question in their order, "-" for none.'
    )
    title = f"Quiz {asked.lesson}: {plain(asked.title)}"
    parts = [render_line(title), *shown, render_line(how)]
    text = "\n\n".join(part.text for part in parts)
    return Shown(text, "".join(part.html for part in parts))


def parse_answers(asked: Quiz, answers: Any) -> dict[str, str]:
    """Read answers as a learner writes them.

    Args:
        asked: The quiz that they answer.
        answers: As for `quiz`.

    Returns:
        Question id to letter.

    Raises:
        CourseError: If there are more letters than questions, or it is neither form.
    """
    if isinstance(answers, Mapping):
        return dict(answers)
    if not isinstance(answers, str):
        raise CourseError(
            f"{show(answers)} came as answers; letters in quotation marks "
            'were expected: write "b a d".'
        )
    letters = [letter for letter in answers.replace(",", " ") if not letter.isspace()]
    if len(letters) > len(asked.questions):
        raise CourseError(
            f"{len(letters)} answers came to {len(asked.questions)} questions: write a "
            f"letter for each of {listed(q.id for q in asked.questions)}."
        )
    pairs = zip(asked.questions, letters, strict=False)
    return {question.id: letter for question, letter in pairs if letter != "-"}


def ask(lesson: str, read: Callable[[str], str] = input) -> Score | Shown:
    """Ask a quiz in a terminal, question by question.

    Args:
        lesson: Two digits, or the whole name.
        read: Asks for a line; default `input`. An empty line skips a question, "q" or
            the end of the input ends the quiz.

    Returns:
        The score, which is also printed; a learner's mistake as one line.
    """
    try:
        asked = Quiz(lesson)
    except CourseError as error:
        return render_line(str(error))
    for question in asked.questions:
        shown = render_question(
            asked.heading(question), question.text, choices(question)
        )
        print(f"\n{shown}")
        if not _ask_one(asked, question, read):
            break
    score = asked.score()
    print(f"\n{score.sentence}")
    return score


def _ask_one(asked: Quiz, question: Question, read: Callable[[str], str]) -> bool:
    """Ask until there is an answer; whether the quiz goes on."""
    while True:
        try:
            letter = read("Your answer (a letter, empty to skip, q to stop): ").strip()
        except (EOFError, KeyboardInterrupt):
            return False
        if letter.lower() == "q":
            return False
        if not letter:
            return True
        try:
            print(asked.answer(question.id, letter))
            return True
        except CourseError as error:
            print(error)
