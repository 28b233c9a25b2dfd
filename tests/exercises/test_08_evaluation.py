"""Cases of lesson 08, with the wrong answers that they must catch."""

import math

import pytest

DIGITS = 1e-3  # three digits are enough, as in the examples


def random_labels(rng):
    """Predictions and references of a few labels; some labels are rare or missing."""
    labels = ["ham", "spam", "news", "other"][: rng.randint(2, 4)]
    references = [rng.choice(labels) for _ in range(rng.randint(5, 30))]
    predictions = [x if rng.random() < 0.6 else rng.choice(labels) for x in references]
    # One label is never predicted, one never right.
    return [*predictions, "ham", "new"], [*references, "rare", "ham"]


def random_words(rng, most=12):
    """Words of few letters, so that n-grams repeat."""
    return [rng.choice("aabc") for _ in range(rng.randint(1, most))]


# Exercise 08.1: precision, recall, F1 and their mean
@pytest.mark.exercise(
    "08.1",
    hint=(
        "Precision looks at what was called by the label, recall at what really is.",
        "hits / predictions.count(label) is precision, hits / references.count(label) "
        "recall.",
    ),
)
def test_precision_and_recall_of_one_label(student):
    """One of two found is right, and one of one was found."""
    scores = student.prf(["spam", "spam", "ham"], ["spam", "ham", "ham"])
    assert tuple(scores["spam"]) == pytest.approx((0.5, 1.0, 2 / 3), abs=DIGITS)


@pytest.mark.exercise(
    "08.1",
    hint=(
        "A label that was never predicted has precision 0 / 0; here that is 0, and the "
        "label still belongs to the result.",
        "Go over the labels of both lists, and divide by max(1, count).",
    ),
)
def test_label_that_was_never_predicted(student):
    """A label that was never predicted scores 0 three times."""
    scores = student.prf(["ham", "ham"], ["ham", "spam"])
    assert tuple(scores["spam"]) == pytest.approx((0.0, 0.0, 0.0))


@pytest.mark.exercise(
    "08.1",
    hint=(
        "Under macro, each of the three numbers is a mean over the labels: the mean of "
        "the F1s is not the F1 of the means, nor is it weighted by how common they "
        "are.",
        "Collect the labels' triples first, then average their three columns.",
    ),
)
def test_macro_is_the_mean_of_each_score(student):
    """Macro F1 is the plain mean of the labels' F1."""
    predictions = ["a", "a", "a", "b", "c", "c"]
    references = ["a", "a", "b", "b", "b", "c"]
    expected = (13 / 18, 7 / 9, (0.8 + 0.5 + 2 / 3) / 3)
    assert tuple(student.prf(predictions, references)["macro"]) == pytest.approx(
        expected, abs=DIGITS
    )


@pytest.mark.hidden
@pytest.mark.exercise("08.1", hint="A label that is only predicted has recall 0.")
def test_label_that_is_only_predicted(student):
    """A label that no text has is still one of the labels."""
    scores = student.prf(["x", "y", "y"], ["y", "y", "y"])
    assert tuple(scores["x"]) == pytest.approx((0.0, 0.0, 0.0))
    assert tuple(scores["y"]) == pytest.approx((1.0, 2 / 3, 0.8), abs=DIGITS)
    assert tuple(scores["macro"]) == pytest.approx((0.5, 1 / 3, 0.4), abs=DIGITS)


@pytest.mark.hidden
@pytest.mark.exercise(
    "08.1", points=2, hint="Compare with scikit-learn, with zero_division=0."
)
def test_scores_of_random_labels(student, rng):
    """Any labels, as scikit-learn has them."""
    from sklearn.metrics import precision_recall_fscore_support

    for _ in range(10):
        predictions, references = random_labels(rng)
        scores = student.prf(predictions, references)
        labels = sorted({*predictions, *references})
        assert sorted(scores) == sorted([*labels, "macro"])
        columns = precision_recall_fscore_support(
            references, predictions, labels=labels, average=None, zero_division=0
        )[:3]
        for number, label in enumerate(labels):
            expected = [float(column[number]) for column in columns]
            assert list(scores[label]) == pytest.approx(expected, abs=DIGITS)
        expected = [float(column.mean()) for column in columns]
        assert list(scores["macro"]) == pytest.approx(expected, abs=DIGITS)


@pytest.mark.wrong_answer(
    "08.1",
    fails=[
        "test_precision_and_recall_of_one_label",
        "test_macro_is_the_mean_of_each_score",
        "test_label_that_is_only_predicted",
        "test_scores_of_random_labels",
    ],
    hint="Precision looks at what was called by the label",
)
def swaps_precision_and_recall():
    """Precision divides by what really has the label."""

    def prf(predictions, references):
        scores = {}
        for label in {*predictions, *references}:
            hits = sum(
                p == r == label for p, r in zip(predictions, references, strict=True)
            )
            precision = hits / max(1, references.count(label))
            recall = hits / max(1, predictions.count(label))
            f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
            scores[label] = (precision, recall, f1)
        columns = list(zip(*scores.values(), strict=True))
        scores["macro"] = tuple(sum(c) / len(c) for c in columns)
        return scores


