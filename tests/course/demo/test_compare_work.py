"""What the Compare page does. Alone: pytest tests/course/demo/test_compare_work.py."""

from types import SimpleNamespace

import gradio as gr
import pytest
from demo_runs import make_run

from course.demo import compare_work
from course.demo.compare_work import CompareWork, clamp_sample, read_texts
from course.demo.context import Context
from course.errors import CourseError

LABELS = ["negative", "positive"]
REQUEST = SimpleNamespace(session_hash="one")


@pytest.fixture
def work(places, tiny_model_dir):
    for name in ("one", "two"):
        make_run(places / "runs" / name, tiny_model_dir)
    labels = ["ham", "spam"]
    make_run(places / "runs" / "other", tiny_model_dir, task="spam", labels=labels)
    return CompareWork(Context())


@pytest.mark.parametrize(
    ("number", "used"),
    [
        (50, 50),
        (1, 20),
        (-1e300, 20),
        (float("inf"), 1000),
        (float("nan"), 200),
        ("50", 200),
        (None, 200),
        (True, 200),
    ],
)
def test_the_number_of_test_texts_stays_within_limits(number, used):
    assert clamp_sample(number) == used


def test_a_list_is_read_by_line():
    assert read_texts("list", "one\n\n two \r\nthree", LABELS) == (
        ["one", " two ", "three"],
        None,
    )


def test_labels_of_a_csv_count_if_all_are_known():
    csv = "text,label\na,positive\nb, negative"
    assert read_texts("csv", csv, LABELS) == (["a", "b"], ["positive", "negative"])
    assert read_texts("csv", csv + "\nc,neutral", LABELS)[1] is None
    assert read_texts("csv", "text\na", LABELS) == (["a"], None)


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("", "0 texts came, 1 to 5,000"),
        ("x\n" * 5_001, "5,001 texts came"),
        ("x" * 1_000_001, "1,000,000 bytes"),
        (None, "must be a text"),
        ("x" * 10_001, "10,001 characters"),
    ],
)
def test_a_list_has_limits(pasted, message):
    with pytest.raises(CourseError, match=message):
        read_texts("list", pasted, LABELS)


def test_one_text_is_answered_and_other_labels_are_said(work):
    *_, drawn = work.one_text(["one", "other"], "A <b>joy</b>.", REQUEST)
    assert "other: other labels than one, so compared on time and size only." in drawn
    assert "0.835 (0.816 to 0.853, n = 1,500)" in drawn
    assert "&lt;b&gt;joy" in drawn
    assert "<b>" not in drawn


def test_many_texts_are_compared(work):
    names = ["one", "two", "other"]
    *_, drawn = work.many_texts(names, "csv", 50, "text,label\na,positive", REQUEST)
    assert "Agreement on 1 texts" in drawn
    assert "100.0 %" in drawn
    assert "these texts cannot tell" in drawn
    assert "They agree on every one" in drawn
    *_, drawn = work.many_texts(names, "list", 50, "a\nb", REQUEST)
    assert "not who is right" in drawn


def test_a_sample_of_the_test_split_says_who_may_have_seen_it(work, monkeypatch):
    def sample(name, size):
        return [f"text {i}" for i in range(size)], ["positive"] * size

    monkeypatch.setattr(compare_work, "sample_of_test_split", sample)
    *_, drawn = work.many_texts(["one", "two"], "test_split", 20, "", REQUEST)
    assert "Agreement on 20 texts" in drawn
    assert "may have been seen in training" in drawn


def test_models_without_common_labels_have_nothing_to_agree_on(work):
    (line,) = work.many_texts(["one", "other"], "list", 50, "a", REQUEST)
    assert "one, other have different labels" in line


def test_mistakes_are_one_line(work):
    with pytest.raises(gr.Error, match="source must be one of"):
        list(work.many_texts(["one", "two"], "/etc/passwd", 50, "a", REQUEST))
    with pytest.raises(gr.Error, match="Unknown model"):
        list(work.one_text(["one", "../x"], "A joy.", REQUEST))
    with pytest.raises(gr.Error, match="1 models came"):
        list(work.one_text(["one"], "A joy.", REQUEST))
