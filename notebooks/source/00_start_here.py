# ---
# title: "Start here: train, measure, explain"
# summary: Learn how the lessons work; fine-tune a language model, measure it, ask its reasons.
# minutes: 30
# seconds: 120
# needs: []
# objectives:
#   - "**solve** a graded exercise, and say what visible and hidden checks are for,"
#   - "**predict** before you look, and say how sure you are,"
#   - "**fine-tune** a language model on labelled texts in less than a minute,"
#   - "**measure** it beside two simple baselines, and say how sure the number is,"
#   - "**explain** one answer word by word."
# sources:
#   - "Vaswani et al. 2017. Attention Is All You Need. https://arxiv.org/abs/1706.03762"
#   - "Wang et al. 2020. MiniLM: Deep Self-Attention Distillation. https://arxiv.org/abs/2002.10957"
#   - "Pang and Lee 2005. Seeing Stars. https://arxiv.org/abs/cs/0506075 (the sentences)"
#   - "Lundberg and Lee 2017. A Unified Approach to Interpreting Model Predictions. https://arxiv.org/abs/1705.07874"
#   - "Brier 1950. Verification of Forecasts Expressed in Terms of Probability. Monthly Weather Review 78(1). https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2"
# ---

# %% tags=["setup"]
import random

import torch
import transformers

from course.data import load_task
from course.evaluation import evaluate_run
from course.explanation import explain
from course.finetuning import finetune, preset
from course.grading import check
from course.hardware import precision, threads
from course.inference import Classifier
from course.lessons import predict, reveal
from widgets.quiz import quiz

print("torch", torch.__version__, "| transformers", transformers.__version__)

# %% [markdown] tags=["concept"]
# ## A notebook is a page that computes
#
# Text and *cells* of code take turns. Click into a cell and press **Shift+Enter**: it
# runs, its result appears below it, and the next cell is chosen. Run the cells in their
# order, from the top: a later one uses what an earlier one has made.
#
# Something stuck? The menu *Kernel: Restart* begins again with nothing computed; your
# text stays. The command `course doctor`, in a terminal, looks for what this machine
# lacks and says the remedy.

# %% tags=["demo"]
print("threads for arithmetic:", threads())
print("numbers of", precision(), "in training")

# %% [markdown] tags=["observe"]
# The first line says how many cores the lessons use, found by a short measurement. The
# second says how exact the numbers are: `bf16` has 16 bits and is fast where the
# processor knows it, `fp32` has 32 bits and works everywhere.

# %% [markdown] tags=["concept"]
# ## Exercises check themselves
#
# An exercise gives you a function with a line that raises `NotImplementedError`.
# Replace that line, run the cell, run the `check` cell below it. It shows the first
# thing that is wrong: what was called, what was expected, what came, and a hint. After
# another failed attempt there is one more hint.
#
# `check` runs the *visible* checks. *Hidden* checks run when your notebook is graded:
# they ask the same of inputs that you have not seen, so that a function which only knows
# the visible answers does not pass. Here is a first, small one.

# %% [markdown] tags=["exercise"] exercise="00.1" title="Count characters and words" difficulty=1 minutes=4
# Write a function that measures a text: how many characters it has, spaces included,
# and how many words. Words are what is left when a text is cut at its spaces and line
# breaks, however many stand in a row.
#
# ```text
# count_text("A joy to watch.")  ->  {"characters": 15, "words": 4}
# ```


# %% tags=["exercise"] exercise="00.1"
def count_text(text):
    """Return {"characters": how many, "words": how many} of a text."""
    # BEGIN SOLUTION
    return {"characters": len(text), "words": len(text.split())}
    # END SOLUTION


# %% [markdown] tags=["hint"]
# <details><summary>Where do I look if I am stuck?</summary>
#
# Run `check` on a half-finished answer: the difference between *expected* and *got* is
# the best hint there is. `help(str.split)` in a cell of its own shows what Python says
# about a method. Nothing is counted against you: attempts are free.
#
# </details>