@pytest.mark.wrong_answer(
    "08.1",
    fails=[
        "test_macro_is_the_mean_of_each_score",
        "test_scores_of_random_labels",
    ],
    hint="the mean of the F1s is not the F1 of the means",
)
def takes_f1_of_the_means():
    """Macro F1 is computed from macro precision and macro recall."""

    def prf(predictions, references):
        scores = {}
        for label in {*predictions, *references}:
            hits = sum(
                p == r == label for p, r in zip(predictions, references, strict=True)
            )
            precision = hits / max(1, predictions.count(label))
            recall = hits / max(1, references.count(label))
            f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
            scores[label] = (precision, recall, f1)
        p = sum(row[0] for row in scores.values()) / len(scores)
        r = sum(row[1] for row in scores.values()) / len(scores)
        scores["macro"] = (p, r, 2 * p * r / (p + r) if p + r else 0.0)
        return scores


@pytest.mark.wrong_answer(
    "08.1",
    fails=["test_label_that_was_never_predicted", "test_scores_of_random_labels"],
    hint="was never predicted has precision 0 / 0",
)
def knows_only_predicted_labels():
    """The labels are those that the model predicts."""

    def prf(predictions, references):
        scores = {}
        for label in {*predictions}:
            hits = sum(
                p == r == label for p, r in zip(predictions, references, strict=True)
            )
            precision = hits / predictions.count(label)
            recall = hits / max(1, references.count(label))
            f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
            scores[label] = (precision, recall, f1)
        columns = list(zip(*scores.values(), strict=True))
        scores["macro"] = tuple(sum(c) / len(c) for c in columns)
        return scores


@pytest.mark.wrong_answer(
    "08.1",
    fails=[
        "test_precision_and_recall_of_one_label",
        "test_macro_is_the_mean_of_each_score",
        "test_label_that_is_only_predicted",
        "test_scores_of_random_labels",
    ],
    hint="Precision looks at what was called by the label",
)
def takes_the_plain_mean():
    """F1 is the mean of precision and recall."""

    def prf(predictions, references):
        scores = {}
        for label in {*predictions, *references}:
            hits = sum(
                p == r == label for p, r in zip(predictions, references, strict=True)
            )
            precision = hits / max(1, predictions.count(label))
            recall = hits / max(1, references.count(label))
            scores[label] = (precision, recall, (precision + recall) / 2)
        columns = list(zip(*scores.values(), strict=True))
        scores["macro"] = tuple(sum(c) / len(c) for c in columns)
        return scores


@pytest.mark.wrong_answer(
    "08.1",
    fails=[
        "test_macro_is_the_mean_of_each_score",
        "test_label_that_is_only_predicted",
        "test_scores_of_random_labels",
    ],
    hint="nor is it weighted by how common they are",
)
def weighs_common_labels_more():
    """The mean over labels counts each text once."""

    def prf(predictions, references):
        scores, mean = {}, [0.0, 0.0, 0.0]
        for label in {*predictions, *references}:
            hits = sum(
                p == r == label for p, r in zip(predictions, references, strict=True)
            )
            precision = hits / max(1, predictions.count(label))
            recall = hits / max(1, references.count(label))
            f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
            scores[label] = (precision, recall, f1)
            share = references.count(label) / len(references)
            mean = [m + share * x for m, x in zip(mean, scores[label], strict=True)]
        scores["macro"] = tuple(mean)
        return scores


# Exercise 08.2: the worst slice that stands out; first Wilson's interval
@pytest.mark.exercise(
    "08.2",
    hint=(
        "Numerator and half width are both divided by 1 + z**2 / n, and the half width "
        "is z times a root.",
        "Compute share, below = 1 + z**2 / n, centre and half in lines of their own; "
        "what stands under a fraction bar needs brackets, as in / (4 * n**2).",
    ),
)
def test_interval_of_eight_in_ten(student):
    """8 of 10: from 0.490 to 0.943."""
    assert tuple(student.wilson(8, 10)) == pytest.approx((0.4902, 0.9433), abs=DIGITS)


@pytest.mark.exercise(
    "08.2",
    hint=(
        "With every text right the interval still has a width, and it ends at 1: its "
        "centre is not the share itself.",
        "The centre is (share + z**2 / (2 * n)) / (1 + z**2 / n).",
    ),
)
def test_interval_of_twelve_in_twelve(student):
    """12 of 12: from 0.758 to 1."""
    assert tuple(student.wilson(12, 12)) == pytest.approx((0.7575, 1.0), abs=DIGITS)


@pytest.mark.exercise(
    "08.2",
    hint=(
        "z is an argument: 1.645 gives the narrower 90 % interval.",
        "Use z wherever the formula has it, not 1.96.",
    ),
)
def test_interval_of_another_confidence(student):
    """A smaller z makes the interval narrower."""
    narrow = tuple(student.wilson(8, 10, 1.645))
    assert narrow == pytest.approx((0.5408, 0.9308), abs=DIGITS)


@pytest.mark.hidden
@pytest.mark.exercise("08.2", hint="0 of n is 1 less the interval of n of n.")
def test_interval_of_none(student):
    """No success: from 0 to the mirror of all successes."""
    low, high = student.wilson(0, 12)
    assert (low, high) == pytest.approx((0.0, 0.2425), abs=DIGITS)


@pytest.mark.hidden
@pytest.mark.exercise(
    "08.2", points=2, hint="Compare with course.evaluation.intervals.wilson."
)
def test_interval_of_random_counts(student, rng):
    """Any counts, as the library has them."""
    from course.evaluation.intervals import wilson

    for part in [0.0, 1.0] + [rng.random() for _ in range(20)]:
        n = rng.randint(1, 400)
        successes = round(part * n)
        expected = wilson(successes, n)
        low, high = student.wilson(successes, n)
        assert (low, high) == pytest.approx((expected.low, expected.high), abs=DIGITS)


