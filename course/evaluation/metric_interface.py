"""What all metrics of the kit share: the `evaluate.Metric` interface, kept to itself.

`evaluate` writes predictions to files in the user's Hugging Face cache and waits for a
lock when two metrics do so at once. Here they stay in memory, or in a folder that the
processes of one evaluation share. Left out: the metrics, see
`course.evaluation.metrics`.

Source: the interface of Hugging Face's `evaluate` 0.4.
"""

import atexit
import functools
import shutil
import tempfile
from typing import Any, ClassVar

import evaluate
from datasets import Features, List, Value

from course.errors import CourseError

NUMBER, TEXT = Value("int32"), Value("string")
NUMBERS = Features({"predictions": NUMBER, "references": NUMBER})
# A text may have several references or one; the first option that fits is taken.
TEXTS = [
    Features({"predictions": TEXT, "references": List(TEXT)}),
    Features({"predictions": TEXT, "references": TEXT}),
]


@functools.cache
def process_folder() -> str:
    """Return a folder that belongs to this process and is removed when it ends."""
    folder = tempfile.mkdtemp(prefix="course-metrics-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class CourseMetric(evaluate.Metric):
    """A metric that keeps what it is given in memory, or in a folder of its own.

    A subclass says in `inputs` what it reads and computes in `_compute`; its docstring
    is its description.

    Args:
        config_name: As in `evaluate.load`.
        keep_in_memory: Default for one process. Several processes share files instead,
            in the `cache_dir` that they must be given.
        cache_dir: Folder for those files; never the user's Hugging Face cache.
        **kwargs: As in `evaluate.load`.
    """

    inputs: ClassVar[Features | list[Features]]

    def __init__(
        self,
        config_name: str | None = None,
        keep_in_memory: bool | None = None,
        cache_dir: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Set the metric up without touching the network or the user's cache."""
        several = kwargs.get("num_process", 1) > 1
        if several and cache_dir is None:
            raise CourseError(
                "A metric for several processes has no cache_dir: name a folder that "
                "all of them can write to."
            )
        super().__init__(
            config_name,
            not several if keep_in_memory is None else keep_in_memory,
            str(cache_dir or process_folder()),
            **kwargs,
        )

    def _info(self) -> evaluate.MetricInfo:
        """Describe the metric from the class's docstring."""
        description = (type(self).__doc__ or "").strip()
        return evaluate.MetricInfo(
            description=description,
            citation="",
            inputs_description=description,
            features=self.inputs,
        )
