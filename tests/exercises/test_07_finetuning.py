"""Cases of lesson 07, with the wrong answers that they must catch."""

import copy

import numpy as np
import pytest


def random_batch(rng):
    """Vectors, and a mask with pads on the right or on the left."""
    n, length, size = rng.randint(2, 5), rng.randint(3, 8), rng.randint(2, 4)
    vectors = np.array([rng.gauss(0, 1) for _ in range(n * length * size)])
    mask = np.ones((n, length), dtype=int)
    for row in mask:
        pads = rng.randint(1, length - 1)
        row[slice(0, pads) if rng.random() < 0.5 else slice(-pads, None)] = 0
    return vectors.reshape(n, length, size), mask


def random_tags(rng):
    """Tags in any order: most sequences are broken."""
    tags = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    return [rng.choice(tags) for _ in range(rng.randint(0, 12))]


# Exercise 07.1: what may change
@pytest.mark.exercise(
    "07.1",
    hint=(
        "Ask each parameter afterwards which ones say True. Setting requires_grad on a "
        "layer, or on the model, makes a new attribute there and freezes nothing.",
        "`for p in model.head.parameters(): p.requires_grad = True`; a layer's method "
        "`requires_grad_(True)` does the same.",
    ),
)
def test_only_the_head_trains(student):
    """With "head" the head's weights and biases train, and nothing else."""
    model = student.tiny_classifier(3, 4, 2)
    student.set_trainable(model, "head")
    assert student.trainable_names(model) == ["head.weight", "head.bias"]


@pytest.mark.exercise(
    "07.1",
    hint=(
        "Count numbers, not tensors: a matrix of 4 times 2 is eight parameters.",
        "`p.numel()` is how many numbers a parameter holds.",
    ),
)
def test_head_is_counted(student):
    """The head's parameters are 4 times 2 weights, and 2 biases."""
    model = student.tiny_classifier(3, 4, 2)
    assert student.set_trainable(model, "head") == 10


@pytest.mark.exercise(
    "07.1",
    hint=(
        "A new head has random weights: it trains under every policy.",
        "model.layers[-1] is the last layer; let its parameters train and the head's.",
    ),
)
def test_last_layer_and_head(student):
    """With "last" the head and the last layer train: 10 and 20."""
    model = student.tiny_classifier(3, 4, 2)
    assert student.set_trainable(model, "last") == 30
    names = ["layers.2.weight", "layers.2.bias", "head.weight", "head.bias"]
    assert student.trainable_names(model) == names


@pytest.mark.exercise(
    "07.1",
    hint=(
        "What an earlier call froze must thaw again: the policy says what trains, "
        "whatever was before.",
        "Set requires_grad for every parameter, to True or to False.",
    ),
)
def test_policy_can_change(student):
    """Another policy on the same model holds from then on."""
    model = student.tiny_classifier(3, 4, 2)
    student.set_trainable(model, "head")
    assert student.set_trainable(model, "full") == 110


@pytest.mark.hidden
@pytest.mark.exercise("07.1", hint="Going back to fewer layers freezes the others.")
def test_policy_can_narrow(student):
    """After "full" and "last", "head" trains the head alone."""
    model = student.tiny_classifier(2, 3, 2)
    student.set_trainable(model, "full")
    student.set_trainable(model, "last")
    assert student.set_trainable(model, "head") == 8
    assert student.trainable_names(model) == ["head.weight", "head.bias"]


@pytest.mark.hidden
@pytest.mark.exercise("07.1", points=2, hint="Models have other sizes, too.")
def test_counts_of_random_models(student, rng):
    """Any size: the counts follow from it."""
    layers, size, labels = rng.randint(1, 5), rng.randint(2, 9), rng.randint(2, 6)
    head, layer = size * labels + labels, size * size + size
    expected = {"head": head, "last": head + layer}
    expected["full"] = head + layers * layer + 10 * size
    for policy, count in expected.items():
        model = student.tiny_classifier(layers, size, labels)
        assert student.set_trainable(model, policy) == count
        assert (
            len(student.trainable_names(model))
            == {
                "head": 2,
                "last": 4,
                "full": 3 + 2 * layers,
            }[policy]
        )


@pytest.mark.wrong_answer(
    "07.1",
    fails=[
        "test_head_is_counted",
        "test_last_layer_and_head",
        "test_policy_can_change",
        "test_policy_can_narrow",
        "test_counts_of_random_models",
    ],
    hint="Count numbers, not tensors",
)
def counts_tensors():
    """A parameter is a tensor, so that a head has two."""

    def set_trainable(model, policy):
        parts = {"head": [model.head], "last": [model.head, model.layers[-1]]}
        model.requires_grad_(False)
        for part in parts.get(policy, [model]):
            part.requires_grad_(True)
        return sum(1 for p in model.parameters() if p.requires_grad)


