# ---
# title: "Interpretability: why did it say that?"
# summary: Share a prediction among its words, test whether the shares are right, find a planted flaw.
# minutes: 75
# seconds: 120
# needs: []
# objectives:
#   - "**compute** Shapley values by hand, exactly, and by sampling,"
#   - "**compare** Shapley values, LIME, integrated gradients and attention on the same texts,"
#   - "**measure** whether an explanation is stable and whether it is faithful to the model,"
#   - "**recover** known word effects from a trained model, and say what stays unknown,"
#   - "**find** a planted shortcut and prove it with a counterfactual,"
#   - "**explain** one prediction to a manager in 80 words."
# sources:
#   - "Shapley 1953. A Value for n-Person Games. Contributions to the Theory of Games II, pages 307-317 (the value and its axioms)"
#   - "Lundberg and Lee 2017. A Unified Approach to Interpreting Model Predictions. https://arxiv.org/abs/1705.07874"
#   - "Owen 1977. Values of Games with A Priori Unions. In Mathematical Economics and Game Theory: Essays in Honor of Oskar Morgenstern, Springer"
#   - 'Ribeiro, Singh and Guestrin 2016. "Why Should I Trust You?": Explaining the Predictions of Any Classifier. https://arxiv.org/abs/1602.04938 (LIME)'
#   - "Friedman 2001. Greedy Function Approximation: A Gradient Boosting Machine. https://doi.org/10.1214/aos/1013203451 (partial dependence)"
#   - "Sundararajan, Taly and Yan 2017. Axiomatic Attribution for Deep Networks. https://arxiv.org/abs/1703.01365 (integrated gradients)"
#   - "Jain and Wallace 2019. Attention is not Explanation. https://arxiv.org/abs/1902.10186"
#   - "Wiegreffe and Pinter 2019. Attention is not not Explanation. https://arxiv.org/abs/1908.04626"
#   - "DeYoung et al. 2020. ERASER: A Benchmark to Evaluate Rationalized NLP Models. https://arxiv.org/abs/1911.03429 (comprehensiveness and sufficiency)"
# ---

# %% tags=["setup"]
from itertools import permutations
from math import factorial

import numpy as np
import shap
import torch
from IPython.display import HTML, display
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from course import explanation, inference, ticket_rule
from course.data import load_task
from course.explanation import faithfulness, masked_model, masking
from course.grading import check
from course.lessons import predict, reveal
from course.tickets import SHORTCUT, effects, make_tickets
from course.views.explanation import render_explanation, render_methods
from widgets.explanation import ExplanationLab
from widgets.quiz import quiz

print(len(effects()), "phrases with known effects are ready")

# %% [markdown] tags=["concept"]
# ## What an explanation answers
#
# A classifier reads a film review and says *positive*. Which words made it say so? An
# *attribution* gives each word a number, its *value*: how much it speaks for the
# answer, or against it.
#
# That is a question about *this model* and *this text*, not whether the answer is right
# and not what would make a film better.
#
# The units are *log-odds*, log p / (1 - p): 0 is an even chance, +2 is 88 percent, and
# contributions can be added.

# %% [markdown] tags=["predict"] prediction="09.p1"
# The kit's classifier calls "not bad film" positive. Is the value of the word *bad*
# above or below 0 there?
#
# Write `"above"` or `"below"`.

# %% tags=["predict"]
predict("09.p1", ..., confidence=...)

# %% tags=["demo"]
classifier = inference.Classifier("sentiment", precision="fp32")
three = explanation.explain(classifier, "not bad film", "exact", target="positive")
display(HTML(render_explanation(three)))
reveal("09.p1", "above" if three.values[1] > 0 else "below")

# %% [markdown] tags=["observe"]
# In this text *bad* helps the answer *positive*. A value belongs to a word *in its text*,
# not to the word.

# %% [markdown] tags=["concept"]
# ## Shapley values by hand
#
# ![The eight choices of the words not, bad, film, each with the model's log-odds of
# positive; the way from nothing over not and not bad to not bad film is drawn
# thick](pictures/09_interpretability.svg)
#
# Hide words behind a mask and ask the model: three words give eight answers. Now let
# the words arrive one after the other, along a way from bottom to top. Each word is
# credited with the change at its arrival.
#
# The credit depends on the order: *bad* costs 5 points if it comes first and gains 6 if
# *not* is there already. So take all orders, and average. That average is the *Shapley
# value* (1953).

# %% tags=["worked"]
words = masking.read_text(classifier, "not bad film")
positive = masked_model.MaskedModel(classifier, words, target=1)
names = [word.strip() for word in words.players]
total = np.zeros(3)
for order in permutations(range(3)):
    # Begin with every word hidden; show one after the other.
    seen, gains, before = np.zeros(3, dtype=bool), np.zeros(3), positive([[False] * 3])
    for player in order:
        seen[player] = True
        gains[player] = (positive([seen]) - before)[0]
        before = positive([seen])
    total += gains
    print(" ".join(f"{names[i]:5}" for i in order), "  gains", gains.round(2))
