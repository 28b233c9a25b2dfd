"""A language model writes for strangers: token by token, stoppable, within limits.

Each step keeps what its token was drawn from, so that it can be looked at afterwards.
A chat message is put into the model's own template; special tokens written in it stay
plain text, so that no message can pretend to be another speaker. Left out: Gradio.
"""

import functools
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from course.demo.models import check_text
from course.errors import CourseError, one_line
from course.generation import (
    NextToken,
    continue_text,
    cut_distribution,
    greedy,
    load_language_model,
    probabilities,
    sample,
    token_texts,
)
from course.generation.local_models import SHIPPED, model_folder

PROMPT_TOKENS = 256  # of a prompt; with the template and what follows: under 512
MOST_NEW = 200  # tokens
DEADLINE = 30  # seconds of model work for one text
ROWS = 12  # of a distribution that are kept
END_TOKENS = (0, 2)  # <|endoftext|>, and <|im_end|>, with which a chat answer ends
LIMITS = {
    "max_new_tokens": (1, MOST_NEW, int),
    "temperature": (0.0, 2.0, float),
    "top_k": (0, 49_152, int),
    "top_p": (0.0, 1.0, float),
    "seed": (0, 2**32 - 1, int),
}


@dataclass(frozen=True)
class Settings:
    """How to draw tokens.

    Attributes:
        max_new_tokens: 1 to `MOST_NEW`.
        temperature: 0, which takes the likeliest token, to 2.
        top_k: From 1, or 0 for off.
        top_p: 0 to 1, which is off.
        seed: From 0; the same one draws the same text.
    """

    max_new_tokens: int = 60
    temperature: float = 0.8
    top_k: int = 50
    top_p: float = 0.95
    seed: int = 0

    @classmethod
    def check(cls, **values: Any) -> "Settings":
        """Return settings within their limits: numbers beyond are moved to the edge.

        Raises:
            CourseError: If one is no number, not finite, or not whole where it must be.

        Example:
            >>> Settings.check(temperature=9, max_new_tokens=10_000)
            Settings(max_new_tokens=200, temperature=2.0, top_k=50, top_p=0.95, seed=0)
        """
        return cls(**{name: _check(name, value) for name, value in values.items()})


@dataclass(frozen=True)
class Step:
    """One token that was written: its number, and what it was drawn from."""

    token: int
    cut: NextToken


@dataclass
class Writing:
    """A text on its way.

    Attributes:
        prompt: What the model was given, as text; the template with it in a chat.
        truncated: Whether only the end of the prompt was read.
        settings: How tokens are drawn.
        steps: The tokens so far.
        seconds: Since the model began.
        ended: Why it is over: "length", "end_token", "deadline"; "" while it is not.
    """

    prompt: str
    truncated: bool
    settings: Settings
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0
    ended: str = ""

    def text(self) -> str:
        """Return what was written so far, without the prompt."""
        tokens = [step.token for step in self.steps if step.token not in END_TOKENS]
        return continue_text("", tokens)


def _check(name: str, value: Any) -> int | float:
    least, most, kind = LIMITS[name]
    whole = "whole " if kind is int else ""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    # Not math.isfinite, which a whole number can be too large for.
    finite = known and -math.inf < value < math.inf
    number = min(max(value, least), most) if finite else None
    if number is None or (kind is int and number != int(number)):
        raise CourseError(
            f"{name} is {one_line(repr(value), 40)}; a {whole}number from {least:,} to "
            f"{most:,} is expected."
        )
    return kind(number)


@functools.cache
def _chat_frame() -> tuple[tuple[int, ...], tuple[int, ...], str, str]:
    """What the model's template puts before and after a message: tokens, and text."""
    from transformers import AutoTokenizer

    from course import assets

    tokenizer = AutoTokenizer.from_pretrained(assets.path("smollm2"))
    mark = "MESSAGE"
    whole = tokenizer.apply_chat_template(
        [{"role": "user", "content": mark}], tokenize=False, add_generation_prompt=True
    )
    before, after = whole.split(mark)
    encode = functools.partial(tokenizer.encode, add_special_tokens=False)
    return tuple(encode(before)), tuple(encode(after)), before, after


