"""Run alone: pytest tests/course/cli/test_options.py."""

import io
import sys

import pytest

from course.cli import options as cli_options
from course.cli.options import parse_settings, read_object, read_texts
from course.errors import CourseError


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("r=4", 4),
        ("r=4.5", 4.5),
        ("r=null", None),
        ("r=true", True),
        ('r=["query"]', ["query"]),
        ("r=cosine", "cosine"),
        ("r=", ""),
        ("r=a=b", "a=b"),
        (" r =4", 4),
        ("r={oops", "{oops"),
    ],
)
def test_settings_are_json_or_else_text(setting, value):
    assert parse_settings([setting]) == {"r": value}


def test_the_last_setting_wins():
    assert parse_settings(["r=4", "r=8", "seed=1"]) == {"r": 8, "seed": 1}


def test_no_settings():
    assert parse_settings(None) == parse_settings([]) == {}


def test_a_setting_without_its_sign():
    with pytest.raises(CourseError, match="'r4' has no '=': write --set option=value"):
        parse_settings(["r4"])


# --- Texts --------------------------------------------------------------------------


@pytest.fixture
def piped(monkeypatch):
    def pipe(content: bytes):
        stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stream)

    return pipe


LINES = b"\xef\xbb\xbffirst\r\n\r\n  \n second \xe2\x80\xa8 still \x0c\nlast"
TEXTS = ["first", " second \u2028 still \x0c", "last"]


def test_texts_of_the_arguments_come_as_they_are():
    assert read_texts(["a\nb", ""], None) == ["a\nb", ""]


def test_texts_of_a_file_are_its_lines(tmp_path):
    (tmp_path / "texts.txt").write_bytes(LINES)
    assert read_texts(None, tmp_path / "texts.txt") == TEXTS


@pytest.mark.parametrize("file", [None, "-"])
def test_texts_of_standard_input_are_its_lines(piped, file):
    piped(LINES)
    assert read_texts([], file) == TEXTS


def test_nobody_is_left_waiting_at_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with pytest.raises(CourseError, match="No text came: add texts, --file FILE, or"):
        read_texts(None, None)


@pytest.mark.parametrize("file", [None, "-"])
def test_a_closed_standard_input(monkeypatch, file):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CourseError, match="No text came: add texts, --file FILE, or"):
        read_texts(None, file)


def test_texts_twice(tmp_path):
    with pytest.raises(CourseError, match="came together: give one of them"):
        read_texts(["a"], tmp_path / "texts.txt")


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_without_text(tmp_path, piped, content):
    (tmp_path / "texts.txt").write_bytes(content)
    piped(content)
    for file in (tmp_path / "texts.txt", None):
        with pytest.raises(CourseError, match="has no text: put one text on each line"):
            read_texts(None, file)


def test_a_file_that_cannot_be_read(tmp_path, piped):
    (tmp_path / "texts.txt").write_bytes(b"caf\xe9")
    with pytest.raises(CourseError, match=r"texts\.txt cannot be read \(it is not"):
        read_texts(None, tmp_path / "texts.txt")
    with pytest.raises(CourseError, match=r"cannot be read \(Is a directory\)"):
        read_texts(None, tmp_path)
    with pytest.raises(CourseError, match=r"cannot be read \(No such file"):
        read_texts(None, tmp_path / "other.txt")
    piped(b"caf\xe9")
    with pytest.raises(CourseError, match="Standard input cannot be read"):
        read_texts(None, None)


# --- Objects ------------------------------------------------------------------------


def test_an_object_is_read(tmp_path):
    (tmp_path / "space.json").write_text('\ufeff{"r": {"choices": [4, 8]}}', "utf-8")
    assert read_object(tmp_path / "space.json") == {"r": {"choices": [4, 8]}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{oops", r"cannot be read \(it is not JSON\)"),
        ("[" * 100_000, r"cannot be read \(it is not JSON\)"),
        ("[1]", "holds a list; a JSON object is expected"),
        ("null", "holds a NoneType; a JSON object is expected"),
    ],
)
def test_what_is_no_object(tmp_path, content, message):
    (tmp_path / "space.json").write_text(content)
    with pytest.raises(CourseError, match=message):
        read_object(tmp_path / "space.json")


def test_an_object_that_is_not_there(tmp_path):
    with pytest.raises(CourseError, match=r"cannot be read \(No such file"):
        read_object(tmp_path / "space.json")


# --- Completion ---------------------------------------------------------------------


def test_tasks_and_runs_are_completed(monkeypatch):
    monkeypatch.setattr("course.runs.run_names", lambda: ["mine-2", "mine-1", "other"])
    monkeypatch.setattr("course.runs.shipped", lambda: ["spam"])
    assert cli_options.tasks("s") == ["sentiment", "spam"]
    assert cli_options.runs("m") == ["mine-2", "mine-1"]
    assert cli_options.runs("") == ["spam", "mine-2", "mine-1", "other"]
