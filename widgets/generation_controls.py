"""The controls of `NextTokenLab`, and what its settings may be.

Left out: what they do (`widgets.generation`).
"""

from typing import Any

import ipywidgets

from course.errors import CourseError
from course.generation import token_bytes

TEMPERATURES = (0.05, 5.0)
RANGES = {
    "temperature": TEMPERATURES,
    "top_k": (0, 100),
    "top_p": (0, 1),
    "seed": (0, 2**31 - 1),
}


def make_controls() -> dict[str, ipywidgets.Widget]:
    """Return name -> control, in the order of the Tab key; buttons have their words."""
    calm = {"continuous_update": False}
    wide = {"width": "100%", "max_width": "46em"}
    (low, high), (_, most_k), (_, most_seed) = (
        RANGES[name] for name in ("temperature", "top_k", "seed")
    )
    controls = {
        "prompt": ipywidgets.Text(description="Prompt", layout=wide, **calm),
        "temperature": ipywidgets.FloatSlider(
            1.0, min=low, max=high, step=0.05, description="Temperature", **calm
        ),
        "top_k": ipywidgets.IntSlider(
            0, min=0, max=most_k, description="top_k (0: off)", **calm
        ),
        "top_p": ipywidgets.FloatSlider(
            1.0, min=0, max=1, step=0.01, description="top_p", **calm
        ),
        "seed": ipywidgets.BoundedIntText(0, min=0, max=most_seed, description="Seed"),
    }
    for words in ("Sample one", "Greedy", "Back"):
        controls[words] = ipywidgets.Button(description=words)
    controls["asked"] = ipywidgets.Text(description="Your token", **calm)
    return controls


def check_setting(name: str, value: Any) -> None:
    """Refuse a setting that is outside of its range.

    Args:
        name: A trait's name.
        value: Of the trait's type.

    Raises:
        CourseError: In one line.
    """
    if name in RANGES:
        low, high = RANGES[name]
        if name == "temperature" and value == 0:
            raise CourseError("The temperature is 0: take the likeliest with Greedy.")
        if not low <= value <= high:
            raise CourseError(
                f"{name} is {value!r}; a number from {low} to {high:,} is expected."
            )
    for path in {"chosen": [value], "branches": value}.get(name, []):
        for number in path if isinstance(path, tuple) else [path]:
            if not isinstance(number, int):
                raise CourseError(
                    f"{name} has {number!r}; numbers of tokens are expected, as "
                    "load_tokenizer('smollm2').encode(text).ids gives them."
                )
            token_bytes(number)