# %% [markdown] tags=["concept"]
# ## Predict, then look
#
# What you have guessed wrongly, you remember. So before some cells you commit to a
# prediction, and say how sure you are, from 0 (no idea) to 1 (certain). Afterwards the
# lesson compares. Over the course it also tells whether your 0.8 is right eight times
# in ten: that is *calibration*, and models are measured by it too, by the same score
# (Brier 1950).
#
# To begin: in the test data of this lesson, half of the texts are for a film and half
# are against it.

# %% [markdown] tags=["predict"] prediction="00.p1"
# Of 100 such texts, how many does a "model" get right that always answers *positive*?
#
# Put a number in place of the first three dots, and how sure you are in place of the
# others, such as `confidence=0.9`.

# %% tags=["predict"]
predict("00.p1", ..., confidence=...)

# %% tags=["demo"]
dataset = load_task("sentiment", seed=0)
label_names = dataset["test"].features["label"].names
answers = [label_names[label] for label in dataset["test"]["label"]]
share = answers.count("positive") / len(answers)
print(f"always positive: {share:.1%} of {len(answers)} right")
reveal("00.p1", round(100 * share), within=2)

# %% [markdown] tags=["observe"]
# A share of one half, without having read a word. Any number of a model is worth only
# as much as its distance from such a *baseline*. If nine of ten texts were positive, the
# same empty answer would be right nine times in ten.

# %% [markdown] tags=["concept"]
# ## The task: is this sentence for or against the film?
#
# A *classifier* reads a text and chooses one of a few labels. Ours chooses between two:
#
# | text | label |
# |---|---|
# | a sentence from a film review | `negative` or `positive` |
#
# The sentences are real. They come in three parts. The model learns from `train`. We
# look at `validation` while we make choices. `test` stays closed until the end: a test
# that one has practised on measures memory.

# %% tags=["demo"]
for row in dataset["train"].select(range(4)):
    print(f"{label_names[row['label']]:9}", row["text"][:80])
print({name: len(split) for name, split in dataset.items()})

# %% [markdown] tags=["observe"]
# Each row is a text and a label, and the last line counts the rows of each part. Not
# one sentence is in two parts: copies were removed before the split.

# %% [markdown] tags=["concept"]
# ## Fine-tuning: start from a model that has read a lot
#
# ```text
#  "a joy to watch"  ->  token ids  ->  encoder (MiniLM)  ->  head  ->  negative  0.03
#                                       knows English          new      positive  0.97
# ```
#
# The encoder was trained before, on very many texts, so it has a use for words like
# *joy*. The *head* is new and knows nothing. Fine-tuning shows both our sentences, a
# batch at a time, and after each batch moves the parameters a little so that the right
# label becomes likelier.
#
# We take the preset `quick`, a part of the training texts, and of each text its first
# 40 tokens: the wait is short.

# %% [markdown] tags=["predict"] prediction="00.p2"
# After this short training, which share of the test sentences will the model get right,
# from 0 to 1?
#
# Within 0.05 counts as right.

# %% tags=["predict"]
predict("00.p2", ..., confidence=...)

# %% tags=["demo"]
config = preset("quick", "sentiment", max_train_samples=1400, max_length=40, seed=0)
run = finetune("sentiment", config, dataset=dataset)
print(run.name)

# %% [markdown] tags=["observe"]
# That was a training of a real language model. All of it is kept in a *run directory*
# with the name above: the model, its options, its numbers. You can come back to it
# tomorrow without training again.

# %% tags=["demo"]
for record in run.history():
    if "loss" in record:
        print(f"step {record['step']:4}   loss {record['loss']:.3f}")

# %% [markdown] tags=["observe"]
# The *loss* says how surprised the model is by the right labels; guessing between two
# labels costs about 0.69. It starts near there and ends below. It does not fall at
# every step: each batch holds other sentences, some harder than others.

