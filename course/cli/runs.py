"""The commands that read runs: evaluate, predict, explain, and the list of them."""

from pathlib import Path
from typing import Annotated

import typer

from course.cli import options as options
from course.cli.output import console, html_page, json_text, show, write_file
from course.errors import one_line

app = typer.Typer()


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
    from course.cli.tables import evaluation_table
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
                print(json_text(row))
            else:
                note = "\t(cut: longer than the model reads)" if cut else ""
                print(f"{one_line(label)}\t{max(shares):.3f}\t{one_line(text)}{note}")


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
    output: Annotated[str, typer.Option(help="log_odds or probability.")] = "log_odds",
    unit: Annotated[str, typer.Option(help="word or token.")] = "word",
    max_evals: Annotated[int, typer.Option(help="Most model rows.", min=4)] = 500,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the picture as HTML.")] = None,
    as_json: options.Json = False,
) -> None:
    """Explain a prediction: how much each word speaks for and against it."""
    from course.cli.tables import explanation_table
    from course.explanation import explain as explain_text
    from course.explanation import to_json

    explanation = explain_text(
        run,
        text,
        method,
        target=target,
        output=output,
        unit=unit,
        max_evals=max_evals,
        seed=seed,
    )
    if out is not None:
        from course.views.explanation import render_explanation

        section = render_explanation(explanation)
        write_file(out, html_page(f"Explanation by {method}", section))
        console.print(f"Written to {out}", soft_wrap=True, highlight=False)
    if as_json:
        show(to_json(explanation))
    else:
        console.print(explanation_table(to_json(explanation)))


@app.command(epilog="Example: course runs --json")
def runs(as_json: options.Json = False) -> None:
    """List the runs, newest first, and the adapters that ship with the kit."""
    from course.cli.tables import runs_table
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
        line = f"stopped: {one_line(name)} (course train --resume {one_line(name)})"
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    console.print(f"In {runs_dir()}", soft_wrap=True, highlight=False)