@pytest.mark.wrong_answer(
    "08.2",
    fails=[
        "test_interval_of_eight_in_ten",
        "test_interval_of_twelve_in_twelve",
        "test_interval_of_another_confidence",
        "test_interval_of_none",
        "test_interval_of_random_counts",
        "test_worst_of_random_slices",
    ],
    hint="are both divided by",
)
def writes_the_textbook_interval():
    """Every interval is share plus or minus 1.96 standard errors."""

    def wilson(successes, n, z=1.96):
        share = successes / n
        half = z * math.sqrt(share * (1 - share) / n)
        return share - half, share + half


@pytest.mark.wrong_answer(
    "08.2",
    fails=[
        "test_interval_of_eight_in_ten",
        "test_interval_of_twelve_in_twelve",
        "test_interval_of_another_confidence",
        "test_interval_of_none",
        "test_interval_of_random_counts",
        "test_worst_of_random_slices",
    ],
    hint="are both divided by",
)
def keeps_the_share_in_the_centre():
    """The interval lies evenly around the measured share."""

    def wilson(successes, n, z=1.96):
        share = successes / n
        half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        return share - half / (1 + z**2 / n), share + half / (1 + z**2 / n)


@pytest.mark.wrong_answer(
    "08.2",
    fails=["test_interval_of_another_confidence"],
    hint="z is an argument",
)
def writes_the_number_down():
    """The confidence is always 95 %."""

    def wilson(successes, n, z=1.96):
        z = 1.96
        share = successes / n
        below = 1 + z**2 / n
        centre = (share + z**2 / (2 * n)) / below
        half = z / below * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        return centre - half, centre + half


@pytest.mark.wrong_answer(
    "08.2",
    fails=[
        "test_interval_of_twelve_in_twelve",
        "test_interval_of_none",
        "test_interval_of_random_counts",
        "test_worst_of_random_slices",
    ],
    hint="the interval still has a width",
)
def leaves_the_extremes_out():
    """Where all or none are right there is nothing to be unsure of."""

    def wilson(successes, n, z=1.96):
        share = successes / n
        if share in (0, 1):
            return share, share
        below = 1 + z**2 / n
        centre = (share + z**2 / (2 * n)) / below
        half = z / below * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        return centre - half, centre + half


# and the worst slice
@pytest.mark.exercise(
    "08.2",
    hint=(
        "A large slice has more mistakes because it is large: compare shares.",
        "sum(right[i] for i in numbers) / len(numbers)",
    ),
)
def test_worst_by_share_not_by_count(student):
    """Half of 40 wrong is worse than a third of 90."""
    right = [1] * 20 + [0] * 20 + [1] * 60 + [0] * 30 + [1] * 170
    slices = {"large": list(range(40, 130)), "question": list(range(40))}
    assert student.worst_slice(right, slices) == "question"


@pytest.mark.exercise(
    "08.2",
    hint=(
        "One text, or two, may be wrong by chance: the upper end of the slice's "
        "interval must lie below the accuracy of all texts.",
        "_, high = wilson(hits, n), and high < overall.",
    ),
)
def test_small_slices_are_no_finding(student):
    """One wrong of two is worse in share, but may be chance."""
    right = [1] * 80 + [0] * 20
    slices = {"long": list(range(50, 100)), "one": [99, 0]}
    assert student.worst_slice(right, slices) == "long"


@pytest.mark.exercise(
    "08.2",
    hint=(
        "If no slice's interval lies below the accuracy of all texts, the answer is "
        "None.",
        "Begin with worst = None and return it unchanged.",
    ),
)
def test_no_slice_stands_out(student):
    """Slices that are about as good as the whole give None."""
    right = [1, 1, 1, 1, 0] * 20
    slices = {"first half": list(range(50)), "second half": list(range(50, 100))}
    assert student.worst_slice(right, slices) is None, "None was expected"


@pytest.mark.hidden
@pytest.mark.exercise("08.2", hint="A slice may hold no text: leave it out.")
def test_slice_without_texts(student):
    """An empty slice has no accuracy."""
    right = [1] * 60 + [0] * 40
    slices = {"none": [], "end": list(range(60, 100)), "start": list(range(60))}
    assert student.worst_slice(right, slices) == "end"
    assert student.worst_slice(right, {"none": []}) is None


@pytest.mark.hidden
@pytest.mark.exercise(
    "08.2", points=2, hint="Of those that stand out, the lowest accuracy wins."
)
def test_worst_of_random_slices(student, reference, rng):
    """Any slices, of any size, that share texts; of equals, any may be returned."""
    for _ in range(20):
        right = [int(rng.random() < 0.8) for _ in range(200)]
        bad = rng.sample(range(200), 60)
        for i in bad:
            right[i] = int(rng.random() < 0.45)
        others = [i for i in range(200) if i not in bad]
        slices = {"bad": bad, "bad and more": bad + rng.sample(others, 20)}
        for number in range(8):
            size = rng.choice([1, 2, 3, 5, 20, 80])
            slices[f"slice {number}"] = rng.sample(range(200), size)
        shares = {
            name: sum(right[i] for i in numbers) / len(numbers)
            for name, numbers in slices.items()
            if reference.worst_slice(right, {name: numbers})  # it stands out
        }
        lowest = min(shares.values(), default=None)
        worst = [name for name, share in shares.items() if share == lowest] or [None]
        assert student.worst_slice(right, slices) in worst


