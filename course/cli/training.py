"""The commands that train: `course train` and `course search`."""

from pathlib import Path
from typing import Annotated

import typer

from course.cli import options as options
from course.cli.output import console, show
from course.errors import CourseError

app = typer.Typer()


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
    from course.cli.tables import run_table
    from course.finetuning.configuration import preset as make_preset

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


@app.command(epilog="Example: course search spam --sampler tpe --trials 20 --workers 2")
def search(
    task: Annotated[
        str,
        typer.Argument(
            help="A task, or a .csv/.jsonl file.", autocompletion=options.tasks
        ),
    ],
    sampler: Annotated[
        str, typer.Option(help="grid, random, tpe, gp or genetic.")
    ] = "tpe",
    trials: Annotated[int, typer.Option(help="Trials in all.")] = 12,
    name: Annotated[
        str | None, typer.Option(help="Name of the search; one that exists goes on.")
    ] = None,
    preset: Annotated[str, typer.Option(help="Where the options start.")] = "quick",
    set_option: options.Set = None,
    space: Annotated[
        Path | None, typer.Option(help="A JSON file with the space to search.")
    ] = None,
    pruner: Annotated[str, typer.Option(help="What ends bad trials.")] = "median",
    metric: Annotated[str, typer.Option(help="What is optimised.")] = "eval_accuracy",
    seeds: Annotated[int, typer.Option(help="Trainings per trial.", min=1)] = 1,
    workers: Annotated[int, typer.Option(help="Processes.", min=1)] = 1,
    storage: Annotated[
        str | None, typer.Option(help="A database URL, for many machines.")
    ] = None,
    max_seconds: Annotated[float | None, typer.Option(help="Time budget.")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    text_column: options.TextColumn = "text",
    label_column: options.LabelColumn = "label",
    as_json: options.Json = False,
) -> None:
    """Search for good hyperparameters; resumable, alone or with several workers."""
    from course.cli.tables import search_table
    from course.hyperparameters import SearchConfig, Space
    from course.hyperparameters import search as run_search

    config = SearchConfig(
        sampler=sampler,
        n_trials=trials,
        seeds=tuple(range(seeds)),
        pruner=pruner,
        metric=metric,
        preset=preset,
        fixed=options.parse_settings(set_option),
        max_seconds=max_seconds,
        seed=seed,
    )
    result = run_search(
        task,
        Space(options.read_object(space)) if space else None,
        config,
        storage=storage,
        name=name,
        workers=workers,
        text_column=text_column,
        label_column=label_column,
    ).to_json()
    if as_json:
        show(result)
    else:
        console.print(search_table(result))
