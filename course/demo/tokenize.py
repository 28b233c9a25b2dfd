"""The Tokenize page: one text in the lanes of several tokenizers, while it is typed.

Left out: training a tokenizer, which the lessons do.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import gradio as gr

from course.demo.context import Context
from course.demo.controls import INSTANT, in_one_line, without_folders
from course.demo.live import build_drawing, picked_name, value_of
from course.demo.messages import Say
from course.errors import CourseError, one_line, unknown_name

if TYPE_CHECKING:
    from course.tokenization import Encoding

TEXT_LIMIT = 5_000  # characters
Tokenizer = Literal["minilm", "gpt2", "o200k", "smollm2"]
TITLES = {
    "minilm": "MiniLM (WordPiece)",
    "gpt2": "GPT-2 (BPE)",
    "o200k": "GPT-4o (BPE)",
    "smollm2": "SmolLM2 (BPE)",
}
EXAMPLES = [
    "Tokenization isn't what you'd expect: unbelievable!",
    "👩‍👩‍👧 says “naïve café” 🎉",
    "for i in range(10):\n    total += i ** 2",
    "Donaudampfschifffahrtsgesellschaft, Rechtsschutzversicherung",
    "3.14159, 1000000, 2026-11-20, 12345 + 67890 = 80235",
]


@dataclass(frozen=True)
class TokenizePage:
    """What other pages connect to."""

    text: gr.Textbox


def check_choice(text: str, tokenizers: list[str]) -> list[str]:
    """Return the tokenizers that were asked for, each once, in their usual order.

    Args:
        text: At most `TEXT_LIMIT` characters.
        tokenizers: At least one of `TITLES`.

    Raises:
        CourseError: If the text or a name will not do.

    Example:
        >>> check_choice("A joy.", ["gpt2", "minilm", "gpt2"])
        ['minilm', 'gpt2']
    """
    if not isinstance(text, str):
        raise CourseError(f"A {type(text).__name__} came where a text is expected.")
    if len(text) > TEXT_LIMIT:
        raise CourseError(
            f"The text has {len(text):,} characters, at most {TEXT_LIMIT:,} are cut "
            "here: shorten it."
        )
    if not isinstance(tokenizers, list) or not tokenizers:
        raise CourseError(
            f"{one_line(str(tokenizers or 'No tokenizer'), 40)} came where tokenizers "
            f"are expected: give a list of one or more of {', '.join(TITLES)}."
        )
    for name in tokenizers:
        if not isinstance(name, str) or name not in TITLES:
            raise unknown_name("tokenizer", str(name), TITLES)
    return [name for name in TITLES if name in tokenizers]


def encode_text(text: str, tokenizers: list[str]) -> "list[tuple[str, Encoding]]":
    """Cut a text by several tokenizers.

    Args:
        text: At most `TEXT_LIMIT` characters.
        tokenizers: At least one of `TITLES`.

    Returns:
        Short name and encoding of each.

    Raises:
        CourseError: If one of them will not do, or a vocabulary cannot be fetched.
    """
    from course.tokenization import load_tokenizer

    names = check_choice(text, tokenizers)
    return [(name, load_tokenizer(name).encode(text)) for name in names]


def render_counts(encodings: "list[tuple[str, Encoding]]", say: Say) -> str:
    """Return how many tokens each tokenizer makes, as an HTML table.

    Args:
        encodings: As `encode_text` gives them; none gives an empty table.
        say: The demo's words.
    """
    from course.tokenization import load_tokenizer

    names = ("tokenizer", "tokens", "characters_each", "bytes_each")
    columns = "".join(
        f'<th scope="col">{html.escape(say(f"tokenize.{name}"))}</th>' for name in names
    )
    characters = size = 0
    body = ""
    for name, encoding in encodings:
        characters = len(encoding.text)
        size = len(encoding.text.encode("utf-8", "replace"))
        unk_id = load_tokenizer(name).unk_id
        unknown = 0 if unk_id is None else encoding.ids.count(unk_id)
        words = say("tokenize.unknown", number=f"{unknown:,}")
        cells = [
            f"{len(encoding):,}" + f"<br>{html.escape(words)}" * bool(unknown),
            f"{characters / max(1, len(encoding)):.2f}",
            f"{size / max(1, len(encoding)):.2f}",
        ]
        row = "".join(f"<td>{cell}</td>" for cell in cells)
        body += f'<tr><th scope="row">{TITLES[name]}</th>{row}</tr>'
    caption = say("tokenize.caption", characters=f"{characters:,}", bytes=f"{size:,}")
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
    )


@in_one_line
def tokenize(text: str, tokenizers: list[Tokenizer] | None = None) -> dict[str, Any]:
    """Cut a text into the tokens of several tokenizers.

    Args:
        text: The text, at most 5,000 characters; special tokens in it are plain text.
        tokenizers: Any of minilm, gpt2, o200k and smollm2; default all four.

    Returns:
        For each tokenizer: tokens (their names in the vocabulary), ids (their numbers
        there) and spans (first character of each in the text, and the first after it).
    """
    chosen = list(TITLES) if tokenizers is None else tokenizers
    return {
        name: {
            "tokens": list(encoding.tokens),
            "ids": list(encoding.ids),
            "spans": [list(span) for span in encoding.spans],
        }
        for name, encoding in encode_text(text, chosen)
    }


def make_show(say: Say) -> Callable[..., tuple[dict[str, str], str]]:
    """Return the handler behind the text box: text and tokenizers to picture and table.

    Args:
        say: The demo's words.
    """

    def show(
        text: str | None, tokenizers: list[str], picked: int | None = None
    ) -> tuple[dict[str, str], str]:
        from course.views.lanes import draw_lanes

        try:
            encodings = encode_text(text or "", tokenizers)
        except CourseError as error:
            # In the table's place: a message for every key pressed would be in the way.
            return value_of(None), f"<p>{html.escape(without_folders(str(error)))}</p>"
        titled = [(TITLES[name], encoding) for name, encoding in encodings]
        drawing = draw_lanes(titled, picked) if text else None
        return value_of(drawing), render_counts(encodings, say)

    return show


def _build_question(say: Say) -> tuple[gr.Textbox, gr.CheckboxGroup, gr.Dataset]:
    """Lay out the text box, the choice of tokenizers, and the examples."""
    text = gr.Textbox(
        EXAMPLES[0],
        label=say("tokenize.text"),
        lines=3,
        max_lines=10,
        placeholder=say("tokenize.placeholder"),
        html_attributes=gr.InputHTMLAttributes(spellcheck=False),
    )
    chosen = gr.CheckboxGroup(
        [(title, name) for name, title in TITLES.items()],
        value=list(TITLES),
        label=say("tokenize.tokenizers"),
    )
    examples = gr.Dataset(
        components=[text],
        samples=[[sample] for sample in EXAMPLES],
        label=say("controls.examples"),
        layout="gallery",
    )
    return text, chosen, examples


def build_page(blocks: gr.Blocks, context: Context) -> TokenizePage:
    """Lay out the page and connect it.

    Args:
        blocks: The whole demo, inside which this is called.
        context: The demo's own things.
    """
    say = context.say
    with gr.Row(elem_classes="page"):
        with gr.Column(min_width=280):
            text, chosen, examples = _build_question(say)
        with gr.Column(min_width=280):
            counts = gr.HTML(elem_classes="measured")
            gr.HTML(f'<p class="hint">{html.escape(say("tokenize.hint"))}</p>')
    picture = build_drawing()

    show = make_show(say)
    current, shown = [text, chosen], [picture, counts]

    def show_picked(text: str, names: list[str], event: gr.EventData) -> Any:
        name = picked_name(event)
        return show(text, names, int(name) if name.isdecimal() else None)

    live = {**INSTANT, "trigger_mode": "always_last"}
    # Not `input`, which is silent when a text is pasted by the mouse.
    gr.on([text.change, chosen.input], show, current, shown, **live)
    picture.select(show_picked, current, shown, **live)
    examples.click(lambda sample: sample[0], examples, text, **INSTANT)
    blocks.load(show, current, shown, **INSTANT)
    gr.api(tokenize, api_name="tokenize", concurrency_limit=2)
    return TokenizePage(text)
