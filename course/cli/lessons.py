"""The commands around lessons: build, release, check."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from course.cli import options as options
from course.cli.output import console, show
from course.errors import CourseError

app = typer.Typer()


@app.command(epilog="Example: course build 02")
def build(
    lesson: Annotated[
        str | None, typer.Argument(help="Its two digits; default all lessons.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a file differs.")
    ] = False,
    solutions: Annotated[
        Path | None, typer.Option(help="Write the solved notebooks to this folder.")
    ] = None,
) -> None:
    """Make the notebooks from their sources."""
    from course.lessons import building

    if check and (lesson or solutions):
        raise CourseError("--check looks at all notebooks: leave out the rest.")
    if solutions:
        written = building.build_solutions(solutions, lesson)
    else:
        derived = building.build(lesson)
        if check:
            _report_differences(building.differences(derived), len(derived))
            return
        written = building.write(derived)
    for path in written:
        console.print(Text(str(path)), soft_wrap=True)
    console.print(f"{len(written)} file(s) written.")


def _report_differences(differing: list[Path], total: int) -> None:
    for path in differing:
        line = f"{path.name} is not what its source builds"
        console.print(Text(line), soft_wrap=True)
    if differing:
        raise CourseError(
            f"{len(differing)} file(s) differ: edit the source and run 'course build'."
        )
    console.print(f"{total} file(s) are what their sources build.")


@app.command(epilog="Example: course release --out course-for-learners")
def release(
    out: Annotated[Path, typer.Option(help="A new folder.")],
) -> None:
    """Write what learners get: no solutions, no hidden cases."""
    from course.grading.release import release as write_release

    files = write_release(out)
    line = f"{out} holds the kit; visible cases of {len(files)} lesson(s)."
    console.print(Text(line), soft_wrap=True)


@app.command(epilog="Example: course check 02_tokenization.ipynb")
def check(
    notebook: Annotated[Path, typer.Argument(help="A lesson's notebook.")],
    as_json: options.Json = False,
) -> None:
    """Run a notebook and check its exercises; nothing is changed."""
    from rich.progress import Progress

    from course.grading.notebooks import check_notebook

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Running the notebook", total=None)
        results = check_notebook(
            notebook,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    if as_json:
        show(results)
        return
    for result in results:
        # As it is: what a learner's function gave back may look like markup.
        console.print(Text(result["text"]), soft_wrap=True)
    passed = sum(result["status"] == "passed" for result in results)
    console.print(f"{passed} of {len(results)} exercises pass their visible checks.")
