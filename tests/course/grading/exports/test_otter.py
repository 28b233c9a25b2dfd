import json
import zipfile

import nbformat
import pytest

from course.errors import CourseError
from course.grading.exports.otter import write_otter
from course.grading.exports.texts import WARNING


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("otter") / "course"
    write_otter(folder, ["02"])
    return folder


def test_learners_get_no_hidden_case_and_no_solution(folder):
    tests = sorted((folder / "02/student/tests").glob("*.py"))
    assert len(tests) == 6
    for path in tests:
        text = path.read_text(encoding="utf-8")
        assert "hidden=True" not in text
        assert "pytest.mark.hidden" not in text
    notebook = (folder / "02/student/02_tokenization.ipynb").read_text("utf-8")
    assert "SOLUTION" not in notebook
    assert "symbols.append" not in notebook


def test_each_check_has_its_test(folder):
    path = folder / "02/student/02_tokenization.ipynb"
    notebook = nbformat.read(path, as_version=4)
    sources = [cell.source for cell in notebook.cells]
    names = sorted(path.stem for path in (folder / "02/student/tests").glob("*.py"))
    assert [s for s in sources if s.startswith("grader.check")] == [
        f'grader.check("{name}")' for name in names
    ]
    assert sources[0].startswith("import otter")
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    assert sum("otter_answer_cell" in found for found in tags) == 6


def test_archive_holds_all_cases(folder):
    grading = folder / "02/autograder"
    with zipfile.ZipFile(grading / "autograder.zip") as archive:
        for name in archive.namelist():
            assert archive.read(name) == (grading / name).read_bytes()
        assert len(archive.namelist()) == 7
        assert b"hidden=True" in archive.read("tests/exercise-02-1.py")
        config = json.loads(archive.read("otter_config.json"))
    assert config["points_possible"] == 38


def test_readme_warns(folder):
    assert WARNING in (folder / "README.md").read_text(encoding="utf-8")


def test_same_bytes_again(folder, tmp_path):
    write_otter(tmp_path / "again", ["02"])
    for path in sorted(folder.rglob("*.*")):
        again = tmp_path / "again" / path.relative_to(folder)
        assert again.read_bytes() == path.read_bytes(), path.name


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(CourseError, match="is not empty"):
        write_otter(tmp_path, ["02"])
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
