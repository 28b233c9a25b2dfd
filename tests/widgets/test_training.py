"""A training that is steered, followed and replayed.

Alone: pytest tests/widgets/test_training.py.
"""

import json
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import traitlets
from view_page import open_page, told

from course.errors import CourseError
from course.runs import ADAPTERS, PARTIAL, Run
from course.runs.claims import claim
from course.runs.curves import read_curves
from widgets.training import TrainingLab
from widgets.training_checks import PRESETS, RATE
from widgets.training_session import Session

RECORDS = [json.loads(x) for x in (ADAPTERS / "sentiment/history.jsonl").open()]
SECONDS = 60  # more than any of these takes, also on a busy machine


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture(scope="module")
def dataset():
    import pandas as pd

    from course.data import split_table

    words = {"negative": ("a bore", "no fun"), "positive": ("a joy", "great fun")}
    rows = [
        (f"{words[label][n % 2]} number {n}", label)
        for label in words
        for n in range(60)
    ]
    table = pd.DataFrame(rows, columns=["text", "label"])
    return split_table(table, ["negative", "positive"], seed=0)


@pytest.fixture
def make(dataset, tiny_model_dir):
    """Make a lab on a tiny model; at the end its training is stopped."""
    labs = []

    def make_lab(**changes):
        options = {"num_train_epochs": 2.0, "per_device_train_batch_size": 8}
        options |= {"max_length": 16, "model": str(tiny_model_dir)} | changes
        lab = TrainingLab("sentiment", dataset=dataset, **options)
        labs.append(lab)
        return lab

    yield make_lab
    for lab in labs:
        lab.stop()
        lab.join(SECONDS)


def wait_for(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def partial_run(runs, records, name="mine"):
    """A run as a killed process leaves it, before its first checkpoint."""
    folder = runs / f"{name}{PARTIAL}"
    folder.mkdir()
    plan = {"task": "sentiment", "config": {"num_train_epochs": 3.0, "seed": 0}}
    (folder / "plan.json").write_text(json.dumps(plan))
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "history.jsonl").write_text(lines)
    return folder


def test_at_first_it_shows_the_shipped_run_and_trains_nothing(runs):
    lab = TrainingLab()
    assert lab.history == RECORDS
    assert (lab.best_step, lab.stopped_at, lab.running) == (200, 300, False)
    assert "With patience 1 it stops at step 300" in lab.summary
    assert isinstance(lab.run, Run)
    assert list(runs.iterdir()) == []
    assert [c.description for c in lab.controls.all if not c.description] == []


def test_patience_moves_the_stop():
    lab = TrainingLab()
    before = lab.view.picture
    lab.controls.boxes["patience"].value = 2
    assert (lab.patience, lab.best_step, lab.stopped_at) == (2, 600, None)
    lab.redraw()
    assert lab.view.picture != before
    lab.on_drag("patience", 0.4)
    assert (lab.patience, lab.stopped_at) == (1, 300)
    lab.on_drag("patience", 1.0)
    assert lab.stopped_at is None
    lab.patience = 1
    lab.on_pick("eval-300")
    assert lab.patience == 1
    lab.on_pick("eval-400")
    assert lab.patience == 2, "with patience 1 it is never seen"


def test_traits_and_controls_are_one():
    lab = TrainingLab()
    lab.smoothing, lab.axis, lab.learning_rate = 0.5, "epoch", 5e-5
    boxes = lab.controls.boxes
    values = {name: box.value for name, box in boxes.items()}
    assert values == {
        "preset": "quick",
        "learning_rate": 5e-5,
        "patience": 1,
        "smoothing": 0.5,
        "axis": "epoch",
    }
    boxes["axis"].value = "seconds"
    assert lab.axis == "seconds"


def test_the_code_makes_the_same_lab(runs):
    partial_run(runs, RECORDS[:20])
    lab = TrainingLab(run="mine", compare=["sentiment"], max_train_samples=500)
    lab.patience, lab.smoothing, lab.learning_rate = 3, 0.25, 3e-4
    names = {}
    exec(lab.as_code().replace("\n\n", "\n\nlab = "), names)
    assert names["lab"].as_code() == lab.as_code()
    assert names["lab"].history == lab.history
    assert names["lab"].options == {"max_train_samples": 500}
    assert TrainingLab().as_code().endswith("TrainingLab()")
    lab.close()
    names["lab"].close()


