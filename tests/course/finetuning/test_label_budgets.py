"""The recorded learning curves are whole, small, and read as they were written."""

import json

import pytest

from course.evaluation.intervals import wilson
from course.finetuning import label_budgets
from course.finetuning.label_budgets import Row


def test_each_way_was_measured_at_each_budget():
    rows = label_budgets.recorded()
    found = {(row.method, row.labels) for row in rows}
    budgets = label_budgets.EPOCHS
    assert found == {(m, k) for m in label_budgets.METHODS for k in budgets}
    assert len(rows) == len(found)


def test_draws_and_counts_are_as_the_settings_say():
    for row in label_budgets.recorded():
        cheap = row.method in ("tfidf", "frozen")
        seeds = label_budgets.CHEAP_SEEDS if cheap else label_budgets.SEEDS
        assert len(row.correct) == seeds[row.labels]
        assert row.n == label_budgets.TEST
        assert all(0 < count < row.n for count in row.correct)
        assert row.seconds > 0


def test_record_is_small():
    assert label_budgets.FILE.stat().st_size < 30_000


def test_row_gives_mean_interval_and_spread():
    row = Row("tfidf", 50, [60, 80], 100, 1.0)
    assert row.accuracy == wilson(70, 100)
    assert row.spread == (0.6, 0.8)


@pytest.mark.parametrize("kind", ["domain", "forgetting", "spam"])
def test_transfer_is_recorded_with_its_number_of_texts(kind):
    for accuracy in label_budgets.recorded_transfer(kind).values():
        assert 0 < accuracy.low < accuracy.value < accuracy.high < 1
        assert accuracy.n >= 300


def test_rates_of_the_record_are_those_of_the_settings():
    rates = [str(rate) for rate in label_budgets.RATES]
    assert list(label_budgets.recorded_transfer("spam")) == rates
    assert list(label_budgets.recorded_transfer("forgetting")) == ["before", *rates]


def test_measuring_a_baseline_again_gives_what_was_recorded():
    data = label_budgets.Splits("sentiment", 64, label_budgets.POOL, label_budgets.TEST)
    (row,) = (
        row
        for row in label_budgets.recorded()
        if (row.method, row.labels) == ("tfidf", 50)
    )
    count, model = label_budgets._measure(data, {}, "tfidf", 50, seed=1)
    assert model is None
    assert abs(count - row.correct[1]) <= 5


def test_written_is_what_is_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(label_budgets, "FILE", tmp_path / "new" / "record.json")
    row = Row("tfidf", 50, [600], 1000, 1.0)
    label_budgets._write({"rows": [vars(row)], "domain": {"a": [1, 2]}}, "a line")
    assert label_budgets.recorded() == [row]
    assert label_budgets.recorded_transfer("domain") == {"a": wilson(1, 2)}
    assert capsys.readouterr().out == "a line\n"
    assert json.loads(label_budgets.FILE.read_text("utf-8"))["rows"]
