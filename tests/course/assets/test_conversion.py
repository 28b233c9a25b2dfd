"""A GGUF becomes a model folder. Alone: pytest tests/course/assets/test_conversion.py.

That the conversion loses nothing but bf16's rounding is shown on a GGUF made here, of
two layers in the same 4-bit blocks as SmolLM2's; then the real, converted SmolLM2 is
asked for what is known of it.
"""

import contextlib
import errno
import io
import json
import shutil
import time

import gguf
import pytest
import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer

from course import assets
from course.assets import conversion

GGUF = "tiny.gguf"
SPECIAL = ["<unk>", "<s>", "</s>"]
VOCABULARY = [*SPECIAL, *"abcdefgh", "ab", "abc", "Ġa", "Ġ"]
MERGES = ["a b", "ab c", "Ġ a"]
TEMPLATE = "{% for message in messages %}<s>{{ message['content'] }}</s>{% endfor %}"
TEXTS = ["abc a ab", "", " a  a", "<s>abh</s>", "hgfedcba" * 20]
HIDDEN, HEADS, FEED_FORWARD, LAYERS = 64, 4, 96, 2
SHAPES = {
    "attn_q": (HIDDEN, HIDDEN),
    "attn_k": (HIDDEN // 2, HIDDEN),
    "attn_v": (HIDDEN // 2, HIDDEN),
    "attn_output": (HIDDEN, HIDDEN),
    "ffn_gate": (FEED_FORWARD, HIDDEN),
    "ffn_up": (FEED_FORWARD, HIDDEN),
    "ffn_down": (HIDDEN, FEED_FORWARD),
}


def describe(writer: gguf.GGUFWriter) -> None:
    """Write the sizes of the model and its tokenizer."""
    writer.add_context_length(128)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS // 2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(len(VOCABULARY))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(VOCABULARY)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_token_types([control if t in SPECIAL else normal for t in VOCABULARY])
    writer.add_token_merges(MERGES)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_chat_template(TEMPLATE)


def add_weights(writer: gguf.GGUFWriter) -> None:
    """Write seeded weights: matrices in 4-bit blocks, norms as they are."""
    generator = torch.Generator().manual_seed(0)
    packed = gguf.GGMLQuantizationType.Q4_1

    def add(name: str, *shape: int) -> None:
        values = (torch.randn(*shape, generator=generator) * 0.3).numpy()
        writer.add_tensor(name, gguf.quantize(values, packed), raw_dtype=packed)

    ones = torch.ones(HIDDEN).numpy()
    add("token_embd.weight", len(VOCABULARY), HIDDEN)
    writer.add_tensor("output_norm.weight", ones)
    for i in range(LAYERS):
        writer.add_tensor(f"blk.{i}.attn_norm.weight", ones)
        writer.add_tensor(f"blk.{i}.ffn_norm.weight", ones)
        for name, shape in SHAPES.items():
            add(f"blk.{i}.{name}.weight", *shape)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A folder that holds a small GGUF and nothing else."""
    folder = tmp_path_factory.mktemp("original")
    writer = gguf.GGUFWriter(folder / GGUF, "llama")
    describe(writer)
    add_weights(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return folder


@pytest.fixture(scope="module")
def converted(original, tmp_path_factory):
    """The same folder after its conversion."""
    folder = tmp_path_factory.mktemp("converted")
    shutil.copy(original / GGUF, folder)
    conversion.convert_gguf(folder, GGUF)
    return folder


def load(folder, **options):
    return AutoModelForCausalLM.from_pretrained(folder, **options).eval()


# --- A small GGUF before and after --------------------------------------------------


def test_folder_holds_a_model_and_no_gguf(converted):
    assert {path.name for path in converted.iterdir()} == set(conversion.PRODUCTS)


def test_token_ids_and_chat_template_are_the_same(original, converted):
    before = AutoTokenizer.from_pretrained(original, gguf_file=GGUF)
    after = AutoTokenizer.from_pretrained(converted)
    assert before("abc a").input_ids == [12, 13]  # the merges were read: "abc", "Ġa"
    for text in TEXTS:
        assert after(text).input_ids == before(text).input_ids
    assert after.chat_template == before.chat_template == TEMPLATE
    assert after.special_tokens_map == before.special_tokens_map


def test_weights_are_the_originals_rounded_to_bf16(original, converted):
    before = load(original, gguf_file=GGUF).state_dict()
    after = load(converted, dtype=torch.bfloat16).state_dict()
    assert after.keys() == before.keys()
    for name, tensor in after.items():
        assert torch.equal(tensor, before[name].to(torch.bfloat16)), name


def test_logits_agree_within_the_rounding(original, converted):
    """Computed in fp32, so only the weights differ, each by at most 1 part in 256."""
    input_ids = torch.tensor([[3, 12, 13, 5, 9]])
    with torch.no_grad():
        before = load(original, gguf_file=GGUF)(input_ids).logits
        after = load(converted, dtype=torch.float32)(input_ids).logits
    assert (before - after).abs().max() < 0.05 * before.std()
    assert torch.equal(before.argmax(-1), after.argmax(-1))


def test_embeddings_stay_tied(converted):
    model = load(converted)
    embeddings = model.get_input_embeddings().weight
    assert model.get_output_embeddings().weight is embeddings


def test_generation_config_is_the_same(original, converted):
    before = load(original, gguf_file=GGUF).generation_config
    after = load(converted).generation_config
    assert (after.eos_token_id, after.pad_token_id) == (2, 2)
    assert after.to_diff_dict() == before.to_diff_dict()


def test_loaded_model_can_be_saved_again(converted, tmp_path):
    """What was read from a GGUF refuses this; adapters and fine-tuning need it."""
    load(converted).save_pretrained(tmp_path)
    assert (tmp_path / "model.safetensors").exists()
    config = json.loads((converted / "config.json").read_text())
    assert "quantization_config" not in config
    assert config["dtype"] == "bfloat16"


def test_tokenizer_knows_the_longest_input(converted):
    assert AutoTokenizer.from_pretrained(converted).model_max_length == 128


# --- When it goes wrong -------------------------------------------------------------


@pytest.fixture
def copy(original, tmp_path):
    shutil.copy(original / GGUF, tmp_path)
    return tmp_path


def test_conversion_draws_no_bar_of_its_own(copy):
    with contextlib.redirect_stderr(io.StringIO()) as shown:
        conversion.convert_gguf(copy, GGUF)
    assert "%" not in shown.getvalue()


def test_full_disk_is_an_error_of_the_disk(copy, monkeypatch):
    def refuse(*_):
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(conversion, "_convert_model", refuse)
    with pytest.raises(OSError, match="No space left") as error:
        conversion.convert_gguf(copy, GGUF)
    assert error.value.errno == errno.ENOSPC
    assert (copy / GGUF).exists()


def test_other_errors_of_the_writer_pass(copy, monkeypatch):
    def refuse(*_):
        raise SafetensorError("invalid header")

    monkeypatch.setattr(conversion, "_convert_model", refuse)
    with pytest.raises(SafetensorError, match="invalid header"):
        conversion.convert_gguf(copy, GGUF)


def test_gguf_stays_until_everything_is_there(copy, monkeypatch):
    monkeypatch.setattr(conversion, "PRODUCTS", ("absent.json",))
    with pytest.raises(FileNotFoundError, match=r"tiny\.gguf gave no absent\.json"):
        conversion.convert_gguf(copy, GGUF)
    assert (copy / GGUF).exists()


# --- The real SmolLM2 ---------------------------------------------------------------


@pytest.fixture(scope="module")
def smollm2():
    folder = assets.path("smollm2")
    return load(folder, dtype=torch.bfloat16), AutoTokenizer.from_pretrained(folder)


def test_smollm2_has_its_published_size(smollm2):
    model, tokenizer = smollm2
    assert model.num_parameters() == 134_515_008
    assert len(tokenizer) == 49_152
    assert tokenizer.model_max_length == 8192


def test_smollm2_splits_digits_and_knows_its_roles(smollm2):
    """Ids that the GGUF's own tokenizer gave."""
    _, tokenizer = smollm2
    assert tokenizer("Hello world 12").input_ids == [19556, 905, 216, 33, 34]
    chat = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hi"}], tokenize=False, add_generation_prompt=True
    )
    assert chat.endswith("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")


def test_smollm2_knows_a_capital(smollm2):
    model, tokenizer = smollm2
    text = "The capital of France is Paris, and the capital of Germany is"
    with torch.no_grad():
        logits = model(**tokenizer(text, return_tensors="pt")).logits
    assert tokenizer.decode(logits[0, -1].argmax()) == " Berlin"


def test_smollm2_loads_fast(smollm2):
    """0.05 s on one core of 2024; from the GGUF it took ten. A second is for CI."""
    folder = assets.path("smollm2")
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        load(folder, dtype=torch.bfloat16)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 1