# %% [markdown] tags=["concept"]
# ## How good is it, and how sure are we?
#
# *Accuracy* is the share of test sentences with the right label. Two things make the
# number mean something:
#
# - an *interval*. Another set of test sentences would give a slightly different number;
#   the interval says how different it could well be.
# - *baselines*. Always giving the commonest label costs nothing, and counting words
#   (TF-IDF with logistic regression) takes a second. A language model must beat both.

# %% tags=["demo"]
evaluation = evaluate_run(run)
measured = evaluation.metrics["accuracy"]
print(f"{'language model':26}", measured)
for name, baseline in run.info["baselines"].items():
    accuracy = baseline["metrics"]["accuracy"]
    print(f"{name:26}", "{value:.3f} [{low:.3f}, {high:.3f}], n={n}".format(**accuracy))
reveal("00.p2", round(measured.value, 3), within=0.05)

# %% [markdown] tags=["observe"]
# Read each line as *value [low, high]*. Your numbers can differ from your neighbour's
# in the last digits: processors add in different orders. Where two intervals lie apart,
# the difference is no accident of the test set.

# %% [markdown] tags=["exercise"] exercise="00.2" title="Repair a function" difficulty=1 minutes=5
# Errors are the most common output of a programmer, and Python's last line says what is
# wrong. This function should compute accuracy, but it stops with
# `NameError: name 'predicton' is not defined`:
#
# ```python
# def accuracy(predictions, references):
#     right = 0
#     for prediction, reference in zip(predictions, references, strict=True):
#         right += predicton == reference
#     return right / len(references)
# ```
#
# Write it without the mistake.


# %% tags=["exercise"] exercise="00.2"
def accuracy(predictions, references):
    """Return the share, from 0 to 1, of predictions that equal their reference.

    Both are lists of labels, of the same length, at least 1.
    """
    # BEGIN SOLUTION
    right = 0
    for prediction, reference in zip(predictions, references, strict=True):
        right += prediction == reference
    return right / len(references)
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Your own sentences
#
# Change the sentences below and run the cell again. Try to fool the model: irony,
# a sentence about the weather, praise for another film.

# %% [markdown] tags=["predict"] prediction="00.p3"
# Which label does the model give to "Not bad at all."?
#
# Write `"negative"` or `"positive"`, in quotation marks.

# %% tags=["predict"]
predict("00.p3", ..., confidence=...)

# %% tags=["demo"]
classifier = Classifier(run)
sentences = [
    "Not bad at all.",
    "A joy from start to finish.",
    "I want these two hours back.",
]
predictions = classifier.predict(sentences)
for text, label, row in zip(
    sentences, predictions.labels, predictions.probabilities, strict=True
):
    print(f"{label:9} {row.max():.2f}  {text}")
reveal("00.p3", predictions.labels[0])

# %% [markdown] tags=["observe"]
# The number is the probability that the model gives to its answer. A high one is a
# strong opinion, not a proof: look for a sentence where it is sure and wrong.

# %% [markdown] tags=["concept"]
# ## Why did it say so?
#
# Take words away and see how the answer moves. If *joy* is hidden and the model doubts,
# *joy* carried the answer. *Shapley values* do this for combinations of words and share
# the answer out fairly: the values add up to what the model said, compared with what it
# says when all words are hidden.

# %% tags=["demo"]
explanation = explain(run, "A slow start, but a joy to watch.", method="partition")
for word, value in zip(explanation.feature_names, explanation.values, strict=True):
    print(f"{word:10} {value:+.2f}  {'#' * round(8 * abs(value))}")

# %% [markdown] tags=["observe"]
# A plus speaks for the label that the model chose, a minus against it; the length of
# the bar says how much. These are reasons of *this* model, trained for seconds. They
# need not be good reasons.

