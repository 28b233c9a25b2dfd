# ---
# title: "Hyperparameters: what to choose, how to search, and what to believe"
# summary: Learning rate, schedules and regularization measured; searches at equal budget; seeds.
# minutes: 75
# seconds: 120
# needs: []
# objectives:
#   - "**rank** learning rate, batch size and the rest by what they change, on real sentences,"
#   - "**explain** warm-up, schedules, dropout, L1, weight decay and early stopping by numbers,"
#   - "**run** grid, random, genetic and Bayesian searches with the same budget, and prune,"
#   - "**compute** expected improvement from a prior, observations and a surrogate,"
#   - "**decide** from several seeds whether a difference is one."
# sources:
#   - "Goyal et al. 2017. Accurate, Large Minibatch SGD. https://arxiv.org/abs/1706.02677 (warm-up)"
#   - "Loshchilov and Hutter 2017. SGDR. https://arxiv.org/abs/1608.03983 (cosine schedule)"
#   - "Loshchilov and Hutter 2019. Decoupled Weight Decay Regularization. https://arxiv.org/abs/1711.05101"
#   - "Srivastava et al. 2014. Dropout. https://jmlr.org/papers/v15/srivastava14a.html"
#   - "Prechelt 1998. Early Stopping - But When? https://doi.org/10.1007/3-540-49430-8_3"
#   - "Ba, Kiros and Hinton 2016. Layer Normalization. https://arxiv.org/abs/1607.06450"
#   - "Bergstra and Bengio 2012. Random Search for Hyper-Parameter Optimization. https://jmlr.org/papers/v13/bergstra12a.html"
#   - "Jones, Schonlau and Welch 1998. Efficient Global Optimization of Expensive Black-Box Functions. https://doi.org/10.1023/A:1008306431147 (expected improvement)"
#   - "Bergstra et al. 2011. Algorithms for Hyper-Parameter Optimization. NeurIPS (TPE)"
#   - "Jamieson and Talwalkar 2016. Non-stochastic Best Arm Identification. https://arxiv.org/abs/1502.07943 (successive halving)"
#   - "Satterthwaite 1946. An Approximate Distribution of Estimates of Variance Components. https://doi.org/10.2307/3002019"
#   - "Welch 1947. The Generalization of 'Student's' Problem when Several Different Population Variances Are Involved. https://doi.org/10.1093/biomet/34.1-2.28"
# ---

# %% tags=["setup"]
import math
import random
import shutil

import numpy as np
import torch
from scipy import stats
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GridSearchCV

from course.data import load_task
from course.finetuning.baselines import tfidf_model
from course.grading import check
from course.hyperparameters import SearchConfig, Space, comparison, search
from course.hyperparameters.finetuning import FinetuningTrial
from course.hyperparameters.practice import PRACTICE_SPACE, practice_training
from course.hyperparameters.recorded import recorded_search
from course.lessons import predict, reveal
from widgets.hyperparameters import SearchLab
from widgets.quiz import quiz
from widgets.training import TrainingLab

print("torch", torch.__version__)

# %% [markdown] tags=["concept"]
# ## Learned, or chosen
#
# A *parameter* is learned: the weights. A *hyperparameter* is chosen before: the
# *learning rate* (how far one step goes), the *batch size* (texts per step), the number
# of *epochs* (passes over the data), layers, dropout, decay.
#
# Choices are compared on *validation* texts. The test texts stay unseen until one model
# has been chosen.
#
# A real search to begin with, recorded: MiniLM fine-tuned 24 times on 256 sentences of
# film reviews, each time with five hyperparameters drawn at random, and scored on 256
# other sentences.

# %% [markdown] tags=["predict"] prediction="06.p1"
# Who always says the commoner label is right in 0.547 of the 256 sentences. How many of
# the 24 fine-tuned models score no better than that?
#
# Within 3 counts as right.

# %% tags=["predict"]
predict("06.p1", ..., confidence=...)

# %% tags=["demo"]
recorded = recorded_search("random")
trials = sorted(recorded.trials, key=lambda trial: trial["params"]["learning_rate"])
for trial in trials[::2]:
    rate, epochs = (
        trial["params"][name] for name in ("learning_rate", "num_train_epochs")
    )
    bar = "#" * round(60 * max(0, trial["value"] - 0.5))
    print(f"rate {rate:.1e}  epochs {epochs}  accuracy {trial['value']:.3f} {bar}")
majority = 140 / 256
useless = sum(trial["value"] <= majority for trial in trials)
reveal("06.p1", useless, within=3)

# %% [markdown] tags=["observe"]
# Every second trial, by rising learning rate. Half of all 24 learned nothing: too small a
# rate gets nowhere in so few steps, too large a one breaks the model, and one epoch is
# often too short. An analysis of variance gives the learning rate about 70 % of the
# differences (`recorded.importance`).