print("mean of the six          ", (total / factorial(3)).round(2))

# %% [markdown] tags=["observe"]
# Six orders, three columns (*not*, *bad*, *film*). Every row has the same sum: the
# output for the whole text minus that for no word. The mean of the second column is
# slightly above 0: three losses and three gains nearly cancel.

# %% [markdown] tags=["concept"]
# ## Why this average and no other
#
# What must a fair share fulfil? Shapley's conditions, as they are put today:
#
# - *efficiency*: the shares add up to output minus base value,
# - *symmetry*: who contributes alike in every company gets the same,
# - *dummy*: who never changes anything gets 0,
# - *additivity*: the shares of a sum of two games are the sums of the shares.
#
# Only one rule fulfils all four. For word *i* of *n*, over all groups *S* without it:
#
# ```text
# value(i) = sum over S of  |S|! (n - 1 - |S|)! / n!  *  (f(S with i) - f(S))
# ```
#
# The fraction is the share of orders in which exactly *S* stands before *i*. "Fair" is
# meant in this sense, and it is silent about causes.

# %% [markdown] tags=["exercise"] exercise="09.1" title="Hide words" difficulty=1 minutes=5
# The model reads token ids, and a word may have several. Put the mask's id in the place
# of every token whose word is not seen. The number of tokens stays, so that no word
# moves; special tokens (word -1) always stay.
#
# ```text
# mask_tokens([101, 7, 8, 102], [-1, 0, 1, -1], {0}, 103)  ->  [101, 7, 103, 102]
# ```


# %% tags=["exercise"] exercise="09.1"
def mask_tokens(input_ids, word_of_token, seen, mask_id):
    """Return the token ids, a list as long, with all unseen words masked.

    word_of_token: for each token its word from 0, or -1; seen: set of word numbers.
    """
    # BEGIN SOLUTION
    return [
        token if word == -1 or word in seen else mask_id
        for token, word in zip(input_ids, word_of_token, strict=True)
    ]
    # END SOLUTION


# %% [markdown] tags=["exercise"] exercise="09.2" title="Exact Shapley values" difficulty=2 minutes=10
# Any function of a group of players is a game. Compute every player's value, from all
# orders or by the formula; up to six players, so either is quick.
#
# ```text
# shapley_exact(lambda seen: 1.0 if seen == {0, 1} else 0.0, 2)  ->  [0.5, 0.5]
# ```


# %% tags=["exercise"] exercise="09.2"
def shapley_exact(f, n):
    """Return the Shapley values, a list of n numbers.

    f: takes a set of players (numbers from 0 to n - 1), gives a number; n: 1 to 6.
    """
    # BEGIN SOLUTION
    values = [0.0] * n
    known = {}
    for order in permutations(range(n)):
        seen = frozenset()
        for player in order:
            after = seen | {player}
            for group in (seen, after):
                if group not in known:
                    known[group] = f(set(group))
            values[player] += (known[after] - known[seen]) / factorial(n)
            seen = after
    return values
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## When there are too many groups: sample
#
# Each further word doubles the number of groups: ten words have a thousand, twenty a
# million. But an average over orders can be estimated from *some* orders, drawn by
# chance. Each order costs one call per word, and its credits still add up exactly. Like
# any mean, the estimate has an error that falls with the root of the number of draws.

# %% tags=["demo"]
text = "The plot is thin but the acting is wonderful."
exact = explanation.explain(classifier, text, "exact", target="positive")
ten = masked_model.MaskedModel(classifier, masking.read_text(classifier, text), 1)
generator = np.random.default_rng(0)


def sample(num_orders):
    ranks = generator.permuted(np.tile(np.arange(10), (num_orders, 1)), axis=1)
    seen = ranks[:, None, :] < np.arange(11)[None, :, None]  # order, step, word
    gains = np.diff(ten(seen.reshape(-1, 10)).reshape(num_orders, 11), axis=1)
    return np.take_along_axis(gains, ranks, axis=1).mean(axis=0)


for m in (12, 50, 200, 800):
    error = np.mean([(sample(m) - exact.values) ** 2 for _ in range(20)]) ** 0.5
    print(f"{m:4} orders   typical error {error:.3f}")

# %% [markdown] tags=["observe"]
# Four times the orders, about half the error, at every step of the table. One more digit
# costs a hundred times the work.

# %% [markdown] tags=["exercise"] exercise="09.3" title="Sampled Shapley values" difficulty=2 minutes=7
# The loops are there; fill the two gaps. First: draw an order of the players, and begin
# with nobody. Second: let one player arrive and credit it with the mean gain, asking `f`
# once.


