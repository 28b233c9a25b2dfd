"""A page with a lab's view and without Jupyter: its script on a model made here.

For tests of what is drawn and of what keys and pointer do. `told(page)` is what the
script has told the model: a list of (trait, value); `change(page, ...)` is what a
kernel would send.
"""

import json
from pathlib import Path

WIDGETS = Path(__file__).parent.parent / "widgets"
TRAITS = ("picture", "summary", "table", "code")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A view</title>
<meta name="color-scheme" content="light dark"><style>
body {{ font: 14px system-ui, sans-serif; margin: 8px; background: Canvas }}
{css}</style></head><body><main></main><script type="module">
const source = new Blob([{script}], {{ type: "text/javascript" }});
const view = (await import(URL.createObjectURL(source))).default;
const values = {values}, heard = {{}};
window.told = [];
window.model = {{
  get: (name) => values[name],
  set: (name, value) => {{ values[name] = value; window.told.push([name, value]); }},
  save_changes: () => {{}},
  on: (event, call) => {{ heard[event] = call; }},
  off: (event, call) => {{ if (heard[event] === call) delete heard[event]; }},
}};
window.change = (name, value) => {{
  values[name] = value;
  heard["change:" + name]?.();
}};
const el = document.querySelector("main");
window.cleanup = view.render({{ model: window.model, el }});
window.ready = true;
</script></body></html>"""


def write_page(view, path):
    """Write a page with the present state of a `widgets.view.View`."""
    values = {name: getattr(view, name) for name in TRAITS}
    text = PAGE.format(
        css=(WIDGETS / "view.css").read_text("utf-8"),
        script=_json((WIDGETS / "view.js").read_text("utf-8")),
        values=_json(values | {"picked": {}, "dragged": {}}),
    )
    path.write_text(text, encoding="utf-8")
    return path


def _json(value):
    # `</script>` in a string would end the page's script.
    return json.dumps(value).replace("<", "\\u003c")


def open_page(browser, view, path, *, dark=False, width=800, **options):
    """Open a view in a browser, after its script has run.

    Options are a context's, such as `forced_colors="active"`.
    """
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        **options,
    )
    return show_page(page, view, path)


def show_page(page, view, path):
    """Open a view in a page that is there already, which is quicker."""
    page.mouse.move(0, 890)  # over no part
    page.goto(write_page(view, path).as_uri())
    page.wait_for_function("window.ready")
    return page


def told(page):
    """What the script has told the model so far."""
    return [tuple(pair) for pair in page.evaluate("window.told")]


def change(page, name, value):
    """Change a trait of the model, as the kernel does."""
    page.evaluate("([name, value]) => window.change(name, value)", [name, value])
