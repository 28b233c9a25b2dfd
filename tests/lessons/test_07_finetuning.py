"""What lesson 07 says in words is so. Alone: pytest tests/lessons.

A number that a cell prints needs no test; these are the sentences that round or compare
what cells print, and facts that no cell shows. Outdated calls are run here, each in the
way in which the lesson says that it fails.
"""

import inspect

import numpy as np
import pytest
import torch
import transformers
from transformers import AutoTokenizer, Trainer, TrainingArguments

from course import assets, entities, hardware, inference
from course.data import class_weights, load_task
from course.evaluation.comparison import paired_comparison
from course.evaluation.spans import evaluate_spans
from course.finetuning import label_budgets, pooled, training, yes_no


@pytest.fixture(scope="module")
def model():
    return pooled.PooledClassifier().eval()


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(assets.path("minilm"))


@pytest.fixture(scope="module")
def accuracy():
    rows = label_budgets.recorded()
    return {(row.method, row.labels): row.accuracy for row in rows}


def count(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# --- Layers ---------------------------------------------------------------------------


def test_shares_of_parameters(model):
    total = sum(p.numel() for p in model.parameters())
    assert total == pytest.approx(22.6e6, rel=0.01)
    pooled.choose_trainable(model, "last")
    assert count(model) / total == pytest.approx(1 / 6, abs=0.02)  # a sixth
    pooled.choose_trainable(model, "full")
    assert count(model) < total
    layer = sum(p.numel() for p in model.encoder.encoder.layer[0].parameters())
    assert layer / total == pytest.approx(1 / 13, abs=0.003)  # a thirteenth
    table = model.encoder.get_input_embeddings().weight.numel()
    assert 0.45 < table / total < 0.55  # half
    pooled.choose_trainable(model, "random")
    assert count(model) == total


def test_padding_changes_nothing_with_the_mask(model, tokenizer):
    text = "A joy from start to finish."
    alone = tokenizer(text, return_tensors="pt")
    length = alone["input_ids"].shape[1]
    padded = tokenizer(
        text, padding="max_length", max_length=length + 100, return_tensors="pt"
    )
    with torch.inference_mode():
        right = model.encoder(**alone).last_hidden_state[0]
        hidden = model.encoder(**padded).last_hidden_state[0]
    cosine = torch.nn.functional.cosine_similarity
    assert cosine(right.mean(0), hidden[:length].mean(0), dim=0) > 0.999
    assert cosine(right.mean(0), hidden.mean(0), dim=0) < 0.95


# --- The recorded curves --------------------------------------------------------------


def test_few_labels_favour_the_frozen_encoder(accuracy):
    few = {m: accuracy[m, 50].value for m in label_budgets.METHODS}
    assert max(few, key=few.get) == "frozen"
    (frozen,) = (
        row
        for row in label_budgets.recorded()
        if (row.method, row.labels) == ("frozen", 50)
    )
    low, high = frozen.spread
    assert len(frozen.correct) == 10  # ten sets
    assert 0.08 < high - low < 0.095  # nine points


def test_more_labels_favour_all_layers(accuracy):
    for labels in (500, 5000):
        others = [accuracy[m, labels].high for m in ("tfidf", "frozen", "random")]
        assert accuracy["full", labels].low > max(others)
    assert accuracy["full", 500].low > accuracy["tfidf", 5000].value


def test_random_weights_stay_behind_words(accuracy):
    for labels in (500, 5000):
        assert accuracy["random", labels].value < accuracy["tfidf", labels].value
    seconds = {r.method: r.seconds for r in label_budgets.recorded() if r.labels > 500}
    assert seconds["random"] > 40 * seconds["tfidf"]
    assert seconds["full"] > 40 * seconds["tfidf"]


def test_domain():
    domain = label_budgets.recorded_transfer("domain")
    assert len(domain) == 4
    assert domain["tfidf, sentences"].low > domain["tfidf, reviews"].high
    gain = (
        domain["full, sentences, then reviews"].value - domain["full, sentences"].value
    )
    assert 0.02 < gain < 0.06  # a few points
    assert domain["full, sentences"].high > domain["full, sentences, then reviews"].low


def test_sentences_fall_to_chance():
    kept = label_budgets.recorded_transfer("forgetting")
    learned = label_budgets.recorded_transfer("spam")
    assert round(100 * kept["before"].value) == 83
    for rate in map(str, label_budgets.RATES):
        assert kept[rate].low < 0.5 < kept[rate].high + 0.02
        assert learned[rate].value > 0.97  # almost perfectly
    assert label_budgets.SPAM / 16 == 30  # thirty steps
    steps = label_budgets.POOL / 16
    assert 290 < steps < 320  # undid three hundred


# --- Outdated calls -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "evaluation_strategy",
        "no_cuda",
        "overwrite_output_dir",
        "logging_dir",
        "warmup_ratio",
        "per_gpu_train_batch_size",
    ],
)
def test_argument_is_no_longer_known(name):
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
        TrainingArguments(output_dir="unused", **{name: 1})