@pytest.mark.wrong_answer(
    "07.1",
    fails=["test_policy_can_change"],
    hint="must thaw again",
)
def never_thaws():
    """A new model trains everywhere, so that freezing is enough."""

    def set_trainable(model, policy):
        kept = {"head": [model.head], "last": [model.head, model.layers[-1]]}
        names = {id(p) for part in kept.get(policy, [model]) for p in part.parameters()}
        for p in model.parameters():
            if id(p) not in names:
                p.requires_grad = False
        return sum(p.numel() for p in model.parameters() if p.requires_grad)


@pytest.mark.wrong_answer(
    "07.1",
    fails=["test_last_layer_and_head", "test_counts_of_random_models"],
    hint="it trains under every policy",
)
def last_leaves_out_the_head():
    """The policy "last" trains the last layer and nothing else."""

    def set_trainable(model, policy):
        part = {"head": model.head, "last": model.layers[-1], "full": model}[policy]
        model.requires_grad_(False)
        part.requires_grad_(True)
        return sum(p.numel() for p in model.parameters() if p.requires_grad)


@pytest.mark.wrong_answer(
    "07.1",
    fails=[
        "test_head_is_counted",
        "test_last_layer_and_head",
        "test_policy_can_narrow",
        "test_counts_of_random_models",
    ],
    hint="Count numbers, not tensors",
)
def counts_all_parameters():
    """The number of parameters is that of the model, frozen or not."""

    def set_trainable(model, policy):
        parts = {"head": [model.head], "last": [model.head, model.layers[-1]]}
        model.requires_grad_(False)
        for part in parts.get(policy, [model]):
            part.requires_grad_(True)
        return sum(p.numel() for p in model.parameters())


@pytest.mark.wrong_answer(
    "07.1",
    fails=[
        "test_only_the_head_trains",
        "test_head_is_counted",
        "test_last_layer_and_head",
        "test_policy_can_narrow",
        "test_counts_of_random_models",
    ],
    hint="makes a new attribute there and freezes nothing",
)
def sets_the_attribute_of_layers():
    """A layer has requires_grad, as a parameter has."""

    def set_trainable(model, policy):
        model.requires_grad = False
        parts = {"head": [model.head], "last": [model.head, model.layers[-1]]}
        for part in parts.get(policy, [model]):
            part.requires_grad = True
        return sum(p.numel() for p in model.parameters() if p.requires_grad)


# Exercise 07.2: pool
def listed(vectors):
    """An array of any library, or vectors in a list, as lists of numbers."""
    return np.asarray(vectors).tolist()


VECTORS = np.array([[[1.0, 0.0], [3.0, 2.0], [9.0, 9.0]]])
MASK = np.array([[1, 1, 0]])


@pytest.mark.exercise(
    "07.2",
    hint=(
        "Each text has its own vector, from its own tokens alone: shape (n, size).",
        "Tokens are axis 1; axis 0 are the texts.",
    ),
)
def test_one_vector_for_each_text(student):
    """Two texts with two tokens give two vectors."""
    vectors = np.array([[[1.0], [3.0]], [[5.0], [9.0]]])
    mask = np.ones((2, 2), dtype=int)
    assert listed(student.pool(vectors, mask, "mean")) == [[2.0], [7.0]]
    assert listed(student.pool(vectors, mask, "last")) == [[3.0], [9.0]]


@pytest.mark.exercise(
    "07.2",
    hint=(
        "A pad counts neither in the sum nor in the number by which you divide.",
        "Multiply by mask[:, :, None], sum over the tokens (axis=1), and divide by how "
        "many are real.",
    ),
)
def test_mean_of_the_real_ones(student):
    """The mean of two real tokens and a pad is that of the two."""
    assert listed(student.pool(VECTORS, MASK, "mean")) == [[2.0, 1.0]]


@pytest.mark.exercise(
    "07.2",
    hint=(
        "The last place of a row may be a pad: look for the last 1 of the mask.",
        "`mask[:, ::-1].argmax(axis=1)` is how many places from the end it stands.",
    ),
)
def test_last_is_the_last_real_one(student):
    """The last real token, not the last place."""
    assert listed(student.pool(VECTORS, MASK, "last")) == [[3.0, 2.0]]


@pytest.mark.exercise(
    "07.2",
    hint=(
        "In a row with pads on the left, the first place is a pad.",
        "`mask.argmax(axis=1)` is the place of the first 1.",
    ),
)
def test_first_is_the_first_real_one(student):
    """The first real token, behind a pad on the left."""
    mask = np.array([[0, 1, 1]])
    assert listed(student.pool(VECTORS, mask, "first")) == [[3.0, 2.0]]


