"""A drawing on a page of the demo, with its marks alive: lit, told, picked.

The script and the style are those of the notebooks' labs (`widgets/view.js`), read as
text: no notebook library is imported. What somebody picks comes to Python as an event
`select`. Left out: drawing, which is `course.views`'.
"""

from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

from course.views.drawing import Drawing

_WIDGETS = Path(__file__).parents[2] / "widgets"
# The labs' model, as far as the script uses it, over this component's value.
_HOST = """
return render;
})();
const listeners = [];
const model = {
  get: (name) => (props.value || {})[name] || "",
  set: (name, message) => name === "picked" && trigger("select", message),
  save_changes: () => {},
  on: (name, change) => listeners.push([name.replace("change:", ""), change]),
  off: () => {},
};
let shown = props.value || {};
render({ model, el: element });
const settle = () => element.classList.toggle("is-empty", !model.get("picture"));
settle();
watch("value", () => {
  const before = shown;
  shown = props.value || {};
  settle();
  listeners.forEach(([name, change]) => before[name] !== shown[name] && change());
});
"""
_STYLE = """
&.is-empty { display: none }
.course-picture { font-size: 1rem }
.course-summary, .course-more { color: var(--body-text-color-subdued) }
th, td { border: 0 !important; background: none !important }
"""


@cache
def _script() -> str:
    text = (_WIDGETS / "view.js").read_text(encoding="utf-8")
    body = text.replace("export default { render };", "")
    return f"const render = (() => {{\n{body}{_HOST}"


@cache
def _style() -> str:
    return (_WIDGETS / "view.css").read_text(encoding="utf-8") + _STYLE


def value_of(drawing: Drawing | None) -> dict[str, str]:
    """Return a drawing as the value of `build_drawing`'s component.

    Args:
        drawing: What to show; None shows nothing.

    Example:
        >>> value_of(Drawing("<b>2</b>", "There are 2."))
        {'picture': '<b>2</b>', 'summary': 'There are 2.', 'table': ''}
    """
    if drawing is None:
        return {}
    names = ("picture", "summary", "table")
    return {name: getattr(drawing, name) for name in names}


def build_drawing(drawing: Drawing | None = None) -> gr.HTML:
    """Lay out a place for a drawing.

    Args:
        drawing: What it shows first; None shows nothing.

    Returns:
        The component; its values come from `value_of`.
    """
    return gr.HTML(
        value_of(drawing),
        html_template=" ",  # not the value, which the script shows
        css_template=_style(),
        js_on_load=_script(),
        apply_default_css=False,
        elem_classes="picture",
    )


def picked_name(event: gr.EventData) -> str:
    """Return the name of the part that was picked; empty if none came with the event.

    Args:
        event: Of `select`.
    """
    data: Any = event._data
    return str(data.get("name", "")) if isinstance(data, dict) else ""
