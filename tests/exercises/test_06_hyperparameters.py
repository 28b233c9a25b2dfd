"""Cases of lesson 06, with the wrong answers that they must catch."""

import math
import statistics

import pytest
import torch

# What each case of claims changes one thing in.
PLAIN, WIDER, NARROWER = [1.6, 1.65, 1.58], [1.75, 1.8, 1.85], [0.5, 0.45, 0.55]
PULLS = [[0.0, 0.01], [0.002, 0.01]]


def scores(rng, n, mean=0.7, deviation=0.02):
    return [rng.gauss(mean, deviation) for _ in range(n)]


# Exercise 06.1: warm-up and cosine
@pytest.mark.exercise(
    "06.1",
    hint=(
        "In the warm-up the rate rises in a line from 0 to the peak.",
        "peak * step / warmup_steps",
    ),
)
def test_warmup_rises_in_a_line(student):
    """Half-way through the warm-up the rate is half of the peak."""
    rates = [student.lr_at(step, 100, 10, 0.2) for step in (0, 5, 10)]
    assert rates == pytest.approx([0.0, 0.1, 0.2])


@pytest.mark.exercise(
    "06.1",
    hint=(
        "The cosine begins where the warm-up ends: its part of the way is counted from "
        "there, not from step 0.",
        "(step - warmup_steps) / (num_steps - warmup_steps)",
    ),
)
def test_cosine_is_counted_from_the_warmup(student):
    """Half-way between warm-up and end the rate is half of the peak."""
    assert student.lr_at(55, 100, 10, 0.2) == pytest.approx(0.1)


@pytest.mark.exercise(
    "06.1",
    hint=(
        "Half a wave, and no line, goes from 1 to 0: the cosine itself goes from 1 "
        "to -1, and a rate below 0 would climb.",
        "0.5 * (1 + math.cos(math.pi * part))",
    ),
)
def test_falls_in_half_a_wave(student):
    """After a quarter of the way the rate is still 85 % of the peak; the last is 0."""
    rates = [student.lr_at(step, 80, 0, 1.0) for step in (20, 80)]
    assert rates == pytest.approx([0.8535534, 0.0], abs=1e-7)


@pytest.mark.hidden
@pytest.mark.exercise("06.1", hint="Without a warm-up the first rate is the peak.")
def test_without_warmup(student):
    """Without a warm-up training begins at the peak."""
    assert student.lr_at(0, 20, 0, 0.5) == pytest.approx(0.5)


