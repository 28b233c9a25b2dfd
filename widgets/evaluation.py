"""Look into a classifier's mistakes with one selection that all parts share.

What to notice: pick a cell of the confusion matrix, and the slices show where its texts
come from, the list shows the texts. Pick a slice, and matrix, scores and curve are the
slice's. Move the threshold, and one kind of mistake turns into the other; which is the
best threshold only the costs can say.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from course.errors import CourseError, unknown_name
from course.evaluation.exploration import Exploration
from course.evaluation.intervals import Interval
from course.evaluation.text_slices import METRICS, check_choice
from course.runs import run_names, shipped
from course.views.curves import CURVES, threshold_at
from course.views.drawing import Drawing
from course.views.evaluation import draw_evaluation
from course.views.shown import escape
from widgets.lab import Lab
from widgets.predictions import TABLE, Predictions

if TYPE_CHECKING:
    from widgets.predictions import Source


class EvaluationLab(Lab):
    """Confusion matrix, threshold, curves, slices and texts of one selection.

    Args:
        run: A run's name or folder, measured on its own test split; or a table: columns
            `text`, `label` and one of probabilities named after each label.
        threshold: From which probability the positive label is predicted, 0 to 1.
        cell: Right and predicted label of the picked cell; empty for none.
        slice: Name of the picked slice, as `course.evaluation.text_slices.slice_names`
            has them; "" for all texts.
        row: Number of the text shown whole, from 0; -1 for none.
        curve: A name of `course.views.curves.CURVES`.
        metric: What slices are measured by: "accuracy" or "f1".
        cost_false_positive: Cost of a false alarm, from 0.
        cost_false_negative: Cost of a miss, from 0, in the same unit.
        positive_label: Of two labels the one that is looked for; "" for the task's,
            else the second.
        **kwargs: Options of `ipywidgets.VBox`.

    Attributes:
        work: The model at work, if the kit has no predictions of the run.

    Raises:
        CourseError: If a run, label, slice or name is unknown or a table unusable.

    Example:
        >>> texts = {"text": ["hi", "win!"], "label": ["ham", "spam"]}
        >>> EvaluationLab(texts | {"spam": [0.1, 0.4]}, threshold=0.3).summary[:43]
        'table at threshold 0.300: accuracy 1.000 [0'
    """

    state = (
        *("run", "threshold", "cell", "slice", "row", "curve", "metric"),
        *("cost_false_positive", "cost_false_negative", "positive_label"),
    )
    run = traitlets.Unicode("sentiment")
    threshold = traitlets.Float(0.5)
    cell = traitlets.List(traitlets.Unicode())
    slice = traitlets.Unicode("")
    row = traitlets.Int(-1)
    curve = traitlets.Unicode("precision-recall")
    metric = traitlets.Unicode("accuracy")
    cost_false_positive = traitlets.Float(1.0)
    cost_false_negative = traitlets.Float(1.0)
    positive_label = traitlets.Unicode("")

    def __init__(
        self,
        run: "Source" = "sentiment",
        threshold: float = 0.5,
        cell: Sequence[str] = (),
        slice: str = "",
        row: int = -1,
        curve: str = "precision-recall",
        metric: str = "accuracy",
        cost_false_positive: float = 1.0,
        cost_false_negative: float = 1.0,
        positive_label: str = "",
        **kwargs: Any,
    ) -> None:
        """Read the predictions, or begin to predict, then draw."""
        self._made = False
        self._source = Predictions(run, self._ready, positive_label)
        name, self.work = self._source.name, self._source.work
        given = (threshold, list(cell), slice, row, curve, metric)
        given += (cost_false_positive, cost_false_negative, positive_label)
        state = dict(zip(self.state[1:], given, strict=True))
        for key, value in state.items():
            self._check(key, value)
        super().__init__(self._controls(name), run=name, **state, **kwargs)
        self._links = {
            key: traitlets.link((self, key), (control, "value"))
            for key, control in self._inputs.items()
        }
        self._cheapest.on_click(lambda _: self.use_cheapest())
        self._made = True
        self._allow()
        self._source.begin()

    def _controls(self, name: str) -> list[ipywidgets.Widget]:
        """Make the controls, in the order of the Tab key."""
        names = dict.fromkeys([*shipped(), *run_names(), name])
        wide = {"description_width": "initial"}
        fine = {"readout_format": ".3f", "continuous_update": False}
        cost = {"min": 0, "max": 1e9, "style": wide, "layout": {"width": "14em"}}
        self._inputs = {
            "run": ipywidgets.Dropdown(options=list(names), description="Run"),
            "threshold": ipywidgets.FloatSlider(
                description="Threshold", max=1, step=0.005, **fine
            ),
            "curve": ipywidgets.Dropdown(options=CURVES, description="Curve"),
            "metric": ipywidgets.Dropdown(options=METRICS, description="Slices by"),
            "cost_false_positive": ipywidgets.BoundedFloatText(
                description="Cost of a false alarm", **cost
            ),
            "cost_false_negative": ipywidgets.BoundedFloatText(
                description="Cost of a miss", **cost
            ),
        }
        self._cheapest = ipywidgets.Button(
            description="Use the cheapest threshold", layout={"width": "auto"}
        )
        return [*self._inputs.values(), self._cheapest]

    @traitlets.observe("run", "positive_label")
    def _change_source(self, change: dict[str, Any]) -> None:
        if not self._made:
            return
        control, link = self._inputs["run"], self._links["run"]
        if self.run not in control.options:
            link.unlink()  # new options choose the first of them
            control.options = [*control.options, self.run]
            link.link()
        try:
            self._source.find(self.run, self.positive_label)
        except CourseError as error:
            self._source.problem = str(error)
        with self.hold_trait_notifications():  # these were of what was before
            self.cell, self.slice, self.row = [], "", -1
        self._allow()
        self._source.begin()

    def _ready(self) -> None:
        self._allow()
        self.redraw()

    def _allow(self) -> None:
        """Take the threshold's controls away where there is no threshold."""
        predicted = self._source.predicted
        for control in (self._inputs["threshold"], self._cheapest):
            control.disabled = predicted is None or predicted.positive is None

    def _check(self, name: str, value: Any) -> None:
        """Raise a `CourseError` unless a trait may have a value."""
        if name == "run":
            self._source.check(value)
        elif name == "curve" and value not in CURVES:
            raise unknown_name("curve", value, CURVES)
        elif name == "positive_label" and value not in ("", *self._source.labels):
            raise unknown_name("label", value, self._source.labels)
        predicted = self._source.predicted
        n = None if predicted is None else len(predicted)
        check_choice(name, value, self._source.labels, n)

    @traitlets.validate(*state)
    def _validate(self, proposal: dict[str, Any]) -> Any:
        try:
            self._check(proposal["trait"].name, proposal["value"])
        except CourseError as error:
            raise traitlets.TraitError(str(error)) from error
        return proposal["value"]

    @property
    def exploration(self) -> Exploration | None:
        """All parts of the present state; None until a run has predicted."""
        seen, slices = self._source.predicted, self._source.slices
        if seen is None:
            return None
        return Exploration(seen, self.threshold, self.cell, self.slice, slices)

    @property
    def selection(self) -> list[int]:
        """Numbers of the texts in the picked cell and slice, from 0."""
        return self.exploration.selection if self._source.predicted else []

    @property
    def metrics(self) -> dict[str, Interval]:
        """Scores of the slice; `majority` is the accuracy of the commonest label."""
        seen = self.exploration
        if seen is None or not seen.metrics:
            return {}
        return {**seen.metrics, "majority": seen.baseline["accuracy"]}

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The texts in the list, all of them: see `Exploration.errors`."""
        return self.exploration.errors() if self._source.predicted else []

    def use_cheapest(self) -> None:
        """Set the threshold that costs least on the slice; 1 where that is "never"."""
        seen = self.exploration
        if seen is not None and not seen.why_no_curve():
            best = seen.costs(self.cost_false_positive, self.cost_false_negative)
            self.threshold = 1.0 if best.threshold is None else best.threshold

    def as_code(self) -> str:
        """Return a cell that makes this state; a table must be there as `table`."""
        return super().as_code().replace(f"run={TABLE!r}", "table")

    def draw(self) -> Drawing:
        """Draw all parts, or say why there is nothing yet."""
        seen = self.exploration
        if seen is None:
            line = f"{self.run} predicts its test texts; that takes some seconds."
            line = self._source.problem or line
            return Drawing(f"<p>{escape(line)}</p>", line)
        costs = (self.cost_false_positive, self.cost_false_negative)
        return draw_evaluation(seen, self.curve, self.metric, costs, self.row)

    def on_pick(self, name: str) -> None:
        """Select a cell, a slice or a text; what was selected already is let go."""
        kind, _, which = name.partition(":")
        if kind == "row":
            self.row = -1 if self.row == int(which) else int(which)
            return
        with self.hold_trait_notifications():
            self.row = -1
            if kind == "slice":
                self.slice = "" if self.slice == which else which
            else:
                cell = [self._source.labels[int(number)] for number in which.split(":")]
                self.cell = [] if self.cell == cell else cell

    def on_drag(self, name: str, value: float) -> None:
        """Move the threshold to where the handle is on the curve."""
        seen = self.exploration
        if seen is not None and not seen.why_no_curve():
            self.threshold = threshold_at(seen, self.curve, value)
