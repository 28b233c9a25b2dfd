"""The About page: model cards, licences, the API by example, and what is kept.

The cards are those that the adapters ship with, the licences those of the registry of
assets. Left out: the whole API reference, which Gradio draws (its footer leads there).
"""

import html
import json
import re
import shlex
from typing import Any

import gradio as gr

from course import runs
from course.assets.registry import ASSETS
from course.demo.context import Context
from course.demo.controls import INSTANT
from course.demo.messages import Say
from course.runs import shipped
from course.views.shown import escape

TEXT = "A warm, witty film."
# For every public endpoint all its arguments, in their order.
CALLS: dict[str, dict[str, Any]] = {
    "classify": {"text": TEXT, "model": "sentiment"},
    "explain": {
        "text": TEXT,
        "model": "sentiment",
        "method": "partition",
        "target": "positive",
    },
    "generate": {
        "prompt": "The film was",
        "max_new_tokens": 10,
        "temperature": 0.8,
        "top_k": 50,
        "top_p": 0.95,
        "seed": 0,
        "chat": False,
        "model": "smollm2",
    },
    "tokenize": {"text": TEXT, "tokenizers": ["minilm", "gpt2"]},
    "evaluate": {
        "model": "sentiment",
        "csv": "text,label\nA joy.,positive\nToo long.,negative\n",
    },
}
ADDRESS = re.compile(r"https?://[\w.:\[\]-]+(?:/[\w./-]*)?")
COLUMNS = ("name", "description", "package_licence", "data_licence", "citation")


def render_card(text: str) -> str:
    r"""Return a model card as Markdown that is safe and fits below the page's headings.

    Args:
        text: A card, with or without front matter.

    Example:
        >>> render_card("---\nlicense: x\n---\n# One <b>")
        '### One &lt;b>'
    """
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL).strip()
    body = re.sub(r"^(#+ )", r"##\1", body, flags=re.MULTILINE)
    # Markdown passes HTML on; an address that a card names is not made a link either.
    return body.replace("<", "&lt;").replace("](", "]&#40;")


def render_licences(say: Say) -> str:
    """Return the licences of models and data as an HTML table.

    Args:
        say: The demo's words.
    """
    heads = "".join(
        f'<th scope="col">{escape(say(f"about.{name}"))}</th>' for name in COLUMNS
    )
    rows = ""
    for asset in ASSETS.values():
        name, *others = (escape(getattr(asset, column)) for column in COLUMNS)
        cells = "".join(f"<td>{cell}</td>" for cell in others)
        rows += f'<tr><th scope="row">{name}</th>{cells}</tr>'
    return _scrolling(
        say("about.licences"),
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>",
    )


def _scrolling(label: str, body: str) -> str:
    """A region wider than a telephone, which the keyboard can reach and move."""
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(label)}">'
        f"{body}</div>"
    )


def curl_example(address: str, name: str, arguments: dict[str, Any]) -> str:
    r"""Return shell lines that call an endpoint: one call asks, one reads the answer.

    Args:
        address: The demo's, without a slash at its end.
        name: An endpoint, without slash.
        arguments: All its arguments, in their order.

    Example:
        >>> print(curl_example("http://localhost:7860", "classify", {"text": "Hi."}))
        EVENT=$(curl -s http://localhost:7860/gradio_api/call/classify \
          -H 'Content-Type: application/json' \
          -d '{"data": ["Hi."]}' | cut -d '"' -f 4)
        curl -sN http://localhost:7860/gradio_api/call/classify/$EVENT
    """
    url = f"{address}/gradio_api/call/{name}"
    body = shlex.quote(json.dumps({"data": list(arguments.values())}))
    return (
        f"EVENT=$(curl -s {url} \\\n  -H 'Content-Type: application/json' \\\n"
        f"  -d {body} | cut -d '\"' -f 4)\ncurl -sN {url}/$EVENT"
    )


