"""Cases of lesson 09, with the wrong answers that they must catch."""

import math
from itertools import combinations

import numpy as np
import pytest

# Log-odds of "positive" for the groups of not (0), bad (1), film (2), rounded.
FILM = {
    frozenset(): 0.0,
    frozenset({0}): -2.4,
    frozenset({1}): -5.0,
    frozenset({2}): 0.0,
    frozenset({0, 1}): 3.8,
    frozenset({0, 2}): -2.2,
    frozenset({1, 2}): -5.2,
    frozenset({0, 1, 2}): 4.0,
}


def game_of(worth):
    """A game as a function: any collection of players to a number."""
    return lambda seen: worth[frozenset(seen)]


def random_game(rng, n):
    """A number for every group of n players, also for the empty one."""
    groups = [g for size in range(n + 1) for g in combinations(range(n), size)]
    return {frozenset(group): rng.uniform(-5, 5) for group in groups}


def adding(values, base=0.0):
    """A game in which every player adds a fixed number."""
    return lambda seen: base + sum(values[player] for player in set(seen))


def as_list(answer):
    """A list for a list, a tuple, an array or a tensor of ids; else what came."""
    if hasattr(answer, "tolist"):
        return answer.tolist()
    return list(answer) if isinstance(answer, tuple) else answer


# Exercise 09.1: hide words
@pytest.mark.exercise(
    "09.1",
    hint=(
        "A token whose word is in `seen` keeps its id; the other words get the mask.",
        "`word in seen` tells whether a word is shown.",
    ),
)
def test_one_word_is_hidden(student):
    """The word that is not seen gets the mask."""
    ids = student.mask_tokens([101, 7, 8, 102], [-1, 0, 1, -1], {0}, 103)
    assert as_list(ids) == [101, 7, 103, 102]


@pytest.mark.exercise(
    "09.1",
    hint=(
        "A word of several tokens is hidden in all of them, with as many masks: a "
        "shorter text would move the words behind it.",
        "Go over the tokens, not over the words; one id comes out for each.",
    ),
)
def test_word_of_three_tokens(student):
    """Every token of a hidden word becomes a mask."""
    ids = student.mask_tokens([5, 6, 7, 8], [0, 0, 0, 1], {1}, 1)
    assert as_list(ids) == [1, 1, 1, 8]


@pytest.mark.exercise(
    "09.1",
    hint=(
        "Word -1 stands for special tokens such as [CLS]: the model needs them, "
        "whatever is hidden."
    ),
)
def test_special_tokens_stay(student):
    """With nothing seen the special tokens are still there."""
    ids = student.mask_tokens([101, 7, 102], [-1, 0, -1], set(), 103)
    assert as_list(ids) == [101, 103, 102]


@pytest.mark.hidden
@pytest.mark.exercise("09.1", hint="With all words seen the text is what it was.")
def test_everything_seen(student):
    """With every word seen nothing changes."""
    ids = [101, 7, 8, 102]
    got = student.mask_tokens(ids, [-1, 0, 1, -1], {0, 1}, 103)
    assert as_list(got) == [101, 7, 8, 102]


@pytest.mark.hidden
@pytest.mark.exercise("09.1", points=2, hint="Try words of several tokens.")
def test_random_groups(student, reference, rng):
    """Any text, any group."""
    for _ in range(10):
        word_of = [-1]
        for word in range(6):
            word_of += [word] * rng.randint(1, 3)
        word_of.append(-1)
        ids = [rng.randint(200, 900) for _ in word_of]
        seen = {word for word in range(6) if rng.random() < 0.5}
        expected = reference.mask_tokens(ids, word_of, seen, 103)
        got = student.mask_tokens(ids, word_of, seen, 103)
        assert as_list(got) == expected


@pytest.mark.wrong_answer(
    "09.1",
    fails=["test_one_word_is_hidden", "test_word_of_three_tokens"]
    + ["test_special_tokens_stay", "test_random_groups"],
    hint="the other words get the mask",
)
def takes_the_tokens_out():
    """A hidden word is taken out of the text."""

    def mask_tokens(input_ids, word_of_token, seen, mask_id):
        pairs = zip(input_ids, word_of_token, strict=True)
        return [token for token, word in pairs if word == -1 or word in seen]


@pytest.mark.wrong_answer(
    "09.1",
    fails=["test_one_word_is_hidden", "test_special_tokens_stay"]
    + ["test_everything_seen", "test_random_groups"],
    hint="the other words get the mask",
)
def masks_special_tokens():
    """Whatever is not in the group is hidden."""

    def mask_tokens(input_ids, word_of_token, seen, mask_id):
        pairs = zip(input_ids, word_of_token, strict=True)
        return [token if word in seen else mask_id for token, word in pairs]


@pytest.mark.wrong_answer(
    "09.1",
    fails=["test_word_of_three_tokens", "test_random_groups"],
    hint="hidden in all of them",
)
def masks_the_first_token():
    """A word is hidden by one mask at its beginning."""

    def mask_tokens(input_ids, word_of_token, seen, mask_id):
        ids, before = list(input_ids), -1
        for place, word in enumerate(word_of_token):
            if word not in (-1, before) and word not in seen:
                ids[place] = mask_id
            before = word
        return ids


