"""The sentence and the table beside the picture of the next token.

Left out: the picture (`course.views.generation`).
"""

from collections.abc import Sequence

from course.generation import BranchRow, NextToken, path_probability
from course.views.shown import escape
from course.views.tokenization import visible_piece


def share(probability: float) -> str:
    """Write a probability for people: in per cent, very small ones as "1 in ...".

    Args:
        probability: 0 to 1.

    Example:
        >>> share(0.257), share(0.00031), share(0.000002), share(0.0)
        ('25.7 %', '0.03 %', '1 in 500,000', '0 %')
    """
    if probability == 0:
        return "0 %"
    if probability >= 0.001:
        return f"{100 * probability:.1f} %"
    if probability >= 0.0001:
        return f"{100 * probability:.2f} %"
    if probability >= 1e-9:
        return f"1 in {float(f'{1 / probability:.1e}'):,.0f}"  # two digits tell enough
    return f"{probability:.0e}"


def summarise(
    cut: NextToken, taken: Sequence[tuple[str, float]] = (), note: str = ""
) -> str:
    """Say in one plain sentence what the cuts leave.

    Args:
        cut: The distribution and its cuts.
        taken: As for `draw_next_token`.
        note: Said first; default nothing.
    """
    best = cut.candidates[0]
    settings = f"Temperature {cut.temperature:g}"
    settings += f", top_k {cut.top_k}" if cut.top_k else ", top_k off"
    settings += f", top_p {cut.top_p:g}" if cut.top_p < 1 else ", top_p off"
    path = path_probability([probability for _, probability in taken])
    after = f" after {len(taken)} taken ({share(path)})" if taken else ""
    asked = "".join(
        f"; {visible_piece(c.token)} has {share(c.original)} as the model says it, "
        f"rank {c.rank:,}"
        for c in cut.asked
    )
    sentence = (
        f"{settings}{after}: {cut.kept:,} of {len(cut.order):,} tokens stay with "
        f"{share(cut.mass)} of the probability, entropy {cut.entropy:.2f} bits (the "
        f"model's own {cut.original_entropy:.2f}); likeliest "
        f"{visible_piece(best.token)} with {share(best.probability)}{asked}."
    )
    return f"{note} {sentence}".strip()


def tabulate(cut: NextToken, branches: Sequence[BranchRow] = ()) -> str:
    """Return the same facts as an HTML table, and one of the branches if there are any.

    Args:
        cut: The distribution and its cuts.
        branches: As for `draw_next_token`.
    """
    names = ("rank", "token", "number", "model", "after cuts", "running sum", "cut by")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(
        f'<tr><td>{c.rank:,}</td><th scope="row">{escape(visible_piece(c.token))}</th>'
        f"<td>{c.number}</td><td>{share(c.original)}</td><td>{share(c.probability)}"
        f"</td><td>{'' if c.running_sum is None else share(c.running_sum)}</td>"
        f"<td>{c.cut_by}</td></tr>"
        for c in (*cut.candidates, *cut.asked)
    )
    table = f"<table><tr>{head}</tr>{rows}</table>"
    if not branches:
        return table
    rows = "".join(
        f'<tr><th scope="row">{"› " * b.depth}{escape(visible_piece(b.text))}</th>'  # noqa: RUF001
        f"<td>{share(b.probability)}</td><td>{'yes' if b.is_here else ''}</td></tr>"
        for b in branches
    )
    names = ("branch", "probability", "here")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    return f"{table}<table><tr>{head}</tr>{rows}</table>"
