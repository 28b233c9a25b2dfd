"""Time explanations against shap as its documentation shows it, in one process.

    python benchmarks/explanation.py --texts 3

The peer is `shap.Explainer(pipeline)` with a Hugging Face pipeline of the same model in
fp32: it masks strings, calls the model row by row and does not say when its budget was
too small. Ours explains the same tokens over the same tree with the same budget. Both
run on this process's threads, in turn on each text; the ratios count, not the seconds.

"From fp32" compares our values with ours in fp32 on the same masks. "From shap" is the
distance to the peer's values, on shorter sentences for which its budget suffices, and
only where every string that it masked is read as the tokens that were meant; elsewhere
it explains other inputs.
"""

import argparse
import json
import time
from typing import Any

import numpy as np
import shap
import transformers

from course import hardware
from course.data import load_task
from course.explanation import explain
from course.inference import Classifier

MAX_EVALS = 500  # shap's default


def choose_texts(classifier: Classifier, count: int, length: int = 24) -> list[str]:
    """Take the first test sentences of about that many tokens, special ones too."""
    texts = load_task("sentiment")["test"]["text"]
    ids, _ = classifier.encode(list(texts))
    near = [t for t, row in zip(texts, ids, strict=True) if abs(len(row) - length) <= 2]
    return near[:count]


class Peer:
    """shap's default explainer, and a record of the strings that it masked."""

    def __init__(self, classifier: Classifier) -> None:
        """Build a pipeline around the same weights, in fp32 as it would load them."""
        transformers.logging.set_verbosity_error()
        self.tokenizer = classifier.run.tokenizer()
        pipeline = transformers.pipeline(
            "text-classification",
            model=classifier.run.model(),
            tokenizer=self.tokenizer,
            top_k=None,
        )
        self.explainer = shap.Explainer(pipeline)
        self.strings: list[str] = []
        self.explainer.model.inner_model = self._recorded(pipeline)

    def _recorded(self, pipeline: Any) -> Any:
        def call(strings: list[str]) -> Any:
            self.strings += strings
            return pipeline(strings)

        return call

    def explain(self, text: str, label: str) -> tuple[np.ndarray, float]:
        """Return the tokens' values without the special ones, and the seconds."""
        self.strings.clear()
        start = time.perf_counter()
        explanation = self.explainer([text], silent=True)
        seconds = time.perf_counter() - start
        names = list(explanation.output_names)
        return explanation.values[0][1:-1, names.index(label)], seconds

    def share_as_meant(self, text: str) -> float:
        """Return the share of the strings that are the text's tokens, some masked."""
        tokens = np.array(self.tokenizer(text)["input_ids"])
        read = [np.array(row) for row in self.tokenizer(self.strings)["input_ids"]]
        mask = self.tokenizer.mask_token_id
        return float(
            np.mean(
                [
                    len(row) == len(tokens)
                    and bool(np.all((row == tokens) | (row == mask)))
                    for row in read
                ]
            )
        )


def measure(text: str, peer: Peer, run: str, repeats: int = 1) -> dict[str, Any]:
    """Explain one text in all the ways and return what is to be compared.

    Args:
        text: The text.
        peer: shap's explainer.
        run: The run of our classifiers.
        repeats: How often each is timed; its shortest time counts.
    """
    options = {"unit": "token", "output": "probability", "max_evals": MAX_EVALS}
    their_seconds, tokens, words = [], [], []
    for _ in range(repeats):
        # A new classifier each time, because it remembers the rows it has computed.
        tokens.append(explain(Classifier(run), text, **options))
        words.append(explain(Classifier(run), text, max_evals=MAX_EVALS))
        theirs, seconds = peer.explain(text, tokens[0].report.target)
        their_seconds.append(seconds)
    ours, by_word = tokens[0], words[0]
    same = options | {"target": ours.report.target}
    in_fp32 = explain(Classifier(run, precision="fp32"), text, **same)
    # A peer that stops short of its budget had nothing left to ask.
    complete = len(peer.strings) < MAX_EVALS - 1 and ours.report.complete
    as_meant = peer.share_as_meant(text)
    comparable = complete and as_meant == 1
    return {
        "tokens": len(ours.values) + 2,
        "seconds_shap": min(their_seconds),
        "rows_shap": len(peer.strings),
        "seconds": min(explanation.report.seconds for explanation in tokens),
        "rows": ours.report.evaluations,
        "complete": ours.report.complete,
        "seconds_words": min(explanation.report.seconds for explanation in words),
        "rows_words": by_word.report.evaluations,
        "from_fp32": _distance(ours.values, in_fp32.values),
        "masks_as_meant": as_meant,
        "from_shap": _distance(ours.values, theirs) if comparable else None,
        "fp32_from_shap": _distance(in_fp32.values, theirs) if comparable else None,
        "additivity_gap": ours.report.additivity_gap,
    }


