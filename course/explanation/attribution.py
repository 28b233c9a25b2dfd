"""Two explanations that are not Shapley values: LIME and integrated gradients.

LIME hides words at random and fits a linear model to what the classifier then says,
near the whole text (Ribeiro, Singh and Guestrin 2016, "Why Should I Trust You?").
Integrated gradients follow the gradient on the straight way from a text of
masks to the text (Sundararajan, Taly and Yan 2017, "Axiomatic Attribution for Deep
Networks"). captum computes both. They see the same masks as the others, so all
can be compared. Left out: LIME's choice of a few words by lasso, because here every
word gets a value.
"""

import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

# The module that captum's own documentation takes interpretable models from.
from captum._utils.models.linear_model import SkLearnLinearRegression
from captum.attr import IntegratedGradients, LimeBase

from course.explanation.masked_model import MaskedModel, output_of
from course.explanation.shapley import Attribution, Game
from course.inference import Classifier

KERNEL_WIDTH = 0.25  # in cosine distance; the reference implementation's for text
TOLERANCE = 0.01  # of the integral, in the units of the output
_STEPS = (16, 32, 64, 128, 256, 512)  # tried in turn until the tolerance is met
_ROWS_IN_BATCH = 32  # gradients keep every layer's results in memory


def lime_values(
    game: Game, number_of_players: int, n_samples: int = 500, seed: int = 0
) -> Attribution:
    """Fit a weighted linear model to the outputs for randomly masked texts.

    A sample hides a random number of players; it weighs exp(-d^2 / width^2) with d its
    cosine distance to the whole text. The intercept is the base value. Nothing makes
    base value and values add up to the output exactly; `note` tells the fit's R^2.

    Args:
        game: The model as a function of who is seen.
        number_of_players: n, at least 1.
        n_samples: Texts to try, equal ones counted each time.
        seed: Of the random choices.

    Returns:
        The attribution. It is complete if the samples tell all players apart, so that
        the linear model is the only best one.
    """
    everybody = torch.ones(1, number_of_players)
    samples: list[np.ndarray] = []
    outputs: list[np.ndarray] = []

    def forward(presence: torch.Tensor) -> torch.Tensor:
        samples.append(presence.numpy())
        outputs.append(game(presence.numpy().astype(bool)))
        return torch.from_numpy(outputs[-1])

    def perturb(whole: torch.Tensor, **_: Any) -> Iterator[torch.Tensor]:
        yield whole
        generator = np.random.default_rng(seed)
        while True:
            sample = torch.ones_like(whole)
            hidden = generator.integers(1, number_of_players + 1)
            sample[0, generator.permutation(number_of_players)[:hidden]] = 0
            yield sample

    surrogate = SkLearnLinearRegression()
    lime = LimeBase(
        forward,
        interpretable_model=surrogate,
        similarity_func=lambda whole, sample, _, **__: _similarity(sample),
        perturb_func=perturb,
        perturb_interpretable_space=True,
        from_interp_rep_transform=lambda sample, *_, **__: sample,
        to_interp_rep_transform=None,
    )
    with torch.random.fork_rng(devices=[]):  # captum's data loader would draw from it
        values = lime.attribute(
            everybody, n_samples=n_samples, perturbations_per_eval=128
        )
    values, intercept = values.numpy().ravel().astype(float), surrogate.bias().item()
    seen, said = np.vstack(samples), np.concatenate(outputs)
    fit = _r_squared(seen, said, intercept + seen @ values)
    rank = np.linalg.matrix_rank(np.hstack([seen, np.ones((len(seen), 1))]))
    return Attribution(
        values=values,
        base_value=intercept,
        output=float(said[0]),  # the first sample is the whole text
        complete=bool(rank == number_of_players + 1),
        note=f"a linear model of {n_samples:,} masked texts with R² = {fit:.2f}",
    )


def _similarity(presence: torch.Tensor) -> torch.Tensor:
    """Weight of masked texts, shape (n,): near 1 if little is hidden, else near 0."""
    # The cosine between a 0/1 row and the row of ones is the root of the share of ones.
    distance = 1 - presence.mean(dim=1).sqrt()
    return torch.exp(-((distance / KERNEL_WIDTH) ** 2))


def _r_squared(seen: np.ndarray, said: np.ndarray, fitted: np.ndarray) -> float:
    """Share of the weighted variance of the outputs that the linear model explains."""
    weight = _similarity(torch.from_numpy(seen)).numpy()
    mean = np.average(said, weights=weight)
    total = np.average((said - mean) ** 2, weights=weight)
    left = np.average((said - fitted) ** 2, weights=weight)
    return float(1 - left / total) if total > 1e-12 else 1.0


def integrated_gradients(model: MaskedModel, max_steps: int = 500) -> Attribution:
    """Integrate the gradient of the output along the way from a fully masked text.

    The steps are doubled until the values add up to the difference of the outputs
    within `TOLERANCE`. A player's value is the sum over the numbers of its tokens'
    embeddings. It is done in fp32, in which small gradients are not rounded away.

    Args:
        model: The masked text and its classifier; counts the rows as evaluations.
        max_steps: Most steps of one integration.

    Returns:
        The attribution. It is complete if the tolerance was met.
    """
    network = _in_fp32(model.classifier)
    # The model is called with embeddings instead of being hooked at its embedding
    # layer: the values are the same, and other threads may go on using the model.
    embed = network.get_input_embeddings()
    count = len(model.text.players)
    ids = model.text.rows([[True] * count, [False] * count])
    with torch.no_grad():
        whole, masked = embed(torch.from_numpy(ids).to(network.device)).split(1)

    def forward(embeddings: torch.Tensor) -> torch.Tensor:
        model.count(len(embeddings))
        logits = network(inputs_embeds=embeddings).logits
        return output_of(logits, model.target, model.output)

    with torch.no_grad():
        output, base_value = forward(torch.cat([whole, masked])).tolist()
    engine = IntegratedGradients(forward)
    # A gradient takes about three times as long as a prediction.
    rows = min(_ROWS_IN_BATCH, -(-model.rows_in_batch(ids.shape[1]) // 3))
    for steps in [steps for steps in _STEPS if steps <= max_steps] or [max_steps]:
        by_number = engine.attribute(
            whole, masked, n_steps=steps, internal_batch_size=rows
        )
        by_token = by_number[0].sum(dim=-1).double().cpu().numpy()  # (length,)
        delta = abs(by_token.sum() - (output - base_value))
        if delta <= TOLERANCE:
            break
    player = model.text.player_of_token
    values = np.bincount(player[player >= 0], by_token[player >= 0], minlength=count)
    note = f"{steps} steps; the values miss the output by {delta:.3f}"
    return Attribution(values, base_value, output, bool(delta <= TOLERANCE), note)


# An fp32 copy per classifier, gone with it.
_copies: "weakref.WeakKeyDictionary[Classifier, Any]" = weakref.WeakKeyDictionary()


def _in_fp32(classifier: Classifier) -> Any:
    """The classifier's model as it was saved, without gradients for its weights."""
    if classifier not in _copies:
        network = classifier.run.model().to(classifier.model.device)
        _copies[classifier] = network.requires_grad_(False)
    return _copies[classifier]