# %% tags=["exercise"] exercise="09.3"
def shapley_sampled(f, n, num_orders, seed):
    """Return estimated Shapley values, a list of n numbers.

    f: takes a set of players from 0 to n - 1, gives a number; num_orders: at least 1.
    """
    generator = np.random.default_rng(seed)
    values, empty = [0.0] * n, f(set())
    for _ in range(num_orders):
        # Gap 1: `order`; `seen` and `before`, while nobody has arrived
        # BEGIN SOLUTION
        order = generator.permutation(n).tolist()
        seen, before = set(), empty
        # END SOLUTION
        for player in order:
            # Gap 2: the arrival, and its credit
            # BEGIN SOLUTION
            seen.add(player)
            after = f(set(seen))
            values[player] += (after - before) / num_orders
            before = after
            # END SOLUTION
    return values


# %% [markdown] tags=["concept"]
# ## SHAP: the same, made fast
#
# Lundberg and Lee (2017) brought several methods together under Shapley values, as
# *SHAP*. Their library, `shap`, first joins the words of a text to phrases. Only the
# parts of a phrase play against each other, while the other phrases are in or out as a
# whole. These are *Owen values*: they add up too, ask for far fewer masked texts
# (*rows*), and differ a little. `explain` has both as `"exact"` and `"partition"`.
#
# What hides a word matters: here it is `[MASK]`. With another background (deletion, a
# typical word) the same formula gives other numbers.

# %% tags=["widget"]
ExplanationLab(text="The plot is thin but the acting is wonderful.", mode="predict")

# %% [markdown] tags=["question"]
# **Play, then think.** Say which word speaks most for and which most against the answer.
# Then take *but* away, put *terrible* in the place of *wonderful*, and try a text of
# your own. Does taking a word away change the answer by just its value? (For a model of
# yours: `ExplanationLab(run="its name")`.)
#
# <details><summary>Answer</summary>
#
# Mostly not. The value is an average over all companies; taking the word out of the
# whole text is one company only. Where words work together, as *not* and *bad* do, the
# two differ widely.
#
# </details>

# %% [markdown] tags=["concept"]
# ## LIME: a line near the text
#
# LIME (Ribeiro et al. 2016) hides random sets of words, asks the model, and fits a
# *linear* model to the answers. Texts near the whole one weigh more, here
# `exp(-d**2 / width**2)` with the cosine distance `d` and a width of 0.25. The
# coefficients are the explanation.
#
# Nothing forces them to add up to the output. And the sample is drawn by chance: with
# another seed, another explanation of the *same* answer.

# %% [markdown] tags=["predict"] prediction="09.p2"
# We run LIME with 30 samples and ten seeds on the same sentence. *wonderful* comes
# first. How many different words come second (by size), over the ten seeds?
#
# Within 1 counts as right.

# %% tags=["predict"]
predict("09.p2", ..., confidence=...)

# %% tags=["demo"]
seconds = {}
for samples in (30, 100, 300, 1000):
    runs = [
        explanation.explain(
            classifier, text, "lime", target="positive", max_evals=samples, seed=seed
        ).values
        for seed in range(10)
    ]
    spread = np.std(runs, axis=0).mean()
    second = [exact.feature_names[np.argsort(-np.abs(run))[1]] for run in runs]
    seconds[samples] = sorted(set(second))
    print(f"{samples:5} samples: spread {spread:.2f}   second: {seconds[samples]}")
reveal("09.p2", len(seconds[30]), within=1)

# %% [markdown] tags=["observe"]
# The first word is safe, the second is a lottery with 30 samples. More samples help as
# before, about by the root. Never show a sampled explanation without having changed the
# seed. And a stable one may still be wrong: the line stays a line.

# %% [markdown] tags=["exercise"] exercise="09.4" title="LIME's fit" difficulty=2 minutes=8
# Fit intercept and weights to `f(masks)` by weighted least squares. A row with a share
# `s` of ones has the distance `d = 1 - sqrt(s)` and weighs `exp(-d**2 / width**2)`. To
# weigh the *squared* errors, multiply both sides of each equation by the root of its
# weight and solve with `np.linalg.lstsq`.