@pytest.mark.hidden
@pytest.mark.exercise(
    "08.2", hint="Neither order nor size counts: of those that stand out, the accuracy."
)
def test_worse_slice_may_be_smaller_and_come_first_or_last(student):
    """The lowest accuracy wins, although a larger slice's interval ends lower."""
    right = [1, 0] * 50 + [1, 1, 0, 0, 0] * 4 + [1] * 180
    bad, worse = list(range(100)), list(range(100, 120))
    assert student.worst_slice(right, {"bad": bad, "worse": worse}) == "worse"
    assert student.worst_slice(right, {"worse": worse, "bad": bad}) == "worse"


@pytest.mark.wrong_answer(
    "08.2",
    fails=[
        "test_worst_by_share_not_by_count",
        "test_worst_of_random_slices",
        "test_worse_slice_may_be_smaller_and_come_first_or_last",
    ],
    hint="compare shares",
)
def counts_the_mistakes():
    """The worst slice has the most mistakes."""

    def worst_slice(right, slices):
        overall, worst, most = sum(right) / len(right), None, 0
        for name, numbers in slices.items():
            if not numbers:
                continue
            hits = sum(right[i] for i in numbers)
            below = wilson(hits, len(numbers))[1] < overall
            if below and len(numbers) - hits > most:
                worst, most = name, len(numbers) - hits
        return worst


@pytest.mark.wrong_answer(
    "08.2",
    fails=[
        "test_small_slices_are_no_finding",
        "test_no_slice_stands_out",
        "test_slice_without_texts",
        "test_worst_of_random_slices",
    ],
    hint="may be wrong by chance",
)
def takes_the_lowest_accuracy():
    """The slice with the lowest accuracy is the worst, however small."""

    def worst_slice(right, slices):
        shares = {
            name: sum(right[i] for i in numbers) / max(1, len(numbers))
            for name, numbers in slices.items()
        }
        return min(shares, key=shares.get)


@pytest.mark.wrong_answer(
    "08.2",
    fails=["test_no_slice_stands_out", "test_worst_of_random_slices"],
    hint="lies below the accuracy of all texts, the answer is",
)
def looks_at_the_lower_end():
    """A slice stands out if its interval begins below the whole."""

    def worst_slice(right, slices):
        overall, worst, lowest = sum(right) / len(right), None, 1.0
        for name, numbers in slices.items():
            if len(numbers) < 3:
                continue
            hits = sum(right[i] for i in numbers)
            share = hits / len(numbers)
            if wilson(hits, len(numbers))[0] < overall and share < lowest:
                worst, lowest = name, share
        return worst


@pytest.mark.wrong_answer(
    "08.2",
    fails=[
        "test_worst_of_random_slices",
        "test_worse_slice_may_be_smaller_and_come_first_or_last",
    ],
    hint="the lowest accuracy wins",
)
def takes_the_lowest_upper_end():
    """The worst slice is the one whose interval ends lowest."""

    def worst_slice(right, slices):
        overall, worst, lowest = sum(right) / len(right), None, 1.0
        for name, numbers in slices.items():
            if len(numbers) == 0:
                continue
            _, high = wilson(sum(right[i] for i in numbers), len(numbers))
            if high < min(overall, lowest):
                worst, lowest = name, high
        return worst


@pytest.mark.wrong_answer(
    "08.2",
    fails=["test_slice_without_texts"],
    hint="A slice may hold no text",
)
def divides_by_nothing():
    """Every slice has texts."""

    def worst_slice(right, slices):
        overall, worst, lowest = sum(right) / len(right), None, 1.0
        for name, numbers in slices.items():
            hits = sum(right[i] for i in numbers)
            share = hits / len(numbers)
            if wilson(hits, len(numbers))[1] < overall and share < lowest:
                worst, lowest = name, share
        return worst


# Exercise 08.3: which is better?
@pytest.mark.exercise(
    "08.3",
    hint=(
        "Both models are looked at on the same drawn texts, and a number drawn twice "
        "counts twice.",
        "sum(right_a[i] - right_b[i] for i in numbers) / len(numbers)",
    ),
)
def test_first_is_better(student):
    """Both have two of four, but in every resample the first is ahead."""
    draws = [[0, 1, 1, 0], [0, 0, 1, 2], [1, 3, 1, 1]]
    assert student.better([1, 1, 0, 0], [0, 0, 1, 1], draws) == "a"


@pytest.mark.exercise(
    "08.3",
    hint=(
        "The whole interval must lie on one side of 0; where 0 is inside, or exactly "
        "an end, these texts cannot tell.",
        "a if low > 0, b if high < 0, else neither.",
    ),
)
def test_zero_in_the_interval_cannot_tell(student):
    """Half of the resamples show no difference."""
    draws = [[0, 0], [1, 1]] * 20
    assert student.better([1, 1], [0, 1], draws) == "not distinguishable"


@pytest.mark.exercise(
    "08.3",
    hint=(
        "Differences below 0 mean that the second model is better.",
        "Ask for high < 0 too.",
    ),
)
def test_second_is_better(student):
    """The second is ahead in every resample."""
    draws = [[0, 1], [0, 0], [1, 1]]
    assert student.better([0, 0], [1, 1], draws) == "b"


@pytest.mark.hidden
@pytest.mark.exercise("08.3", hint="One resample in forty may be left out at each end.")
def test_rare_resamples_do_not_decide(student):
    """One resample of a hundred against the others lies outside the interval."""
    draws = [[0]] * 99 + [[1]]
    assert student.better([1, 0], [0, 1], draws) == "a"


@pytest.mark.hidden
@pytest.mark.exercise("08.3", hint="Paired texts tell more than two intervals apart.")
def test_small_lead_on_the_same_texts(student, rng):
    """Ten texts that only the first gets right, and none the other way."""
    a = [1] * 30 + [1] * 40 + [0] * 30
    b = [1] * 30 + [0] * 10 + [1] * 30 + [0] * 30
    draws = [[rng.randrange(100) for _ in range(100)] for _ in range(200)]
    assert student.better(a, b, draws) == "a"


