"""Run alone: pytest tests/course/runs/test_loading.py."""

import json
import shutil

import peft
import pytest
import torch
from safetensors.torch import load_file, save_file

from course.errors import CourseError
from course.runs.loading import load_adapter, load_base, load_whole

LABELS = ["negative", "positive"]
WEIGHTS = "model.safetensors"


@pytest.fixture
def copy(tmp_path, tiny_model_dir):
    """A copy of the tiny model, to be damaged."""
    return shutil.copytree(tiny_model_dir, tmp_path / "copy")


def change_weights(file, change):
    save_file(change(load_file(file)), file, metadata={"format": "pt"})


@pytest.fixture(scope="module")
def adapter(tmp_path_factory, tiny_model_dir):
    """A LoRA adapter of the tiny model whose matrices are not zero, and its outputs."""
    folder = tmp_path_factory.mktemp("adapter")
    config = peft.LoraConfig(
        task_type=peft.TaskType.SEQ_CLS, r=2, target_modules=["query", "value"]
    )
    model = peft.get_peft_model(load_base(str(tiny_model_dir), LABELS), config)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1)
    model.save_pretrained(folder)
    return folder, model.eval()(**INPUTS).logits.detach()


INPUTS = {"input_ids": torch.tensor([[101, 2204, 2143, 102]])}


def test_a_whole_model_gives_what_was_saved(tiny_model_dir):
    from transformers import BertForSequenceClassification

    expected = BertForSequenceClassification.from_pretrained(tiny_model_dir).eval()
    model = load_whole(tiny_model_dir, LABELS)
    assert not model.training
    assert torch.allclose(model(**INPUTS).logits, expected(**INPUTS).logits, atol=1e-6)


def test_a_half_precision_file_is_loaded_in_fp32(copy):
    change_weights(copy / WEIGHTS, lambda w: {k: v.bfloat16() for k, v in w.items()})
    model = load_whole(copy, LABELS)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_loading_says_nothing(tiny_model_dir, adapter, capfd, recwarn):
    load_whole(tiny_model_dir, LABELS)
    load_base(str(tiny_model_dir), ["a", "b", "c"])
    load_adapter(adapter[0], str(tiny_model_dir), LABELS)
    assert capfd.readouterr() == ("", "")
    assert not [str(warning.message) for warning in recwarn]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x80\x04K\x01.", b"half", b"whole"],
    ids=["empty", "pickle", "half", "almost whole"],
)
def test_a_truncated_or_foreign_weight_file_is_one_line(copy, content):
    data = (copy / WEIGHTS).read_bytes()
    cut = {b"half": data[: len(data) // 2], b"whole": data[:-1]}.get(content, content)
    (copy / WEIGHTS).write_bytes(cut)
    with pytest.raises(CourseError, match=r"cannot be loaded \(.*\): train it ag") as e:
        load_whole(copy, LABELS)
    assert str(e.value).isprintable()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda w: {"other": torch.zeros(3)}, r"bert\.embeddings.* and \d+ more"),
        (lambda w: {k: v for k, v in w.items() if "classi" not in k}, r"classifier\.b"),
        (lambda w: w | {"classifier.bias": torch.zeros(3)}, r"classifier\.bias"),
    ],
    ids=["another model", "without its head", "head of three"],
)
def test_no_part_of_a_model_is_made_up(copy, change, named):
    """transformers fills in random numbers and warns; predictions would be noise."""
    change_weights(copy / WEIGHTS, change)
    with pytest.raises(CourseError, match=f"do not hold a fitting {named}"):
        load_whole(copy, LABELS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{oops", "not a valid JSON"),
        ("[]", "cannot be loaded"),
        ('{"model_type": "nonsense"}', "does not recognize"),
        ('{"model_type": "gpt2"}', "do not hold a fitting"),
    ],
)
def test_a_damaged_or_foreign_configuration(copy, content, message):
    (copy / "config.json").write_text(content)
    with pytest.raises(CourseError, match=message) as raised:
        load_whole(copy, LABELS)
    assert str(raised.value).isprintable()


