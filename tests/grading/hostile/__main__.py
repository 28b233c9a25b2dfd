"""Grade all hostile submissions in a sandbox, and print a line for each family.

PYTHONPATH=.:tests python -m grading.hostile [TIER]
"""

import sys

from grading.hostile.families import EVERY, table
from grading.hostile.observing import observe

WHOLE = ("leaks", "changed", "made", "temporary", "processes", "differing", "noticed")


def main() -> None:
    """Grade, and print what was not as expected too."""
    seen = observe(*sys.argv[1:2])
    rows = seen["rows"]
    print(table({learner: row["score"] for learner, row in rows.items()}))
    print(f"sandbox: {seen['tier']}; most memory: {seen['memory'] >> 20} MiB")
    for one in EVERY:
        row = rows[one.learner]
        if not one.fits(row["statuses"]) or row["score"] not in one.allowed:
            print(f"{one.name}: {row['statuses']} {row['score']}, not {one.statuses}")
    for what in WHOLE:
        if seen[what]:
            print(f"{what}: {seen[what]}")


if __name__ == "__main__":
    main()