@pytest.mark.hidden
@pytest.mark.exercise(
    "08.3", points=2, hint="A lead on all texts is not enough: look at the resamples."
)
def test_verdicts_on_random_models(student, reference, rng):
    """Any two models, close or far apart."""
    for lead in (-0.4, -0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.4) * 3:
        n = 40
        a = [int(rng.random() < 0.6 + lead / 2) for _ in range(n)]
        b = [int(rng.random() < 0.6 - lead / 2) for _ in range(n)]
        draws = [[rng.randrange(n) for _ in range(n)] for _ in range(100)]
        assert student.better(a, b, draws) == reference.better(a, b, draws)


@pytest.mark.wrong_answer(
    "08.3",
    fails=[
        "test_first_is_better",
        "test_zero_in_the_interval_cannot_tell",
        "test_rare_resamples_do_not_decide",
        "test_verdicts_on_random_models",
    ],
    hint="on the same drawn texts",
)
def looks_at_the_mean_only():
    """Who has more right answers is better."""

    def better(right_a, right_b, draws):
        if sum(right_a) == sum(right_b):
            return "not distinguishable"
        return "a" if sum(right_a) > sum(right_b) else "b"


@pytest.mark.wrong_answer(
    "08.3",
    fails=[
        "test_first_is_better",
        "test_second_is_better",
        "test_rare_resamples_do_not_decide",
        "test_small_lead_on_the_same_texts",
        "test_verdicts_on_random_models",
    ],
    hint="on the same drawn texts",
)
def takes_the_difference_the_other_way():
    """The difference is the second less the first."""

    def better(right_a, right_b, draws):
        differences = [
            sum(right_b[i] - right_a[i] for i in numbers) / len(numbers)
            for numbers in draws
        ]
        low, high = np.quantile(differences, [0.025, 0.975])
        if low > 0:
            return "a"
        return "b" if high < 0 else "not distinguishable"


@pytest.mark.wrong_answer(
    "08.3",
    fails=["test_second_is_better", "test_verdicts_on_random_models"],
    hint="that the second model is better",
)
def asks_for_the_first_only():
    """Either the first is better or nobody is."""

    def better(right_a, right_b, draws):
        differences = [
            sum(right_a[i] - right_b[i] for i in numbers) / len(numbers)
            for numbers in draws
        ]
        low, _ = np.quantile(differences, [0.025, 0.975])
        return "a" if low > 0 else "not distinguishable"


@pytest.mark.wrong_answer(
    "08.3",
    fails=["test_small_lead_on_the_same_texts", "test_verdicts_on_random_models"],
    hint="Paired texts tell more",
)
def compares_two_intervals():
    """Two models differ if their intervals do not overlap."""

    def better(right_a, right_b, draws):
        ends = []
        for right in (right_a, right_b):
            shares = [sum(right[i] for i in draw) / len(draw) for draw in draws]
            ends.append(np.quantile(shares, [0.025, 0.975]))
        if ends[0][0] > ends[1][1]:
            return "a"
        return "b" if ends[1][0] > ends[0][1] else "not distinguishable"


# Exercise 08.4: per token and per byte
@pytest.mark.exercise(
    "08.4",
    hint=(
        "Perplexity is exp of the mean loss of a token, not of the sum, and not of the "
        "words.",
        "math.exp(total / number of tokens)",
    ),
)
def test_perplexity_of_one_text(student):
    """Three tokens, each one of eight: perplexity 8."""
    perplexity, _ = student.surprise([[math.log(8)] * 3], ["a cat"])
    assert perplexity == pytest.approx(8)


@pytest.mark.exercise(
    "08.4",
    hint=(
        "Every token weighs alike: add up all losses and count all tokens, then divide "
        "once.",
        "A mean of the texts' perplexities lets short texts weigh too much.",
    ),
)
def test_every_token_weighs_alike(student):
    """A long text weighs more than a short one."""
    losses = [[math.log(2)] * 3, [math.log(32)]]
    perplexity, _ = student.surprise(losses, ["abc", "d"])
    assert perplexity == pytest.approx(4)


@pytest.mark.exercise(
    "08.4",
    hint=(
        "The losses are in nats; a bit is ln 2 = 0.69 of a nat, so the same surprise "
        "is a larger number of bits.",
        "total / math.log(2) / number of bytes",
    ),
)
def test_nats_become_bits(student):
    """One token, one of sixteen, for one byte: four bits."""
    _, bits = student.surprise([[math.log(16)]], ["a"])
    assert bits == pytest.approx(4)


@pytest.mark.exercise(
    "08.4",
    hint=(
        "é is one character and two bytes of UTF-8: bytes are counted here.",
        "len(text.encode())",
    ),
)
def test_bytes_are_counted_not_characters(student):
    """Four bytes in two characters."""
    _, bits = student.surprise([[math.log(2)] * 4], ["éé"])
    assert bits == pytest.approx(1)


@pytest.mark.hidden
@pytest.mark.exercise("08.4", hint="Bits per byte do not depend on the cut.")
def test_cut_does_not_change_bits_per_byte(student):
    """The same total loss in more tokens: other perplexity, same bits."""
    few = student.surprise([[3.0, 3.0]], ["a text"])
    many = student.surprise([[1.0] * 6], ["a text"])
    assert few[0] == pytest.approx(math.exp(3))
    assert many[0] == pytest.approx(math.exp(1))
    assert few[1] == pytest.approx(many[1])


