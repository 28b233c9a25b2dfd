"""What the Compare page's buttons do: read texts, ask the models, tell how far it is.

Each handler is a generator of HTML that ends when a button or a closed page says so.
Left out: the page's layout.
"""

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from course.demo.compare_tables import render_agreement, render_models
from course.demo.comparing import (
    Agreement,
    check_names,
    compare_answers,
    measure,
    other_splits,
    same_labels,
    sample_of_test_split,
)
from course.demo.context import Context
from course.demo.csv_input import CSV_BYTES, CSV_ROWS, read_rows
from course.demo.models import check_text, find_run
from course.demo.work import OnStep, Sessions, followed, streamed
from course.errors import CourseError
from course.views.shown import escape

SOURCES = ("test_split", "list", "csv")
SAMPLE = (20, 1_000, 200)  # least, most and first number of test texts


def clamp_sample(number: Any) -> int:
    """Return a number of test texts that is within the limits, whatever came.

    Example:
        >>> clamp_sample(10**9), clamp_sample(float("nan")), clamp_sample("x")
        (1000, 200, 200)
    """
    least, most, first = SAMPLE
    if isinstance(number, bool) or not isinstance(number, int | float):
        return first
    return int(min(max(number, least), most)) if number == number else first


def read_texts(
    source: str, pasted: str, labels: list[str]
) -> tuple[list[str], list[str] | None]:
    r"""Read a visitor's own texts, and their labels where all are known.

    Args:
        source: "list" for a text on each line, "csv" for a csv with a column text.
        pasted: What was pasted.
        labels: What the models answer.

    Returns:
        The texts, and the column label if it is there and holds these labels alone.

    Raises:
        CourseError: If it cannot be read, or is too much.

    Example:
        >>> read_texts("csv", "text,label\nA joy.,good", ["good", "bad"])
        (['A joy.'], ['good'])
    """
    if source == "csv":
        rows = read_rows(pasted)
        known = [row.get("label", "").strip() for row in rows]
        references = known if set(known) <= set(labels) else None
        return [row["text"] for row in rows], references
    if (
        not isinstance(pasted, str)
        or len(pasted.encode("utf-8", "replace")) > CSV_BYTES
    ):
        raise CourseError(f"The list must be a text of at most {CSV_BYTES:,} bytes.")
    lines = [line for line in pasted.splitlines() if line.strip()]
    if not 1 <= len(lines) <= CSV_ROWS:
        raise CourseError(
            f"{len(lines):,} texts came, 1 to {CSV_ROWS:,} are compared: write one on "
            "each line."
        )
    return [check_text(line) for line in lines], None


class CompareWork:
    """The handlers of one demo's Compare page.

    Args:
        context: The demo's own things.
    """

    def __init__(self, context: Context) -> None:
        """Begin with nothing to do."""
        self.say, self.models, self.sessions = context.say, context.models, Sessions()
        self.one_text = streamed(self._one_text)
        self.many_texts = streamed(self._many_texts)

    def _one_text(
        self, names: list[str], text: str, request: gr.Request
    ) -> Iterator[str]:
        names, text = check_names(names), check_text(text)
        same = same_labels(names)
        others = [name for name in names if name not in same]
        yield from self._watch(
            request,
            lambda on_step: measure(self.models, names, text, on_step),
            lambda found: render_models(found, others, text, self.say),
        )

    def _many_texts(
        self, names: list[str], source: str, size: Any, csv: str, request: gr.Request
    ) -> Iterator[str]:
        names = check_names(names)
        same = same_labels(names)
        others = [name for name in names if name not in same]
        if len(same) < 2:
            line = self.say("compare.no_common", models=", ".join(names))
            yield f'<p class="hint">{escape(line)}</p>'
            return
        if source not in SOURCES:
            raise CourseError(f"The source must be one of {', '.join(SOURCES)}.")

        def work(on_step: OnStep) -> Agreement:
            on_step(0)
            if source == "test_split":
                texts, references = sample_of_test_split(same[0], clamp_sample(size))
            else:
                texts, references = read_texts(source, csv, find_run(same[0]).labels)
            return compare_answers(self.models, same, texts, references, on_step)

        notes = self._notes(same, others, source)
        yield from self._watch(
            request, work, lambda found: render_agreement(found, notes, self.say)
        )

    def _notes(self, same: list[str], others: list[str], source: str) -> list[str]:
        notes, say = [], self.say
        if others:
            models = ", ".join(others)
            notes.append(say("compare.other_labels", models=models, first=same[0]))
        unsure = other_splits(same) if source == "test_split" else []
        if unsure:
            models = ", ".join(unsure)
            notes.append(say("compare.other_split", models=models, first=same[0]))
        return notes

    def _watch(
        self,
        request: gr.Request,
        work: Callable[[OnStep], Any],
        draw: Callable[[Any], str],
    ) -> Iterator[str]:
        """Do work, tell how far it is, and draw what came of it."""

        def tell(answers: int) -> str:
            line = escape(self.say("compare.working", answers=f"{answers:,}"))
            return f'<p class="hint" role="status">{line}</p>'

        session = request.session_hash
        return followed(self.sessions, session, work, tell, draw, self.say)
