"""train and search. Run alone: pytest tests/course/cli/test_training.py."""

import json

import pytest
from tiny_runs import tiny_info

from course import cli, finetuning, hyperparameters
from course.finetuning.configuration import preset
from course.hyperparameters.results import Search
from course.runs import Run


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Call `course` and return its exit code and what it wrote."""
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))

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


@pytest.fixture
def trained(monkeypatch, tmp_path):
    """What `finetune` and `resume` were called with; they train nothing."""
    calls = []

    def record(*arguments, **options):
        calls.append((arguments, options))
        return Run(tmp_path, tiny_info())

    monkeypatch.setattr(finetuning, "finetune", record)
    monkeypatch.setattr(finetuning, "resume", record)
    return calls


def test_train_prints_run_json(call, trained):
    code, out, err = call("train", "spam", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == tiny_info()
    (((task, config), options),) = trained
    assert (task, config) == ("spam", preset("default", "spam"))
    assert options == {"name": None, "text_column": "text", "label_column": "label"}


def test_train_shows_the_table_and_where_the_run_is(call, trained, tmp_path):
    code, out, err = call("train", "spam")
    assert (code, out) == (0, "")
    assert "majority" in err
    assert err.endswith(f"The run: {tmp_path}\n")


def test_train_hands_every_option_on(call, trained):
    options = {
        "method": "lora",
        "model": "smollm2",
        "learning_rate": 5e-5,
        "num_train_epochs": 1.5,
        "per_device_train_batch_size": 8,
        "max_train_samples": 100,
        "max_seconds": 9.5,
        "seed": 3,
    }
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    words += ["--set", "r=4", "--set", "lr_scheduler_type=cosine", "--preset", "quick"]
    words += ["--name", "mine", "--text-column", "a", "--label-column", "b"]
    assert call("train", "my.csv", *words)[0] == 0
    (((task, config), given),) = trained
    expected = options | {"r": 4, "lr_scheduler_type": "cosine"}
    assert config == preset("quick", "my.csv", **expected)
    assert given == {"name": "mine", "text_column": "a", "label_column": "b"}
    assert task == "my.csv"


def test_resume_continues_by_name(call, trained):
    assert call("train", "--resume", "mine", "--json")[0] == 0
    assert trained == [(("mine",), {})]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name either a task to train or, with --resume, a run."),
        (["spam", "--resume", "mine"], "Name either a task to train or"),
        (["spam", "--preset", "fast"], "Unknown preset 'fast'. Known: best, default"),
        (["spam", "--learning-rate", "-1"], "learning_rate is -1.0; above 0"),
        (["spam", "--learning-rate", "nan"], "learning_rate is nan"),
        (["spam", "--seed", "-1"], "seed is -1; at least 0"),
        (["spam", "--max-seconds", "0"], "max_seconds is 0.0; above 0"),
        (["spam", "--set", "r"], "--set 'r' has no '='"),
        (["spam", "--set", "lr=1"], "Unknown option 'lr'"),
        (["spam", "--set", "r=2.5"], "r is 2.5; a whole number is expected"),
        (["spam", "--name", "a/b"], "'a/b' is not a run's name"),
        (["spma"], "Unknown task 'spma'. Did you mean 'spam'"),
        (["no.csv"], "There is no file no.csv"),
        (["--resume", "mine"], "The run 'mine' does not exist"),
    ],
)
def test_train_refuses_before_it_trains(refused, arguments, message, tmp_path):
    assert message in refused("train", *arguments)
    assert not (tmp_path / "runs").exists()


# --- search -------------------------------------------------------------------------


@pytest.fixture
def searched(monkeypatch):
    """What `search` was called with; it tries nothing."""
    calls = []
    trial = {"number": 0, "state": "complete", "params": {"r": 4}, "value": 0.75}

    def record(*arguments, **options):
        calls.append((arguments, options))
        config = hyperparameters.SearchConfig(n_trials=1).to_json()
        return Search("s", "spam", "maximize", config, {}, [trial], {})

    monkeypatch.setattr(hyperparameters, "search", record)
    return calls


def test_search_prints_the_best_and_all_trials(call, searched):
    code, out, err = call("search", "spam", "--json")
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert result["best"]["params"] == {"r": 4}
    assert len(result["trials"]) == 1
    (((task, space, config), options),) = searched
    assert (task, space) == ("spam", None)
    assert (config.sampler, config.n_trials, config.seeds) == ("tpe", 12, (0,))
    assert options == {
        "storage": None,
        "name": None,
        "workers": 1,
        "text_column": "text",
        "label_column": "label",
    }


def test_search_shows_a_table(call, searched):
    code, out, err = call("search", "spam")
    assert (code, out) == (0, "")
    assert "1 of 1 trials finished" in err
    assert "r=4" in err


def test_search_hands_every_option_on(call, searched, tmp_path):
    (tmp_path / "space.json").write_text('{"r": {"choices": [4, 8]}}')
    words = "--sampler grid --trials 5 --name mine --preset default --seeds 2 --seed 7"
    words += " --workers 3 --storage sqlite:///a.db --max-seconds 9 --pruner none"
    words += " --metric eval_loss --set method=lora --text-column a --label-column b"
    assert (
        call("search", "my.csv", *words.split(), "--space", tmp_path / "space.json")[0]
        == 0
    )
    (((task, space, config), options),) = searched
    assert task == "my.csv"
    assert space.to_json() == {"r": {"choices": [4, 8]}}
    assert config == hyperparameters.SearchConfig(
        sampler="grid",
        n_trials=5,
        preset="default",
        seeds=(0, 1),
        seed=7,
        max_seconds=9,
        pruner="none",
        metric="eval_loss",
        fixed={"method": "lora"},
    )
    assert options == {
        "storage": "sqlite:///a.db",
        "name": "mine",
        "workers": 3,
        "text_column": "a",
        "label_column": "b",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["spma"], "Unknown task 'spma'. Did you mean 'spam'"),
        (["spam", "--sampler", "tep"], "Did you mean 'tpe'"),
        (["spam", "--pruner", "x"], "Unknown pruner 'x'"),
        (["spam", "--metric", "x"], "Unknown metric 'x'"),
        (["spam", "--trials", "0"], "n_trials is 0; a whole number of at least 1"),
        (["spam", "--max-seconds", "0"], "max_seconds is 0.0; above 0"),
        (["spam", "--preset", "x"], "Unknown preset 'x'"),
        (["spam", "--set", "lr=1"], "Unknown option 'lr'"),
        (["spam", "--name", "a/b"], "The search's name is 'a/b'"),
        (["spam", "--storage", "ftp://a"], "begins with 'ftp'"),
        (["spam", "--space", "no.json"], "no.json cannot be read (No such file"),
    ],
)
def test_search_refuses_before_it_trains(refused, arguments, message):
    assert message in refused("search", *arguments)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1]", "holds a list; a JSON object is expected"),
        ("{}", "The search space is empty"),
        ('{"lr": [1, 2]}', "Unknown hyperparameter 'lr'"),
        ('{"learning_rate": [0.1, "log"]}', "'log'; a number is expected"),
        ('{"learning_rate": {"low": 1, "high": 0}}', "from 1 to 0; two numbers"),
        ('{"learning_rate": {"low": 0, "high": 1, "leg": true}}', "leg"),
    ],
)
def test_a_space_that_is_none(refused, tmp_path, content, message):
    (tmp_path / "space.json").write_text(content)
    assert message in refused("search", "spam", "--space", tmp_path / "space.json")
