"""A small random classifier whose output depends on every word, to test explanations.

With the usual, tiny initial weights the output hardly moves when a word is masked, and
a wrong explanation would look like a right one.
"""

from pathlib import Path

import torch
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from course import assets


def save_vivid_model(
    folder: Path, labels: tuple[str, ...] = ("negative", "positive")
) -> Path:
    """Save a seeded two-layer classifier with MiniLM's tokenizer; return its folder."""
    tokenizer = AutoTokenizer.from_pretrained(assets.path("minilm"))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.3,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = BertForSequenceClassification(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