@pytest.mark.hidden
@pytest.mark.exercise("07.2", points=2, hint="Put more pads beside a text and compare.")
def test_more_pads_change_nothing(student, rng):
    """Pads on either side, with any vectors in them, change nothing."""
    vectors, mask = random_batch(rng)
    for how in ("mean", "first", "last"):
        before = student.pool(vectors, mask, how)
        for width in (((0, 0), (2, 3), (0, 0)), ((0, 0), (0, 4), (0, 0))):
            more = np.pad(vectors, width, constant_values=7.0)
            longer = student.pool(more, np.pad(mask, width[:2]), how)
            assert np.allclose(longer, before)


@pytest.mark.hidden
@pytest.mark.exercise("07.2", hint="Try batches with pads on the left and the right.")
def test_pooled_random_batches(student, reference, rng):
    """Any batch, in all three ways."""
    for _ in range(5):
        vectors, mask = random_batch(rng)
        for how in ("mean", "first", "last"):
            expected = reference.pool(vectors, mask, how)
            assert np.allclose(student.pool(vectors, mask, how), expected)


@pytest.mark.wrong_answer(
    "07.2",
    fails=[
        "test_mean_of_the_real_ones",
        "test_more_pads_change_nothing",
        "test_pooled_random_batches",
    ],
    hint="neither in the sum nor in the number",
)
def averages_the_pads():
    """The vector of a pad is zero or harmless."""

    def pool(hidden_states, mask, how):
        if how == "mean":
            return hidden_states.mean(axis=1)
        rows = np.arange(len(mask))
        last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
        return hidden_states[rows, mask.argmax(axis=1) if how == "first" else last]


@pytest.mark.wrong_answer(
    "07.2",
    fails=[
        "test_mean_of_the_real_ones",
        "test_more_pads_change_nothing",
        "test_pooled_random_batches",
    ],
    hint="neither in the sum nor in the number",
)
def divides_by_the_length():
    """It is enough to set the pads to zero before the mean."""

    def pool(hidden_states, mask, how):
        if how == "mean":
            return (hidden_states * mask[:, :, None]).mean(axis=1)
        rows = np.arange(len(mask))
        last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
        return hidden_states[rows, mask.argmax(axis=1) if how == "first" else last]


@pytest.mark.wrong_answer(
    "07.2",
    fails=[
        "test_last_is_the_last_real_one",
        "test_first_is_the_first_real_one",
        "test_more_pads_change_nothing",
        "test_pooled_random_batches",
    ],
    hint="look for the last 1 of the mask",
)
def takes_the_outer_places():
    """The first token stands at 0 and the last at -1."""

    def pool(hidden_states, mask, how):
        if how == "mean":
            weights = mask[:, :, None]
            return (hidden_states * weights).sum(axis=1) / weights.sum(axis=1)
        return hidden_states[:, 0 if how == "first" else -1]


@pytest.mark.wrong_answer(
    "07.2",
    fails=[
        "test_first_is_the_first_real_one",
        "test_more_pads_change_nothing",
        "test_pooled_random_batches",
    ],
    hint="the first place is a pad",
)
def knows_pads_on_the_right_only():
    """Pads always stand behind the text."""

    def pool(hidden_states, mask, how):
        if how == "mean":
            weights = mask[:, :, None]
            return (hidden_states * weights).sum(axis=1) / weights.sum(axis=1)
        lengths = mask.sum(axis=1)
        places = 0 * lengths if how == "first" else lengths - 1
        return hidden_states[np.arange(len(mask)), places]


# Exercise 07.3: how many labels to buy
CURVE = [(50, 620, 1000), (500, 720, 1000), (5000, 800, 1000)]


@pytest.mark.exercise(
    "07.3",
    hint=(
        "Several budgets reach the target: labels cost money, so take the smallest.",
        "min() of the budgets that reach it.",
    ),
)
def test_smallest_budget(student):
    """The smallest of the budgets that reach the target."""
    assert student.labels_needed(CURVE, 0.65) == 500


@pytest.mark.exercise(
    "07.3",
    hint=(
        "720 of 1,000 is 0.72, but 0.72 is not sure to hold on other texts: look at "
        "the low end of the interval.",
        "wilson(correct, n).low",
    ),
)
def test_low_end_counts(student):
    """A measured 0.72 does not promise 0.71; 0.80 does."""
    assert student.labels_needed(CURVE, 0.71) == 5000


@pytest.mark.exercise(
    "07.3",
    hint=(
        "No budget reaches 0.9: there is no number to return.",
        "`min(budgets, default=None)` gives None for an empty list.",
    ),
)
def test_no_budget_is_enough(student):
    """Out of reach: None."""
    assert student.labels_needed(CURVE, 0.9) is None


