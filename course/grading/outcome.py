"""`course grade`: a folder of submissions becomes results, feedback and a grade book.

    OUT/<slug>/result.json     what grading found         OUT/gradebook.csv
    OUT/<slug>/feedback.html   what the learner reads     OUT/report.html

Marks are made of results after grading, so late policy and manual points change no
result. The only clocks are in `timings.json` and in the report. Left out: how grading
works (`batch`), and other systems' files (`course.grading.exports`).
"""

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from course import __version__
from course.errors import CourseError, Stopped, one_line
from course.files import write_whole
from course.grading.batch import grade_jobs
from course.grading.handed_in.submissions import Submission, find_submissions
from course.grading.jobs import Job, Plan, jobs_of, lesson_of
from course.grading.marks.gradebook import gradebook_csv, gradebook_row
from course.grading.marks.late import read_manual
from course.grading.marks.results import SubmissionResult, to_json
from course.grading.marks.retakes import Attempt, Manual, Mark, Rules, mark_learner
from course.views.class_report import ClassReport, Fault, render_report
from course.views.marks import render_marks


@dataclass(frozen=True)
class Outcome:
    """What came of grading a folder.

    Attributes:
        marks: One for each learner, sorted by name.
        graded: How many attempts were graded now, rather than earlier.
        seconds: Slug -> what grading took, now or earlier.
        out: The folder of the results.
    """

    marks: tuple[Mark, ...]
    graded: int
    seconds: dict[str, float]
    out: Path


def grade_folder(
    folder: Path,
    out: Path,
    plan: Plan,
    rules: Rules | None = None,
    manual: Path | None = None,
    workers: int = 0,
    backend: str = "processes",
    on_begin: Callable[[int], None] | None = None,
    on_done: Callable[[Job, SubmissionResult, float], None] | None = None,
) -> Outcome:
    """Grade a folder of submissions and write all that comes of it.

    Args:
        folder: Of submissions, or a zip archive of it.
        out: For the results; what is there of an earlier run is used.
        plan: How to grade.
        rules: How attempts become a mark; default the last one, never late.
        manual: A teacher's CSV of points and comments, for
            `course.grading.marks.late.read_manual`.
        workers: As for `course.grading.batch.grade_jobs`.
        backend: Likewise.
        on_begin: Called with the number of attempts.
        on_done: Called with each attempt, its result, and the seconds it took.

    Raises:
        CourseError: If the folders cannot be used, or another run is using `out`.
        Stopped: After Ctrl-C; what was graded is kept.
    """
    _check_folders(folder, out)
    submissions = find_submissions(folder)
    graded = plan.assignment()
    jobs = _of_lesson(jobs_of(submissions, out), graded.lesson)
    points = {id: sum(c.points for c in graded.of(id)) for id in graded.exercises}
    learners = [submission.learner for submission in submissions]
    by_hand = read_manual(manual, learners, points) if manual else {}
    results: dict[Path, SubmissionResult] = {}
    now: dict[str, float] = {}

    def done(job: Job, result: SubmissionResult, seconds: float) -> None:
        results[job.target] = result
        if seconds:
            now[job.slug] = now.get(job.slug, 0.0) + seconds
        if on_done:
            on_done(job, result, seconds)

    with _alone(out):
        if on_begin:
            on_begin(len(jobs))
        try:
            grade_jobs(jobs, plan, workers, backend, done)
        except KeyboardInterrupt:
            raise Stopped(
                f"{len(results)} of {len(jobs)} attempts are graded and kept: run the "
                "same command again to go on."
            ) from None
        when, seconds = _timings(out, now)
        marks = _marks(submissions, jobs, results, rules or Rules(), by_hand)
        about = f"{graded.lesson}: {graded.title}"
        report = ClassReport(
            about, marks, when, plan.tier, __version__, seconds, _faults(marks)
        )
        _write(out, marks, graded.title, report)
    return Outcome(marks, len(now), seconds, out)


def _check_folders(folder: Path, out: Path) -> None:
    here, there = folder.resolve(), out.resolve()
    if there == here or there.is_relative_to(here) or here.is_relative_to(there):
        raise CourseError(
            f"{one_line(str(out))} and {one_line(str(folder))} lie within each other: "
            "name a folder of its own for the results."
        )
    if out.exists() and not out.is_dir():
        raise CourseError(f"{one_line(str(out))} is no folder: name one.")


def _of_lesson(jobs: list[Job], lesson: str) -> list[Job]:
    """Leave out a learner's notebooks of other lessons, if there is one of this."""
    of = {job.target: lesson_of(job.attempt) for job in jobs if job.attempt}
    have = {job.slug for job in jobs if of.get(job.target) == lesson}
    return [
        job
        for job in jobs
        if job.slug not in have or of.get(job.target) in (lesson, None)
    ]


def _marks(
    submissions: list[Submission],
    jobs: list[Job],
    results: dict[Path, SubmissionResult],
    rules: Rules,
    by_hand: dict[str, Manual],
) -> tuple[Mark, ...]:
    attempts: dict[str, list[Attempt]] = {}
    for job in jobs:
        when = job.attempt.submitted if job.attempt else None
        attempts.setdefault(job.slug, []).append(Attempt(results[job.target], when))
    marks = []
    for found in submissions:
        manual = by_hand.get(found.learner, Manual())
        mark = mark_learner(attempts[found.slug], found.slug, rules, manual)
        marks.append(replace(mark, ids=found.ids))
    return tuple(marks)


def _faults(marks: tuple[Mark, ...]) -> tuple[Fault, ...]:
    found = Counter(
        (exercise.id, case.name)
        for mark in marks
        for exercise in mark.result.exercises
        for case in exercise.cases
        if case.status == "fault"
    )
    return tuple(
        Fault(
            exercise,
            case,
            f"It does not hold for the solution with the inputs of {count} "
            f"{'learner' if count == 1 else 'learners'}, who got its points.",
        )
        for (exercise, case), count in sorted(found.items())
    )


def _timings(out: Path, now: dict[str, float]) -> tuple[str, dict[str, float]]:
    """Return when was graded last and what it took, and note it."""
    path = out / "timings.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        when, seconds = str(known["graded"]), dict(known["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        when, seconds = "", {}
    if now or not when:
        when = datetime.now().astimezone().isoformat(" ", "minutes")
        seconds |= {slug: round(taken, 3) for slug, taken in now.items()}
        text = json.dumps(
            {"graded": when, "seconds": seconds}, indent=1, sort_keys=True
        )
        write_whole(path, text + "\n")
    return when, seconds


def _write(out: Path, marks: tuple[Mark, ...], title: str, report: ClassReport) -> None:
    for mark in marks:
        folder = out / mark.slug
        write_whole(folder / "result.json", to_json(mark.result), durable=False)
        page = render_marks(mark, title)
        write_whole(folder / "feedback.html", page, durable=False)
    write_whole(out / "gradebook.csv", gradebook_csv(map(gradebook_row, marks)))
    write_whole(out / "report.html", render_report(report))


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold a folder of results for this process alone, and clear what a kill left."""
    write_whole(out / ".lock", "")
    with open(out / ".lock", "w") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # not on Windows, where nothing is graded in parallel
            pass
        except OSError:
            raise CourseError(
                f"Another run is grading into {one_line(str(out))}: wait for it, or "
                "name another folder."
            ) from None
        for left in out.rglob(".*.tmp"):
            left.unlink()
        yield
