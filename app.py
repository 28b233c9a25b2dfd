"""The demo: `python app.py` or `course app`; `gradio app.py` reloads it while you edit.

Its pages are in `course/demo`. Importing this file loads neither a model nor Gradio.
"""

import sys
import threading
from typing import TYPE_CHECKING, Any

from course.demo.launch import main

if TYPE_CHECKING:
    import gradio as gr


def build_demo() -> "gr.Blocks":
    """Build the demo without starting it."""
    from course.demo import pages

    return pages.build_demo()


def __getattr__(name: str) -> Any:
    """Build `demo` when it is asked for, anew each time: `gradio app.py` reloads it."""
    if name != "demo":
        raise AttributeError(f"app.py has no {name!r}")
    return build_demo()


# `gradio app.py` runs this file again, in a thread of its own, after each change.
if __name__ == "__main__" and threading.current_thread() is threading.main_thread():
    sys.exit(main())