@pytest.mark.hidden
@pytest.mark.exercise("07.3", hint="The curve may come in any order.")
def test_curve_in_any_order(student):
    """The order of the points makes no difference."""
    assert student.labels_needed(CURVE[::-1], 0.6) == 500
    assert student.labels_needed([], 0.5) is None


@pytest.mark.hidden
@pytest.mark.exercise("07.3", points=2, hint="Try test sets of different sizes.")
def test_random_curves(student, reference, rng):
    """Any curve and target; few test texts make a wide interval."""
    for _ in range(20):
        curve = []
        for labels in rng.sample(range(10, 9000), 5):
            n = rng.choice([20, 100, 2000])
            curve.append((labels, round(n * rng.uniform(0.5, 1)), n))
        target = rng.uniform(0.5, 0.95)
        expected = reference.labels_needed(curve, target)
        assert student.labels_needed(curve, target) == expected


@pytest.mark.hidden
@pytest.mark.exercise("07.3", hint="With few test texts the low end lies far below.")
def test_few_test_texts(student):
    """18 of 20 right promise less than 850 of 1,000."""
    assert student.labels_needed([(10, 18, 20), (90, 850, 1000)], 0.8) == 90


@pytest.mark.wrong_answer(
    "07.3",
    fails=[
        "test_low_end_counts",
        "test_curve_in_any_order",
        "test_random_curves",
        "test_few_test_texts",
    ],
    hint="look at the low end of the interval",
)
def trusts_the_value():
    """The measured share is what will hold."""

    def labels_needed(curve, target):
        return min((k for k, right, n in curve if right / n >= target), default=None)


@pytest.mark.wrong_answer(
    "07.3",
    fails=["test_smallest_budget", "test_curve_in_any_order", "test_random_curves"],
    hint="take the smallest",
)
def takes_the_most_labels():
    """The most labels are the safest."""

    def labels_needed(curve, target):
        enough = [k for k, right, n in curve if wilson(right, n).low >= target]
        return max(enough, default=None)


@pytest.mark.wrong_answer(
    "07.3",
    fails=["test_no_budget_is_enough", "test_curve_in_any_order", "test_random_curves"],
    hint="there is no number to return",
)
def falls_back_on_the_largest():
    """If nothing suffices, the largest budget will have to do."""

    def labels_needed(curve, target):
        enough = [k for k, right, n in curve if wilson(right, n).low >= target]
        return min(enough) if enough else max((k for k, _, _ in curve), default=0)


# Exercise 07.4: repair an outdated snippet
@pytest.mark.exercise(
    "07.4",
    hint=(
        "Four names changed; their values stay.",
        "A dictionary of old name -> new name, and names.get(key, key).",
    ),
)
def test_new_names(student):
    """Names that changed keep their values; others stay."""
    old = {"evaluation_strategy": "epoch", "no_cuda": True, "seed": 3}
    old["per_gpu_train_batch_size"] = 8
    expected = {"eval_strategy": "epoch", "use_cpu": True, "seed": 3}
    expected["per_device_train_batch_size"] = 8
    assert student.modernise(old) == expected


@pytest.mark.exercise(
    "07.4",
    hint=(
        "Two arguments have no successor: leave them out.",
        "Even with the value None a name that is not known is an error.",
    ),
)
def test_gone_names(student):
    """Names without a successor are left out."""
    old = {"overwrite_output_dir": True, "logging_dir": "logs", "seed": 3}
    assert student.modernise(old) == {"seed": 3}


@pytest.mark.exercise(
    "07.4",
    hint=(
        "warmup_steps takes the share as it is: a number below 1 means a share.",
        "warmup_ratio 0.1 becomes warmup_steps 0.1.",
    ),
)
def test_warmup(student):
    """The share of warm-up goes to warmup_steps."""
    assert student.modernise({"warmup_ratio": 0.1}) == {"warmup_steps": 0.1}


@pytest.mark.exercise(
    "07.4",
    hint=(
        "To load the best model at the end, each evaluated step must have been saved: "
        "both strategies are equal.",
        "Set save_strategy to the new dictionary's eval_strategy, in that case only.",
    ),
)
def test_best_model_at_the_end(student):
    """With load_best_model_at_end both strategies are equal."""
    old = {"evaluation_strategy": "epoch", "load_best_model_at_end": True}
    expected = {"eval_strategy": "epoch", "load_best_model_at_end": True}
    expected["save_strategy"] = "epoch"
    assert student.modernise(old) == expected
    assert student.modernise({"eval_strategy": "no", "save_strategy": "steps"}) == {
        "eval_strategy": "no",
        "save_strategy": "steps",
    }


@pytest.mark.hidden
@pytest.mark.exercise("07.4", hint="If both are given, the steps win, in any order.")
def test_warmup_given_twice(student):
    """The warm-up given in steps wins, in any order."""
    for old in (
        {"warmup_ratio": 0.1, "warmup_steps": 50},
        {"warmup_steps": 50, "warmup_ratio": 0.1},
    ):
        assert student.modernise(old) == {"warmup_steps": 50}


