"""Shapley and Owen values. Alone: pytest tests/course/explanation/test_shapley.py."""

import itertools

import numpy as np
import pytest
import shap

from course.errors import CourseError
from course.explanation.shapley import (
    EXACT_PLAYERS,
    exact_values,
    owen_values,
    word_tree,
)

SENTENCE = ["It ", "is ", "long", ", ", "but ", "(", "never", ") ", "dull", "."]


def random_game(players, seed=0):
    """A game without any structure: every choice of players has its own output."""
    outputs = np.random.default_rng(seed).normal(size=2**players)
    return lambda seen: outputs[np.asarray(seen) @ (1 << np.arange(players))]


def brute_force(game, players):
    """Shapley's definition: the mean gain over all orders of arrival."""
    values = np.zeros(players)
    orders = list(itertools.permutations(range(players)))
    for order in orders:
        seen = np.zeros((1, players), dtype=bool)
        for player in order:
            before = game(seen)[0]
            seen[0, player] = True
            values[player] += game(seen)[0] - before
    return values / len(orders)


def counted(game):
    rows = []

    def count(seen):
        rows.append(len(seen))
        return game(seen)

    return count, rows


def partition_explainer(game, tree, max_evals):
    """shap's own, on masks that are handed through."""

    class Masker:
        clustering = tree
        shape = (1, len(tree) + 1)

        def __call__(self, mask, _):
            return (mask[None, :],)

    state = np.random.get_state()
    explainer = shap.explainers.PartitionExplainer(game, Masker())
    result = explainer(
        np.ones((1, len(tree) + 1)), max_evals=max_evals, batch_size=128, silent=True
    )
    np.random.set_state(state)
    return result.values[0]


def test_exact_values_of_the_glove_game():
    """Shapley's textbook case: player 0 owns a left glove, 1 and 2 a right one each."""
    game = lambda seen: (seen[:, 0] & (seen[:, 1] | seen[:, 2])) * 1.0  # noqa: E731
    np.testing.assert_allclose(exact_values(game, 3).values, [2 / 3, 1 / 6, 1 / 6])


@pytest.mark.parametrize("players", [1, 2, 3, 6])
def test_exact_values_equal_brute_force(players):
    game = random_game(players)
    found = exact_values(game, players)
    np.testing.assert_allclose(found.values, brute_force(game, players), atol=1e-10)
    assert found.base_value + found.values.sum() == pytest.approx(found.output)
    assert found.complete


def test_exact_values_of_nobody():
    found = exact_values(lambda seen: np.full(len(seen), 3.0), 0)
    assert (found.values.shape, found.base_value, found.output) == ((0,), 3.0, 3.0)


def test_exact_values_of_too_many_players_are_refused():
    with pytest.raises(CourseError, match=r"13 words or tokens.*'partition'"):
        exact_values(random_game(2), EXACT_PLAYERS + 1)


def test_owen_values_of_an_additive_game_are_its_weights():
    weights = np.random.default_rng(1).normal(size=10)
    additive = lambda seen: seen @ weights + 0.5  # noqa: E731
    found = owen_values(additive, word_tree(SENTENCE))
    np.testing.assert_allclose(found.values, weights, atol=1e-12)
    np.testing.assert_allclose(exact_values(additive, 10).values, weights, atol=1e-12)
    assert found.base_value == 0.5
    assert found.complete


def test_owen_values_worked_by_hand():
    """Players 0 and 1 are a branch; the game is worth 1 with player 0 and player 2.

    The branch and player 2 share 1 equally. Inside the branch player 0 takes all.
    """
    tree = np.array([[0, 1, 1, 2], [3, 2, 2, 3]], dtype=float)
    game = lambda seen: (seen[:, 0] & seen[:, 2]) * 1.0  # noqa: E731
    np.testing.assert_allclose(owen_values(game, tree).values, [0.5, 0, 0.5])


@pytest.mark.parametrize("max_evals", [40, 60, 500])
def test_owen_values_equal_shap_s(max_evals):
    game, tree = random_game(10, seed=3), word_tree(SENTENCE)
    found = owen_values(game, tree, max_evals)
    reference = partition_explainer(game, tree, max_evals)
    np.testing.assert_allclose(found.values, reference, atol=1e-10)
    assert found.complete == (max_evals == 500)


@pytest.mark.parametrize("max_evals", [4, 5, 17, 500])
def test_owen_values_keep_to_the_budget_and_add_up(max_evals):
    game, rows = counted(random_game(10))
    found = owen_values(game, word_tree(SENTENCE), max_evals)
    assert sum(rows) <= max_evals
    assert found.base_value + found.values.sum() == pytest.approx(found.output)
    assert ("max_evals" in found.note) == (max_evals < 500)


def test_budget_named_in_the_note_suffices_and_one_less_does_not():
    game, tree = random_game(10), word_tree(SENTENCE)
    needed = int(owen_values(game, tree, 4).note.split("max_evals=")[1].split(",")[0])
    counting, rows = counted(game)
    assert owen_values(counting, tree, needed).complete
    assert sum(rows) == needed
    assert not owen_values(game, tree, needed - 1).complete


def test_unopened_branches_share_evenly():
    weights = np.arange(10.0)
    found = owen_values(lambda seen: seen @ weights, word_tree(SENTENCE), 4)
    assert len(set(found.values.round(9))) == 2  # the two halves of the root
    assert found.values.sum() == pytest.approx(45)


def test_word_tree_joins_every_word_once():
    tree = word_tree(SENTENCE)
    assert tree.shape == (9, 4)
    children = sorted(tree[:, :2].ravel().tolist())
    assert children == list(range(18))
    assert tree[-1, 3] == 10


def test_word_tree_gives_shap_s_values_for_whole_texts(tiny_model_dir):
    """shap also has players for the special tokens, which its masker never hides."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_model_dir)
    text = "It is long, but never dull."
    shap_tree = shap.maskers.Text(tokenizer).clustering(text)
    inner = random_game(8, seed=5)
    reference = partition_explainer(lambda seen: inner(seen[:, 1:-1]), shap_tree, 5000)
    players = ["It ", "is ", "long", ", ", "but ", "never ", "dull", "."]
    found = owen_values(inner, word_tree(players), 5000)
    np.testing.assert_allclose(found.values, reference[1:-1], atol=1e-10)
    np.testing.assert_allclose(reference[[0, -1]], 0, atol=1e-10)


def test_two_words_make_the_smallest_tree():
    assert word_tree(["a ", "b"])[:, [0, 1, 3]].tolist() == [[0, 1, 2]]
