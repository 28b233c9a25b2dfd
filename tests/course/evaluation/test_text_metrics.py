"""Run alone: pytest tests/course/evaluation/test_text_metrics.py."""

import pytest
import sacrebleu

from course.evaluation.metrics import load_metric

PREDICTIONS = ["the cat sat on the mat", "a dog"]
REFERENCES = ["the cat sat on a mat", "the dog ran"]


def test_bleu_has_the_hubs_keys_and_scale():
    result = load_metric("bleu").compute(
        predictions=PREDICTIONS, references=[[each] for each in REFERENCES]
    )
    theirs = sacrebleu.corpus_bleu(PREDICTIONS, [REFERENCES], smooth_method="none")
    assert result == {
        "bleu": pytest.approx(theirs.score / 100),
        "precisions": pytest.approx([each / 100 for each in theirs.precisions]),
        "brevity_penalty": pytest.approx(theirs.bp),
        "length_ratio": pytest.approx(8 / 9),
        "translation_length": 8,
        "reference_length": 9,
    }


def test_bleu_is_zero_without_a_four_gram():
    metric = load_metric("bleu")
    result = metric.compute(
        predictions=["the cat sat on mats"], references=["the cat ran on mats"]
    )
    assert result["bleu"] == 0
    assert result["precisions"] == pytest.approx([4 / 5, 2 / 4, 0, 0])


def test_references_may_be_one_or_several():
    one = load_metric("bleu").compute(predictions=PREDICTIONS, references=REFERENCES)
    several = load_metric("bleu").compute(
        predictions=PREDICTIONS, references=[[each, each] for each in REFERENCES]
    )
    assert one == several


def test_sacrebleu_has_its_own_names():
    result = load_metric("sacrebleu").compute(
        predictions=PREDICTIONS, references=REFERENCES
    )
    theirs = sacrebleu.corpus_bleu(PREDICTIONS, [REFERENCES])
    for name in ("counts", "totals", "precisions", "bp", "sys_len", "ref_len"):
        assert result[name] == pytest.approx(getattr(theirs, name))
    assert result["score"] == pytest.approx(theirs.score)


def test_chrf_has_the_hubs_keys():
    result = load_metric("chrf").compute(predictions=PREDICTIONS, references=REFERENCES)
    theirs = sacrebleu.corpus_chrf(PREDICTIONS, [REFERENCES])
    expected = {name: getattr(theirs, name) for name in ("char_order", "word_order")}
    assert result == {"score": pytest.approx(theirs.score), "beta": 2, **expected}


def test_rouge_has_the_hubs_keys_and_the_mean():
    result = load_metric("rouge").compute(
        predictions=PREDICTIONS, references=REFERENCES
    )
    assert set(result) == {"rouge1", "rouge2", "rougeL", "rougeLsum"}
    assert result["rouge1"] == pytest.approx((5 / 6 + 2 / 5) / 2)
    by_text = load_metric("rouge").compute(
        predictions=PREDICTIONS, references=REFERENCES, use_aggregator=False
    )
    assert by_text["rouge1"] == pytest.approx([5 / 6, 2 / 5])


def test_rouge_lsum_goes_line_by_line():
    result = load_metric("rouge").compute(
        predictions=["a b\nc d"], references=["c d\na b"]
    )
    assert result["rougeL"] == 0.5
    assert result["rougeLsum"] == 1


def test_span_f1_has_the_keys_of_seqeval():
    """One person cut short, one place found; 3 of 4 tags equal."""
    for name in ("span_f1", "seqeval"):
        result = load_metric(name).compute(
            predictions=[["B-PER", "O", "O", "B-LOC"]],
            references=[["B-PER", "I-PER", "O", "B-LOC"]],
        )
        assert result == {
            "PER": {"precision": 0, "recall": 0, "f1": 0, "number": 1},
            "LOC": {"precision": 1, "recall": 1, "f1": 1, "number": 1},
            "overall_precision": 0.5,
            "overall_recall": 0.5,
            "overall_f1": 0.5,
            "overall_accuracy": 0.75,
        }
