"""The command that marks a class: grade."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from course.cli import options as options
from course.cli.output import console, show
from course.errors import one_line

app = typer.Typer()


@app.command(epilog="Example: course grade submissions --out marks")
def grade(
    submissions: Annotated[
        Path, typer.Argument(help="A folder of notebooks, or a zip of it.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    lesson: Annotated[
        str | None, typer.Option(help="Its two digits; default as the notebooks say.")
    ] = None,
    source: Annotated[
        Path | None, typer.Option(help="Source of a lesson of your own.")
    ] = None,
    cases: Annotated[Path | None, typer.Option(help="The file of its cases.")] = None,
    keep: Annotated[str, typer.Option(help="Of several attempts: last or best.")] = (
        "last"
    ),
    due: Annotated[
        str | None, typer.Option(help="As 2026-05-01T12:00, in local time.")
    ] = None,
    late: Annotated[
        Path | None,
        typer.Option(help="Python file with late(points, minutes_late, exercise)."),
    ] = None,
    manual: Annotated[
        Path | None, typer.Option(help="CSV: learner,exercise,points,comment.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes; 0 for one per core.")
    ] = 0,
    backend: Annotated[str, typer.Option(help="processes, or ray.")] = "processes",
    sandbox: Annotated[
        str, typer.Option(help="auto, bubblewrap, landlock or limits.")
    ] = "auto",
    allow_unsandboxed: Annotated[
        bool, typer.Option(help="Grade even where nothing protects this machine.")
    ] = False,
    exercise_seconds: Annotated[
        float, typer.Option(min=0.1, help="Time limit of an exercise.")
    ] = 10.0,
    total_seconds: Annotated[
        float, typer.Option(min=0.1, help="Time limit of a submission.")
    ] = 120.0,
    memory_mb: Annotated[int, typer.Option(min=64, help="For a submission.")] = 1024,
    salt: Annotated[
        str, typer.Option(help="A word of your own, for other hidden inputs.")
    ] = "",
    as_json: options.Json = False,
) -> None:
    """Mark a folder of notebooks: results, feedback, a grade book and a report."""
    from rich.progress import Progress

    from course.grading.jobs import Plan
    from course.grading.late import load_late_policy
    from course.grading.outcome import common_lesson, grade_folder
    from course.grading.retakes import Rules, parse_due
    from course.grading.sandbox import choose
    from course.grading.session import Limits
    from course.grading.submissions import find_submissions

    rules = Rules(
        keep,
        parse_due(due) if due else None,
        load_late_policy(late) if late else None,
    )
    tier = choose(sandbox, allow_unsandboxed)
    if source is None and lesson is None:
        lesson = common_lesson(find_submissions(submissions))
    limits = Limits(exercise_seconds, total_seconds)
    plan = Plan(lesson, source, cases, tier, limits, memory_mb << 20, salt)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Grading", total=None)
        outcome = grade_folder(
            submissions,
            out,
            plan,
            rules,
            manual,
            workers,
            backend,
            lambda total: progress.update(task, total=total),
            lambda *_: progress.advance(task),
        )
    if as_json:
        show([_line(mark) for mark in outcome.marks])
        return
    console.print(_table(outcome.marks))
    earlier = len(outcome.seconds) - outcome.graded
    console.print(
        Text(
            f"{len(outcome.marks)} learners, {outcome.graded} graded now"
            + (f", {earlier} earlier" if earlier > 0 else "")
            + f"; sandbox: {tier}. {out / 'report.html'}"
        ),
        soft_wrap=True,
    )


def _line(mark: Any) -> dict[str, Any]:
    return {
        "learner": mark.learner,
        "score": mark.score,
        "points": mark.result.points,
        "attempts": mark.attempts,
        "minutes_late": mark.minutes_late,
        "file": mark.result.file,
        "exercises": {e.id: e.status for e in mark.result.exercises},
        "warnings": list(mark.result.warnings),
    }


def _table(marks: tuple[Any, ...]) -> Table:
    """Show a line per learner; what they are called is shown as it is."""
    table = Table(header_style="bold")
    table.add_column("learner", overflow="fold")
    table.add_column("points", justify="right")
    table.add_column("exercises", overflow="fold")
    table.add_column("warnings", justify="right")
    for mark in marks:
        statuses = [e.status.replace("_", " ") for e in mark.result.exercises]
        counts = {s: statuses.count(s) for s in dict.fromkeys(statuses)}
        table.add_row(
            Text(one_line(mark.learner, 60)),
            f"{mark.score:g} of {mark.result.points:g}",
            ", ".join(f"{count} {status}" for status, count in counts.items()),
            str(len(mark.result.warnings) or ""),
        )
    return table
