"""The process that trains for the Train page: a plan comes in, lines go out.

A process and not a thread, because a training sets the seeds and threads of all of
torch, and must be gone within a second when its visitor is. It takes one core at the
lowest priority, so that the other pages go on answering. When the demo ends, its input
ends, and so does it. Left out: who may start it, see `course.demo.training_job`.

    stdin:   {"task": ..., "name": ..., "preset": ..., "changes": ...}, perhaps "stop"
    stdout:  {"stage": ...}, {"record": ...}, at last {"run": ...} or {"error": ...}
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, TextIO

MARK = "made_by_demo.json"  # in a run's folder: the demo made it and may remove it
LOADING, TRAINING, MEASURING = "loading", "training", "measuring"  # stages
STOPPING = "stopping"  # what a training's host says between two of them

Tell = Callable[[dict[str, Any]], None]


def open_output() -> Tell:
    """Return the function that writes a line; whatever others print goes to stderr."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def tell(line: dict[str, Any]) -> None:
        lines.write(json.dumps(line) + "\n")

    return tell


def listen(lines: TextIO, stop: threading.Event) -> None:
    """Set an event when "stop" comes; end the process when nobody is there any more.

    Args:
        lines: Standard input.
        stop: The event.
    """
    for line in lines:
        if line.strip() == "stop":
            stop.set()
    os._exit(1)


def make_callback(stop: threading.Event, tell: Tell) -> Any:
    """Return the callback that tells the stage, and ends a training early.

    Unlike `course.finetuning.stopping`, which leaves a run to be resumed, it ends the
    training as if its last step had come: the run is evaluated, measured and usable.

    Args:
        stop: Set to end at the present step's end.
        tell: Called with the stages.
    """
    from transformers import TrainerCallback

    class Ending(TrainerCallback):
        def on_train_begin(self, *_: Any, **__: Any) -> None:
            tell({"stage": TRAINING})

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if stop.is_set():
                control.should_evaluate = control.should_save = True
                control.should_training_stop = True

        def on_train_end(self, *_: Any, **__: Any) -> None:
            tell({"stage": MEASURING})

    return Ending()


def train(plan: dict[str, Any], stop: threading.Event, tell: Tell) -> None:
    """Train, and tell how it goes.

    Args:
        plan: `task` (a name or a csv's path), `name` of the run, `preset`, and
            `changes` to it.
        stop: Set to end early.
        tell: Called with each line.
    """
    from course.errors import CourseError
    from course.finetuning import finetune, preset

    try:
        run = finetune(
            plan["task"],
            preset(plan["preset"], plan["task"], **plan["changes"]),
            name=plan["name"],
            callbacks=(make_callback(stop, tell),),
            on_log=lambda record: tell({"record": record}),
            progress=False,
        )
    except CourseError as error:
        tell({"error": str(error)})
        return
    mark = json.dumps({"name": run.name}) + "\n"
    (run.path / MARK).write_text(mark, encoding="utf-8")
    tell({"run": run.name})


def main() -> None:
    """Read the plan, train, and end."""
    tell = open_output()
    if hasattr(os, "nice"):
        os.nice(10)
    plan = json.loads(sys.stdin.readline())
    stop = threading.Event()
    threading.Thread(target=listen, args=(sys.stdin, stop), daemon=True).start()
    tell({"stage": LOADING})
    train(plan, stop, tell)


if __name__ == "__main__":
    main()