def _distance(values: np.ndarray, others: np.ndarray) -> float:
    return float(np.abs(values - others).max())


def summarise(rows: list[dict], shorter: list[dict], precision: str) -> dict:
    """Sum up the time of the texts, and how far values are apart, also on shorter ones.

    Args:
        rows: What `measure` returned for the texts that are timed.
        shorter: The same for those only compared.
        precision: Of our fast classifier.
    """
    total = {key: sum(row[key] for row in rows) for key in rows[0] if "seconds" in key}
    compared = [row for row in rows + shorter if row["from_shap"] is not None]
    return {
        "precision": precision,
        "threads": hardware.threads(),
        "texts": len(rows),
        "seconds_shap": total["seconds_shap"] / len(rows),
        "seconds": total["seconds"] / len(rows),
        "seconds_words": total["seconds_words"] / len(rows),
        "ratio": total["seconds_shap"] / total["seconds"],
        "ratio_words": total["seconds_shap"] / total["seconds_words"],
        "from_fp32": max(row["from_fp32"] for row in rows + shorter),
        "compared_with_shap": len(compared),
        "from_shap": max((row["from_shap"] for row in compared), default=None),
        "fp32_from_shap": max(
            (row["fp32_from_shap"] for row in compared), default=None
        ),
        "additivity_gap": max(row["additivity_gap"] for row in rows + shorter),
    }


def show(rows: list[dict], summary: dict) -> None:
    """Print a line per text and the summary."""
    print(
        "tokens   shap s  rows   ours s  rows  words s  rows  from fp32 from shap meant"
    )
    for row in rows:
        apart = "-" if row["from_shap"] is None else f"{row['from_shap']:.4f}"
        print(
            f"{row['tokens']:6} {row['seconds_shap']:8.2f} {row['rows_shap']:5} "
            f"{row['seconds']:8.2f} {row['rows']:5} {row['seconds_words']:8.2f} "
            f"{row['rows_words']:5} {row['from_fp32']:10.4f} {apart:>9} "
            f"{row['masks_as_meant']:5.0%}"
        )
    print(
        f"\n{summary['texts']} texts of about 24 tokens, {summary['threads']} threads, "
        f"ours in {summary['precision']}:\n"
        f"{summary['ratio']:.1f} times as fast by token, "
        f"{summary['ratio_words']:.1f} times by word\n"
        f"largest difference of a value, as a probability: {summary['from_fp32']:.4f} "
        f"from fp32 on the same masks; additivity gap {summary['additivity_gap']:.1e}"
    )
    if summary["compared_with_shap"]:
        print(
            f"from shap's own values, where its strings are the tokens meant "
            f"({summary['compared_with_shap']} texts): {summary['from_shap']:.4f}, "
            f"ours in fp32 {summary['fp32_from_shap']:.1e}"
        )


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--run", default="sentiment", help="a run's name or path")
    parser.add_argument("--texts", type=int, default=3, help="how many sentences")
    parser.add_argument("--repeats", type=int, default=2, help="shortest time counts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    classifier = Classifier(options.run)
    peer = Peer(classifier)
    texts = choose_texts(classifier, options.texts)
    shorter = choose_texts(classifier, 3, length=16)
    measure(shorter[0], peer, options.run)  # shap compiles at its first call
    rows = [measure(text, peer, options.run, options.repeats) for text in texts]
    apart = [measure(text, peer, options.run) for text in shorter]
    summary = summarise(rows, apart, classifier.precision)
    if options.json:
        print(json.dumps(summary | {"rows": rows, "shorter": apart}))
    else:
        show(rows + apart, summary)


if __name__ == "__main__":
    main()