# %% [markdown] tags=["concept"]
# ## A network that trains in a tenth of a second
#
# To see causes we need many runs. So here is a net of two layers on counts of words
# (TF-IDF): 1,000 sentences to learn from, 852 to validate on, both labels equally
# common there, so the baseline is 0.5. After every epoch it reports three numbers:
# training loss, validation loss, validation accuracy.

# %% tags=["demo"]
torch.set_num_threads(1)  # for tensors so small, more only get in each other's way
dataset = load_task("sentiment", seed=0)
rows, held_out = dataset["train"][:1000], dataset["validation"][:]
words = TfidfVectorizer(max_features=1000, sublinear_tf=True).fit(rows["text"])
x, x_val = (
    torch.tensor(words.transform(part["text"]).toarray(), dtype=torch.float32)
    for part in (rows, held_out)
)
y, y_val = torch.tensor(rows["label"]), torch.tensor(held_out["label"])
print(tuple(x.shape), tuple(x_val.shape))


# %% tags=["demo"]
def train(learning_rate, batch_size=50, epochs=10, seed=0, optimizer="AdamW", **chosen):
    torch.manual_seed(seed)
    cross_entropy = torch.nn.functional.cross_entropy
    middle = torch.nn.LayerNorm(32) if chosen.get("norm") else torch.nn.Identity()
    drop = torch.nn.Dropout(chosen.get("dropout", 0.0))
    layers = torch.nn.Linear(1000, 32), middle, torch.nn.ReLU(), drop
    net = torch.nn.Sequential(*layers, torch.nn.Linear(32, 2))
    options = {"lr": learning_rate, "weight_decay": chosen.get("weight_decay", 0.0)}
    steps = getattr(torch.optim, optimizer)(net.parameters(), **options)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(batch_size):
            loss = cross_entropy(net.train()(x[batch]), y[batch])
            size = sum(weight.abs().sum() for weight in net.parameters())
            steps.zero_grad()
            (loss + chosen.get("l1", 0.0) * size).backward()
            steps.step()
        with torch.no_grad():
            fit, new = net.eval()(x), net(x_val)
        losses = cross_entropy(fit, y), cross_entropy(new, y_val)
        yield (*map(float, losses), (new.argmax(1) == y_val).float().mean().item())


# %% tags=["demo"]
print("rate    training loss  validation loss  accuracy (n=852)")
for rate in (1e-5, 1e-3, 1e-1, 10):
    *_, (fit, new, accuracy) = train(rate)
    print(f"{rate:6}  {fit:13.3f}  {new:15.3f}  {accuracy:8.3f}")
print("batch   training loss  validation loss  accuracy, 5 epochs at rate 0.001")
for size in (5, 50, 500):
    *_, (fit, new, accuracy) = train(1e-3, batch_size=size, epochs=5)
    print(f"{size:6}  {fit:13.3f}  {new:15.3f}  {accuracy:8.3f}")

# %% [markdown] tags=["observe"]
# With the smallest rate and with the largest, a million times apart, the net only
# guesses. Between them accuracy hardly differs, although validation *loss* does: the net at 0.1 is as often right, and
# far too sure where it is wrong. At a fixed number of epochs a batch of 500 takes a
# hundredth of the steps of a batch of 5, and with the same rate it has hardly begun. So
# batch size and learning rate are tuned together.

# %% [markdown] tags=["concept"]
# ## Warm-up and schedules
#
# At first the optimizer knows little: Adam's averages rest on few gradients, and an
# untrained last layer sends large ones. *Warm-up* raises the rate in a line, here from 0.
# Goyal et al. (2017) trained with large batches that way. Then a *schedule* lowers it, so that the last steps
# settle. Linear falls in a line; cosine (Loshchilov and Hutter 2017) in half a wave, with
# $p$ from 0 to 1 the part of the way after the warm-up:
#
# $$\text{rate} = \text{peak} \cdot \tfrac12\,(1 + \cos \pi p)$$

# %% [markdown] tags=["exercise"] exercise="06.1" title="Warm-up and cosine" difficulty=1 minutes=6
# Return the rate at a step: in a line from 0 to the peak at step `warmup_steps`, then
# the cosine to 0 at step `num_steps`.
#
# ```text
# lr_at(5, 100, 10, 0.2)    ->  0.1
# lr_at(55, 100, 10, 0.2)   ->  0.1
# ```


# %% tags=["exercise"] exercise="06.1"
def lr_at(step, num_steps, warmup_steps, peak):
    """Return the learning rate at a step.

    step: 0 to num_steps; warmup_steps: 0 to num_steps - 1; peak: above 0.
    """
    # BEGIN SOLUTION
    if step < warmup_steps:
        return peak * step / warmup_steps
    part = (step - warmup_steps) / (num_steps - warmup_steps)
    return peak * 0.5 * (1 + math.cos(math.pi * part))
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Overfitting, and stopping early
#
# More epochs fit the training texts ever better. *Early stopping* keeps
# the epoch with the best validation score and ends when, for some evaluations, called
# the *patience*, none was better. Prechelt (1998) compares such
# rules.

