import nbformat
import pytest

from course.errors import CourseError
from course.grading.exports.nbgrader import write_nbgrader
from course.grading.exports.texts import WARNING


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nbgrader") / "course"
    write_nbgrader(folder, ["02"])
    return folder


@pytest.fixture(scope="module")
def cells(folder):
    notebook = nbformat.read(folder / "source/02/02_tokenization.ipynb", as_version=4)
    return [cell for cell in notebook.cells if "nbgrader" in cell.metadata]


def test_answers_have_nbgraders_markers(cells):
    answers = [cell for cell in cells if cell.metadata["nbgrader"]["solution"]]
    assert len(answers) == 6
    for cell in answers:
        begins = cell.source.count("### BEGIN SOLUTION")
        assert begins == cell.source.count("### END SOLUTION") > 0


def test_hidden_cases_stand_between_their_markers(cells):
    tests = [cell for cell in cells if cell.metadata["nbgrader"]["grade"]]
    assert len(tests) == 6
    for cell in tests:
        before, _, rest = cell.source.partition("### BEGIN HIDDEN TESTS")
        hidden, _, after = rest.partition("### END HIDDEN TESTS")
        assert "pytest.mark.hidden" in hidden
        for visible in (before, after):
            assert "hidden" not in visible
            compile(visible, "cell", "exec")
        compile(cell.source, "cell", "exec")
        assert cell.source.endswith("_marks.points()")


def test_metadata_is_that_of_a_source(cells):
    for cell in cells:
        about = cell.metadata["nbgrader"]
        assert about["schema_version"] == 3
        assert not {"checksum", "cell_type"} & set(about)


def test_readme_warns(folder):
    assert WARNING in (folder / "README.md").read_text(encoding="utf-8")


def test_same_bytes_again(folder, tmp_path):
    write_nbgrader(tmp_path / "again", ["02"])
    for path in sorted(folder.rglob("*.*")):
        again = tmp_path / "again" / path.relative_to(folder)
        assert again.read_bytes() == path.read_bytes(), path.name


def test_nothing_is_written_for_an_unknown_lesson(tmp_path):
    with pytest.raises(CourseError, match="Lesson 99"):
        write_nbgrader(tmp_path / "new", ["02", "99"])
    assert not (tmp_path / "new").exists()
