"""A csv that comes as text: pasted, or read from a file in the visitor's own browser.

No file is ever sent: what stands in the box is all that the server sees, and it is read
strictly, since a clear error is better than a wrong guess. Left out: what a page does
with the rows.

Source: RFC 4180, with semicolons and tabs as spreadsheets write them.
"""

import contextlib
import csv
import html
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import gradio as gr

from course.demo.context import Context
from course.demo.controls import PRIVATE
from course.demo.models import TEXT_LIMIT
from course.errors import CourseError, listed, one_line

CSV_BYTES = 1_000_000  # of a whole csv, as UTF-8
CSV_ROWS = 5_000
CSV_COLUMNS = 100
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}

TEMPLATE = """
<label class="csv-file"><input type="file" accept=".csv,.tsv,.txt,text/csv">
<span>{choose}</span></label> <span class="csv-said" role="status"></span>
"""
STYLE = """
.csv-file { display: inline-block; position: relative; cursor: pointer;
            padding: 0.35rem 0.9rem; border-radius: var(--button-small-radius);
            color: var(--button-secondary-text-color);
            background: var(--button-secondary-background-fill); }
.csv-file:hover { background: var(--button-secondary-background-fill-hover); }
.csv-file:focus-within { outline: 2px solid var(--color-accent); outline-offset: 2px; }
.csv-file input { position: absolute; inset: 0; opacity: 0; width: 100%;
                  cursor: pointer; font-size: 0; }
.csv-said { margin-left: 0.5rem; color: var(--body-text-color); }
"""
# Lines outside quotation marks are counted as the server counts them; what does not
# come out as UTF-8 is refused here, since its letters would be wrong.
SCRIPT = r"""
const input = element.querySelector('input');
const said = element.querySelector('.csv-said');
const rows = (text) => {
  const bare = text.replace(/"[^"]*"/g, 'x').replace(/^\uFEFF/, '');
  return Math.max(bare.split(/\r\n|\r|\n/).filter((line) => line.trim()).length - 1, 0);
};
element.addEventListener('change', async () => {
  const file = input.files[0];
  input.value = '';  // so that the same file can be chosen again
  if (!file) return;
  if (file.size > props.most) { said.textContent = props.too_large; return; }
  let text;
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(await file.arrayBuffer());
  } catch (error) { said.textContent = props.not_utf8; return; }
  const places = {file: file.name, rows: rows(text).toLocaleString(props.language)};
  said.textContent = props.chosen.replace(/{(\w+)}/g, (place, key) => places[key]);
  props.value = text;
  trigger('upload');
});
// Who changes the text has another csv than the file's.
document.addEventListener('input', (event) => {
  if (event.target.closest(props.box)) said.textContent = '';
});
"""

_numbers = itertools.count()  # a page may hold several


@dataclass(frozen=True)
class CsvInput:
    """What a page reads a csv from.

    Attributes:
        text: The box that holds the csv.
        file: The button that fills it from a file.
    """

    text: gr.Textbox
    file: gr.HTML


def build_csv_input(context: Context, label: str) -> CsvInput:
    """Lay out a box for a csv, and a button that fills it from a file.

    Args:
        context: The demo's own things.
        label: What the box is called on the page.
    """
    say = context.say
    text = gr.Textbox(
        label=label,
        elem_id=f"csv-{next(_numbers)}",
        lines=5,
        max_lines=10,
        placeholder=say("csv_input.placeholder"),
        interactive=True,
        html_attributes=gr.InputHTMLAttributes(spellcheck=False),
    )
    choose = html.escape(say("csv_input.choose"))
    file = gr.HTML(
        "",
        html_template=TEMPLATE.format(choose=choose),
        css_template=STYLE,
        js_on_load=SCRIPT,
        box=f"#{text.elem_id}",
        most=CSV_BYTES,
        language=say.language,
        chosen=say("csv_input.chosen", file="{file}", rows="{rows}"),
        too_large=say("csv_input.too_large", most=f"{CSV_BYTES // 1_000_000} MB"),
        not_utf8=say("csv_input.not_utf8"),
    )
    # In the browser alone: no function of the server is called.
    file.upload(None, file, text, js="(text) => text", queue=False, **PRIVATE)
    return CsvInput(text, file)


