"""Record the shipped searches anew: `python -m course.hyperparameters.recorded`.

48 short trainings, about eight minutes on two cores. They are kept among the runs like
those of any search, so a recording that was stopped goes on where it was.
"""

import dataclasses
import json

from course.hyperparameters import Search, SearchConfig, Space, search
from course.hyperparameters.finetuning import FinetuningTrial
from course.hyperparameters.recorded import FILE, SAMPLERS

SPACE = Space(
    {
        "learning_rate": (1e-5, 1e-2, "log"),
        "num_train_epochs": (1, 3),
        "per_device_train_batch_size": [8, 16, 32],
        "lr_scheduler_type": ["linear", "cosine", "constant"],
        "hidden_dropout_prob": (0.0, 0.3),
    }
)
N_TRIALS = 24
TRAIN, VALIDATION = 256, 256  # sentences: what a trial of a few seconds has time for


def record(sampler: str) -> Search:
    """Run one search, or what is left of it.

    Args:
        sampler: A name in `course.hyperparameters.SAMPLERS`.
    """
    config = SearchConfig(
        sampler,
        n_trials=N_TRIALS,
        pruner="none",  # every trial costs the same, and every one has a value
        max_train_samples=TRAIN,
        fixed={"max_length": 48},
    )
    trial = FinetuningTrial("sentiment", config.finetuning("sentiment"), config.metric)
    few = trial.dataset["validation"].select(range(VALIDATION))
    trial.dataset["validation"] = few
    name = f"recorded-{sampler}"
    return search("sentiment", SPACE, config, name=name, evaluate=trial)


def main() -> None:
    """Write the file that `recorded_search` reads; paths of this machine stay out."""
    rows = {}
    for sampler in SAMPLERS:
        found = dataclasses.asdict(record(sampler))
        for trial in found["trials"]:
            trial["runs"] = []
        rows[sampler] = found
    FILE.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
