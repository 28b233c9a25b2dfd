"""Many texts at once on the Classify page: a pasted list or a csv in, a table out.

The answers come piece by piece, and a button or a closed page ends them. The csv of all
answers is made into a file by the visitor's browser. Left out: feedback, which is asked
for single answers.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, MODEL_WORK, PRIVATE, as_gradio_error
from course.demo.csv_input import CSV_BYTES, CSV_ROWS, build_csv_input, read_rows
from course.demo.messages import Say
from course.demo.models import classify_texts, find_run
from course.errors import CourseError
from course.spreadsheets import guarded
from course.views.shown import escape

LIST, CSV = "list", "csv"
AT_ONCE = 32  # texts between two signs of life: less than a second on one slow core
SHOWN_ROWS = 100
COLUMNS = ("text", "label", "confidence", "truncated", "error")
DOWNLOAD = """(text) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['\\uFEFF', text], {type: 'text/csv'}));
  link.download = 'answers.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}"""


def read_list(lines: str) -> list[str]:
    r"""Return the texts of a pasted list, one from each line that is not blank.

    Args:
        lines: At most `CSV_ROWS` texts, and `CSV_BYTES` characters.

    Raises:
        CourseError: If there is none, or there are too many.

    Example:
        >>> read_list("A joy.\n\n Dull. ")
        ['A joy.', 'Dull.']
    """
    if not isinstance(lines, str):
        raise CourseError(f"A {type(lines).__name__} came where texts are expected.")
    if len(lines) > CSV_BYTES:
        raise CourseError(
            f"The list has {len(lines):,} characters, at most {CSV_BYTES:,} are read: "
            "use a part of it."
        )
    texts = [line.strip() for line in lines.splitlines() if line.strip()]
    if not texts:
        raise CourseError("The list is empty: write one text in each line.")
    if len(texts) > CSV_ROWS:
        raise CourseError(
            f"The list has {len(texts):,} texts, at most {CSV_ROWS:,} are read: use a "
            "part of it."
        )
    return texts


def to_csv(rows: list[dict[str, Any]]) -> str:
    """Return answers as a csv in which a spreadsheet finds no formula.

    Args:
        rows: Dictionaries with `COLUMNS`.

    Example:
        >>> to_csv([dict.fromkeys(COLUMNS, "=1")]).splitlines()[1]
        "'=1,'=1,'=1,'=1,'=1"
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([guarded(row[column]) for column in COLUMNS] for row in rows)
    return written.getvalue()


def render_rows(rows: list[dict[str, Any]], say: Say) -> str:
    """Return the first answers as an HTML table.

    Args:
        rows: Dictionaries with `COLUMNS`.
        say: The demo's words.
    """
    names = [say(f"classify.many_{name}") for name in COLUMNS[:3]]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(
        f'<tr><td class="text">{escape(row["text"][:300])}</td>'
        f"<td>{escape(row['label'] or row['error'])}</td><td>{row['confidence']}</td>"
        "</tr>"
        for row in rows[:SHOWN_ROWS]
    )
    if len(rows) > SHOWN_ROWS:
        caption = say("classify.many_first", shown=SHOWN_ROWS, rows=f"{len(rows):,}")
    else:
        caption = say("classify.many_all", rows=f"{len(rows):,}")
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _row(text: str, outcome: dict[str, Any] | CourseError) -> dict[str, str]:
    if isinstance(outcome, CourseError):
        return dict.fromkeys(COLUMNS, "") | {"text": text, "error": str(outcome)}
    return {
        "text": text,
        "label": outcome["label"],
        "confidence": f"{outcome['confidence']:.3f}",
        "truncated": "yes" if outcome["truncated"] else "no",
        "error": "",
    }


def make_show_many(context: Context) -> Callable[..., Iterator[list[Any]]]:
    """Return the handler that answers a list or a csv piece by piece.

    Args:
        context: The demo's own things.

    Returns:
        From the kind of input, both inputs and a model to: how far it is, the table,
        the csv, and the row of buttons; the last three when all is done.
    """
    say = context.say

    def answer(kind: str, lines: str, table: str, name: str) -> Iterator[list[Any]]:
        if kind == CSV:
            texts = [row["text"] for row in read_rows(table)]
        else:
            texts = read_list(lines)
        find_run(name)  # once, and not as an error of each text
        rows: list[dict[str, str]] = []
        total = f"{len(texts):,}"
        for start in range(0, len(texts), AT_ONCE):
            yield [_status(say, f"{len(rows):,}", total), *[gr.skip()] * 3]
            piece = texts[start : start + AT_ONCE]
            outcomes = classify_texts(context.models, piece, [name] * len(piece))
            rows += [_row(*pair) for pair in zip(piece, outcomes, strict=True)]
        yield ["", render_rows(rows, say), to_csv(rows), gr.Column(visible=True)]

    def show_many(kind: str, lines: str, table: str, name: str) -> Iterator[list[Any]]:
        try:
            yield from answer(kind, lines, table, name)
        except CourseError as error:
            raise as_gradio_error(error) from error

    return show_many


def _status(say: Say, done: str, total: str) -> str:
    line = say("classify.many_status", done=done, total=total)
    return f'<p role="status">{escape(line)}</p>'


def build_many(context: Context, model: gr.Dropdown) -> None:
    """Lay out the part of the page for many texts, and connect it.

    Args:
        context: The demo's own things.
        model: The page's menu of models.
    """
    say = context.say
    with gr.Accordion(say("classify.many"), open=False):
        kinds = [(say("classify.many_list"), LIST), (say("classify.many_csv"), CSV)]
        kind = gr.Radio(kinds, value=LIST, label=say("classify.many_kind"))
        lines = gr.Textbox(
            label=say("classify.many_lines"),
            lines=5,
            max_lines=10,
            html_attributes=gr.InputHTMLAttributes(spellcheck=False),
        )
        with gr.Column(visible=False) as csv_part:
            table = build_csv_input(context, say("classify.many_table"))
        with gr.Row():
            button = gr.Button(say("classify.many_button"), variant="primary")
            stop = gr.Button(say("classify.many_stop"))
        status = gr.HTML(elem_classes="hint")
        shown = gr.HTML(elem_classes="measured")
        with gr.Column(visible=False) as done:
            answers = gr.Textbox(
                label=say("classify.many_answers"),
                lines=3,
                max_lines=3,
                buttons=["copy"],
                interactive=False,
            )
            download = gr.Button(say("classify.many_download"))

    kind.change(
        lambda kind: [gr.Textbox(visible=kind == LIST), gr.Column(visible=kind == CSV)],
        kind,
        [lines, csv_part],
        **INSTANT,
    )
    work = {**PRIVATE, **MODEL_WORK, "show_progress": "hidden"}
    asked, told = [kind, lines, table.text, model], [status, shown, answers, done]
    running = button.click(make_show_many(context), asked, told, **work)
    stopped = f"<p>{escape(say('classify.many_stopped'))}</p>"
    stop.click(lambda: stopped, None, status, cancels=[running], **INSTANT)
    download.click(None, answers, None, js=DOWNLOAD, **PRIVATE)
