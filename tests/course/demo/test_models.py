"""Models by name, never by path, and few at a time.

Alone: pytest tests/course/demo/test_models.py
"""

import threading
import time

import pytest
from demo_runs import make_run

from course import inference
from course.demo.models import (
    TEXT_LIMIT,
    LoadedModels,
    check_text,
    classify_texts,
    find_run,
    list_models,
)
from course.errors import CourseError


@pytest.fixture
def loads(monkeypatch):
    """The names of the models that were loaded, in order; none really is."""
    names = []

    class Stub:
        def __init__(self, run):
            time.sleep(0.05)  # as long as two threads need to meet
            names.append(run.name)

    monkeypatch.setattr(inference, "Classifier", Stub)
    return names


def test_adapters_come_first_then_runs_newest_first(places, tiny_model_dir):
    for name, day in [("old", 1), ("new", 3), ("middle", 2)]:
        make_run(places / "runs" / name, tiny_model_dir, changed=day * 86400)
    for name in ["topic", "sentiment"]:
        make_run(places / "adapters" / name, tiny_model_dir)
    assert list(list_models()) == ["sentiment", "topic", "new", "middle", "old"]


def test_a_run_takes_the_place_of_an_adapter_of_its_name(places, tiny_model_dir):
    make_run(places / "adapters" / "sentiment", tiny_model_dir)
    own = make_run(places / "runs" / "sentiment", tiny_model_dir)
    assert list(list_models()) == ["sentiment"]
    assert find_run("sentiment").path == list_models()["sentiment"].path == own


def test_damaged_models_are_left_out(places, tiny_model_dir, first_run):
    for parent in ("runs", "adapters"):
        damaged = make_run(places / parent / f"damaged-{parent}", tiny_model_dir)
        (damaged / "model.safetensors").unlink()
    assert list(list_models()) == [first_run]


@pytest.mark.parametrize("name", ["../first", "first/", ".", "", "/etc", None, ["x"]])
def test_only_listed_names_are_opened(first_run, name):
    with pytest.raises(CourseError, match="Unknown model"):
        find_run(name)


def test_the_path_of_a_run_is_refused(places, first_run):
    with pytest.raises(CourseError, match="Unknown model"):
        find_run(str(places / "runs" / first_run))


def test_a_very_long_name_is_not_repeated_whole(first_run):
    with pytest.raises(CourseError) as caught:
        find_run("x" * 100_000)
    assert len(str(caught.value)) < 300


def test_without_any_model_it_says_how_to_get_one(places):
    assert list_models() == {}
    with pytest.raises(CourseError, match="course train sentiment"):
        find_run("sentiment")


def test_texts_up_to_the_limit_pass_unchanged():
    for text in [" a ", "x" * TEXT_LIMIT, "😀", "\u0000"]:
        assert check_text(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * (TEXT_LIMIT + 1), "10,001 characters, at most 10,000"),
        (" \n\t", "empty"),
        ("", "empty"),
        (None, "NoneType came where a text"),
        (["a text"], "list came where a text"),
    ],
)
def test_texts_that_will_not_do(text, message):
    with pytest.raises(CourseError, match=message):
        check_text(text)


def test_a_model_is_loaded_once(first_run, loads):
    models = LoadedModels()
    assert models.get(first_run) is models.get(first_run)
    assert loads == [first_run]


def test_two_first_requests_load_once(first_run, loads):
    models = LoadedModels()
    threads = [threading.Thread(target=models.get, args=[first_run]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [first_run]


def test_the_least_recently_used_model_goes_first(places, tiny_model_dir, loads):
    for name in "abc":
        make_run(places / "runs" / name, tiny_model_dir)
    models = LoadedModels(capacity=2)
    for name in "abacab":  # c puts b out, not a, which was used in between
        models.get(name)
    assert loads == ["a", "b", "c", "b"]


def test_a_run_trained_again_is_loaded_again(places, tiny_model_dir, loads):
    make_run(places / "runs" / "a", tiny_model_dir, changed=86400)
    models = LoadedModels()
    models.get("a")
    (places / "runs" / "a").rename(places / "before")
    make_run(places / "runs" / "a", tiny_model_dir, changed=2 * 86400)
    models.get("a")
    assert loads == ["a", "a"]


def test_texts_for_several_models_are_answered_in_order(places, tiny_model_dir):
    make_run(places / "runs" / "a", tiny_model_dir)
    make_run(places / "runs" / "b", tiny_model_dir, labels=["ham", "spam"])
    models = LoadedModels()
    texts = ["One.", "A much longer text than the others are.", "Two.", "Three, 3."]
    names = ["a", "b", "b", "a"]
    answers = classify_texts(models, texts, names)
    for text, name, answer in zip(texts, names, answers, strict=True):
        alone = models.get(name).predict([text])
        assert answer["label"] == alone.labels[0]
        assert answer["confidence"] == pytest.approx(
            alone.probabilities.max(), abs=0.01
        )


def test_one_text_that_will_not_do_harms_no_other(first_run, monkeypatch):
    sizes = []
    predict = inference.Classifier.predict

    def count(self, texts):
        sizes.append(len(texts))
        return predict(self, texts)

    monkeypatch.setattr(inference.Classifier, "predict", count)
    texts = ["Good.", "", "Good.", 7, "Good.", "Good."]
    names = [first_run] * 4 + ["../gone", {"x": 1}]
    outcomes = classify_texts(LoadedModels(), texts, names)
    assert sizes == [2]
    assert outcomes[0] == outcomes[2]
    errors = ["empty", "int came", "Unknown model '../gone'", "Unknown model"]
    for place, words in zip([1, 3, 4, 5], errors, strict=True):
        assert isinstance(outcomes[place], CourseError)
        assert words in str(outcomes[place])


def test_no_texts_are_no_answers():
    assert classify_texts(LoadedModels(), [], []) == []
