"""The walk, and how the demo is doing. Alone: pytest tests/course/demo/test_home.py."""

import pytest
from demo_runs import make_run

import course
from course.demo.context import Context
from course.demo.home import MODEL, WALK, health, render_health, walk_model
from course.demo.messages import Say
from course.demo.models import TEXT_LIMIT
from course.monitoring import PredictionLog


def test_the_walk_has_five_steps_and_one_word_changes():
    assert [step.name for step in WALK] == [
        *("classify", "why", "edit", "compare", "feedback")
    ]
    asked, edited = WALK[1].text.split(), WALK[2].text.split()
    assert sum(a != b for a, b in zip(asked, edited, strict=True)) == 1
    assert all(0 < len(step.text) < TEXT_LIMIT for step in WALK)


def test_the_walk_asks_the_shipped_model_if_there_is_one(
    places, tiny_model_dir, first_run
):
    assert walk_model() == "first"
    make_run(places / "runs" / MODEL, tiny_model_dir)
    assert walk_model() == MODEL


def test_without_models_the_walk_asks_none(places):
    assert walk_model() is None


def test_health_before_and_after_the_first_answer(first_run):
    context = Context()
    before = health(context)
    assert before["version"] == course.__version__
    assert (before["offered"], before["loaded"]) == ("1", "none yet")
    assert before["threads"] == before["precision"] == "known after the first answer"
    assert before["log"] == "off"
    context.models.get("first")
    after = health(context)
    assert after["loaded"] == "first"
    assert after["precision"] in {"bf16", "fp32"}
    assert int(after["threads"]) >= 1
    assert float(after["memory"].removesuffix(" MB").replace(",", "")) > 50


def test_health_knows_the_log(places, tmp_path):
    log = PredictionLog(tmp_path / "log.sqlite")
    assert health(Context(log=log))["log"] == "on, texts only with consent"
    log.close()


@pytest.mark.parametrize("language", ["en", "de"])
def test_health_is_a_table_without_markup_of_others(places, tiny_model_dir, language):
    name = "a&b"
    make_run(places / "runs" / name, tiny_model_dir)
    context = Context(say=Say(language))
    context.models.get(name)
    table = render_health(context)
    assert table.count("<tr>") == table.count("</td>") == 7
    assert "a&amp;b" in table
    assert name not in table
    assert context.say("home.health") in table
