"""From sources to notebooks and cards.

Alone: pytest tests/course/lessons/test_building.py
"""

import pytest
from tiny_lesson import CASES, NAME, SOURCE, installed

from course.errors import CourseError
from course.lessons import building, catalogue
from course.lessons.building import build, build_solutions, differences, write


@pytest.fixture
def source(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as source:
        yield source


@pytest.fixture
def cases(source):
    """Replace some text of the cases."""
    path = building.CASES / f"test_{NAME}.py"

    def change(old, new):
        assert CASES.count(old) == 1
        path.write_text(CASES.replace(old, new), encoding="utf-8")

    return change


def test_notebook_and_card_of_each_source(source, tmp_path):
    derived = build()
    assert sorted(path.relative_to(tmp_path).as_posix() for path in derived) == [
        f"cards/{NAME}.json",
        f"notebooks/{NAME}.ipynb",
    ]
    assert build() == build("07") == build(NAME) == derived


def test_card_says_what_the_source_and_the_cases_hold(source):
    write(build())
    card = catalogue.card("07")
    assert (card.name, card.title, card.minutes, card.seconds) == (
        *(NAME, "Doubling", 5, 1),
    )
    (exercise,) = card.exercises
    assert (exercise.points, exercise.visible, exercise.hidden) == (4.5, 2, 1)
    assert [question.id for question in card.questions] == ["07.q1", "07.q2"]
    assert [prediction.id for prediction in card.predictions] == ["07.p1"]


@pytest.mark.parametrize("lesson", ["08", "7", "", "07_other", f"{NAME}.py"])
def test_no_source_of_that_lesson(source, lesson):
    with pytest.raises(CourseError, match=r"No source of a lesson .* known are 07\."):
        build(lesson)


def test_no_source_at_all(source):
    source.unlink()
    with pytest.raises(CourseError, match="known are none in"):
        build()


def test_two_sources_with_one_number(source):
    source.with_name("07_halving.py").write_text(SOURCE, encoding="utf-8")
    with pytest.raises(
        CourseError, match=r"07_doubling\.py:1: more than one lesson 07"
    ):
        build()


# --- Cases ---------------------------------------------------------------------------


def test_exercise_without_a_file_of_cases(source):
    (building.CASES / f"test_{NAME}.py").unlink()
    with pytest.raises(
        CourseError, match=rf"^{NAME}\.py:24: exercise 07\.1 has no visible case"
    ):
        build()


def test_exercise_with_hidden_cases_alone(source):
    mark = '@pytest.mark.exercise("07.1"'
    hidden = CASES.replace(mark, f"@pytest.mark.hidden\n{mark}")
    (building.CASES / f"test_{NAME}.py").write_text(hidden, encoding="utf-8")
    with pytest.raises(CourseError, match="has no visible case: write one in test_"):
        build()


def test_case_of_an_exercise_that_is_not_there(cases):
    cases('"07.1", hint="Texts can', '"07.2", hint="Texts can')
    with pytest.raises(CourseError, match=r"test_text is a case of exercise 07\.2"):
        build()


# --- Files ---------------------------------------------------------------------------


def test_only_what_differs_is_written(source):
    derived = build()
    assert sorted(write(derived)) == sorted(derived)
    assert write(derived) == []
    first = next(iter(derived))
    first.write_text("changed")
    assert write(derived) == [first]
    assert differences(derived) == []


def test_a_mistake_in_one_source_leaves_all_files_alone(source, tmp_path):
    source.with_name("08_broken.py").write_text("x = 1\n")
    with pytest.raises(CourseError, match=r"08_broken\.py:1"):
        write(build())
    assert list(tmp_path.glob("*/*.ipynb")) == []


def break_line_ends(path):
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("place", ["notebooks/{}.ipynb", "cards/{}.json"])
@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes() + b"\n"),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff"),
        break_line_ends,
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_any_difference_is_found(source, tmp_path, place, change):
    derived = build()
    write(derived)
    path = tmp_path / place.format(NAME)
    change(path)
    assert differences(derived) == [path]


@pytest.mark.parametrize("place", ["notebooks/06_x.ipynb", "cards/06_x.json"])
def test_file_without_a_source_is_found(source, tmp_path, place):
    derived = build()
    write(derived)
    (tmp_path / place).write_text("{}")
    assert differences(derived) == [tmp_path / place]


def test_real_files_are_what_their_sources_build():
    assert differences(build()) == []


# --- Solutions -----------------------------------------------------------------------


def test_solved_notebooks_go_to_a_folder_of_their_own(source, tmp_path):
    (written,) = build_solutions(tmp_path / "deep" / "solved")
    assert written == tmp_path / "deep" / "solved" / f"{NAME}.ipynb"
    assert "return number + number" in written.read_text(encoding="utf-8")
    assert build_solutions(tmp_path / "deep" / "solved", "07") == []


@pytest.mark.parametrize("folder", [".", "solved", "source/../solved"])
def test_solved_notebooks_never_go_where_learners_look(source, folder):
    with pytest.raises(CourseError, match="name another folder"):
        build_solutions(building.NOTEBOOKS / folder)
    assert list(building.NOTEBOOKS.rglob("*.ipynb")) == []