# %% [markdown] tags=["question"]
# **Think first, then look.** You train the same model again on ten times as many
# sentences. What happens to the width of the interval around its accuracy?
#
# <details><summary>Answer</summary>
#
# Almost nothing. The width depends on the number of *test* sentences, which stays the
# same. What moves is the accuracy itself: more training makes the model better, more
# testing makes us surer. Try it with `preset("default", "sentiment")`.
#
# </details>

# %% [markdown] tags=["concept"]
# ## The same again: seeds
#
# Training draws lots: which sentences first, which numbers the new head starts with. A
# *seed* fixes the draw. The same seed gives the same numbers on the same machine, and
# another seed other numbers, which is how one finds out how much was luck.

# %% tags=["demo"]
first, again, other = random.Random(7), random.Random(7), random.Random(8)
for generator in (first, again, other):
    print([generator.randint(0, 99) for _ in range(6)])

# %% [markdown] tags=["observe"]
# The first two lines agree to the last number, the third has nothing to do with them. A
# generator of one's own, as here, is safer than `random.seed`, which changes the draws
# of everything else in the program.

# %% [markdown] tags=["exercise"] exercise="00.3" title="Draw a sample that can be drawn again" difficulty=2 minutes=6
# A look at some of the data should be repeatable. Write a function that draws `n`
# different texts by chance: the same seed gives the same texts in the same order,
# another seed others.


# %% tags=["exercise"] exercise="00.3"
def sample_texts(texts, n, seed):
    """Return n different items of a list, drawn by chance.

    The same seed (any whole number) gives the same items in the same order.
    """
    # BEGIN SOLUTION
    return random.Random(seed).sample(texts, n)
    # END SOLUTION


# %% [markdown] tags=["misconception"]
# ## Three things that are easily believed
#
# - *"The check passed, so my answer is right."* It passed the visible checks. Ask
#   yourself what else could come in: nothing, one item, a label that is a number.
# - *"With a seed my result is the result."* It is one draw. A result that only one seed
#   shows is luck; later lessons train with several.
# - *"The explanation says what is true of the film."* It says what moved this model.

