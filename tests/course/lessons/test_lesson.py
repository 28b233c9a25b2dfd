"""What an author can do wrong, and where it is told.

Alone: pytest tests/course/lessons/test_lesson.py
"""

import pytest
from tiny_lesson import NAME, SOURCE, installed

from course.errors import CourseError
from course.lessons.lesson import read_lesson, sources


@pytest.fixture
def source(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as source:
        yield source


@pytest.fixture
def read(source):
    """Read the tiny lesson after some of its text was replaced."""

    def read_changed(*replacements):
        text = SOURCE
        for old, new in replacements:
            assert text.count(old) == 1
            text = text.replace(old, new)
        source.write_text(text, encoding="utf-8")
        return read_lesson(source)

    return read_changed


def test_lesson_as_its_author_means_it(read):
    lesson = read()
    assert (lesson.number, lesson.front["title"]) == ("07", "Doubling")
    (task,) = lesson.tasks
    assert (task.id, task.title, task.difficulty, task.minutes) == (
        *("07.1", "Double", 2, 3),
    )
    assert task.text.text == "Double a number."
    assert SOURCE.split("\n")[task.answer.line - 1] == "def double(number):"
    (prediction,) = lesson.predictions
    assert (prediction.id, prediction.text) == (
        *("07.p1", "What is twice four, in digits?"),
    )
    assert [question.id for question in lesson.questions] == ["07.q1", "07.q2"]
    assert len(lesson.cells) == 8


def test_sources_are_those_in_the_folder_in_their_order(source):
    (source.parent / "06_x.py").write_text("")
    (source.parent / "notes.md").write_text("")
    assert [path.name for path in sources()] == ["06_x.py", f"{NAME}.py"]


@pytest.mark.parametrize("name", ["x.py", "7_x.py", "07-x.py", "07_X.py", "07_.txt.py"])
def test_name_of_a_source(source, name):
    path = source.rename(source.with_name(name))
    with pytest.raises(CourseError, match=rf"^{name}:1: a name such as"):
        read_lesson(path)


HEAD = '# %% [markdown] tags=["exercise"] exercise="07.1" title="Double" difficulty=2 '
ANSWER = '# %% tags=["exercise"] exercise="07.1"\n'
PREDICTION = 'tags=["predict"] prediction="07.p1"'
BODY = "    # BEGIN SOLUTION\n    return number + number\n    # END SOLUTION\n"
TRY = (
    "    # BEGIN SOLUTION\n    try:\n        pass\n    # END SOLUTION\n    except: 0\n"
)
DEMO = "print(2 * 4)"
PLAIN = "# Twice three is *six*."


@pytest.mark.parametrize(
    ("old", "new", "where", "problem"),
    [
        # Front matter
        ("# minutes: 5\n", "", "# title", "front matter has"),
        ("# minutes: 5", "# minutes: soon", "# title", "minutes is 'soon': a int"),
        ("# needs: []", "# needs: [", "#   - \"**dou", "put texts with"),
        # Markers
        ("    # END SOLUTION\n", "", "    # BEGIN", "without '# END SOLUTION'"),
        ("    # BEGIN SOLUTION\n", "", "    # END", "without '# BEGIN SOLUTION'"),
        ("    # BEGIN", "# BEGIN", "# BEGIN", "as deep as its '# BEGIN SOLUTION'"),
        ("    return number + number\n", "\n", "    # BEGIN", "was expected below"),
        (BODY, TRY, "    # BEGIN", "learners get this in place of the solution"),
        (DEMO, f"{DEMO}\n# BEGIN SOLUTION\nx\n# END SOLUTION", "# BEGIN", "be shown"),
        # Code
        (DEMO, "\n1\nprint(2 * 4", "print(2", "no Python"),
        (DEMO, 'x = """\n# %%\n"""', 'x = "', "no Python .unterminated"),
        (DEMO, "if True:\n x\n\ty", "\ty", "no Python"),
        # Exercises
        (HEAD, HEAD.replace("07.1", "08.1"), "# Double a", "exercise is '08.1'"),
        (HEAD, HEAD.replace('"07.1"', "7"), "# Double a", "exercise is '7'"),
        (HEAD, HEAD.replace('"07.1"', '["07.1"]'), "# Double a", "exercise is"),
        (HEAD, HEAD.replace(' exercise="07.1"', ""), "# Double a", "exercise is ''"),
        (HEAD, HEAD.replace('title="Double"', ""), "# Double a", "07.1 has no title"),
        (HEAD, HEAD.replace('"Double"', "3"), "# Double a", "07.1 has no title"),
        (HEAD, HEAD.replace("=2", "=4"), "# Double a", "difficulty is 4"),
        ("minutes=3", "", "# Double a", "07.1 has no minutes"),
        (ANSWER, "# %%\n", "    # BEGIN", "outside an exercise"),
        (DEMO, f"1\n{ANSWER}2", "2", "cells markdown, code, code: .* used twice"),
        # Predictions
        (PREDICTION, 'tags=["predict"]', "# What is twice four", "prediction is ''"),
        (PREDICTION, f"{PREDICTION[:-2]}x\"", "# What is twice four", "'07.px'"),
        (PREDICTION, 'tags=["predict"] prediction=1', "# What is twice four", "'1'"),
        # Pictures
        (PLAIN, "# ![A dog](pictures/dog.svg)", "# ![", "described by 'A dog'"),
        (PLAIN, "#\n# ![](pictures/dog.svg)", "# ![", "described by ''"),
        (PLAIN, "# ![A dog that\n#   sleeps](a.svg)", "# ![A", "at least 20"),
        (PLAIN, f"# ![{'A dog. ' * 4}](a.svg)", "# ![A", "has no picture a.svg"),
        # Quiz
        ('#       why: Two and two.\n', "", "# - id: q1", "right or wrong, and why"),
        ("# - id: q2", "#\n# - id: q1", "# - id: q1", "used twice"),
        ("kind: output", "kind: hard", "# - id: q2", "kind is 'hard'"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_file_and_line(read, source, old, new, where, problem):
    with pytest.raises(CourseError, match=rf"^{NAME}\.py:\d+: .*{problem}") as raised:
        read((old, new))
    line = int(str(raised.value).split(":")[1])
    assert source.read_text(encoding="utf-8").split("\n")[line - 1].startswith(where)
    assert str(raised.value).isprintable()


def test_second_prediction_with_the_same_id(read):
    again = f"{DEMO}\n# %% [markdown] {PREDICTION}\n# Again?"
    with pytest.raises(CourseError, match=r"py:44: prediction is '07.p1': a new id"):
        read((DEMO, again))


def test_answer_without_a_solution(read):
    with pytest.raises(CourseError, match=r"py:28: the answer .* has no solution"):
        read(("    # BEGIN SOLUTION\n", ""), ("    # END SOLUTION\n", ""))


def test_picture_that_is_there_and_described(read, source):
    (source.parents[1] / "dog.svg").write_text("<svg/>")
    lesson = read((PLAIN, "# ![A brown dog that sleeps\n# in the sun](dog.svg)"))
    assert "dog.svg" in lesson.cells[1].text


def test_cell_that_awaits_at_its_top_is_code_of_a_notebook(read):
    assert read((DEMO, "await something()"))


def test_real_lessons_are_right():
    assert sources()
    for path in sources():
        assert read_lesson(path).path == path
