"""What this machine does well: threads, precision, arithmetic rate, memory.

Two threads on two busy cores can be slower than one, and a processor with bf16
instructions does the arithmetic of a transformer about four times as fast as in fp32.
So both are measured once per process instead of guessed. Left out: choosing among
several accelerators; where CUDA is there, its first device is used.
"""

import functools
import os
import time
from pathlib import Path

import torch

from course.errors import CourseError

# A transformer's typical product here: 1,024 tokens through MiniLM's feed-forward
# layer.
_TOKENS, _HIDDEN, _INTERMEDIATE = 1024, 384, 1536
_MOST_THREADS = 1024  # beyond this the system refuses, and ends the process


def device() -> torch.device:
    """Return the device that models run on: the first CUDA device, else the processor.

    Example:
        >>> device().type in {"cpu", "cuda"}
        True
    """
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def matmul_rate(
    dtype: torch.dtype = torch.float32, *, on: torch.device | None = None
) -> float:
    """Measure the rate of matrix products of a transformer's shape.

    Args:
        dtype: Number format of both factors.
        on: Device to measure; default the one that models run on.

    Returns:
        Floating-point operations per second: the best of five short bursts, because
        other work on the machine can only make a burst slower.

    Example:
        >>> matmul_rate() > 1e8
        True
    """
    place = on or device()
    # Its own generator: a measurement must not change what a seeded program draws.
    generator = torch.Generator(place).manual_seed(0)
    shapes = (_TOKENS, _HIDDEN), (_INTERMEDIATE, _HIDDEN)
    tokens, weight = (
        torch.randn(shape, generator=generator, device=place).to(dtype)
        for shape in shapes
    )

    def burst() -> float:
        start = time.perf_counter()
        for _ in range(2):
            torch.nn.functional.linear(tokens, weight)
        if place.type == "cuda":
            torch.cuda.synchronize()
        return (time.perf_counter() - start) / 2

    burst()  # the first call chooses and compiles the kernel
    seconds = min(burst() for _ in range(5))
    return 2 * _TOKENS * _HIDDEN * _INTERMEDIATE / seconds


@functools.cache
def threads() -> int:
    """Choose the number of threads: `COURSE_THREADS`, else the faster of one and all.

    Returns:
        A count of at least 1; the same for the life of the process.

    Raises:
        CourseError: If `COURSE_THREADS` is not such a number.

    Example:
        >>> threads() >= 1
        True
    """
    wanted = os.environ.get("COURSE_THREADS")
    if wanted is not None:
        if not wanted.isdecimal() or not 1 <= int(wanted) <= _MOST_THREADS:
            raise CourseError(
                f"COURSE_THREADS is {wanted!r}; a whole number from 1 to "
                f"{_MOST_THREADS} is expected: change or unset it."
            )
        return int(wanted)
    before = torch.get_num_threads()
    available = _processors()
    candidates = sorted({1, available, max(1, available // 2)})
    rates = {}
    for count in candidates:
        torch.set_num_threads(count)
        rates[count] = matmul_rate(on=torch.device("cpu"))
    torch.set_num_threads(before)
    return max(rates, key=rates.__getitem__)


def _processors() -> int:
    """Processors this process may use, which a container can make fewer than all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def apply_threads() -> int:
    """Set torch to the chosen number of threads.

    Returns:
        The number set.

    Example:
        >>> apply_threads() == torch.get_num_threads()
        True
    """
    count = threads()
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)
    return count


@functools.cache
def precision() -> str:
    """Choose the arithmetic of training and inference, once per process.

    bf16 only where it is at least 1.5 times as fast as fp32 when measured: a processor
    without bf16 instructions emulates them and is slower. `COURSE_PRECISION` overrides.

    Returns:
        `"bf16"` or `"fp32"`.

    Raises:
        CourseError: If `COURSE_PRECISION` is neither.

    Example:
        >>> precision() in {"bf16", "fp32"}
        True
    """
    wanted = os.environ.get("COURSE_PRECISION")
    if wanted is not None:
        if wanted not in {"bf16", "fp32"}:
            raise CourseError(
                f"COURSE_PRECISION is {wanted!r}; 'bf16' or 'fp32' is expected: "
                "change or unset it."
            )
        return wanted
    apply_threads()
    faster = matmul_rate(torch.bfloat16) >= 1.5 * matmul_rate(torch.float32)
    return "bf16" if faster else "fp32"


def peak_memory() -> int:
    """Return the most memory this process has held so far, in bytes.

    Example:
        >>> peak_memory() > 10_000_000
        True
    """
    import sys

    try:
        import resource
    except ImportError:  # Windows has no resource module
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":
        # What getrusage says here begins with the memory of the process that started
        # this one; the kernel's own record does not.
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        peak = next((line for line in lines if line.startswith("VmHWM:")), None)
        if peak:
            return int(peak.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # else it counts kB