# %% tags=["demo"]
for epoch, (fit, new, accuracy) in enumerate(train(0.01), start=1):
    print(f"epoch {epoch:2}  training {fit:.3f}  validation {new:.3f}  {accuracy:.3f}")

# %% [markdown] tags=["observe"]
# Training loss falls to nearly nothing. Validation loss is lowest after two epochs and
# more than doubles by the tenth. Accuracy moves by a few points and shows none of this.
# What early stopping keeps depends on which of the two it watches.

# %% tags=["widget"]
TrainingLab("sentiment", patience=1)

# %% [markdown] tags=["question"]
# **Try.** A real fine-tuning, recorded. Raise the patience, one by one. Which step is
# kept, and how many more steps are paid for?
#
# <details><summary>Answer</summary>
#
# Patience 1 stops at step 300 and keeps step 200, with 80.4 %. The best evaluation, 83.1 %
# at step 600, it never sees. Three points are about as much as 852 texts leave uncertain
# either way: patience may have bought a better model, or a lucky step.
#
# </details>

# %% [markdown] tags=["concept"]
# ## Regularization
#
# *Regularization* narrows the gap between training and new texts. *L1* adds the sum of
# the absolute weights to the loss and drives many to nearly 0. *L2* adds their squares.
# *Weight decay* shrinks every weight by a small factor at each step.
#
# *Dropout* (Srivastava et al. 2014) sets each value to 0 with probability $p$ while
# training. Libraries divide the others by $1-p$, so that the mean stays, and drop nothing
# when the model is used. (In the paper $p$ is the share *kept*.)

# %% [markdown] tags=["exercise"] exercise="06.2" title="Dropout" difficulty=1 minutes=6
# Write it for a tensor. Draw one random number from 0 to 1 for each value, with a
# generator of the given seed; those below `p` drop their value.
#
# ```text
# dropout(torch.ones(4), 0.5, train=True, seed=0)   ->  zeros and twos
# dropout(torch.ones(4), 0.5, train=False, seed=0)  ->  ones
# ```


# %% tags=["exercise"] exercise="06.2"
def dropout(values, p, train, seed):
    """Return a tensor of the same shape with dropout.

    values: tensor of any shape; p: 0 to 1, both included; train: whether to drop.
    """
    # BEGIN SOLUTION
    if not train or p == 0:
        return values
    if p == 1:
        return torch.zeros_like(values)
    generator = torch.Generator().manual_seed(seed)
    kept = torch.rand(values.shape, generator=generator) >= p
    return values * kept / (1 - p)
    # END SOLUTION


# %% [markdown] tags=["predict"] prediction="06.p2"
# Claim to check: *layer normalization regularizes, like dropout*. It rescales the hidden
# values of each text to mean 0 and variance 1, then by two learned vectors.
#
# We measure the gap, validation loss less training loss, with five seeds each. Which of
# these narrow it? Write a dictionary of `"yes"` and `"no"` with the keys `"layer norm"`,
# `"dropout"`, `"weight decay"`, `"L1"`.

# %% tags=["predict"]
predict("06.p2", ..., confidence=...)

# %% tags=["demo"]
kinds = {
    "plain": {},
    "layer norm": {"norm": True},
    "dropout": {"dropout": 0.5},
    "weight decay": {"weight_decay": 1.0},
    "L1": {"l1": 3e-4},
}
gaps = {}
for name, options in kinds.items():
    ends = [list(train(0.01, seed=seed, **options))[-1] for seed in range(5)]
    gaps[name] = [new - fit for fit, new, _ in ends]
    accuracy = np.mean([end[2] for end in ends])
    print(f"{name:12} {np.round(gaps[name], 2)}  accuracy {accuracy:.3f} (n=852)")
narrower = {k: "yes" if max(v) < min(gaps["plain"]) else "no" for k, v in gaps.items()}
reveal("06.p2", {name: narrower[name] for name in kinds if name != "plain"})

# %% [markdown] tags=["observe"]
# Dropout, decay and L1 narrow the gap with every seed. Layer normalization does not: here
# the gap is wider. Its authors (Ba et al. 2016) proposed it to make training faster and
# steadier. In another net the verdict may be "depends". And a narrower gap has not made
# accuracy higher.

# %% [markdown] tags=["concept"]
# ## Is an L2 penalty weight decay?
#
# For plain gradient descent it is: the penalty $\frac{\lambda}{2} w^2$ adds $\lambda w$
# to the gradient, and a step of rate $\eta$ takes $\eta\lambda w$ off the weight.
#
# Adam divides the gradient by its own running size. With the penalty *inside* the
# gradient, the pull towards 0 is divided as well. AdamW (Loshchilov and Hutter 2019)
# takes $\eta\lambda w$ off *outside*. In torch both are called `weight_decay`.

# %% [markdown] tags=["predict"] prediction="06.p3"
# A weight of 1, a gradient of 100, rate 0.1, `weight_decay=0.1`. One step. How much
# smaller is the weight than without decay, by `Adam` and by `AdamW`? Write a list of two.
# Within 0.001 counts as right.