# %% tags=["exercise"] exercise="09.4"
def lime_local(f, masks, width):
    """Return (intercept, list of n weights) of a linear model near the whole text.

    f: takes an array (m, n) of 0 and 1, gives an array (m,); masks: such an array.
    """
    # BEGIN SOLUTION
    outputs = np.asarray(f(masks), dtype=float)
    distance = 1 - np.sqrt(masks.mean(axis=1))
    root = np.exp(-((distance / width) ** 2) / 2)
    design = np.hstack([np.ones((len(masks), 1)), masks])
    found = np.linalg.lstsq(design * root[:, None], outputs * root, rcond=None)[0]
    return float(found[0]), found[1:].tolist()
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Gradients, and why to integrate them
#
# A network can be asked for the slope of its output by each input number. But a slope
# is local. Take `1 - max(0, 1 - x)`: from 0 to 2 it rises by 1, at 2 it is flat, and the
# gradient there says that `x` does not matter.
#
# *Integrated gradients* (Sundararajan et al. 2017) go from a base input to the actual
# one in small steps and average the slopes on the way. Times the distance, they add up
# to the change of the output. Here the base is a text of masks, and the steps go between
# embeddings, where no words are.

# %% tags=["demo"]
x = torch.tensor(2.0, requires_grad=True)
(1 - torch.relu(1 - x)).backward()
steps = torch.linspace(0, 2, 201, requires_grad=True)
(1 - torch.relu(1 - steps)).sum().backward()
print(f"gradient at 2, times 2:      {2 * x.grad.item() + 0:.2f}")
print(f"integrated gradient, 0 to 2: {2 * steps.grad.mean().item():.2f}")
four = [
    explanation.explain(classifier, text, method, target="positive")
    for method in explanation.METHODS
]
HTML(render_methods(four))

# %% [markdown] tags=["observe"]
# Four methods, one answer: they agree on *wonderful* and *thin*, and disagree on *but*
# by more than a point. (Three needed no new rows: `"exact"` had asked for
# all 1,024.) An explanation without its method's name is incomplete.

# %% [markdown] tags=["concept"]
# ## Attention is not explanation, measured
#
# A transformer computes attention weights: how much each token takes from each other.
# They look like an explanation, and are often shown as one. Jain and Wallace (2019)
# found, for recurrent networks, that they agree poorly with other measures; Wiegreffe
# and Pinter (2019) answered that it depends on what one calls an explanation. So
# measure.
#
# We take the last layer, the mean of its heads, and the row of `[CLS]`, which the
# classifier reads.

# %% [markdown] tags=["predict"] prediction="09.p3"
# Over twelve test sentences: the mean rank correlation (1: the same order of words, 0:
# none, -1: reversed) of attention with the size of the Owen values? LIME's with them will
# be near 0.7.
#
# Within 0.15 counts as right.

# %% tags=["predict"]
predict("09.p3", ..., confidence=...)

# %% tags=["demo"]
sentences = load_task("sentiment", seed=0)["test"]["text"]
sentences = [text for text in sentences if 6 <= len(text.split()) <= 10][:12]
eager = classifier.run.model()
eager.set_attn_implementation("eager")  # the default does not keep the weights


def attention(sentence):
    """Attention from [CLS] to each word, and to the special tokens together."""
    masked = masking.read_text(classifier, sentence)
    with torch.no_grad():
        ids = torch.tensor(masked.input_ids)[None]
        layers = eager(input_ids=ids, output_attentions=True).attentions
    weights = layers[-1][0].mean(dim=0)[0].numpy()  # (tokens,)
    word = masked.player_of_token
    return np.bincount(word[word >= 0], weights[word >= 0]), weights[word < 0].sum()


print(sentences[0], attention(sentences[0])[0].round(2))


# %% tags=["demo"]
found, agreement = [], {"lime": [], "integrated_gradients": [], "attention": []}
for sentence in sentences:
    owen = explanation.explain(classifier, sentence)
    ways = {"partition": owen.values, "attention": attention(sentence)[0]}
    for method, evals in (("lime", 200), ("integrated_gradients", 32)):
        more = explanation.explain(classifier, sentence, method, max_evals=evals)
        ways[method] = more.values
    for method, ranks in agreement.items():
        ranks.append(spearmanr(np.abs(owen.values), np.abs(ways[method]))[0])
    found.append((owen, ways))
draws = np.random.default_rng(0).integers(12, size=(2000, 12))
for method, ranks in agreement.items():
    means = np.array(ranks)[draws].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    print(f"{method:21} {np.mean(ranks):5.2f}   95 % interval {low:.2f} to {high:.2f}")
special = np.mean([attention(sentence)[1] for sentence in sentences])
print(f"attention to [CLS] and [SEP]: {special:.0%} of all (n = 12 sentences)")
reveal("09.p3", round(float(np.mean(agreement["attention"])), 2), within=0.15)

# %% [markdown] tags=["observe"]
# Attention agrees with the Owen values far less than the two others do, and a third of
# it goes to tokens that are no words. It has no sign either: a word that speaks against
# the answer may get much of it. Twelve sentences of one model: the intervals
# are wide.

