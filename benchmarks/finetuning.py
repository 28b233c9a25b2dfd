"""How fast fine-tuning is beside what most tutorials teach, on the same data.

    python benchmarks/finetuning.py                  # about 10 minutes on two cores
    python benchmarks/finetuning.py --train 800 --epochs 1

Three recipes train MiniLM on the same sentences, one after the other, each in a process
of its own: (tutorial) fp32, every text padded to 128 tokens, batches of 16; (defaults)
`Trainer`'s own defaults with padding to the longest text of a batch; (kit) the kit's
`finetune`. Printed are examples per second of training alone, the ratios, accuracy on
the validation split with its 95 % interval, and the share of the processor's measured
matrix-product rate that the kit's training reaches.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

RECIPES = ("tutorial", "defaults", "kit")
LENGTH = 128


def data(arguments: argparse.Namespace) -> Any:
    """The splits that every recipe gets: the first so many training sentences."""
    from course.data import load_task

    dataset = load_task("sentiment", arguments.seed)
    size = min(arguments.train, len(dataset["train"]))
    dataset["train"] = dataset["train"].select(range(size))
    return dataset


def train_as_taught(recipe: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Fine-tune with a plain `Trainer`, as a tutorial or with its defaults."""
    import numpy as np
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        DataCollatorWithPadding,
        Trainer,
        TrainingArguments,
        set_seed,
    )

    from course import assets

    set_seed(arguments.seed)
    folder = assets.path("minilm")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    padding = "max_length" if recipe == "tutorial" else False
    tokenized = data(arguments).map(
        lambda rows: tokenizer(
            rows["text"], padding=padding, truncation=True, max_length=LENGTH
        ),
        batched=True,
        remove_columns=["text"],
    )
    model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2)
    batch = {"per_device_train_batch_size": 16} if recipe == "tutorial" else {}
    with tempfile.TemporaryDirectory() as output:
        trainer = Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=output,
                num_train_epochs=arguments.epochs,
                save_strategy="no",
                disable_tqdm=True,
                seed=arguments.seed,
                use_cpu=True,
                **batch,
            ),
            train_dataset=tokenized["train"],
            eval_dataset=tokenized["validation"],
            data_collator=DataCollatorWithPadding(tokenizer),
            compute_metrics=lambda p: {
                "correct": int((np.argmax(p.predictions, -1) == p.label_ids).sum())
            },
        )
        start = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - start
        correct = trainer.evaluate()["eval_correct"]
    return {"seconds": seconds, "correct": correct, "n": len(tokenized["validation"])}


def train_with_kit(arguments: argparse.Namespace) -> dict[str, Any]:
    """Fine-tune as the kit does, with the preset that learners start from."""
    from course.finetuning import finetune, preset

    with tempfile.TemporaryDirectory() as runs:
        os.environ["COURSE_RUNS"] = runs
        run = finetune(
            "sentiment",
            preset(
                "default",
                "sentiment",
                num_train_epochs=arguments.epochs,
                max_length=LENGTH,
                seed=arguments.seed,
            ),
            dataset=data(arguments),
            baselines=False,
            test=False,
            progress=False,
        )
        history = [record for record in run.history() if "loss" in record]
    # The kit also evaluates and saves while it trains; the other two do not, so only
    # the time between its logged steps counts.
    batch = run.config["per_device_train_batch_size"]
    steps = [record["step"] for record in history]
    seconds = sum(
        (step - before) * batch / record["examples_per_second"]
        for before, step, record in zip([0, *steps], steps, history, strict=False)
    )
    accuracy = run.metrics["accuracy"]
    correct = round(accuracy["value"] * accuracy["n"])
    return {"seconds": seconds, "correct": correct, "n": accuracy["n"]}


def operations_per_example(arguments: argparse.Namespace) -> float:
    """Floating-point operations of training on one sentence, its real tokens only.

    Two per weight and token in a product, three products a layer and step (forward, and
    the gradients of input and weight), and attention's two products per pair of tokens.
    """
    from transformers import AutoConfig, AutoTokenizer

    from course import assets

    folder = assets.path("minilm")
    config = AutoConfig.from_pretrained(folder)
    texts = list(data(arguments)["train"]["text"])
    ids = AutoTokenizer.from_pretrained(folder)(texts)["input_ids"]
    hidden, layers = config.hidden_size, config.num_hidden_layers
    weights = layers * (4 * hidden**2 + 2 * hidden * config.intermediate_size)
    lengths = [min(len(row), LENGTH) for row in ids]
    total = sum(6 * weights * n + 12 * layers * hidden * n**2 for n in lengths)
    return total / len(lengths)


def run_recipe(recipe: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run one recipe in a process of its own, and measure the machine before it."""
    command = [sys.executable, __file__, "--recipe", recipe]
    for name in ("train", "epochs", "seed"):
        command += [f"--{name}", str(getattr(arguments, name))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure_here(arguments: argparse.Namespace) -> dict[str, Any]:
    """In a recipe's own process: the machine's rates, then the training."""
    import torch

    from course import hardware

    threads = hardware.apply_threads()
    rates = {
        "fp32": hardware.matmul_rate(torch.float32),
        "bf16": hardware.matmul_rate(torch.bfloat16),
    }
    if arguments.recipe == "kit":
        result = train_with_kit(arguments)
    else:
        result = train_as_taught(arguments.recipe, arguments)
    return result | {"threads": threads, "rates": rates}


def show(
    results: dict[str, dict[str, Any]], operations: float, examples: float
) -> None:
    """Print the table, the ratios and the share of the machine's rate."""
    from course.evaluation.intervals import wilson

    print(f"{'recipe':<10}{'examples/s':>11}{'seconds':>9}  accuracy on validation")
    for recipe, result in results.items():
        speed = examples / result["seconds"]
        accuracy = wilson(result["correct"], result["n"])
        print(f"{recipe:<10}{speed:>11.1f}{result['seconds']:>9.1f}  {accuracy}")
    kit = results["kit"]
    for other in RECIPES[:-1]:
        ratio = results[other]["seconds"] / kit["seconds"]
        print(f"kit is {ratio:.1f} times as fast as {other}")
    reached = operations * examples / kit["seconds"]
    for precision, rate in kit["rates"].items():
        print(
            f"matrix products in {precision}: {rate / 1e9:.0f} GFLOP/s measured, the "
            f"kit's training reaches {reached / rate:.0%} of it"
        )
    print(f"threads: {[result['threads'] for result in results.values()]}")


def main() -> None:
    """Run all recipes, or the one that a parent process asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", type=int, default=2000, help="training sentences")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--recipe", choices=RECIPES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.recipe:
        print(json.dumps(measure_here(arguments)))
        return
    results = {recipe: run_recipe(recipe, arguments) for recipe in RECIPES}
    examples = arguments.epochs * min(arguments.train, len(data(arguments)["train"]))
    if arguments.json:
        print(json.dumps(results))
    else:
        show(results, operations_per_example(arguments), examples)


if __name__ == "__main__":
    main()
