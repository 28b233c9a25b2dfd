"""Brush a search's trials, and ask four samplers where they would go next.

What to notice: narrow the result to its best and see which axes narrow with it, and
which do not care. Then ask for the next point: the grid and random search do not look
at the trials, TPE goes where the good ones are dense and the others are not, and the
genetic search puts two of them together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets
import traitlets

from course.errors import CourseError, unknown_name
from course.hyperparameters import Search
from course.hyperparameters.axes import RESULT, axes_of, finished
from course.hyperparameters.brush import check_brush, moved, selected
from course.hyperparameters.recorded import ABOUT, RECORDED, load_search
from course.hyperparameters.suggestions import EXPLAINED, Suggestion, suggest_next
from course.views.drawing import Drawing
from course.views.hyperparameters import draw_parallel
from course.views.search_progress import draw_beside, tell_facts
from course.views.trials import shown_value
from widgets.lab import Lab


class SearchLab(Lab):
    """A search as parallel coordinates with brushes, and the samplers' next points.

    Args:
        study: A `Search`, the name of one that is kept among the runs, or None for a
            real one that the kit ships.
        top: Per cent of the finished trials that count as the best, 1 to 100.
        colour_by: Axis whose place is a line's colour: a hyperparameter or "value".
        sampler: Whose next point is shown: "grid", "random", "tpe" or "genetic".
        brush: Name of an axis -> first and last value that count; default all.
        axis: The axis that `Range` brushes and the next point is shown on; default
            the most important hyperparameter.
        picked: Number of a trial to tell about; -1 for none.
        baseline: A random search to compare with, as `study`; for the shipped search
            the default is the random one that is shipped too, else none.
        **kwargs: Options of `ipywidgets.VBox`.

    Attributes:
        search: The `Search`.
        selection: Numbers of the selected trials, best first.
        best: The best of the selected trials, None if none is selected.
        importance: Hyperparameter -> share, 0 to 1; see `Search.importance`.
        next_point: The sampler's next values; None if its grid is used up.

    Raises:
        CourseError: If there is no search, sampler or axis of a name, or a brush does
            not fit its axis.

    Example:
        >>> lab = SearchLab(top=10)
        >>> len(lab.selection), sorted(lab.next_point) == sorted(lab.best["params"])
        (3, True)
    """

    state = ("study", "top", "colour_by", "sampler", "brush", "axis", "picked")
    state += ("baseline",)
    study = traitlets.Unicode("", read_only=True)
    baseline = traitlets.Unicode("", read_only=True)
    top = traitlets.Int(100, min=1, max=100)
    colour_by = traitlets.Unicode(RESULT)
    sampler = traitlets.Unicode("tpe")
    brush = traitlets.Dict()
    axis = traitlets.Unicode("")
    picked = traitlets.Int(-1)

    def __init__(
        self,
        study: Search | str | None = None,
        top: int = 100,
        colour_by: str = RESULT,
        sampler: str = "tpe",
        *,
        brush: Mapping[str, Sequence[Any]] | None = None,
        axis: str | None = None,
        picked: int = -1,
        baseline: Search | str | None = None,
        **kwargs: Any,
    ) -> None:
        """Read the search, make the controls and draw."""
        self.search = load_search(study or "recorded-tpe")
        shipped = None if study else "recorded-random"
        self._random = load_search(baseline or shipped) if baseline or shipped else None
        self.axes = axes_of(self.search)
        self._asked: dict[str, Suggestion | str] = {}
        if study:
            self.set_trait("study", self.search.name)
        if baseline:
            self.set_trait("baseline", self._random.name)
        controls = self._make_controls()
        super().__init__(
            [controls["top"], controls["axis"], self._range]
            + [controls["sampler"], controls["colour_by"]],
            top=top,
            colour_by=colour_by,
            sampler=sampler,
            brush=brush or {},
            axis=axis or next(iter(self.importance), self.axes[0].name),
            picked=picked,
            **kwargs,
        )
        for name, control in controls.items():
            self.link(name, control)
        self._range.observe(self._hear_range, "value")
        self.observe(lambda _: self._tell_range(), ["axis", "brush"])
        self._tell_range()

    def _make_controls(self) -> dict[str, ipywidgets.Widget]:
        names = [axis.name for axis in self.axes]
        style = {"description_width": "6em"}
        options = {"style": style, "layout": {"width": "24em", "max_width": "100%"}}
        self._range_is_told = False
        self._range = ipywidgets.SelectionRangeSlider(
            options=["all"], description="Range", continuous_update=False, **options
        )

        def menu(label: str, choices: Sequence[str]) -> ipywidgets.Dropdown:
            return ipywidgets.Dropdown(options=choices, description=label, **options)

        best = ipywidgets.IntSlider(100, 1, 100, description="Best %", **options)
        best.continuous_update = False
        return {
            "top": best,
            "axis": menu("Axis", names),
            "sampler": menu("Next by", EXPLAINED),
            "colour_by": menu("Colour by", [RESULT, *names[:-1]]),
        }

    # What a next cell can use

    @property
    def selection(self) -> list[int]:
        """Numbers of the selected trials, best first."""
        return [trial["number"] for trial in self._selected()]

    @property
    def best(self) -> dict[str, Any] | None:
        """The best of the selected trials."""
        return next(iter(self._selected()), None)

    @property
    def importance(self) -> dict[str, float]:
        """Each hyperparameter's share of the differences, most important first."""
        return dict(self.search.importance)

    @property
    def next_point(self) -> dict[str, Any] | None:
        """The values that the sampler would try next."""
        asked = self._suggestion()
        return None if isinstance(asked, str) else dict(asked.params)

    def _selected(self) -> list[dict[str, Any]]:
        return selected(self.search, self.brush, self.top)

    def _suggestion(self) -> Suggestion | str:
        """What the sampler says, asked once; one line if it has nothing to say."""
        if self.sampler not in self._asked:
            try:
                self._asked[self.sampler] = suggest_next(self.search, self.sampler)
            except CourseError as error:
                self._asked[self.sampler] = str(error)
        return self._asked[self.sampler]

    # Checks

    @traitlets.validate("colour_by", "sampler", "brush", "axis", "picked")
    def _validate(self, proposal: dict[str, Any]) -> Any:
        try:
            return self._checked(proposal["trait"].name, proposal["value"])
        except CourseError as error:
            raise traitlets.TraitError(str(error)) from error

    def _checked(self, name: str, value: Any) -> Any:
        names = [axis.name for axis in self.axes]
        if name in ("axis", "colour_by") and value not in names:
            raise unknown_name("axis", value, names)
        if name == "sampler" and value not in EXPLAINED:
            raise unknown_name("sampler", value, EXPLAINED)
        numbers = [-1, *sorted(trial["number"] for trial in finished(self.search))]
        if name == "picked" and value not in numbers:
            raise CourseError(
                f"picked is {value}; the number of a finished trial, up to "
                f"{numbers[-1]}, or -1 is expected."
            )
        return check_brush(self.axes, value) if name == "brush" else value

    # Drawing and hearing

    def draw(self) -> Drawing:
        """Draw the coordinates, the importance, the next point and the best so far."""
        asked = self._suggestion()
        # Results have no next value: the axis that matters most stands for them.
        first = next(iter(self.importance), self.axes[0].name)
        name = first if self.axis == RESULT else self.axis
        drawing = draw_parallel(
            self.search,
            self.selection,
            self.brush,
            top=self.top,
            picked=self.picked,
            colour_by=self.colour_by,
            facts=tell_facts(self.search, asked),
        )
        about = f"<p><small>{ABOUT}</small></p>" * (self.search.name in RECORDED)
        beside = draw_beside(self.search, asked, name, self._random)
        picture = about + drawing.picture + beside
        return Drawing(picture, drawing.summary, drawing.table)

    def on_pick(self, name: str) -> None:
        """Tell about a trial, again for none; or look at an axis."""
        kind, _, place = name.rpartition(":")
        if kind == "axis":
            self.axis = self.axes[int(place)].name
        else:
            self.picked = -1 if int(place) == self.picked else int(place)

    def on_drag(self, name: str, value: float) -> None:
        """Move one end of an axis' brush."""
        side, _, place = name.partition(":")
        axis = self.axes[int(place)]
        ends = self.brush.get(axis.name, axis.ends)
        self.brush = {**self.brush, axis.name: moved(axis, ends, side == "low", value)}

    def _tell_range(self) -> None:
        """Show the present axis' brush in the slider, at its nearest values."""
        axis = next(axis for axis in self.axes if axis.name == self.axis)
        shares = [axis.share(value) for value in axis.values]
        index = tuple(
            min(range(len(shares)), key=lambda i: abs(shares[i] - axis.share(end)))
            for end in self.brush.get(axis.name, axis.ends)
        )
        options = [(shown_value(value), value) for value in axis.values]
        self._range_is_told = True
        try:
            if tuple(options) != tuple(self._range.options):
                self._range.options = options
            self._range.index = index
        finally:
            self._range_is_told = False

    def _hear_range(self, change: dict[str, Any]) -> None:
        if not self._range_is_told:
            brush = {**self.brush, self.axis: change["new"]}
            self._hear(setattr, self, "brush", brush)