@pytest.mark.wrong_answer(
    "09.1",
    fails=["test_one_word_is_hidden", "test_word_of_three_tokens"]
    + ["test_special_tokens_stay", "test_everything_seen", "test_random_groups"],
    hint="keeps its id",
)
def hides_what_is_seen():
    """The group says which words to hide."""

    def mask_tokens(input_ids, word_of_token, seen, mask_id):
        pairs = zip(input_ids, word_of_token, strict=True)
        return [mask_id if word in seen else token for token, word in pairs]


# Exercise 09.2: exact Shapley values
@pytest.mark.exercise(
    "09.2",
    hint=(
        "A value is a gain at arrival, f(with the player) - f(without), averaged over "
        "all orders, not in one place only.",
        "for order in permutations(range(n)): let the players arrive one by one. Or by "
        "the formula: the weights of all groups for one player add up to 1.",
    ),
)
def test_film_by_hand(student):
    """Not, bad and film: the mean gains of the six orders."""
    values = student.shapley_exact(game_of(FILM), 3)
    expected = [20.2 / 6, 3.4 / 6, 0.4 / 6]
    assert values == pytest.approx(expected, abs=1e-4)


@pytest.mark.exercise(
    "09.2",
    hint=(
        "Efficiency: the values add up to f(all) - f(nobody), and f(nobody) need not "
        "be 0.",
        "Only differences of f are credited to anybody.",
    ),
)
def test_values_add_up(student):
    """With 10 for nobody, 11 and 12 alone, 17 together, the values add up to 7."""
    worth = {frozenset(): 10.0, frozenset({0}): 11.0}
    worth |= {frozenset({1}): 12.0, frozenset({0, 1}): 17.0}
    values = student.shapley_exact(game_of(worth), 2)
    assert sum(values) == pytest.approx(7.0)


@pytest.mark.exercise(
    "09.2",
    hint=(
        "Symmetry: two players who only achieve something together share it, whatever "
        "the order in which you number them.",
        "One order is not enough: average over all of them.",
    ),
)
def test_partners_share_alike(student):
    """Of what only both achieve, 1, each gets half."""
    values = student.shapley_exact(lambda seen: float(set(seen) == {0, 1}), 2)
    assert values == pytest.approx([0.5, 0.5])


@pytest.mark.exercise(
    "09.2",
    hint=(
        "Groups of different sizes do not weigh the same: of three players, each of "
        "the two orders with the player first counts for the empty group.",
        "The weight of a group S is |S|! (n - 1 - |S|)! / n!.",
    ),
)
def test_three_must_meet(student):
    """Of what only all three achieve, 6, each gets a third."""
    values = student.shapley_exact(lambda seen: 6.0 * (len(set(seen)) == 3), 3)
    assert values == pytest.approx([2.0, 2.0, 2.0])


@pytest.mark.hidden
@pytest.mark.exercise("09.2", hint="Who never changes anything gets 0.")
def test_dummy_gets_nothing(student):
    """A player without influence gets 0, and one player gets all."""
    values = student.shapley_exact(adding([3.0, 0.0, -1.0], base=2.0), 3)
    assert values == pytest.approx([3.0, 0.0, -1.0])
    assert student.shapley_exact(adding([4.0], base=1.0), 1) == pytest.approx([4.0])


@pytest.mark.hidden
@pytest.mark.exercise("09.2", points=2, hint="Check the four axioms on small games.")
def test_random_games(student, reference, rng):
    """Any game of up to five players."""
    for n in (2, 3, 4, 5):
        worth = random_game(rng, n)
        expected = reference.shapley_exact(game_of(worth), n)
        assert student.shapley_exact(game_of(worth), n) == pytest.approx(expected)


@pytest.mark.wrong_answer(
    "09.2",
    fails=["test_film_by_hand", "test_three_must_meet", "test_random_games"],
    hint="averaged over all orders",
)
def weighs_all_groups_alike():
    """The mean gain over all groups is the mean over all orders."""

    def shapley_exact(f, n):
        values = []
        for player in range(n):
            others = [other for other in range(n) if other != player]
            gains = []
            for code in range(2 ** (n - 1)):
                group = {o for place, o in enumerate(others) if code >> place & 1}
                gains.append(f(group | {player}) - f(group))
            values.append(sum(gains) / len(gains))
        return values


@pytest.mark.wrong_answer(
    "09.2",
    fails=["test_film_by_hand", "test_values_add_up", "test_partners_share_alike"]
    + ["test_three_must_meet", "test_random_games"],
    hint="not in one place only",
)
def leaves_one_out():
    """A word's value is what is lost without it."""

    def shapley_exact(f, n):
        everybody = set(range(n))
        return [f(everybody) - f(everybody - {player}) for player in range(n)]


@pytest.mark.wrong_answer(
    "09.2",
    fails=["test_film_by_hand", "test_partners_share_alike"]
    + ["test_three_must_meet", "test_random_games"],
    hint="averaged over all orders",
)
def takes_the_reading_order():
    """Words arrive in the order in which they are read."""

    def shapley_exact(f, n):
        return [f(set(range(i + 1))) - f(set(range(i))) for i in range(n)]