@pytest.mark.parametrize(
    "name",
    ["eval_strategy", "use_cpu", "warmup_steps", "per_device_train_batch_size"],
)
def test_argument_is_known_today(name):
    assert name in inspect.signature(TrainingArguments).parameters


def test_best_model_needs_equal_strategies():
    with pytest.raises(ValueError, match="save and eval strategy to match"):
        TrainingArguments(
            output_dir="unused",
            load_best_model_at_end=True,
            eval_strategy="epoch",
            save_strategy="steps",
        )


def test_trainer_takes_a_processing_class(model, tokenizer):
    with pytest.raises(TypeError, match="unexpected keyword argument 'tokenizer'"):
        Trainer(model=model, tokenizer=tokenizer)
    assert "processing_class" in inspect.signature(Trainer).parameters


def test_other_loud_calls(model, tokenizer, tmp_path):
    arguments = TrainingArguments(output_dir=str(tmp_path), use_cpu=True)
    with pytest.raises(ValueError, match="requires a train_dataset"):
        Trainer(model=model, args=arguments).train()
    with pytest.raises(AttributeError, match="encode_plus"):
        tokenizer.encode_plus("text")
    with pytest.raises(KeyError, match="question-answering"):
        transformers.pipeline("question-answering")
    with pytest.raises(SyntaxError):
        compile("print(“good”)", "pasted", "exec")
    compile('print("good")', "mended", "exec")


def test_two_calls_are_quiet_and_ignored(model, tokenizer):
    batch = tokenizer(["A joy.", "A much longer text."], padding=True)
    batch = {name: torch.tensor(rows) for name, rows in batch.items()}
    ids, mask = batch["input_ids"], batch["attention_mask"]
    with torch.inference_mode():
        right = model.encoder(ids, attention_mask=mask).last_hidden_state
        headless = model.encoder(
            ids, attention_mask=mask, head_mask=torch.zeros(6, 12)
        ).last_hidden_state
        misspelt = model.encoder(ids, atention_mask=mask).last_hidden_state
    assert torch.equal(right, headless)
    assert not torch.allclose(right[0, :3], misspelt[0, :3], atol=1e-3)


def test_no_gpt_three_among_the_model_types():
    kinds = {k.replace("-", "").replace("_", "") for k in transformers.CONFIG_MAPPING}
    assert "gpt2" in kinds
    assert "gpt3" not in kinds


# --- Spam, names, questions -----------------------------------------------------------


def test_share_of_spam():
    labels = np.array(load_task("spam", seed=0)["test"]["label"])
    assert 1 / 9 < labels.mean() < 1 / 7  # one in eight
    assert 0.86 < 1 - labels.mean() < 0.88  # "always ham" is right for 87 of 100
    assert 50 < labels[:500].sum() < 70  # some sixty


def test_words_miss_half_of_the_spam_and_weighted_a_quarter():
    from course.finetuning.baselines import tfidf_model

    spam = load_task("spam", seed=0)
    train = spam["train"].select(range(480))
    test = spam["test"].select(range(500))
    truth = np.array(test["label"])
    for weighing, missed in ((None, 0.5), ("balanced", 0.25)):
        model = tfidf_model().set_params(logisticregression__class_weight=weighing)
        model.fit(list(train["text"]), list(train["label"]))
        said = model.predict(list(test["text"]))
        recall = (said & truth).sum() / truth.sum()
        assert 1 - recall == pytest.approx(missed, abs=0.07)


