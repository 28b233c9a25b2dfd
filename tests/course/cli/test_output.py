"""Run alone: pytest tests/course/cli/test_output.py."""

import json
import math
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.cli.output import html_page, json_text, show, write_file
from course.errors import CourseError

DATA = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


@given(DATA)
def test_json_is_valid_whatever_the_numbers(data):
    json.loads(json_text(data), parse_constant=refuse)


def test_numbers_that_are_none_are_null_wherever_they_are():
    data = {"a": [1.0, math.nan, (math.inf,)], "b": {"c": -math.inf, "d": "NaN"}}
    assert json.loads(json_text(data)) == {
        "a": [1.0, None, [None]],
        "b": {"c": None, "d": "NaN"},
    }


def test_show_prints_letters_as_they_are(capsys):
    show({"text": "café 日本"})
    assert capsys.readouterr().out == '{\n "text": "café 日本"\n}\n'


def test_what_json_cannot_hold_is_a_fault_of_the_kit():
    with pytest.raises(TypeError, match="not JSON serializable"):
        json_text({1, 2})


def test_a_page_is_whole_and_asks_for_nothing():
    tags, attributes = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.append(tag)
            attributes.extend(name for name, _ in attrs)

    page = html_page("<b>", "<p>Yes.</p>")
    Reader().feed(page)
    assert tags == ["html", "head"] + ["meta"] * 3 + ["title", "body", "p"]
    assert not {"src", "href"} & set(attributes)
    assert page.startswith("<!doctype html>\n")
    assert "<title>&lt;b&gt;</title>" in page
    assert 'charset="utf-8"' in page


def test_a_file_is_written_whole(tmp_path):
    write_file(tmp_path / "a.html", "café")
    write_file(tmp_path / "a.html", "日本")
    assert (tmp_path / "a.html").read_text("utf-8") == "日本"
    assert [file.name for file in tmp_path.iterdir()] == ["a.html"]


@pytest.mark.parametrize("name", ["no/such/a.html", "folder"])
def test_a_file_that_cannot_be_written(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(CourseError, match=r"cannot be written \(.*\): choose another"):
        write_file(tmp_path / name, "x")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    def fail(self, *_, **__):
        self.touch()
        raise OSError(28, "No space left on device")

    write_file(tmp_path / "a.html", "old")
    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(CourseError, match="No space left on device"):
        write_file(tmp_path / "a.html", "new")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]
