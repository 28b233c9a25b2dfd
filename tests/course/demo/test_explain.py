"""The Explain page. Alone: pytest tests/course/demo/test_explain.py."""

import threading
import time

import pytest
from demo_page import serve_page
from demo_runs import make_run
from playwright.sync_api import expect

from course import runs
from course.demo.context import Context
from course.demo.explain import build_page, make_endpoint, open_page
from course.demo.explain_layout import (
    EXACT_WORDS,
    count_words,
    method_choices,
    target_choices,
)
from course.demo.explanations import Explanations
from course.demo.messages import Say
from course.demo.models import LoadedModels
from course.explanation import masked_model, shapley
from course.explanation.masking import read_text

TEXT = "A warm, witty film."
TWELVE = "one two three four five six seven eight nine ten eleven twelve"


@pytest.mark.parametrize(
    "text",
    [TEXT, "It can't be well-made... can it?", "Wow!!! 10/10 :-)", "", "naïve café"],
)
def test_words_are_counted_as_the_explanation_does(first_run, text):
    classifier = LoadedModels().get("first")
    assert count_words(text) == len(read_text(classifier, text).players)


def test_the_menu_says_when_a_text_is_too_long_for_exact():
    assert EXACT_WORDS == shapley.EXACT_PLAYERS
    say = Say()
    fitting = dict(method_choices("film " * 12, say))
    assert fitting[say("explain.exact")] == "exact"
    choices = method_choices("film " * 13, say)
    assert ("exact: for 12 words at most, here are 13", "exact") in choices


def test_targets_are_the_labels_of_the_model(first_run):
    menu = target_choices(first_run, Say("de"))
    assert [value for _, value in menu.choices] == ["", "negative", "positive"]
    assert menu.choices[0][0] == "das, das es antwortet"
    assert [value for _, value in target_choices("gone", Say()).choices] == [""]
    assert [value for _, value in target_choices(None, Say()).choices] == [""]


def test_another_model_clears_the_pictures_and_begins_the_edit_anew(first_run):
    text = "film " * 13
    *_, method, target, edited, began, one, two, three = open_page(
        Say(), first_run, text, brought=True
    )
    assert method.choices[1][0] == "exact: for 12 words at most, here are 13"
    assert edited == began == text
    assert target.value == one == two == three == ""


def test_programs_are_given_what_the_command_line_prints(first_run):
    explain = make_endpoint(Explanations(LoadedModels()))
    answer = explain(TEXT, "first", "exact", "negative")
    assert answer["tokens"] == ["A", "warm", ",", "witty", "film", "."]
    assert answer == explain(TEXT, "first", "exact", "negative")  # the kept one


# In a browser


@pytest.fixture(scope="module")
def address(tmp_path_factory, tiny_model_dir):
    folder = tmp_path_factory.mktemp("explain")
    make_run(folder / "runs" / "first", tiny_model_dir)
    (folder / "adapters").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_RUNS", str(folder / "runs"))
        patch.setattr(runs, "ADAPTERS", folder / "adapters")
        with serve_page(build_page, Context()) as address:
            yield address


@pytest.fixture
def page(address, browser):
    page, wrong = browser.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    page.goto(address)
    page.get_by_role("textbox", name="Text", exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    yield page
    page.close()
    assert wrong == []


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def explain(page, text):
    page.get_by_role("textbox", name="Text", exact=True).fill(text)
    press(page, "Explain")


def test_the_same_question_again_is_answered_from_the_cache(page):
    explain(page, TEXT)
    page.get_by_text("evaluations of the model and").wait_for()
    assert page.get_by_text("From the cache").count() == 0
    press(page, "Explain")
    page.get_by_text("From the cache").wait_for()


def test_an_edited_word_is_compared(page):
    explain(page, TEXT)
    page.get_by_text("evaluations of the model and").wait_for()
    press(page, "Edit a word and compare ▼")
    edited = page.get_by_role("textbox", name="Edited text")
    expect(edited).to_have_value(TEXT)
    press(page, "Compare both")
    page.get_by_text("The edited text is the same").wait_for()
    edited.fill("A warm, <b>dull</b> film.")
    press(page, "Compare both")
    page.get_by_role("columnheader", name="change").wait_for()
    assert page.locator("b", has_text="<").count() > 0  # as text
    press(page, "Explain")  # the edit goes on with the same text
    page.get_by_text("From the cache").wait_for()
    expect(edited).to_have_value("A warm, <b>dull</b> film.")


def test_faithfulness_is_measured(page):
    explain(page, TEXT)
    press(page, "Do these words really matter? ▼")
    press(page, "Measure")
    page.get_by_text("Faithfulness of partition").wait_for()
    assert page.get_by_text("comprehensiveness (more is better)").is_visible()
    assert page.get_by_text("Area below the curve").first.is_visible()


@pytest.fixture
def slow(monkeypatch):
    """A model that takes 0.1 s for 16 rows; the list of when it was asked."""
    asked, forward = [], masked_model.MaskedModel._forward

    def wait(model, rows):
        asked.append(time.monotonic())
        time.sleep(0.1)
        return forward(model, rows)

    monkeypatch.setattr(masked_model.MaskedModel, "_forward", wait)
    monkeypatch.setattr(masked_model, "_TOKENS_WATCHED", 16 * 14)
    return asked


@pytest.mark.parametrize("end", ["stop", "close"])
def test_slow_work_ends_within_a_second(page, slow, end):
    page.get_by_role("radio", name="exact: Shapley").check()
    explain(page, f"{TWELVE} {end}"[len("one ") :])
    page.get_by_text("Working:").wait_for()
    ended = time.monotonic()
    if end == "stop":
        page.get_by_role("button", name="Stop").first.click()
        page.get_by_text("Stopped. Nothing of it goes on.").wait_for()
    else:
        page.close()
    threading.Event().wait(2)
    assert 0 < len(slow) < 100  # of 256 batches
    assert slow[-1] - ended < 1
