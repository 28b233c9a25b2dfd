"""Run alone: pytest tests/course/runs/test_files.py."""

import json

import pytest
from tiny_runs import HISTORY, make_tiny_run, tiny_info

from course.errors import CourseError
from course.runs.files import check_files, read_history, read_info

SUFFIXES = [".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy"] + [
    ".npz"
]
CONFIG = {
    "architectures": ["BertForSequenceClassification"],
    "id2label": {"0": "a", "1": "b"},
}


@pytest.fixture
def folder(tmp_path):
    """A run directory whose files are checked but not loaded."""
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "run.json").write_text(json.dumps(tiny_info()))
    return tmp_path


def test_a_run_of_the_kit_passes(tmp_path, tiny_model_dir):
    run = make_tiny_run(tmp_path / "tiny", tiny_model_dir)
    check_files(run)
    assert read_info(run) == tiny_info()
    assert read_history(run) == list(HISTORY)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_pickle_is_refused(folder, suffix):
    (folder / f"old{suffix}").touch()
    with pytest.raises(CourseError, match=f"holds old{suffix}, a format that can run"):
        check_files(folder)


@pytest.mark.parametrize("name", ["checkpoint-1/optimizer.pt", "a/b/c.PKL", "X.BIN"])
def test_a_pickle_is_refused_wherever_it_is(folder, name):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
    with pytest.raises(CourseError, match="only safetensors are opened: remove it"):
        check_files(folder)


def test_a_folder_of_pickled_weights_is_refused_for_the_pickle(tmp_path):
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(CourseError, match=r"holds pytorch_model\.bin"):
        check_files(tmp_path)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(CourseError, match=f"has no {name}: it is not a run directory"):
        check_files(folder)


@pytest.mark.parametrize("name", ["vocab.txt", "spiece.model"])
def test_other_tokenizers_are_known(folder, name):
    (folder / "tokenizer.json").rename(folder / name)
    check_files(folder)


def test_an_adapter_needs_no_config_but_its_weights(folder):
    for name in ("config.json", "model.safetensors"):
        (folder / name).unlink()
    (folder / "adapter_config.json").touch()
    with pytest.raises(CourseError, match=r"has no adapter_model\.safetensors"):
        check_files(folder)
    (folder / "adapter_model.safetensors").touch()
    check_files(folder)


def test_a_partial_run_says_how_to_finish_it(folder):
    partial = folder.rename(folder.with_name("mine.partial"))
    with pytest.raises(CourseError, match=r"mine is not complete: .*--resume mine'"):
        check_files(partial)


# --- run.json -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"{oops", b"[1]", b"5", b"null", b'"format"', b"[" * 100_000, b"\x80\x04K."],
)
def test_run_json_that_is_no_object(folder, content):
    (folder / "run.json").write_bytes(content)
    with pytest.raises(CourseError, match=r"run\.json is not a readable JSON object: "):
        read_info(folder)


@pytest.mark.parametrize("field", ["labels", "model", "method", "config", "metrics"])
@pytest.mark.parametrize("value", [None, 5, "ab", ["x", 1]], ids=repr)
def test_run_json_with_a_field_of_another_kind(folder, field, value):
    if field in {"model", "method"} and value == "ab":
        value = {}
    (folder / "run.json").write_text(json.dumps(tiny_info() | {field: value}))
    with pytest.raises(CourseError, match=f"has no usable {field}: it was not"):
        read_info(folder)


def test_run_json_of_another_program(folder):
    (folder / "run.json").write_text('{"metrics": {"accuracy": 0.5}, "caf\u00e9": 1}')
    with pytest.raises(
        CourseError, match="no usable format, labels, model, method, co"
    ):
        read_info(folder)


def test_metrics_must_be_objects(folder):
    (folder / "run.json").write_text(json.dumps(tiny_info() | {"metrics": {"f1": 1}}))
    with pytest.raises(CourseError, match="no usable metrics"):
        read_info(folder)


def test_run_json_of_a_later_kit(folder):
    (folder / "run.json").write_text(json.dumps({"format": 2}))
    with pytest.raises(CourseError, match="has format 2, this kit reads 1: update"):
        read_info(folder)


# --- Hugging Face folders -----------------------------------------------------------


@pytest.fixture
def model_folder(folder):
    """A folder without run.json, whose config.json the test writes."""
    (folder / "run.json").unlink()

    def write(config):
        (folder / "config.json").write_text(json.dumps(config))
        return folder

    return write


def test_labels_of_a_model_folder_are_in_the_order_of_their_numbers(model_folder):
    labels = {str(i): f"label {i}" for i in (10, 9, 2, 1, 0, 3, 4, 5, 6, 7, 8)}
    info = read_info(model_folder(CONFIG | {"id2label": labels}))
    assert info["labels"] == [f"label {i}" for i in range(11)]
    assert (info["task"], info["config"], info["metrics"]) == (None, {}, {})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ([], r"config\.json is not a readable JSON object"),
        ({}, "holds a model of unknown kind, not a text classifier"),
        (CONFIG | {"architectures": ["BertModel"]}, "holds BertModel, not a text"),
        (CONFIG | {"architectures": "Bert"}, "holds a model of unknown kind"),
        (CONFIG | {"id2label": {}}, "not a text classifier with label names: name"),
        (CONFIG | {"id2label": {"a": "b"}}, "not a text classifier with label names"),
        (CONFIG | {"id2label": ["a", "b"]}, "not a text classifier with label names"),
    ],
)
def test_a_model_folder_that_is_no_classifier(model_folder, config, message):
    with pytest.raises(CourseError, match=message):
        read_info(model_folder(config))


# --- history.jsonl ------------------------------------------------------------------


def test_a_history_that_is_missing_is_empty(tmp_path):
    assert read_history(tmp_path) == []


@pytest.mark.parametrize("end", ["", '{"st', '{"step":3}', "\x00\x00", "\udce9"])
def test_a_last_line_without_its_end_is_left_out(tmp_path, end):
    content = '{"step":1}\n\n{"step":2}\n' + end
    (tmp_path / "history.jsonl").write_bytes(content.encode(errors="surrogateescape"))
    assert read_history(tmp_path) == [{"step": 1}, {"step": 2}]


@pytest.mark.parametrize("line", [b"oops", b"[1]", b"\xe9", b"\x00", b"[" * 100_000])
def test_a_line_that_is_no_record_is_named(tmp_path, line):
    (tmp_path / "history.jsonl").write_bytes(b'{"step":1}\n' + line + b"\n")
    with pytest.raises(CourseError, match=r"Line 2 of .*history\.jsonl is not a JSON"):
        read_history(tmp_path)
