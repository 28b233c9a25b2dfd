"""Run alone: pytest tests/course/evaluation/test_language_modelling.py.

A random model of two layers over a byte tokenizer stands in for a real one, so that
every loss can be computed again by a plain loop; one test reads SmolLM2.
"""

import json
import math

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from course.errors import CourseError
from course.evaluation.language_modelling import perplexity, sliding_windows

TEXTS = ["A joy from start to finish.", "No.", "It drags, and then it drags again."]


@pytest.fixture(scope="module")
def tokenizer():
    """One token for each byte, and a start token."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {symbol: number for number, symbol in enumerate(["<s>", *alphabet])}
    backend = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<s>")


@pytest.fixture(scope="module")
def model(tokenizer):
    """A random Llama."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=64,
        initializer_range=0.5,  # far from uniform
    )
    return LlamaForCausalLM(config).eval()


def _losses(model, row: list[int]) -> list[float]:
    """Loss of each token after the first, one forward pass for each."""
    losses = []
    for end in range(1, len(row)):
        with torch.inference_mode():
            logits = model(torch.tensor([row[:end]])).logits[0, -1]
        losses.append(-float(logits.log_softmax(-1)[row[end]]))
    return losses


def _ids(tokenizer, text: str) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def test_equals_a_plain_loop(model, tokenizer):
    losses = [loss for text in TEXTS for loss in _losses(model, _ids(tokenizer, text))]
    result = perplexity(model, tokenizer, TEXTS)
    # Single precision, in another order of additions.
    assert result.negative_log_likelihood.value == pytest.approx(
        np.mean(losses), rel=1e-5
    )
    assert result.perplexity.value == pytest.approx(math.exp(np.mean(losses)), rel=1e-4)
    assert (result.n_tokens, result.n) == (len(losses), 3)
    # A token is a byte here, so a bit is a bit.
    assert result.n_bytes == result.n_tokens
    assert result.bits_per_byte.value == pytest.approx(
        np.mean(losses) / math.log(2), rel=1e-5
    )


def test_tokens_weigh_alike_not_texts(model, tokenizer):
    by_text = [np.mean(_losses(model, _ids(tokenizer, text))) for text in TEXTS]
    result = perplexity(model, tokenizer, TEXTS)
    assert abs(result.negative_log_likelihood.value - np.mean(by_text)) > 0.01


def test_a_start_token_makes_the_first_token_count(model, tokenizer):
    rows = [[tokenizer.bos_token_id, *_ids(tokenizer, text)] for text in TEXTS]
    losses = [loss for row in rows for loss in _losses(model, row)]
    result = perplexity(model, tokenizer, TEXTS, first_token="bos")
    assert result.negative_log_likelihood.value == pytest.approx(
        np.mean(losses), rel=1e-5
    )
    assert result.n_tokens == result.n_bytes == sum(map(len, TEXTS))


def test_a_uniform_model_is_as_surprised_as_its_vocabulary_is_large(tokenizer, model):
    uniform = LlamaForCausalLM(model.config).eval()
    torch.nn.init.zeros_(uniform.lm_head.weight)
    result = perplexity(uniform, tokenizer, TEXTS)
    assert result.perplexity.value == pytest.approx(len(tokenizer), rel=1e-5)
    assert result.perplexity.low == pytest.approx(result.perplexity.high, rel=1e-5)
    assert result.bits_per_byte.value == pytest.approx(math.log2(257), rel=1e-5)


@pytest.mark.parametrize("batch_size", [1, 2, 5])
def test_batches_do_not_change_the_result(model, tokenizer, batch_size):
    one = perplexity(model, tokenizer, TEXTS, batch_size=1)
    many = perplexity(model, tokenizer, TEXTS, batch_size=batch_size)
    assert many.perplexity.value == pytest.approx(one.perplexity.value, rel=1e-5)
    assert many.bits_per_byte.low == pytest.approx(one.bits_per_byte.low, rel=1e-5)


