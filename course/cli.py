"""The `course` command: thin, every line of work is in the modules it calls.

People read standard error; `--json` puts JSON, and only that, on standard output. A
mistake of the user's is one line and exit code 2; `--debug` shows where it came from.
Modules are imported inside the commands, so that `course --help` answers at once.
"""

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from course import cli_options as options
from course.errors import CourseError

app = typer.Typer(
    help="Learn how language models work: train, measure, explain and serve real ones.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
console = Console(stderr=True)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit.

    Args:
        arguments: What follows `course`; default that of this process.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    try:
        app([argument for argument in arguments if argument != "--debug"])
    except CourseError as error:
        if debug:
            raise
        console.print(f"[bold red]Error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        console.print("Stopped.")
        sys.exit(130)


def show(data: Any) -> None:
    """Print JSON on standard output."""
    print(json.dumps(data, indent=1, ensure_ascii=False))


@app.callback()
def _every_command(
    version: Annotated[bool, typer.Option("--version", help="Show it.")] = False,
) -> None:
    """Add --debug to any command to see where an error came from."""
    if version:
        from course import __version__

        print(f"llm-teaching-kit {__version__}")
        raise typer.Exit


@app.command(epilog="Example: course doctor --json")
def doctor(as_json: options.Json = False) -> None:
    """Check Python, packages, assets, memory, threads and sandbox."""
    from course.doctor import examine, report

    checks = []
    for check in examine():
        checks.append(check)
        mark = "[green]ok  [/]" if check.ok else "[bold red]FAIL[/]"
        line = f"{check.name:<11}{check.detail}"
        console.print(f"{mark} {escape(line)}", soft_wrap=True)
        if check.remedy:
            console.print(f"     [yellow]-> {escape(check.remedy)}[/]", soft_wrap=True)
    if as_json:
        show(report(checks))
    if not report(checks)["ok"]:
        raise typer.Exit(1)


class _AssetAction(StrEnum):
    LIST = "list"
    FETCH = "fetch"
    VERIFY = "verify"


@app.command(epilog="Example: course assets fetch")
def assets(
    action: Annotated[_AssetAction, typer.Argument()] = _AssetAction.LIST,
    names: Annotated[list[str] | None, typer.Argument(help="Default: all.")] = None,
    as_json: options.Json = False,
) -> None:
    """Models and data: list them, fetch them once, verify every byte."""
    from course import assets as shelf
    from course.cli_tables import assets_table

    if action is _AssetAction.FETCH:
        shelf.fetch_all(names)
    rows = [row for row in shelf.status() if not names or row["name"] in names]
    problems = {}
    if action is _AssetAction.VERIFY:
        problems = {row["name"]: shelf.verify(row["name"]) for row in rows}
        rows = [row | {"problems": problems[row["name"]]} for row in rows]
    if as_json:
        show(rows)
    else:
        console.print(assets_table(rows))
    if any(problems.values()):
        raise CourseError(
            f"Damaged: {', '.join(name for name in problems if problems[name])}. "
            "Remove the folder named above and run 'course assets fetch'."
        )


@app.command(epilog="Example: course lab --no-browser")
def lab(
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8888,
) -> None:
    """Open JupyterLab at the first notebook."""
    from course.doctor import notebooks_dir

    folder = notebooks_dir()
    first = min(folder.glob("*.ipynb")).name
    command = [sys.executable, "-m", "jupyterlab", first, f"--port={port}"]
    command += ["--ServerApp.root_dir=."] + ([] if browser else ["--no-browser"])
    os.chdir(folder)
    os.execv(sys.executable, command)


@app.command(
    "app",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Example: course app --port 7870",
)
def demo(context: typer.Context) -> None:
    """Start the demo of the shipped adapters and your own runs."""
    from course.demo.launch import main as launch

    launch(context.args)


@app.command(epilog="Example: course train spam --preset quick --learning-rate 5e-5")
def train(
    task: Annotated[
        str | None,
        typer.Argument(
            help="A task, or a .csv/.jsonl file.", autocompletion=options.tasks
        ),
    ] = None,
    preset: Annotated[str, typer.Option(help="quick, default or best.")] = "default",
    method: Annotated[str | None, typer.Option(help="full, head or lora.")] = None,
    model: Annotated[str | None, typer.Option(help="Encoder to start from.")] = None,
    learning_rate: Annotated[float | None, typer.Option()] = None,
    num_train_epochs: Annotated[float | None, typer.Option()] = None,
    per_device_train_batch_size: Annotated[int | None, typer.Option()] = None,
    max_train_samples: Annotated[int | None, typer.Option()] = None,
    max_seconds: Annotated[float | None, typer.Option(help="Time budget.")] = None,
    seed: Annotated[int | None, typer.Option()] = None,
    set_option: options.Set = None,
    name: Annotated[str | None, typer.Option(help="Name of the run.")] = None,
    resume: Annotated[
        str | None, typer.Option(help="Continue this stopped run.")
    ] = None,
    text_column: options.TextColumn = "text",
    label_column: options.LabelColumn = "label",
    as_json: options.Json = False,
) -> None:
    """Fine-tune a model and measure it beside its baselines."""
    from course.cli_tables import run_table
    from course.configuration import preset as make_preset

    if (task is None) == (resume is None):
        raise CourseError("Name either a task to train or, with --resume, a run.")
    if resume is not None:
        from course.finetuning import resume as continue_run

        run = continue_run(resume)
    else:
        changes = options.parse_settings(set_option) | {
            key: value
            for key, value in {
                "method": method,
                "model": model,
                "learning_rate": learning_rate,
                "num_train_epochs": num_train_epochs,
                "per_device_train_batch_size": per_device_train_batch_size,
                "max_train_samples": max_train_samples,
                "max_seconds": max_seconds,
                "seed": seed,
            }.items()
            if value is not None
        }
        config = make_preset(preset, task, **changes)
        from course.finetuning import finetune

        run = finetune(
            task, config, name=name, text_column=text_column, label_column=label_column
        )
    if as_json:
        show(run.info)
    else:
        console.print(run_table(run))
        console.print(f"The run: {run.path}", soft_wrap=True, highlight=False)


@app.command(epilog="Example: course evaluate sentiment --data my.csv --json")
def evaluate(
    run: options.RunName,
    data: Annotated[
        Path | None, typer.Option(help="A csv/jsonl file with text and label.")
    ] = None,
    text_column: options.TextColumn = "text",
    label_column: options.LabelColumn = "label",
    as_json: options.Json = False,
) -> None:
    """Measure a run on its test split or on your own data."""
    from course.cli_tables import evaluation_table
    from course.evaluation import evaluate_run

    result = evaluate_run(
        run, data, text_column=text_column, label_column=label_column
    ).to_dict()
    if as_json:
        show(result)
    else:
        console.print(evaluation_table(result))


@app.command(epilog='Example: course predict sentiment "A joy from start to finish."')
def predict(
    run: options.RunName,
    texts: Annotated[list[str] | None, typer.Argument(help="Texts.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="A text a line; '-' is standard input.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Predict labels and probabilities, a line per text."""
    lines = options.read_texts(texts, file)
    from course.inference import Classifier

    classifier = Classifier(run)
    for start in range(0, len(lines), 256):
        part = lines[start : start + 256]
        predictions = classifier.predict(part)
        for number, text in enumerate(part):
            label = predictions.labels[number]
            shares = predictions.probabilities[number].tolist()
            cut = bool(predictions.truncated[number])
            if as_json:
                row = {"text": text, "label": label, "truncated": cut}
                row["probabilities"] = dict(zip(classifier.labels, shares, strict=True))
                print(json.dumps(row, ensure_ascii=False))
            else:
                note = "\t(cut: longer than the model reads)" if cut else ""
                print(f"{label}\t{max(shares):.3f}\t{options.one_line(text)}{note}")


@app.command(epilog='Example: course explain sentiment "Not bad at all." --out a.html')
def explain(
    run: options.RunName,
    text: Annotated[str, typer.Argument(help="The text to explain.")],
    method: Annotated[
        str, typer.Option(help="partition, exact, lime or integrated_gradients.")
    ] = "partition",
    target: Annotated[
        str | None, typer.Option(help="Label to explain; default the predicted one.")
    ] = None,
    max_evals: Annotated[int, typer.Option(help="Most model rows.", min=1)] = 500,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the picture as HTML.")] = None,
    as_json: options.Json = False,
) -> None:
    """Explain a prediction: how much each word speaks for and against it."""
    from course.cli_tables import explanation_table
    from course.explanation import explain as explain_text
    from course.explanation import to_json

    explanation = explain_text(
        run, text, method, target=target, max_evals=max_evals, seed=seed
    )
    if out is not None:
        from course.views.explanation import render_page

        options.write_file(out, render_page(explanation))
        console.print(f"Written to {out}", soft_wrap=True, highlight=False)
    if as_json:
        show(to_json(explanation))
    else:
        console.print(explanation_table(to_json(explanation)))


@app.command(epilog="Example: course runs --json")
def runs(as_json: options.Json = False) -> None:
    """List the runs, newest first, and the adapters that ship with the kit."""
    from course.cli_tables import runs_table
    from course.runs import ADAPTERS, PARTIAL, list_runs, open_run, runs_dir, shipped

    found = list_runs() + [open_run(ADAPTERS / name) for name in shipped()]
    stopped = [
        folder.name.removesuffix(PARTIAL) for folder in runs_dir().glob(f"*{PARTIAL}")
    ]
    if as_json:
        show([{"name": run.name, "path": str(run.path), **run.info} for run in found])
        return
    console.print(runs_table(found))
    for name in sorted(stopped):
        console.print(f"stopped: {name} (course train --resume {name})")
    console.print(f"In {runs_dir()}", soft_wrap=True, highlight=False)


@app.command(epilog="Example: course search spam --sampler tpe --trials 20 --workers 2")
def search(
    task: Annotated[str, typer.Argument(autocompletion=options.tasks)],
    sampler: Annotated[
        str, typer.Option(help="grid, random, tpe, gp or genetic.")
    ] = "tpe",
    trials: Annotated[int, typer.Option(help="Trials in all.")] = 12,
    name: Annotated[
        str | None, typer.Option(help="Name of the search; one that exists goes on.")
    ] = None,
    preset: Annotated[str, typer.Option(help="Where the options start.")] = "quick",
    seeds: Annotated[int, typer.Option(help="Trainings per trial.", min=1)] = 1,
    workers: Annotated[int, typer.Option(help="Processes.", min=1)] = 1,
    storage: Annotated[
        str | None, typer.Option(help="A database URL, for many machines.")
    ] = None,
    space: Annotated[
        Path | None, typer.Option(help="A JSON file with the space to search.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    as_json: options.Json = False,
) -> None:
    """Search for good hyperparameters; resumable, alone or with several workers."""
    from course.cli_search import run_search

    result = run_search(
        task,
        space=space,
        storage=storage,
        name=name,
        workers=workers,
        sampler=sampler,
        n_trials=trials,
        preset=preset,
        seeds=tuple(range(seeds)),
        seed=seed,
    )
    if as_json:
        show(result.to_json())
    else:
        from course.cli_tables import search_table

        console.print(search_table(result.to_json()))


if __name__ == "__main__":
    main()