@pytest.mark.hidden
@pytest.mark.exercise(
    "07.4", points=2, hint="Pass the result to TrainingArguments, and see what it says."
)
def test_todays_arguments_take_it(student, reference, rng):
    """TrainingArguments of the installed version takes the result."""
    import inspect

    from transformers import TrainingArguments

    known = set(inspect.signature(TrainingArguments).parameters)
    choices = {
        "evaluation_strategy": "steps",
        "no_cuda": True,
        "per_gpu_train_batch_size": 4,
        "warmup_ratio": 0.2,
        "overwrite_output_dir": True,
        "logging_dir": "logs",
        "learning_rate": 1e-4,
        "load_best_model_at_end": True,
    }
    for _ in range(10):
        names = rng.sample(sorted(choices), rng.randint(3, 8))
        old = {name: choices[name] for name in names}
        if "evaluation_strategy" not in old:
            old["eval_strategy"] = "steps"
        new = student.modernise(copy.deepcopy(old))
        assert sorted(set(new) - known) == []
        assert new == reference.modernise(old)
    TrainingArguments(output_dir="unused", **{**new, "use_cpu": True})


@pytest.mark.wrong_answer(
    "07.4",
    fails=[
        "test_gone_names",
        "test_todays_arguments_take_it",
    ],
    hint="Two arguments have no successor",
)
def keeps_what_is_gone():
    """Arguments without a successor are ignored by the library."""

    def modernise(arguments):
        names = {"evaluation_strategy": "eval_strategy", "no_cuda": "use_cpu"}
        names["per_gpu_train_batch_size"] = "per_device_train_batch_size"
        names["warmup_ratio"] = "warmup_steps"
        new = {names.get(k, k): v for k, v in arguments.items()}
        if "warmup_steps" in arguments:
            new["warmup_steps"] = arguments["warmup_steps"]
        if new.get("load_best_model_at_end"):
            new["save_strategy"] = new["eval_strategy"]
        return new


@pytest.mark.wrong_answer(
    "07.4",
    fails=["test_best_model_at_the_end", "test_todays_arguments_take_it"],
    hint="both strategies are equal",
)
def only_renames():
    """Names changed, and nothing else."""

    def modernise(arguments):
        names = {"evaluation_strategy": "eval_strategy", "no_cuda": "use_cpu"}
        names["per_gpu_train_batch_size"] = "per_device_train_batch_size"
        gone = ("overwrite_output_dir", "logging_dir")
        new = {names.get(k, k): v for k, v in arguments.items() if k not in gone}
        if "warmup_ratio" in new:
            ratio = new.pop("warmup_ratio")
            new.setdefault("warmup_steps", ratio)
        return new


@pytest.mark.wrong_answer(
    "07.4",
    fails=["test_warmup", "test_todays_arguments_take_it"],
    hint="takes the share as it is",
)
def drops_the_warmup():
    """Warm-up by a share is gone."""

    def modernise(arguments):
        names = {"evaluation_strategy": "eval_strategy", "no_cuda": "use_cpu"}
        names["per_gpu_train_batch_size"] = "per_device_train_batch_size"
        gone = ("overwrite_output_dir", "logging_dir", "warmup_ratio")
        new = {names.get(k, k): v for k, v in arguments.items() if k not in gone}
        if new.get("load_best_model_at_end"):
            new["save_strategy"] = new["eval_strategy"]
        return new


# Exercise 07.5: from tags to names
@pytest.mark.exercise(
    "07.5",
    hint=(
        "A span ends before the first tag that does not continue it.",
        "Gap 2 appends (kind, start, i) when a span is open; i is its end.",
    ),
)
def test_spans_of_a_sentence(student):
    """Two names with their ends not included."""
    tags = ["B-PER", "I-PER", "O", "B-LOC", "O"]
    assert student.bio_to_spans(tags) == [("PER", 0, 2), ("LOC", 3, 4)]


@pytest.mark.exercise(
    "07.5",
    hint=(
        "B- always begins a name, also directly behind another of its type.",
        "Only a tag that begins with I- can continue.",
    ),
)
def test_neighbours_are_two_names(student):
    """B-PER behind B-PER is a second person."""
    expected = [("PER", 0, 1), ("PER", 1, 3)]
    assert student.bio_to_spans(["B-PER", "B-PER", "I-PER"]) == expected


@pytest.mark.exercise(
    "07.5",
    hint=(
        "An I- behind O has nothing to continue: it begins a span.",
        "Open a span for every tag but O that does not continue.",
    ),
)
def test_inside_without_a_beginning(student):
    """I-LOC without B-LOC begins a span."""
    assert student.bio_to_spans(["O", "I-LOC", "I-LOC"]) == [("LOC", 1, 3)]


