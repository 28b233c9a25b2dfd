import io
import zipfile

from course.grading.exports.zips import fixed_zip


def test_bytes_depend_on_content_alone():
    files = {"b/run": b"#!", "a": b"text"}
    data = fixed_zip(files, ["b/run"])
    assert data == fixed_zip(dict(reversed(files.items())), ["b/run"])
    assert data != fixed_zip(files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["a", "b/run"]
        assert archive.read("b/run") == b"#!"
        modes = [info.external_attr >> 16 for info in archive.infolist()]
        assert modes == [0o100644, 0o100755]
