"""Models that write. Alone: pytest tests/course/generation/test_local_models.py."""

import json
import shutil

import numpy as np
import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from course import assets, generation
from course.demo.writing import Settings, write
from course.errors import CourseError
from course.generation.local_models import is_writer, local_models, model_folder


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    return tmp_path


@pytest.fixture
def sister(runs):
    """A tiny model with random weights that reads SmolLM2's tokens."""
    config = AutoConfig.from_pretrained(assets.path("smollm2"))
    small = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1}
    config.update({**small, "num_attention_heads": 1, "num_key_value_heads": 1,
                   "head_dim": 8})  # fmt: skip
    torch.manual_seed(0)
    AutoModelForCausalLM.from_config(config).save_pretrained(runs / "sister")
    shutil.copy(assets.path("smollm2") / "tokenizer.json", runs / "sister")
    return runs / "sister"


def test_smollm2_is_always_there(runs):
    assert local_models() == ["smollm2"]
    assert model_folder("smollm2") == assets.path("smollm2")


def test_a_model_with_the_same_tokens_is_found_and_writes(sister):
    assert local_models() == ["smollm2", "sister"]
    model = generation.load_language_model("sister")
    assert generation.load_language_model("sister") is model
    assert generation.load_language_model() is not model
    logits = model.logits(generation.encode_prompt("A film"))
    assert logits.shape == (49_152,)
    assert np.isfinite(logits).all()
    *_, writing = write("A film", False, Settings(max_new_tokens=3), "sister")
    assert len(writing.steps) == 3


@pytest.mark.parametrize("what", ["tokens", "kind", "weights", "config", "tokenizer"])
def test_what_is_no_such_model_is_not_offered(sister, what):
    config = sister / "config.json"
    if what == "tokens":
        tokenizer = json.loads((sister / "tokenizer.json").read_text())
        tokenizer["model"]["merges"].pop()
        (sister / "tokenizer.json").write_text(json.dumps(tokenizer))
    elif what == "kind":
        config.write_text(config.read_text().replace("ForCausalLM", "ForTokens"))
    elif what == "weights":
        (sister / "model.safetensors").rename(sister / "pytorch_model.bin")
    elif what == "config":
        config.write_text("[1]")
    else:
        (sister / "tokenizer.json").unlink()
    assert not is_writer(sister)
    assert local_models() == ["smollm2"]


@pytest.mark.parametrize("name", ["../sister", "/etc", "nothing", "sister/../x", 7])
def test_only_names_are_taken(sister, name):
    with pytest.raises(CourseError, match="Unknown language model"):
        model_folder(name)
    with pytest.raises(CourseError, match="Unknown language model"):
        next(write("A film", False, Settings(), name))