@pytest.mark.exercise(
    "07.5",
    hint=(
        "An I- continues a span of its own type only.",
        'Compare the whole tag: f"I-{kind}".',
    ),
)
def test_another_type_begins_a_span(student):
    """I-LOC behind B-PER is another name."""
    expected = [("PER", 0, 1), ("LOC", 1, 2)]
    assert student.bio_to_spans(["B-PER", "I-LOC"]) == expected


@pytest.mark.hidden
@pytest.mark.exercise("07.5", hint="A sentence may hold no name, or no word.")
def test_sentences_without_names(student):
    """No name, no word: no span."""
    assert student.bio_to_spans(["O", "O"]) == []
    assert student.bio_to_spans([]) == []


@pytest.mark.hidden
@pytest.mark.exercise("07.5", points=2, hint="Follow a broken sequence by hand.")
def test_spans_of_random_tags(student, reference, rng):
    """Any sequence, also broken ones."""
    for _ in range(30):
        tags = random_tags(rng)
        assert student.bio_to_spans(tags) == reference.bio_to_spans(tags)


@pytest.mark.wrong_answer(
    "07.5",
    fails=["test_inside_without_a_beginning", "test_another_type_begins_a_span"]
    + ["test_spans_of_random_tags"],
    hint="it begins a span",
)
def needs_a_beginning():
    """Only B- begins a span; other I- are noise."""

    def bio_to_spans(tags):
        spans, kind, start = [], None, 0
        for i, tag in enumerate([*tags, "O"]):
            if kind is not None and tag == f"I-{kind}":
                continue
            if kind is not None:
                spans.append((kind, start, i))
            kind, start = (tag[2:] if tag.startswith("B-") else None), i
        return spans


@pytest.mark.wrong_answer(
    "07.5",
    fails=["test_another_type_begins_a_span", "test_spans_of_random_tags"],
    hint="of its own type only",
)
def continues_any_type():
    """An I- continues whatever is open."""

    def bio_to_spans(tags):
        spans, kind, start = [], None, 0
        for i, tag in enumerate([*tags, "O"]):
            if kind is not None and tag.startswith("I-"):
                continue
            if kind is not None:
                spans.append((kind, start, i))
            kind, start = (None if tag == "O" else tag[2:]), i
        return spans


@pytest.mark.wrong_answer(
    "07.5",
    fails=["test_neighbours_are_two_names", "test_spans_of_random_tags"],
    hint="also directly behind another",
)
def joins_neighbours():
    """Tags of one type are one name."""

    def bio_to_spans(tags):
        spans, kind, start = [], None, 0
        for i, tag in enumerate([*tags, "O"]):
            if kind is not None and tag[2:] == kind:
                continue
            if kind is not None:
                spans.append((kind, start, i))
            kind, start = (None if tag == "O" else tag[2:]), i
        return spans


@pytest.mark.wrong_answer(
    "07.5",
    fails=[
        "test_spans_of_a_sentence",
        "test_neighbours_are_two_names",
        "test_inside_without_a_beginning",
        "test_another_type_begins_a_span",
        "test_spans_of_random_tags",
    ],
    hint="A span ends before the first tag",
)
def includes_the_end():
    """The end of a span is its last word."""

    def bio_to_spans(tags):
        spans, kind, start = [], None, 0
        for i, tag in enumerate([*tags, "O"]):
            if kind is not None and tag == f"I-{kind}":
                continue
            if kind is not None:
                spans.append((kind, start, i - 1))
            kind, start = (None if tag == "O" else tag[2:]), i
        return spans


# Exercise 07.6: four claims
@pytest.mark.exercise(
    "07.6",
    hint=(
        "Ask the installed version: inspect.signature(TrainingArguments).parameters "
        "holds the names that it takes.",
        "Count which of the two names are among them; the one in the claim decides.",
    ),
)
def test_claim_nine(student):
    """The claim about evaluation_strategy, with the number of known names."""
    verdict, number = student.judge(9)
    assert number == 1
    assert verdict == "false"


@pytest.mark.exercise(
    "07.6",
    hint=(
        "A library can load what has a class in it and weights to download. Read the "
        "source in the list above: how do people get at GPT-3?",
        "Compare the names in transformers.CONFIG_MAPPING without '-' and '_'.",
    ),
)
def test_claim_ten(student):
    """The claim about GPT-3, with the number of model types of that name."""
    verdict, number = student.judge(10)
    assert number == 0
    assert verdict == "false"


@pytest.mark.exercise(
    "07.6",
    hint=(
        "Paste the line into a cell and run it. Count the characters that Python does "
        "not take for quotation marks.",
        "Both curled quotes have to become straight ones.",
    ),
)
def test_claim_eleven(student):
    """The claim about pasted code, with the characters to replace."""
    verdict, number = student.judge(11)
    assert number == 2
    assert verdict == "false"


