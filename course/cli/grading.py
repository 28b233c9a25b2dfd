"""The command that marks a class: grade."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from course.cli import options as options
from course.cli.output import console, show
from course.errors import one_line

if TYPE_CHECKING:
    from course.grading.jobs import Plan

app = typer.Typer()
FEW = 10  # submissions that one process grades soonest


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

    limits = exercise_seconds, total_seconds, memory_mb
    plan = _plan(
        submissions, (lesson, source, cases), sandbox, allow_unsandboxed, limits, salt
    )
    from course.grading.marks.late import load_late_policy
    from course.grading.marks.retakes import Rules, parse_due
    from course.grading.outcome import grade_folder

    rules = Rules(
        keep,
        parse_due(due) if due else None,
        load_late_policy(late) if late else None,
    )
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
            + f"; sandbox: {plan.tier}. {out / 'report.html'}"
        ),
        soft_wrap=True,
    )


def _plan(
    submissions: Path,
    of: tuple[str | None, Path | None, Path | None],
    sandbox: str,
    allow_unsandboxed: bool,
    limits: tuple[float, float, int],
    salt: str,
) -> "Plan":
    """Choose sandbox and lesson; of a few submissions, begin with the process."""
    from concurrent.futures import ThreadPoolExecutor

    from course.grading.sandbox import choose

    with ThreadPoolExecutor(1) as pool:
        # The sandbox is tried in another process; meanwhile the rest is loaded here.
        tier = pool.submit(choose, sandbox, allow_unsandboxed)
        from course.grading.handed_in.submissions import find_submissions
        from course.grading.jobs import Plan, common_lesson
        from course.grading.limits import Limits
        from course.grading.preparing import workshop_of
    found = find_submissions(submissions)
    lesson, source, cases = of
    if lesson is None and source is None:
        lesson = common_lesson(found)
    exercise, total, memory = limits
    plan = Plan(
        lesson,
        source,
        cases,
        tier.result(),
        Limits(exercise, total),
        memory << 20,
        salt,
    )
    if len(found) < FEW and (source is None) == (cases is None):
        workshop_of(plan)  # prepares itself while the rest, with pytest, is loaded
    return plan


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
