"""Call a function for many tasks in several processes, here or on a cluster.

joblib does it: with processes of this machine, or with Ray's, which may be on many. A
cluster is one that is there already, or else Ray starts on this machine. Left out: what
the tasks are.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from course.errors import CourseError, unknown_name

BACKENDS = ("processes", "ray")
_ROUND = 8  # tasks for each of a cluster's processes between two reports


def spread(
    function: Callable[..., Any],
    tasks: Iterable[tuple],
    workers: int = 1,
    backend: str = "processes",
) -> Iterator[Any]:
    """Yield what a function returns for each task, in the order they are done.

    Args:
        function: At the top of a module, so that other processes find it.
        tasks: The arguments of each call; taken as they are needed.
        workers: How many processes; one works in this process. On a cluster 0 takes as
            many as it has.
        backend: One of `BACKENDS`.

    Raises:
        CourseError: If there is no such backend, or Ray is not installed.

    Example:
        >>> list(spread(pow, [(2, 3), (3, 2)]))
        [8, 9]
    """
    if backend not in BACKENDS:
        raise unknown_name("backend", backend, BACKENDS)
    if backend == "ray":
        yield from _on_cluster(function, tasks, workers)
    elif workers <= 1:
        for task in tasks:
            yield function(*task)
    else:
        import joblib

        parallel = joblib.Parallel(
            workers, backend="loky", return_as="generator_unordered", batch_size=1
        )
        me = os.getpid()
        calls = (joblib.delayed(_watched)(me, function, task) for task in tasks)
        yield from parallel(calls)


def _watched(parent: int, function: Callable[..., Any], task: tuple) -> Any:
    """Call a function in a process that is not to outlive the one that asked."""
    _end_with(parent)
    return function(*task)


@lru_cache
def _end_with(parent: int) -> None:
    """End this process soon after its parent, which may be killed, has ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _on_cluster(
    function: Callable[..., Any], tasks: Iterable[tuple], workers: int
) -> Iterator[Any]:
    import joblib

    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError:
        raise CourseError(
            "ray is not installed: pip install 'llm-teaching-kit[cluster]'."
        ) from None
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False)
    register_ray()
    workers = workers or int(ray.cluster_resources().get("CPU", 1))
    left = iter(tasks)
    # Ray's part of joblib returns all at once: so, round after round.
    while round_ := list(islice(left, _ROUND * workers)):
        with joblib.parallel_config("ray", n_jobs=workers):
            yield from joblib.Parallel()(
                joblib.delayed(function)(*task) for task in round_
            )
