"""A csv as text. Alone: pytest tests/course/demo/test_csv_input.py."""

import gradio as gr
import pytest
from demo_page import serve_page

from course.demo.context import Context
from course.demo.csv_input import CSV_BYTES, build_csv_input, read_rows
from course.demo.messages import Say
from course.demo.models import TEXT_LIMIT
from course.errors import CourseError


def texts(csv, **options):
    return [row["text"] for row in read_rows(csv, **options)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separators_of_spreadsheets_are_told_apart(separator, end):
    lines = [f"label{separator}text", f'a{separator}"x, y; z\tw"', f"b{separator}v"]
    assert read_rows(end.join(lines) + end) == [
        {"label": "a", "text": "x, y; z\tw"},
        {"label": "b", "text": "v"},
    ]


def test_a_column_alone_needs_no_separator():
    assert texts("text\nGood\nBad; but warm") == ["Good", "Bad; but warm"]


def test_quoted_names_may_hold_another_separator():
    csv = '"a,b";"text"\n1;2'
    assert read_rows(csv) == [{"a,b": "1", "text": "2"}]


def test_quotation_marks_and_line_ends_inside_a_text_stay():
    assert texts('text\n"She said ""no"".\nThen left."') == [
        'She said "no".\nThen left.'
    ]


def test_a_byte_order_mark_belongs_to_no_column():
    assert texts("\ufefftext\nGood") == ["Good"]


def test_formulas_and_numbers_are_plain_text():
    cells = ['=cmd|"/c calc"!A1', "+1", "-2", "@x", "007", "1e5", "NaN", " x "]
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    assert texts("\n".join(["text", *quoted])) == cells


def test_blank_rows_are_left_out():
    assert texts("\n\ntext,label\n\nGood,a\n,\n  ,\n") == ["Good"]


def test_lone_surrogates_do_no_harm():
    assert texts("text\n\ud800x") == ["?x"]


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        ("", "The csv is empty"),
        (" \n ", "The csv is empty"),
        (None, "NoneType came where a csv"),
        (["text"], "list came where a csv"),
        ("text", "a header and no row"),
        ("text\n\n", "a header and no row"),
        ("text\na\x00b", "NUL"),
        ("texts,label\na,b", "no column 'text'; its first line has texts, label"),
        ("texts;label\na;b", "its first line has texts, label"),
        ("text,text\na,b", "two columns 'text'"),
        ("text,label\na,b\nc", "Line 3 of the csv has 1 fields, the header 2"),
        ("text\n\nGood, but long", "Line 3 .* 2 fields, the header 1.* comma"),
        ("text;label\na;b;c", "semicolon"),
        ("text,label\n ,b", "Line 2 of the csv has no text"),
        ('text\n"never closed', "cannot be read from line 2 on"),
        ('text\nok\n"a" b', "cannot be read from line 3 on"),
        ('"text', "cannot be read from line 1 on"),
        ("text\n" + "x" * 10_001, "10,001 characters in a field, at most 10,000"),
        ("text\n" + "x" * 200_000, "cannot be read from line 2"),
        ("text" + "," * 100, "101 columns"),
        ("text\n" + "x\n" * 5_001, "more than 5,000 rows"),
        ("text\n" + "€\n" * (CSV_BYTES // 4), "larger than 1,000,000 bytes"),
        ("x" * (CSV_BYTES + 1), "larger than 1,000,000 bytes"),
        ("," * CSV_BYTES, "no column 'text'"),
        ('"' * (CSV_BYTES - 1), "cannot be read from line 1 on"),
    ],
)
def test_what_will_not_do_is_said_in_one_line(csv, message):
    with pytest.raises(CourseError, match=message) as caught:
        read_rows(csv)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_up_to_the_limits_all_is_read():
    assert len(texts("text\n" + "x\n" * 5_000)) == 5_000
    assert texts("text\n" + "x" * TEXT_LIMIT) == ["x" * TEXT_LIMIT]
    assert texts("text\na\nb", most_rows=2) == ["a", "b"]
    with pytest.raises(CourseError, match="more than 1 rows"):
        texts("text\na\nb", most_rows=1)


def test_more_columns_may_be_needed():
    with pytest.raises(CourseError, match="no column 'label'"):
        read_rows("text\na", needed=("text", "label"))
    with pytest.raises(CourseError, match="no label"):
        read_rows("text,label\na,", needed=("text", "label"))


# In a browser


@pytest.fixture(scope="module")
def address():
    def build(blocks, context):
        box = build_csv_input(context, "Texts")
        count = gr.Button("Count")
        said = gr.HTML()
        count.click(lambda text: f"read: {len(read_rows(text))}", box.text, said)

    with serve_page(build, Context(say=Say("de"))) as address:
        yield address


@pytest.fixture
def page(address, browser):
    page, wrong, asked = browser.new_page(), [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.get_by_label("Texts").wait_for()
    page.wait_for_load_state("networkidle")
    yield page
    page.close()
    assert wrong == []
    assert not [url for url in asked if "upload" in url or not url.startswith(address)]


def choose(page, content, name="mine.csv"):
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_label("CSV-Datei wählen").set_input_files(file)


def test_a_file_is_read_in_the_browser(page):
    rows = 1_200
    content = "\ufefftext;label\r\n" + '"two\nlines";x\r\n' * rows
    choose(page, content.encode())
    page.get_by_text("mine.csv: 1.200 Zeilen").wait_for()
    page.get_by_role("button", name="Count").click()
    page.get_by_text(f"read: {rows}").wait_for()


def test_the_name_goes_when_the_text_is_changed(page):
    choose(page, b"text\na\nb")
    page.get_by_text("mine.csv: 2 Zeilen").wait_for()
    assert page.get_by_label("Texts").input_value() == "text\na\nb"
    page.get_by_label("Texts").fill("text\nother")
    page.get_by_text("mine.csv").wait_for(state="hidden")
    assert page.get_by_label("Texts").input_value() == "text\nother"
    choose(page, b"text\na\nb")  # the same file once more
    page.get_by_text("mine.csv: 2 Zeilen").wait_for()


def test_what_is_no_csv_is_refused_in_the_browser(page):
    choose(page, "text\nschön".encode("latin-1"))
    page.get_by_text("nicht in UTF-8").wait_for()
    choose(page, b"x" * (CSV_BYTES + 1))
    page.get_by_text("größer als 1 MB").wait_for()
    assert page.get_by_label("Texts").input_value() == ""


def test_a_hostile_name_is_shown_as_it_is(page):
    choose(page, b"text\na", name="<img src=x onerror=hit()>.csv")
    page.get_by_text("<img src=x onerror=hit()>.csv: 1 Zeilen").wait_for()
    assert page.locator("img[src=x]").count() == 0


def test_the_button_is_reached_by_keyboard(page):
    page.get_by_label("Texts").focus()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.type")
    assert focused == "file"