# %% tags=["predict"]
predict("06.p3", ..., confidence=...)


# %% tags=["demo"]
def step(name, gradient, weight_decay):
    weight = torch.nn.Parameter(torch.tensor([1.0], dtype=torch.float64))
    weight.grad = torch.tensor([gradient], dtype=torch.float64)
    optimizer = getattr(torch.optim, name)([weight], lr=0.1, weight_decay=weight_decay)
    optimizer.step()
    return weight.item()


for name in ("SGD", "Adam", "AdamW"):
    for gradient in (0.01, 100.0):
        pull = step(name, gradient, 0.0) - step(name, gradient, 0.1)
        print(f"{name:5} gradient {gradient:6}: decay {pull:.4f}")
for name in ("Adam", "AdamW"):
    *_, (fit, new, _) = train(0.01, weight_decay=0.01, optimizer=name)
    print(f"{name:5} trained with weight_decay=0.01: gap {new - fit:.2f}")
pulls = [step(name, 100.0, 0.0) - step(name, 100.0, 0.1) for name in ("Adam", "AdamW")]
reveal("06.p3", [round(pull, 4) for pull in pulls], within=0.001)

# %% [markdown] tags=["observe"]
# SGD and AdamW take off 0.01 whatever the gradient. Adam with L2 takes off nothing: its
# first step has the same length for any gradient.
#
# Over a whole training it turns round. The gradients of a fitted net are small; Adam
# blows up the penalty to full steps and the gap shrinks to a fraction, while AdamW's hardly
# changes. A value of `weight_decay` means nothing without the name of its optimizer.

# %% [markdown] tags=["concept"]
# ## Searching: grid and random
#
# ![Nine trials as a grid have three different learning rates; nine random trials have
# nine. Only the learning rate matters, so the random ones come closer to its best
# value](pictures/06_hyperparameters.svg)
#
# A *grid* tries every combination. With three values of two hyperparameters it tries nine
# points, but only three different learning rates. If the other axis hardly matters, six
# trials repeat what was known. *Random* draws try nine rates (Bergstra and Bengio 2012).


# %% tags=["worked"]
def score(rate, decay):
    values = {"learning_rate": rate, "hidden_dropout_prob": 0.1, "weight_decay": decay}
    return practice_training(values, 0, lambda epoch, value: False)


# The grid: three rates, by equal factors, with three decays each.
best_of_grid = max(score(r, d) for r in (1e-6, 1e-4, 1e-2) for d in (0, 0.1, 0.2))
# Random: nine draws, and that 200 times, since one draw is luck.
draws = random.Random(0)
best_of_random = [
    max(score(10 ** draws.uniform(-6, -2), draws.uniform(0, 0.2)) for _ in range(9))
    for _ in range(200)
]
share = np.mean(np.array(best_of_random) > best_of_grid)
print(f"grid {best_of_grid:.3f}   random {np.mean(best_of_random):.3f} on average")
print(f"nine random draws are better in {share:.0%} of 200 searches")

# %% [markdown] tags=["observe"]
# `practice_training` is a made-up score that behaves like a training and takes
# microseconds; decay has no effect in it, its best rate is 3e-4. Random won most of the
# time, not always.

# %% [markdown] tags=["exercise"] exercise="06.3" title="Random search" difficulty=2 minutes=8
# Draw `n` trials. A list holds choices; `(low, high)` is a range; `(low, high, "log")` a
# range in which every factor of ten is equally likely: draw the logarithm evenly. The
# same seed gives the same trials.
#
# ```text
# random_search({"rate": (1e-5, 1e-1, "log"), "size": [8, 16]}, 2, seed=0)
#     ->  such as [{"rate": 0.0236, "size": 16}, {"rate": 0.0005, "size": 8}]
# ```


# %% tags=["exercise"] exercise="06.3"
def random_search(space, n, seed):
    """Return a list of n dictionaries of name -> value.

    space: dict of name -> list, (low, high) or (low, high, "log"); seed: from 0.
    """
    # BEGIN SOLUTION
    source = random.Random(seed)

    def draw(values):
        if isinstance(values, list):
            return source.choice(values)
        low, high, *log = values
        if log:
            return math.exp(source.uniform(math.log(low), math.log(high)))
        return source.uniform(low, high)

    return [{name: draw(values) for name, values in space.items()} for _ in range(n)]
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Claim to check: "`GridSearchCV` tunes any model"
#
# Articles pass a transformer to scikit-learn:
# `GridSearchCV(estimator=model, param_grid={"learning_rate": ...})`. A torch model has no
# `fit`, and its learning rate belongs to the optimizer, not to the model.

# %% tags=["demo"]
try:
    grid = {"learning_rate": [1e-5, 1e-4]}
    GridSearchCV(estimator=torch.nn.Linear(1000, 2), param_grid=grid).fit(x, y)
