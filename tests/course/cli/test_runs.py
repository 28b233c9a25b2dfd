"""evaluate, predict, explain and runs. Alone: pytest tests/course/cli/test_runs.py."""

import io
import json
import shutil
import sys

import numpy as np
import pytest
from tiny_runs import make_tiny_run, tiny_info

from course import cli, runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory, tiny_model_dir):
    """A folder of runs in which there is one, called tiny."""
    folder = tmp_path_factory.mktemp("runs")
    make_tiny_run(folder / "tiny", tiny_model_dir)
    return folder


@pytest.fixture
def call(capsys, monkeypatch, folder, tmp_path):
    """Call `course` and return its exit code and what it wrote."""
    monkeypatch.setenv("COURSE_RUNS", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(runs, "ADAPTERS", tmp_path / "adapters")

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as raised:
            cli.main(list(map(str, arguments)))
        return raised.value.code or 0, *capsys.readouterr()

    return run


@pytest.fixture
def refused(call):
    """Call `course`, see that it is refused in one line, and return the line."""

    def run(*arguments: str) -> str:
        code, out, err = call(*arguments)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        return err

    return run


# --- predict ------------------------------------------------------------------------


def test_predict_prints_a_line_of_json_per_text(call):
    texts = ["A joy.", "", "😀", "a\nb\x1b[31m", "word " * 20_000, "café"]
    code, out, err = call("predict", "tiny", *texts, "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [row["text"] for row in rows] == texts
    assert [row["truncated"] for row in rows] == [t.startswith("word") for t in texts]
    for row in rows:
        shares = row["probabilities"]
        assert list(shares) == ["negative", "positive"]
        assert row["label"] == max(shares, key=shares.get)
        assert sum(shares.values()) == pytest.approx(1)
    assert '"café"' in out


def test_predict_prints_a_line_per_text(call):
    code, out, err = call("predict", "tiny", "a\nb\x1b[31m", "word " * 200)
    first, second = out.splitlines()
    label, share, text = first.split("\t")
    assert (code, err) == (0, "")
    assert (label, text) == ("negative", "a b [31m")
    assert 0.5 <= float(share) <= 1
    assert second.endswith("…\t(cut: longer than the model reads)")


def test_predict_reads_files_and_standard_input(call, tmp_path, monkeypatch):
    (tmp_path / "texts.txt").write_text("one\n\ntwo\n")
    from_file = call("predict", "tiny", "--file", tmp_path / "texts.txt", "--json")
    for option in ([], ["--file", "-"]):
        monkeypatch.setattr(sys, "stdin", io.StringIO("one\n\ntwo\n"))
        assert call("predict", "tiny", *option, "--json") == from_file
    assert [json.loads(line)["text"] for line in from_file[1].splitlines()] == [
        "one",
        "two",
    ]


def test_predict_keeps_the_order_over_many_batches(call, tmp_path):
    texts = ["word " * (i % 7) + str(i) for i in range(600)]
    (tmp_path / "texts.txt").write_text("\n".join(texts))
    _, out, _ = call("predict", "tiny", "--file", tmp_path / "texts.txt", "--json")
    assert [json.loads(line)["text"] for line in out.splitlines()] == texts


def test_predict_takes_a_text_that_looks_like_an_option(call):
    assert call("predict", "tiny", "--", "--debug")[1].endswith("\t--debug\n")


def test_predict_writes_what_is_no_text_as_json_would(call):
    """An argument that is not UTF-8 reaches Python as a lone surrogate."""
    _, out, _ = call("predict", "tiny", "caf\udce9", "--json")
    assert json.loads(out)["text"] == "caf\udce9"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tniy", "a"], "Unknown run 'tniy'. Did you mean 'tiny'? Known: tiny."),
        (["tiny", "a", "--file", "b"], "Texts and --file came together"),
        (["tiny", "--file", "no/such.txt"], "cannot be read (No such file"),
        (["tiny", "x" * 1_000_001], "A text has 1,000,001 characters"),
    ],
)
def test_predict_refuses(refused, arguments, message):
    assert message in refused("predict", *arguments)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("model.safetensors", b"half", "The model in"),
        ("tokenizer.json", b"{oops", "The tokenizer in"),
        ("run.json", b"[]", "is not a readable JSON object"),
        ("optimizer.pt", b"\x80\x04K\x01.", "a format that can run code"),
    ],
)
def test_a_damaged_run_is_one_line(refused, folder, tmp_path, name, content, message):
    bad = shutil.copytree(folder / "tiny", tmp_path / "bad")
    (bad / name).write_bytes(content)
    assert message in refused("predict", bad, "a")


# --- evaluate -----------------------------------------------------------------------


@pytest.fixture
def csv_file(tmp_path):
    path = tmp_path / "mine.csv"
    lines = [f"text {i},{['negative', 'positive'][i % 2]}" for i in range(10)]
    path.write_text("\n".join(["text,label", *lines]))
    return path


