"""The log of predictions. Alone: pytest tests/course/monitoring -k prediction_log."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time

import pytest

from course.errors import CourseError
from course.monitoring import PredictionLog
from course.monitoring.prediction_log import TEXT_LIMIT

LABELS = {"ham": 0.75, "spam": 0.25}


@pytest.fixture
def log(tmp_path):
    log = PredictionLog(tmp_path / "folder" / "log.sqlite")
    yield log
    log.close()


def add(log, model="spam", **options):
    return log.add_prediction(model, "ham", 0.75, LABELS, 12, 7.5, **options)


def test_a_prediction_comes_back_whole(log):
    before = time.time()
    id = add(log, text="=free\ud800", session="ana")
    (row,) = log.predictions()
    assert (row.id, row.model, row.label, row.confidence) == (id, "spam", "ham", 0.75)
    assert (row.probabilities, row.length, row.milliseconds) == (LABELS, 12, 7.5)
    assert (row.text, row.right, row.right_label) == ("=free?", None, None)
    assert before <= row.time <= time.time()
    assert log.prediction(id) == row
    assert log.prediction("nothing") is None


def test_no_text_without_consent_and_no_session_in_clear(log):
    add(log, session="ana-session")
    log.predictions()
    files = list(log.path.parent.iterdir())
    assert not any(b"ana-session" in file.read_bytes() for file in files)
    assert log.predictions()[0].text is None


def test_a_long_text_is_cut(log):
    add(log, text="x" * (TEXT_LIMIT + 1))
    assert len(log.predictions()[0].text) == TEXT_LIMIT


def test_the_newest_come_first_by_model_time_and_limit(log):
    ids = [add(log, model) for model in ("a", "b", "a")]
    assert [row.id for row in log.predictions()] == ids[::-1]
    assert [row.id for row in log.predictions("a")] == [ids[2], ids[0]]
    assert [row.id for row in log.predictions(limit=1)] == [ids[2]]
    assert log.predictions(since=time.time() + 9) == log.predictions(limit=-1) == []
    assert log.models() == ["a", "b"]


def test_a_second_feedback_replaces_the_first(log):
    id = add(log)
    log.add_feedback(id, right=True)
    log.add_feedback(id, right=False, label="spam")
    (said,) = log.feedback("spam")
    assert (said.prediction, said.right, said.label) == (id, False, "spam")
    (row,) = log.predictions()
    assert (row.right, row.right_label) == (False, "spam")
    assert log.feedback("other") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prediction_id": "0" * 16}, "no longer in the log"),
        ({"prediction_id": 7}, "no longer in the log"),
        ({"label": "hem"}, "Unknown label 'hem'. Did you mean 'ham'"),
    ],
)
def test_feedback_that_will_not_do(log, change, message):
    id = add(log)
    with pytest.raises(CourseError, match=message):
        log.add_feedback(**{"prediction_id": id, "right": False, **change})
    assert log.feedback() == []
    log.add_feedback(id, right=True)  # the writer goes on


@pytest.mark.parametrize(
    "numbers", [(1.5, 1, 1.0), (float("nan"), 1, 1.0), (0.5, -1, 1.0), (0.5, 1, 1e999)]
)
def test_numbers_out_of_range(log, numbers):
    confidence, length, milliseconds = numbers
    with pytest.raises(CourseError, match="numbers from 0"):
        log.add_prediction("m", "ham", confidence, LABELS, length, milliseconds)


def test_the_oldest_go(tmp_path):
    log = PredictionLog(tmp_path / "log.sqlite", max_rows=3)
    first, *rest = [add(log) for _ in range(4)]
    assert [row.id for row in log.predictions()] == rest[::-1]
    with pytest.raises(CourseError, match="no longer"):
        log.add_feedback(first, right=True)
    log.close()


def test_a_visitor_takes_back_what_is_theirs(log):
    mine, theirs = add(log, session="ana"), add(log, session="ben")
    add(log)
    log.add_feedback(mine, right=True)
    assert [row.id for row in log.of_session("ana")] == [mine]
    assert log.delete_session("ana") == 1
    assert log.delete_session("") == 0, "rows of nobody are nobody's"
    assert theirs in {row.id for row in log.predictions()}
    assert log.feedback() == []


def test_what_is_deleted_leaves_no_trace_in_the_files(log):
    id = add(log, text="a secret of mine")
    log.add_feedback(id, right=True)
    assert log.delete_all() == 1
    left = [file.read_bytes() for file in log.path.parent.iterdir()]
    assert not any(b"secret of mine" in content for content in left)
    assert log.predictions() == log.feedback() == []


def test_many_threads_and_two_logs_on_one_file(log):
    other = PredictionLog(log.path)

    def work(used):
        for _ in range(50):
            used.add_feedback(add(used), right=True)

    threads = [threading.Thread(target=work, args=[used]) for used in (log, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(log.predictions()) == len(log.feedback()) == 200
    assert log.lost == other.lost == 0


def test_handing_over_a_prediction_costs_under_a_millisecond(log):
    add(log)
    start = time.process_time()
    for _ in range(500):
        add(log)
    assert time.process_time() - start < 0.5
    assert len(log.predictions()) == 501


def test_the_file_is_for_its_user_alone(log):
    add(log)
    log.predictions()
    files = list(log.path.parent.iterdir())
    modes = {stat.S_IMODE(file.stat().st_mode) for file in files}
    assert modes == {0o600}
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_closed_log_says_so(log):
    id = add(log)
    log.close()
    with pytest.raises(CourseError, match="closed"):
        add(log)
    again = PredictionLog(log.path)
    assert again.prediction(id)
    again.close()


CLIENT = """
import sys
from course.monitoring import PredictionLog
log = PredictionLog(sys.argv[1])
while True:
    id = log.add_prediction("m", "a", 0.5, {"a": 0.5, "b": 0.5}, 3, 1.0)
    log.add_feedback(id, right=False, label="b")
    print(id, flush=True)
"""


def test_no_acknowledged_feedback_is_lost_when_the_process_is_killed(tmp_path):
    path = tmp_path / "log.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT, path], stdout=subprocess.PIPE, text=True
    )
    acknowledged = [process.stdout.readline().strip() for _ in range(60)]
    os.kill(process.pid, signal.SIGKILL)
    # What it still said before the end; a last line that was cut acknowledges nothing.
    rest = process.communicate()[0].splitlines(keepends=True)
    acknowledged += [line.strip() for line in rest if line.endswith("\n")]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    log = PredictionLog(path)
    judged = {said.prediction for said in log.feedback(limit=100_000)}
    assert set(acknowledged) <= judged
    assert len(judged) <= len(acknowledged) + 1
    log.close()


def test_a_prediction_without_close_is_written_when_the_program_ends(tmp_path):
    path = tmp_path / "log.sqlite"
    code = CLIENT.split("while")[0] + "log.add_prediction('m', 'a', 1, {}, 3, 1.0)"
    subprocess.run([sys.executable, "-c", code, path], check=True)
    log = PredictionLog(path)
    assert len(log.predictions()) == 1
    log.close()
