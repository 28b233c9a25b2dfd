"""A prepared process for a plan, one in each process that grades.

Apart from what grades (`batch`), so that it can begin before that is loaded. Left out:
the process itself (`workshop`).
"""

import atexit
from functools import lru_cache

from course.assets.folders import home
from course.grading.jobs import Plan
from course.grading.processes.workshop import Workshop
from course.grading.sandbox import python_paths


@lru_cache(maxsize=1)
def workshop_of(plan: Plan) -> Workshop:
    """Return the workshop of a plan; the first call starts it and does not wait.

    Args:
        plan: How submissions are graded.
    """
    return _workshop(plan)


def another_workshop(plan: Plan) -> Workshop:
    """Return a new workshop of a plan, in place of one whose template ended.

    Args:
        plan: How submissions are graded.
    """
    workshop_of(plan).close()
    workshop_of.cache_clear()
    return workshop_of(plan)


def _workshop(plan: Plan) -> Workshop:
    readable = (*python_paths(), home() / "assets")
    workshop = Workshop(plan.set_up(), plan.tier, readable, plan.memory)
    atexit.register(workshop.close)
    return workshop