# %% [markdown] tags=["concept"]
# ## Who is right? Ask the model
#
# Agreement among methods proves nothing; all could be wrong together. *Faithfulness*
# asks the model itself. Mask the words that an explanation ranks highest: a good ranking
# makes the probability fall far (*comprehensiveness*). Show those words alone: a good
# one loses little (*sufficiency*, lower is better). Both are differences of probability,
# averaged over several numbers of words (DeYoung et al. 2020), and mean nothing without
# random rankings beside them.

# %% tags=["demo"]
scores = {"partition": [], "lime": [], "integrated_gradients": [], "attention": []}
chance = []
for owen, ways in found:
    for method, values in ways.items():
        owen.values = values  # the same text and answer, ranked in another way
        result = faithfulness.faithfulness(classifier, owen, random_orders=10)
        scores[method].append((result.comprehensiveness, result.sufficiency))
    chance.append(
        [np.mean(result.random_comprehensiveness), np.mean(result.random_sufficiency)]
    )
print(f"{'means of 12 sentences':23} comprehensiveness  sufficiency")
for method, pairs in {**scores, "random order": chance}.items():
    print("{:23} {:17.2f}  {:11.2f}".format(method, *np.mean(pairs, axis=0)))
more = np.array(scores["attention"])[:, 0] - np.array(chance)[:, 0]
low, high = np.quantile(more[draws].mean(axis=1), [0.025, 0.975])
print(f"attention - random order: {more.mean():.2f}, interval {low:.2f} to {high:.2f}")

# %% [markdown] tags=["observe"]
# Three methods are about equally faithful, and show the answer from a few words with
# hardly a loss. Attention is far behind them; whether it is better than random order,
# twelve sentences cannot tell. This test has limits too: texts full of masks are not what
# the model was trained on, and two of the methods were made by masking as well.

# %% [markdown] tags=["concept"]
# ## Data with a known truth
#
# For real texts nobody knows what a word is worth. `make_tickets` makes messages to a
# help desk by a rule: each phrase adds its log-odds, and the label, *urgent* or
# *routine*, is drawn with the resulting probability. `effects()` tells the truth.
#
# Drawn means: the same message may turn out either way.

# %% [markdown] tags=["predict"] prediction="09.p4"
# Which accuracy, from 0 to 1, does a classifier reach that knows the rule? Half of the
# messages are urgent, and "We lose customers every hour." adds 1.8.
#
# Within 0.05 counts as right.

# %% tags=["predict"]
predict("09.p4", ..., confidence=...)

# %% tags=["demo"]
tickets = make_tickets(4000, seed=0)
train, test = tickets["train"], tickets["test"]
truth = np.array(test["label"])
right = (np.array(test["probability"]) > 0.5) == truth


def bag_of_words():
    words_in = CountVectorizer(binary=True, token_pattern=r"\w+")
    return make_pipeline(words_in, LogisticRegression(max_iter=1000))


linear = bag_of_words().fit(train["text"], train["label"])
print(test["text"][0])
accuracies = {"always the commoner label": max(truth.mean(), 1 - truth.mean())}
accuracies |= {"logistic regression": linear.score(test["text"], truth)}
accuracies |= {"the rule itself": right.mean()}
for name, accuracy in accuracies.items():
    margin = 1.96 * (accuracy * (1 - accuracy) / len(truth)) ** 0.5
    print(f"{name:26} {accuracy:.3f} ± {margin:.3f}   (n = {len(truth)})")
reveal("09.p4", round(float(right.mean()), 2), within=0.05)

# %% [markdown] tags=["observe"]
# The rule itself is wrong for more than a quarter of the messages, and a bag of words
# with logistic regression comes as near to it as the interval can tell. Does it also
# know *why*? For a linear model, with hidden words taken from other messages, the Shapley
# value is known without sampling: weight times (1 or 0, minus the share of messages that
# have the word).

# %% tags=["demo"]
weight = dict(zip(linear[0].get_feature_names_out(), linear[1].coef_[0], strict=True))


def learned(phrase):
    return sum(
        weight.get(word, 0.0) for word in set(linear[0].build_analyzer()(phrase))
    )


# Requests and faults exclude each other: only differences among them are known.
slots = (ticket_rule.BEGINNINGS, ticket_rule.STAKES, ticket_rule.HISTORY)
plain = [name for slot in slots for name in slot if name] + ["Thank you."]
for phrase in plain:
    print(
        f"{phrase:38} truth {effects()[phrase]:5.1f}   learned {learned(phrase):5.2f}"
    )
pairs = [(effects()[phrase], learned(phrase)) for phrase in plain]
print(f"correlation {np.corrcoef(np.transpose(pairs))[0, 1]:.3f}")
print({word: round(float(weight[word]), 2) for word in ("there", "is", "no", "hurry")})
rows = linear[0].transform(train["text"]).toarray()
background = shap.maskers.Independent(rows, max_samples=len(rows))
values = shap.LinearExplainer(linear[1], background).shap_values(rows[:1])
formula = linear[1].coef_ * (rows[:1] - rows.mean(axis=0))
print(f"shap and formula: largest difference {np.abs(values - formula).max():.6f}")

