# ---
# title: "Start here: train, measure, explain"
# summary: Fine-tune a language model on film reviews, measure it, ask its reasons.
# minutes: 15
# device: cpu
# needs: []
# sources:
#   - "Vaswani et al. 2017. Attention Is All You Need. https://arxiv.org/abs/1706.03762"
#   - "Wang et al. 2020. MiniLM: Deep Self-Attention Distillation. https://arxiv.org/abs/2002.10957"
#   - "Pang and Lee 2005. Seeing Stars. https://arxiv.org/abs/cs/0506075"
#   - "Lundberg and Lee 2017. A Unified Approach to Interpreting Model Predictions. https://arxiv.org/abs/1705.07874"
# ---

# %% [markdown] tags=["objectives"]
# After this lesson you can
#
# - **load** labelled texts that are split for training and for an honest test,
# - **fine-tune** a language model on them in less than a minute,
# - **measure** it beside two simple baselines, and say how sure the number is,
# - **explain** one answer word by word.

# %% tags=["setup"]
import torch
import transformers

from course.data import load_task
from course.evaluation import evaluate_run
from course.explanation import explain
from course.finetuning import finetune, preset
from course.inference import Classifier

SEED = 0
print("torch", torch.__version__, "| transformers", transformers.__version__)

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
dataset = load_task("sentiment", seed=SEED)
label_names = dataset["train"].features["label"].names
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
# We take the preset `quick` and a part of the training texts: the wait is short.

# %% tags=["demo"]
config = preset("quick", "sentiment", max_train_samples=1400, seed=SEED)
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
print(f"{'language model':26}", evaluation.metrics["accuracy"])
for name, baseline in run.info["baselines"].items():
    accuracy = baseline["metrics"]["accuracy"]
    print(f"{name:26}", "{value:.3f} [{low:.3f}, {high:.3f}], n={n}".format(**accuracy))

# %% [markdown] tags=["observe"]
# Read each line as *value [low, high]*. Your numbers can differ from your neighbour's
# in the last digits: processors add in different orders. Where two intervals lie apart,
# the difference is no accident of the test set.

# %% [markdown] tags=["concept"]
# ## Your own sentences
#
# Change the sentences below and run the cell again. Try to fool the model: irony,
# "not bad at all", a sentence about the weather.

# %% tags=["demo"]
classifier = Classifier(run)
sentences = [
    "A joy from start to finish.",
    "I want these two hours back.",
    "Not bad at all.",
]
predictions = classifier.predict(sentences)
for text, label, row in zip(
    sentences, predictions.labels, predictions.probabilities, strict=True
):
    print(f"{label:9} {row.max():.2f}  {text}")

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

# %% [markdown] tags=["recap"]
# ## What you did
#
# - You **loaded** labelled sentences in three parts without copies across them.
# - You **fine-tuned** a language model and read its loss.
# - You **measured** it beside baselines, with an interval.
# - You **explained** an answer word by word.
