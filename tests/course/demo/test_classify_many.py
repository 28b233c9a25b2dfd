"""Many texts at once. Alone: pytest tests/course/demo/test_classify_many.py."""

import csv
import io
import re

import gradio as gr
import pytest
from demo_page import serve_page
from demo_runs import make_run

from course import runs
from course.demo.classify import build_page
from course.demo.classify_many import (
    AT_ONCE,
    CSV,
    LIST,
    SHOWN_ROWS,
    make_show_many,
    read_list,
    render_rows,
)
from course.demo.context import Context
from course.demo.messages import Say
from course.errors import CourseError


def answers(kind, lines="", table="", name="first"):
    """Return all that the handler tells, and the rows of its csv."""
    told = list(make_show_many(Context())(kind, lines, table, name))
    return told, list(csv.DictReader(io.StringIO(told[-1][2])))


def test_a_list_is_answered_line_by_line(first_run):
    told, rows = answers(LIST, "A joy.\n\n  Dull.  \n" + "x" * 10_001)
    assert [row["text"] for row in rows[:2]] == ["A joy.", "Dull."]
    assert all(row["label"] in {"negative", "positive"} for row in rows[:2])
    assert 0.5 <= float(rows[0]["confidence"]) <= 1
    # A text that will not do says so in its own row.
    assert rows[2]["label"] == ""
    assert "10,001 characters" in rows[2]["error"]
    assert len(told) == 2


def test_it_tells_how_far_it_is(first_run):
    told, rows = answers(LIST, "A joy.\n" * (2 * AT_ONCE + 1))
    said = [re.sub("<.*?>", "", status) for status, *_ in told]
    assert said == ["0 of 65 texts", "32 of 65 texts", "64 of 65 texts", ""]
    assert len(rows) == 65


def test_a_csv_is_answered_and_its_formulas_do_nothing(first_run):
    _, rows = answers(CSV, table='text;n\n"=cmd()";1\n"Dull; long";2')
    assert [row["text"] for row in rows] == ["'=cmd()", "Dull; long"]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ((LIST, ""), "list is empty"),
        ((LIST, "x\n" * 5_001), "5,001 texts, at most 5,000"),
        ((LIST, "x" * 1_000_001), "1,000,001 characters"),
        ((CSV, "", "a\nb"), "no column 'text'"),
        ((LIST, "x", "", "../gone"), "Unknown model"),
    ],
)
def test_what_will_not_do_is_said_in_one_line(first_run, question, message):
    with pytest.raises(gr.Error, match=message) as caught:
        answers(*question)
    assert "\n" not in caught.value.message


def test_no_list_is_no_list():
    with pytest.raises(CourseError, match="NoneType came"):
        read_list(None)


def test_a_long_table_shows_its_beginning_escaped():
    row = {"text": "<b>", "label": "spam", "confidence": "0.9", "error": ""}
    table = render_rows([row] * (SHOWN_ROWS + 1), Say())
    assert table.count("&lt;b&gt;") == SHOWN_ROWS
    assert "The first 100 of 101 texts" in table
    assert "<b>" not in table


# In a browser


@pytest.fixture(scope="module")
def address(tmp_path_factory, tiny_model_dir):
    folder = tmp_path_factory.mktemp("demo")
    make_run(folder / "runs" / "first", tiny_model_dir)
    (folder / "adapters").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_RUNS", str(folder / "runs"))
        patch.setattr(runs, "ADAPTERS", folder / "adapters")
        with serve_page(build_page) as address:
            yield address


@pytest.mark.parametrize(("width", "theme"), [(1200, "light"), (390, "dark")])
def test_a_person_classifies_a_csv_and_downloads_the_answers(
    address, browser, tmp_path, width, theme
):
    viewport = {"width": width, "height": 850}
    page = browser.new_page(viewport=viewport, color_scheme=theme)
    page.goto(address)
    page.get_by_role("button", name="Many texts at once").click()
    page.get_by_label("A csv").check()
    file = {"name": "my.csv", "mimeType": "text/csv", "buffer": b"text\nGood\nBad"}
    page.get_by_label("Choose a csv file").set_input_files(file)
    page.get_by_text("my.csv: 2 rows").wait_for()
    page.get_by_role("button", name="Classify all").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the csv").click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    assert [row["text"] for row in csv.DictReader(text.splitlines())] == ["Good", "Bad"]
    page.screenshot(path=tmp_path / "many.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wide <= width