def python_example(address: str, name: str, arguments: dict[str, Any]) -> str:
    """Return Python lines that call an endpoint with `gradio_client`.

    Args:
        address: The demo's, without a slash at its end.
        name: An endpoint, without slash.
        arguments: Its arguments.

    Example:
        >>> print(python_example("http://localhost:7860", "classify", {"text": "Hi."}))
        from gradio_client import Client
        <BLANKLINE>
        client = Client("http://localhost:7860")
        answer = client.predict(
            text="Hi.",
            api_name="/classify",
        )
        print(answer)
    """
    lines = "".join(
        f"    {key}={_literal(value)},\n" for key, value in arguments.items()
    )
    return (
        f'from gradio_client import Client\n\nclient = Client("{address}")\n'
        f'answer = client.predict(\n{lines}    api_name="/{name}",\n)\nprint(answer)'
    )


def _literal(value: Any) -> str:
    """Python source, with the double quotes that a reader is used to."""
    return json.dumps(value) if isinstance(value, str | list) else repr(value)


def public_names(blocks: gr.Blocks) -> list[str]:
    """Return the endpoints that a demo offers to programs, in the order of the pages.

    Args:
        blocks: The demo.
    """
    functions = blocks.fns.values()
    return [fn.api_name for fn in functions if fn.api_visibility == "public"]


def render_examples(address: str, names: list[str], say: Say, user: str = "") -> str:
    """Return examples of every endpoint as HTML.

    Args:
        address: The demo's, as the visitor sees it.
        names: The endpoints.
        say: The demo's words.
        user: Who logged in; empty where nobody has to.
    """
    parts = []
    if user:
        login = f"auth=({json.dumps(user)}, {json.dumps(say('about.password'))})"
        parts.append(f"<p>{escape(say('about.logged_in', login=login))}</p>")
    for name in names:
        if name not in CALLS:
            continue
        parts.append(f"<h3>/{escape(name)}</h3>")
        for kind, make in (("curl", curl_example), ("Python", python_example)):
            code = escape(make(address, name, CALLS[name]))
            label = f"/{name}: {kind}"
            parts.append(_scrolling(label, f"<pre><code>{code}</code></pre>"))
    return "".join(parts)


def address_of(request: gr.Request) -> str:
    """Return the demo's address as a visitor sees it, without a slash at its end."""
    address = str(request.request.base_url).rstrip("/")
    return address if ADDRESS.fullmatch(address) else "http://127.0.0.1:7860"


def _paragraphs(say: Say, *names: str) -> str:
    return "".join(f"<p>{html.escape(say(f'about.{name}'))}</p>" for name in names)


def build_page(blocks: gr.Blocks, context: Context) -> None:
    """Lay out the page; the last one, so that it knows every endpoint.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    say, names = context.say, public_names(blocks)

    def show_examples(request: gr.Request) -> str:
        return render_examples(address_of(request), names, say, request.username or "")

    def head(name: str) -> str:
        return f"<h2>{escape(say(f'about.{name}'))}</h2>"

    kept = ["kept_nothing"]
    if context.log is not None:
        kept = ["kept_log", "kept_texts", "kept_delete"]
    with gr.Column(elem_classes="page about"):
        gr.HTML(head("kept") + _paragraphs(say, *kept, "kept_here"))
        gr.HTML(head("api") + _paragraphs(say, "api_hint"))
        examples = gr.HTML()
        gr.HTML(head("models") + _paragraphs(say, "models_hint"))
        for name in shipped():
            card = runs.ADAPTERS / name / "README.md"
            if card.is_file():
                with gr.Accordion(name, open=False):
                    gr.Markdown(render_card(card.read_text(encoding="utf-8")))
        gr.HTML(head("licences") + _paragraphs(say, "licence_kit", "licence_data"))
        gr.HTML(render_licences(say), elem_classes="measured")
    blocks.load(show_examples, None, examples, **INSTANT)