@pytest.mark.wrong_answer(
    "09.2",
    fails=["test_values_add_up", "test_dummy_gets_nothing", "test_random_games"],
    hint="f(nobody) need not be 0",
)
def takes_nobody_for_zero():
    """With no word seen the output is 0."""

    def shapley_exact(f, n):
        values = [0.0] * n
        for order in permutations(range(n)):
            seen, before = set(), 0.0
            for player in order:
                seen.add(player)
                after = f(set(seen))
                values[player] += (after - before) / factorial(n)
                before = after
        return values


@pytest.mark.wrong_answer(
    "09.2",
    fails=["test_film_by_hand", "test_values_add_up", "test_partners_share_alike"]
    + ["test_three_must_meet", "test_dummy_gets_nothing", "test_random_games"],
    hint="averaged over all orders",
)
def adds_without_dividing():
    """The gains of all orders are added up."""

    def shapley_exact(f, n):
        values = [0.0] * n
        for order in permutations(range(n)):
            seen = set()
            for player in order:
                before = f(set(seen))
                seen.add(player)
                values[player] += f(set(seen)) - before
        return values


# Exercise 09.3: sampled Shapley values
@pytest.mark.exercise(
    "09.3",
    hint=(
        "In one order everybody arrives once, and is credited with the change at its "
        "arrival, since the arrival before; the mean over the orders is the estimate.",
        "values[player] += (after - before) / num_orders; then `after` is the next "
        "player's `before`.",
    ),
)
def test_players_that_add_up(student):
    """If players just add 1, -2 and 4 to 5 for nobody, every order gives the same."""
    values = student.shapley_sampled(adding([1.0, -2.0, 4.0], base=5.0), 3, 7, 0)
    assert values == pytest.approx([1.0, -2.0, 4.0])


@pytest.mark.exercise(
    "09.3",
    hint=(
        "Draw a new order each time: a generator made inside the loop from the same "
        "seed gives the same order again and again.",
        "generator = np.random.default_rng(seed) stands above the loop.",
    ),
)
def test_orders_differ(student):
    """With 200 orders each gets about half of what only both achieve, 1."""
    both = lambda seen: float(set(seen) == {0, 1})  # noqa: E731
    values = student.shapley_sampled(both, 2, 200, 3)
    # A mean of 200 draws of 0 or 1: four standard errors are 0.14.
    assert values == pytest.approx([0.5, 0.5], abs=0.15)


@pytest.mark.exercise(
    "09.3",
    hint=(
        "The output before an arrival is that after the last one: keep it instead of "
        "asking again.",
        "One call for the empty group, then one per arrival.",
    ),
)
def test_number_of_calls(student):
    """280 orders of six players take at most 1,960 calls."""
    calls = []

    def f(seen):
        calls.append(1)
        return float(len(seen))

    student.shapley_sampled(f, 6, 280, 0)
    assert len(calls) <= 1960, f"{len(calls)} calls of f"


@pytest.mark.hidden
@pytest.mark.exercise("09.3", hint="In every order the credits add up.")
def test_every_order_is_efficient(student, rng):
    """With any number of orders the values add up exactly."""
    worth = random_game(rng, 4)
    for orders in (1, 3, 10):
        values = student.shapley_sampled(game_of(worth), 4, orders, rng.randint(0, 99))
        expected = worth[frozenset(range(4))] - worth[frozenset()]
        assert sum(values) == pytest.approx(expected)


@pytest.mark.hidden
@pytest.mark.exercise(
    "09.3", points=2, hint="Compare with the exact values of small games."
)
def test_near_the_exact_values(student, reference, rng):
    """350 orders come near the exact values of any game."""
    worth = random_game(rng, 4)
    values = student.shapley_sampled(game_of(worth), 4, 350, rng.randint(0, 999))
    exact = reference.shapley_exact(game_of(worth), 4)
    # A gain is between -10 and 10, its deviation below 6: five standard errors.
    assert values == pytest.approx(exact, abs=5 * 6 / math.sqrt(350))


@pytest.mark.hidden
@pytest.mark.exercise("09.3", hint="The seed decides, and nothing else does.")
def test_seed_decides(student, rng):
    """The same seed gives the same values; another one others."""
    worth = random_game(rng, 5)
    first, again, other = (
        student.shapley_sampled(game_of(worth), 5, 3, seed) for seed in (1, 1, 2)
    )
    assert first == pytest.approx(again)
    assert other != pytest.approx(first), "another seed was expected to change values"


@pytest.mark.wrong_answer(
    "09.3",
    fails=["test_orders_differ", "test_near_the_exact_values"],
    hint="a generator made inside the loop",
)
def seeds_in_the_loop():
    """To be reproducible, every draw begins with the seed."""

    def shapley_sampled(f, n, num_orders, seed):
        values, empty = [0.0] * n, f(set())
        for _ in range(num_orders):
            generator = np.random.default_rng(seed)
            seen, before = set(), empty
            for player in generator.permutation(n).tolist():
                seen.add(player)
                after = f(set(seen))
                values[player] += (after - before) / num_orders
                before = after
        return values


