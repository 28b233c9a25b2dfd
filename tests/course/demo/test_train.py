"""The Train page. Alone: pytest tests/course/demo/test_train.py.

A small program stands in for the process that trains; that one is tested by itself.
"""

import re
import time

import gradio as gr
import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_page import serve_page
from demo_runs import make_run
from demo_training import replace_training
from playwright.sync_api import expect

from course import runs
from course.demo import train
from course.demo.controls import PRIVATE
from course.demo.models import list_models
from course.demo.training_job import TrainingJob

CSV = "text,label\n" + "".join(f"good {i},good\nbad {i},bad\n" for i in range(8))


def build(blocks, context):
    page = train.build_page(blocks, context)
    told = gr.Textbox(label="Newest run")
    page.trained.change(lambda name: name, page.trained, told, **PRIVATE)


def test_the_curves_are_looked_at_and_not_steered():
    plan = {"name": "mine", "task": "/folder/mine.csv", "changes": {}}
    record = {"step": 1, "epoch": 1, "seconds": 1}
    losses = {"loss": 0.5}, {"eval_loss": 0.4, "eval_accuracy": 0.75}
    history = [record | loss for loss in losses]
    drawing = train.draw(TrainingJob(plan, "ana", history=history))
    assert "data-drag" not in drawing.picture
    assert "data-pick" not in drawing.picture
    assert "validation loss 0.400" in drawing.summary
    assert "/folder" not in drawing.picture + drawing.summary + drawing.table


@pytest.fixture(scope="module")
def demo(tmp_path_factory, tiny_model_dir):
    """Address and folder of runs of a demo whose trainings are stood in for."""
    folder = tmp_path_factory.mktemp("demo")
    for name in ("runs", "adapters"):
        (folder / name).mkdir()
    ready = make_run(folder / "ready", tiny_model_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_RUNS", str(folder / "runs"))
        patch.setattr(runs, "ADAPTERS", folder / "adapters")
        replace_training(patch, ready)
        with serve_page(build) as address:
            yield address, folder / "runs"


@pytest.fixture
def visit(demo, browser):
    """Open the page; afterwards, nothing must have gone wrong, and nothing trains."""
    contexts, wrong = [], []

    def open_page(width=1200, theme="light"):
        viewport = {"width": width, "height": 850}
        context = browser.new_context(viewport=viewport, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda line: line.type == "error" and wrong.append(line.text)
        )
        page.goto(demo[0])
        page.get_by_role("button", name="Train", exact=True).wait_for()
        page.wait_for_timeout(500)  # until what it asks on loading is answered
        return page

    yield open_page
    for context in contexts:
        context.close()
    wait_for(lambda: not list(demo[1].glob("*.partial")))
    assert wrong == []


def wait_for(condition, seconds=10.0):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def begin(page, csv="", name=""):
    if csv:
        page.get_by_role("radio", name="a csv").check()
        page.get_by_label("csv with the columns").fill(csv)
    page.get_by_label("Name of the run").fill(name)
    page.get_by_role("button", name="Train", exact=True).click()


def stop(page):
    return page.get_by_role("button", name=re.compile("^Stop"))


@pytest.mark.parametrize(("width", "theme"), [(1200, "light"), (390, "dark")])
def test_a_person_trains_and_stops(visit, demo, tmp_path, width, theme):
    page = visit(width, theme)
    expect(stop(page)).to_be_disabled()
    begin(page, CSV, "../My films!")
    expect(page.get_by_text("Training: step 1.")).to_be_visible()
    expect(page.get_by_text(re.compile("training loss 0.500"))).to_be_visible()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    stop(page).press("Enter")
    done = page.get_by_text(re.compile("Done: my-films-"))
    expect(done).to_be_visible()
    name = re.search(r"my-films-\d+-\d+", done.inner_text())[0]
    expect(page.get_by_label("Newest run")).to_have_value(name)
    assert name in list_models()
    assert (demo[1] / "demo-csv" / f"{name}.csv").is_file()
    expect(page.get_by_text("always the commonest label")).to_be_visible()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    page.screenshot(path=tmp_path / "train.png", full_page=True)
    wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room
    page.mouse.move(0, 0)  # away from the button, whose colour under it is the theme's
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_a_closed_page_ends_its_training_within_a_second(visit, demo):
    page = visit()
    begin(page, CSV, "left")
    expect(page.get_by_text("Training: step 1.")).to_be_visible()
    assert list(demo[1].glob("left-*.partial"))
    page.close()
    took = wait_for(lambda: not list(demo[1].glob("left-*")))
    assert took < 1
    assert not list((demo[1] / "demo-csv").glob("left-*"))


def test_it_goes_on_when_that_was_asked_for(visit, demo, monkeypatch):
    jobs, plain = [], TrainingJob.start
    monkeypatch.setattr(
        TrainingJob, "start", lambda job: (jobs.append(job), plain(job))
    )
    page = visit()
    begin(page, name="kept")
    expect(page.get_by_text("Training: step 1.")).to_be_visible()
    page.get_by_label("Keep training when I leave").check()
    wait_for(lambda: jobs[0].keep)
    page.close()
    time.sleep(1.5)
    assert list(demo[1].glob("kept-*.partial"))
    page = visit()
    expect(page.get_by_text("Another training is going on")).to_be_visible()
    jobs[0].stop()
    wait_for(jobs[0].ended.is_set)
    assert jobs[0].run.startswith("kept-")


def test_the_second_visitor_is_told_so_and_cannot_stop_the_first(visit, demo):
    first, second = visit(), visit()
    begin(first, name="first")
    expect(first.get_by_text("Training: step 1.")).to_be_visible()
    begin(second, name="second")
    expect(second.get_by_text("Another training is going on")).to_be_visible()
    assert list(demo[1].glob("second-*")) == []
    # A forged press of a button that the page shows as disabled.
    stop(second).evaluate("button => { button.disabled = false; button.click(); }")
    second.wait_for_timeout(500)
    assert list(demo[1].glob("first-*.partial"))
    stop(first).click()
    expect(first.get_by_text(re.compile("Done: first-"))).to_be_visible()


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        ("text,label\na,b\nc,d", "Too few different texts of b, d"),
        (" ", "The csv is empty"),
    ],
)
def test_a_person_is_told_a_mistake_in_one_line(visit, csv, message):
    page = visit()
    begin(page, csv)
    expect(page.get_by_text(re.compile(message))).to_be_visible()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()


def test_nothing_is_offered_to_programs(demo):
    from gradio_client import Client

    client = Client(demo[0], verbose=False)
    assert client.view_api(return_format="dict")["named_endpoints"] == {}