@pytest.mark.hidden
@pytest.mark.exercise("08.4", points=2, hint="Sum first, divide once, in both numbers.")
def test_surprise_of_random_texts(student, reference, rng):
    """Any texts, of any scripts and lengths."""
    for _ in range(10):
        texts = [
            "".join(rng.choice("ab é字🙂") for _ in range(rng.randint(1, 12)))
            for _ in range(rng.randint(2, 5))
        ]
        losses = [[rng.uniform(0, 6) for _ in range(rng.randint(1, 9))] for _ in texts]
        expected = reference.surprise(losses, texts)
        assert tuple(student.surprise(losses, texts)) == pytest.approx(expected)


@pytest.mark.wrong_answer(
    "08.4",
    fails=[
        "test_perplexity_of_one_text",
        "test_every_token_weighs_alike",
        "test_cut_does_not_change_bits_per_byte",
        "test_surprise_of_random_texts",
    ],
    hint="not of the words",
)
def divides_by_words():
    """Perplexity is per word."""

    def surprise(losses, texts):
        total = sum(sum(row) for row in losses)
        words = sum(max(1, len(text.split())) for text in texts)
        n_bytes = sum(len(text.encode()) for text in texts)
        return math.exp(total / words), total / math.log(2) / n_bytes


@pytest.mark.wrong_answer(
    "08.4",
    fails=["test_every_token_weighs_alike", "test_surprise_of_random_texts"],
    hint="Every token weighs alike",
)
def averages_the_texts():
    """The perplexity of many texts is the mean of theirs."""

    def surprise(losses, texts):
        total = sum(sum(row) for row in losses)
        each = [math.exp(sum(row) / len(row)) for row in losses]
        n_bytes = sum(len(text.encode()) for text in texts)
        return sum(each) / len(each), total / math.log(2) / n_bytes


@pytest.mark.wrong_answer(
    "08.4",
    fails=["test_bytes_are_counted_not_characters", "test_surprise_of_random_texts"],
    hint="one character and two bytes",
)
def counts_characters():
    """A character is a byte."""

    def surprise(losses, texts):
        total = sum(sum(row) for row in losses)
        n_tokens = sum(len(row) for row in losses)
        n_bytes = sum(len(text) for text in texts)
        return math.exp(total / n_tokens), total / math.log(2) / n_bytes


@pytest.mark.wrong_answer(
    "08.4",
    fails=[
        "test_nats_become_bits",
        "test_bytes_are_counted_not_characters",
        "test_surprise_of_random_texts",
    ],
    hint="a bit is ln 2",
)
def stays_in_nats():
    """A loss is in bits already."""

    def surprise(losses, texts):
        total = sum(sum(row) for row in losses)
        n_tokens = sum(len(row) for row in losses)
        n_bytes = sum(len(text.encode()) for text in texts)
        return math.exp(total / n_tokens), total / n_bytes


# Exercise 08.5: BLEU
MAT = ["the", "cat", "is", "on", "the", "mat"]


@pytest.mark.exercise(
    "08.5",
    hint=(
        "With max_order=1 BLEU is the precision of single words, times 100. The "
        "reference has two times the, so two of the seven may count, not all.",
        "min(count in the text, count in the reference), as `Counter & Counter` does.",
    ),
)
def test_clipping(student):
    """Seven times "the" against two: 2 of 7."""
    score = student.bleu(["the"] * 7, [MAT], max_order=1)
    assert score == pytest.approx(100 * 2 / 7)


@pytest.mark.exercise(
    "08.5",
    hint=(
        "A text that is shorter than its reference pays: every word of it is right, "
        "but four are missing.",
        "Multiply by math.exp(1 - r / c) where c is smaller than r.",
    ),
)
def test_brevity_penalty(student):
    """Two right words of six: e to the power of -2."""
    score = student.bleu(["the", "cat"], [MAT], max_order=2)
    assert score == pytest.approx(100 * math.exp(1 - 6 / 2))


@pytest.mark.exercise(
    "08.5",
    hint=(
        "The precisions of n = 1 to max_order are multiplied, and the root is taken; "
        "their plain mean is another number.",
        "exp of the mean of their logarithms.",
    ),
)
def test_geometric_mean(student):
    """5 of 6 words and 3 of 5 pairs: the root of a half."""
    words = ["the", "cat", "sat", "on", "the", "mat"]
    score = student.bleu(words, [MAT], max_order=2)
    assert score == pytest.approx(100 * math.sqrt(5 / 6 * 3 / 5))


@pytest.mark.exercise(
    "08.5",
    hint=(
        "Of several references the one that holds an n-gram most often allows it so "
        "many times; they are not added up.",
        "Keep the larger count of each n-gram: `Counter | Counter`.",
    ),
)
def test_references_are_not_added_up(student):
    """Once in one and twice in another allow two, not three."""
    references = [["a", "b", "c", "d"], ["a", "a", "b", "c"]]
    assert student.bleu(["a"] * 4, references, max_order=1) == pytest.approx(50)


@pytest.mark.hidden
@pytest.mark.exercise(
    "08.5", hint="No n-gram of some length, or none that matches: BLEU is 0."
)
def test_texts_without_a_match(student):
    """Empty, short and unlike texts score 0; equal ones 100."""
    assert student.bleu([], [MAT]) == 0
    assert student.bleu(["the", "cat"], [MAT]) == 0
    assert student.bleu(list("abcdef"), [MAT]) == 0
    assert student.bleu(MAT, [MAT]) == pytest.approx(100)


