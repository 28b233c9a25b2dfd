"""Where trials are kept. Alone: pytest tests/course/hyperparameters/test_storage.py."""

import subprocess
import sys
from datetime import datetime, timedelta

import optuna
import pytest
from optuna.trial import TrialState, create_trial

from course.errors import CourseError
from course.hyperparameters import storage as search_storage
from course.hyperparameters.config import SearchConfig
from course.hyperparameters.storage import (
    GRACE_SECONDS,
    Storage,
    is_abandoned,
    open_storage,
    requeue,
)
from course.hyperparameters.study import new_study, quiet_optuna


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    with quiet_optuna():
        yield tmp_path


def study_in(storage) -> optuna.Study:
    return new_study(SearchConfig(), "s", storage.optuna)


def running(study: optuna.Study, worker: str | None) -> optuna.Trial:
    trial = study.ask()
    trial.suggest_float("x", 0, 1)
    if worker is not None:
        trial.set_user_attr("worker", worker)
    return trial


def states(study: optuna.Study) -> list[str]:
    return [trial.state.name for trial in study.trials]


def test_default_is_a_journal_among_the_runs(runs):
    study_in(open_storage(None, "mine"))
    assert (runs / "searches" / "mine" / "journal.log").stat().st_size > 0


def test_two_searches_can_share_a_journal_file(tmp_path):
    path = tmp_path / "deep" / "all.log"
    first, second = open_storage(path, "a"), open_storage(path, "b")
    new_study(SearchConfig(), "a", first.optuna)
    new_study(SearchConfig(), "b", second.optuna)
    names = optuna.get_all_study_names(open_storage(path, "c").optuna)
    assert names == ["a", "b"]
    assert first.folder != second.folder


def test_nothing_that_is_kept_is_a_pickle(runs):
    study = study_in(open_storage(None, "s"))
    for _ in range(120):  # Optuna writes snapshots, where it does, every 100 trials
        study.tell(study.ask(), 1.0)
    files = [file for file in runs.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} <= {".log", ".lock"}
    lines = (runs / "searches" / "s" / "journal.log").read_text().splitlines()
    assert all(line.startswith('{"op_code":') for line in lines)


def test_living_worker_keeps_its_trial_and_an_ended_one_does_not():
    storage = open_storage(None, "s")
    study = study_in(storage)
    with storage.worker() as living:
        with storage.worker() as ended:
            trial = running(study, ended)
            kept = running(study, living)
            requeue(study, storage)
            assert states(study) == ["RUNNING", "RUNNING"]
        requeue(study, storage)
    assert states(study) == ["FAIL", "RUNNING", "WAITING"]
    assert is_abandoned(study.trials[0])
    again = study.ask()
    assert again.number == 2
    assert again.suggest_float("x", 0, 1) == trial.params["x"]
    assert again.user_attrs == {"run_number": 0}
    assert kept.params