# %% [markdown] tags=["quiz"]
# - id: q1
#   kind: recall
#   text: "A check says: visible checks 3/3; hidden checks run when graded. What do you know?"
#   options:
#     - right: The function is right for the inputs that were shown; others will be tried.
#       why: Hidden checks ask the same of inputs that you have not seen.
#     - wrong: The exercise is finished, and all of its points are certain by now, hidden ones too.
#       why: The points of the hidden checks are still open.
#     - wrong: The hidden checks have run and passed too.
#       why: They run only when the notebook is graded, in another process.
#     - wrong: Hidden checks ask for something that the task does not mention.
#       why: They hold the function to its task and its docstring, with other inputs.
# - id: q2
#   kind: misconception
#   text: "A function ends with `print(total)` and has no `return`. What does `x = f()` put into `x`?"
#   options:
#     - right: "`None`"
#       why: A function without return gives back None; what it prints is for the eyes only.
#     - wrong: The value of `total`
#       why: It was shown on the screen, but nothing handed it over.
#     - wrong: The text that was printed
#       why: print writes to the screen; its own result is None as well.
#     - wrong: Nothing, it is an error
#       why: Python makes no fuss, which is why this mistake is found late.
# - id: q3
#   kind: output
#   text: "900 of 1,000 messages are *ham*, the rest is *spam*. What is the accuracy of the answer *ham* for each?"
#   options:
#     - right: "0.9"
#       why: It is right whenever the message is ham. This is the baseline to beat.
#     - wrong: "0.5"
#       why: That would be so with as much spam as ham.
#     - wrong: "0, because it has learned nothing"
#       why: Accuracy counts right answers and does not ask where they come from.
#     - wrong: "0.1"
#       why: That is the share that it gets wrong.
# - id: q4
#   kind: output
#   text: "Model A has accuracy 0.84 [0.82, 0.86], model B 0.80 [0.74, 0.85], on the same kind of texts. What may you say?"
#   options:
#     - right: The intervals overlap; on these numbers alone, which one is better is open.
#       why: B was tested on fewer texts, as its wide interval shows; it may well be as good.
#     - wrong: A is better by four points, which is more than most changes bring about.
#       why: That is the difference between two estimates, each of which could move.
#     - wrong: B is better, because 0.85 is above 0.84.
#       why: The end of an interval is what could be, not what was measured.
#     - wrong: The numbers contradict each other.
#       why: Estimates from different texts differ; that is what intervals are for.
# - id: q5
#   kind: recall
#   text: What is the part of the data named *validation* for?
#   options:
#     - right: For choices that are made on the way, such as when to stop the training
#       why: So that the test data is used only once, at the end.
#     - wrong: For learning the parameters
#       why: That is what the training part is for.
#     - wrong: For the number that is reported at the end
#       why: That comes from the test part, which no choice has seen.
#     - wrong: For texts that are too hard to learn from, which are kept apart for later
#       why: All three parts are drawn by chance from the same texts.
# - id: q6
#   kind: transfer
#   text: "Before training, a classifier with five equally common labels knows nothing. Its loss is near ..."
#   options:
#     - right: "1.61, the natural logarithm of 5"
#       why: Each label gets probability 1/5, and the loss is minus the logarithm of that.
#     - wrong: "0.69, as in this lesson"
#       why: That is the logarithm of 2, for two labels.
#     - wrong: "0, since it has made no mistake yet"
#       why: Loss 0 would mean that it is certain and right.
#     - wrong: "0.2, one fifth"
#       why: That is the probability of the right label; the loss is minus its logarithm.
# - id: q7
#   kind: misconception
#   text: "You run a training twice with the same seed, on two different computers. The accuracies are 0.8411 and 0.8403. Why?"
#   options:
#     - right: Processors add numbers in different orders and round differently.
#       why: Sums of many small numbers depend a little on their order, and training multiplies the effect.
#     - wrong: One of the two programs must have an error.
#       why: Differences in the last digits are usual and no sign of an error.
#     - wrong: The seed only works once.
#       why: On the same machine the same seed gives the same run again.
#     - wrong: The test data was drawn anew.
#       why: The seed fixes the split; it is the same on both.
# - id: q8
#   kind: evidence
#   text: "The explanation gives *joy* the highest value. Which observation would make you doubt that *joy* moved the model?"
#   options:
#     - right: Without *joy* the model's answer stays as it was.
#       why: If hiding a word changes nothing, the model did not need it.
#     - wrong: A friend finds another word more important.
#       why: The explanation is about the model, not about readers.
#     - wrong: The model's answer is wrong.
#       why: A wrong answer has reasons as well.
#     - wrong: Another word has a negative value.
#       why: Words may pull in both directions; the values add up to the answer.

# %% [markdown] tags=["app"]
# ## In the demo
#
# `make app` (or `course app`) opens the demo in your browser. *Classify* and *Explain*
# do what you did here, with the models that come with the kit and with the run that you
# have just trained: choose its name in the menu of models.

# %% [markdown] tags=["reflection"]
# ## In your own words
#
# Write down, in three sentences for somebody who has never trained a model: what the
# number you measured says, what it does not say, and what you would look at next.
#
# <details><summary>How to judge your answer</summary>
#
# It names the number of test sentences and the interval; it names a baseline; and it
# does not say that the model *understands* films. Two of three: read the section on
# accuracy again. One: run the lesson again with a friend and explain it aloud.
#
# </details>

# %% [markdown] tags=["recap"]
# ## What you did
#
# - You **solved** graded exercises, and know that hidden checks ask for more inputs.
# - You **predicted** before you looked, and said how sure you were.
# - You **fine-tuned** a language model and read its loss.
# - You **measured** it beside baselines, with an interval.
# - You **explained** an answer word by word.
#
# `course progress`, in a terminal, shows what you have done and what to repeat. To read
# the quiz as plain text, set `COURSE_TEXT=1` before you start JupyterLab.
