"""Alone: pytest tests/course/test_libraries.py."""

import subprocess
import sys

# In a fresh process: here transformers has long been imported.
RACE = """
import threading
import course
from course.libraries import import_transformers

def work(problems):
    try:
        import_transformers()
        from transformers import AutoTokenizer
        from datasets import Dataset
        Dataset.from_dict({"text": ["a", "b"]}).map(lambda row: row)
    except Exception as error:
        problems.append(f"{type(error).__name__}: {error}")

problems = []
threads = [threading.Thread(target=work, args=(problems,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(problems)
"""


def test_threads_that_come_at_once_all_get_the_whole_library():
    command = [sys.executable, "-c", RACE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