def read_rows(
    text: str, needed: Sequence[str] = ("text",), most_rows: int = CSV_ROWS
) -> list[dict[str, str]]:
    r"""Read a csv strictly; nothing in it is taken for a number or a formula.

    Args:
        text: The csv, at most `CSV_BYTES` of UTF-8: a header line, then a row each;
            commas, semicolons or tabs between the fields.
        needed: Columns that it must have, none of whose fields may be blank.
        most_rows: Most rows below the header.

    Returns:
        A dictionary for each row, from column to field; rows that are all blank are
        left out.

    Raises:
        CourseError: If it is no such csv; the line says where and what to do.

    Example:
        >>> read_rows('text;label\n"Good; warm";positive')
        [{'text': 'Good; warm', 'label': 'positive'}]
    """
    text = _check_whole(text)
    separator, header = _read_header(text, needed)
    lines = _parse(text, separator)
    next(lines)
    rows = []
    for line, fields in lines:
        if not any(field.strip() for field in fields):
            continue
        if len(rows) == most_rows:
            raise CourseError(
                f"The csv has more than {most_rows:,} rows: use a part of it."
            )
        rows.append(_check_row(line, fields, header, needed, separator))
    if not rows:
        raise CourseError("The csv has a header and no row: add at least one.")
    return rows


def _check_whole(text: str) -> str:
    """Return a csv without its byte order mark, if it is a text of bearable size."""
    if not isinstance(text, str):
        raise CourseError(f"A {type(text).__name__} came where a csv is expected.")
    # Lone surrogates, which UTF-8 cannot express, can be sent as JSON.
    size = len(text) if len(text) > CSV_BYTES else len(text.encode("utf-8", "replace"))
    if size > CSV_BYTES:
        raise CourseError(
            f"The csv is larger than {CSV_BYTES:,} bytes: use a part of it."
        )
    text = text.encode("utf-8", "replace").decode("utf-8").removeprefix("\ufeff")
    if "\x00" in text:
        raise CourseError("The csv holds NUL characters: save it as UTF-8 text.")
    if not text.strip():
        raise CourseError("The csv is empty: paste it with its header, or choose one.")
    return text


def _parse(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line on which a row begins, and the row's fields."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CourseError(
                f"The csv cannot be read from line {line} on ({error}): put each text "
                "between quotation marks, and write those inside it twice."
            ) from error
        if fields:
            yield line, fields


def _read_header(text: str, needed: Sequence[str]) -> tuple[str, list[str]]:
    """Return the separator that finds the needed columns, and all columns' names."""
    headers = {",": []}
    for separator in SEPARATORS:
        # Under a wrong one, quotation marks may stand where none can.
        with contextlib.suppress(CourseError):
            _, names = next(_parse(text, separator))
            headers[separator] = [name.strip() for name in names]
    separator, header = max(
        headers.items(), key=lambda pair: (set(needed) <= set(pair[1]), len(pair[1]))
    )
    if not header:
        next(_parse(text, separator))  # says why
    for column in needed:
        if column not in header:
            raise CourseError(
                f"The csv has no column {column!r}; its first line has "
                f"{listed(header, most=10)}: name the columns there."
            )
    if len(header) > CSV_COLUMNS:
        raise CourseError(
            f"The csv has {len(header):,} columns, at most {CSV_COLUMNS} are read."
        )
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise CourseError(
            f"The csv has two columns {one_line(twice[0])!r}: rename one."
        )
    return separator, header


def _check_row(
    line: int, fields: list[str], header: list[str], needed: Sequence[str], mark: str
) -> dict[str, str]:
    """Return a row by column, if it has the header's columns and all that is needed."""
    if len(fields) != len(header):
        raise CourseError(
            f"Line {line} of the csv has {len(fields)} fields, the header "
            f"{len(header)}: put texts with a {SEPARATORS[mark]} between quotes."
        )
    row = dict(zip(header, fields, strict=True))
    for column, field in row.items():
        if len(field) > TEXT_LIMIT:
            raise CourseError(
                f"Line {line} of the csv has {len(field):,} characters in a field, at "
                f"most {TEXT_LIMIT:,} are read: shorten it, or close its quotation."
            )
        if column in needed and not field.strip():
            raise CourseError(f"Line {line} of the csv has no {column}: fill it in.")
    return row