def test_as_many_labels_as_outputs(tiny_model_dir):
    with pytest.raises(CourseError, match="it has 2 outputs for 3 labels"):
        load_whole(tiny_model_dir, ["a", "b", "c"])


# --- Adapters -----------------------------------------------------------------------


def test_an_adapter_is_merged_without_changing_what_it_says(adapter, tiny_model_dir):
    folder, expected = adapter
    model = load_adapter(folder, str(tiny_model_dir), LABELS)
    assert not model.training
    assert not any("lora" in name for name, _ in model.named_parameters())
    # Merging adds the matrices in another order: fp32 rounds differently.
    assert torch.allclose(model(**INPUTS).logits, expected, atol=1e-5)


@pytest.mark.parametrize("missing", ["lora_B", "classifier"])
def test_no_part_of_an_adapter_is_made_up(adapter, tiny_model_dir, tmp_path, missing):
    folder = shutil.copytree(adapter[0], tmp_path / "bad")
    change_weights(
        folder / "adapter_model.safetensors",
        lambda w: {k: v for k, v in w.items() if missing not in k},
    )
    with pytest.raises(CourseError, match=rf"cannot be loaded \(.*{missing}"):
        load_adapter(folder, str(tiny_model_dir), LABELS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("adapter_model.safetensors", "half"),
        ("adapter_config.json", "{oops"),
        ("adapter_config.json", "[]"),
        ("adapter_config.json", "{}"),
    ],
)
def test_a_damaged_adapter_is_one_line(
    adapter, tiny_model_dir, tmp_path, name, content
):
    folder = shutil.copytree(adapter[0], tmp_path / "bad")
    (folder / name).write_text(content)
    with pytest.raises(CourseError, match=r"The adapter in .* cannot be loaded") as e:
        load_adapter(folder, str(tiny_model_dir), LABELS)
    assert str(e.value).isprintable()


# --- Base models --------------------------------------------------------------------


def test_a_base_gets_a_new_head_and_keeps_its_encoder(tiny_model_dir):
    labels = ["a", "b", "c"]
    base = load_base(str(tiny_model_dir), labels, hidden_dropout_prob=0.3)
    saved = load_file(tiny_model_dir / WEIGHTS)
    name = "bert.encoder.layer.1.output.dense.weight"
    assert torch.equal(base.state_dict()[name], saved[name])
    assert base.config.id2label == dict(enumerate(labels))
    assert base.config.label2id == {"a": 0, "b": 1, "c": 2}
    assert base.classifier.out_features == 3
    assert base.config.hidden_dropout_prob == 0.3


def test_a_base_needs_neither_head_nor_pooler(copy):
    change_weights(
        copy / WEIGHTS,
        lambda w: {k: v for k, v in w.items() if "encoder" in k or "embeddings" in k},
    )
    assert load_base(str(copy), LABELS).classifier.out_features == 2


def test_no_part_of_an_encoder_is_made_up(copy):
    change_weights(
        copy / WEIGHTS, lambda w: {k: v for k, v in w.items() if "layer.1" not in k}
    )
    with pytest.raises(
        CourseError, match=r"do not hold a fitting bert\.encoder\.layer"
    ):
        load_base(str(copy), LABELS)


def test_a_damaged_base_is_one_line(copy):
    (copy / WEIGHTS).write_bytes(b"half")
    with pytest.raises(CourseError, match=r"The base model .* cannot be loaded"):
        load_base(str(copy), LABELS)


@pytest.mark.parametrize("name", ["minilmm", "hub:someone/model"])
def test_an_unknown_base(name):
    with pytest.raises(CourseError, match=r"Did you mean 'minilm'|COURSE_ONLINE=1"):
        load_base(name, LABELS)


def test_code_in_a_model_folder_is_not_run(copy):
    config = json.loads((copy / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.OwnConfig"}}
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "own.py").write_text(f"open({str(copy / 'ran')!r}, 'w')")
    with pytest.raises(CourseError, match="cannot be loaded"):
        load_whole(copy, LABELS)
    assert not (copy / "ran").exists()
