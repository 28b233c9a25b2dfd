"""A teacher's policy and points.

Alone: pytest tests/course/grading/marks/test_late.py
"""

import pytest

from course.errors import CourseError
from course.grading.marks.late import load_late_policy, read_manual
from course.grading.marks.retakes import Manual

LEARNERS = {"learner-01", "learner-02"}
POINTS = {"02.1": 2.0, "02.2": 3.0}
HEAD = "learner,exercise,points,comment\n"


@pytest.fixture
def write(tmp_path):
    def write_it(text, name="late.py", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding, newline="")
        return path

    return write_it


# --- The policy ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "worth"),
    [
        ("points * 0.5", 2.0),
        ("points + 100", 4.0),
        ("-1", 0.0),
        ("points - minutes_late / 60", 3.0),
        ("__import__('numpy').float32(1.5)", 1.5),
    ],
)
def test_policy_gives_between_nothing_and_all_points(write, body, worth):
    path = write(f"def late(points, minutes_late): return {body}")
    assert load_late_policy(path)(4.0, 60, "02.1") == worth


def test_policy_is_told_the_exercise_if_it_asks(write):
    path = write(
        "def late(points, minutes_late, exercise=None):\n"
        "    return points if exercise == '02.1' else 0\n"
    )
    policy = load_late_policy(path)
    assert (policy(1.0, 5, "02.1"), policy(1.0, 5, "02.2")) == (1.0, 0.0)


def test_loading_writes_nothing(write, tmp_path):
    load_late_policy(write("def late(points, minutes_late): return points"))
    assert [path.name for path in tmp_path.iterdir()] == ["late.py"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def late(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise ValueError('a\\nb')", "ValueError: a b"),
        ("x = 1", "no function `late`"),
        ("late = 3", "no function `late`"),
    ],
)
def test_file_that_cannot_be_used(write, text, said):
    with pytest.raises(CourseError, match=said) as caught:
        load_late_policy(write(text))
    assert "late.py" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(CourseError, match="FileNotFoundError"):
        load_late_policy(tmp_path / "late.py")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("None", "a NoneType"),
        ("True", "a bool"),
        ("'3'", "a str"),
        ("3j", "a complex"),
        ("float('nan')", "nan: return a finite"),
        ("float('inf')", "inf: return a finite"),
        ("1 / 0", "failed: ZeroDivisionError"),
        ("late()", "failed: TypeError"),
    ],
)
def test_policy_that_returns_no_number(write, body, said):
    policy = load_late_policy(write(f"def late(points, minutes_late): return {body}"))
    with pytest.raises(CourseError, match=said) as caught:
        policy(4.0, 60, "02.1")
    assert "late(4, 60)" in str(caught.value)
    assert "\n" not in str(caught.value)


# --- Points and comments by hand -----------------------------------------------------


def read(path):
    return read_manual(path, LEARNERS, POINTS)


def test_points_and_comments(write):
    text = HEAD + (
        'learner-01,02.1,1.5,"Two,\nlines"\n'
        "learner-01,,,On the whole\n"
        "learner-02,02.2,3,\n\n"
        "learner-02,02.1,,Only said\n"
    )
    assert read(write(text, "m.csv", "utf-8-sig")) == {
        "learner-01": Manual(
            {"02.1": 1.5}, (("02.1", "Two,\nlines"), ("", "On the whole"))
        ),
        "learner-02": Manual({"02.2": 3.0}, (("02.1", "Only said"),)),
    }


def test_as_a_spreadsheet_of_another_country_writes_it(write):
    text = "exercise;learner;comment;points\r\n2.1;learner-01;;1,5\r\n"
    assert read(write(text, "m.csv")) == {"learner-01": Manual({"02.1": 1.5})}


def test_number_that_may_be_two_exercises_is_none(write):
    path = write(HEAD + "learner-01,2.1,1,\n", "m.csv")
    with pytest.raises(CourseError, match=r"m\.csv:2: Unknown exercise '2\.1'"):
        read_manual(path, LEARNERS, {"02.1": 1.0, "02.10": 1.0})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("learner-03,02.1,1,\n", r":2: Unknown learner 'learner-03'"),
        ("learner-01,02.9,1,\n", r":2: Unknown exercise '02.9'"),
        ("learner-01,02.1,2.1,\n", r":2: '2.1' points .* from 0 to 2\."),
        ("learner-01,02.1,-1,\n", r":2: '-1' points"),
        ("learner-01,02.1,nan,\n", r":2: 'nan' points"),
        ("learner-01,02.1,many,\n", r":2: 'many' points"),
        ("learner-01,,1,\n", r":2: points without an exercise"),
        ("learner-01,02.1,,\n", r":2: neither"),
        ("learner-01,02.1,1\n", r":2: expected four cells"),
        ("learner-01,02.1,1,a,b\n", r":2: expected four cells"),
        ("learner-01,02.1,1,\nlearner-01,02.1,2,\n", r":3: .* a second time"),
        ('learner-01,,,"a\nb"\nlearner-01,,1,"c\nd"\n', r":4: points without"),
    ],
)
def test_error_names_file_and_line(write, rows, said):
    with pytest.raises(CourseError, match=said) as caught:
        read(write(HEAD + rows, "m.csv"))
    assert "m.csv:" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "learner,points\n", "a,b,c,d\n"])
def test_other_columns_are_refused(write, text):
    with pytest.raises(CourseError, match=r"m\.csv:1: expected the columns learner,"):
        read(write(text, "m.csv"))


def test_file_that_is_no_text_or_not_there(tmp_path):
    path = tmp_path / "m.csv"
    with pytest.raises(CourseError, match="FileNotFoundError"):
        read(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError, match="UnicodeDecodeError"):
        read(path)