@pytest.mark.hidden
@pytest.mark.exercise(
    "08.5", hint="The brevity penalty looks at the reference nearest in length."
)
def test_nearest_reference_sets_the_length(student):
    """Of four, five and nine words, four is nearest to four."""
    words = list("abcd")
    references = [list("abcdefghi"), list("abcd")]
    assert student.bleu(words, references) == pytest.approx(100)
    references = [list("abcdef"), list("xy")]
    assert student.bleu(words, references) == pytest.approx(100)


@pytest.mark.hidden
@pytest.mark.exercise(
    "08.5", points=2, hint="Compare with sacrebleu, without smoothing and tokenizer."
)
def test_bleu_of_random_texts(student, rng):
    """Any texts, as sacrebleu scores them."""
    from sacrebleu.metrics import BLEU

    for order in (1, 2, 3, 4, 2, 3):
        metric = BLEU(smooth_method="none", tokenize="none", max_ngram_order=order)
        for _ in range(6):
            words = random_words(rng)
            references = [random_words(rng) for _ in range(rng.randint(1, 3))]
            joined = [[" ".join(reference)] for reference in references]
            expected = metric.corpus_score([" ".join(words)], joined).score
            assert student.bleu(words, references, order) == pytest.approx(expected)


@pytest.mark.wrong_answer(
    "08.5",
    fails=[
        "test_clipping",
        "test_references_are_not_added_up",
        "test_bleu_of_random_texts",
    ],
    hint="two of the seven may count",
)
def does_not_clip():
    """An n-gram that stands in the reference always counts."""

    def bleu(words, references, max_order=4):
        logarithms = 0.0
        for n in range(1, max_order + 1):
            own = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
            known = {
                tuple(r[i : i + n]) for r in references for i in range(len(r) - n + 1)
            }
            matches = sum(gram in known for gram in own)
            if matches == 0:
                return 0.0
            logarithms += math.log(matches / len(own)) / max_order
        lengths = sorted(len(r) for r in references)
        nearest = min(lengths, key=lambda length: abs(length - len(words)))
        return 100 * math.exp(logarithms + min(0, 1 - nearest / len(words)))


@pytest.mark.wrong_answer(
    "08.5",
    fails=["test_brevity_penalty", "test_bleu_of_random_texts"],
    hint="shorter than its reference pays",
)
def forgets_the_brevity_penalty():
    """Precision is all that counts."""

    def bleu(words, references, max_order=4):
        logarithms = 0.0
        for n in range(1, max_order + 1):
            own = Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
            allowed = Counter()
            for r in references:
                allowed |= Counter(tuple(r[i : i + n]) for i in range(len(r) - n + 1))
            matches = sum((own & allowed).values())
            if matches == 0:
                return 0.0
            logarithms += math.log(matches / sum(own.values())) / max_order
        return 100 * math.exp(logarithms)


@pytest.mark.wrong_answer(
    "08.5",
    fails=["test_geometric_mean", "test_texts_without_a_match"]
    + ["test_bleu_of_random_texts"],
    hint="their plain mean is another number",
)
def takes_the_plain_mean_of_precisions():
    """The precisions are averaged."""

    def bleu(words, references, max_order=4):
        total = 0.0
        for n in range(1, max_order + 1):
            own = Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
            allowed = Counter()
            for r in references:
                allowed |= Counter(tuple(r[i : i + n]) for i in range(len(r) - n + 1))
            total += sum((own & allowed).values()) / max(1, sum(own.values()))
        lengths = sorted(len(r) for r in references)
        nearest = min(lengths, key=lambda length: abs(length - len(words)))
        brevity = math.exp(min(0, 1 - nearest / max(1, len(words))))
        return 100 * brevity * total / max_order


@pytest.mark.wrong_answer(
    "08.5",
    fails=["test_references_are_not_added_up", "test_bleu_of_random_texts"],
    hint="they are not added up",
)
def adds_the_references_up():
    """All references together are one long one."""

    def bleu(words, references, max_order=4):
        logarithms = 0.0
        for n in range(1, max_order + 1):
            own = Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
            allowed = Counter()
            for r in references:
                allowed += Counter(tuple(r[i : i + n]) for i in range(len(r) - n + 1))
            matches = sum((own & allowed).values())
            if matches == 0:
                return 0.0
            logarithms += math.log(matches / sum(own.values())) / max_order
        lengths = sorted(len(r) for r in references)
        nearest = min(lengths, key=lambda length: abs(length - len(words)))
        return 100 * math.exp(logarithms + min(0, 1 - nearest / len(words)))


# Exercise 08.6: agreement, and the verdict on the claim
@pytest.mark.exercise(
    "08.6",
    hint=(
        "Three of four are equal, and chance would give a half: kappa is less than "
        "0.75.",
        "expected: for each name the product of both raters' shares, added up.",
    ),
)
def test_kappa_takes_chance_away(student):
    """Three of four equal ratings, a half by chance: 0.5."""
    value = student.kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"])
    assert value == pytest.approx(0.5)


@pytest.mark.exercise(
    "08.6",
    hint=(
        "Chance depends on how often each rater uses each name; it is not one in the "
        "number of names.",
        "(share of the first) * (share of the second), for each name.",
    ),
)
def test_kappa_of_a_rubber_stamp(student):
    """Who always says good agrees on nine of ten, and knows nothing: 0."""
    value = student.kappa(["good"] * 9 + ["bad"], ["good"] * 10)
    assert value == pytest.approx(0)


