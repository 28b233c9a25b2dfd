"""Rows as files. Alone: pytest tests/course/monitoring/test_records.py."""

import csv
import io
import json

import pytest

from course.monitoring.records import COLUMNS, Prediction, to_csv, to_jsonl

ROW = Prediction("a1", 0.0, "spam", "ham", 0.5, {"ham": 0.5, "spam": 0.5}, 4, 1.5)


def cells(row):
    return next(csv.DictReader(io.StringIO(to_csv([row]), newline="")))


def test_a_table_says_all():
    row = cells(ROW)
    assert tuple(row) == COLUMNS
    assert row["time"] == "1970-01-01T00:00:00.000+00:00"
    assert json.loads(row["probabilities"]) == ROW.probabilities
    assert (row["text"], row["right"], row["confidence"]) == ("", "", "0.5")
    judged = Prediction("a", 0.0, "m", "x", 1.0, {}, 4, 1.5, None, False, "y")
    assert (cells(judged)["right"], cells(judged)["right_label"]) == ("0", "y")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\uff1d1", "'=1"])
def test_no_text_is_a_formula(text):
    row = Prediction("a", 0.0, "=m", text, 1.0, {}, 4, 1.5, text)
    assert cells(row)["text"] == cells(row)["label"] == "'" + text
    assert cells(row)["model"] == "'=m"


def test_commas_quotes_and_lines_stay_in_their_cell():
    text = 'He said "no",\r\nand left. <script>'
    assert cells(Prediction("a", 0.0, "m", "x", 1.0, {}, 4, 1.5, text))["text"] == text


def test_json_lines_come_back():
    row = Prediction("a", 0.0, "m", "x", 1.0, {}, 4, 1.5, "é\u2028=1", True)
    lines = to_jsonl([row, ROW]).splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0])["text"] == row.text
    assert json.loads(lines[0])["right"] is True
    assert to_jsonl([]) == ""