@pytest.mark.wrong_answer(
    "09.3",
    fails=["test_number_of_calls"],
    hint="keep it instead of asking again",
)
def asks_twice():
    """Each gain needs two calls."""

    def shapley_sampled(f, n, num_orders, seed):
        generator, values = np.random.default_rng(seed), [0.0] * n
        for _ in range(num_orders):
            seen = set()
            for player in generator.permutation(n).tolist():
                before = f(set(seen))
                seen.add(player)
                values[player] += (f(set(seen)) - before) / num_orders
        return values


@pytest.mark.wrong_answer(
    "09.3",
    fails=["test_players_that_add_up", "test_orders_differ"]
    + ["test_every_order_is_efficient", "test_near_the_exact_values"],
    hint="the mean over the orders",
)
def forgets_the_mean():
    """The gains of the orders are added up."""

    def shapley_sampled(f, n, num_orders, seed):
        generator = np.random.default_rng(seed)
        values, empty = [0.0] * n, f(set())
        for _ in range(num_orders):
            seen, before = set(), empty
            for player in generator.permutation(n).tolist():
                seen.add(player)
                after = f(set(seen))
                values[player] += after - before
                before = after
        return values


@pytest.mark.wrong_answer(
    "09.3",
    fails=["test_players_that_add_up", "test_every_order_is_efficient"],
    hint="the change at its arrival",
)
def begins_with_zero():
    """Before the first arrival the output is 0."""

    def shapley_sampled(f, n, num_orders, seed):
        generator, values = np.random.default_rng(seed), [0.0] * n
        for _ in range(num_orders):
            seen, before = set(), 0.0
            for player in generator.permutation(n).tolist():
                seen.add(player)
                after = f(set(seen))
                values[player] += (after - before) / num_orders
                before = after
        return values


# Exercise 09.4: LIME's fit
def all_masks(n):
    """Every row of n zeros and ones, shape (2^n, n), as floats."""
    return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(float)


@pytest.mark.exercise(
    "09.4",
    hint=(
        "A line is found again whatever the weights, if both sides of each equation "
        "are weighted. And it need not be 0 where nothing is seen: give it an "
        "intercept, a column of ones beside the masks.",
        "np.hstack([np.ones((len(masks), 1)), masks]); its coefficient comes first.",
    ),
)
def test_known_weights(student):
    """A linear f, 0.5 + a - 2 b + 3 c, is found again, intercept and all."""
    f = lambda masks: 0.5 + masks @ np.array([1.0, -2.0, 3.0])  # noqa: E731
    intercept, weights = student.lime_local(f, all_masks(3), 0.25)
    assert float(intercept) == pytest.approx(0.5, abs=1e-4)
    assert weights == pytest.approx([1.0, -2.0, 3.0], abs=1e-4)


@pytest.mark.exercise(
    "09.4",
    hint=(
        "Rows near the whole text weigh most: with a small width the line must pass "
        "through the whole text.",
        "The row of ones has distance 0 and weight 1; exp(-d^2 / width^2) falls from "
        "there.",
    ),
)
def test_near_texts_count_most(student):
    """If f is 1 for the whole text, else 0, a narrow line passes through this 1."""
    together = lambda masks: masks.prod(axis=1)  # noqa: E731
    intercept, weights = student.lime_local(together, all_masks(4), 0.05)
    assert float(intercept + sum(weights)) == pytest.approx(1.0, abs=0.01)


@pytest.mark.exercise(
    "09.4",
    hint=(
        "The distance is 1 - sqrt(share of ones), and the root of the weight stands on "
        "both sides of each equation: with the weight itself it would count twice.",
        "lstsq(design * root[:, None], outputs * root) with root = sqrt(weight).",
    ),
)
def test_how_much_near_counts(student):
    """If f is 1 for both words, else 0, rows are weighted as the kernel says."""
    together = lambda masks: masks.prod(axis=1)  # noqa: E731
    intercept, weights = student.lime_local(together, all_masks(2), 0.5)
    assert weights == pytest.approx([0.9588, 0.9588], abs=1e-3)
    assert float(intercept) == pytest.approx(-0.9346, abs=1e-3)


@pytest.mark.hidden
@pytest.mark.exercise("09.4", hint="A constant has weights of 0.")
def test_constant(student):
    """A constant output is all intercept."""
    intercept, weights = student.lime_local(
        lambda masks: np.full(len(masks), 2.0), all_masks(3), 0.25
    )
    assert [intercept, *weights] == pytest.approx([2.0, 0.0, 0.0, 0.0], abs=1e-4)


@pytest.mark.hidden
@pytest.mark.exercise("09.4", points=2, hint="Compare with the formula row by row.")
def test_random_models(student, reference, rng):
    """Any model, any masks."""
    for _ in range(4):
        generator = np.random.default_rng(rng.randint(0, 9999))
        masks = (generator.random((60, 5)) < 0.7).astype(float)
        first, second = generator.normal(size=(2, 5))
        f = lambda masks, a=first, b=second: np.tanh(masks @ a) + (masks @ b) ** 2  # noqa: E731
        width = rng.uniform(0.2, 0.6)
        expected = reference.lime_local(f, masks, width)
        intercept, weights = student.lime_local(f, masks, width)
        got = [intercept, *weights]
        assert got == pytest.approx([expected[0], *expected[1]], rel=1e-3, abs=1e-4)


