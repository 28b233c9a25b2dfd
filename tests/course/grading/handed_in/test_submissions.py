"""Who handed in what.

Alone: pytest tests/course/grading/handed_in/test_submissions.py
"""

import io
import pickle
import stat
import zipfile
from datetime import UTC, datetime

import pytest

from course.errors import CourseError
from course.grading.handed_in.ipynb import Unreadable
from course.grading.handed_in.submissions import find_submissions


def put(folder, *names, content=b"{}"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def packed(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def found(folder):
    return {s.learner: [a.file for a in s.attempts] for s in find_submissions(folder)}


def test_layouts(tmp_path):
    canvas = "doejane_LATE_12345_67890_x-1.ipynb"
    moodle = "Jane Doe_123456_assignsubmission_file_/x.ipynb"
    put(tmp_path, "alice.ipynb", "bob/deep/x.ipynb", canvas, moodle)
    put(tmp_path, "cy.zip", content=packed({"a/x.ipynb": "{}", "__MACOSX/x.ipynb": ""}))
    put(tmp_path, "bob/.ipynb_checkpoints/x-checkpoint.ipynb", "notes.csv")
    assert found(tmp_path) == {
        "alice": ["alice.ipynb"],
        "bob": ["bob/deep/x.ipynb"],
        "doejane_12345": [canvas],
        "Jane Doe": [moodle],
        "cy": ["cy.zip/a/x.ipynb"],
    }
    ids = {s.learner: s.ids for s in find_submissions(tmp_path) if s.ids}
    assert ids["doejane_12345"] == {"canvas": "12345"}
    assert ids["Jane Doe"] == {"moodle": "123456"}
    assert all(
        a.read() == b"{}" for s in find_submissions(tmp_path) for a in s.attempts
    )


def test_timestamps_order_attempts(tmp_path):
    put(
        tmp_path, *(f"submitted/al/{n}/x.ipynb" for n in ("p1", "p2")), "source/x.ipynb"
    )
    for part, day in (("p1", 3), ("p2", 2)):
        text = f"2030-02-0{day} 10:00:00.5 UTC".encode()
        put(tmp_path, f"submitted/al/{part}/timestamp.txt", content=text)
    (one,) = find_submissions(tmp_path)
    assert [a.file for a in one.attempts] == ["al/p2/x.ipynb", "al/p1/x.ipynb"]
    assert one.attempts[0].submitted == datetime(2030, 2, 2, 10, 0, 0, 500000, UTC)


def test_nothing_usable_still_is_a_row(tmp_path):
    put(tmp_path, "al/x.py", "bo.py")
    (tmp_path / "cy").mkdir()
    rows = find_submissions(tmp_path)
    assert [(row.slug, row.attempts) for row in rows] == [
        (n, ()) for n in ("al", "bo", "cy")
    ]
    assert all("No notebook was handed in" in row.warnings[0] for row in rows)


def test_links_are_not_followed(tmp_path):
    put(tmp_path, "bob/x.ipynb")
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve/x.ipynb").symlink_to(tmp_path / "bob/x.ipynb")
    eve = find_submissions(tmp_path)[1]
    assert eve.attempts == ()
    assert "eve/x.ipynb is a link that was not followed." in eve.warnings


def test_archives_are_bounded(tmp_path):
    link = zipfile.ZipInfo("l.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    inner = packed({"d.ipynb": "{}", "e.zip": packed({"f.ipynb": "{}"})})
    members = {"../a.ipynb": "{}", "/b.ipynb": "{}", "b\\c.ipynb": "{}", link: "/x"}
    bomb = {"big.ipynb": b" " * 5_000_000, "in.zip": inner}
    put(tmp_path, "eve.zip", content=packed({**members, **bomb, "ok.ipynb": "{}"}))
    put(tmp_path, "many.zip", content=packed({f"{n}.ipynb": "" for n in range(5001)}))
    put(tmp_path, "no.zip", content=b"PK")
    put(tmp_path, "odd.zip", content=packed({"a.ipynb": "{}"}, zipfile.ZIP_BZIP2))
    eve, *others = find_submissions(tmp_path)
    names = ["eve.zip/in.zip/d.ipynb", "eve.zip/ok.ipynb"]
    assert [a.file for a in eve.attempts] == names
    said = " ".join(eve.warnings)
    assert said.count("has an unsafe name") == 3
    assert "l.ipynb is a link" in said
    assert "unpacks to far more" in said
    assert all(not row.attempts and len(row.warnings) == 2 for row in others)
    assert not list(tmp_path.glob("*.ipynb"))


def test_an_archive_of_a_class(tmp_path):
    names = ["subs/al.ipynb", "subs/bo/x.ipynb"]
    put(tmp_path, "subs.zip", content=packed(dict.fromkeys(names, "{}")))
    rows = pickle.loads(pickle.dumps(find_submissions(tmp_path / "subs.zip")))
    assert [row.learner for row in rows] == ["al", "bo"]
    assert rows[1].attempts[0].read() == b"{}"


def test_hostile_names_in_an_archive(tmp_path):
    names = ["../../x.ipynb", "=cmd().ipynb", "Doe, Jane.ipynb", "a\nb.ipynb"]
    put(tmp_path, "s.zip", content=packed(dict.fromkeys(names, "{}")))
    rows = {row.learner: row for row in find_submissions(tmp_path / "s.zip")}
    assert set(rows) == {"../../x", "=cmd()", "Doe, Jane", "a b"}
    assert rows["../../x"].attempts == ()
    assert rows["Doe, Jane"].slug == "doe-jane"


def test_a_file_that_is_gone_or_large_is_unreadable(tmp_path):
    put(tmp_path, "al.ipynb", content=b" " * 20_000_001)
    (row,) = find_submissions(tmp_path)
    with pytest.raises(Unreadable, match="more than 20,000,000 bytes"):
        row.attempts[0].read()
    (tmp_path / "al.ipynb").unlink()
    with pytest.raises(Unreadable, match="No such file"):
        row.attempts[0].read()


def test_errors(tmp_path):
    with pytest.raises(CourseError, match="is not there: name the folder"):
        find_submissions(tmp_path / "none")
    with pytest.raises(CourseError, match="holds no submission"):
        find_submissions(tmp_path)
    put(tmp_path, "x.txt")
    with pytest.raises(CourseError, match="is no folder and no zip archive"):
        find_submissions(tmp_path / "x.txt")