@pytest.mark.exercise(
    "07.6",
    hint=(
        "Saves compared with what? Training anew from random weights, or words and "
        "logistic regression? And when the model is used?",
        "Of one comparison the claim holds, of another it does not.",
    ),
)
def test_claim_thirteen(student):
    """The claim about time and resources."""
    assert student.judge(13)[0] == "depends"


@pytest.mark.hidden
@pytest.mark.exercise("07.6", hint="Divide the seconds of full by those of tfidf.")
def test_number_of_claim_thirteen(student):
    """How many times as long full takes as tfidf, from the record."""
    from course.finetuning.label_budgets import recorded

    seconds = {row.method: row.seconds for row in recorded() if row.labels == 5000}
    expected = seconds["full"] / seconds["tfidf"]
    assert student.judge(13)[1] == pytest.approx(expected, rel=0.02)


@pytest.mark.hidden
@pytest.mark.exercise("07.6", hint="Each claim has a verdict and a number.")
def test_every_claim_is_judged(student):
    """A verdict in words and a number, for each."""
    for claim in (9, 10, 11, 13):
        verdict, number = student.judge(claim)
        assert verdict in ("true", "false", "depends")
        assert isinstance(number, int | float)
        assert number >= 0


@pytest.mark.wrong_answer(
    "07.6",
    fails=["test_claim_nine"],
    hint="Ask the installed version",
)
def trusts_the_tutorial():
    """An argument that a tutorial names is an argument."""

    def judge(claim):
        rows = [row for row in label_budgets.recorded() if row.labels == 5000]
        seconds = {row.method: row.seconds for row in rows}
        ratio = seconds["full"] / seconds["tfidf"]
        verdicts = {9: ("true", 2), 10: ("false", 0), 11: ("false", 2)}
        return {**verdicts, 13: ("depends", ratio)}[claim]


@pytest.mark.wrong_answer(
    "07.6",
    fails=["test_claim_ten"],
    hint="how do people get at GPT-3?",
)
def takes_gpt_for_gpt_three():
    """A library that knows GPT models knows GPT-3."""

    def judge(claim):
        rows = [row for row in label_budgets.recorded() if row.labels == 5000]
        seconds = {row.method: row.seconds for row in rows}
        ratio = seconds["full"] / seconds["tfidf"]
        kinds = [kind for kind in transformers.CONFIG_MAPPING if "gpt" in kind]
        verdicts = {9: ("false", 1), 10: ("true", len(kinds)), 11: ("false", 2)}
        return {**verdicts, 13: ("depends", ratio)}[claim]


@pytest.mark.wrong_answer(
    "07.6",
    fails=["test_claim_thirteen", "test_number_of_claim_thirteen"],
    hint="Saves compared with what?",
)
def saves_in_any_case():
    """Fine-tuning is cheap, whatever it is compared with."""

    def judge(claim):
        verdicts = {9: ("false", 1), 10: ("false", 0), 11: ("false", 2)}
        return {**verdicts, 13: ("true", 0)}[claim]


@pytest.mark.wrong_answer(
    "07.6",
    fails=["test_claim_eleven"],
    hint="Paste the line into a cell",
)
def quotes_are_quotes():
    """Python takes all quotation marks."""

    def judge(claim):
        rows = [row for row in label_budgets.recorded() if row.labels == 5000]
        seconds = {row.method: row.seconds for row in rows}
        ratio = seconds["full"] / seconds["tfidf"]
        verdicts = {9: ("false", 1), 10: ("false", 0), 11: ("true", 0)}
        return {**verdicts, 13: ("depends", ratio)}[claim]


# Exercise 07.7: a line of a model card
LINE = "accuracy 0.842 [0.821, 0.861], n=1280; baseline 0.758"


@pytest.mark.exercise(
    "07.7",
    hint=(
        "This line has all four: nothing is missing.",
        "Return the names of what was not found, an empty list if all was.",
    ),
)
def test_complete_line(student):
    """A complete line lacks nothing."""
    assert student.missing_from(LINE) == []


@pytest.mark.exercise(
    "07.7",
    hint=(
        "The value stands behind the metric's name, at the beginning; 0.758 is the "
        "baseline's.",
        'Use `re.match`, which looks at the beginning: r"\\w+ (\\d\\.\\d+)".',
    ),
)
def test_line_without_its_value(student):
    """Other numbers of the line are not the value; no value, nothing to hold."""
    line = "accuracy [0.821, 0.861], n=1280; baseline 0.758"
    assert student.missing_from(line) == ["value", "interval"]


