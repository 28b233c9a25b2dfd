"""`python -m course.cli` is `course`, for where the command is not on the path."""

from course.cli import main

if __name__ == "__main__":
    main()
