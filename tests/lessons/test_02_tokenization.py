"""What lesson 02 says in words is so. Alone: pytest tests/lessons.

A number that a cell prints needs no test; these are the sentences that round or compare
what cells print, and facts that no cell shows.
"""

import pytest

from course import assets, tokenization
from course.data import load_task
from course.translations import LANGUAGES, parallel


@pytest.fixture(scope="module")
def texts():
    dataset = load_task("sentiment", seed=0)
    return list(dataset["train"]["text"]), list(dataset["test"]["text"])


@pytest.fixture(scope="module")
def curve(texts):
    sizes = [256, 512, 1024, 2048, 4096, 8192, 16384]
    costs = tokenization.vocabulary_curve(texts[0], sizes, texts[1])
    return {cost.vocab_size: cost.tokens for cost in costs}


def test_characters_and_words(texts):
    characters = tokenization.train_characters(texts[0])
    words = tokenization.train_words(texts[0])
    by_character, by_word = tokenization.compare_costs([characters, words], texts[1])
    assert 180 < words.vocab_size / characters.vocab_size < 220  # two hundred times
    assert 1 / 17 < by_word.unknown_share < 1 / 15  # a word in sixteen
    assert by_character.unknown_share < 0.001  # next to nothing
    assert 5 < by_character.tokens_per_word < 6  # more than five


def test_vocabulary_curve(curve):
    assert curve[512] < curve[256] / 2  # the first 256 merges more than halve
    assert 0.9 < curve[16384] / curve[8192] < 1  # the last 8,000: less than a tenth
    assert 1.07 < curve[8192] / curve[16384] < 1.12  # 7 to 12 percent longer
    assert 1.07 < curve[4096] / curve[8192] < 1.12


def test_subwords_need_one_and_a_half_tokens_a_word(texts):
    own = tokenization.train_tokenizer(texts[0], vocab_size=4096)
    cost = tokenization.measure_cost(own, texts[1])
    assert 1.35 < cost.tokens_per_word < 1.55


def test_languages():
    messages = parallel(LANGUAGES)
    assert len(messages) == 12
    gpt2, o200k = (tokenization.load_tokenizer(name) for name in ("gpt2", "o200k"))
    old = tokenization.compare_languages(gpt2, messages)
    new = tokenization.compare_languages(o200k, messages)
    assert old["hi"] > 7
    assert old["th"] > 7
    assert new["hi"] < 2
    assert new["th"] < 2
    assert max(new, key=new.get) == "el"
    assert 3.9 < o200k.vocab_size / gpt2.vocab_size < 4.1


def test_half_of_minilm_is_its_dictionary():
    from transformers import AutoModel

    model = AutoModel.from_pretrained(assets.path("minilm"))
    total = sum(parameter.numel() for parameter in model.parameters())
    table = model.get_input_embeddings().weight.numel()
    assert total == pytest.approx(22.7e6, rel=0.01)
    assert table == tokenization.embedding_parameters(30_522, 384)
    assert 0.45 < table / total < 0.55


def test_vocabulary_of_gpt2_is_bytes_merges_and_one():
    gpt2 = tokenization.load_tokenizer("gpt2")
    assert gpt2.vocab_size == 256 + len(gpt2.merges) + 1


def test_digits():
    for name in ("minilm", "gpt2", "o200k"):
        pieces = tokenization.load_tokenizer(name).encode("12345").tokens
        assert len(pieces) == 2
    assert len(tokenization.load_tokenizer("smollm2").encode("12345")) == 5


def test_special_tokens():
    gpt2 = tokenization.load_tokenizer("gpt2")
    plain = gpt2.encode("The end. <|endoftext|>")
    special = gpt2.encode("The end. <|endoftext|>", allow_special=True)
    assert special.tokens[-1] == "<|endoftext|>"
    assert len(plain) - len(special) >= 5


def test_same_part_in_words_of_other_meaning():
    gpt2 = tokenization.load_tokenizer("gpt2")
    assert gpt2.encode("unhappy").ids[0] == gpt2.encode("unanimous").ids[0]


def test_outdated_arguments_give_an_empty_tokenizer():
    """The lesson shows it so that learners look; if it changes, the lesson does."""
    from transformers import GPT2Tokenizer

    folder = assets.path("gpt2-bpe")
    files = str(folder / "encoder.json"), str(folder / "vocab.bpe")
    outdated = GPT2Tokenizer(vocab_file=files[0], merges_file=files[1])
    present = GPT2Tokenizer(vocab=files[0], merges=files[1])
    assert (len(outdated), outdated.tokenize("unbelievably")) == (1, [])
    assert len(present) == 50257
    assert present.tokenize("unbelievably") == ["un", "bel", "iev", "ably"]
