"""What is unpacked from an archive.

pytest tests/course/assets/test_archives.py
"""

import hashlib

import pytest
import tiny_wheel

from course.assets import archives
from course.errors import CourseError


def unpack(tmp_path, files, members, **changes):
    """Unpack a wheel of these files; return what lies in the folder and around it."""
    asset = tiny_wheel.build(tmp_path / "shelf", files, members=members, **changes)
    folder = tmp_path / "outer" / "folder"
    folder.mkdir(parents=True)
    archives.unpack(asset, tmp_path / "shelf" / asset.filename, folder)
    return written(tmp_path)


def written(tmp_path):
    outer = tmp_path / "outer"
    return {p.relative_to(outer).as_posix() for p in outer.rglob("*") if p.is_file()}


def test_sha256_of_the_standards_example(tmp_path):
    """FIPS 180-2, appendix B.1: the digest of "abc"."""
    (tmp_path / "abc").write_bytes(b"abc")
    digest = archives.sha256_of(tmp_path / "abc")
    assert digest.startswith("ba7816bf8f01cfea414140de5dae2223")
    assert digest == hashlib.sha256(b"abc").hexdigest()


def test_archive_is_recognised_by_size_and_hash(tmp_path):
    asset = tiny_wheel.build(tmp_path)
    file = tmp_path / asset.filename
    assert archives.is_archive_of(asset, file)
    assert not archives.is_archive_of(asset, tmp_path / "absent.whl")
    content = bytearray(file.read_bytes())
    content[10] ^= 1
    file.write_bytes(content)
    assert not archives.is_archive_of(asset, file)


def test_glob_keeps_what_follows_its_fixed_folders(tmp_path):
    files = {"p/data/a/1.txt": "x", "p/data/a/b/2.txt": "y", "p/data/3.txt": "z"}
    assert unpack(tmp_path, files, {"p/data/*/*.txt": "texts"}) == {
        "folder/texts/a/1.txt"
    }


def test_only_named_members_are_unpacked(tmp_path):
    files = {"p/data.csv": "x", "p/code.py": "y", "q/p/data.csv": "z"}
    assert unpack(tmp_path, files, {"p/data.csv": "d/renamed.csv"}) == {
        "folder/d/renamed.csv"
    }


@pytest.mark.parametrize(
    ("member", "pattern"),
    [
        ("p/data/../../evil.txt", "p/data/*/*/*.txt"),
        ("../evil.txt", "*/*.txt"),
        ("/evil.txt", "*/*.txt"),
        ("p/..\\..\\evil.txt", "p/*.txt"),
        ("p/C:evil.txt", "p/*.txt"),
    ],
)
def test_member_that_leads_outside_is_refused(tmp_path, member, pattern):
    files = {"p/good.txt": "x", member: "evil"}
    with pytest.raises(CourseError, match="land outside its folder"):
        unpack(tmp_path, files, {"p/good.txt": "good.txt", pattern: ""})
    assert written(tmp_path) == set()


@pytest.mark.parametrize("name", ["m.pkl", "m.JOBLIB", "pytorch_model.bin", "m.pt"])
def test_pickles_are_never_unpacked(tmp_path, name):
    with pytest.raises(CourseError, match="holds a pickle"):
        unpack(tmp_path, {f"p/{name}": "x"}, {"p/*": ""})
    assert written(tmp_path) == set()


def test_more_bytes_than_stated_are_refused_before_writing(tmp_path):
    with pytest.raises(CourseError, match="holds 5 bytes where 4 are expected"):
        unpack(tmp_path, {"p/a.txt": "12345"}, {"p/a.txt": "a"}, unpacked_bytes=4)
    assert written(tmp_path) == set()


def test_missing_member_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"lacks p/b\.txt"):
        unpack(tmp_path, {"p/a.txt": "x"}, {"p/a.txt": "a", "p/b.txt": "b"})
    assert written(tmp_path) == set()
