"""Run alone: pytest tests/course/test_inference.py."""

import json
import shutil
import threading
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from tiny_runs import make_tiny_run
from transformers import pipeline

from course import inference
from course.errors import CourseError
from course.inference import Classifier, encode, pad

TEXTS = [
    "A joy from start to finish.",
    "dull",
    "",
    "😀👎",
    "\x00\x01\x1b[31m\t\n",
    "word " * 200,
    "naïve café — “quoted”",
    "मेरा नाम",
]


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory, tiny_model_dir):
    return make_tiny_run(tmp_path_factory.mktemp("runs") / "tiny", tiny_model_dir)


@pytest.fixture(scope="module")
def classifier(run_dir):
    return Classifier(run_dir, precision="fp32")


@pytest.fixture
def copy(run_dir, tmp_path):
    """A copy of the run, to be changed."""
    return shutil.copytree(run_dir, tmp_path / "copy")


# --- Tokens -------------------------------------------------------------------------


def test_known_token_ids(classifier):
    """[CLS] good film [SEP] in the vocabulary of Devlin et al. 2019."""
    ids, truncated = classifier.encode(["good film"])
    assert ids == [[101, 2204, 2143, 102]]
    assert truncated.tolist() == [False]


# Spaces make words, so that a text's head can be told from its middle.
LONG_TEXT = st.lists(st.text(max_size=30), max_size=40).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(LONG_TEXT, max_size=4), st.integers(3, 12))
def test_encoding_equals_the_tokenizers_own_truncation(classifier, texts, max_length):
    tokenizer = classifier.tokenizer
    ids, truncated = encode(tokenizer, texts, max_length)
    if texts:
        own = tokenizer(texts, truncation=True, max_length=max_length)["input_ids"]
        whole = tokenizer(texts, verbose=False)["input_ids"]
        assert ids == own
        assert truncated.tolist() == [len(row) > max_length for row in whole]
    else:
        assert (ids, truncated.shape) == ([], (0,))


@pytest.mark.parametrize("spaces", [1, 30])  # 30: the head alone tells too little
def test_a_text_that_just_fits_is_not_called_cut(classifier, spaces):
    fits = ("a" + " " * spaces) * 8
    ids, truncated = encode(classifier.tokenizer, [fits, fits + "a"], 10)
    assert [len(row) for row in ids] == [10, 10]
    assert truncated.tolist() == [False, True]


def test_a_tokenizer_without_a_closing_token_keeps_the_first_tokens():
    class Letters:
        all_special_ids = ()

        def __call__(self, texts, verbose):
            single = isinstance(texts, str)
            rows = [[ord(c) for c in text] for text in ([texts] if single else texts)]
            return {"input_ids": rows[0] if single else rows}

    assert encode(Letters(), ["abcdef"], 4)[0] == [[97, 98, 99, 100]]


def test_long_texts_take_no_longer_than_what_is_read_of_them(classifier):
    """Tokenizing these 2 MB whole takes some three seconds."""
    start = time.perf_counter()
    _, truncated = classifier.encode(["a long story, " * 7150] * 20)
    assert time.perf_counter() - start < 1
    assert truncated.all()


@pytest.mark.parametrize("text", ["x" * 100_000, "é" * 100_000, "😀" * 25_000])
def test_a_long_text_without_a_space_is_read(classifier, text):
    ids, truncated = classifier.encode([text])
    assert ids == [[101, 100, 102]]  # one word, longer than the vocabulary knows
    assert not truncated[0]


def test_a_word_is_not_read_in_part(classifier):
    """The first 80 characters end within the word, of which a part has other tokens."""
    text = "a b " + "x" * 150
    ids, truncated = encode(classifier.tokenizer, [text], 5)
    assert ids == [[101, 1037, 1038, 100, 102]]
    assert not truncated[0]


