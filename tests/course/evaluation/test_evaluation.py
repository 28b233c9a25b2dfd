"""Run alone: pytest tests/course/evaluation/test_evaluation.py.

The classifier is a stand-in that reads the label off the text, so that every number is
known; how a real one predicts is `test_inference.py`'s.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from course import data, evaluation, inference, runs
from course.errors import CourseError
from course.evaluation import compare_runs, evaluate_run, slices


@pytest.fixture
def table(tmp_path):
    """A file of 80 texts; "good" and "bad" tell the label."""
    path = tmp_path / "reviews.csv"
    rows = [f"good film {i},positive\nbad film {i},negative" for i in range(40)]
    path.write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def make_run(table, monkeypatch):
    """Make runs whose classifier is wrong about the texts that hold a given word."""
    load_task = data.load_task
    task = SimpleNamespace(positive_label=None)
    monkeypatch.setitem(data.TASKS, "tiny", task)
    monkeypatch.setattr(
        data, "load_task", lambda _, seed, *__: load_task(str(table), seed)
    )

    def make(name="right", wrong_about="never", seed=0):
        dataset = load_task(str(table), seed)
        return SimpleNamespace(
            name=name,
            task="tiny",
            labels=["negative", "positive"],
            config={"seed": seed},
            info={"data": {"fingerprint": data.fingerprint(dataset)}},
            wrong_about=wrong_about,
        )

    class Classifier:
        def __init__(self, run):
            self.run = run

        def predict(self, texts):
            good = [
                ("good" in text) != (self.run.wrong_about in text) for text in texts
            ]
            probabilities = np.where(np.array(good)[:, None], [0.2, 0.8], [0.8, 0.2])
            truncated = np.array(["long" in text for text in texts])
            return SimpleNamespace(probabilities=probabilities, truncated=truncated)

    monkeypatch.setattr(inference, "Classifier", Classifier)
    monkeypatch.setattr(runs, "open_run", lambda run: run)
    return make


def test_a_run_is_measured_on_its_own_test_split(make_run, table):
    run = make_run(wrong_about="bad", seed=3)
    result = evaluate_run(run)
    test = data.load_task("tiny", 3)["test"]
    assert result.n == len(test)
    assert result.labels == ["negative", "positive"]
    assert result.metrics["accuracy"].value == np.mean(np.array(test["label"]) == 1)


def test_another_split_can_be_named(make_run, table):
    run = make_run()
    expected = len(data.load_task("tiny", 0)["validation"])
    assert evaluate_run(run, split="validation").n == expected
    with pytest.raises(CourseError, match=r"Unknown split 'tset'.*'test'"):
        evaluate_run(run, split="tset")


def test_changed_data_is_refused(make_run, table):
    run = make_run()
    text = table.read_text(encoding="utf-8")
    table.write_text(text + "good new film,positive\n", encoding="utf-8")
    with pytest.raises(CourseError, match="The data of right changed"):
        evaluate_run(run)


def test_a_designated_label_gets_its_own_f1(make_run, table, monkeypatch):
    run = make_run()
    assert "f1" not in evaluate_run(run, table).metrics
    monkeypatch.setattr(data.TASKS["tiny"], "positive_label", "positive")
    metrics = evaluate_run(run, table).metrics
    assert metrics["f1"].value == metrics["f1_macro"].value == 1


def test_a_run_is_measured_on_a_file(make_run, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "words,kind\ngood one,positive\nbad long one,negative\nbad,positive\n",
        encoding="utf-8",
    )
    result = evaluate_run(make_run(), path, text_column="words", label_column="kind")
    assert result.confusion.tolist() == [[1, 0], [1, 1]]
    assert result.truncated == 1


def test_labels_of_a_file_must_be_the_runs(make_run, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("text,label\ngood,positive\nbad,angry\n", encoding="utf-8")
    with pytest.raises(CourseError, match="does not know: 'angry'; it knows negative,"):
        evaluate_run(make_run(), path)


def test_a_file_with_one_label_gives_the_accuracy(make_run, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text('{"text": "good", "label": "positive"}\n' * 3, encoding="utf-8")
    result = evaluate_run(make_run(), path)
    assert result.metrics["accuracy"].value == 1
    assert "roc_auc" in result.omitted


def test_a_file_without_rows_is_refused(make_run, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("text,label\n", encoding="utf-8")
    with pytest.raises(CourseError, match="no row"):
        evaluate_run(make_run(), path)


def test_a_model_without_a_task_needs_a_file(make_run):
    run = make_run()
    for task in (None, "mine.csv"):
        run.task = task
        with pytest.raises(CourseError, match="name a file of other texts"):
            evaluate_run(run)


def test_two_runs_are_compared_text_by_text(make_run):
    worse = make_run("worse", wrong_about="bad")
    result = compare_runs(make_run("better"), worse)
    assert result.better == "better"
    assert (result.only_a, result.only_b) == (6, 0)  # the test split's "bad" ones
    assert compare_runs(worse, worse).better is None


def test_runs_of_different_splits_are_not_compared(make_run):
    with pytest.raises(CourseError, match="not trained on the same data and split"):
        compare_runs(make_run("a", seed=0), make_run("b", seed=1))


def test_runs_that_do_not_name_their_data_are_not_compared(make_run):
    first, second = make_run("a"), make_run("b")
    first.info = second.info = {}
    with pytest.raises(CourseError, match="not trained on the same data and split"):
        compare_runs(first, second)


def test_slices_come_worst_first():
    right = np.array([True, False, False, True, True])
    found = slices(right, ["short", "long", "long", "short", "long"])
    assert [(name, each.n) for name, each in found.items()] == [
        ("long", 3),
        ("short", 2),
    ]
    assert found["long"].value == pytest.approx(1 / 3)
    assert found["long"].high > 0.7  # Wilson: three texts tell little


def test_slices_of_numbers_are_means_with_bootstrap():
    losses = np.array([1.0, 3.0, 10.0, 12.0])
    found = slices(losses, [2, 2, 1, 1])
    assert {name: each.value for name, each in found.items()} == {"2": 2, "1": 11}
    assert (found["1"].low, found["1"].high) == (10, 12)


def test_slices_of_different_lengths_are_refused():
    with pytest.raises(CourseError, match="1 and 2 items came"):
        slices([True], ["a", "b"])


def test_the_curves_are_at_hand_here_too():
    assert evaluation.roc_curve([0.1, 0.9], [0, 1])["area"] == 1
