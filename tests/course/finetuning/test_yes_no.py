"""Yes/no questions: the pairs, their segments, and the record of who answers how."""

import json

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from course import assets
from course.finetuning import yes_no
from course.finetuning.yes_no import Pair


@pytest.fixture(scope="module")
def pairs():
    return yes_no.load_pairs()


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(assets.path("minilm"))


# --- The pairs ------------------------------------------------------------------------


def test_no_article_stands_on_both_sides(pairs):
    learned_from, test = pairs
    assert {p.title for p in learned_from}.isdisjoint(p.title for p in test)
    assert all(p.question and p.passage and p.title for p in (*learned_from, *test))


def test_every_training_question_is_there_if_asked_for(pairs):
    every, test = yes_no.load_pairs(new_articles=False)
    assert (len(every), len(test)) == (9427, 3270)  # as published
    measured_on = {(p.question, p.title) for p in test}
    assert not measured_on & {(p.question, p.title) for p in every}
    assert set(pairs[0]) < set(every)


def test_passages_do_not_begin_with_their_title(pairs):
    for part in pairs:
        begun = sum(p.passage.startswith(f"{p.title} -- ") for p in part)
        assert begun <= 2  # published with the title twice


# --- How a pair becomes an input ------------------------------------------------------


def test_segments_are_the_tokenizers(pairs, tokenizer):
    some = pairs[1][:5]
    batch = tokenizer(
        [p.question for p in some],
        [p.passage for p in some],
        padding=True,
        return_tensors="pt",
    )
    found = yes_no.segments(batch["input_ids"])
    assert torch.equal(found, batch["token_type_ids"])
    assert found.any()


def test_a_question_alone_is_one_segment(pairs, tokenizer):
    batch = tokenizer([pairs[1][0].question, "is it"], padding=True)
    assert not yes_no.segments(torch.tensor(batch["input_ids"])).any()


def test_the_passage_is_cut_and_the_question_stays(tokenizer):
    question = "is it long " * 40  # longer than what is left for the passage
    pair = Pair(question, "very long " * 400, "Length", True)
    (row,) = yes_no.encode_pairs([pair], [pair.passage])
    assert len(row) == yes_no.MAX_LENGTH
    begin = tokenizer(question)["input_ids"]
    assert row[: len(begin)] == begin
    assert row[-1] == tokenizer.sep_token_id
    assert yes_no.encode_pairs([pair], None) == [begin]


def test_classifier_uses_segments_and_leaves_pads_out(tokenizer):
    model = yes_no.PairClassifier().eval()
    rows = tokenizer(["is it red", "is it"], ["the car is red", "yes"])["input_ids"]
    alone = tokenizer("is it", "yes", return_tensors="pt")
    with torch.inference_mode():
        found = model.features(rows)
        right = model.encoder(**alone).last_hidden_state.mean(1)
        alone["token_type_ids"] *= 0
        blind = model.encoder(**alone).last_hidden_state.mean(1)
    assert torch.allclose(found[1], right[0], atol=1e-5)
    assert not torch.allclose(found[1], blind[0], atol=1e-3)


# --- The measurement ------------------------------------------------------------------


class SaysLength(torch.nn.Module):
    """A stub: label 1 for rows of an even length."""

    def forward(self, rows):
        even = torch.tensor([len(row) % 2 == 0 for row in rows]).float()
        return torch.stack([1 - even, even], dim=1)


def test_predictions_come_in_the_order_of_the_rows():
    rows = [[0] * length for length in (5, 2, 9, 4, 4, 1) * 30]
    said = yes_no.predict(SaysLength(), rows)
    assert said.tolist() == [0, 1, 0, 1, 1, 0] * 30


def test_measuring_writes_what_is_read(tmp_path, monkeypatch, capsys):
    words = ("red", "blue", "big", "small")
    some = [
        Pair(f"is it {w}", f"it is {w}", w, i % 2 == 0) for i, w in enumerate(words)
    ]
    monkeypatch.setattr(yes_no, "FILE", tmp_path / "new" / "record.json")
    monkeypatch.setattr(yes_no, "EPOCHS", 1)
    monkeypatch.setattr(yes_no, "load_pairs", lambda: (some, some))
    yes_no.record()
    right = yes_no.recorded()
    assert tuple(right) == yes_no.METHODS
    assert right["always yes"].tolist() == [True, False, True, False]
    assert all(answers.shape == (4,) for answers in right.values())
    settings = yes_no.recorded_settings()
    assert (settings["train"], settings["test"], settings["epochs"]) == (4, 4, 1)
    assert "always yes     0.500 of 4" in capsys.readouterr().out


# --- The record -----------------------------------------------------------------------


def test_record_is_whole_and_small(pairs):
    record = json.loads(yes_no.FILE.read_text("utf-8"))
    assert yes_no.FILE.stat().st_size < 30_000
    assert tuple(record["answers"]) == yes_no.METHODS
    truth = "".join(str(int(pair.yes)) for pair in pairs[1])
    assert record["truth"] == truth
    assert {len(said) for said in record["answers"].values()} == {len(truth)}
    assert {*"".join(record["answers"].values())} == {"0", "1"}


def test_settings_of_the_record_are_those_of_the_script(pairs):
    settings = yes_no.recorded_settings()
    assert settings["train"] == len(pairs[0])
    assert settings["test"] == len(pairs[1])
    assert settings["max_length"] == yes_no.MAX_LENGTH
    assert settings["epochs"] == yes_no.EPOCHS
    assert settings["seed"] == yes_no.SEED
    assert all(seconds > 0 for seconds in settings["seconds"].values())


def test_measuring_a_baseline_again_gives_what_was_recorded(pairs):
    answers = yes_no.tfidf_answers(*pairs)
    right = answers == [pair.yes for pair in pairs[1]]
    assert np.mean(right != yes_no.recorded()["tfidf"]) < 0.005