def test_compared_runs_say_what_differed(runs):
    partial_run(runs, RECORDS[:20])
    lab = TrainingLab()
    assert "mine" in lab.controls.compare.options
    lab.controls.compare.value = ("mine",)
    assert lab.compare == ["mine"]
    lab.redraw()
    assert "what differs" in lab.view.picture
    assert "learning_rate" in lab.view.picture
    lab.compare = []
    assert lab.controls.compare.value == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"task": "sentimnet"}, "Did you mean 'sentiment'"),
        ({"run": "no-such-run"}, "Unknown run 'no-such-run'"),
        ({"compare": ["no-such-run"]}, "Unknown run 'no-such-run'"),
        ({"preset": "quik"}, "Unknown preset 'quik'"),
        ({"max_train_sample": 5}, "Did you mean 'max_train_samples'"),
        ({"max_train_samples": 0}, "max_train_samples is 0"),
        ({"patience": 0}, "patience"),
        ({"learning_rate": 2}, "learning_rate"),
        ({"smoothing": 1.0}, "smoothing"),
        ({"axis": "hours"}, "axis"),
    ],
)
def test_wrong_arguments_are_one_line(arguments, message):
    with pytest.raises(CourseError, match=message) as caught:
        TrainingLab(**arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("task", "nope", "Unknown task"),
        ("name", "nope", "Unknown run"),
        ("compare", ["nope"], "Unknown run"),
        ("learning_rate", 0.0, "learning_rate"),
        ("learning_rate", 0.5, "learning_rate"),
        ("preset", "quik", "preset"),
        ("patience", 11, "patience"),
    ],
)
def test_wrong_values_are_one_line_and_change_nothing(name, value, message):
    lab = TrainingLab()
    before = getattr(lab, name)
    with pytest.raises(traitlets.TraitError, match=message) as caught:
        setattr(lab, name, value)
    assert "\n" not in str(caught.value)
    assert getattr(lab, name) == before


def test_the_rate_of_the_configuration_is_ours():
    from course import finetuning
    from course.finetuning import FinetuningConfig, preset

    assert FinetuningConfig().learning_rate == RATE
    assert finetuning.PRESETS == PRESETS
    own = replace(preset("quick", "sentiment"), learning_rate=3e-4, r=4)
    lab = TrainingLab(preset=own)
    assert (lab.preset, lab.options, lab.learning_rate) == ("quick", {"r": 4}, 3e-4)


def test_other_task_other_run():
    lab = TrainingLab()
    lab.task = "spam"
    assert read_curves("spam").history == lab.history
    lab.task = "complaints"
    assert lab.history == []
    assert "Press Start" in lab.view.picture
    assert lab.run is None