# %% [markdown] tags=["observe"]
# The sums are near the truth, within 0.4, zeros included. But *there*, *no* and *hurry*
# share the credit: in these data they always come together, so that nothing can tell
# them apart. "The word *there* calms the desk" would be a true statement about the model
# and nonsense about the world. Last line: for your model, `shap` agrees with the formula.

# %% [markdown] tags=["concept"]
# ## Partial dependence: one feature, all messages
#
# Attributions are about one text. A *partial dependence* (Friedman 2001) is about the
# model as a whole: set one feature to a value *in every row*, predict, average; then the
# next value. One line per row instead of the average shows whether rows differ.
#
# It may ask of texts that never occur, such as one with two faults at once.

# %% tags=["demo"]
phrase = "We lose customers every hour."
having = [text if phrase in text else f"{text} {phrase}" for text in test["text"]]
without = [text.replace(phrase, "") for text in test["text"]]
low, high = (linear.predict_proba(texts)[:, 1] for texts in (without, having))
print(f"partial dependence: {low.mean():.2f} without, {high.mean():.2f} with")
rise = np.quantile(high - low, [0, 0.5, 1])
print(
    "rise of single messages: {:.2f} to {:.2f}, median {:.2f}".format(*rise[[0, 2, 1]])
)
change = np.log(high / (1 - high)) - np.log(low / (1 - low))
print(f"the same in log-odds: {change.min():.2f} to {change.max():.2f}")

# %% [markdown] tags=["observe"]
# In probability the phrase does much for a message in the middle and little for one that
# is nearly certain already. In log-odds it does the same for all. The scale
# decides whether an effect looks constant.

# %% [markdown] tags=["exercise"] exercise="09.5" title="Partial dependence" difficulty=2 minutes=5
# For each value of the grid: put it into the column of *all* rows, ask `f`, take the
# mean.
#
# ```text
# pdp(lambda X: X[:, 0] + X[:, 1], [[0, 1], [0, 3]], 0, [0, 5])  ->  [2.0, 7.0]
# ```
#
# (`X` comes as an array.)


# %% tags=["exercise"] exercise="09.5"
def pdp(f, X, column, grid):
    """Return the mean output for each value of the grid, a list.

    f: takes an array (m, n), gives an array (m,); X: such an array; column: a number.
    """
    # BEGIN SOLUTION
    means = []
    for value in grid:
        changed = X.copy()
        changed[:, column] = value
        means.append(float(np.mean(f(changed))))
    return means
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## A shortcut
#
# Now an accident that explanations can find. In these tickets something was planted: in
# the training and validation messages a harmless phrase goes with the label, in the test
# messages it does not. Think of urgent messages that were collected from one app, routine
# ones from another.

# %% [markdown] tags=["predict"] prediction="09.p5"
# The same model, trained on these, has a validation accuracy near 0.9. Which one on the
# test messages, from 0 to 1?
#
# Within 0.07 counts as right.

# %% tags=["predict"]
predict("09.p5", ..., confidence=...)

# %% tags=["demo"]
planted = make_tickets(4000, seed=1, shortcut=0.9)
biased = bag_of_words().fit(planted["train"]["text"], planted["train"]["label"])
for split in ("validation", "test"):
    rows = planted[split]
    accuracy = biased.score(rows["text"], rows["label"])
    margin = 1.96 * (accuracy * (1 - accuracy) / len(rows)) ** 0.5
    print(f"{split:10} accuracy {accuracy:.2f} ± {margin:.2f}   (n = {len(rows)})")
reveal("09.p5", round(accuracy, 2), within=0.07)

# %% [markdown] tags=["observe"]
# A validation accuracy above what the rule reaches is no success, it is an alarm.

# %% [markdown] tags=["exercise"] exercise="09.6" title="Find the shortcut" difficulty=3 minutes=9
# Let *d* of a word be the share of the messages with label 1 that hold it, minus that
# share for label 0. A true sign has about the same *d* in training and test; a shortcut
# has not. Return the word for which the two differ most, whatever the direction.
#
# Words are what `text.lower().split()` gives, each counted once per message.
# When the check passes, let it look at `planted`:
#
# ```text
# old, new = planted["train"][:], planted["test"][:]
# find_shortcut(old["text"], old["label"], new["text"], new["label"])
# ```


