"""Grade a folder of submissions: each attempt once, in parallel, and never twice.

    SUBMISSIONS -> attempts -> OUT/<slug>/result.json (or attempts/1.json, 2.json, ...)

A result is written as soon as it is there, at once and whole; the next run leaves out
what was graded from the same bytes with the same cases. So a run that was stopped goes
on where it was, and a second run changes nothing. Left out: marks, the grade book and
the pages (`outcome`), and how one submission is marked (`marking`).
"""

import hashlib
import os
import time
from collections.abc import Callable
from functools import lru_cache

from course.errors import CourseError, one_line
from course.files import write_whole
from course.grading.assignment import Assignment
from course.grading.handed_in.ipynb import Unreadable, read_notebook
from course.grading.handed_in.locating import Located, locate
from course.grading.jobs import Handed, Job, Plan
from course.grading.marking import mark, seed_of
from course.grading.marks.results import (
    CaseResult,
    ExerciseResult,
    SubmissionResult,
    from_json,
    to_json,
)
from course.grading.preparing import another_workshop, workshop_of
from course.grading.processes.workshop import TemplateGone, Workshop
from course.grading.session import SolutionChannel, SolutionEnded
from course.grading.spreading import spread

FEW = 10  # submissions that are not worth a second process


def grade_jobs(
    jobs: list[Job],
    plan: Plan,
    workers: int = 1,
    backend: str = "processes",
    on_done: Callable[[Job, SubmissionResult, float], None] | None = None,
) -> None:
    """Grade what has no result yet, and write each result.

    Args:
        jobs: From `course.grading.jobs.jobs_of`.
        plan: How.
        workers: Processes that grade at the same time; 0 for as many as there are cores
            and enough to do for each, or as the cluster has.
        backend: One of `course.grading.spreading.BACKENDS`.
        on_done: Called with each job, its result, and the seconds it took (0 if it was
            there already).

    Raises:
        CourseError: If a result cannot be written, or there is no such backend.
    """
    done = on_done or (lambda *_: None)
    digests = _assignment(plan).digests
    waiting = []
    for job in jobs:
        known = _known(job, plan, digests)
        if known:
            done(job, known, 0.0)
        else:
            waiting.append(job)
    if backend == "processes":
        workers = workers or min(os.cpu_count() or 1, 1 + len(waiting) // FEW)
    tasks = ((number, job.read(), plan) for number, job in enumerate(waiting))
    for number, text, seconds in spread(grade_one, tasks, workers, backend):
        write_whole(waiting[number].target, text, durable=False)
        done(waiting[number], from_json(text), seconds)


def _known(job: Job, plan: Plan, digests: dict[str, str]) -> SubmissionResult | None:
    """Return an earlier result that still holds."""
    try:
        result = from_json(job.target.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, CourseError):
        return None
    same = (
        result.digests == _digests(job.read(), plan, digests)
        and (result.learner, result.file) == (job.learner, job.file)
        and result.seed == seed_of(job.learner, plan.salt)
        and result.tier == plan.tier
    )
    return result if same else None


def _digests(handed: Handed, plan: Plan, digests: dict[str, str]) -> dict[str, str]:
    limits = f"{plan.limits} {plan.memory}".encode()
    about = repr(handed.warnings).encode() + handed.data
    return {
        **digests,
        "submission": hashlib.sha256(about).hexdigest()[:16],
        "limits": hashlib.sha256(limits).hexdigest()[:16],
    }


def grade_one(number: int, handed: Handed, plan: Plan) -> tuple[int, str, float]:
    """Grade one attempt, in any process.

    Args:
        number: Returned as it came.
        handed: What to grade.
        plan: How.

    Returns:
        The number, the result as JSON, and the seconds it took.
    """
    began = time.perf_counter()
    graded = _assignment(plan)
    located, warnings = _located(handed, graded)
    seed = seed_of(handed.learner, plan.salt)
    try:
        exercises, more = _marked(graded, located, plan, seed)
    except (TemplateGone, SolutionEnded, Exception) as error:
        if isinstance(error, CourseError):
            raise  # of the lesson, not of this submission
        # One submission that the grader fails on must not cost all others their marks.
        why = one_line(f"{type(error).__name__}: {error}", 200)
        exercises = not_graded(graded)
        more = [f"The grader itself failed ({why}): mark this one by hand."]
    result = SubmissionResult(
        handed.learner,
        graded.lesson,
        handed.file,
        tuple(exercises),
        tuple(dict.fromkeys([*handed.warnings, *warnings, *more])),
        plan.tier,
        seed,
        _digests(handed, plan, graded.digests),
    )
    return number, to_json(result), time.perf_counter() - began


def _marked(
    graded: Assignment, located: Located, plan: Plan, seed: int
) -> tuple[list[ExerciseResult], list[str]]:
    """Mark a submission; where the template ends on the way, once more."""
    for first in (True, False):
        workshop = workshop_of(plan) if first else another_workshop(plan)
        solution = _solution(workshop, graded.solutions, plan.limits.exercise)
        try:
            return mark(graded, located, workshop, seed, plan.limits, solution)
        except (TemplateGone, SolutionEnded):
            if not first:
                raise
    raise AssertionError("there are two tries")


def not_graded(graded: Assignment) -> list[ExerciseResult]:
    """Return results of a submission that could not be graded: no points.

    Args:
        graded: The lesson.
    """
    exercises = []
    for id, title in graded.exercises.items():
        cases = tuple(
            CaseResult(case.name, case.title, case.hidden, case.points, 0, "crashed")
            for case in graded.of(id)
        )
        exercises.append(ExerciseResult(id, title, "crashed", cases))
    return exercises


def _located(handed: Handed, graded: Assignment) -> tuple[Located, list[str]]:
    """Return what to run, and what to say of the file."""
    if not handed.data:
        return locate([], graded.shape), []
    try:
        cells, warnings = read_notebook(handed.data)
    except Unreadable as error:
        return locate([], graded.shape), [str(error)]
    located = locate(cells, graded.shape)
    return located, [*warnings, *located.warnings]


@lru_cache(maxsize=1)
def _solution(
    workshop: Workshop, solutions: tuple[str, ...], seconds: float
) -> SolutionChannel:
    return SolutionChannel(solutions, workshop, seconds)


@lru_cache(maxsize=1)
def _assignment(plan: Plan) -> Assignment:
    return plan.assignment()
