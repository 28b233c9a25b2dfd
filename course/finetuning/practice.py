"""A classifier so small that its parameters can be counted by hand, to practise on.

`tiny_classifier` has the parts of a real one: a table of token vectors, layers, a head.
`trainable_names` says which of its parameters would train. Left out: attention, and
everything else that makes it useful.
"""

import torch


class TinyClassifier(torch.nn.Module):
    """Token vectors, layers, their mean, a head.

    Args:
        num_layers: Layers between the table and the head, from 1.
        size: Numbers in a vector.
        num_labels: Outputs.
        vocab_size: Rows of the table.

    Attributes:
        embeddings: The table, `vocab_size` times `size` parameters.
        layers: Each has `size` times `size` weights and `size` biases.
        head: It has `size` times `num_labels` weights and `num_labels` biases.
    """

    def __init__(
        self, num_layers: int = 3, size: int = 4, num_labels: int = 2, vocab_size=10
    ) -> None:
        """Draw all weights."""
        super().__init__()
        self.embeddings = torch.nn.Embedding(vocab_size, size)
        self.layers = torch.nn.ModuleList(
            torch.nn.Linear(size, size) for _ in range(num_layers)
        )
        self.head = torch.nn.Linear(size, num_labels)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (n, num_labels) for ids of shape (n, length)."""
        hidden = self.embeddings(ids)
        for layer in self.layers:
            hidden = torch.nn.functional.gelu(layer(hidden))
        return self.head(hidden.mean(1))


def tiny_classifier(
    num_layers: int = 3, size: int = 4, num_labels: int = 2
) -> TinyClassifier:
    """Return a new tiny classifier, all of which trains.

    Args:
        num_layers: From 1.
        size: Numbers in a vector.
        num_labels: Outputs.

    Example:
        >>> sum(p.numel() for p in tiny_classifier().parameters())  # 40 + 3*20 + 10
        110
    """
    return TinyClassifier(num_layers, size, num_labels)


def trainable_names(model: torch.nn.Module) -> list[str]:
    """Return the names of the parameters that would train, in the model's order.

    Args:
        model: Any module.

    Example:
        >>> trainable_names(tiny_classifier(1).requires_grad_(False))
        []
    """
    return [name for name, p in model.named_parameters() if p.requires_grad]
