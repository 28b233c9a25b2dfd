"""`course build`: notebooks and cards from the sources, or the news that they differ.

    notebooks/source/NN_topic.py -> notebooks/NN_topic.ipynb
                                    course/lessons/cards/NN_topic.json
    notebooks/source/page.py     -> notebooks/page.ipynb

Nothing is written unless all sources are right. Left out: running the notebooks.
"""

from pathlib import Path

from course.errors import CourseError, listed
from course.grading.cases import CASES, Case, load_cases
from course.lessons.catalogue import CARDS, Card, Exercise, to_json
from course.lessons.lesson import PROJECT, SOURCES, Lesson, Task, read_lesson, sources
from course.lessons.notebook import notebook_json
from course.lessons.pages import page_json, page_sources, read_page

NOTEBOOKS = PROJECT / "notebooks"


def build(lesson: str | None = None) -> dict[Path, str]:
    """Return what is derived from the sources: path -> text.

    Args:
        lesson: Two digits, for that lesson alone, or the name of a page; default all.

    Raises:
        CourseError: With file and line, for the first mistake in a source; if an
            exercise has no cases; if there is no such lesson.
    """
    pages = [path for path in page_sources() if lesson in (None, path.stem)]
    derived = {
        NOTEBOOKS / f"{path.stem}.ipynb": page_json(read_page(path)) for path in pages
    }
    if lesson and pages:
        return derived
    for path in _chosen(lesson):
        read = read_lesson(path)
        cases = _cases(read)
        points = {task: sum(c.points for c in found) for task, found in cases.items()}
        derived[NOTEBOOKS / f"{path.stem}.ipynb"] = notebook_json(read, points)
        derived[CARDS / f"{path.stem}.json"] = to_json(_card(read, cases))
    return derived


def build_solutions(folder: Path, lesson: str | None = None) -> list[Path]:
    """Write the solved notebooks, which are not committed.

    Args:
        folder: Where to; made if it is missing.
        lesson: Two digits, for that lesson alone; default all.

    Returns:
        What was written.

    Raises:
        CourseError: As `build` does, and if learners would get the folder.
    """
    if folder.resolve().is_relative_to(NOTEBOOKS.resolve()):
        raise CourseError(
            f"{folder} is where the learners' notebooks are: name another folder."
        )
    texts = {}
    for path in _chosen(lesson):
        read = read_lesson(path)
        points = {
            task: sum(case.points for case in found)
            for task, found in _cases(read).items()
        }
        texts[folder / f"{path.stem}.ipynb"] = notebook_json(read, points, True)
    return write(texts)


def write(texts: dict[Path, str]) -> list[Path]:
    """Write files that are missing or differ.

    Args:
        texts: Path -> text.

    Returns:
        Those that were written.
    """
    changed = [path for path, text in texts.items() if not _is(path, text)]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], encoding="utf-8", newline="\n")
    return changed


def differences(derived: dict[Path, str]) -> list[Path]:
    """Return the files that are not what their sources build, or have no source.

    Args:
        derived: From `build`, of all lessons.
    """
    there = [*NOTEBOOKS.glob("*.ipynb"), *CARDS.glob("*.json")]
    return sorted(
        [path for path, text in derived.items() if not _is(path, text)]
        + [path for path in there if path not in derived]
    )


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")


def _chosen(lesson: str | None) -> list[Path]:
    found = [path for path in sources() if lesson in (None, path.stem[:2], path.stem)]
    if not found:
        known = listed(path.stem[:2] for path in sources()) or f"none in {SOURCES}"
        raise CourseError(f"No source of a lesson {lesson!r}: known are {known}.")
    numbers = [path.stem[:2] for path in found]
    for path, number in zip(found, numbers, strict=True):
        if numbers.count(number) > 1:
            raise CourseError(
                f"{path.name}:1: more than one lesson {number}: rename one of them."
            )
    return found


def _cases(lesson: Lesson) -> dict[str, list[Case]]:
    """Return the cases of each exercise, in the order of the lesson."""
    path = CASES / f"test_{lesson.path.name}"
    cases = load_cases(path, hidden=True) if path.is_file() else None
    found = {task.id: cases.of(task.id) if cases else [] for task in lesson.tasks}
    for task in lesson.tasks:
        if not any(not case.hidden for case in found[task.id]):
            raise task.text.error(
                f"exercise {task.id} has no visible case: write one in {path.name}."
            )
    known = {case.exercise: case.name for case in (cases.cases if cases else ())}
    for exercise, name in known.items():
        if exercise not in found:
            raise CourseError(
                f"{path.name}: {name} is a case of exercise {exercise}, which "
                f"{lesson.path.name} does not have: mend the id."
            )
    return found


def _card(lesson: Lesson, cases: dict[str, list[Case]]) -> Card:
    front = lesson.front
    return Card(
        lesson.number,
        lesson.path.stem,
        front["title"],
        front["summary"],
        front["minutes"],
        front["seconds"],
        tuple(front["objectives"]),
        tuple(_exercise(task, cases[task.id]) for task in lesson.tasks),
        lesson.predictions,
        lesson.questions,
    )


def _exercise(task: Task, cases: list[Case]) -> Exercise:
    hidden = sum(case.hidden for case in cases)
    points = sum(case.points for case in cases)
    return Exercise(
        task.id,
        task.title,
        task.difficulty,
        task.minutes,
        points,
        len(cases) - hidden,
        hidden,
    )
