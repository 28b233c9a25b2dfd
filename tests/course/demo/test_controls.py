"""The controls that pages share. Alone: pytest tests/course/demo/test_controls.py."""

import gradio as gr
import pytest
from demo_runs import make_run

from course.demo import controls
from course.demo.controls import (
    EXAMPLES,
    OTHER_EXAMPLES,
    in_one_line,
    refresh,
    without_folders,
)
from course.demo.messages import Say
from course.errors import CourseError
from course.tasks import TASKS

SAY = Say()
OWN_TEXT = "A text of my own."


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("/home/ana/runs/first has no config.json.", "first has no config.json."),
        ("(see '/var/data/x.csv')", "(see 'x.csv')"),
        (r"C:\Users\Ana\runs\first is damaged", "first is damaged"),
        ("first\n  second", "first second"),
        ("and/or, 1/2, TF-IDF: kept", "and/or, 1/2, TF-IDF: kept"),
    ],
)
def test_messages_name_no_folder_of_this_machine(message, shown):
    assert without_folders(message) == shown


def test_course_errors_become_one_escaped_line():
    @in_one_line
    def handler(text):
        raise CourseError(f"Unknown model {text!r}\nin /home/me/runs/first.")

    with pytest.raises(gr.Error) as caught:
        handler("<img src=x>")
    assert caught.value.message == "Unknown model '&lt;img src=x&gt;' in first."
    assert not caught.value.print_exception


def test_other_errors_stay_what_they_are():
    @in_one_line
    def handler():
        raise KeyError("a fault of the kit")

    with pytest.raises(KeyError, match="a fault of the kit"):
        handler()


def test_each_task_has_three_examples_that_are_shown_whole():
    assert set(EXAMPLES) == set(TASKS)
    for texts in [*EXAMPLES.values(), OTHER_EXAMPLES]:
        assert len(texts) == 3
        assert all(len(text) <= 60 for text in texts)  # Gradio shows 60 characters


def test_a_text_of_ones_own_stays(first_run):
    choice = refresh(SAY, first_run, OWN_TEXT)
    assert (choice.name, choice.text) == (first_run, OWN_TEXT)
    assert choice.updates[1] == gr.skip()


@pytest.mark.parametrize("text", ["", None, "  ", EXAMPLES["spam"][1]])
def test_an_example_of_another_model_gives_way(first_run, text):
    choice = refresh(SAY, first_run, text)
    assert choice.text == choice.updates[1] == EXAMPLES["sentiment"][0]


def test_a_text_brought_from_another_page_stays(first_run):
    text = EXAMPLES["spam"][1]
    choice = refresh(SAY, first_run, text, brought=True)
    assert choice.text == choice.updates[1] == text


@pytest.mark.parametrize("name", [None, "gone"])
def test_a_model_that_is_not_there_gives_the_first(first_run, name):
    assert refresh(SAY, name, "").name == first_run


def test_without_models_the_page_says_what_to_do(places):
    choice = refresh(SAY, "sentiment", "")
    notice = choice.updates[3]
    assert choice.name is None
    assert choice.text == OTHER_EXAMPLES[0]
    assert notice.visible
    assert "course train sentiment" in notice.value


def test_with_a_model_there_is_no_notice(first_run):
    assert not refresh(SAY, None, "").updates[3].visible


def test_the_menu_says_where_a_model_comes_from(places, tiny_model_dir, first_run):
    make_run(places / "adapters" / "spam", tiny_model_dir)
    make_run(places / "runs" / "plain", tiny_model_dir, changed=86400, task=None)
    assert controls.choices(controls.list_models(), SAY) == [
        ("spam (from the kit)", "spam"),
        ("first (your run, sentiment)", "first"),
        ("plain (your model)", "plain"),
    ]
