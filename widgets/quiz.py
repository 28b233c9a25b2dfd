"""A lesson's quiz with controls: choose, answer, and read why.

What to notice: the explanation of the option that you chose, before that of the others.

One question at a time. Controls stand in the order in which they are used, all with
Tab, Space and Enter: Back, the options, Answer, what the answer means, Next. Next puts
the focus on Back, so that one Tab leads to the new question's first option. No control
is ever disabled, which would lose the focus. Left out: a time limit.
"""

import html
import os
from collections.abc import Mapping
from typing import Any

import ipywidgets
import traitlets
from IPython import get_ipython

from course.errors import CourseError
from course.lessons.questions import Feedback, Quiz, choices
from course.lessons.quiz import parse_answers, show_questions
from course.views.shown import Shown, inline, markdown, plain, render_line, text_only

# ipywidgets gives the label of a radio button one line; options wrap.
_STYLE = """<style>
.course-quiz .widget-radio, .course-quiz .widget-radio-box { width: auto; height: auto }
.course-quiz .widget-radio-box label { display: flex; align-items: flex-start;
  gap: .5em; height: auto; line-height: 1.4; margin: .3em 0; white-space: normal;
  overflow-wrap: anywhere }
.course-quiz .widget-radio-box input { order: -1; flex: none; margin: .2em 0 0 0;
  width: 1em; height: 1em }
.course-quiz .widget-radio-box { padding-left: .4em }
.course-quiz .course-spoken { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%) }
.course-quiz .widget-html-content { line-height: 1.45; height: auto }
.course-quiz :focus-visible, .course-quiz button:enabled:focus-visible {
  outline: 2px solid #0072b2; outline-offset: 2px }
</style>"""


def quiz(
    lesson: str,
    answers: str | Mapping[str, str] | None = None,
    text: bool | None = None,
) -> "Shown | QuizWidget | None":
    """Ask a lesson's quiz in the form that fits the place.

    Args:
        lesson: Two digits, or the whole name.
        answers: Letters in the order of the questions ("b a d c"), or question id to
            letter: answers without controls.
        text: Whether to print the questions instead of showing controls; default where
            there is no notebook, and with `COURSE_TEXT=1`.

    Returns:
        The score of `answers`; None where questions were printed; a static picture with
        `COURSE_HEADLESS=1`; else a `QuizWidget`. A learner's mistake is one line that
        shows itself.

    Example:
        >>> quiz("no")
        Unknown lesson 'no'. ...
    """
    try:
        asked = Quiz(lesson)
        if answers is not None:
            asked.answer_all(parse_answers(asked, answers))
            return asked.score()
        if text is None:
            text = text_only() or not _in_notebook()
        if text:
            print(show_questions(asked))
            return None
        if os.environ.get("COURSE_HEADLESS") == "1":
            return show_questions(asked)
        return QuizWidget(asked)
    except CourseError as error:
        return render_line(str(error))


def _in_notebook() -> bool:
    # A terminal's IPython has a shell too, but nothing that could show controls.
    return hasattr(get_ipython(), "kernel")