def test_headless_trains_to_the_end(make, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    lab = make()
    assert lab.start() is lab
    assert lab.join()
    assert not lab.running
    assert lab.run.history() == lab.history
    assert lab.history[-1]["epoch"] == 2.0
    assert lab.run.name == lab.name
    assert lab.run.info["measured_on"] == "validation"
    assert f"run='{lab.name}'" in lab.as_code()
    assert lab.name in lab.controls.compare.options


def test_a_live_run_is_paused_steered_stopped_and_continued(make, runs):
    lab = make(num_train_epochs=10.0)
    lab.start()
    assert lab.running
    assert lab.history == [], "no curves of another run"
    assert f"{lab.name} (loading)" in lab.summary
    assert lab.controls.start.disabled
    wait_for(lambda: len(lab.history) >= 2)
    lab.controls.pause.click()
    assert lab.paused
    wait_for(lambda: steps_stand_still(lab))
    assert "(paused)" in lab.summary
    records = len(lab.history)
    lab.controls.boxes["learning_rate"].value = 1e-2
    lab.controls.pause.click()
    wait_for(lambda: len(lab.history) > records + 1)
    lab.controls.stop.click()
    assert lab.join(SECONDS)
    assert "nothing is lost" in lab.summary
    assert lab.controls.start.description == "Continue"
    steps = lab.history[-1]["step"]
    assert steps < 10 * 12
    again = TrainingLab(run=lab.name, dataset=lab.dataset)
    assert again.history == lab.history
    assert again.learning_rate == 1e-2, "what it was changed to"
    again.start()
    assert again.join(SECONDS)
    assert again.run.info["steps"] == 10 * 12
    changes = [r for r in again.run.history() if "learning_rate_set" in r]
    assert [r["learning_rate_set"] for r in changes] == [1e-2]
    assert "learning rate set to 0.01" in again.view.picture
    rates = [r["learning_rate"] for r in again.run.history() if "learning_rate" in r]
    assert max(rates) > 10 * RATE, "the schedule goes on from the new rate"


def steps_stand_still(lab):
    before = len(lab.history)
    time.sleep(0.3)
    return len(lab.history) == before


def test_an_interrupt_leaves_a_run_that_can_go_on(make, monkeypatch):
    lab = make(num_train_epochs=200.0)
    lab.start()
    wait_for(lambda: lab.history)
    real, calls = threading.Thread.join, []

    def interrupted(self, timeout=None):
        calls.append(timeout)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(self, timeout)

    monkeypatch.setattr(threading.Thread, "join", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lab.join()
    assert not lab.running
    assert read_curves(lab.name).state == "stopped"


def test_what_cannot_begin_is_one_line_in_the_sentence(make):
    lab = make(model="no-such-model")
    lab.start()
    assert lab.join(SECONDS)
    assert "Unknown model 'no-such-model'" in lab.summary
    assert not lab.running
    assert not lab.controls.start.disabled


def test_a_killed_run_is_shown_and_followed_while_it_grows(runs):
    folder = partial_run(runs, RECORDS[:5])
    lab = TrainingLab(run="mine")
    assert lab.history == RECORDS[:5]
    assert lab.run is None
    assert "(stopped)" in lab.summary
    with claim(folder):
        wait_for(lambda: "(training)" in lab.summary)
        assert lab.controls.start.disabled
        with (folder / "history.jsonl").open("a") as file:
            file.write(json.dumps(RECORDS[5]) + "\n" + '{"step": 6')
        wait_for(lambda: len(lab.history) == 6)
    shutil.copy(ADAPTERS / "sentiment/run.json", folder / "run.json")
    folder.rename(runs / "mine")
    wait_for(lambda: "(complete)" in lab.summary)
    assert lab.join(SECONDS), "a complete run needs no more looks"
    assert len(lab.history) == 5 + 1


def test_following_ends_with_a_line_when_the_run_is_gone(runs):
    folder = partial_run(runs, RECORDS[:5])
    lab = TrainingLab(run=str(folder))
    assert lab.join(), "a stopped run is not waited for"
    shutil.rmtree(folder)
    wait_for(lambda: "Unknown run" in lab.summary)
    assert lab.history == RECORDS[:5]


def test_redraws_stay_under_ten_a_second(monkeypatch):
    lab = TrainingLab()
    drawn = []
    draw = TrainingLab.draw
    monkeypatch.setattr(
        TrainingLab, "draw", lambda self: drawn.append(time.monotonic()) or draw(self)
    )
    curves = read_curves("sentiment")
    lab._session = session = Session(replace(curves, history=[]), lab._hear_run)

    def work():
        for record in RECORDS:
            session._hear("sentiment", record)
            time.sleep(0.01)

    thread = threading.Thread(target=work)
    start = time.monotonic()
    thread.start()
    thread.join()
    wait_for(lambda: lab._due is None)
    assert lab.history == RECORDS
    assert 1 < len(drawn) <= 10 * (time.monotonic() - start) + 2
    assert f"step {RECORDS[-1]['step']}" in lab.summary


def test_control_to_picture_is_quick(runs):
    partial_run(runs, RECORDS)
    lab = TrainingLab(compare=["mine"])
    times = []
    for number in range(40):
        start = time.process_time()
        lab.patience = number % 10 + 1
        lab.redraw()
        times.append(time.process_time() - start)
    assert sorted(times)[int(0.95 * len(times))] < 0.3


def test_keys_and_pointer_move_the_stop(browser, tmp_path):
    lab = TrainingLab()
    page = open_page(browser, lab.view, Path(tmp_path / "view.html"))
    handle = page.locator("[data-drag=patience]")
    assert handle.get_attribute("aria-valuetext") == "patience 1: stop at step 300"
    handle.press("ArrowRight")
    page.wait_for_function("window.told.length > 0")
    name, value = told(page)[-1]
    assert (name, value["name"]) == ("dragged", "patience")
    lab.view.dragged = value
    assert lab.patience == 2
    lab.redraw()
    page.evaluate("told.length = 0")
    page.evaluate("v => change('picture', v)", lab.view.picture)
    assert page.evaluate("document.activeElement.dataset.drag") == "patience"
    points = page.locator("[data-pick]")
    points.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert told(page)[-1][1]["name"] == "eval-300"
    assert "step 300" in page.locator(".course-readout").inner_text()
    # The pointer's place in the picture is the place of the line.
    box = page.locator("svg[data-track]").bounding_box()
    line = handle.locator("circle").bounding_box()
    page.mouse.move(line["x"] + line["width"] / 2, line["y"] + line["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50, steps=3)
    page.mouse.up()
    page.wait_for_function("Math.abs(told.at(-1)[1].value - 0.5) < 0.01")
    lab.view.dragged = told(page)[-1][1]
    assert lab.patience == 1
    narrow = open_page(browser, lab.view, tmp_path / "narrow.html", width=390)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