@pytest.mark.wrong_answer(
    "09.4",
    fails=["test_known_weights", "test_how_much_near_counts", "test_constant"]
    + ["test_random_models"],
    hint="it need not be 0 where nothing is seen",
)
def has_no_intercept():
    """With no word seen the output is 0."""

    def lime_local(f, masks, width):
        outputs = np.asarray(f(masks), dtype=float)
        root = np.exp(-(((1 - np.sqrt(masks.mean(axis=1))) / width) ** 2) / 2)
        found = np.linalg.lstsq(masks * root[:, None], outputs * root, rcond=None)[0]
        return 0.0, found.tolist()


@pytest.mark.wrong_answer(
    "09.4",
    fails=["test_known_weights", "test_constant", "test_random_models"],
    hint="if both sides of each equation",
)
def weighs_one_side():
    """The rows are weighted, and the outputs are left as they are."""

    def lime_local(f, masks, width):
        root = np.exp(-(((1 - np.sqrt(masks.mean(axis=1))) / width) ** 2) / 2)
        design = np.hstack([np.ones((len(masks), 1)), masks])
        found = np.linalg.lstsq(design * root[:, None], f(masks), rcond=None)[0]
        return float(found[0]), found[1:].tolist()


@pytest.mark.wrong_answer(
    "09.4",
    fails=["test_near_texts_count_most", "test_how_much_near_counts"]
    + ["test_random_models"],
    hint="Rows near the whole text weigh most",
)
def weighs_all_rows_alike():
    """All masked texts say as much."""

    def lime_local(f, masks, width):
        design = np.hstack([np.ones((len(masks), 1)), masks])
        found = np.linalg.lstsq(design, np.asarray(f(masks)), rcond=None)[0]
        return float(found[0]), found[1:].tolist()


@pytest.mark.wrong_answer(
    "09.4",
    fails=["test_how_much_near_counts", "test_random_models"],
    hint="it would count twice",
)
def takes_the_weight_for_its_root():
    """Rows are multiplied by their weight."""

    def lime_local(f, masks, width):
        outputs = np.asarray(f(masks), dtype=float)
        weight = np.exp(-(((1 - np.sqrt(masks.mean(axis=1))) / width) ** 2))
        design = np.hstack([np.ones((len(masks), 1)), masks])
        found = np.linalg.lstsq(design * weight[:, None], outputs * weight, rcond=None)[
            0
        ]
        return float(found[0]), found[1:].tolist()


@pytest.mark.wrong_answer(
    "09.4",
    fails=["test_how_much_near_counts", "test_random_models"],
    hint="The distance is 1 - sqrt(share of ones)",
)
def takes_the_share_hidden():
    """The distance is the share of the words that are hidden."""

    def lime_local(f, masks, width):
        outputs = np.asarray(f(masks), dtype=float)
        root = np.exp(-(((1 - masks.mean(axis=1)) / width) ** 2) / 2)
        design = np.hstack([np.ones((len(masks), 1)), masks])
        found = np.linalg.lstsq(design * root[:, None], outputs * root, rcond=None)[0]
        return float(found[0]), found[1:].tolist()


# Exercise 09.5: partial dependence
@pytest.mark.exercise(
    "09.5",
    hint=(
        "The value stands in the column, in every row, in place of what was there.",
        "changed = X.copy(); changed[:, column] = value",
    ),
)
def test_column_is_set(student):
    """With f the sum of both columns, each value of the grid is put into all rows."""
    X = np.array([[0.0, 1.0], [0.0, 3.0]])
    means = student.pdp(lambda X: X[:, 0] + X[:, 1], X, 0, [0.0, 5.0])
    assert means == pytest.approx([2.0, 7.0])


@pytest.mark.exercise(
    "09.5",
    hint=(
        "All rows take part, not only those that have the value already: theirs may "
        "differ from the others in more than this.",
    ),
)
def test_all_rows_take_part(student):
    """With f the sum of both columns, rows with other values take part too."""
    X = np.array([[0.0, 10.0], [1.0, 20.0], [1.0, 30.0]])
    means = student.pdp(lambda X: X[:, 1] + X[:, 0], X, 0, [0.0, 1.0])
    assert means == pytest.approx([20.0, 21.0])


@pytest.mark.exercise(
    "09.5",
    hint=(
        "The mean of the outputs is not the output of the mean row: predict every row, "
        "then average.",
    ),
)
def test_mean_of_outputs(student):
    """With f the first column plus the square of the second, outputs are averaged."""
    X = np.array([[0.0, -2.0], [0.0, 2.0]])
    means = student.pdp(lambda X: X[:, 0] + X[:, 1] ** 2, X, 0, [1.0])
    assert means == pytest.approx([5.0])


@pytest.mark.hidden
@pytest.mark.exercise("09.5", hint="The grid may hold values that no row has.")
def test_grid_of_other_values(student):
    """The grid decides, in its order, also with values that no row has."""
    X = np.zeros((3, 1))
    assert student.pdp(lambda X: X[:, 0], X, 0, [9.0, -1.0]) == pytest.approx([9, -1])
    assert student.pdp(lambda X: X[:, 0], X, 0, []) == pytest.approx([])