def test_a_lone_surrogate_is_read_as_a_question_mark(classifier):
    assert classifier.encode(["a\ud800b"])[0] == classifier.encode(["a?b"])[0]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([5], "A int came where a text is expected: pass a list of strings"),
        (["a", None], "A NoneType came where a text"),
        ([b"a"], "A bytes came where a text"),
        (["x" * 1_000_001], "A text has 1,000,001 characters, at most 1,000,000"),
    ],
)
def test_what_is_no_text_is_refused(classifier, texts, message):
    with pytest.raises(CourseError, match=message):
        classifier.predict(texts)


def test_threads_with_different_lengths_do_not_disturb_each_other(classifier):
    """A fast tokenizer keeps its truncation as a state that all its users share."""
    wrong = []

    def work(max_length):
        for _ in range(40):
            ids, _ = encode(classifier.tokenizer, ["hello there " * 20] * 8, max_length)
            wrong.extend(row for row in ids if len(row) != max_length)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(5, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# --- Padding ------------------------------------------------------------------------

ROWS = st.lists(st.lists(st.integers(1, 99), min_size=1, max_size=9), min_size=1)


@given(ROWS)
def test_padding_can_be_undone(rows):
    batch = pad([torch.tensor(row) for row in rows], pad_token_id=0)
    ids = batch["input_ids"]
    mask = batch.get("attention_mask", torch.ones_like(ids))
    kept = [row[m == 1].tolist() for row, m in zip(ids, mask, strict=True)]
    assert kept == rows
    assert (ids[mask == 0] == 0).all()
    assert ids.shape[1] == max(map(len, rows))
    assert ("attention_mask" in batch) == (len({*map(len, rows)}) > 1)


# --- Predictions -------------------------------------------------------------------


def test_probabilities_equal_those_of_transformers_pipeline(classifier, run_dir):
    pipe = pipeline("text-classification", model=str(run_dir), top_k=None, device="cpu")
    predictions = classifier.predict(TEXTS)
    theirs = pipe(TEXTS, truncation=True, max_length=classifier.max_length)
    for ours, their in zip(predictions.probabilities, theirs, strict=True):
        scores = {row["label"]: row["score"] for row in their}
        expected = [scores[label] for label in classifier.labels]
        # fp32; padding to another length sums in another order.
        np.testing.assert_allclose(ours, expected, atol=1e-6)
    assert predictions.labels == [their[0]["label"] for their in theirs]


def test_predictions_are_consistent(classifier):
    predictions = classifier.predict(TEXTS)
    assert len(predictions) == len(TEXTS)
    assert predictions.logits.shape == predictions.probabilities.shape == (8, 2)
    assert predictions.logits.dtype == np.float32
    np.testing.assert_allclose(predictions.probabilities.sum(1), 1, atol=1e-6)
    best = predictions.probabilities.argmax(1)
    assert predictions.labels == [classifier.labels[number] for number in best]
    assert predictions.truncated.tolist() == [text == TEXTS[5] for text in TEXTS]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(TEXTS))), st.integers(1, 9))
def test_logits_do_not_depend_on_order_and_batches(classifier, order, batch_size):
    expected = classifier.predict(TEXTS).logits[order]
    found = classifier.predict([TEXTS[i] for i in order], batch_size).logits
    np.testing.assert_allclose(found, expected, atol=1e-5)  # fp32 sums


def test_logits_from_rows_and_from_a_tensor_are_the_same(classifier):
    rows = [[101, 2204, 102], [101, 2143, 102]]
    from_rows = classifier.logits_from_ids(rows)
    assert torch.equal(from_rows, classifier.logits_from_ids(torch.tensor(rows)))
    assert (from_rows.shape, from_rows.dtype) == ((2, 2), torch.float32)


def test_texts_of_one_length_are_computed_together(classifier, monkeypatch):
    """Batches of like length: of 1, 1, 30 and 30 words nothing is padded."""
    shapes = []
    forward = classifier._forward

    def watch(rows):
        shapes.append([len(row) for row in rows])
        return forward(rows)

    monkeypatch.setattr(classifier, "_forward", watch)
    classifier.predict(["a", "a " * 30, "b", "b " * 30], batch_size=2)
    assert shapes == [[3, 3], [32, 32]]


