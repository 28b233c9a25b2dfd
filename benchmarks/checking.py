"""Time `check` on every exercise, as a learner waits for it.

    python benchmarks/checking.py

Every exercise of every lesson is checked with its solution and with each of its wrong
answers, many times, in one process and on one thread. The very first call, which reads
the cases and loads what they need, is timed apart, in a fresh process. Progress goes to
a file of its own.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST = """
import time
from course.grading import check
def count_pairs(words):
    return {}
start = time.perf_counter()
check("02.1")
print(time.perf_counter() - start)
"""


def first_seconds(repeats: int) -> float:
    """Return the median seconds of the first check in a fresh process."""
    times = [
        float(subprocess.run([sys.executable, "-c", FIRST], capture_output=True).stdout)
        for _ in range(repeats)
    ]
    return statistics.median(times)


def check_seconds(repeats: int) -> dict[str, list[float]]:
    """Return exercise -> seconds of each check."""
    from course.grading.cases import cases_path, load_cases
    from course.grading.checking import check
    from course.grading.namespaces import solved_namespace, wrong_namespace
    from course.lessons.catalogue import cards

    seconds: dict[str, list[float]] = {}
    for card in cards().values():
        wrong = load_cases(cases_path(card.lesson), hidden=True).wrong_answers
        for exercise in card.exercises:
            answers = [solved_namespace(card.lesson)]
            answers += [wrong_namespace(w) for w in wrong if w.exercise == exercise.id]
            for namespace in answers * repeats:
                start = time.perf_counter()
                check(exercise.id, namespace)
                took = time.perf_counter() - start
                seconds.setdefault(exercise.id, []).append(took)
    return seconds


def percentile_95(values: list[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def main() -> None:
    """Print a line per exercise, then JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=20, help="checks per answer")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COURSE_PROGRESS"] = str(Path(folder) / "progress.json")
        first = first_seconds(5)
        seconds = check_seconds(options.repeats)
    for exercise, values in seconds.items():
        line = f"{exercise}  {len(values):4} checks  p95 {percentile_95(values):.4f} s"
        print(line, file=sys.stderr)
    together = [value for values in seconds.values() for value in values]
    result = {
        "checks": len(together),
        "p95_seconds": round(percentile_95(together), 4),
        "slowest_seconds": round(max(together), 4),
        "first_seconds": round(first, 3),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
