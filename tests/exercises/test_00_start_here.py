"""Cases of lesson 00, with the wrong answers that they must catch."""

import pytest


# Exercise 00.1: count characters and words
@pytest.mark.exercise(
    "00.1",
    hint=(
        "The check looks at what the function gives back. A function that prints and "
        "does not `return` gives back None.",
        'End the function with: return {"characters": ..., "words": ...}',
    ),
)
def test_counts_of_a_word(student):
    """A dictionary with both counts comes back."""
    assert student.count_text("joy") == {"characters": 3, "words": 1}


@pytest.mark.exercise(
    "00.1",
    hint=(
        "A space is a character too, and so is a full stop.",
        "`len(text)` counts every character.",
    ),
)
def test_counts_of_a_sentence(student):
    """Spaces and marks are characters, and no words of their own."""
    counts = student.count_text("A joy to watch.")
    assert counts == {"characters": 15, "words": 4}


@pytest.mark.exercise(
    "00.1",
    hint=(
        "Words are what stands between the spaces: with two spaces in a row, or none "
        "at all, counting spaces goes wrong.",
        "`text.split()` cuts a text at any number of spaces.",
    ),
)
def test_counts_with_more_than_one_space(student):
    """Two spaces in a row part two words, not three."""
    assert student.count_text("so  good") == {"characters": 8, "words": 2}


@pytest.mark.hidden
@pytest.mark.exercise(
    "00.1", hint="An empty text has 0 characters and 0 words: does yours say so?"
)
def test_counts_of_nothing(student):
    """An empty text has no words."""
    assert student.count_text("") == {"characters": 0, "words": 0}


@pytest.mark.hidden
@pytest.mark.exercise(
    "00.1", hint="Try texts with several spaces in a row and with line breaks."
)
def test_counts_of_any_text(student, reference, rng):
    """Any mixture of letters, spaces and line breaks is counted."""
    for _ in range(20):
        text = "".join(rng.choice("ab \n.") for _ in range(rng.randint(1, 30)))
        assert student.count_text(text) == reference.count_text(text)


@pytest.mark.wrong_answer(
    "00.1",
    fails=[
        "test_counts_of_a_word",
        "test_counts_of_a_sentence",
        "test_counts_with_more_than_one_space",
        "test_counts_of_nothing",
        "test_counts_of_any_text",
    ],
    hint="prints and does not `return`",
)
def prints_the_counts():
    """To print a value is to give it back."""

    def count_text(text):
        print({"characters": len(text), "words": len(text.split())})


@pytest.mark.wrong_answer(
    "00.1",
    fails=[
        "test_counts_with_more_than_one_space",
        "test_counts_of_nothing",
        "test_counts_of_any_text",
    ],
    hint="counting spaces goes wrong",
)
def counts_spaces():
    """A text has one word more than it has spaces."""

    def count_text(text):
        return {"characters": len(text), "words": text.count(" ") + 1}


@pytest.mark.wrong_answer(
    "00.1",
    fails=[
        "test_counts_of_a_sentence",
        "test_counts_with_more_than_one_space",
        "test_counts_of_any_text",
    ],
    hint="A space is a character too",
)
def leaves_out_spaces():
    """Spaces are no characters."""

    def count_text(text):
        words = text.split()
        return {"characters": sum(len(word) for word in words), "words": len(words)}


# Exercise 00.2: repair a function
@pytest.mark.exercise(
    "00.2",
    hint=(
        "NameError: Python met a name that nothing has defined. Compare the names in "
        "the loop letter by letter.",
        "`predicton` should be `prediction`.",
    ),
)
def test_accuracy_of_one_answer(student):
    """One right answer of one is an accuracy of 1."""
    assert student.accuracy(["spam"], ["spam"]) == 1


@pytest.mark.exercise(
    "00.2",
    hint=(
        "Accuracy is a share, from 0 to 1: right answers divided by all answers.",
        "`right / len(references)`",
    ),
)
def test_accuracy_of_four_answers(student):
    """Three of four right answers are an accuracy of 0.75."""
    predictions = ["spam", "ham", "ham", "ham"]
    references = ["spam", "ham", "spam", "ham"]
    assert student.accuracy(predictions, references) == 0.75


@pytest.mark.hidden
@pytest.mark.exercise("00.2", hint="Nothing right is an accuracy of 0, not an error.")
def test_accuracy_of_all_wrong(student):
    """All wrong is 0."""
    assert student.accuracy(["a", "b"], ["b", "a"]) == 0


@pytest.mark.hidden
@pytest.mark.exercise(
    "00.2", hint="Each answer is compared with the reference at the same place."
)
def test_accuracy_of_random_answers(student, reference, rng):
    """Any number of answers, with labels of any kind."""
    for labels in (["ham", "spam"], [0, 1, 2]):
        references = [rng.choice(labels) for _ in range(rng.randint(5, 40))]
        predictions = [rng.choice(labels) for _ in references]
        expected = reference.accuracy(predictions, references)
        assert student.accuracy(predictions, references) == pytest.approx(expected)