except ValueError as error:
    print(type(error).__name__, str(error).split(". ")[0])
strengths = {"logisticregression__C": [0.1, 1.0, 10.0]}
first = rows["text"][:400], rows["label"][:400]
real = GridSearchCV(tfidf_model(), strengths, cv=2).fit(*first)
print("scikit-learn's own:", real.best_params_, round(real.best_score_, 3), "(n=400)")
config = SearchConfig("grid", n_trials=9, pruner="none", grid_points=3)
space = Space({"learning_rate": (1e-4, 1e-1, "log"), "batch_size": [25, 50, 100]})


def validate(values, seed, report):
    for epoch, (_, new, _) in enumerate(train(**values, epochs=4, seed=seed), start=1):
        if report(epoch, -new):
            break
    return -new


found = search("sentences", space, config, evaluate=validate, progress=False)
print("the kit's grid of", len(found.trials), "networks:", found.best["params"])

# %% [markdown] tags=["observe"]
# It raises before it has fitted a single model. A pipeline of scikit-learn can be
# searched so; for a network a grid is a loop around its training.

# %% tags=["widget"]
SearchLab(top=25)

# %% [markdown] tags=["question"]
# **Try.** The recorded search by TPE. Set *Best %* to 25: which axis narrows, and which
# stay wide? Then let *Next by* go through grid, random, TPE and genetic, and read why
# each takes its point. Last, look at *best so far* against random search.
#
# <details><summary>Answer</summary>
#
# The learning rate narrows to about one factor of ten. Grid and random do not look at
# the trials. TPE draws where good trials are dense and others are not; genetic search
# crosses two good ones. On this task, with 24 trials, TPE's best is the random search's
# best: both drew it as their fourth trial, before TPE had begun to model.
#
# </details>

# %% [markdown] tags=["concept"]
# ## Thinking like a Bayesian
#
# Before any trial you expect something: a *prior*. Each trial changes it. What you then
# expect at every point, with its uncertainty, is the *surrogate*, here a Gaussian
# process: near a trial it is sure, far from all it falls back to the prior.
#
# Where next? *Expected improvement* (Jones et al. 1998) asks by how much a point would
# beat the best so far, on average, a failure counting 0. It is large where the mean is
# high, and where nobody knows.

# %% [markdown] tags=["predict"] prediction="06.p4"
# Four rates were tried: 1e-6, 1e-5, 10^-2.5 and 1e-1, with scores 0.52, 0.62, 0.70 and
# 0.51. The surrogate's mean is highest at 1e-3. At which power of ten is expected
# *improvement* highest? Steps are of 0.5; write a number such as -4.5.

# %% tags=["predict"]
predict("06.p4", ..., confidence=...)

# %% tags=["demo"]
tried, places = np.array([-6, -5, -2.5, -1]), np.arange(-6, -0.9, 0.5)
scores = np.array([score(10**power, 0.0) for power in tried])


def likeness(a, b):  # points a factor of ten apart are alike, far ones are not
    return 0.15**2 * np.exp(-0.5 * (a[:, None] - b[None]) ** 2)


weights = likeness(places, tried) @ np.linalg.inv(
    likeness(tried, tried) + 0.005**2 * np.eye(4)
)
mean = 0.65 + weights @ (scores - 0.65)  # 0.65 is what we expect before any trial
variance = 0.15**2 - (weights * likeness(places, tried)).sum(axis=1)
deviation = np.sqrt(np.maximum(variance, 1e-9))
samples = np.random.default_rng(0).normal(mean, deviation, (20_000, len(places)))
improvement = np.maximum(samples - scores.max(), 0).mean(axis=0)
for row in zip(places, mean, deviation, improvement, strict=True):
    print("10^{:4}   mean {:.3f}   deviation {:.3f}   improvement {:.3f}".format(*row))
reveal("06.p4", float(places[improvement.argmax()]))

# %% [markdown] tags=["observe"]
# At 1e-3 the mean is higher, but at 10^-3.5, farther from the trials, there is more to be
# won. The true best, which the surrogate cannot know, is right there. We drew 20,000
# values per point; a formula does the same.

# %% [markdown] tags=["exercise"] exercise="06.4" title="Expected improvement" difficulty=3 minutes=8
# With $z = (\mu - \text{best})/\sigma$, and $\Phi$ and $\varphi$ the standard normal's
# distribution and density (`stats.norm.cdf`, `stats.norm.pdf`):
#
# $$(\mu - \text{best})\,\Phi(z) + \sigma\varphi(z)$$
#
# Where $\sigma$ is 0, nothing is uncertain: the improvement, or 0 if it is none.
#
# ```text
# expected_improvement([0.5, 0.5], [0.1, 0.0], best=0.5)  ->  [0.0399, 0.0]
# ```


