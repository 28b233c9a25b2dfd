"""Turn a GGUF file into a Hugging Face model folder, once.

A GGUF checkpoint holds weights in 4-bit blocks. transformers can read it, but it undoes
the packing tensor by tensor on every load, which takes seconds. Here that is done once:
the weights are rounded to bf16 and written as safetensors, which load by mapping the
file into memory. Left out: other quantised formats, and quantising anew.

Source: Gerganov et al., the GGUF specification of the ggml project.
"""

import contextlib
import errno
import io
import os
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer

from course.errors import disk_is_full

# What a converted folder must hold before its GGUF may go.
PRODUCTS = (
    "chat_template.jinja",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
)


def _convert_model(folder: Path, gguf_file: str) -> int:
    """Write config, generation config and weights; return the most tokens it reads."""
    packed = AutoModelForCausalLM.from_pretrained(folder, gguf_file=gguf_file)
    config = packed.config
    # The new weights are not packed. Were this left in, every load would believe they
    # are, and `save_pretrained` would refuse.
    del config.quantization_config
    # A model of its own, since one that was read from a GGUF refuses to be saved. Made
    # from the config, it ties its embeddings and ends its texts as the original does.
    model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    model.load_state_dict(packed.state_dict())
    model.save_pretrained(folder)
    return config.max_position_embeddings


def convert_gguf(folder: Path, gguf_file: str) -> None:
    """Convert a GGUF file to a bf16 model folder around it, then remove the GGUF.

    The tokenizer, its chat template and the generation config come along. Token ids are
    the same before and after; logits differ by the rounding to bf16 (8 significant
    bits).

    Args:
        folder: Holds the GGUF file and receives the model folder's files.
        gguf_file: The file's name in `folder`.

    Raises:
        OSError: The disk is full.
        FileNotFoundError: The GGUF holds no tokenizer, chat template or weights.
    """
    try:
        # Hides the readers' bars, for which there is no switch: the caller shows one
        # for the whole fetch.
        with contextlib.redirect_stderr(io.StringIO()):
            tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=gguf_file)
            tokenizer.model_max_length = _convert_model(folder, gguf_file)
            tokenizer.save_pretrained(folder)
    except SafetensorError as error:
        if not disk_is_full(error):
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
    for product in PRODUCTS:
        if not (folder / product).is_file():
            raise FileNotFoundError(f"{gguf_file} gave no {product}.")
    (folder / gguf_file).unlink()
