"""Run alone: pytest tests/course/test_tables.py."""

import json
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course import tables
from course.errors import CourseError
from course.tables import read_table


@pytest.fixture
def write(tmp_path):
    """Write a file and return its path."""

    def write_file(name: str, content: str | bytes):
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write_file


def rows(path, **columns):
    return read_table(path, **columns).values.tolist()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "text,label\nGood,p\nBad,n\n"),
        ("a.CSV", "\ufefftext,label\r\nGood,p\r\nBad,n"),
        ("a.csv", "label,extra,text\np,1,Good\nn,2,Bad\n"),
        ("a.csv", "text,label\rGood,p\rBad,n\r"),
        ("a.tsv", "text\tlabel\nGood\tp\nBad\tn\n"),
        (
            "a.jsonl",
            '{"text":"Good","label":"p"}\n\n{"label":"n","text":"Bad","x":[1]}',
        ),
        ("a.jsonl", '\ufeff{"text":"Good","label":"p"}\n{"text":"Bad","label":"n"}\n'),
        ("a.csv", 'text,label\n"Good"," p"\nBad,n \n'),
        ("a.csv", ",text,label\n0,Good,p\n1,Bad,n\n"),  # as pandas saves an index
    ],
)
def test_formats_give_the_same_rows(write, name, content):
    assert rows(write(name, content)) == [["Good", "p"], ["Bad", "n"]]


def test_quoted_texts_keep_commas_quotes_and_line_breaks(write):
    path = write("a.csv", 'text,label\n"a ""b"", c\nd",x\n')
    assert rows(path) == [['a "b", c\nd', "x"]]


@pytest.mark.parametrize(
    ("content", "label"),
    [("01", "01"), ("NA", "NA"), ("1.0", "1.0"), ("null", "null"), ("True", "True")],
)
def test_csv_labels_stay_as_written(write, content, label):
    assert rows(write("a.csv", f"text,label\na,{content}\n")) == [["a", label]]


def test_json_numbers_stay_whole_beside_a_missing_one(write):
    lines = '{"text":"a","label":1}\n{"text":"b"}\n{"text":"c","label":0}\n'
    assert rows(write("a.jsonl", lines)) == [["a", "1"], ["c", "0"]]


@pytest.mark.parametrize("line", ["only a text", "  ,x", "a,", ",", '"\n",x'], ids=repr)
def test_rows_without_text_or_label_are_left_out(write, line):
    assert rows(write("a.csv", f"text,label\n{line}\nkept,x\n")) == [["kept", "x"]]


@pytest.mark.parametrize(
    "row", ['{"text":["a"],"label":"x"}', '{"text":null,"label":"x"}', '{"label":"x"}']
)
def test_json_rows_without_a_text_are_left_out(write, row):
    path = write("a.jsonl", row + '\n{"text":"kept","label":"x"}\n')
    assert rows(path) == [["kept", "x"]]


def test_other_columns_can_be_named(write):
    path = write("a.csv", "review,stars\nGood,5\n")
    assert rows(path, text_column="review", label_column="stars") == [["Good", "5"]]


def test_a_lone_surrogate_becomes_a_question_mark(write):
    path = write("a.jsonl", '{"text":"a\\ud800b","label":"x\\udfff"}\n')
    assert rows(path) == [["a?b", "x?"]]


def test_odd_texts_are_read(write):
    texts = ["😀👎", "\x00\x01\x1b[31m", "x" * 400_000, "a\u2028b\x0cc"]
    lines = "\n".join(json.dumps({"text": text, "label": "x"}) for text in texts)
    assert [text for text, _ in rows(write("a.jsonl", lines))] == texts


def test_a_long_text_in_csv_is_read(write):
    text = "word, " * 40_000
    assert rows(write("a.csv", f'text,label\n"{text}",x\n')) == [[text, "x"]]


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1
).filter(str.strip)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, st.sampled_from("xyz")), min_size=1, max_size=5))
def test_json_lines_come_back_as_written(write, pairs):
    lines = "\n".join(json.dumps({"text": t, "label": label}) for t, label in pairs)
    assert rows(write("a.jsonl", lines)) == [list(pair) for pair in pairs]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "cannot be read as csv .No columns to parse"),
        ("a.csv", "text,label\n", "has no row with a text and a label: add"),
        ("a.csv", "text,label\n ,x\n", "has no row with a text and a label: add"),
        ("a.csv", "text;label\na;x\n", "has no column 'text'; it has text;label: re"),
        ("a.csv", "text,kind\na,x\n", "has no column 'label'; it has text, kind: "),
        (
            "a.csv",
            "text,label\ncaf\xe9,x\n".encode("latin-1"),
            "utf-8.* quotation marks",
        ),
        ("a.csv", "text,label\na,x\n".encode("utf-16"), "cannot be read as csv"),
        ("a.csv", b"\x89PNG\x00\x01\xff", "cannot be read as csv"),
        ("a.csv", 'text,label\n"abc,x\n', "EOF inside string"),
        (
            "a.csv",
            "text,label\nHello, you,p\nBye, all,n\n",
            "more fields than the head",
        ),
        ("a.csv", "text,label\nHello,p\nBye, all,n\n", "Expected 2 fields in line 3"),
        ("a.jsonl", "", "has no column 'text'; it has none"),
        ("a.jsonl", "[1]\n", "line 1 is not an object.: write one JSON object on each"),
        ("a.jsonl", '{"text":"a","label":1}\n{oops\n', "line 2 is not JSON"),
        ("a.jsonl", '{"text":"a"}\n', "has no column 'label'; it has text"),
        ("a.jsonl", "[" * 100_000, "line 1 is not JSON"),
        ("a.jsonl", b'{"text":"\xe9"}', "cannot be read as jsonl"),
        ("a.xlsx", "", "is not a .csv, .tsv, .jsonl file: save it"),
        ("a.csv.gz", "", "is not a .csv, .tsv, .jsonl file: save it"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(write, name, content, message):
    with pytest.raises(CourseError, match=message) as raised:
        read_table(write(name, content))
    assert name in str(raised.value)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 500


def test_a_row_too_long_is_an_error_where_warnings_are_off(write):
    path = write("a.csv", "text,label\nHello, you,p\nBye, all,n\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(CourseError, match="a row has more fields than the header"):
            read_table(path)


def test_a_header_of_100_kb_is_not_repeated(write):
    header = ",".join(f"column {i}" for i in range(10_000))
    with pytest.raises(CourseError, match=r"column 0, .* and 9970 more: ") as raised:
        read_table(write("a.csv", header + "\n"))
    assert len(str(raised.value)) < 1000


@pytest.mark.parametrize("folder", [False, True])
def test_a_file_that_is_not_there(tmp_path, folder):
    path = tmp_path / "a.csv"
    if folder:
        path.mkdir()
    with pytest.raises(CourseError, match=r"There is no file .*a\.csv: check the name"):
        read_table(path)


def test_a_file_that_may_not_be_read(write, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setitem(tables.READERS, ".csv", refuse)
    with pytest.raises(CourseError, match=r"cannot be read \(Permission denied\)"):
        read_table(write("a.csv", "text,label\na,x\n"))


def test_a_file_that_is_too_large(write, monkeypatch):
    monkeypatch.setattr(tables, "MAX_FILE_BYTES", 10)
    with pytest.raises(CourseError, match="has 15 bytes, at most 10 are read: use a"):
        read_table(write("a.csv", "text,label\na,x\n"))


def test_reading_leaves_no_warning_filter_behind(write):
    before = list(warnings.filters)
    read_table(write("a.csv", "text,label\na,x\n"))
    assert warnings.filters == before