@pytest.mark.hidden
@pytest.mark.exercise("09.5", points=2, hint="Try every column of a larger array.")
def test_random_dependence(student, reference, rng):
    """Any model, any column."""
    generator = np.random.default_rng(rng.randint(0, 9999))
    X = generator.normal(size=(12, 4))
    f = lambda X: np.tanh(X[:, 0] * X[:, 1]) + X[:, 2] ** 2 * X[:, 3]  # noqa: E731
    for column in range(4):
        grid = [rng.uniform(-2, 2) for _ in range(3)]
        expected = reference.pdp(f, X, column, grid)
        assert student.pdp(f, X, column, grid) == pytest.approx(expected)


@pytest.mark.wrong_answer(
    "09.5",
    fails=["test_mean_of_outputs", "test_random_dependence"],
    hint="not the output of the mean row",
)
def averages_the_rows():
    """The average row stands for all rows."""

    def pdp(f, X, column, grid):
        means = []
        for value in grid:
            row = X.mean(axis=0, keepdims=True)
            row[:, column] = value
            means.append(float(f(row)[0]))
        return means


@pytest.mark.wrong_answer(
    "09.5",
    fails=["test_column_is_set", "test_all_rows_take_part", "test_mean_of_outputs"]
    + ["test_grid_of_other_values", "test_random_dependence"],
    hint="in every row, in place of what was there",
)
def takes_rows_with_the_value():
    """The dependence is the mean of the rows that have the value."""

    def pdp(f, X, column, grid):
        means = []
        for value in grid:
            rows = X[X[:, column] == value]
            means.append(float(np.mean(f(rows))) if len(rows) else 0.0)
        return means


@pytest.mark.wrong_answer(
    "09.5",
    fails=["test_all_rows_take_part", "test_random_dependence"],
    hint="All rows take part",
)
def adds_the_value():
    """The value is added to what is there."""

    def pdp(f, X, column, grid):
        means = []
        for value in grid:
            changed = X.copy()
            changed[:, column] += value
            means.append(float(np.mean(f(changed))))
        return means


@pytest.mark.wrong_answer(
    "09.5",
    fails=["test_column_is_set", "test_all_rows_take_part", "test_mean_of_outputs"]
    + ["test_grid_of_other_values", "test_random_dependence"],
    hint="The value stands in the column",
)
def sets_a_row():
    """The first index of an array is the column."""

    def pdp(f, X, column, grid):
        means = []
        for value in grid:
            changed = X.copy()
            changed[column] = value
            means.append(float(np.mean(f(changed))))
        return means


# Exercise 09.6: find the shortcut
LABELS = [1, 1, 1, 0, 0, 0]


def messages(rng, n, shortcut, strength):
    """Random messages with a true sign, "asap", and a word with a given strength."""
    texts, labels = [], []
    for number in range(n):
        label = number % 2
        words = [rng.choice(["please", "router", "invoice", "parcel"])]
        words += ["asap"] * (rng.random() < (0.85 if label else 0.15))
        words += [shortcut] * (rng.random() < (strength if label else 1 - strength))
        words += ["thanks", "thanks"] * (rng.random() < 0.5)
        rng.shuffle(words)
        texts.append(" ".join(words).capitalize())
        labels.append(label)
    return texts, labels


@pytest.mark.exercise(
    "09.6",
    hint=(
        "The strongest sign in training may be a true one, and how common a word is "
        "tells nothing: what counts is how much d, a difference between the labels, "
        "changes from training to test.",
        "Compute d for both, then abs(d_train - d_test) for each word.",
    ),
)
def test_true_sign_is_no_shortcut(student):
    """A strong sign that holds in the test messages is no shortcut."""
    train = ["asap mobile", "asap mobile", "asap mobile", "asap hi", "hi", "hi mobile"]
    train += ["hi", "hi"]
    test = ["asap hi", "asap", "asap mobile", "asap", "hi mobile", "hi", "hi mobile"]
    test += ["mobile"]
    labels = [1, 1, 1, 1, 0, 0, 0, 0]
    found = student.find_shortcut(train, labels, test, labels)
    assert found == "mobile"


@pytest.mark.exercise(
    "09.6",
    hint=(
        "A shortcut may go with label 0 as well: its d is then negative in training. "
        "Whatever the direction.",
        "abs(...) of the difference.",
    ),
)
def test_shortcut_for_the_other_label(student):
    """A word that goes with label 0 in training can be the shortcut."""
    train = ["asap", "asap", "now", "hi web", "web", "hi web"]
    test = ["asap web", "asap", "now hi", "hi web", "hi", "hi"]
    assert student.find_shortcut(train, LABELS, test, LABELS) == "web"


