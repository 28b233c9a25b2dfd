"""Run alone: pytest tests/course/finetuning/test_configuration.py."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peft import LoraConfig
from transformers import BertConfig, TrainingArguments

from course.errors import CourseError
from course.finetuning.configuration import PRESETS, FinetuningConfig, preset
from course.tasks import TASKS

FIELDS = [field.name for field in dataclasses.fields(FinetuningConfig)]
# Options that no library has a name for.
OWN = {"model", "method", "class_weights", "train_embeddings", "max_length"} | {
    "early_stopping_patience",  # of EarlyStoppingCallback
    "max_train_samples",
    "max_seconds",
    "first_stage",
}


@pytest.mark.parametrize("task", ["", *TASKS, "my.csv"])
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_in_range(name, task):
    config = preset(name, task)
    config.check()
    assert config.first_stage is None or config.first_stage in TASKS


def test_presets_cost_more_from_quick_to_best():
    for task in TASKS:
        epochs = [preset(name, task).num_train_epochs for name in PRESETS]
        assert epochs[1] <= epochs[2]
        assert preset("quick", task).max_train_samples <= 2000
        assert preset("default", task).max_train_samples is None


def test_a_change_wins_over_the_preset():
    assert preset("default", "spam", class_weights=None).class_weights is None
    assert preset("default", "spam").class_weights == "balanced"


@pytest.mark.parametrize("name", FIELDS)
def test_every_option_is_described(name):
    assert f"\n        {name}: " in FinetuningConfig.__doc__


@pytest.mark.parametrize("name", sorted(set(FIELDS) - OWN))
def test_options_have_the_names_of_the_libraries(name):
    names = {field.name for field in dataclasses.fields(TrainingArguments)}
    names |= {field.name for field in dataclasses.fields(LoraConfig)}
    names |= set(BertConfig().to_dict())
    assert name in names


def test_a_configuration_goes_through_json():
    config = preset("best", "sentiment", r=4)
    data = json.loads(json.dumps(dataclasses.asdict(config)))
    again = FinetuningConfig(**data)
    again.check()
    assert dataclasses.asdict(again) | {"target_modules": None} == (
        dataclasses.asdict(config) | {"target_modules": None}
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("learning_rate", 0, "learning_rate is 0; above 0 and below 1"),
        ("learning_rate", -1e-4, "learning_rate is -0.0001; above 0"),
        ("learning_rate", 1, "learning_rate is 1; above 0 and below 1"),
        ("learning_rate", float("nan"), "learning_rate is nan"),
        ("learning_rate", None, "learning_rate is None; a number is expected"),
        ("learning_rate", "1e-4", "learning_rate is '1e-4'; a number is expected"),
        ("learning_rate", True, "learning_rate is True; a number is expected"),
        ("num_train_epochs", 0, "num_train_epochs is 0; above 0"),
        ("num_train_epochs", float("inf"), "num_train_epochs is inf"),
        ("per_device_train_batch_size", 0, "is 0; at least 1"),
        ("per_device_train_batch_size", 2.5, "is 2.5; a whole number"),
        ("gradient_accumulation_steps", 0, "is 0; at least 1"),
        ("lr_scheduler_type", "linaer", "Did you mean 'linear'"),
        ("warmup_steps", -1, "warmup_steps is -1; at least 0"),
        ("weight_decay", -0.1, "weight_decay is -0.1; at least 0"),
        ("max_grad_norm", -1, "max_grad_norm is -1; at least 0"),
        ("hidden_dropout_prob", 1, "hidden_dropout_prob is 1; .* below 1"),
        ("attention_probs_dropout_prob", -0.1, "is -0.1; at least 0"),
        ("label_smoothing_factor", 1.0, "is 1.0; .* below 1"),
        ("class_weights", "balance", "Did you mean 'balanced'"),
        ("train_embeddings", "no", "'no'; true or false is expected"),
        ("train_embeddings", 1, "1; true or false is expected"),
        ("max_length", 2, "max_length is 2; at least 3"),
        ("max_length", 64.5, "max_length is 64.5; a whole number"),
        ("max_train_samples", 0, "max_train_samples is 0; at least 1"),
        ("early_stopping_patience", 0, "is 0; at least 1"),
        ("metric_for_best_model", "f1", "Unknown metric_for_best_model 'f1'"),
        ("max_seconds", 0, "max_seconds is 0; above 0"),
        ("seed", -1, "seed is -1; at least 0"),
        ("seed", 2**32, "seed is 4294967296; "),
        ("seed", 0.5, "seed is 0.5; a whole number"),
        ("r", 0, "r is 0; at least 1"),
        ("lora_alpha", 0, "lora_alpha is 0; at least 1"),
        ("lora_dropout", 1, "lora_dropout is 1; "),
        ("target_modules", "query", "'query'; a list of names is expected"),
        ("target_modules", [], r"\[\]; a list of names is expected"),
        ("target_modules", [1], r"\[1\]; a list of names is expected"),
        ("method", "lorra", "Unknown method 'lorra'. Did you mean 'lora'"),
        ("method", None, "method is None; a name is expected"),
        ("model", 5, "model is 5; a name is expected"),
        ("first_stage", 5, "first_stage is 5; a name is expected"),
        ("weight_decay", "x\ny" * 1000, "a number is expected"),
    ],
)
def test_a_value_out_of_range(name, value, message):
    with pytest.raises(CourseError, match=message) as raised:
        preset("default", "spam", **{name: value})
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.999),
        ("num_train_epochs", 1),
        ("num_train_epochs", 0.01),
        ("warmup_steps", 0),
        ("warmup_steps", 100),
        ("max_grad_norm", 0),
        ("max_length", 3),
        ("max_seconds", 5),
        ("seed", 2**32 - 1),
        ("class_weights", None),
        ("target_modules", ["query"]),
        ("first_stage", None),
        ("train_embeddings", True),
    ],
)
def test_a_value_at_the_edge_is_kept(name, value):
    assert getattr(preset("default", "spam", **{name: value}), name) == value


@given(
    st.sampled_from(FIELDS),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
)
def test_any_value_is_taken_or_refused_in_one_line(name, value):
    message = ""
    try:
        config = preset("default", "spam", **{name: value})
        assert getattr(config, name) == value
    except CourseError as error:
        message = str(error)
    assert message.isprintable()


def test_unknown_preset_and_option():
    with pytest.raises(CourseError, match=r"Unknown preset 'defualt'. Did you mean"):
        preset("defualt", "spam")
    with pytest.raises(CourseError, match=r"Unknown option 'lr'. .*learning_rate"):
        preset("default", "spam", lr=1e-4)
