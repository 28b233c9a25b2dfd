"""The Compare page. Alone: pytest tests/course/demo/test_compare.py."""

import pytest
from demo_page import serve_page
from demo_runs import make_run

from course import runs
from course.demo.compare import build_page, first_choice, refreshed
from course.demo.context import Context
from course.demo.messages import Say


@pytest.fixture
def three(places, tiny_model_dir):
    labels = ["ham", "spam"]
    make_run(places / "runs" / "other", tiny_model_dir, 300, task="spam", labels=labels)
    make_run(places / "runs" / "one", tiny_model_dir, 200)
    make_run(places / "runs" / "two", tiny_model_dir, 100)


def test_two_models_of_one_task_are_chosen_first(three):
    assert first_choice() == ["one", "two"]


def test_a_choice_stays_while_it_is_there(three):
    say = Say()
    assert refreshed(say, ["other", "two"]).value == ["other", "two"]
    assert refreshed(say, ["other", "gone"]).value == ["one", "two"]
    assert refreshed(say, None).value == ["one", "two"]


def test_without_models_there_is_nothing_to_choose(places):
    assert first_choice() == []


@pytest.fixture(scope="module")
def address(tmp_path_factory, tiny_model_dir):
    folder = tmp_path_factory.mktemp("compare")
    for name in ("one", "two"):
        make_run(folder / "runs" / name, tiny_model_dir)
    (folder / "adapters").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_RUNS", str(folder / "runs"))
        patch.setattr(runs, "ADAPTERS", folder / "adapters")
        with serve_page(build_page, Context(say=Say("de"))) as address:
            yield address


@pytest.fixture
def page(address, browser):
    page, wrong = browser.new_page(viewport={"width": 390, "height": 800}), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    page.goto(address)
    page.get_by_role("textbox", name="Text", exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    yield page
    page.close()
    assert wrong == []


def test_a_person_compares_two_models(page):
    page.get_by_role("button", name="Vergleichen", exact=True).click()
    page.get_by_role("columnheader", name="Millisekunden").wait_for()
    page.get_by_role("button", name="Wo sind sie sich uneinig?").click()
    page.get_by_role("radio", name="eine Liste").check()
    page.get_by_label("Liste oder CSV").fill("first\n<script>alert(1)</script>")
    page.get_by_role("button", name="Suchen").click()
    page.get_by_text("Übereinstimmung bei 2 Texten").wait_for()
    wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room
