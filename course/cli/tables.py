"""Tables for people: what the commands show when `--json` is not asked for."""

from typing import Any

from rich.console import Group
from rich.markup import escape
from rich.table import Table

from course.errors import one_line
from course.runs import Run


def interval(metric: dict[str, Any]) -> str:
    """Write a metric with its interval.

    Example:
        >>> interval({"value": 0.8361, "low": 0.817, "high": 0.854, "n": 1500})
        '0.836 [0.817, 0.854]'
    """
    if metric.get("value") is None:
        return "-"
    if metric.get("low") is None:
        return f"{metric['value']:.3f}"
    return f"{metric['value']:.3f} [{metric['low']:.3f}, {metric['high']:.3f}]"


def _size(size: float) -> str:
    return f"{size / 1e6:.1f} MB"


def _safe(text: str, width: int = 100) -> str:
    """Keep a user's text from being read as markup or as control characters."""
    return escape(one_line(text, width))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def run_table(run: Run) -> Table:
    """Show a run beside its baselines."""
    info = run.info
    n = info["metrics"]["accuracy"]["n"]
    main = "f1" if info["task"] == "spam" else "f1_macro"
    title = f"{run.name}: {info['measured_on']} split, n = {n}, 95 % intervals"
    table = _table(escape(title), "model", "accuracy", main, "training s", "size")
    rows = {
        f"{info['model']}, {info['method']}": (
            info["metrics"],
            info["seconds"],
            info["bytes"],
        )
    } | {
        name.replace("_", " "): (
            baseline["metrics"],
            baseline["seconds"],
            baseline["bytes"],
        )
        for name, baseline in info.get("baselines", {}).items()
    }
    for name, (metrics, seconds, size) in rows.items():
        cells = [interval(metrics.get(key, {})) for key in ("accuracy", main)]
        table.add_row(escape(name), *cells, f"{seconds:.1f}", _size(size))
    return table


def evaluation_table(result: dict[str, Any]) -> Table:
    """Show an evaluation: metrics with intervals, a baseline, the confusion matrix."""
    table = _table(f"n = {result['n']}, 95 % intervals", "metric", "value")
    for name, metric in result["metrics"].items():
        table.add_row(escape(name), interval(metric))
    for name, reason in result["omitted"].items():
        table.add_row(escape(name), f"- ({escape(reason)})")
    commonest = result["majority"]
    table.add_row(f"always {_safe(commonest['label'])}", f"{commonest['value']:.3f}")
    if result["truncated"]:
        table.add_row("texts cut to the model's length", str(result["truncated"]))
    labels = result["labels"]
    for label, row in zip(labels, result["confusion"], strict=True):
        counts = ", ".join(
            f"{count} as {_safe(other)}"
            for other, count in zip(labels, row, strict=True)
            if count
        )
        table.add_row(f"{_safe(label)} predicted", counts or "-")
    return table


def runs_table(runs: list[Run]) -> Table:
    """Show runs one below the other."""
    table = _table("Runs", "name", "task", "method", "accuracy", "n", "s", "size")
    for run in runs:
        accuracy = run.metrics.get("accuracy", {})
        table.add_row(
            _safe(run.name),
            _safe(run.task or "-"),
            _safe(run.info["method"]),
            interval(accuracy),
            str(accuracy.get("n", "-")),
            f"{run.info.get('seconds', 0):.0f}",
            _size(run.bytes),
        )
    return table


def assets_table(rows: list[dict[str, Any]]) -> Table:
    """Show the assets: what, how large, under which licence, and where."""
    table = _table("Assets", "name", "size", "licence", "state")
    for row in rows:
        state = row["path"] if row["fetched"] else "not fetched"
        state = "; ".join(row.get("problems") or [state])
        licence = escape(row["licence"])
        table.add_row(row["name"], _size(row["bytes"]), licence, escape(state))
    return table


def explanation_table(result: dict[str, Any]) -> Group:
    """Show how much each word speaks for the target."""
    title = (
        f"{result['method']}: {result['target']} with probability "
        f"{result['prediction']:.3f}; base {result['base_value']:+.3f}, "
        f"{result['evaluations']} evaluations, {result['seconds']:.2f} s"
        + ("" if result["complete"] else ", not complete")
        + (f"; {result['note']}" if result["note"] else "")
    )
    table = _table("", "word", "value", "")
    largest = max((abs(value) for value in result["values"]), default=0) or 1
    for word, value in zip(result["tokens"], result["values"], strict=True):
        bar = "█" * round(12 * abs(value) / largest)
        color = "blue" if value >= 0 else "yellow"
        table.add_row(_safe(word.strip()), f"{value:+.3f}", f"[{color}]{bar}[/]")
    return Group(_safe(title, 400), table)  # a table's own title is as narrow as it


def search_table(result: dict[str, Any]) -> Table:
    """Show the ten best trials of a search; those that were pruned have no place."""
    done = [t for t in result["trials"] if t["state"] == "complete"]
    sign = -1 if result["direction"] == "maximize" else 1
    table = _table(
        f"{len(done)} of {len(result['trials'])} trials finished",
        "trial",
        "value",
        "parameters",
    )
    for trial in sorted(done, key=lambda t: sign * t["value"])[:10]:
        options = ", ".join(
            f"{k}={v:.3g}" if isinstance(v, float) else f"{k}={v}"
            for k, v in trial["params"].items()
        )
        table.add_row(str(trial["number"]), f"{trial['value']:.4f}", escape(options))
    return table