@pytest.mark.exercise(
    "09.6",
    hint=(
        "d compares shares within each label: a word that becomes more common under "
        "both labels alike keeps its d.",
        "Share among the messages of label 1, minus share among those of label 0.",
    ),
)
def test_more_common_word_is_no_shortcut(student):
    """A word that only becomes more common is no shortcut."""
    train = ["app asap", "app asap", "app", "hi", "hi", "hi"]
    test = ["well asap", "well asap", "well app", "well hi", "well hi", "well hi app"]
    assert student.find_shortcut(train, LABELS, test, LABELS) == "app"


@pytest.mark.exercise(
    "09.6",
    hint=(
        "A word that stands three times in a message is in one message: count it once.",
        "set(text.lower().split())",
    ),
)
def test_repeated_words_count_once(student):
    """A repeated word counts once per message."""
    train = ["go go go go go", "web", "web", "ok", "ok", "ok"]
    test = ["ok", "ok", "ok", "web", "ok", "ok"]
    assert student.find_shortcut(train, LABELS, test, LABELS) == "ok"


@pytest.mark.hidden
@pytest.mark.exercise("09.6", hint="Words may begin with capital letters.")
def test_capitals_are_the_same_word(student):
    """Capital letters make no other word."""
    train = ["Web", "web on", "WEB", "on", "on", "hi"]
    test = ["on", "web", "hi", "web", "Web on", "hi on"]
    assert student.find_shortcut(train, LABELS, test, LABELS) == "web"


@pytest.mark.hidden
@pytest.mark.exercise("09.6", points=2, hint="Labels need not be equally common.")
def test_planted_words_are_found(student, rng):
    """A planted word is found among true signs, in either direction."""
    for strength in (0.97, 0.03):
        train = messages(rng, 600, "telephone", strength)
        test = messages(rng, 600, "telephone", 0.5)
        few = [i for i, label in enumerate(test[1]) if label == 0 or i % 3 == 0]
        texts, labels = ([part[i] for i in few] for part in test)
        assert student.find_shortcut(*train, texts, labels) == "telephone"


@pytest.mark.wrong_answer(
    "09.6",
    fails=["test_true_sign_is_no_shortcut", "test_shortcut_for_the_other_label"]
    + ["test_repeated_words_count_once", "test_planted_words_are_found"],
    hint="The strongest sign in training may be a true one",
)
def takes_the_strongest_sign():
    """The word that tells most about the label in training is the shortcut."""

    def find_shortcut(train_texts, train_labels, test_texts, test_labels):
        d = {}
        for text, label in zip(train_texts, train_labels, strict=True):
            for word in set(text.lower().split()):
                d[word] = d.get(word, 0) + (1 if label else -1)
        return max(d, key=d.get)


@pytest.mark.wrong_answer(
    "09.6",
    fails=["test_shortcut_for_the_other_label", "test_repeated_words_count_once"]
    + ["test_planted_words_are_found"],
    hint="A shortcut may go with label 0",
)
def forgets_the_other_direction():
    """A shortcut goes with label 1."""

    def find_shortcut(train_texts, train_labels, test_texts, test_labels):
        def d_of(texts, labels):
            d = {}
            for text, label in zip(texts, labels, strict=True):
                for word in set(text.lower().split()):
                    share = 1 / labels.count(label)
                    d[word] = d.get(word, 0) + (share if label else -share)
            return d

        train = d_of(train_texts, train_labels)
        test = d_of(test_texts, test_labels)
        words = {**train, **test}
        return max(words, key=lambda word: train.get(word, 0) - test.get(word, 0))


@pytest.mark.wrong_answer(
    "09.6",
    fails=["test_true_sign_is_no_shortcut", "test_shortcut_for_the_other_label"]
    + ["test_more_common_word_is_no_shortcut", "test_capitals_are_the_same_word"]
    + ["test_planted_words_are_found"],
    hint="how common a word is tells nothing",
)
def compares_how_common_words_are():
    """A shortcut is a word that is rarer or commoner in the test messages."""

    def find_shortcut(train_texts, train_labels, test_texts, test_labels):
        def share(texts):
            found = {}
            for text in texts:
                for word in set(text.lower().split()):
                    found[word] = found.get(word, 0) + 1 / len(texts)
            return found

        train, test = share(train_texts), share(test_texts)
        words = {**train, **test}
        return max(words, key=lambda w: abs(train.get(w, 0) - test.get(w, 0)))


@pytest.mark.wrong_answer(
    "09.6",
    fails=["test_repeated_words_count_once"],
    hint="count it once",
)
def counts_repeated_words():
    """Every occurrence of a word counts."""

    def find_shortcut(train_texts, train_labels, test_texts, test_labels):
        def d_of(texts, labels):
            d = {}
            for text, label in zip(texts, labels, strict=True):
                for word in text.lower().split():
                    share = 1 / labels.count(label)
                    d[word] = d.get(word, 0) + (share if label else -share)
            return d

        train = d_of(train_texts, train_labels)
        test = d_of(test_texts, test_labels)
        words = {**train, **test}
        return max(words, key=lambda w: abs(train.get(w, 0) - test.get(w, 0)))


# Exercise 09.7: prove it
def weighing(weights):
    """A model that adds a weight for each word of a text."""
    return lambda text: sum(weights.get(word, 0.0) for word in text.split())