def test_killed_worker_is_found_gone(runs):
    storage = open_storage(None, "s")
    script = (
        "from course.hyperparameters.storage import open_storage\n"
        "with open_storage(None, 's').worker() as name:\n"
        "    print(name, flush=True)\n"
        "    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        name = process.stdout.readline().strip()
        assert not storage.is_gone(name)
        process.kill()
        process.wait()
        assert (storage.folder / "workers" / f"{name}.lock").exists()
        assert storage.is_gone(name)


def test_trial_of_a_worker_killed_before_it_signed_is_queued_again():
    storage = open_storage(None, "s")
    study = study_in(storage)
    running(study, worker=None)
    requeue(study, storage)
    assert states(study) == ["FAIL", "WAITING"]


def test_trial_queued_twice_keeps_its_first_number_and_its_values():
    storage = open_storage(None, "s")
    study = study_in(storage)
    study.enqueue_trial({"x": 0.25}, user_attrs={"grid_point": 7})
    for _ in range(2):
        study.ask().set_user_attr("worker", "gone")  # killed before it drew a value
        requeue(study, storage)
    last = study.trials[-1]
    assert last.user_attrs == {"run_number": 0, "grid_point": 7}
    assert last.system_attrs["fixed_params"] == {"x": 0.25}


def test_failure_of_its_own_is_not_abandonment():
    failed = create_trial(state=TrialState.FAIL, user_attrs={"error": "no"})
    assert not is_abandoned(failed)
    assert is_abandoned(create_trial(state=TrialState.FAIL))
    assert not is_abandoned(create_trial(state=TrialState.COMPLETE, value=1.0))


def test_unfinished_last_line_is_cut_off(runs):
    study = study_in(open_storage(None, "s"))
    study.tell(study.ask(), 0.5)
    path = runs / "searches" / "s" / "journal.log"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"op_code":4,"stu')
    storage = open_storage(None, "s")
    assert path.read_bytes() == whole
    again = study_in(storage)
    again.tell(again.ask(), 0.6)
    assert [trial.value for trial in again.trials] == [0.5, 0.6]


def server(tmp_path) -> Storage:
    """What a database server is to a search, in a file."""
    file = open_storage(f"sqlite:///{tmp_path / 'all.db'}", "s")
    return Storage(file.optuna, file.folder, is_local=False)


def test_database_file_has_its_locks_beside_it(tmp_path):
    storage = open_storage(f"sqlite:///{tmp_path}/a.db?timeout=20", "s")
    assert storage.folder == tmp_path / "a.db.d" / "s"
    study = study_in(storage)
    running(study, worker=None)
    requeue(study, storage)
    assert states(study) == ["FAIL", "WAITING"]


def test_server_leaves_trials_of_other_machines_alone(tmp_path):
    storage = server(tmp_path)
    study = study_in(storage)
    running(study, "a-worker-elsewhere")  # whose lock file is not on this machine
    with storage.worker() as here:
        running(study, here)
        (storage.folder / "workers" / "dead.lock").touch()
        running(study, "dead")
        requeue(study, storage)
        assert states(study) == ["RUNNING", "RUNNING", "FAIL", "WAITING"]


def test_server_gives_up_an_unsigned_trial_after_the_grace_time(tmp_path):
    storage = server(tmp_path)
    study = study_in(storage)
    old = create_trial(state=TrialState.RUNNING)
    old.datetime_start = datetime.now() - timedelta(seconds=GRACE_SECONDS + 1)
    study.add_trial(old)
    running(study, worker=None)
    requeue(study, storage)
    assert states(study) == ["FAIL", "RUNNING", "WAITING"]


def test_server_is_opened_with_a_heartbeat_that_queues_again(monkeypatch):
    monkeypatch.setattr(search_storage, "RDBStorage", lambda url, **options: options)
    options = open_storage("postgresql://host/all", "s").optuna
    assert options["heartbeat_interval"] < options["grace_period"]
    study = new_study(SearchConfig())
    trial = running(study, "elsewhere")
    study.tell(trial.number, state=TrialState.FAIL)
    options["heartbeat_stale_trial_callback"](study, study.trials[0])
    assert study.trials[1].system_attrs["fixed_params"] == trial.params


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a b", "x" * 101])
def test_name_that_cannot_be_a_folder_is_refused(name):
    with pytest.raises(CourseError, match="The search's name is"):
        open_storage(None, name)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("redis://localhost", "begins with 'redis'"),
        ("sqlite:////dev/null", "cannot be (reached|written)"),
        ("postgresql://me:secret@127.0.0.1:1/all", r"(needs the Python|be reached)"),
        ("mysql+nodriver://me:secret@127.0.0.1/all", r"cannot be reached"),
    ],
)
def test_unreachable_database_is_one_line_without_the_password(url, message):
    with pytest.raises(CourseError, match=message) as caught:
        open_storage(url, "s")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["text,label\na,b\nc,d\n", '{"a": 1}\n{"b": 2}\n'])
def test_file_that_is_no_journal_is_refused_and_left_alone(tmp_path, content):
    file = tmp_path / "reviews.csv"
    file.write_text(content)
    with pytest.raises(CourseError, match="is not a search's journal"):
        open_storage(file, "s")
    assert file.read_text() == content


def test_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "searches").write_text("a file in the way")
    with pytest.raises(CourseError, match="cannot be written"):
        open_storage(None, "s")
