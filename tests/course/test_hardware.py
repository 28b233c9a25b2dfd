"""Run alone: pytest tests/course/test_hardware.py."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch

from course import hardware
from course.errors import CourseError


@pytest.fixture
def uncached():
    """Forget what was chosen before, and again what a test chose."""
    chosen = (hardware.threads, hardware.precision)
    for function in chosen:
        function.cache_clear()
    yield
    for function in chosen:
        function.cache_clear()


@pytest.fixture
def threads_kept():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_threads_are_those_of_the_environment(uncached, monkeypatch):
    monkeypatch.setenv("COURSE_THREADS", "7")
    assert hardware.threads() == 7


@pytest.mark.parametrize("wanted", ["0", "-1", "two", "1.5", "", "1000000"])
def test_threads_refuse_what_is_no_count(uncached, monkeypatch, wanted):
    monkeypatch.setenv("COURSE_THREADS", wanted)
    with pytest.raises(CourseError, match=f"COURSE_THREADS is '{wanted}'; a whole"):
        hardware.threads()


def test_threads_are_the_count_that_measured_fastest(
    uncached, monkeypatch, threads_kept
):
    rates = {1: 1e9, 2: 3e9, 4: 2e9}
    monkeypatch.delenv("COURSE_THREADS")
    monkeypatch.setattr(hardware, "_processors", lambda: 4)
    monkeypatch.setattr(
        hardware, "matmul_rate", lambda *_, **__: rates[torch.get_num_threads()]
    )
    torch.set_num_threads(1)
    assert hardware.threads() == 2
    assert torch.get_num_threads() == 1  # only `apply_threads` changes it


def test_apply_threads_sets_torch(uncached, monkeypatch, threads_kept):
    monkeypatch.setenv("COURSE_THREADS", "3")
    assert hardware.apply_threads() == 3
    assert torch.get_num_threads() == 3


def test_precision_is_that_of_the_environment(uncached, monkeypatch):
    monkeypatch.setenv("COURSE_PRECISION", "fp32")
    assert hardware.precision() == "fp32"


def test_precision_refuses_an_unknown_one(uncached, monkeypatch):
    monkeypatch.setenv("COURSE_PRECISION", "fp16")
    with pytest.raises(CourseError, match="'fp16'; 'bf16' or 'fp32' is expected"):
        hardware.precision()


@pytest.mark.parametrize(("bf16_rate", "chosen"), [(4e9, "bf16"), (1.4e9, "fp32")])
def test_precision_is_bf16_only_where_it_pays(uncached, monkeypatch, bf16_rate, chosen):
    rates = {torch.bfloat16: bf16_rate, torch.float32: 1e9}
    monkeypatch.delenv("COURSE_PRECISION", raising=False)
    monkeypatch.setattr(hardware, "matmul_rate", rates.__getitem__)
    assert hardware.precision() == chosen


def test_matmul_rate_counts_two_operations_per_product(monkeypatch):
    """1,024 x 384 by 384 x 1,536 in a second: 2 * 1024 * 384 * 1536 operations."""
    seconds = []
    monkeypatch.setattr(
        torch.nn.functional, "linear", lambda *_: seconds.append("one product")
    )
    # In this module alone: other threads and pytest look at the clock as well.
    clock = SimpleNamespace(perf_counter=lambda: len(seconds))
    monkeypatch.setattr(hardware, "time", clock)
    assert hardware.matmul_rate() == 2 * 1024 * 384 * 1536


def test_matmul_rate_leaves_the_random_numbers_of_a_seed_alone():
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    hardware.matmul_rate()
    assert torch.equal(torch.rand(3), expected)


def test_processors_are_those_this_process_may_use(monkeypatch):
    monkeypatch.setattr(
        hardware.os, "sched_getaffinity", lambda _: set(range(77)), raising=False
    )
    assert hardware._processors() == 77


def test_peak_memory_is_that_of_this_process_alone():
    """A child's own record begins with its parent's memory, by getrusage on Linux."""
    held = torch.ones(250_000_000)  # 1 GB
    code = "from course.hardware import peak_memory; print(peak_memory())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 900_000_000
    assert held[0] == 1


def test_peak_memory_grows_with_what_is_held():
    before = hardware.peak_memory()
    held = torch.ones(before // 4 + 25_000_000)  # 100 MB more than ever before
    assert hardware.peak_memory() - before > 50_000_000
    assert held[0] == 1