# %% tags=["exercise"] exercise="06.4"
def expected_improvement(means, deviations, best):
    """Return a list with the expected improvement at each point of a grid.

    means, deviations: equally long lists of numbers, deviations from 0.
    """
    # BEGIN SOLUTION
    result = []
    for mean, deviation in zip(means, deviations, strict=True):
        gain = mean - best
        if deviation == 0:
            result.append(max(gain, 0.0))
            continue
        z = gain / deviation
        expected = gain * stats.norm.cdf(z) + deviation * stats.norm.pdf(z)
        result.append(float(expected))
    return result
    # END SOLUTION


# %% tags=["demo"]
narrow = PRACTICE_SPACE | {"learning_rate": (1e-6, 1e-2, "log")}
race = comparison.compare_samplers(space=narrow, n_trials=18, seeds=range(3))
print("mean after  6     12     18 trials   best of each seed")
for name, row in race["samplers"].items():
    after = "  ".join(f"{row['mean'][n - 1]:.3f}" for n in (6, 12, 18))
    print(f"{name:10} {after}          ", *np.round(row["final"], 3))

# %% [markdown] tags=["observe"]
# Five ways, 18 trials each, three seeds, on the made-up score. `gp` is a Gaussian process,
# `tpe` compares densities of good and other trials, `genetic` crosses and mutates a
# population. The two Bayesian ways lead here: the score is smooth and nearly without
# noise. Of the others three seeds tell no order.

# %% [markdown] tags=["concept"]
# ## Pruning: end the bad ones early
#
# Many trials are hopeless soon. A *median pruner* ends a trial that is below the median
# of the earlier ones at the same point. *Successive halving* (Jamieson and Talwalkar
# 2016) trains all a little, keeps the better half, doubles the epochs, and so on. Both
# bet that who is ahead early is ahead late. Slow starters lose that bet.
#
# Now live: MiniLM, fine-tuned as in the recording, with its first four rates.
# Only the rate varies. It takes half a minute.

# %% tags=["demo"]
few = {"max_length": 48, "num_train_epochs": 2, "per_device_train_batch_size": 16}
config = SearchConfig(
    "random", n_trials=4, n_startup_trials=2, max_train_samples=256, fixed=few
)
trial = FinetuningTrial("sentiment", config.finetuning("sentiment"), config.metric)
trial.dataset["validation"] = trial.dataset["validation"].select(range(256))
rates = Space({"learning_rate": (1e-5, 1e-2, "log")})
live = search("sentiment", rates, config, evaluate=trial, progress=False)
print("rate     recorded  now    state     after each half epoch")
for then, now in zip(recorded.trials, live.trials, strict=False):
    rate, seen = now["params"]["learning_rate"], now["intermediate_values"].values()
    row = f"{rate:.1e}  {then['value']:8.3f}  {now['value']:.3f}  {now['state']:8} "
    print(row, *(f"{value:.3f}" for value in seen))
    for folder in now["runs"]:
        shutil.rmtree(folder)  # a trained model, 90 MB
right = round(256 * live.best["value"])
low, high = stats.binomtest(right, 256).proportion_ci(method="wilson")
print(f"best {right / 256:.3f}, 95 % from {low:.3f} to {high:.3f} (n=256)")

# %% [markdown] tags=["observe"]
# 0.0083 breaks the model; smaller rates can learn, and the baseline, 0.547, lies outside
# the best one's interval. More four trials cannot tell: each value is uncertain by five
# to six points either way.
#
# The pruner can be wrong as well. Of all 48 recorded trials none was more than two points
# above the baseline after half an epoch. Who is ended there is ended for a few sentences;
# on our machine that was 4.9e-4, and its neighbour 4.0e-4 won.

# %% [markdown] tags=["exercise"] exercise="06.5" title="Successive halving" difficulty=2 minutes=8
# The loop is there; fill two gaps. All train one epoch; the better half stays (of five:
# two), by the score after so many epochs; then the epochs double. Training goes on where
# it stopped: an epoch is paid once. Equal scores: the earlier candidate stays.
#
# ```text
# successive_halving({"a": [1, 5], "b": [2, 3], "c": [3, 4], "d": [0, 9]})  ->  ("c", 6)
# ```


