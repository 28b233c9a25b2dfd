"""What the Explain page's buttons do: ask the model, tell how far it is, draw.

Each handler is a generator of HTML; a button, another page or a closed window ends its
work within a batch of rows. Left out: the page's layout.
"""

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from course.demo.context import Context
from course.demo.explain_pictures import (
    render_edit,
    render_faithfulness,
    render_picture,
    render_working,
)
from course.demo.explanations import PREDICTED, Explanations, check_question
from course.demo.models import check_text
from course.demo.work import OnStep, Sessions, followed, streamed
from course.errors import CourseError
from course.views.shown import escape

if TYPE_CHECKING:
    from course.explanation.study import Study

Answers = list[tuple[str, float]]  # label and confidence of each text


def adding_up(on_step: OnStep) -> OnStep:
    """Return a counter for parts of work that each begin at 0.

    Example:
        >>> said = []
        >>> count = adding_up(said.append)
        >>> for rows in (0, 128, 0, 64):
        ...     count(rows)
        >>> said
        [0, 128, 128, 192]
    """
    done = last = 0

    def count(rows: int) -> None:
        nonlocal done, last
        if rows < last:
            done += last
        last = rows
        on_step(done + rows)

    return count


def edit_and_study(
    explanations: Explanations,
    text: str,
    edited: str,
    question: tuple[str, str, str],
    on_step: OnStep | None = None,
) -> "tuple[Study, Answers]":
    """Explain a text before and after an edit.

    Args:
        explanations: Of the demo.
        text: The text before.
        edited: The text after.
        question: Model, method and target, as for `explain_text`.
        on_step: Called before each batch of rows.

    Returns:
        The study, and what the model answers to both.

    Raises:
        CourseError: If one of them will not do.
    """
    name, method, target = question
    text, edited = check_text(text), check_text(edited)
    classifier = check_question(explanations.models, name, method, target)
    from course.explanation.edits import find_edits
    from course.explanation.masking import read_text
    from course.explanation.study import study

    words, now = (read_text(classifier, side).players for side in (text, edited))
    if not words:
        raise CourseError("The text has no word that could be edited: write one.")
    steps = study(
        classifier,
        text,
        find_edits(words, now),
        methods=[method],
        target=None if target == PREDICTED else target,
        on_batch=adding_up(on_step) if on_step else None,
    )
    found = next(steps)
    said = classifier.predict([text, edited])
    shares = said.probabilities.max(axis=1).tolist()
    return found, list(zip(said.labels, shares, strict=True))


class ExplainWork:
    """The handlers of one demo's Explain page.

    Args:
        context: The demo's own things.
        explanations: Of the same models.
    """

    def __init__(self, context: Context, explanations: Explanations) -> None:
        """Begin with nothing to do."""
        self.say, self.explanations = context.say, explanations
        self.sessions = Sessions()
        self.show = streamed(self._show)
        self.compare = streamed(self._compare)
        self.measure = streamed(self._measure)

    def known(self, text: str, name: str, method: str, target: str) -> Any:
        """Draw what was explained before; leave the picture as it is if it was not."""
        found = self.explanations.known(text, name, method, target)
        if found is None:
            return gr.skip()
        return render_picture(found, self.say, remembered=True)

    def _show(
        self, text: str, name: str, method: str, target: str, request: gr.Request
    ) -> Iterator[str]:
        """Explain a text."""
        question = (text, name, method, target)
        found = self.explanations.known(*question)
        if found is not None:
            yield render_picture(found, self.say, remembered=True)
            return
        yield from self._watch(
            request,
            lambda on_step: self.explanations.get(*question, on_step),
            lambda found: render_picture(found, self.say),
        )

    def _compare(
        self,
        text: str,
        edited: str,
        name: str,
        method: str,
        target: str,
        request: gr.Request,
    ) -> Iterator[str]:
        """Explain a text before and after an edit."""
        if isinstance(edited, str) and edited.split() == str(text).split():
            yield f'<p class="hint">{escape(self.say("explain.same"))}</p>'
            return
        question = (name, method, target)
        yield from self._watch(
            request,
            lambda on_step: edit_and_study(
                self.explanations, text, edited, question, on_step
            ),
            lambda found: render_edit(*found, self.say),
        )

    def _measure(
        self, text: str, name: str, method: str, target: str, request: gr.Request
    ) -> Iterator[str]:
        """Measure whether the words of an explanation matter more than others."""

        def work(on_step: OnStep) -> tuple:
            from course.explanation.deletion import deletion_curve
            from course.explanation.faithfulness import faithfulness

            count = adding_up(on_step)
            found = self.explanations.get(text, name, method, target, count)
            if len(found.values) == 0:
                raise CourseError("The text has no word to mask: write one.")
            classifier = self.explanations.models.get(name)
            measures = faithfulness(classifier, found, on_batch=count)
            return found, measures, deletion_curve(classifier, found, on_batch=count)

        yield from self._watch(
            request, work, lambda found: render_faithfulness(*found, self.say)
        )

    def _watch(
        self,
        request: gr.Request,
        work: Callable[[OnStep], Any],
        draw: Callable[[Any], str],
    ) -> Iterator[str]:
        """Do work, tell how far it is, and draw what came of it."""
        tell = functools.partial(render_working, self.say)
        session = request.session_hash
        return followed(self.sessions, session, work, tell, draw, self.say)