# %% tags=["exercise"] exercise="09.6"
def find_shortcut(train_texts, train_labels, test_texts, test_labels):
    """Return the word whose connection with the label changes most.

    texts: lists of texts; labels: lists of 0 and 1, both occur.
    """

    # BEGIN SOLUTION
    def connection(texts, labels):
        counts = [labels.count(0), labels.count(1)]
        found = {}
        for text, label in zip(texts, labels, strict=True):
            for word in set(text.lower().split()):
                sign = 1 if label else -1
                found[word] = found.get(word, 0.0) + sign / counts[label]
        return found

    train = connection(train_texts, train_labels)
    test = connection(test_texts, test_labels)
    change = {w: abs(train.get(w, 0) - test.get(w, 0)) for w in {**train, **test}}
    return max(change, key=change.get)
    # END SOLUTION


# %% [markdown] tags=["exercise"] exercise="09.7" title="Prove it" difficulty=3 minutes=6
# A suspicion is not a proof. A *counterfactual* is: change only the suspect, and see
# what becomes of the answer. Over the texts that hold the word, return the mean of
# `f(text)` minus `f` of the text without it; `None` if no text holds it.
#
# Words are parted by spaces; take every occurrence away and join the rest with single
# spaces.


# %% tags=["exercise"] exercise="09.7"
def counterfactual_effect(f, texts, word):
    """Return the mean change that the word makes, or None.

    f: takes a text, gives a number; texts: a list; word: without spaces.
    """
    # BEGIN SOLUTION
    changes = []
    for text in texts:
        kept = [other for other in text.split() if other != word]
        if len(kept) < len(text.split()):
            changes.append(f(text) - f(" ".join(kept)))
    return sum(changes) / len(changes) if changes else None
    # END SOLUTION


# %% tags=["demo"]
message = f"I have a question about my plan. {SHORTCUT}"
rows = biased[0].transform([message, *planted["train"]["text"]]).toarray()
values = biased[1].coef_[0] * (rows[0] - rows[1:].mean(axis=0))
word, order = biased[0].get_feature_names_out(), np.argsort(-np.abs(values))
print(message)
print({word[i]: round(float(values[i]), 2) for i in order[:4]})
texts = planted["test"]["text"]
holding = [text for text in texts if SHORTCUT in text]
cut = [text.replace(SHORTCUT, "").strip() for text in holding]
before, after = biased.predict(holding), biased.predict(cut)
print(f"{SHORTCUT!r} taken away from {len(cut)} test messages:")
share = (before != after).mean()
print(f"{share:.0%} of the answers change; by the rule it adds {effects()[SHORTCUT]}")
clean = [text.replace(SHORTCUT, "") for text in planted["train"]["text"]]
repaired = bag_of_words().fit(clean, planted["train"]["label"])
score = repaired.score(texts, planted["test"]["label"])
margin = 1.96 * (score * (1 - score) / len(texts)) ** 0.5
print(
    f"trained without it: test accuracy {score:.2f} ± {margin:.2f} (n = {len(texts)})"
)

# %% [markdown] tags=["observe"]
# One meaningless line decides most of these answers, and its words have the largest
# values. Trained without it, the model is back where the rule allows. Attributions raise
# a suspicion, the counterfactual proves that the *model* uses the phrase, and only
# knowledge about how the data came about says that it *should not*.

# %% [markdown] tags=["misconception"]
# ## Four things that are easily believed
#
# - *"SHAP shows causes."* It shares an output among inputs. *there* calms no help desk.
# - *"Attention shows what matters."* Here it ranked words far worse than three methods.
# - *"The explanation of an answer."* There are as many as methods, masks and seeds.
# - *"A convincing explanation means a good model."* The biased model's explanation was
#   faithful: it really went by the phone.

