"""Draw what BLEU and ROUGE count in one text, and the arithmetic of the score.

The texts come first (`course.views.ngrams`, or the ladder of ROUGE-L), then the steps
from the counts to the score (`course.views.score_steps`). Left out: counting, which is
`course.evaluation.ngrams`'.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from course.evaluation.ngrams import ROUGE_ORDERS
from course.views.drawing import Drawing
from course.views.explanation import visible
from course.views.ladder import draw_ladder
from course.views.ngrams import STATES, Gram, Seen, draw_text, said, seen_ngrams
from course.views.score_steps import bleu_steps, rouge_steps
from course.views.shown import escape

MOST_REFERENCES = 6  # drawn; all are counted
MOST_ROWS = 200  # of the table
_KEY = ", ".join(f"{sign} {state}" for state, (sign, _) in STATES.items())


def draw_bleu(
    data: Mapping,
    n: int = 1,
    picked: Gram = (),
    kept: tuple[int, int] | None = None,
) -> Drawing:
    """Draw one text's BLEU.

    Args:
        data: From `course.evaluation.ngrams.ngram_matches`.
        n: Length of the n-grams to light, from 1 to the longest in `data`; the others
            can be picked as "order n".
        picked: An n-gram whose counts the sentence tells.
        kept: Words of the prediction, and of the text that it was cut from: draws a
            handle, "length", to cut it; default none.

    Example:
        >>> from course.evaluation.ngrams import ngram_matches
        >>> draw_bleu(ngram_matches("the the", ["the cat"], max_order=2)).summary
        'BLEU 50.0 of 100: 1 of 2 1-grams and 0 of 1 2-gram count, brevity penalty
        1.000.'
    """
    seen = seen_ngrams(data["orders"][n - 1], data["reference_tokens"], n)
    lanes = [_heading("Prediction", data["tokens"], "tokens")]
    lanes.append(draw_text(data["tokens"], 0, seen, n, picked))
    for number, tokens in enumerate(data["reference_tokens"][:MOST_REFERENCES], 1):
        lanes.append(_heading(f"Reference {number}", tokens, "tokens"))
        lanes.append(draw_text(tokens, number, seen, n, picked))
    lanes.append(_more(data["reference_tokens"]))
    lanes.append(f"<p><small>{n}-grams: {_KEY}</small></p>")
    counts = zip(data["counts"], data["totals"], strict=True)
    orders = [
        f"{count:,} of {total:,} {order}-gram{'s' * (total != 1)}"
        for order, (count, total) in enumerate(counts, start=1)
        if total
    ]
    summary = (
        f"BLEU {data['score']:.1f} of 100: {_joined(orders) or 'no n-gram'} count, "
        f"brevity penalty {data['brevity_penalty']:.3f}."
    )
    if picked in seen:
        summary = f"{said(picked, seen[picked])}. {summary}"
    picture = "".join(lanes) + bleu_steps(data, n, kept)
    return Drawing(picture, summary, _table(data["orders"]))


def draw_rouge(data: Mapping, rouge_type: str, picked: Gram = ()) -> Drawing:
    """Draw one text's ROUGE.

    Args:
        data: From `course.evaluation.ngrams.rouge_matches`.
        rouge_type: "rouge1", "rouge2" or "rougeL", as for `data`.
        picked: An n-gram, of ROUGE-L a word, whose counts the sentence tells.

    Example:
        >>> from course.evaluation.ngrams import rouge_matches
        >>> data = rouge_matches("the cat sat", ["sat the cat"], "rougeL")
        >>> draw_rouge(data, "rougeL").summary
        'ROUGE-L F 0.667 of 1: 2 of 3 words of the prediction (precision 0.667) and of 3
        of the reference (recall 0.667) count.'
    """
    best = data["reference_tokens"][data["reference"]]
    n = ROUGE_ORDERS[rouge_type] or 1
    if rouge_type == "rougeL":
        what, rows = "words", _subsequence_words(data["tokens"], best, data["pairs"])
    else:
        what, rows = f"{n}-grams", data["orders"][0]
    seen = seen_ngrams(rows, [best], n)
    matches = sum(row["matches"] for row in rows)
    totals = [max(0, len(words) - n + 1) for words in (data["tokens"], best)]
    name = rouge_type.replace("rouge", "ROUGE-")
    summary = (
        f"{name} F {data['fmeasure']:.3f} of 1: {matches:,} of {totals[0]:,} {what} of "
        f"the prediction (precision {data['precision']:.3f}) and of {totals[1]:,} of "
        f"the reference (recall {data['recall']:.3f}) count."
    )
    if picked in seen:
        summary = f"{said(picked, seen[picked], 'the reference')}. {summary}"
    clipped = [] if rouge_type == "rougeL" else rows  # order, not clipping, takes away
    picture = (
        f"{_rouge_texts(data, rouge_type, n, seen, picked)}{_others(data)}"
        f"{rouge_steps(data, name, matches, totals, what, clipped)}"
    )
    return Drawing(picture, summary, _table([rows]))


# --- Texts -------------------------------------------------------------------------


def _rouge_texts(
    data: Mapping, rouge_type: str, n: int, seen: Mapping[Gram, Seen], picked: Gram
) -> str:
    """The prediction and the best reference: below each other, or as a ladder."""
    tokens, best = data["tokens"], data["reference_tokens"][data["reference"]]
    prediction = _heading("Prediction", tokens, "words")
    name = f"Reference {data['reference'] + 1}" + " (the best)" * bool(_others(data))
    reference = _heading(name, best, "words")
    if rouge_type == "rougeL":
        sides = "display:grid;grid-template-columns:60% 40%;max-width:30em"
        key = "✓ in a longest common subsequence; dashes: equal words out of its order"
        return (
            f'<div style="{sides}">{prediction}{reference}</div>'
            f"{draw_ladder(tokens, best, data['pairs'], seen, picked)}"
            f"<p><small>{key}</small></p>"
        )
    where = "the reference"
    return (
        f"{prediction}{draw_text(tokens, 0, seen, n, picked, where)}"
        f"{reference}{draw_text(best, 1, seen, n, picked, where)}"
        f"<p><small>{n}-grams: {_KEY}</small></p>"
    )


def _heading(name: str, tokens: Sequence[str], what: str) -> str:
    return f"<p><small><b>{name}</b>, {len(tokens):,} {what}</small></p>"


def _more(references: Sequence[object]) -> str:
    more = len(references) - MOST_REFERENCES
    return f"<p>… and {more:,} more references, which count too.</p>" * (more > 0)


def _others(data: Mapping) -> str:
    """The references that ROUGE leaves out, because another one scores higher."""
    lines = [
        f"<p><small>Reference {number + 1} has F {value:.3f} and is left out: "
        f"{escape(visible(' '.join(tokens)))}</small></p>"
        for number, (value, tokens) in enumerate(
            zip(data["fmeasures"], data["reference_tokens"], strict=True)
        )
        if number != data["reference"]
    ]
    return "".join(lines[:MOST_REFERENCES])


def _subsequence_words(
    tokens: Sequence[str], reference: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> list[dict]:
    """The words as `ngram_matches` has n-grams; those in the subsequence count."""
    counts, others = Counter(tokens), Counter(reference)
    matches = Counter(tokens[i] for i, _ in pairs)
    return [
        {
            "ngram": [word],
            "count": count,
            "reference_count": others[word],
            "matches": matches[word],
        }
        for word, count in counts.items()
    ]


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _table(orders: Sequence[Sequence[Mapping]]) -> str:
    """Each n-gram of the prediction with its counts, the longest last."""
    rows = [row for order in orders for row in order]
    lines = [
        f'<tr><th scope="row">{escape(" ".join(map(visible, row["ngram"])))}</th>'
        f"<td>{len(row['ngram'])}</td><td>{row['count']:,}</td>"
        f"<td>{row['reference_count']:,}</td><td>{row['matches']:,}</td></tr>"
        for row in rows[:MOST_ROWS]
    ]
    if len(rows) > MOST_ROWS:
        more = f"… and {len(rows) - MOST_ROWS:,} more"
        lines.append(f'<tr><td colspan="5">{more}</td></tr>')
    names = ("n-gram", "n", "in the prediction", "in a reference", "count")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"