def test_no_text_gives_no_prediction(classifier):
    predictions = classifier.predict([])
    assert len(predictions) == 0
    assert predictions.probabilities.shape == (0, 2)
    assert predictions.truncated.shape == (0,)


def test_one_text_in_place_of_a_list(classifier):
    with pytest.raises(CourseError, match=r"One text came .*: write \[text\]"):
        classifier.predict("A joy.")


def test_several_threads_predict_what_one_does(classifier):
    expected = classifier.predict(TEXTS).logits
    found = [None] * 4

    def work(number):
        for _ in range(5):
            found[number] = classifier.predict(TEXTS).logits

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for logits in found:
        np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_bf16_is_close_to_fp32(run_dir, classifier):
    half = Classifier(run_dir, precision="bf16")
    assert half.model.dtype == torch.bfloat16
    logits = half.predict(TEXTS).logits
    assert logits.dtype == np.float32
    # bf16 keeps eight bits of a number near 1.
    np.testing.assert_allclose(logits, classifier.predict(TEXTS).logits, atol=0.02)


# --- Loading ------------------------------------------------------------------------


def test_max_length_is_that_of_the_training(run_dir, classifier, tiny_model_dir):
    assert classifier.max_length == 64  # in run.json
    assert Classifier(tiny_model_dir).max_length == 512  # BERT's positions
    assert Classifier(run_dir, max_length=10_000).max_length == 512
    assert Classifier(run_dir, max_length=7).max_length == 7


def test_max_length_is_at_most_what_the_tokenizer_says(copy):
    """RoBERTa has 514 positions and reads 512 tokens."""
    file = copy / "tokenizer_config.json"
    config = json.loads(file.read_text()) | {"model_max_length": 50}
    file.write_text(json.dumps(config))
    assert Classifier(copy).max_length == 50


def test_max_length_is_at_most_what_the_model_has_positions_for(copy):
    file = copy / "tokenizer_config.json"
    config = json.loads(file.read_text()) | {"model_max_length": 10**30}
    file.write_text(json.dumps(config))
    assert Classifier(copy, max_length=1000).max_length == 512


@pytest.mark.parametrize("max_length", [0, 2, -1, "64", 64.5])
def test_max_length_out_of_range(run_dir, max_length):
    with pytest.raises(CourseError, match="whole number of at least 3 is expected"):
        Classifier(run_dir, max_length=max_length)


def test_an_unknown_precision(run_dir):
    with pytest.raises(CourseError, match=r"Unknown precision 'fp16'. Did you mean"):
        Classifier(run_dir, precision="fp16")


def test_the_default_precision_is_the_faster_one(run_dir, monkeypatch):
    monkeypatch.setattr(inference.hardware, "precision", lambda: "bf16")
    assert Classifier(run_dir).model.dtype == torch.bfloat16


def test_a_model_that_diverged(copy):
    file = copy / "model.safetensors"
    weights = load_file(file)
    weights["classifier.bias"][0] = float("nan")
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(
        CourseError, match=r"gives no numbers .NaN.*lower learning_rate"
    ):
        Classifier(copy).predict(["a"])


def test_a_tokenizer_of_another_model(copy):
    file = copy / "tokenizer.json"
    tokenizer = json.loads(file.read_text())
    tokenizer["model"]["vocab"]["onemore"] = len(tokenizer["model"]["vocab"])
    file.write_text(json.dumps(tokenizer))
    with pytest.raises(CourseError, match="has 30,523 tokens, its model 30,522: they"):
        Classifier(copy)


def test_a_tokenizer_without_padding(copy, monkeypatch):
    tokenizer = Classifier(copy).tokenizer
    tokenizer.pad_token = None
    monkeypatch.setattr(inference.Run, "tokenizer", lambda run: tokenizer)
    with pytest.raises(CourseError, match="tokenizer of copy has no padding token"):
        Classifier(copy)
