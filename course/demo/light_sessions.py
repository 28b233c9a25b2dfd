"""Sessions that begin at once: Gradio describes a component when it is asked to.

Each call by a program is a session of its own, for which Gradio describes every
component of the page anew: 28 ms for 270 components, more than the model needs. Only
deep links read all descriptions, and the demo has none.
"""

from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder


class LightSessions(StateHolder):
    """Gradio's own sessions, begun without descriptions; they come when needed."""

    def __getitem__(self, session_id: str) -> SessionState:
        """Return a session, begun now if it is new."""
        if session_id not in self.session_data:
            # Of its demo a session reads what to copy, and `blocks`: what to describe.
            bare = SimpleNamespace(default_config=self.blocks.default_config, blocks={})
            self.session_data[session_id] = SessionState(bare)
        return super().__getitem__(session_id)


def lighten(demo: gr.Blocks) -> Any:
    """Give a started demo `LightSessions`.

    Args:
        demo: After `launch`.
    """
    holder = LightSessions()
    holder.set_blocks(demo)
    demo.app.state_holder = holder
    return holder