@pytest.mark.hidden
@pytest.mark.exercise(
    "06.1",
    points=2,
    hint="Compare some steps with the formula, also the last.",
)
def test_schedule_of_the_library(student, rng):
    """Any schedule is that of transformers."""
    from transformers import get_cosine_schedule_with_warmup

    total = rng.randint(20, 60)
    warmup, peak = rng.randint(3, total // 2), rng.uniform(1e-5, 1.0)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    schedule = get_cosine_schedule_with_warmup(optimizer, warmup, total)
    for step in range(total + 1):
        expected = schedule.get_last_lr()[0]
        rate = student.lr_at(step, total, warmup, peak)
        assert rate == pytest.approx(expected, rel=1e-6, abs=1e-9)
        optimizer.step()
        schedule.step()


@pytest.mark.wrong_answer(
    "06.1",
    fails=[
        "test_cosine_is_counted_from_the_warmup",
        "test_schedule_of_the_library",
    ],
    hint="counted from there, not from step 0",
)
def counts_from_step_zero():
    """The cosine runs over all steps."""

    def lr_at(step, num_steps, warmup_steps, peak):
        if step <= warmup_steps and warmup_steps:
            return peak * step / warmup_steps
        return peak * 0.5 * (1 + math.cos(math.pi * step / num_steps))


@pytest.mark.wrong_answer(
    "06.1",
    fails=[
        "test_cosine_is_counted_from_the_warmup",
        "test_falls_in_half_a_wave",
        "test_schedule_of_the_library",
    ],
    hint="counted from there",
)
def uses_a_whole_cosine():
    """Half a wave is the cosine from 1 to -1."""

    def lr_at(step, num_steps, warmup_steps, peak):
        if step < warmup_steps:
            return peak * step / warmup_steps
        part = (step - warmup_steps) / (num_steps - warmup_steps)
        return peak * math.cos(math.pi * part)


@pytest.mark.wrong_answer(
    "06.1",
    fails=["test_warmup_rises_in_a_line", "test_schedule_of_the_library"],
    hint="in a line from 0 to the peak",
)
def forgets_the_warmup():
    """The rate stands at the peak until the schedule begins."""

    def lr_at(step, num_steps, warmup_steps, peak):
        part = max(0, step - warmup_steps) / (num_steps - warmup_steps)
        return peak * 0.5 * (1 + math.cos(math.pi * part))


@pytest.mark.wrong_answer(
    "06.1",
    fails=["test_falls_in_half_a_wave", "test_schedule_of_the_library"],
    hint="Half a wave, and no line",
)
def falls_in_a_line():
    """Linear and cosine agree at the beginning, in the middle and at the end."""

    def lr_at(step, num_steps, warmup_steps, peak):
        if step < warmup_steps:
            return peak * step / warmup_steps
        return peak * (num_steps - step) / (num_steps - warmup_steps)


# Exercise 06.2: dropout
@pytest.mark.exercise(
    "06.2",
    hint=(
        "Outside training nothing is dropped, and nothing is scaled.",
        "if not train: return values",
    ),
)
def test_nothing_is_dropped_in_use(student):
    """In use the values stay as they are."""
    values = torch.tensor([1.0, -2.0, 3.0])
    assert student.dropout(values, 0.5, False, 0).tolist() == [1.0, -2.0, 3.0]


@pytest.mark.exercise(
    "06.2",
    hint=(
        "What is kept is divided, so that the mean stays what it was.",
        "Divide by 1 - p, the share that is kept.",
    ),
)
def test_kept_values_grow(student):
    """With p = 0.75 a kept 1 becomes 4."""
    dropped = student.dropout(torch.ones(200), 0.75, True, 0)
    assert set(dropped.tolist()) == {0.0, 4.0}


@pytest.mark.exercise(
    "06.2",
    hint=(
        "p is the share that is dropped, not the share that is kept.",
        "A value is kept if its random number is at least p.",
    ),
)
def test_share_that_is_dropped(student):
    """With p = 0.2 about a fifth is dropped."""
    dropped = student.dropout(torch.ones(20_000), 0.2, True, 1)
    assert 0.18 < (dropped == 0).float().mean().item() < 0.22


@pytest.mark.hidden
@pytest.mark.exercise("06.2", hint="p may be 0, and it may be 1: mind the division.")
def test_all_or_nothing(student):
    """p = 0 drops nothing, p = 1 everything; as torch does it, without nan."""
    values = torch.tensor([[1.0, 2.0], [-3.0, 0.5]])
    for p in (0.0, 1.0):
        expected = torch.nn.functional.dropout(values, p, training=True)
        assert student.dropout(values, p, True, 3).tolist() == expected.tolist()


@pytest.mark.hidden
@pytest.mark.exercise(
    "06.2",
    points=2,
    hint="Each value has its own random number, and the seed decides about all.",
)
def test_random_tensors(student, rng):
    """Any shape: the mean stays, the seed decides, each value is drawn for itself."""
    p, seed = rng.uniform(0.3, 0.42), rng.randint(0, 1000)
    values = torch.ones(50, 80)
    first = student.dropout(values, p, True, seed)
    assert first.shape == values.shape
    assert first.mean().item() == pytest.approx(1.0, abs=0.1)
    assert torch.equal(student.dropout(values, p, True, seed), first)
    assert not torch.equal(student.dropout(values, p, True, seed + 1), first)
    whole_rows = ((first == 0).all(dim=1) | (first != 0).all(dim=1)).sum().item()
    assert whole_rows == 0, "a row is dropped value by value"


@pytest.mark.wrong_answer(
    "06.2",
    fails=["test_kept_values_grow", "test_random_tensors"],
    hint="so that the mean stays",
)
def does_not_rescale():
    """Dropout only sets values to 0."""

    def dropout(values, p, train, seed):
        if not train:
            return values
        generator = torch.Generator().manual_seed(seed)
        return values * (torch.rand(values.shape, generator=generator) >= p)


@pytest.mark.wrong_answer(
    "06.2",
    fails=["test_nothing_is_dropped_in_use"],
    hint="Outside training nothing is dropped",
)
def drops_in_use_as_well():
    """Dropout is a layer like the others and always at work."""

    def dropout(values, p, train, seed):
        if p in (0, 1):
            return values * (1 - p)
        generator = torch.Generator().manual_seed(seed)
        kept = torch.rand(values.shape, generator=generator) >= p
        return values * kept / (1 - p)


@pytest.mark.wrong_answer(
    "06.2",
    fails=["test_share_that_is_dropped", "test_all_or_nothing"]
    + ["test_random_tensors"],
    hint="the share that is dropped",
)
def keeps_the_share_p():
    """p is the probability to keep."""

    def dropout(values, p, train, seed):
        if not train:
            return values
        generator = torch.Generator().manual_seed(seed)
        kept = torch.rand(values.shape, generator=generator) < p
        return values * kept / (1 - p)


# Exercise 06.3: random search
@pytest.mark.exercise(
    "06.3",
    hint=(
        "Each of the n trials is a dictionary with a value for every name.",
        "[{name: ... for name, values in space.items()} for _ in range(n)]",
    ),
)
def test_trials_have_all_names(student):
    """Three trials, each with both names, in their ranges."""
    space = {"rate": (0.1, 0.4), "size": [8, 16]}
    trials = student.random_search(space, 3, 0)
    assert [sorted(trial) for trial in trials] == [["rate", "size"]] * 3
    fits = [0.1 <= t["rate"] <= 0.4 and t["size"] in (8, 16) for t in trials]
    assert fits == [True] * 3


@pytest.mark.exercise(
    "06.3",
    hint=(
        "By logarithm each factor of ten is equally likely: drawn evenly, hardly any "
        "rate would be small.",
        "math.exp(source.uniform(math.log(low), math.log(high)))",
    ),
)
def test_each_factor_of_ten_is_as_likely(student):
    """Of rates from 1e-5 to 1e-1 half lie below 1e-3."""
    trials = student.random_search({"rate": (1e-5, 1e-1, "log")}, 2000, 0)
    below = sum(trial["rate"] < 1e-3 for trial in trials) / 2000
    assert 0.45 < below < 0.55, f"{below:.2f} of the rates are below 1e-3"


@pytest.mark.exercise(
    "06.3",
    hint=(
        "The same seed gives the same trials, another seed gives others.",
        "source = random.Random(seed), once, before the first trial.",
    ),
)
def test_one_seed_one_list_of_trials(student):
    """The seed decides about all trials, which differ from each other."""
    space = {"rate": (0.0, 1.0)}
    first = student.random_search(space, 4, 7)
    assert student.random_search(space, 4, 7) == first
    assert student.random_search(space, 4, 8) != first
    assert len({trial["rate"] for trial in first}) == 4


@pytest.mark.hidden
@pytest.mark.exercise("06.3", hint="n may be 0, and a list may hold one choice.")
def test_edges_of_spaces(student):
    """No trials; a single choice; choices that are no numbers."""
    assert student.random_search({"size": [8]}, 0, 0) == []
    trials = student.random_search({"size": [8], "kind": ["cosine"]}, 2, 0)
    assert trials == [{"size": 8, "kind": "cosine"}] * 2


@pytest.mark.hidden
@pytest.mark.exercise(
    "06.3", points=2, hint="Draw a thousand trials and look at how they are spread."
)
def test_spread_of_the_draws(student, rng):
    """Ranges are filled evenly, on their own scale, choices equally often."""
    from scipy.stats import chisquare, kstest, spearmanr

    low = 10 ** rng.uniform(-6, -4)
    space = {"rate": (low, low * 1e3, "log"), "drop": (0.1, 0.5), "size": [4, 8, 16]}
    trials = student.random_search(space, 1500, rng.randint(0, 10**6))
    places = [math.log10(trial["rate"] / low) / 3 for trial in trials]
    assert kstest(places, "uniform").pvalue > 1e-4
    shares = [(trial["drop"] - 0.1) / 0.4 for trial in trials]
    assert kstest(shares, "uniform").pvalue > 1e-4
    counts = [sum(trial["size"] == size for trial in trials) for size in (4, 8, 16)]
    assert chisquare(counts).pvalue > 1e-4
    related = spearmanr(places, shares).pvalue
    assert related > 1e-4, "the names are drawn independently"


@pytest.mark.wrong_answer(
    "06.3",
    fails=["test_each_factor_of_ten_is_as_likely", "test_spread_of_the_draws"],
    hint="each factor of ten is equally likely",
)
def draws_evenly():
    """A range is a range."""

    def random_search(space, n, seed):
        source = random.Random(seed)

        def draw(values):
            if isinstance(values, list):
                return source.choice(values)
            return source.uniform(values[0], values[1])

        return [{k: draw(v) for k, v in space.items()} for _ in range(n)]


@pytest.mark.wrong_answer(
    "06.3",
    fails=["test_each_factor_of_ten_is_as_likely", "test_one_seed_one_list_of_trials"]
    + ["test_spread_of_the_draws"],
    hint="each factor of ten is equally likely",
)
def seeds_every_trial():
    """Every draw begins with the seed."""

    def random_search(space, n, seed):
        def draw(values):
            source = random.Random(seed)
            if isinstance(values, list):
                return source.choice(values)
            low, high, *log = values
            if log:
                return math.exp(source.uniform(math.log(low), math.log(high)))
            return source.uniform(low, high)

        return [{k: draw(v) for k, v in space.items()} for _ in range(n)]


@pytest.mark.wrong_answer(
    "06.3",
    fails=["test_one_seed_one_list_of_trials"],
    hint="The same seed gives the same trials",
)
def ignores_the_seed():
    """Random is random."""

    def random_search(space, n, seed):
        def draw(values):
            if isinstance(values, list):
                return random.choice(values)
            low, high, *log = values
            if log:
                return math.exp(random.uniform(math.log(low), math.log(high)))
            return random.uniform(low, high)

        return [{k: draw(v) for k, v in space.items()} for _ in range(n)]


# Exercise 06.4: expected improvement
@pytest.mark.exercise(
    "06.4",
    hint=(
        "At a mean equal to the best, z is 0: what remains is the deviation times the "
        "density, about 0.4 of the deviation.",
        "stats.norm.pdf is the density, stats.norm.cdf the distribution.",
    ),
)
def test_mean_equal_to_the_best(student):
    """Where the mean is the best so far, uncertainty alone promises something."""
    got = student.expected_improvement([0.5, 0.5], [0.1, 0.2], 0.5)
    assert got == pytest.approx([0.0398942, 0.0797885], abs=1e-6)


@pytest.mark.exercise(
    "06.4",
    hint=(
        "Improvement is upwards: the mean less the best, not the best less the mean.",
        "z = (mean - best) / deviation",
    ),
)
def test_higher_is_better(student):
    """A mean far above the best promises their distance, one far below nothing."""
    got = student.expected_improvement([0.9, 0.1], [0.01, 0.01], 0.5)
    assert got == pytest.approx([0.4, 0.0], abs=1e-6)


@pytest.mark.exercise(
    "06.4",
    hint=(
        "With a deviation of 0 nothing is uncertain, and a division by it is an error.",
        "max(mean - best, 0)",
    ),
)
def test_nothing_uncertain(student):
    """Without uncertainty it is the improvement, or 0."""
    got = student.expected_improvement([0.7, 0.4], [0.0, 0.0], 0.5)
    assert got == pytest.approx([0.2, 0.0])


@pytest.mark.hidden
@pytest.mark.exercise("06.4", hint="A grid without points has no improvements.")
def test_empty_grid(student):
    """No points, no improvements."""
    assert list(student.expected_improvement([], [], 0.5)) == []


@pytest.mark.hidden
@pytest.mark.exercise(
    "06.4", points=2, hint="It is the mean of max(value - best, 0) over the normal."
)
def test_integral_of_the_improvement(student, rng):
    """Any point: the integral of improvement times density."""
    from scipy.integrate import quad
    from scipy.stats import norm

    best = rng.uniform(0, 1)
    means = [best + rng.uniform(-0.3, 0.3) for _ in range(5)]
    deviations = [rng.uniform(0.05, 0.3) for _ in range(5)]
    got = student.expected_improvement(means, deviations, best)
    for mean, deviation, value in zip(means, deviations, got, strict=True):
        top = max(best, mean) + 9 * deviation
        expected, _ = quad(
            lambda x, m=mean, s=deviation: (x - best) * norm.pdf(x, m, s),
            best,
            top,
        )
        assert value == pytest.approx(expected, abs=1e-6)


@pytest.mark.wrong_answer(
    "06.4",
    fails=["test_higher_is_better", "test_nothing_uncertain"]
    + ["test_integral_of_the_improvement"],
    hint="Improvement is upwards",
)
def improves_downwards():
    """A score is a loss: lower is better."""

    def expected_improvement(means, deviations, best):
        result = []
        for mean, deviation in zip(means, deviations, strict=True):
            gain = best - mean
            if deviation == 0:
                result.append(max(gain, 0.0))
                continue
            z = gain / deviation
            value = gain * stats.norm.cdf(z) + deviation * stats.norm.pdf(z)
            result.append(float(value))
        return result


@pytest.mark.wrong_answer(
    "06.4",
    fails=["test_mean_equal_to_the_best", "test_integral_of_the_improvement"],
    hint="what remains is the deviation times the density",
)
def forgets_the_uncertainty():
    """The improvement expected is that of the mean."""

    def expected_improvement(means, deviations, best):
        return [max(mean - best, 0.0) for mean in means]


@pytest.mark.wrong_answer(
    "06.4",
    fails=["test_nothing_uncertain"],
    hint="nothing is uncertain",
)
def divides_by_zero():
    """A deviation is never 0."""

    def expected_improvement(means, deviations, best):
        result = []
        for mean, deviation in zip(means, deviations, strict=True):
            z = (mean - best) / deviation
            value = (mean - best) * stats.norm.cdf(z) + deviation * stats.norm.pdf(z)
            result.append(float(value))
        return result


# Exercise 06.5: successive halving
@pytest.mark.exercise(
    "06.5",
    hint=(
        "A candidate that has been left out is not trained further and cannot win, "
        "however good it would have become.",
        "left = sorted(left, ...)[: len(left) // 2]",
    ),
)
def test_slow_starters_are_left_out(student):
    """Four train one epoch, two go on to the second: six epochs."""
    curves = {"a": [1, 5], "b": [2, 3], "c": [3, 4], "d": [0, 9]}
    assert student.successive_halving(curves) == ("c", 6)


@pytest.mark.exercise(
    "06.5",
    hint=(
        "Each round judges by the score after its own epochs; the first item of a list "
        "is that after one epoch.",
        "curves[name][epochs - 1]",
    ),
)
def test_judged_by_the_latest_score(student):
    """What leads after one epoch may lose after two."""
    assert student.successive_halving(
        {"a": [9, 1], "b": [8, 2], "c": [1, 9], "d": [1, 9]}
    ) == ("b", 6)


@pytest.mark.exercise(
    "06.5",
    hint=(
        "Training goes on where it stopped: a round pays only for the epochs it adds.",
        "paid += len(left) * (epochs - trained)",
    ),
)
def test_epochs_are_paid_once(student):
    """Eight candidates: 8 x 1, 4 x 1 and 2 x 2 epochs."""
    curves = {str(i): [i, i, i, i] for i in range(8)}
    assert student.successive_halving(curves) == ("7", 16)


@pytest.mark.hidden
@pytest.mark.exercise("06.5", hint="One candidate has won; equals keep their order.")
def test_one_and_equal_candidates(student):
    """One candidate needs no training; of equal ones the earlier stays."""
    assert student.successive_halving({"only": [0.5]}) == ("only", 0)
    assert student.successive_halving({"x": [1], "y": [1]}) == ("x", 2)


@pytest.mark.hidden
@pytest.mark.exercise(
    "06.5", points=2, hint="Try numbers of candidates that are no power of two."
)
def test_random_curves(student, reference, rng):
    """Any number of candidates."""
    for _ in range(8):
        count = rng.randint(2, 20)
        curves = {f"c{i}": [rng.random() for _ in range(16)] for i in range(count)}
        expected = reference.successive_halving(curves)
        assert student.successive_halving(curves) == expected


@pytest.mark.wrong_answer(
    "06.5",
    fails=["test_slow_starters_are_left_out", "test_judged_by_the_latest_score"]
    + ["test_epochs_are_paid_once", "test_random_curves"],
    hint="not trained further",
)
def starts_anew_each_round():
    """Each round trains from the beginning."""

    def successive_halving(curves):
        left, epochs, paid = list(curves), 1, 0
        while len(left) > 1:
            paid += len(left) * epochs
            ordered = sorted(left, key=lambda name: -curves[name][epochs - 1])
            left = ordered[: len(left) // 2]
            epochs *= 2
        return left[0], paid


@pytest.mark.wrong_answer(
    "06.5",
    fails=["test_judged_by_the_latest_score", "test_random_curves"],
    hint="the score after its own epochs",
)
def judges_by_the_first_epoch():
    """Who leads at first leads."""

    def successive_halving(curves):
        left, epochs, trained, paid = list(curves), 1, 0, 0
        while len(left) > 1:
            paid += len(left) * (epochs - trained)
            trained = epochs
            left = sorted(left, key=lambda name: -curves[name][0])[: len(left) // 2]
            epochs *= 2
        return left[0], paid


@pytest.mark.wrong_answer(
    "06.5",
    fails=["test_slow_starters_are_left_out", "test_judged_by_the_latest_score"]
    + ["test_epochs_are_paid_once", "test_random_curves"],
    hint="cannot win",
)
def keeps_the_worse_half():
    """A small score is a small loss."""

    def successive_halving(curves):
        left, epochs, trained, paid = list(curves), 1, 0, 0
        while len(left) > 1:
            paid += len(left) * (epochs - trained)
            trained = epochs
            ordered = sorted(left, key=lambda name: curves[name][epochs - 1])
            left = ordered[: len(left) // 2]
            epochs *= 2
        return left[0], paid


# Exercise 06.6: distinguishable
@pytest.mark.exercise(
    "06.6",
    hint=(
        "Means far apart, seeds close together: that is a difference.",
        "Compare the distance of the means with t times s.",
    ),
)
def test_clear_difference(student):
    """Ten points apart, and the seeds differ by one."""
    assert student.distinguishable([0.70, 0.71, 0.72], [0.80, 0.81, 0.82]) is True


@pytest.mark.exercise(
    "06.6",
    hint=(
        "A higher mean is not enough: seeds alone spread as widely as these two means "
        "are apart.",
        "Compare the distance of the means with t times s.",
    ),
)
def test_seeds_spread_more(student):
    """Two points apart, and the seeds differ by ten."""
    assert student.distinguishable([0.70, 0.75, 0.80], [0.72, 0.77, 0.82]) is False


@pytest.mark.exercise(
    "06.6",
    hint=(
        "With so few seeds the usual 1.96 is too small, and so is a variance divided "
        "by n: both make differences of luck.",
        "np.var(scores, ddof=1), and stats.t.ppf(0.975, d) with the d of the formula.",
    ),
)
def test_few_seeds_need_more(student):
    """Two seeds each: a distance of 3.5 standard errors is not enough."""
    assert student.distinguishable([0.70, 0.72], [0.75, 0.77]) is False


@pytest.mark.hidden
@pytest.mark.exercise("06.6", hint="Equal scores have no variance: mind the division.")
def test_no_variance(student):
    """Scores that do not vary differ if their means do; the order does not matter."""
    assert student.distinguishable([0.5, 0.5], [0.5, 0.5]) is False
    assert student.distinguishable([0.5, 0.5], [0.25, 0.25]) is True
    assert student.distinguishable([0.80, 0.81, 0.82], [0.70, 0.71, 0.72]) is True


@pytest.mark.hidden
@pytest.mark.exercise(
    "06.6", points=2, hint="The two lists may be of different lengths and spreads."
)
def test_welch_of_the_library(student, rng):
    """Any scores: the verdict of scipy's Welch test."""
    from scipy.stats import ttest_ind

    for _ in range(60):
        a = scores(rng, rng.randint(2, 9))
        deviation = rng.choice([0.002, 0.02, 0.08])
        b = scores(rng, rng.randint(2, 9), rng.uniform(0.62, 0.78), deviation)
        p = float(ttest_ind(a, b, equal_var=False).pvalue)
        if abs(p - 0.05) > 1e-6:
            assert student.distinguishable(a, b) is (p < 0.05)


@pytest.mark.wrong_answer(
    "06.6",
    fails=["test_seeds_spread_more", "test_few_seeds_need_more"]
    + ["test_welch_of_the_library"],
    hint="A higher mean is not enough",
)
def compares_the_means():
    """Whatever is higher is better."""

    def distinguishable(a, b):
        return bool(np.mean(a) != np.mean(b))


@pytest.mark.wrong_answer(
    "06.6",
    fails=["test_few_seeds_need_more", "test_welch_of_the_library"],
    hint="the usual 1.96 is too small",
)
def uses_the_normal():
    """1.96 is right for any number of seeds."""

    def distinguishable(a, b):
        error = sum(np.var(scores, ddof=1) / len(scores) for scores in (a, b))
        return bool(abs(np.mean(a) - np.mean(b)) > 1.96 * math.sqrt(error))


@pytest.mark.wrong_answer(
    "06.6",
    fails=["test_few_seeds_need_more", "test_welch_of_the_library"],
    hint="a variance divided by n",
)
def divides_by_n():
    """The variance is the mean of the squares."""

    def distinguishable(a, b):
        va, vb = (np.var(scores) / len(scores) for scores in (a, b))
        apart = abs(np.mean(a) - np.mean(b))
        if va + vb == 0:
            return bool(apart > 0)
        freedom = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
        return bool(apart > stats.t.ppf(0.975, freedom) * math.sqrt(va + vb))


# Exercise 06.7: three claims
@pytest.mark.exercise(
    "06.7",
    hint=(
        "A search that fitted no model has tuned nothing; the number is how many it "
        "fitted.",
        '"true" if fitted else "false"',
    ),
)
def test_verdict_on_grid_search(student):
    """No model fitted: the claim is false."""
    verdict, number = student.judge(0, PLAIN, WIDER, PULLS)["grid search"]
    assert (verdict, number) == ("false", 0)


@pytest.mark.exercise(
    "06.7",
    hint=(
        "The claim is that the gap becomes narrower: a gap that grew refutes it. The "
        "number is with normalization less without.",
        "float(np.mean(normalized) - np.mean(plain))",
    ),
)
def test_verdict_on_layer_normalization(student):
    """A wider gap: the claim is false. The number is the change of the mean."""
    verdict, number = student.judge(0, PLAIN, WIDER, PULLS)["layer norm"]
    assert verdict == "false"
    assert number == pytest.approx(1.8 - statistics.fmean(PLAIN))


@pytest.mark.exercise(
    "06.7",
    hint=(
        "The number is the largest distance within a pair, whichever is larger.",
        "max(abs(adam - adamw) for adam, adamw in pulls)",
    ),
)
def test_verdict_on_l2(student):
    """Both pairs differ: the claim is false. The number is the largest distance."""
    verdict, number = student.judge(0, PLAIN, WIDER, PULLS)["L2"]
    assert verdict == "false"
    assert number == pytest.approx(0.01)


@pytest.mark.hidden
@pytest.mark.exercise(
    "06.7",
    hint="Not distinguishable is 'depends'; so are pairs of which some agree.",
)
def test_evidence_that_cannot_tell(student):
    """Gaps that seeds explain, and pairs of both kinds: it depends."""
    verdicts = student.judge(3, [1.0, 1.4, 1.8], [1.1, 1.5, 1.9], [[1, 1], [0, 1]])
    found = {claim: verdict for claim, (verdict, _) in verdicts.items()}
    assert found == {"grid search": "true", "layer norm": "depends", "L2": "depends"}


@pytest.mark.hidden
@pytest.mark.exercise(
    "06.7", points=2, hint="Other evidence may give other verdicts, in both directions."
)
def test_any_evidence(student, reference, rng):
    """Any evidence."""
    for normalized in (WIDER, NARROWER, [1.2, 1.6, 2.2]):
        pull = rng.uniform(0.001, 0.1)
        pulls = [[0.0, pull], [pull, pull]]
        got = student.judge(rng.randint(0, 2), PLAIN, normalized, pulls)
        fitted = got["grid search"][1]
        expected = reference.judge(fitted, PLAIN, normalized, pulls)
        assert {k: v[0] for k, v in got.items()} == {
            k: v[0] for k, v in expected.items()
        }
        for claim, (_, number) in got.items():
            assert number == pytest.approx(expected[claim][1])


@pytest.mark.wrong_answer(
    "06.7",
    fails=["test_evidence_that_cannot_tell", "test_any_evidence"],
    hint="Not distinguishable is 'depends'",
)
def always_decides():
    """Whatever the seeds, a change of the mean is a change."""

    def judge(fitted, plain, normalized, pulls):
        change = float(np.mean(normalized) - np.mean(plain))
        distances = [abs(adam - adamw) for adam, adamw in pulls]
        same = [distance <= 1e-6 for distance in distances]
        return {
            "grid search": ("true" if fitted else "false", fitted),
            "layer norm": ("true" if change < 0 else "false", change),
            "L2": (
                "true" if all(same) else "depends" if any(same) else "false",
                max(distances),
            ),
        }


@pytest.mark.wrong_answer(
    "06.7",
    fails=["test_verdict_on_layer_normalization", "test_any_evidence"],
    hint="a gap that grew refutes it",
)
def subtracts_the_wrong_way():
    """A change is the old less the new."""

    def judge(fitted, plain, normalized, pulls):
        change = float(np.mean(plain) - np.mean(normalized))
        norm = "depends"
        if distinguishable(plain, normalized):
            norm = "true" if change < 0 else "false"
        distances = [abs(adam - adamw) for adam, adamw in pulls]
        same = [distance <= 1e-6 for distance in distances]
        l2 = "true" if all(same) else "depends" if any(same) else "false"
        return {
            "grid search": ("true" if fitted else "false", fitted),
            "layer norm": (norm, change),
            "L2": (l2, max(distances)),
        }


@pytest.mark.wrong_answer(
    "06.7",
    fails=["test_verdict_on_l2", "test_any_evidence"],
    hint="the largest distance within a pair",
)
def looks_at_the_last_pair():
    """The pull of the largest gradient, the last pair, is the evidence."""

    def judge(fitted, plain, normalized, pulls):
        change = float(np.mean(normalized) - np.mean(plain))
        norm = "depends"
        if distinguishable(plain, normalized):
            norm = "true" if change < 0 else "false"
        distances = [abs(adam - adamw) for adam, adamw in pulls]
        same = [distance <= 1e-6 for distance in distances]
        l2 = "true" if all(same) else "depends" if any(same) else "false"
        evidence = distances[-1]
        return {
            "grid search": ("true" if fitted else "false", fitted),
            "layer norm": (norm, change),
            "L2": (l2, evidence),
        }
