"""Exercises checked: cases on a proxy of the learner's functions, and what they say."""

from course.grading.checking import check

__all__ = ["check"]
