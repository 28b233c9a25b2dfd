"""Run alone: pytest tests/course/runs/test_runs.py."""

import json
import os
import shutil

import pytest
from tiny_runs import HISTORY, METRICS, make_tiny_run, tiny_info

from course import runs
from course.errors import CourseError
from course.runs import Run, list_runs, open_run, run_names, runs_dir, shipped


@pytest.fixture(scope="module")
def tiny(tmp_path_factory, tiny_model_dir):
    """A run directory that is only read."""
    return make_tiny_run(tmp_path_factory.mktemp("runs") / "tiny", tiny_model_dir)


@pytest.fixture
def my_runs(tmp_path, monkeypatch):
    """An empty folder of runs, and another that commands are called in."""
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    (tmp_path / "runs").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(runs, "ADAPTERS", tmp_path / "adapters")
    return tmp_path / "runs"


@pytest.fixture
def add(my_runs):
    """Add a run of small, unreadable files, which opening checks but does not load."""

    def make(name: str, folder=my_runs):
        (folder / name).mkdir(parents=True)
        for file in ("model.safetensors", "tokenizer.json", "config.json"):
            (folder / name / file).write_text("{}")
        (folder / name / "run.json").write_text(json.dumps(tiny_info()))
        return folder / name

    return make


def test_a_run_says_what_was_recorded(tiny):
    run = open_run(tiny)
    assert (run.name, run.task, run.labels) == (
        "tiny",
        "sentiment",
        ["negative", "positive"],
    )
    assert run.config["max_length"] == 64
    assert run.metrics == METRICS
    assert run.history() == list(HISTORY)
    assert run.bytes == (tiny / "model.safetensors").stat().st_size
    assert not run.is_adapter


def test_a_run_without_a_record_has_empty_ones(tmp_path):
    run = Run(tmp_path, {"labels": ["a", "b"]})
    assert (run.task, run.config, run.metrics, run.history()) == (None, {}, {}, [])


def test_open_run_returns_a_run_as_it_is(tiny):
    run = open_run(tiny)
    assert open_run(run) is run


# --- By which name ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mine", "v1.2", "café 日本", "-dash"])
def test_by_name(add, name):
    path = add(name)
    assert open_run(name).path == path
    assert open_run(name).name == name


def test_by_path(add, monkeypatch):
    path = add("mine")
    assert open_run(path).path == open_run(str(path)).path == path
    monkeypatch.chdir(path.parent)
    assert open_run("./mine").path == open_run("mine/").path == path
    monkeypatch.chdir(path)
    assert open_run(".").path == path
    assert open_run(".").name == "mine"


def test_by_the_home_folder(add, monkeypatch):
    path = add("mine")
    monkeypatch.setenv("HOME", str(path))
    assert open_run("~").path == path
    monkeypatch.setenv("HOME", str(path.parent))
    assert open_run("~/mine").path == path


def test_a_model_in_this_folder_comes_before_a_run(add, my_runs):
    add("same")
    here = add("same", folder=my_runs.parent / "here")
    assert open_run("same").path == here


def test_a_folder_here_that_is_no_model_does_not_hide_a_run(add, my_runs):
    path = add("same")
    (my_runs.parent / "here" / "same").mkdir()
    assert open_run("same").path == path


def test_a_run_comes_before_a_shipped_adapter(add, my_runs):
    shipped_path = add("spam", folder=my_runs.parent / "adapters")
    assert shipped() == ["spam"]
    assert open_run("spam").path == shipped_path
    path = add("spam")
    assert open_run("spam").path == path


def test_a_stopped_run_does_not_hide_a_shipped_adapter(add, my_runs):
    shipped_path = add("spam", folder=my_runs.parent / "adapters")
    add("spam.partial")
    assert open_run("spam").path == shipped_path


def test_a_stopped_run_is_found_by_its_name(add):
    add("mine.partial")
    for name in ("mine", "mine.partial"):
        with pytest.raises(CourseError, match="mine is not complete: finish it with"):
            open_run(name)


