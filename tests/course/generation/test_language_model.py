"""Reading with a cache, and the real SmolLM2. Alone: pytest tests/course/generation."""

import threading
import time

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from course import generation
from course.errors import CourseError
from course.generation import language_model as module
from course.generation.language_model import LanguageModel

TEXT = (3, 1, 4, 1, 5, 9, 2, 6)


@pytest.fixture
def tiny():
    config = LlamaConfig(
        vocab_size=50,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = LlamaForCausalLM(config)
    # As initialised, all is about 0; then a wrong cache would change nothing.
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(5 if weight.ndim == 2 else 1)
    return LanguageModel(model.eval())


def plain(model, numbers):
    with torch.no_grad():
        return model.model(torch.tensor([numbers])).logits[0, -1].numpy()


def count_read(model, monkeypatch):
    """How many tokens went through the model, call by call."""
    read, forward = [], model.model.base_model.forward

    def counting(input_ids, **options):
        read.append(input_ids.shape[1])
        return forward(input_ids=input_ids, **options)

    monkeypatch.setattr(model.model.base_model, "forward", counting)
    return read


def test_logits_equal_those_of_a_whole_pass(tiny, monkeypatch):
    read = count_read(tiny, monkeypatch)
    texts = [
        TEXT,
        (*TEXT, 7),  # one more
        (*TEXT, 8),  # another one
        (*TEXT[:5], 40, 41, 42),  # another way, of three
        (*TEXT[:5], 40),
        (1, *TEXT),  # nothing alike
    ]
    found = [tiny.logits(text) for text in texts]
    assert read == [8, 1, 1, 3, 1, 9]
    for text, logits in zip(texts, found, strict=True):
        np.testing.assert_allclose(logits, plain(tiny, text), atol=1e-4)
    assert np.abs(found[1] - found[2]).max() > 0.1


def test_a_text_is_read_once(tiny, monkeypatch):
    read = count_read(tiny, monkeypatch)
    first = tiny.logits(TEXT)
    assert tiny.logits(list(TEXT)) is first
    assert read == [8]
    assert tiny.reusable((*TEXT, 7)) == 8
    assert tiny.reusable(TEXT) == 7


def test_it_forgets_the_oldest(tiny, monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED_KEYS", 1)
    monkeypatch.setattr(module, "REMEMBERED_LOGITS", 1)
    tiny.logits((1, 2))
    tiny.logits((3, 4))
    assert (tiny.reusable((1, 2, 5)), tiny.reusable((3, 4, 5))) == (0, 2)
    np.testing.assert_allclose(tiny.logits((1, 2)), plain(tiny, (1, 2)), atol=1e-4)


def test_threads_take_turns(tiny):
    texts = [(*TEXT[: n % 5 + 1], n) for n in range(20)]
    found = {}
    threads = [
        threading.Thread(target=lambda t=t: found.update({t: tiny.logits(t)}))
        for t in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for text in texts:
        np.testing.assert_allclose(found[text], plain(tiny, text), atol=1e-4)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [((), "0 tokens came"), ((50,), "below 50"), ((-1,), "below 50")],
)
def test_what_is_no_text(tiny, numbers, message):
    with pytest.raises(CourseError, match=message):
        tiny.logits(numbers)


def test_too_long_a_text(tiny):
    with pytest.raises(CourseError, match=r"513 tokens, at most 512 are read"):
        tiny.logits((1,) * 513)
    with pytest.raises(CourseError, match="at most 512"):
        generation.encode_prompt("word " * 600)


def test_no_prompt():
    with pytest.raises(CourseError, match="There is no prompt"):
        generation.encode_prompt("")


# --- The real SmolLM2 ---------------------------------------------------------------


def test_smollm2_knows_a_capital_and_is_one():
    model = generation.load_language_model()
    assert generation.load_language_model() is model
    text = "The capital of France is Paris, and the capital of Germany is"
    logits = model.logits(generation.encode_prompt(text))
    assert generation.token_texts()[generation.greedy(logits)] == " Berlin"
    likeliest = np.sort(logits)[-50:]
    assert len(set(likeliest)) > 45  # the last product in bf16 leaves a few steps only


def test_a_further_token_is_quick():
    """0.04 s on one core of 2024; the band is for a busy machine."""
    model = generation.load_language_model()
    start = generation.encode_prompt("It was a dark and stormy")
    model.logits(start)
    seconds = []
    for number in range(1000, 1005):
        begin = time.thread_time()
        model.logits((*start, number))
        seconds.append(time.thread_time() - begin)
    assert min(seconds) < 0.5


def test_first_json_is_what_the_model_says():
    model = generation.load_language_model()
    logits = model.logits(generation.encode_prompt(generation.PROMPT))
    said = generation.softmax(logits)
    stored = generation.softmax(generation.first_logits())
    # bf16 keeps eight bits of a number: some per cent of a probability.
    likeliest = generation.ranking(stored)[:20]
    np.testing.assert_allclose(stored[likeliest], said[likeliest], rtol=0.15)
    assert generation.entropy(stored) == pytest.approx(
        generation.entropy(said), abs=0.15
    )


# --- Tokens and text ----------------------------------------------------------------


def test_tokens_together_are_the_text():
    text = "naïve 👩‍🚀 日本\n  x"
    numbers = generation.encode_prompt(text)
    assert generation.continue_text("", numbers) == text
    assert generation.continue_text("a", numbers) == "a" + text


def test_half_a_character_shows_its_bytes():
    number = generation.encode_prompt("👩")[0]
    assert b"\xf0" in generation.token_bytes(number)
    assert "\\xf0" in generation.token_texts()[number]
    assert generation.continue_text("", [number]).endswith("\ufffd")


@pytest.mark.parametrize("number", [-1, 49_152])
def test_numbers_outside_of_the_vocabulary(number):
    with pytest.raises(CourseError, match=r"from 0 to 49,151"):
        generation.token_bytes(number)


@pytest.mark.parametrize(
    ("word", "tokens"),
    [
        ("", []),
        ("king", ["king", " king"]),
        (" king", [" king"]),
        ("blacksmith", [" blacksmith"]),  # whole only after a space
        ("wxqvz", ["wx", " wx"]),
    ],
)
def test_a_word_as_one_token(word, tokens):
    texts = generation.token_texts()
    assert [texts[number] for number in generation.word_tokens(word)] == tokens
