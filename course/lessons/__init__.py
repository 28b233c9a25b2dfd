"""Lessons: built from their sources, and what a learner does in them remembered."""

from course.lessons.predictions import predict, reveal

__all__ = ["predict", "reveal"]