@pytest.mark.exercise(
    "09.7",
    hint=(
        "The effect is f with the word minus f without it, so positive if the word "
        "raises the output.",
    ),
)
def test_one_text(student):
    """If *phone* adds 2 and *hi* 5: with the word minus without it."""
    f = weighing({"phone": 2.0, "hi": 5.0})
    assert student.counterfactual_effect(f, ["hi phone"], "phone") == pytest.approx(2.0)


@pytest.mark.exercise(
    "09.7",
    hint=(
        "Only texts that hold the word say something about it: leave the others out of "
        "the mean.",
        "Divide by the number of changed texts.",
    ),
)
def test_texts_without_the_word(student):
    """Texts without the word do not water the effect down."""
    f = weighing({"phone": 2.0})
    texts = ["hi phone", "hi", "hello", "hello there"]
    assert student.counterfactual_effect(f, texts, "phone") == pytest.approx(2.0)


@pytest.mark.exercise(
    "09.7",
    hint=(
        "*phones* is another word than *phone*: compare whole words, do not replace "
        "letters.",
        "[other for other in text.split() if other != word]",
    ),
)
def test_whole_words(student):
    """A longer word that contains the word is left alone."""
    f = weighing({"phone": 2.0, "phones": 7.0})
    texts = ["two phones", "phones phone"]
    assert student.counterfactual_effect(f, texts, "phone") == pytest.approx(2.0)


@pytest.mark.exercise(
    "09.7",
    hint=(
        "If no text holds the word there is no mean: give back None, which is not the "
        "same as an effect of 0."
    ),
)
def test_word_that_is_nowhere(student):
    """Without any text that holds the word the answer is None."""
    f = weighing({"phone": 2.0})
    assert student.counterfactual_effect(f, ["hi", "hello"], "phone") is None, (
        "None was expected for a word that no text holds"
    )


@pytest.mark.hidden
@pytest.mark.exercise("09.7", hint="Every occurrence goes, and single spaces stay.")
def test_every_occurrence_goes(student):
    """All occurrences are taken away; f sees single spaces."""
    seen = []

    def f(text):
        seen.append(text)
        return float(text.split().count("no"))

    assert student.counterfactual_effect(f, ["no no wait no"], "no") == pytest.approx(3)
    assert "wait" in seen


@pytest.mark.hidden
@pytest.mark.exercise("09.7", points=2, hint="The word may matter with others only.")
def test_random_texts(student, reference, rng):
    """Any texts, and a model in which words work together."""
    vocabulary = ["phone", "phones", "hi", "asap", "no"]
    for _ in range(6):
        texts = [
            " ".join(rng.choice(vocabulary) for _ in range(rng.randint(1, 6)))
            for _ in range(12)
        ]
        weights = {word: rng.uniform(-2, 2) for word in vocabulary}
        f = lambda text, w=weights: weighing(w)(text) * (1 + ("no" in text.split()))  # noqa: E731
        for word in ("phone", "no", "absent"):
            expected = reference.counterfactual_effect(f, texts, word)
            got = student.counterfactual_effect(f, texts, word)
            assert got == (None if expected is None else pytest.approx(expected))


@pytest.mark.wrong_answer(
    "09.7",
    fails=["test_whole_words", "test_random_texts"],
    hint="is another word than",
)
def replaces_letters():
    """Taking a word away is replacing its letters by nothing."""

    def counterfactual_effect(f, texts, word):
        changes = []
        for text in texts:
            if word in text:
                without = " ".join(text.replace(word, "").split())
                changes.append(f(text) - f(without))
        return sum(changes) / len(changes) if changes else None


@pytest.mark.wrong_answer(
    "09.7",
    fails=["test_texts_without_the_word", "test_whole_words"]
    + ["test_word_that_is_nowhere", "test_random_texts"],
    hint="leave the others out",
)
def averages_over_all_texts():
    """Every text takes part in the mean."""

    def counterfactual_effect(f, texts, word):
        changes = []
        for text in texts:
            kept = [other for other in text.split() if other != word]
            changes.append(f(text) - f(" ".join(kept)))
        return sum(changes) / len(changes)


@pytest.mark.wrong_answer(
    "09.7",
    fails=["test_one_text", "test_texts_without_the_word", "test_whole_words"]
    + ["test_every_occurrence_goes", "test_random_texts"],
    hint="f with the word minus f without it",
)
def subtracts_the_wrong_way():
    """The effect is the change that taking away makes."""

    def counterfactual_effect(f, texts, word):
        changes = []
        for text in texts:
            kept = [other for other in text.split() if other != word]
            if len(kept) < len(text.split()):
                changes.append(f(" ".join(kept)) - f(text))
        return sum(changes) / len(changes) if changes else None


@pytest.mark.wrong_answer(
    "09.7",
    fails=["test_word_that_is_nowhere", "test_random_texts"],
    hint="not the same as an effect of 0",
)
def gives_zero_for_nothing():
    """A word that no text holds has no effect."""

    def counterfactual_effect(f, texts, word):
        changes = [0.0]
        for text in texts:
            kept = [other for other in text.split() if other != word]
            if len(kept) < len(text.split()):
                changes.append(f(text) - f(" ".join(kept)))
        return sum(changes) / max(1, len(changes) - 1)