# %% [markdown] tags=["quiz"]
# - id: q1
#   kind: recall
#   text: What is the Shapley value of a word?
#   options:
#     - right: Its gain on arrival, averaged over all orders of the words
#       why: The formula's fractions are the shares of orders with the same words before it.
#     - wrong: The output for the word alone, with all others hidden by the mask
#       why: Less the base value, that is its gain in one place, the first.
#     - wrong: The fall of the output if the word is taken out of the whole text
#       why: That is its gain in the last place only.
#     - wrong: The gradient of the output by the word's embedding
#       why: Gradients know no groups of words.
# - id: q2
#   kind: output
#   text: "f is 0 for nobody, 4 for word A alone, 0 for B alone, 2 for both. What are the values of A and B?"
#   options:
#     - right: A 3, B -1
#       why: A gains 4 or 2, B gains -2 or 0; the sum is 2, as it must be.
#     - wrong: A 4, B -2
#       why: That is the order A, B alone.
#     - wrong: A 4, B 0
#       why: These are the words alone; they do not add up to 2.
#     - wrong: A 1, B 1
#       why: Equal shares need equal contributions.
# - id: q3
#   kind: output
#   text: "Sampled values have a typical error of 0.3 with 100 orders. About what error do 900 orders give?"
#   options:
#     - right: "0.1"
#       why: Nine times the orders, a third of the error.
#     - wrong: "0.03"
#       why: That would need a hundred times the orders.
#     - wrong: "0.15"
#       why: Four times the orders would halve it.
#     - wrong: "0.3"
#       why: The error of a mean falls with the number of draws.
# - id: q4
#   kind: misconception
#   text: "Two runs of LIME on one answer name different second words. What follows?"
#   options:
#     - right: The sample is too small for that rank; draw more, and report the spread.
#       why: The first word may be safe and the second not, as measured in this lesson.
#     - wrong: The model is random, so that it answers the very same text differently each time.
#       why: The model is fixed; LIME's masks are drawn.
#     - wrong: Both words are equally important.
#       why: They may be, but two noisy numbers do not show it.
#     - wrong: LIME is broken.
#       why: It does what it says; sampling has an error.
# - id: q5
#   kind: misconception
#   text: "A dashboard shows attention weights as \"the reasons\". Your best objection?"
#   options:
#     - right: They have no sign, and masking by them changed answers far less than other rankings.
#       why: Measured here on twelve sentences; on your model, measure again.
#     - wrong: Attention weights are random.
#       why: They agreed with the Owen values, 0.4 on average; random numbers would not.
#     - wrong: A transformer has no attention weights once it is trained on a task.
#       why: It computes them for every text; eager attention returns them.
#     - wrong: They do not add up to one over all of the tokens that the model reads, as reasons should do.
#       why: They do, with the special tokens.
# - id: q6
#   kind: transfer
#   text: "Validation accuracy is 0.97, higher than the agreement among the people who labelled the texts. What first?"
#   options:
#     - right: Look for a shortcut or a leak with attributions, then prove it by counterfactuals.
#       why: A score beyond what labels allow has a reason, and seldom a good one.
#     - wrong: Release it, since it is better than people at the task now.
#       why: It agrees with the labels better than people do, which is suspicious.
#     - wrong: Train longer, to reach 0.98.
#       why: That makes a shortcut stronger.
#     - wrong: Ask for a larger validation set from the same source, so that the interval gets narrower.
#       why: A set from the same source has the same shortcut.
# - id: q7
#   kind: transfer
#   text: "A bank must tell a customer why a loan was refused. Which is honest?"
#   options:
#     - right: "\"These inputs weighed most in the model's answer\", with the method named"
#       why: That is what an attribution says.
#     - wrong: "\"You were refused because of your postcode; move, and you will be accepted\""
#       why: An attribution promises nothing about what happens after a change.
#     - wrong: "\"The computer has thousands of parameters, so there is no reason\""
#       why: What the answer depends on can be measured.
#     - wrong: "\"SHAP shows that the refusal was right\""
#       why: It explains wrong answers just as well.
# - id: q8
#   kind: evidence
#   text: "Which finding would convince you most that method A is more faithful than B?"
#   options:
#     - right: On 200 texts, masking A's words lowers the probability more than B's, beyond the interval.
#       why: It asks the model, on enough texts, with uncertainty.
#     - wrong: A's words seem more sensible to five readers.
#       why: That is plausibility; the model may go by other words.
#     - wrong: A agrees with B on 200 texts, with a rank correlation that is near one.
#       why: Then neither is shown to be better.
#     - wrong: A is newer and is cited more.
#       why: That measures nothing on your model.

# %% [markdown] tags=["app"]
# ## In the demo
#
# `make app` opens the demo. On *Explain*, choose a model and a method for a text of your
# own. Change the method, and see which words keep their sign.

# %% [markdown] tags=["reflection"]
# ## In your own words
#
# The biased model called "I have a question about my plan. Sent from my phone." urgent.
# Explain this answer to a manager who does not know what a model is, in 80 words at
# most.
#
# <details><summary>How to judge your answer</summary>
#
# 1. It says what the answer went by, in words of the message.
# 2. It gives the proof: without the line the answer would have been another.
# 3. It says that this is about the model and not about the customer.
# 4. It says why (how the training messages were collected) and what is done now.
# 5. No *log-odds*, *SHAP* or *feature*; one number at most; 80 words kept.
#
# Four of five is good.
#
# </details>

# %% [markdown] tags=["recap"]
# ## What you did
#
# - You **computed** Shapley values by hand, in code, and from samples.
# - You **compared** four methods and attention on the same sentences.
# - You **measured** stability by reseeding and faithfulness by masking.
# - You **recovered** effects that were known, and saw which credit is shared.
# - You **found** a planted shortcut and proved it.
# - You **explained** an answer in words that a manager can use.
#
# Next time you see coloured words, you know what to ask: which method, which mask, which
# seed, and what does the model say without them?