# %% tags=["exercise"] exercise="06.5"
def successive_halving(curves):
    """Return the winner's name, and how many epochs were trained by all together.

    curves: dict of name -> its scores after epoch 1, 2, ...; higher is better.
    """
    left, epochs, trained, paid = list(curves), 1, 0, 0
    while len(left) > 1:
        # Gap 1: `paid`, for the epochs that this round adds
        # BEGIN SOLUTION
        paid += len(left) * (epochs - trained)
        # END SOLUTION
        trained = epochs
        # Gap 2: `left`, the better half
        # BEGIN SOLUTION
        ordered = sorted(left, key=lambda name: -curves[name][epochs - 1])
        left = ordered[: len(left) // 2]
        # END SOLUTION
        epochs *= 2
    return left[0], paid


# %% [markdown] tags=["predict"] prediction="06.p5"
# 24 models are all equally good: each is right with probability 0.70. Each is scored on
# 256 texts. What does the *best* of the 24 score, on average? Within 0.015 counts as
# right.

# %% tags=["predict"]
predict("06.p5", ..., confidence=...)

# %% tags=["demo"]
right = np.random.default_rng(0).binomial(256, 0.70, size=(2000, 24))
best_score = float(right.max(axis=1).mean()) / 256
print(f"mean {right.mean() / 256:.3f}   best of 24 {best_score:.3f}")
print(f"best in the recorded search {recorded.best['value']:.3f}")
reveal("06.p5", round(best_score, 3), within=0.015)

# %% [markdown] tags=["observe"]
# Five points from luck alone. The winner of a search is partly the luckiest, so its
# validation score promises too much. Hence the test texts, used once.

# %% [markdown] tags=["concept"]
# ## Several seeds: is it a difference?
#
# The same values with another seed give another score. With scores $a$ and $b$ of some
# seeds each, Welch (1947) sets the difference of the means against its standard error
#
# $$s = \sqrt{v_a + v_b}, \quad v = \frac{\text{variance}}{n}, \quad
# d = \frac{(v_a+v_b)^2}{\frac{v_a^2}{n_a-1} + \frac{v_b^2}{n_b-1}}$$
#
# with variances divided by $n-1$ and the degrees of freedom $d$ (Satterthwaite 1946).
# They differ, at 95 %, if the means are farther apart than $t \cdot s$, where
# `t = stats.t.ppf(0.975, d)`. Who tries twenty comparisons finds
# about one where there is none.

# %% [markdown] tags=["exercise"] exercise="06.6" title="Distinguishable?" difficulty=2 minutes=8
# Return whether two lists of scores differ by Welch's rule. If neither varies, they
# differ if their means do.
#
# ```text
# distinguishable([0.70, 0.71, 0.72], [0.80, 0.81, 0.82])  ->  True
# distinguishable([0.70, 0.75, 0.80], [0.72, 0.77, 0.82])  ->  False
# ```


# %% tags=["exercise"] exercise="06.6"
def distinguishable(a, b):
    """Return True if the means of two lists of scores differ, else False.

    a, b: scores of at least two seeds each.
    """
    # BEGIN SOLUTION
    va, vb = (np.var(scores, ddof=1) / len(scores) for scores in (a, b))
    apart = abs(np.mean(a) - np.mean(b))
    if va + vb == 0:
        return bool(apart > 0)
    freedom = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    return bool(apart > stats.t.ppf(0.975, freedom) * math.sqrt(va + vb))
    # END SOLUTION


# %% [markdown] tags=["exercise"] exercise="06.7" title="Three claims, three verdicts" difficulty=3 minutes=8
# Judge the claims of this lesson by their evidence; give each a verdict and its number.
#
# - `"grid search"`, *`GridSearchCV` tunes a bare network*. Number: models that it fitted.
#   None is `"false"`, else `"true"`.
# - `"layer norm"`, *it narrows the gap*. Number: mean gap with it less mean gap without.
#   Not distinguishable is `"depends"`; else `"true"` below 0, `"false"` above.
# - `"L2"`, *in Adam it is weight decay*. Pairs of a pull by Adam and by AdamW. Number: the
#   largest distance in a pair. All pairs within 1e-6 is `"true"`, no pair `"false"`, else
#   `"depends"`.
#
# Then call it with what you measured: 0, `gaps["plain"]`, `gaps["layer norm"]`, `[pulls]`.


# %% tags=["exercise"] exercise="06.7"
def judge(fitted, plain, normalized, pulls):
    """Return a dict of claim -> (verdict, number).

    fitted: from 0; plain, normalized: gaps of several seeds; pulls: list of pairs.
    """
    # BEGIN SOLUTION
    change = float(np.mean(normalized) - np.mean(plain))
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
    # END SOLUTION


# %% [markdown] tags=["misconception"]
# ## Four things that are easily believed
#
# - *"Tune everything at once, evenly."* Begin with the learning rate, on a logarithmic
#   scale.
# - *"The best trial's score is what the model will do."* It is partly luck.
# - *"Bayesian search is always better."* In the recording it was not.
# - *"Dropout stays on, for safety."* Then the same text gets another answer each time.

# %% [markdown] tags=["quiz"]
# - id: q1
#   kind: recall
#   text: What does warm-up do?
#   options:
#     - right: It raises the learning rate from 0 over the first steps.
#       why: Afterwards a schedule lowers it again.
#     - wrong: It trains the first epochs on easier texts, so that later ones are learned faster.
#       why: That is called a curriculum.
#     - wrong: It freezes the lower layers in the beginning.
#       why: That is gradual unfreezing, another method.
#     - wrong: It repeats the first batch until its loss is low.
#       why: Every step takes the next batch.
# - id: q2
#   kind: output
#   text: "`dropout` with p = 0.25 while training; a value of 3 is kept. What becomes of it?"
#   options:
#     - right: "4"
#       why: It is divided by 0.75, so that the mean stays.
#     - wrong: "3"
#       why: Then the mean would fall by a quarter, and differ from that in use.
#     - wrong: "2.25"
#       why: That multiplies by 0.75, the wrong way.
#     - wrong: "12"
#       why: That divides by p.
# - id: q3
#   kind: output
#   text: "You draw rates evenly, not by logarithm, between 1e-5 and 1e-1. Which share lies above 1e-2?"
#   options:
#     - right: About 90 %
#       why: "0.1 less 0.01, of 0.1. The small rates are hardly ever tried."
#     - wrong: About 25 %
#       why: That would be so by logarithm, one factor of ten of four.
#     - wrong: About 50 %
#       why: Half lies above 0.05, the middle.
#     - wrong: About 10 %
#       why: That is the share below 0.01.
# - id: q4
#   kind: misconception
#   text: "`Adam(weight_decay=0.01)` is replaced by `AdamW(weight_decay=0.01)`. What follows?"
#   options:
#     - right: Another regularization; the value must be tuned anew.
#       why: One adds to the gradient, which Adam rescales; the other shrinks the weight itself.
#     - wrong: Nothing, L2 and decay are two names for one thing.
#       why: That is so for plain gradient descent only.
#     - wrong: The same, provided that the learning rate is multiplied by the decay.
#       why: No such factor exists, since Adam's scale differs for every weight.
#     - wrong: The training is faster, and otherwise unchanged.
#       why: Both take about the same time.
# - id: q5
#   kind: misconception
#   text: "A team adds layer normalization because the model overfits. What would you say?"
#   options:
#     - right: It is for steady training; measure the gap, and try dropout or decay.
#       why: In this lesson the gap did not narrow with it.
#     - wrong: Good, it is the strongest regularizer there is.
#       why: It was not proposed as one, and here it was none.
#     - wrong: It needs a larger p to work, as dropout does.
#       why: It has no probability; nothing is dropped.
#     - wrong: It must be switched off during training, then it regularizes the validation texts.
#       why: It works the same in training and in use.
# - id: q6
#   kind: output
#   text: "Successive halving of eight candidates, epochs doubling from one, continued. How many epochs are paid for?"
#   options:
#     - right: "16"
#       why: "8 x 1, then 4 x 1 more, then 2 x 2 more; the last one has won."
#     - wrong: "24"
#       why: "8 x 1, 4 x 2, 2 x 4: that starts anew each round."
#     - wrong: "32"
#       why: That trains all eight for four epochs.
#     - wrong: "8"
#       why: Only the first round.
# - id: q7
#   kind: transfer
#   text: "You can pay for 12 fine-tunings and must tune learning rate, batch size and dropout. What do you do?"
#   options:
#     - right: Draw 10 at random, the rate by logarithm; repeat the best with two more seeds.
#       why: Every trial tries another rate, and the seeds say how much was luck.
#     - wrong: A grid of 3 x 2 x 2, since it leaves nothing out and is easy to explain to others.
#       why: It tries only three rates, the axis that matters most.
#     - wrong: All 12 for the dropout, with the default rate.
#       why: A wrong rate outweighs every dropout.
#     - wrong: Genetic search with a population of 12.
#       why: That is one generation, which is drawn at random, and no more.
# - id: q8
#   kind: evidence
#   text: "A scores 0.83, B 0.82, one seed each. Which finding would change your mind that A is better?"
#   options:
#     - right: Other seeds of A spread from 0.80 to 0.84.
#       why: Then a difference of 0.01 is what the seed alone does.
#     - wrong: B has more parameters than A.
#       why: That says nothing about the scores.
#     - wrong: A was found by random search, and B by a Bayesian sampler with more trials.
#       why: How it was found does not alter what was measured on new texts.
#     - wrong: Both were scored on the same texts.
#       why: That makes the comparison fairer.

# %% [markdown] tags=["app"]
# ## In the demo
#
# `make app` opens the demo: on *Train*, choose epochs. `course search sentiment`
# searches by any of the five ways, and continues where it stopped.

# %% [markdown] tags=["reflection"]
# ## In your own words
#
# A colleague shows the best of 50 trials, one seed, and calls it the new record. Write
# five sentences: what you would ask, and what you would run before you agree.
#
# <details><summary>How to judge your answer</summary>
#
# It says that the best of many is partly luck and asks for a score on unseen test texts;
# it asks for several seeds of the new and the old, with an interval; for the same budget
# for the rival; and it names which hyperparameter mattered. Three of four is good.
#
# </details>

# %% [markdown] tags=["recap"]
# ## What you did
#
# - You **ranked** hyperparameters: the learning rate first, together with the batch size.
# - You **explained** schedules and regularization by numbers, and what layer
#   normalization is not.
# - You **ran** five kinds of search with the same budget, and pruned.
# - You **computed** expected improvement from a surrogate.
# - You **decided** from seeds, not from a lucky trial.
#
# Shown a best score, you ask: the best of how many?
