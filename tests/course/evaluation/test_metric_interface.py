"""Run alone: pytest tests/course/evaluation/test_metric_interface.py."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from course.errors import CourseError
from course.evaluation.metric_interface import NUMBERS, CourseMetric, process_folder


class Agreement(CourseMetric):
    """Number of equal pairs."""

    inputs = NUMBERS

    def _compute(self, predictions, references):
        pairs = zip(predictions, references, strict=True)
        return {"agreement": sum(one == other for one, other in pairs)}


def test_the_name_is_the_classs_and_the_description_its_docstring():
    metric = Agreement()
    assert metric.name == "agreement"
    assert metric.description == "Number of equal pairs."


def test_nothing_is_written_while_it_collects():
    metric = Agreement()
    metric.add_batch(predictions=[1, 0], references=[1, 1])
    assert not [file for file in Path(process_folder()).rglob("*") if file.is_file()]
    assert metric.compute() == {"agreement": 1}


def test_many_at_once_do_not_mix():
    def count(n):
        metric = Agreement()
        for _ in range(n):
            metric.add(prediction=1, reference=1)
        return metric.compute()["agreement"]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(count, range(1, 25))) == list(range(1, 25))


def test_the_hugging_face_cache_stays_untouched_and_the_folder_goes(tmp_path):
    code = (
        "from course.evaluation.metrics import load_metric\n"
        "from course.evaluation.metric_interface import process_folder\n"
        "metric = load_metric('accuracy')\n"
        "metric.add_batch(predictions=[1], references=[1])\n"
        "print(metric.compute(), process_folder())\n"
    )
    environment = {"HF_HOME": str(tmp_path / "hf"), "HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    result, folder = done.stdout.strip().rsplit(" ", 1)
    assert result == "{'accuracy': 1.0}"
    assert not Path(folder).exists()
    assert not list((tmp_path / "hf").rglob("*.arrow*"))
    assert not (tmp_path / "hf" / "metrics").exists()


def test_files_can_be_asked_for(tmp_path):
    metric = Agreement(keep_in_memory=False, cache_dir=tmp_path)
    metric.add_batch(predictions=[1, 0], references=[1, 0])
    assert list(tmp_path.rglob("*.arrow"))
    assert metric.compute() == {"agreement": 2}
    assert not list(tmp_path.rglob("*.arrow"))


def test_several_processes_need_a_shared_folder():
    with pytest.raises(CourseError, match="name a folder"):
        Agreement(num_process=2, process_id=0)