def read_prompt(text: str, chat: bool) -> tuple[tuple[int, ...], str, bool]:
    """Turn what somebody wrote into the model's tokens.

    Args:
        text: 1 to `TEXT_LIMIT` characters, not all blank.
        chat: Whether to put it into the chat template.

    Returns:
        The tokens; the text that they stand for; whether only the last `PROMPT_TOKENS`
        tokens of the text are among them.

    Raises:
        CourseError: If the text will not do.
    """
    from course.tokenization import load_tokenizer

    if not isinstance(chat, bool):
        raise CourseError(
            f"chat is {one_line(repr(chat), 40)}; true or false is expected."
        )
    text = check_text(text)
    encoding = load_tokenizer("smollm2").encode(text.strip() if chat else text)
    numbers, shown = encoding.ids, encoding.text
    truncated = len(numbers) > PROMPT_TOKENS
    if truncated:
        shown = shown[encoding.spans[-PROMPT_TOKENS][0] :]
        numbers = numbers[-PROMPT_TOKENS:]
    if chat:
        head, tail, before, after = _chat_frame()
        numbers, shown = (*head, *numbers, *tail), f"{before}{shown}{after}"
    return numbers, shown, truncated


def write(
    text: str, chat: bool, settings: Settings, model: str = SHIPPED
) -> Iterator[Writing]:
    """Have a model go on from a text; what is yielded grows with each token.

    Whoever no longer asks for the next one, or closes the iterator, ends the work.

    Args:
        text: As for `read_prompt`.
        chat: Whether it is a message to answer, rather than a text to continue.
        settings: How to draw tokens.
        model: One of `course.generation.local_models.local_models()`.

    Yields:
        The same `Writing` again and again: once before the model is loaded, once after
        each token, and at last with the reason why it is over.

    Raises:
        CourseError: If the text will not do, or the model cannot be loaded.
    """
    model_folder(model)  # refuses a name before anything is shown
    numbers, shown, truncated = read_prompt(text, chat)
    writing = Writing(shown, truncated, settings)
    yield writing
    writer, texts = load_language_model(model), token_texts()
    start = time.monotonic()
    while not writing.ended:
        path = [step.token for step in writing.steps]
        step = draw(writer.logits((*numbers, *path)), texts, settings, len(path))
        writing.steps.append(step)
        writing.seconds = time.monotonic() - start
        writing.ended = writing.ended or _reason_to_end(writing)
        yield writing


def draw(logits: Any, texts: Sequence[str], settings: Settings, position: int) -> Step:
    """Draw one token, and keep what it was drawn from.

    Args:
        logits: Shape (vocab_size,).
        texts: The text of each token of the vocabulary.
        settings: How to draw.
        position: How many tokens were drawn before.
    """
    if settings.temperature == 0:  # by which nothing can be divided
        cuts = {"top_k": 1}
        token = greedy(logits)
    else:
        names = ("temperature", "top_k", "top_p")
        cuts = {name: getattr(settings, name) for name in names}
        token = sample(probabilities(logits, **cuts), settings.seed, position)
    cut = cut_distribution(logits, texts, **cuts, asked=[token], most=ROWS)
    # The whole vocabulary would be 0.8 MB for each token, a view of it as much.
    nothing, order = cut.probabilities[:0].copy(), range(len(cut.order))
    return Step(token, replace(cut, probabilities=nothing, order=order))


def _reason_to_end(writing: Writing) -> str:
    if writing.steps[-1].token in END_TOKENS:
        return "end_token"
    if len(writing.steps) >= writing.settings.max_new_tokens:
        return "length"
    return "deadline" if writing.seconds > DEADLINE else ""