def test_a_link_to_a_run_has_the_name_of_the_link(add, my_runs):
    (my_runs / "latest").symlink_to(add("mine"))
    assert open_run("latest").name == "latest"
    assert set(run_names()) == {"latest", "mine"}


def test_a_hugging_face_folder(tiny_model_dir):
    run = open_run(tiny_model_dir)
    assert (run.task, run.labels) == (None, ["negative", "positive"])


@pytest.mark.parametrize(
    "name",
    ["", "nothing", "no/such", "/no/such", "~/no/such", "x" * 300, "a\x00b", "no\nway"],
    ids=range(8),
)
def test_an_unknown_run_in_one_line(my_runs, name):
    with pytest.raises(CourseError, match=r"^Unknown run '.*'\. Known: none yet") as e:
        open_run(name)
    assert str(e.value).isprintable()
    assert len(str(e.value)) < 200


def test_an_unknown_run_suggests_the_nearest(add):
    add("sentiment-full")
    with pytest.raises(CourseError, match="Did you mean 'sentiment-full'"):
        open_run("sentimnet-full")


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_a_folder_that_is_no_run(my_runs, name):
    with pytest.raises(
        CourseError, match=r"has no model\.safetensors: it is not a run"
    ):
        open_run(name)


def test_a_file_is_no_run(add):
    with pytest.raises(CourseError, match="Unknown run"):
        open_run(add("mine") / "run.json")


def test_a_folder_that_may_not_be_read(add, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(runs, "check_files", refuse)
    with pytest.raises(CourseError, match=r"cannot be read \(Permission denied\)"):
        open_run(add("mine"))


# --- Lists --------------------------------------------------------------------------


def test_lists_are_newest_first_and_complete(add, my_runs):
    for age, name in enumerate(["new", "middle", "old"]):
        os.utime(add(name), (1e9 - age, 1e9 - age))
    add("stopped.partial")
    (my_runs / "file").touch()
    (my_runs / "searches").mkdir()
    (my_runs / "gone").symlink_to("/no/such/folder")
    assert run_names() == ["new", "middle", "old"]
    assert [run.name for run in list_runs()] == ["new", "middle", "old"]


@pytest.mark.parametrize("content", ["{oops", "5", "[" * 100_000, "{}"])
def test_a_damaged_run_is_left_out_of_the_list(add, content):
    add("good")
    (add("bad") / "run.json").write_text(content)
    assert [run.name for run in list_runs()] == ["good"]


def test_no_folder_of_runs_is_no_runs(my_runs):
    shutil.rmtree(my_runs)
    assert run_names() == list_runs() == shipped() == []


def test_a_file_where_the_runs_should_be_is_no_runs(my_runs, monkeypatch):
    (my_runs / "file").touch()
    monkeypatch.setenv("COURSE_RUNS", str(my_runs / "file"))
    assert list_runs() == []


def test_runs_dir_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_RUNS", "relative")
    assert runs_dir() == tmp_path / "relative"
    monkeypatch.delenv("COURSE_RUNS")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    assert runs_dir() == tmp_path / "home" / "runs"
    monkeypatch.delenv("COURSE_HOME")
    assert runs_dir().parts[-2:] == ("llm-teaching-kit", "runs")


# --- Loading ------------------------------------------------------------------------


def test_a_whole_model_is_loaded_with_its_tokenizer(tiny):
    run = open_run(tiny)
    model, tokenizer = run.model(), run.tokenizer()
    assert not model.training
    assert {parameter.dtype.is_floating_point for parameter in model.parameters()} == {
        True
    }
    assert tokenizer("good film")["input_ids"] == [101, 2204, 2143, 102]


@pytest.mark.parametrize("content", [b"{oops", b'{"a": 1}', b"", b"\x80\x04K\x01."])
def test_a_damaged_tokenizer_is_one_line(tmp_path, tiny, content):
    folder = shutil.copytree(tiny, tmp_path / "bad")
    (folder / "tokenizer.json").write_bytes(content)
    with pytest.raises(CourseError, match=r"The tokenizer in .* cannot be loaded") as e:
        open_run(folder).tokenizer()
    assert str(e.value).isprintable()
