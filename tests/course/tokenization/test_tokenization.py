"""The package. Alone: pytest tests/course/tokenization/test_tokenization.py."""

import subprocess
import sys

import course.tokenization


def test_all_names_are_there():
    for name in course.tokenization.__all__:
        assert getattr(course.tokenization, name).__doc__ or name.isupper()


def test_importing_loads_no_library():
    code = (
        "import sys, course.tokenization; print(*sorted({'tokenizers', 'regex', "
        "'transformers', 'torch', 'numpy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
