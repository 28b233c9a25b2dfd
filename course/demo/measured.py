"""How often a model was right, as its training measured it.

Left out: measuring, which is `course.evaluation`'s.
"""

import html

from course.demo.messages import Say
from course.demo.models import find_run
from course.errors import CourseError
from course.runs import Run

BASELINES = ("tfidf_logistic_regression", "majority")  # as run.json names them


def render_measurement(run: Run, say: Say) -> str:
    """Return the accuracy of a run beside its baselines, as an HTML table.

    Args:
        run: The run; one without metrics gives a line that says so.
        say: The demo's words.
    """
    if "accuracy" not in run.metrics:
        return f"<p>{html.escape(say('classify.not_measured'))}</p>"
    body = _row(run.name, run.metrics["accuracy"], "model", say)
    for name in BASELINES:
        baseline = run.info.get("baselines", {}).get(name)
        if baseline:
            title = say(f"classify.{name}")
            body += _row(title, baseline["metrics"]["accuracy"], "baseline", say)
    n = run.metrics["accuracy"].get("n")
    split = run.info.get("measured_on", "test")
    caption = say("classify.caption", n=f"{n:,}" if n else "", split=split)
    names = ("", say("classify.accuracy"), say("classify.interval"))
    columns = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
    return (
        f"<table><caption>{html.escape(' '.join(caption.split()))}</caption>"
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(title: str, metric: dict[str, float], kind: str, say: Say) -> str:
    interval = "-"
    if metric.get("low") is not None:
        low, high = f"{metric['low']:.3f}", f"{metric['high']:.3f}"
        interval = html.escape(say("classify.range", low=low, high=high))
    return (
        f'<tr class="{kind}"><th scope="row">{html.escape(title)}</th>'
        f"<td>{metric['value']:.3f}</td><td>{interval}</td></tr>"
    )


def measurement_of(name: str | None, say: Say) -> str:
    """Return `render_measurement` of a model by name; empty if there is none."""
    try:
        return render_measurement(find_run(name), say) if name else ""
    except CourseError:
        return ""  # the notice above the menu says what is wrong
