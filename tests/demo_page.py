"""One page of the demo on a server of its own, for its tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gradio as gr

from course.demo.context import Context
from course.demo.launch import runtime_folder, serve
from course.demo.options import Options, find_port


@contextmanager
def serve_page(
    build_page: Callable[[gr.Blocks, Context], object], context: Context | None = None
) -> Iterator[str]:
    """Yield the address of a demo that has this page alone."""
    with runtime_folder():
        with gr.Blocks(analytics_enabled=False) as blocks:
            build_page(blocks, context or Context())
        blocks.queue(max_size=16, default_concurrency_limit=1, api_open=False)
        options = Options()
        yield serve(blocks, options, find_port(options.host)).rstrip("/")
        blocks.close(verbose=False)
