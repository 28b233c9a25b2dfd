"""Metrics of texts and of tags, behind the `evaluate.Metric` interface.

`course.evaluation.overlap` and `course.evaluation.spans` do the work; here it gets the
names and keys that the hub's metrics have. Left out: intervals, which the interface has
no place for.
"""

from datasets import Features, List
from sacrebleu.metrics import CHRF

from course.evaluation import overlap, spans
from course.evaluation.metric_interface import TEXT, TEXTS, CourseMetric


class Bleu(CourseMetric):
    """BLEU from 0 to 1 with its parts, unsmoothed as the hub's.

    `{"bleu", "precisions", "brevity_penalty", "length_ratio", "translation_length",
    "reference_length"}`.
    """

    inputs = TEXTS

    def _compute(self, predictions: list, references: list) -> dict:
        result = overlap.bleu(predictions, references, n_resamples=1)
        details = result.details
        # sacrebleu smooths an order without a match; the hub's metric is 0 there.
        missing = 0 in details["counts"]
        counts = zip(details["counts"], details["totals"], strict=True)
        lengths = details["prediction_length"], details["reference_length"]
        return {
            "bleu": 0.0 if missing else result.score.value / 100,
            "precisions": [right / max(1, total) for right, total in counts],
            "brevity_penalty": details["brevity_penalty"],
            "length_ratio": lengths[0] / max(1, lengths[1]),
            "translation_length": lengths[0],
            "reference_length": lengths[1],
        }


class Sacrebleu(CourseMetric):
    """BLEU from 0 to 100 as sacrebleu prints it.

    `{"score", "counts", "totals", "precisions", "bp", "sys_len", "ref_len"}`.
    """

    inputs = TEXTS

    def _compute(self, predictions: list, references: list) -> dict:
        result = overlap.bleu(predictions, references, n_resamples=1)
        details = result.details
        return {
            "score": result.score.value,
            "counts": details["counts"],
            "totals": details["totals"],
            "precisions": details["precisions"],
            "bp": details["brevity_penalty"],
            "sys_len": details["prediction_length"],
            "ref_len": details["reference_length"],
        }


class Chrf(CourseMetric):
    """chrF2 from 0 to 100; `{"score", "char_order", "word_order", "beta"}`."""

    inputs = TEXTS

    def _compute(self, predictions: list, references: list) -> dict:
        score = overlap.chrf(predictions, references, n_resamples=1).score.value
        orders = {"char_order": CHRF.CHAR_ORDER, "word_order": CHRF.WORD_ORDER}
        return {"score": score, **orders, "beta": CHRF.BETA}


class Rouge(CourseMetric):
    """F-measures from 0 to 1; `{"rouge1", "rouge2", "rougeL", "rougeLsum"}`.

    `compute(..., use_stemmer=False, use_aggregator=True)`; without the aggregator one
    value for each text.
    """

    inputs = TEXTS

    def _compute(
        self,
        predictions: list,
        references: list,
        use_stemmer: bool = False,
        use_aggregator: bool = True,
    ) -> dict:
        scores = overlap.rouge(
            predictions,
            references,
            use_stemmer,
            rouge_types=(*overlap.ROUGE_TYPES, "rougeLsum"),
            n_resamples=1,
        )
        return {
            name: each.score.value if use_aggregator else each.sentences
            for name, each in scores.items()
        }


class SpanF1(CourseMetric):
    """Strict scores of entity spans from BIO tags, with the keys of `seqeval`.

    `{TYPE: {"precision", "recall", "f1", "number"}, "overall_precision",
    "overall_recall", "overall_f1", "overall_accuracy"}`.
    """

    inputs = Features({"predictions": List(TEXT), "references": List(TEXT)})

    def _compute(self, predictions: list, references: list) -> dict:
        result = spans.evaluate_spans(predictions, references, n_resamples=1)
        by_type = {
            name: _values(rows["strict"]) | {"number": result.support[name]}
            for name, rows in result.per_type.items()
        }
        overall = _values(result.overall["strict"])
        tags = [
            one == other
            for pair in zip(predictions, references, strict=True)
            for one, other in zip(*pair, strict=True)
        ]
        return {
            **by_type,
            **{f"overall_{name}": value for name, value in overall.items()},
            "overall_accuracy": sum(tags) / max(1, len(tags)),
        }


def _values(scores: dict) -> dict[str, float]:
    return {name: interval.value for name, interval in scores.items()}