def test_evaluate_measures_the_users_file(call, csv_file):
    code, out, err = call("evaluate", "tiny", "--data", csv_file, "--json")
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert result["n"] == np.sum(result["confusion"]) == 10
    right = np.trace(result["confusion"])
    assert result["metrics"]["accuracy"]["value"] == right / 10
    assert set(result["metrics"]["accuracy"]) == {"value", "low", "high", "n"}


def test_evaluate_shows_a_table(call, csv_file):
    code, out, err = call("evaluate", "tiny", "--data", csv_file)
    assert (code, out) == (0, "")
    assert "n = 10, 95 % intervals" in err
    assert "negative predicted" in err


def test_evaluate_takes_other_columns(call, csv_file):
    csv_file.write_text(csv_file.read_text().replace("text,label", "a,b", 1))
    options = ["--text-column", "a", "--label-column", "b", "--json"]
    _, out, _ = call("evaluate", "tiny", "--data", csv_file, *options)
    assert json.loads(out)["n"] == 10


def test_evaluate_one_text_gives_valid_json(call, csv_file):
    csv_file.write_text("text,label\na,negative\n")
    _, out, _ = call("evaluate", "tiny", "--data", csv_file, "--json")
    assert "NaN" not in out
    assert json.loads(out)["n"] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,label\na,happy\n", "labels that tiny does not know: 'happy'"),
        ("text,label\n", "has no row with a text and a label"),
        ("text\na\n", "has no column 'label'"),
    ],
)
def test_evaluate_refuses(refused, csv_file, content, message):
    csv_file.write_text(content)
    assert message in refused("evaluate", "tiny", "--data", csv_file)


# --- explain ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method", ["partition", "exact", "lime", "integrated_gradients"]
)
def test_explain_gives_a_value_to_each_word(call, method):
    options = ["--method", method, "--max-evals", "50", "--json"]
    code, out, err = call("explain", "tiny", "Not bad at all.", *options)
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert result["tokens"] == ["Not", "bad", "at", "all", "."]
    assert len(result["values"]) == 5
    assert result["method"] == method
    assert {"base_value", "prediction", "evaluations", "complete"} < set(result)


def test_explain_takes_its_options(call):
    options = ["--target", "positive", "--output", "probability", "--unit", "token"]
    _, out, _ = call("explain", "tiny", "unbelievably", *options, "--json")
    result = json.loads(out)
    assert (result["target"], result["output"], result["unit"]) == (
        "positive",
        "probability",
        "token",
    )


def test_explain_writes_a_page(call, tmp_path):
    page = tmp_path / "a.html"
    code, out, err = call("explain", "tiny", "Not <b>bad</b>.", "--out", page)
    assert (code, out) == (0, "")
    assert f"Written to {page}\n" in err
    assert "Not" in err
    html = page.read_text("utf-8")
    assert html.startswith("<!doctype html>")
    assert "<b>bad" not in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a", "--method", "lima"], "Did you mean 'lime'"),
        (["a", "--target", "happy"], "Unknown label 'happy'. Known: negative, pos"),
        (["a", "--unit", "letter"], "'letter'"),
        (["a", "--output", "odds"], "'odds'"),
        (["a", "--max-evals", "1"], "greater than or equal to 4"),
        (["a", "--out", "no/such/a.html"], "cannot be written (No such file or dir"),
        (["word " * 13, "--method", "exact"], "exact method takes up to 12"),
    ],
)
def test_explain_refuses(refused, arguments, message):
    assert message in refused("explain", "tiny", *arguments)


# --- runs ---------------------------------------------------------------------------


def test_runs_lists_what_is_known_of_each(call):
    code, out, err = call("runs", "--json")
    (row,) = json.loads(out)
    assert (code, err) == (0, "")
    assert row["name"] == "tiny"
    assert {name: row[name] for name in tiny_info()} == tiny_info()


def test_runs_names_stopped_ones_and_the_folder(call, monkeypatch, tmp_path):
    (tmp_path / "mine.partial").mkdir()
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    code, out, err = call("runs")
    assert (code, out) == (0, "")
    assert "stopped: mine (course train --resume mine)\n" in err
    assert err.endswith(f"In {tmp_path}\n")


def test_runs_lists_shipped_adapters_after_the_users(call, tmp_path, folder):
    shutil.copytree(folder / "tiny", tmp_path / "adapters" / "spam")
    _, out, _ = call("runs", "--json")
    assert [row["name"] for row in json.loads(out)] == ["tiny", "spam"]


def test_runs_gives_valid_json_of_a_metric_that_is_none(call, monkeypatch, tmp_path):
    bad = shutil.copytree(runs.runs_dir() / "tiny", tmp_path / "runs" / "nan")
    info = tiny_info()
    info["metrics"]["f1"]["value"] = float("nan")
    (bad / "run.json").write_text(json.dumps(info))
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    _, out, _ = call("runs", "--json")
    assert "NaN" not in out
    assert json.loads(out)[0]["metrics"]["f1"]["value"] is None
