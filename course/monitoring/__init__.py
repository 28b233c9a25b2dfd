"""Watching a model at work: what it was asked, and whether that is what it learned.

`PredictionLog` keeps predictions and what people say of them; `course.monitoring.drift`
compares them with the texts that the model was measured on. Left out: pictures, which
are `course.views.monitoring`'s.
"""

from course.monitoring.prediction_log import PredictionLog
from course.monitoring.records import Feedback, Prediction

__all__ = ["Feedback", "Prediction", "PredictionLog"]