def test_windows_equal_a_plain_loop_with_the_same_context(model, tokenizer):
    row = _ids(tokenizer, TEXTS[2])
    losses = []
    for window, fresh in sliding_windows(row, max_length=10, stride=4):
        losses += _losses(model, window)[-fresh:]
    result = perplexity(model, tokenizer, [TEXTS[2]], max_length=10, stride=4)
    assert len(losses) == result.n_tokens == len(row) - 1
    assert result.negative_log_likelihood.value == pytest.approx(
        np.mean(losses), rel=1e-5
    )


@pytest.mark.parametrize("length", [2, 3, 9, 10, 11, 14, 40])
@pytest.mark.parametrize(("max_length", "stride"), [(10, 9), (10, 4), (2, 1)])
def test_windows_predict_each_token_once_with_context(length, max_length, stride):
    row = list(range(length))
    predicted = []
    for window, fresh in sliding_windows(row, max_length, stride):
        assert 2 <= len(window) <= max_length
        assert 1 <= fresh < len(window)
        predicted += window[-fresh:]
    assert predicted == row[1:]


def test_bytes_are_counted_not_characters(model, tokenizer):
    result = perplexity(model, tokenizer, ["aé😀"])
    # Without the first "a": two bytes and four.
    assert (result.n_tokens, result.n_bytes) == (6, 6)


def test_texts_without_anything_to_predict_are_left_out(model, tokenizer):
    alone = perplexity(model, tokenizer, [TEXTS[0]])
    among = perplexity(model, tokenizer, ["", "a", TEXTS[0]])
    assert among.perplexity.value == pytest.approx(alone.perplexity.value)
    assert among.n == 1
    assert json.loads(json.dumps(among.to_dict(), allow_nan=False))["n"] == 1


def test_same_seed_same_interval(model, tokenizer):
    first, again, other = (
        perplexity(model, tokenizer, TEXTS, seed=seed).perplexity for seed in (0, 0, 1)
    )
    assert first == again
    assert first.low <= first.value <= first.high
    assert first.value == other.value


@pytest.mark.parametrize(
    ("texts", "options", "match"),
    [
        ([], {}, "0 texts came, none with a token"),
        (["", "a"], {}, "2 texts came, none with a token"),
        ("one text", {}, r"write \[text\]"),
        (TEXTS, {"stride": 10, "max_length": 10}, "stride < max_length"),
        (TEXTS, {"stride": -1}, "stride < max_length"),
        (TEXTS, {"max_length": 65}, "max_length <= 64"),
        (TEXTS, {"first_token": "skip"}, "'context' or 'bos'"),
    ],
)
def test_what_does_not_fit_is_refused(model, tokenizer, texts, options, match):
    with pytest.raises(CourseError, match=match):
        perplexity(model, tokenizer, texts, **options)


def test_a_tokenizer_without_a_start_token_says_so(model, tokenizer):
    plain = PreTrainedTokenizerFast(tokenizer_object=tokenizer.backend_tokenizer)
    with pytest.raises(CourseError, match="no start token"):
        perplexity(model, plain, TEXTS, first_token="bos")


def test_a_real_model_equals_its_own_loss_and_prefers_english():
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from course import assets

    folder = assets.path("smollm2")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    english = (
        "Photosynthesis is the process by which green plants use sunlight to make food "
        "from carbon dioxide and water."
    )
    disorder = " ".join(sorted(english.split()))
    right, wrong = (perplexity(model, tokenizer, [t]) for t in (english, disorder))
    row = torch.tensor([_ids(tokenizer, english)])
    with torch.inference_mode():
        loss = float(model(input_ids=row, labels=row).loss)
    assert right.negative_log_likelihood.value == pytest.approx(loss, rel=1e-4)
    assert right.n_bytes == len(english.removeprefix("Photos"))
    # A wrongly converted model is at thousands; a right one far below its disorder.
    assert right.perplexity.value < 20
    assert wrong.perplexity.value > 10 * right.perplexity.value
    assert wrong.bits_per_byte.value > right.bits_per_byte.value