class QuizWidget(ipywidgets.VBox):
    """A quiz with controls.

    Args:
        asked: The quiz; its answers so far are kept.
        **kwargs: Options of `ipywidgets.VBox`.

    Attributes:
        index: Number of the question shown, from 0; set it to show another.
        chosen: Letter of the option chosen in this question; empty for none.
        score: How many answers are right so far.
        answered: How many questions have an answer.
        summary: All of that in one sentence.

    Raises:
        CourseError: If the quiz has no question.

    Example:
        >>> from course.lessons.catalogue import Card
        >>> class Empty:
        ...     questions, lesson, title, answers = (), "09", "X", {}
        >>> QuizWidget(Empty())
        Traceback (most recent call last):
        ...
        course.errors.CourseError: The quiz of lesson 09 has 0 questions...
    """

    index = traitlets.Int(0)
    chosen = traitlets.Unicode("")
    score = traitlets.Int(0, read_only=True)
    answered = traitlets.Int(0, read_only=True)
    summary = traitlets.Unicode("", read_only=True)

    def __init__(self, asked: Quiz, **kwargs: Any) -> None:
        """Make the controls and show the first question."""
        if not asked.questions:
            raise CourseError(
                f"The quiz of lesson {asked.lesson} has 0 questions, at least 1 is "
                "needed: choose another lesson."
            )
        self.asked = asked
        wide = ipywidgets.Layout(width="auto", max_width="46em")
        self._status = ipywidgets.HTML(layout=wide)
        self._question = ipywidgets.HTML(layout=wide)
        self._options = ipywidgets.RadioButtons(options=[], layout=wide)
        self._feedback = ipywidgets.HTML(layout=wide)
        self._back = _button("Back", lambda _: self._go(-1))
        self._answer = _button("Answer", lambda _: self.answer())
        self._next = _button("Next", lambda _: self._go(1))
        self._options.observe(self._choose, "index")
        controls = [self._status, self._back, self._question, self._options]
        controls += [self._answer, self._feedback, self._next]
        super().__init__([ipywidgets.HTML(_STYLE), *controls], **kwargs)
        self.add_class("course-quiz")
        self._show()

    @traitlets.validate("index")
    def _check_index(self, proposal: dict[str, Any]) -> int:
        last = len(self.asked.questions) - 1
        if not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(
                f"index is {proposal['value']}; 0 to {last} is expected"
            )
        return proposal["value"]

    @traitlets.validate("chosen")
    def _check_chosen(self, proposal: dict[str, Any]) -> str:
        letters = [choice.letter for choice in self._choices()]
        if proposal["value"] not in ["", *letters]:
            raise traitlets.TraitError(
                f"chosen is {proposal['value']!r}; one of {letters} is expected"
            )
        return proposal["value"]

    @traitlets.observe("index")
    def _show(self, _: Any = None) -> None:
        """Show the question at `index`, with its answer if it has one."""
        question = self.asked.questions[self.index]
        heading = html.escape(self.asked.heading(question))
        self._question.value = (
            f"<p><strong>{heading}</strong></p>{markdown(question.text)}"
        )
        given = self.asked.answers.get(question.id)
        self._set_options()
        self.chosen = given.chosen.letter if given else ""
        self._mark()
        self._feedback.value = _live(given.html) if given else ""
        # It is seen below; this is for those who hear it.
        self._sum_up(f'<span class="course-spoken">{inline(question.text)}</span>')

    def _set_options(self) -> None:
        """Put this question's options in place, none of them chosen."""
        labels = [f"{one.letter})  {plain(one.text)}" for one in self._choices()]
        # ipywidgets chooses the first of new options, which no learner did.
        self._options.unobserve(self._choose, "index")
        with self._options.hold_sync():
            self._options.options = labels
            self._options.index = None
        self._options.observe(self._choose, "index")

    @traitlets.observe("chosen")
    def _mark(self, _: Any = None) -> None:
        letters = [choice.letter for choice in self._choices()]
        self._options.index = letters.index(self.chosen) if self.chosen else None

    def _choose(self, change: dict[str, Any]) -> None:
        if change["new"] is not None:
            self.chosen = self._choices()[change["new"]].letter

    def _choices(self) -> tuple[Any, ...]:
        return choices(self.asked.questions[self.index])

    def _go(self, step: int) -> None:
        last = len(self.asked.questions) - 1
        if not 0 <= self.index + step <= last:
            where = "This is the first question." if step < 0 else "This was the last."
            self._sum_up(html.escape(where))
            return
        self.index += step
        if step > 0:
            self._back.focus()

    def answer(self) -> Feedback | None:
        """Answer the question shown with the option chosen.

        Returns:
            What the answer means; None if no option is chosen.
        """
        if not self.chosen:
            self._feedback.value = _live("<p>Choose an option first.</p>")
            return None
        question = self.asked.questions[self.index]
        feedback = self.asked.answer(question.id, self.chosen)
        self._feedback.value = _live(feedback.html)
        self._sum_up("")
        return feedback

    def _sum_up(self, more: str) -> None:
        """Count, and say it with something more, which is HTML."""
        score = self.asked.score()
        self.set_trait("score", score.right)
        self.set_trait("answered", score.answered)
        where = f"Question {self.index + 1} of {score.total}."
        self.set_trait("summary", f"{where} {score.sentence}")
        self._status.value = _live(f"<p>{html.escape(self.summary)} {more}</p>")

    def __repr__(self) -> str:
        """Return the questions as text, and how to answer without controls."""
        return str(show_questions(self.asked))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Show the questions also where no kernel brings the controls to life."""
        static = show_questions(self.asked)
        bundle = super()._repr_mimebundle_(**kwargs)
        return bundle | {"text/plain": static.text, "text/html": static.html}


def _button(description: str, on_click: Any) -> ipywidgets.Button:
    layout = ipywidgets.Layout(width="8em", align_self="flex-start", flex="none")
    button = ipywidgets.Button(description=description, layout=layout)
    button.on_click(on_click)
    return button


def _live(body: str) -> str:
    """HTML that a screen reader speaks when it changes, without moving the focus."""
    return f'<div role="status" aria-live="polite">{body}</div>'
