"""The rows behind the Monitor page, for whom they belong to: to take away, to delete.

A visitor has the rows of this visit. Those of everybody are for whoever sits at the
machine that the demo runs on. The files are made in the page itself, as links that hold
their content: there is no file on this machine to be served. Left out: the file formats
(`course.monitoring.records`).
"""

import base64
import html
import ipaddress
from collections.abc import Callable
from typing import Any

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, in_one_line
from course.errors import CourseError
from course.monitoring import Prediction
from course.monitoring.records import to_csv, to_jsonl

EXPORTED = 5_000  # rows at most, the newest
VISIT, ALL = "visit", "all"
_FORWARDED = ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip")


def is_local(request: gr.Request) -> bool:
    """Whether a request comes from the machine that the demo runs on.

    A share link's requests come from there too, but ask for another host; a proxy's
    say for whom they were forwarded.

    Args:
        request: What Gradio knows of a request.
    """
    headers = request.headers
    host = headers.get("host", "").rsplit(":", 1)[0].strip("[]")
    try:
        here = ipaddress.ip_address(request.client.host).is_loopback
    except (ValueError, AttributeError):
        here = False
    forwarded = any(headers.get(name) for name in _FORWARDED)
    return here and host in ("127.0.0.1", "localhost", "::1") and not forwarded


def _check(context: Context, whose: str, request: gr.Request) -> bool:
    """Return whether the rows of all are meant; refuse who may not have them."""
    if context.log is None:
        raise CourseError("This demo keeps no log: there is nothing to take or delete.")
    if whose == ALL and not is_local(request):
        raise CourseError(
            "The rows of everybody are for the machine that the demo runs on: choose "
            "those of this visit."
        )
    return whose == ALL


def file_link(name: str, kind: str, content: str, title: str) -> str:
    """Return a link that holds a file.

    Args:
        name: Of the file.
        kind: Its media type.
        content: What is in it.
        title: What the link says, plain text.

    Example:
        >>> file_link("a.csv", "text/csv", "1", "A")
        '<a download="a.csv" href="data:text/csv;charset=utf-8;base64,MQ==">A</a>'
    """
    data = base64.b64encode(content.encode("utf-8", "replace")).decode()
    address = f"data:{kind};charset=utf-8;base64,{data}"
    return f'<a download="{name}" href="{address}">{html.escape(title)}</a>'


def make_export(context: Context) -> Callable[..., str]:
    """Return the handler that gives rows as links.

    Args:
        context: The demo's own things.
    """
    say = context.say

    @in_one_line
    def export(whose: str, request: gr.Request) -> str:
        rows: list[Prediction]
        if _check(context, whose, request):
            rows = context.log.predictions(limit=EXPORTED)
        else:
            rows = context.log.of_session(request.session_hash or "", EXPORTED)
        if not rows:
            return f"<p>{html.escape(say('monitor.no_rows'))}</p>"
        title = say("monitor.rows", n=f"{len(rows):,}")
        links = (
            file_link("predictions.csv", "text/csv", to_csv(rows), "csv"),
            file_link(
                "predictions.jsonl", "application/jsonl", to_jsonl(rows), "jsonl"
            ),
        )
        return f"<p>{html.escape(title)} {' · '.join(links)}</p>"

    return export


def make_delete(context: Context) -> Callable[..., list[Any]]:
    """Return the handler that deletes rows, which needs a tick and a press.

    Args:
        context: The demo's own things.

    Returns:
        From whose rows and the tick to a line and the tick taken out.
    """

    @in_one_line
    def delete(whose: str, sure: bool, request: gr.Request) -> list[Any]:
        everything = _check(context, whose, request)
        if sure is not True:
            raise CourseError("Deleting is for good: tick the box before the button.")
        if everything:
            n = context.log.delete_all()
        else:
            n = context.log.delete_session(request.session_hash or "")
        line = html.escape(context.say("monitor.deleted", n=f"{n:,}"))
        return [f'<p role="status">{line}</p>', False]

    return delete


def build_rows(context: Context) -> gr.events.Dependency:
    """Lay out the choice, the export and the deletion, and connect them.

    Args:
        context: The demo's own things.

    Returns:
        The event of a deletion, after which pictures are out of date.
    """
    say = context.say
    whose = gr.Radio(
        [(say("monitor.visit"), VISIT), (say("monitor.all"), ALL)],
        value=VISIT,
        label=say("monitor.whose"),
        info=say("monitor.whose_info"),
    )
    with gr.Row():
        export = gr.Button(say("monitor.export"), size="sm", min_width=120)
        sure = gr.Checkbox(label=say("monitor.sure"), min_width=120)
        delete = gr.Button(
            say("monitor.delete"), size="sm", variant="stop", min_width=120
        )
    told = gr.HTML("", elem_classes="hint")
    export.click(make_export(context), whose, told, **INSTANT)
    return delete.click(make_delete(context), [whose, sure], [told, sure], **INSTANT)
