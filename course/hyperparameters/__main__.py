"""A worker process of `course.hyperparameters.search`.

Its job comes on standard input. Left out: everything that a person would call.
"""

import sys
import threading

from course.errors import CourseError
from course.hyperparameters import work
from course.hyperparameters.workers import read_job

if __name__ == "__main__":
    stop = threading.Event()
    try:
        work(read_job(sys.stdin, stop), stop)
    except CourseError as error:
        sys.exit(str(error))