def recall_of_spam(tokenizer, folder, weights):
    spam = load_task("spam", seed=0)
    rows = {}
    for split, size in (("train", 480), ("test", 500)):
        part = spam[split].select(range(size))
        ids, _ = inference.encode(tokenizer, list(part["text"]), 64)
        pairs = zip(ids, part["label"], strict=True)
        rows[split] = [{"input_ids": row, "labels": label} for row, label in pairs]
    transformers.set_seed(0)
    arguments = TrainingArguments(
        output_dir=folder, num_train_epochs=1, per_device_train_batch_size=16,
        learning_rate=1e-4, warmup_steps=0.1, lr_scheduler_type="linear", seed=0,
        save_strategy="no", report_to="none", use_cpu=True, disable_tqdm=True,
        bf16=hardware.precision() == "bf16",
    )  # fmt: skip
    trainer = Trainer(
        model=transformers.AutoModelForSequenceClassification.from_pretrained(
            assets.path("minilm"), num_labels=2, dtype=torch.float32
        ),
        args=arguments,
        train_dataset=rows["train"],
        data_collator=training.Collator(tokenizer.pad_token_id),
        compute_loss_func=training.ClassificationLoss(torch.tensor(weights)),
    )
    training.quiet(trainer)
    trainer.train()
    said = trainer.predict(rows["test"]).predictions.argmax(-1)
    truth = np.array([row["labels"] for row in rows["test"]])
    return (said & truth).sum() / truth.sum(), (said & ~truth & 1).sum()


def test_weights_make_minilm_find_spam(tokenizer, tmp_path):
    learned = load_task("spam", seed=0)["train"].select(range(480))["label"]
    weights = class_weights(list(learned), 2).tolist()
    without, _ = recall_of_spam(tokenizer, str(tmp_path), [1.0, 1.0])
    with_them, false_alarms = recall_of_spam(tokenizer, str(tmp_path), weights)
    assert without < 0.3  # calls nearly everything ham
    assert with_them > 0.8  # finds most
    assert false_alarms > 0  # pays


def test_training_questions_about_articles_of_the_test():
    learned_from, test = yes_no.load_pairs()
    every, _ = yes_no.load_pairs(new_articles=False)
    assert len(learned_from) == 6795
    assert 0.25 < 1 - len(learned_from) / len(every) < 0.3  # more than a quarter
    assert 100 * np.mean([pair.yes for pair in test]) == pytest.approx(62, abs=0.5)


def test_questions_are_whole_and_passages_cut(tokenizer):
    _, test = yes_no.load_pairs()
    for pair in test[:2]:
        cut = {"truncation": "only_second", "max_length": 24}
        coded = tokenizer(pair.question, pair.passage, **cut)
        question = tokenizer(pair.question)["input_ids"]
        assert coded["input_ids"][: len(question)] == question
        assert len(coded["input_ids"]) == 24
        assert coded["token_type_ids"] == [0] * len(question) + [1] * (
            24 - len(question)
        )


def test_passage_counts():
    right = yes_no.recorded()

    def better(a, b):
        return paired_comparison(right[a], right[b], names=(a, b)).better

    for other in set(yes_no.METHODS) - {"pair"}:
        assert better("pair", other) == "pair"
    assert 0.31 < 1 - right["pair"].mean() < 0.35  # one answer in three
    assert better("question only", "always yes") is None  # nothing that shows
    assert better("wrong passage", "always yes") == "always yes"  # below "yes"


def test_sizes_of_the_sample_of_names():
    train, test = entities.load_entities()
    assert (len(train), len(test)) == (136, 90)
    tags = [tag for sentence in test for tag in sentence.tags]
    assert 0.7 < np.mean([tag == "O" for tag in tags]) < 0.75
    always_o = [["O"] * len(s.words) for s in test]
    scores = evaluate_spans(always_o, [s.tags for s in test], n_resamples=10)
    assert scores.overall["strict"]["f1"].value == 0


def test_layer_three_knows_more_names_than_the_last(model, tokenizer):
    from sklearn.linear_model import LogisticRegression

    def vectors(sentences):
        found = []
        for sentence in sentences:
            encoding = tokenizer(
                list(sentence.words), is_split_into_words=True, return_tensors="pt"
            )
            with torch.inference_mode():
                states = model.encoder(**encoding, output_hidden_states=True)
            first = entities.first_tokens(encoding)
            found.append([states.hidden_states[k][0][first].numpy() for k in (3, 6)])
        return found

    train, test = entities.load_entities()
    tags = [tag for sentence in train for tag in sentence.tags]
    learned, measured = vectors(train), vectors(test)
    scores = []
    for layer in (0, 1):
        head = LogisticRegression(max_iter=500)
        head.fit(np.concatenate([pair[layer] for pair in learned]), tags)
        answers = [head.predict(pair[layer]).tolist() for pair in measured]
        spans = evaluate_spans(answers, [s.tags for s in test], n_resamples=100)
        scores.append(spans.overall)
    assert scores[0]["strict"]["f1"].value > scores[1]["strict"]["f1"].value + 0.08
    for score in scores:
        assert score["partial"]["f1"].value > score["strict"]["f1"].value + 0.15
        assert score["strict"]["f1"].value > 0.35  # the dictionary's is below 0.3