@pytest.mark.exercise(
    "07.7",
    hint=(
        "An interval that does not hold its value is a slip of the pen: count it as "
        "missing.",
        "Turn the three texts into numbers: low <= value <= high.",
    ),
)
def test_interval_holds_the_value(student):
    """An interval beside the value is none."""
    line = "f1 0.9 [0.821, 0.861], n=1280; baseline 0.758"
    assert student.missing_from(line) == ["interval"]


@pytest.mark.exercise(
    "07.7",
    hint=(
        "`n=` must stand alone, with a number above 0: `in=3` and `n=0` do not count.",
        'r"\\bn=(\\d+)", and int() of what is in the brackets.',
    ),
)
def test_number_of_texts(student):
    """The number of texts, above 0."""
    rest = " [0.821, 0.861], {}; baseline 0.758"
    for text in ("n=0", "1280 texts", "min=3"):
        assert student.missing_from("f1 0.842" + rest.format(text)) == ["n"]


@pytest.mark.hidden
@pytest.mark.exercise("07.7", hint="An empty line lacks everything, in order.")
def test_empty_line(student):
    """The order is that of the task."""
    everything = ["value", "interval", "n", "baseline"]
    assert student.missing_from("") == everything
    assert student.missing_from("It works well beside the baseline.") == everything


@pytest.mark.hidden
@pytest.mark.exercise("07.7", points=2, hint="Leave out each part and look.")
def test_lines_made_of_parts(student, reference, rng):
    """Any parts, present or not."""
    for _ in range(30):
        value, low, high = (round(rng.uniform(0, 1), 3) for _ in range(3))
        parts = [f"recall {value:.3f}", f" [{low:.3f}, {high:.3f}]"]
        parts += [f", n={rng.randint(0, 3)}", "; baseline 0.500"]
        line = "".join(part for part in parts if rng.random() < 0.7)
        assert student.missing_from(line) == reference.missing_from(line)


@pytest.mark.wrong_answer(
    "07.7",
    fails=["test_line_without_its_value", "test_lines_made_of_parts"],
    hint="0.758 is the baseline's",
)
def takes_any_number_for_the_value():
    """The first decimal number of the line is the value."""

    def missing_from(line):
        value = re.search(r"(\d\.\d+)", line)
        ends = re.search(r"\[(\d\.\d+), (\d\.\d+)\]", line)
        held = value and ends and float(ends[1]) <= float(value[1]) <= float(ends[2])
        n = re.search(r"\bn=(\d+)", line)
        found = {"value": value, "interval": held, "n": n and int(n[1]) > 0}
        found["baseline"] = re.search(r"\bbaseline \d\.\d+", line)
        return [name for name, is_there in found.items() if not is_there]


@pytest.mark.wrong_answer(
    "07.7",
    fails=["test_line_without_its_value", "test_interval_holds_the_value"]
    + ["test_lines_made_of_parts"],
    hint="0.758 is the baseline's",
)
def takes_any_brackets():
    """Two numbers in brackets are an interval."""

    def missing_from(line):
        n = re.search(r"\bn=(\d+)", line)
        found = {
            "value": re.match(r"\w+ (\d\.\d+)", line),
            "interval": re.search(r"\[(\d\.\d+), (\d\.\d+)\]", line),
            "n": n and int(n[1]) > 0,
            "baseline": re.search(r"\bbaseline \d\.\d+", line),
        }
        return [name for name, is_there in found.items() if not is_there]


@pytest.mark.wrong_answer(
    "07.7",
    fails=["test_number_of_texts", "test_lines_made_of_parts"],
    hint="must stand alone",
)
def looks_for_the_letter():
    """Where n= stands, there is a number of texts."""

    def missing_from(line):
        value = re.match(r"\w+ (\d\.\d+)", line)
        ends = re.search(r"\[(\d\.\d+), (\d\.\d+)\]", line)
        held = value and ends and float(ends[1]) <= float(value[1]) <= float(ends[2])
        found = {"value": value, "interval": held, "n": "n=" in line}
        found["baseline"] = re.search(r"\bbaseline \d\.\d+", line)
        return [name for name, is_there in found.items() if not is_there]


@pytest.mark.wrong_answer(
    "07.7",
    fails=["test_empty_line"],
    hint="An empty line lacks everything",
)
def takes_the_word_for_the_number():
    """Where the word baseline stands, there is one."""

    def missing_from(line):
        value = re.match(r"\w+ (\d\.\d+)", line)
        ends = re.search(r"\[(\d\.\d+), (\d\.\d+)\]", line)
        held = value and ends and float(ends[1]) <= float(value[1]) <= float(ends[2])
        n = re.search(r"\bn=(\d+)", line)
        found = {"value": value, "interval": held, "n": n and int(n[1]) > 0}
        found["baseline"] = "baseline" in line
        return [name for name, is_there in found.items() if not is_there]
