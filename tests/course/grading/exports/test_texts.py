import ast

import pytest

from course.errors import CourseError
from course.grading.cases import cases_path, load_cases
from course.grading.exports.embedded import Marks
from course.grading.exports.texts import exercise_texts, new_folder, quoted
from course.grading.namespaces import solved_namespace, stub_namespace
from course.lessons.lesson import sources


@pytest.mark.parametrize("lesson", [path.stem[:2] for path in sources()])
def test_texts_stand_alone(lesson):
    _, exercises = exercise_texts(lesson)
    for exercise in exercises:
        for namespace, wanted in [
            (solved_namespace(lesson), exercise.points),
            (stub_namespace(lesson), 0),
        ]:
            marks = Marks(namespace)
            marks.run(exercise.visible)
            marks.run(exercise.hidden, exercise.solution)
            assert marks.score == wanted, exercise.name


def test_wrong_answers_fail_the_same_cases():
    _, exercises = exercise_texts("02")
    wrong = load_cases(cases_path("02"), hidden=True).wrong_answers[0]
    exercise = next(e for e in exercises if e.task.id == wrong.exercise)
    namespace = solved_namespace("02")
    exec(wrong.code, namespace)
    marks = Marks(namespace)
    marks.run(exercise.visible)
    marks.run(exercise.hidden, exercise.solution)
    points = [case.points for case in exercise.cases if case.name not in wrong.fails]
    assert marks.points() == sum(points)


def test_visible_texts_tell_nothing_hidden():
    for exercise in exercise_texts("02")[1]:
        assert exercise.name == f"exercise-{exercise.task.id.replace('.', '-')}"
        for case in exercise.cases:
            shown = f"def {case.name}(" in exercise.visible
            assert shown is not case.hidden
        assert "hidden" not in exercise.visible


def test_solution_holds_what_is_called_and_no_more():
    exercise = next(e for e in exercise_texts("02")[1] if e.task.id == "02.3")
    tree = ast.parse(exercise.solution)
    names = [n.name for n in tree.body if isinstance(n, ast.FunctionDef)]
    assert names == ["count_pairs", "merge", "train_bpe"]
    assert "load_task" not in exercise.solution


@pytest.mark.parametrize("text", ["a\\n", "'''", "end'", "end\\", 'r"""x"""', "a\r\nb"])
def test_quoted_texts_come_back(text):
    assert ast.literal_eval(quoted(text)).strip("\n") == text


def test_new_folder(tmp_path):
    new_folder(tmp_path / "a" / "b")
    with pytest.raises(CourseError, match="is not empty"):
        new_folder(tmp_path)
