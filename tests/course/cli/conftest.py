"""The command line called, and a folder handed in to be graded."""

import pytest
from tiny_assignment import answers, write_assignment

from course import cli


@pytest.fixture
def call(capsys):
    """Call `course` and return its exit code and what it wrote."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as raised:
            cli.main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return raised.value.code or 0, written.out, written.err

    return run


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "learner-01.ipynb").write_bytes(answers())
    (folder / "[red]x.ipynb").write_bytes(answers(first="def add(a, b): return 1"))
    return folder


@pytest.fixture
def lesson(tmp_path):
    source, cases = write_assignment(tmp_path)
    return "--source", source, "--cases", cases
