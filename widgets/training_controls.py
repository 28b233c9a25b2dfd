"""The controls of `TrainingLab`, in the order of the Tab key.

Left out: what they do, which is the lab's.
"""

from collections.abc import Callable, Sequence

import ipywidgets
import traitlets

from course.runs.curves import AXES
from course.views.training import MOST_PATIENCE
from widgets.training_checks import PRESETS, RATE
from widgets.training_session import Session


class TrainingControls:
    """Buttons, sliders and lists; `boxes` are those that stand for a trait each.

    Args:
        names: Runs that can be compared.

    Example:
        >>> controls = TrainingControls(["sentiment"])
        >>> [box.description for box in controls.all][:4]
        ['Start', 'Pause', 'Stop', 'Preset']
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Make all of them, once."""
        late = {"continuous_update": False, "style": {"description_width": "initial"}}
        self.start = ipywidgets.Button(description="Start", button_style="primary")
        self.pause = ipywidgets.Button(description="Pause")
        self.stop = ipywidgets.Button(description="Stop")
        self.boxes = {
            "preset": ipywidgets.Dropdown(options=PRESETS, description="Preset"),
            "learning_rate": ipywidgets.FloatLogSlider(
                RATE,
                min=-8,
                max=-0.5,  # a little more than `MOST_RATE`
                description="Learning rate",
                readout_format=".1e",
                **late,
            ),
            "patience": ipywidgets.IntSlider(
                1, 1, MOST_PATIENCE, description="Patience", **late
            ),
            "smoothing": ipywidgets.FloatSlider(
                0, min=0, max=0.99, step=0.01, description="Smoothing", **late
            ),
            "axis": ipywidgets.Dropdown(options=AXES, description="Axis"),
        }
        self.compare = ipywidgets.SelectMultiple(
            options=list(names), description="Compare", rows=3
        )
        buttons = [self.start, self.pause, self.stop]
        self.all = [*buttons, *self.boxes.values(), self.compare]
        self._offering = False

    def connect(self, lab: ipywidgets.VBox) -> None:
        """Tie boxes to the traits of a lab, and buttons to what it can do."""
        for name, box in self.boxes.items():
            traitlets.link((lab, name), (box, "value"))
        self.compare.value = tuple(lab.compare)
        self.compare.observe(lambda change: self._choose(lab, change["new"]), "value")
        lab.observe(lambda _: self.offer(self.compare.options, lab.compare), "compare")
        self.start.on_click(lambda _: lab.start())
        self.pause.on_click(_toggle(lab))
        self.stop.on_click(lambda _: lab.stop())

    def offer(self, names: Sequence[str], chosen: Sequence[str]) -> None:
        """Offer these runs to compare, without a change of what is chosen."""
        self._offering = True
        self.compare.options = [*dict.fromkeys([*names, *chosen])]
        self.compare.value = tuple(chosen)
        self._offering = False

    def follow(self, session: Session) -> None:
        """Let the buttons say what can be done now."""
        state, running = session.curves.state, session.running
        self.start.description = "Continue" if state == "stopped" else "Start"
        self.start.disabled = running or state == "training"
        self.pause.description = "Go on" if session.is_paused else "Pause"
        self.pause.disabled = self.stop.disabled = not running

    def _choose(self, lab: ipywidgets.VBox, names: Sequence[str]) -> None:
        if not self._offering:
            lab.compare = list(names)


def _toggle(lab: ipywidgets.VBox) -> Callable[[ipywidgets.Button], None]:
    return lambda _: lab.pause(not lab.paused)