@pytest.mark.exercise(
    "08.6",
    hint=(
        "If both only ever say the same one name, nothing is left to take chance from: "
        "return None.",
        "Look whether expected is 1 before you divide.",
    ),
)
def test_kappa_that_is_not_defined(student):
    """One name only: None."""
    assert student.kappa(["good"] * 3, ["good"] * 3) is None, "None was expected"


@pytest.mark.exercise(
    "08.6",
    hint=(
        "The verdict follows from kappa alone, by the rule in the text; agreement "
        "below chance is no support for the claim.",
        "false up to 0.2, true from 0.6, between them depends; with kappa beside it.",
    ),
)
def test_verdict_on_the_six_answers(student):
    """BLEU chose the wrong answer of each of the six: false, with kappa -1."""
    people = ["first", "second"] * 3
    verdict, evidence = student.bleu_judges_chat(["second", "first"] * 3, people)
    assert verdict == "false"
    assert evidence == pytest.approx(-1)


@pytest.mark.hidden
@pytest.mark.exercise("08.6", hint="The borders belong to true and to false.")
def test_verdicts_by_the_rule(student):
    """High agreement is true, some is depends, none or undefined false."""
    people = ["first"] * 10 + ["second"] * 10
    for changed, expected in ((0, "true"), (2, "true"), (3, "depends"), (5, "false")):
        flip = {"first": "second", "second": "first"}
        bleu = [flip[c] if i % 10 < changed else c for i, c in enumerate(people)]
        verdict, evidence = student.bleu_judges_chat(bleu, people)
        assert verdict == expected
        assert evidence == pytest.approx(1 - changed / 5)
    verdict, evidence = student.bleu_judges_chat(["first"] * 3, ["first"] * 3)
    assert (verdict, evidence) == ("false", None)


@pytest.mark.hidden
@pytest.mark.exercise("08.6", points=2, hint="Compare with cohen_kappa_score.")
def test_kappa_of_random_ratings(student, rng):
    """Any names, as scikit-learn has it."""
    from sklearn.metrics import cohen_kappa_score

    for _ in range(20):
        names = ["a", "b", "c", "d"][: rng.randint(2, 4)]
        first = ["a", "b"] + [rng.choice(names) for _ in range(rng.randint(3, 30))]
        second = [x if rng.random() < 0.5 else rng.choice(names) for x in first]
        expected = float(cohen_kappa_score(first, second))
        assert student.kappa(first, second) == pytest.approx(expected)


@pytest.mark.wrong_answer(
    "08.6",
    fails=[
        "test_kappa_takes_chance_away",
        "test_kappa_of_a_rubber_stamp",
        "test_kappa_that_is_not_defined",
        "test_verdict_on_the_six_answers",
        "test_verdicts_by_the_rule",
        "test_kappa_of_random_ratings",
    ],
    hint="chance would give a half",
)
def reports_plain_agreement():
    """Agreement is the share of equal ratings."""

    def kappa(first, second):
        return sum(x == y for x, y in zip(first, second, strict=True)) / len(first)

    def bleu_judges_chat(choices_of_bleu, choices_of_people):
        value = kappa(choices_of_bleu, choices_of_people)
        if value <= 0.2:
            return "false", value
        return ("true" if value >= 0.6 else "depends"), value


@pytest.mark.wrong_answer(
    "08.6",
    fails=[
        "test_kappa_of_a_rubber_stamp",
        "test_kappa_that_is_not_defined",
        "test_verdicts_by_the_rule",
        "test_kappa_of_random_ratings",
    ],
    hint="how often each rater uses each name",
)
def takes_chance_as_one_in_k():
    """By chance one in the number of names agrees."""

    def kappa(first, second):
        observed = sum(x == y for x, y in zip(first, second, strict=True)) / len(first)
        expected = 1 / max(2, len({*first, *second}))
        return (observed - expected) / (1 - expected)

    def bleu_judges_chat(choices_of_bleu, choices_of_people):
        value = kappa(choices_of_bleu, choices_of_people)
        if value <= 0.2:
            return "false", value
        return ("true" if value >= 0.6 else "depends"), value


@pytest.mark.wrong_answer(
    "08.6",
    fails=["test_kappa_that_is_not_defined", "test_verdicts_by_the_rule"],
    hint="nothing is left to take chance from",
)
def calls_one_name_perfect():
    """Who always agrees agrees perfectly."""

    def kappa(first, second):
        n = len(first)
        observed = sum(x == y for x, y in zip(first, second, strict=True)) / n
        names = {*first, *second}
        expected = sum(first.count(x) * second.count(x) for x in names) / n**2
        return 1.0 if expected == 1 else (observed - expected) / (1 - expected)

    def bleu_judges_chat(choices_of_bleu, choices_of_people):
        value = kappa(choices_of_bleu, choices_of_people)
        if value <= 0.2:
            return "false", value
        return ("true" if value >= 0.6 else "depends"), value


@pytest.mark.wrong_answer(
    "08.6",
    fails=["test_verdict_on_the_six_answers"],
    hint="below chance is no support",
)
def takes_the_size_of_kappa():
    """A strong kappa, of whatever sign, supports the claim."""

    def kappa(first, second):
        n = len(first)
        observed = sum(x == y for x, y in zip(first, second, strict=True)) / n
        names = {*first, *second}
        expected = sum(first.count(x) * second.count(x) for x in names) / n**2
        return None if expected == 1 else (observed - expected) / (1 - expected)

    def bleu_judges_chat(choices_of_bleu, choices_of_people):
        value = kappa(choices_of_bleu, choices_of_people)
        if value is None or abs(value) <= 0.2:
            return "false", value
        return ("true" if abs(value) >= 0.6 else "depends"), value