@pytest.mark.wrong_answer(
    "00.2",
    fails=[
        "test_accuracy_of_one_answer",
        "test_accuracy_of_four_answers",
        "test_accuracy_of_all_wrong",
        "test_accuracy_of_random_answers",
    ],
    hint="met a name that nothing has defined",
)
def keeps_the_misspelling():
    """The error is in the line above or below the one that Python names."""

    def accuracy(predictions, references):
        right = 0
        for prediction, reference in zip(predictions, references, strict=True):
            right += predicton == reference
        return right / len(references)


@pytest.mark.wrong_answer(
    "00.2",
    fails=[
        "test_accuracy_of_four_answers",
        "test_accuracy_of_random_answers",
    ],
    hint="Accuracy is a share",
)
def counts_right_answers():
    """Accuracy is the number of right answers."""

    def accuracy(predictions, references):
        pairs = zip(predictions, references, strict=True)
        return sum(prediction == reference for prediction, reference in pairs)


@pytest.mark.wrong_answer(
    "00.2",
    fails=["test_accuracy_of_random_answers"],
    hint="at the same place",
)
def compares_the_counts_of_labels():
    """A label given as often as it occurs is given rightly."""

    def accuracy(predictions, references):
        if sorted(predictions) == sorted(references):
            return float(predictions == references)
        left = list(references)
        right = 0
        for prediction in predictions:
            if prediction in left:
                left.remove(prediction)
                right += 1
        return right / len(references)


# Exercise 00.3: the same seed, the same sample
@pytest.mark.exercise(
    "00.3",
    hint=(
        "Two calls with the same seed gave different samples: is the seed used?",
        "`random.Random(seed)` makes a generator of your own; draw with it.",
    ),
)
def test_same_seed_gives_same_sample(student):
    """The same seed gives the same sample."""
    texts = [f"text {number}" for number in range(50)]
    first = student.sample_texts(texts, 5, seed=3)
    assert student.sample_texts(texts, 5, seed=3) == first


@pytest.mark.exercise(
    "00.3",
    hint=(
        "A sample holds each text at most once: draw without putting back.",
        "`generator.sample(texts, n)` never takes the same one twice; `choices` does.",
    ),
)
def test_sample_has_n_different_texts(student):
    """There are n texts, all different, and all from the list."""
    texts = [f"text {number}" for number in range(10)]
    sample = student.sample_texts(texts, 10, seed=1)
    assert sorted(sample) == sorted(texts)


@pytest.mark.hidden
@pytest.mark.exercise(
    "00.3",
    hint="Another seed should give another sample: is a seed fixed in the function?",
)
def test_other_seeds_give_other_samples(student):
    """Of twenty seeds nearly all give different samples."""
    texts = [f"text {number}" for number in range(50)]
    samples = {tuple(student.sample_texts(texts, 5, seed=seed)) for seed in range(20)}
    assert len(samples) >= 19, "many seeds give the same sample"


@pytest.mark.hidden
@pytest.mark.exercise(
    "00.3", hint="Every text should have its chance, also the last ones of the list."
)
def test_every_text_can_be_drawn(student):
    """Over many seeds each text is drawn at times."""
    texts = [f"text {number}" for number in range(8)]
    drawn = {
        t for seed in range(200) for t in student.sample_texts(texts, 2, seed=seed)
    }
    assert sorted(drawn) == texts


@pytest.mark.wrong_answer(
    "00.3",
    fails=["test_same_seed_gives_same_sample"],
    hint="is the seed used?",
)
def ignores_the_seed():
    """Random is random: the seed makes no difference."""

    def sample_texts(texts, n, seed):
        return random.sample(texts, n)


@pytest.mark.wrong_answer(
    "00.3",
    fails=["test_other_seeds_give_other_samples", "test_every_text_can_be_drawn"],
    hint="is a seed fixed in the function?",
)
def sets_a_fixed_seed():
    """Reproducible means: always the same."""

    def sample_texts(texts, n, seed):
        generator = random.Random(0)
        return generator.sample(texts, n)


@pytest.mark.wrong_answer(
    "00.3",
    fails=["test_sample_has_n_different_texts"],
    hint="draw without putting back",
)
def draws_with_replacement():
    """Drawing n times is drawing n different ones."""

    def sample_texts(texts, n, seed):
        return random.Random(seed).choices(texts, k=n)


@pytest.mark.wrong_answer(
    "00.3",
    fails=["test_other_seeds_give_other_samples", "test_every_text_can_be_drawn"],
    hint="is a seed fixed in the function?",
)
def takes_the_first():
    """Any n texts are a sample."""

    def sample_texts(texts, n, seed):
        return list(texts[:n])
