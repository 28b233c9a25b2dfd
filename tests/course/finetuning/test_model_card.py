"""Run alone: pytest tests/course/finetuning/test_model_card.py."""

import re

import pytest
from tiny_runs import tiny_info

from course.finetuning.model_card import model_card, write_model_card


@pytest.fixture
def info():
    return tiny_info()


def test_the_card_names_what_was_trained_on_what(info):
    card = model_card("tiny", info)
    assert card.startswith("---\nlibrary_name: transformers\n")
    assert "base_model: minilm\n---\n\n# tiny\n" in card
    assert "Sentences from film reviews (Rotten Tomatoes)" in card
    assert "Labels: negative, positive." in card
    assert "Trained on 320 texts, the step chosen on 40 others." in card
    assert "3 training texts were longer than 64 tokens\nand were cut." in card
    assert "`learning_rate=0.0001`, `num_train_epochs=1.0`" in card


def test_every_score_has_its_interval_and_baseline(info):
    card = model_card("tiny", info)
    assert "n = 100, with 95 %" in card
    assert "| metric | this model | majority |\n|---|---|---|\n" in card
    accuracy = "| accuracy | 0.800 [0.706, 0.867] | 0.500 [0.404, 0.596] |"
    assert accuracy in card
    assert "| f1 | 0.810 [0.720, 0.880] | - |" in card
    assert "| expected_calibration_error | 0.050 | - |" in card


def test_every_row_of_the_table_has_as_many_cells(info):
    card = model_card("tiny", info)
    rows = re.findall(r"^\|.*\|$", card, re.MULTILINE)
    assert {row.count("|") for row in rows} == {4}
    assert len(rows) == 6


def test_a_run_without_baselines(info):
    del info["baselines"]
    assert "| metric | this model |\n|---|---|\n" in model_card("tiny", info)


def test_a_metric_without_a_value_is_a_dash(info):
    info["metrics"]["f1"] |= {"value": None, "low": None, "high": None}
    assert "| f1 | - | - |" in model_card("tiny", info)


def test_a_run_on_a_file_is_named_after_it(info):
    card = model_card("mine", info | {"task": "my\nreviews.csv"})
    assert "Texts of my reviews.csv. Labels: negative" in card
    assert "one source of texts (Texts of my reviews.csv)" in card


def test_odd_labels_stay_on_their_line(info):
    card = model_card("mine", info | {"labels": ["two\nlines", "x" * 1000]})
    assert "Labels: two lines, xxx" in card
    assert max(map(len, card.splitlines())) < 500


def test_the_card_is_written_as_the_readme(info, tmp_path):
    write_model_card(tmp_path, "café", info)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert text == model_card("café", info)
