# ---
# title: "Fine-tuning: teach a trained model your task"
# summary: Turn a pre-trained encoder into your classifier, and measure what that buys and costs.
# minutes: 75
# seconds: 120
# needs: []
# objectives:
#   - "**choose** which layers to train, and count their parameters,"
#   - "**pool** token vectors into one text vector that padding cannot change,"
#   - "**read** learning curves with intervals: how many labels does each way need?"
#   - "**run** today's `Trainer`, and repair the calls that older tutorials teach,"
#   - "**turn** tags of words into names, and score them as names,"
#   - "**report** what a model lost, and write an honest line of a model card."
# sources:
#   - "Devlin et al. 2019. BERT. https://arxiv.org/abs/1810.04805 (section 3: pre-training and fine-tuning; 5.3: names, from a frozen model too)"
#   - "Howard and Ruder 2018. Universal Language Model Fine-tuning for Text Classification. https://arxiv.org/abs/1801.06146 (section 5: few labels)"
#   - "Reimers and Gurevych 2019. Sentence-BERT. https://arxiv.org/abs/1908.10084 (section 3: mean pooling)"
#   - "Wang et al. 2020. MiniLM. https://arxiv.org/abs/2002.10957 (how the encoder came by its knowledge)"
#   - "McCloskey and Cohen 1989. Catastrophic Interference in Connectionist Networks. https://doi.org/10.1016/S0079-7421(08)60536-8 (forgetting)"
#   - "Tjong Kim Sang and De Meulder 2003. The CoNLL-2003 Shared Task. https://arxiv.org/abs/cs/0306050 (names)"
#   - "Clark et al. 2019. BoolQ. https://arxiv.org/abs/1905.10044 (yes/no questions)"
#   - "Mitchell et al. 2019. Model Cards for Model Reporting. https://arxiv.org/abs/1810.03993 (what a card says)"
#   - "OpenAI 2020. GPT-3 Model Card. https://github.com/openai/gpt-3/blob/master/model-card.md (section Model Use: access by an interface)"
# ---

# %% tags=["setup"]
import inspect
import re

import numpy as np
import torch
import transformers
from IPython.display import HTML
from sklearn.linear_model import LogisticRegression
from transformers import AutoTokenizer, Trainer, TrainingArguments

from course import assets, data, entities, hardware, inference, runs
from course.evaluation import spans, wilson
from course.evaluation.comparison import paired_comparison
from course.finetuning import baselines, label_budgets, pooled, training, yes_no
from course.finetuning.practice import tiny_classifier, trainable_names
from course.grading import check
from course.lessons import predict, reveal
from course.views.label_budgets import draw_label_budgets
from widgets.quiz import quiz
from widgets.training import TrainingLab

transformers.logging.set_verbosity_error()
print(hardware.apply_threads(), "thread(s),", hardware.precision())

# %% [markdown] tags=["concept"]
# ## Reading comes first, the task second
#
# ![Pre-training makes layers and token vectors from much text without labels; their
# weights are handed on; fine-tuning puts a new head on them and changes some layers
# with a few labelled texts](pictures/07_finetuning.svg)
#
# *Pre-training* guesses hidden or next words in a great many texts. Nobody has to label
# them, and to guess well a model must learn words, grammar and some of the world.
# *Fine-tuning* puts a small new *head* on the trained layers and goes on with your
# texts and labels. What carries over is *transfer*.
#
# Our encoder, MiniLM, has six layers. It learned by imitating a larger pre-trained
# model, and was tuned once already: like sentences get like vectors.

# %% [markdown] tags=["concept"]
# ## The steps
#
# 1. Say what the task is, and what a mistake costs.
# 2. Collect texts and labels; split them *before* anything is learned.
# 3. Measure baselines: the commonest label, and words (TF-IDF).
# 4. Choose a pre-trained model; tokenize as it was trained.
# 5. Choose what may change: the head, some layers, or all.
# 6. Train; keep the step that is best on the *validation* split.
# 7. Look at the *test* split once; write the model card; use it.
#
# What is *frozen* in step 5 needs no gradient and no optimizer memory.

# %% [markdown] tags=["predict"] prediction="07.p1"
# MiniLM has 22.6 million parameters in its table of tokens and six layers. You train the
# last two layers and the head. Which share of all parameters is that, from 0 to 1?
#
# Within 0.05 counts as right.

# %% tags=["predict"]
predict("07.p1", ..., confidence=...)

# %% tags=["demo"]
classifier = pooled.PooledClassifier()
total, shares = sum(p.numel() for p in classifier.parameters()), {}
for method in ("last", "full", "random"):
    pooled.choose_trainable(classifier, method)
    count = sum(p.numel() for p in classifier.parameters() if p.requires_grad)
    print(f"{method:7} {count:10,} of {total:,} parameters train: {count / total:.1%}")
    shares[method] = count / total
reveal("07.p1", round(shares["last"], 3), within=0.05)

# %% [markdown] tags=["observe"]
# A sixth. Half of the model is its table of token vectors, and a layer is only a
# thirteenth. Here *full* trains the layers and leaves the table: words that your texts
# hold move no further than those that they lack. *Random* has the same layers with
# random weights, so everything must be learned.

# %% [markdown] tags=["exercise"] exercise="07.1" title="What may change" difficulty=1 minutes=8
# A model has `embeddings`, `layers` (a list) and `head`; `tiny_classifier()` makes one.
# `p.requires_grad` says whether a parameter `p` trains. Set it for every parameter:
# `"head"` trains the head alone, `"last"` the head and the last layer, `"full"`
# everything. Return how many numbers train.
#
# ```text
# set_trainable(tiny_classifier(num_layers=3, size=4, num_labels=2), "head")  ->  10
# ```


# %% tags=["exercise"] exercise="07.1"
def set_trainable(model, policy):
    """Let the parameters train that the policy names, no others; return their number.

    model: has embeddings, layers and head; policy: "head", "last" or "full".
    """
    # BEGIN SOLUTION
    parts = {"head": [model.head], "last": [model.head, model.layers[-1]]}
    model.requires_grad_(False)
    for part in parts.get(policy, [model]):
        part.requires_grad_(True)
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## From token vectors to one vector
#
# The encoder returns a vector per token; a head wants one per text. *Pooling* makes it:
# the first token's (`[CLS]`, BERT's way), the mean (MiniLM's way), or the last token's
# in a causal model, where only the last has read everything.
#
# Texts of a batch are filled up with *pads* to one length. A *mask* says which tokens
# are real. The rule that must hold: **the same text gives the same vector, however many
# pads stand beside it.** By hand, for three tokens and one pad:

# %% tags=["worked"]
vectors = np.array([[1.0, 0.0], [3.0, 2.0], [2.0, 4.0], [9.0, 9.0]])
mask = np.array([1, 1, 1, 0])
print("sum of the real ones:", (vectors * mask[:, None]).sum(axis=0))
print("divided by three:    ", (vectors * mask[:, None]).sum(axis=0) / mask.sum())
print("pads counted, wrong: ", vectors.mean(axis=0))

# %% [markdown] tags=["observe"]
# The pad's vector is not zero: the network computes something there too, and it must not
# count. Neither may it count in the divisor.

# %% [markdown] tags=["predict"] prediction="07.p2"
# "A joy from start to finish." stands in a batch with a long text and gets 100 pads. You
# pool wrongly: the mean over everything. How like is the result to the right vector, as
# a cosine, from 0 (unlike) to 1 (same direction)?
#
# Within 0.15 counts as right.

# %% tags=["predict"]
predict("07.p2", ..., confidence=...)

# %% tags=["demo"]
tokenizer = AutoTokenizer.from_pretrained(assets.path("minilm"))
encoder = classifier.encoder.eval()
text = "A joy from start to finish."
padded = tokenizer(text, return_tensors="pt")
length = padded["input_ids"].shape[1]
padded = tokenizer(
    text, padding="max_length", max_length=length + 100, return_tensors="pt"
)
with torch.inference_mode():
    hidden = encoder(**padded).last_hidden_state[0]
    alone = encoder(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
right, wrong, real = alone.mean(0), hidden.mean(0), hidden[:length].mean(0)
cosine = torch.nn.functional.cosine_similarity
print(f"pads left out: {cosine(right, real, dim=0):.4f}")
print(f"pads counted:  {cosine(right, wrong, dim=0):.4f}")
reveal("07.p2", round(float(cosine(right, wrong, dim=0)), 2), within=0.15)

# %% [markdown] tags=["observe"]
# With the mask nothing changes. Without it the vector turns towards what pads look like,
# and the prediction depends on the neighbours in the batch.

# %% [markdown] tags=["exercise"] exercise="07.2" title="Pool" difficulty=2 minutes=10
# Pool a batch of n texts in the three ways. Pads may stand on either side: causal models
# put them on the left. `"first"` and `"last"` are the first and last *real* token.
#
# ```text
# pool(hidden_states, mask, "mean")  ->  array of shape (n, size)
# ```


# %% tags=["exercise"] exercise="07.2"
def pool(hidden_states, mask, how):
    """Return one vector for each text; pads change nothing.

    hidden_states: array (n, length, size); mask: array (n, length) of 1 (real) and 0,
    at least one 1 in each row; how: "mean", "first" or "last".
    """
    # BEGIN SOLUTION
    if how == "mean":
        weights = mask[:, :, None]
        return (hidden_states * weights).sum(axis=1) / weights.sum(axis=1)
    places = mask.argmax(axis=1)
    if how == "last":
        places = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
    return hidden_states[np.arange(len(mask)), places]
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## How many labels does it take?
#
# Labels cost people's time. So the question is not "which model is best?" but "which is
# best with the labels I can pay for?" Five ways, three budgets, 1,000 test sentences:
#
# - *tfidf*: words and logistic regression, no pre-training,
# - *frozen*: MiniLM's mean vector and logistic regression,
# - *last*: its last two layers train, too,
# - *full*: all its layers train,
# - *random*: the same layers from random weights.
#
# `python -m course.finetuning.label_budgets` recorded them, with one setting for all,
# not tuned.

# %% [markdown] tags=["predict"] prediction="07.p3"
# With 50 labels, which of the five is best? Write its name, such as `"tfidf"`.

# %% tags=["predict"]
predict("07.p3", ..., confidence=...)

# %% tags=["demo"]
curves = label_budgets.recorded()
few = {row.method: row.accuracy.value for row in curves if row.labels == 50}
print("always the same answer: about 0.500")
for labels in (50, 500, 5000):
    print(f"{labels:,} labels")
    for row in (row for row in curves if row.labels == labels):
        low, high = row.spread
        draws = f"{len(row.correct)} draw(s) {low:.3f} to {high:.3f}"
        print(f"   {row.method:7} {row.accuracy}   {draws:27} {row.seconds:6.1f} s")
reveal("07.p3", max(few, key=few.get))

# %% tags=["demo"]
HTML(draw_label_budgets(curves).html())

# %% [markdown] tags=["observe"]
# With 50 labels a frozen encoder leads: they say little about which of millions of
# weights should move. Look at its draws: ten sets of 50 labels, nine points between the
# worst and the best. (Its seconds leave out that MiniLM reads each text once.)
#
# Then the order turns. From 500 labels on, *full* leads; with 500 it does better than
# *tfidf* with 5,000. That is what pre-training buys: labels. Without it (*random*) the
# same layers stay behind the words, at fifty times their cost. (They may want more
# passes.)
#
# **Think first, then look.** "With 50 labels mine has 0.66, yours 0.62", each from one
# draw of texts. Which two sources of chance are mixed in that?
#
# <details><summary>Answer</summary>
#
# The *test* texts: with 1,000, an accuracy is known to three points either way; that is
# the interval. And the *training* texts: another 50 give another model, as the draws
# show and no interval does.
#
# </details>

# %% [markdown] tags=["exercise"] exercise="07.3" title="How many labels to buy" difficulty=2 minutes=7
# You promised that at least `target` of the answers will be right. From a learning
# curve, find the smallest budget for which even the *low* end of the interval reaches
# it: `wilson(correct, n).low`. If no budget does, return `None`.
#
# ```text
# labels_needed([(50, 620, 1000), (500, 720, 1000)], 0.65)  ->  500
# ```


# %% tags=["exercise"] exercise="07.3"
def labels_needed(curve, target):
    """Return the smallest number of labels that surely reaches the target, or None.

    curve: list of (labels, correct, n) in any order; target: a share, 0 to 1.
    """
    # BEGIN SOLUTION
    enough = [k for k, correct, n in curve if wilson(correct, n).low >= target]
    return min(enough, default=None)
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Another domain, and forgetting
#
# A *domain* is where texts come from. The model learned from single sentences; whole
# reviews are a different domain with the same task. *Domain adaptation* goes on training
# with some texts of the new one.
#
# Training moves weights. When a model goes on with a second task, its answers to the
# first may get worse: *forgetting* (McCloskey and Cohen 1989). We let the fine-tuned
# encoder go on with 480 spam messages, 30 steps under a new head, at three learning
# rates. Then we put the old head back and ask about the sentences again.

# %% [markdown] tags=["predict"] prediction="07.p4"
# At the rate with which it was fine-tuned, 0.0001: how many percentage points of its
# accuracy on the sentences, 83, does the pass over spam cost?
#
# Within 7 counts as right.

# %% tags=["predict"]
predict("07.p4", ..., confidence=...)

# %% tags=["demo"]
print("whole reviews, right answers:")
for name, accuracy in label_budgets.recorded_transfer("domain").items():
    print(f"   {name:31} {accuracy}")
kept = label_budgets.recorded_transfer("forgetting")
spam_learned = label_budgets.recorded_transfer("spam")
print("review sentences, after a pass over spam at a rate:")
for rate, accuracy in kept.items():
    print(f"   {rate:8} {accuracy}   spam: {spam_learned.get(rate, 'not learned')}")
lost = 100 * (kept["before"].value - kept["0.0001"].value)
reveal("07.p4", round(lost), within=7)

# %% [markdown] tags=["observe"]
# *Domain*: 5,000 sentences teach more about reviews than 200 reviews do to *tfidf*.
# Another pass over the 200 adds a few points; with 300 test reviews the two intervals
# overlap.
#
# *Forgetting*: spam is learned almost perfectly, and the sentences fall to chance. Thirty
# steps undid three hundred. Nothing in the spam scores says so: only the *old* task,
# measured again, does. (One run for each rate.) Remedies: freeze layers, mix in old
# texts, go on more gently, or use adapters, which leave the old weights as they are.

# %% [markdown] tags=["concept"]
# ## The `Trainer`, today
#
# transformers' `Trainer` holds the loop: batches, gradients, schedule, evaluation,
# checkpoints. Say when to evaluate: by default it trains, and you know nothing.
#
# Many tutorials were written for older versions. Their calls fail loudly, with an error,
# or quietly, with a result. The second is worse.

# %% tags=["demo"]
folder = str(runs.runs_dir() / "lesson-07")
plain = TrainingArguments(output_dir=folder)
outdated = {
    "evaluation_strategy": lambda: TrainingArguments(evaluation_strategy="epoch"),
    "logging_dir": lambda: TrainingArguments(logging_dir="logs"),
    "no_cuda": lambda: TrainingArguments(no_cuda=True),
    "Trainer(tokenizer=)": lambda: Trainer(model=classifier, tokenizer=tokenizer),
    "no training set": lambda: Trainer(model=classifier, args=plain).train(),
    "encode_plus": lambda: tokenizer.encode_plus(text),
    "question-answering": lambda: transformers.pipeline("question-answering"),
    "typographic quotes": lambda: compile("print(“good”)", "pasted", "exec"),
    "head_mask": lambda: encoder(**padded, head_mask=torch.zeros(6, 12)),
    "a misspelt mask": lambda: encoder(padded["input_ids"], atention_mask=None),
}
for name, call in outdated.items():
    try:
        print(f"{name:20} no error: {type(call()).__name__}")
    except Exception as error:
        print(f"{name:20} {type(error).__name__}: {str(error).splitlines()[0][:70]}")

# %% [markdown] tags=["observe"]
# Eight are loud. The last two are quiet: a `head_mask` that should switch off every
# attention head is ignored, and so is a misspelt `attention_mask`: pads count. After a
# change of version, test what a call *does*.
#
# Today: `eval_strategy`, `use_cpu`, `Trainer(processing_class=tokenizer)`,
# `tokenizer(text)`; for question answering a model and your own lines.

# %% [markdown] tags=["exercise"] exercise="07.4" title="Repair an outdated snippet" difficulty=2 minutes=9
# Make outdated arguments of `TrainingArguments` present ones, in a new dictionary:
#
# - `evaluation_strategy` is `eval_strategy`, `no_cuda` is `use_cpu`,
#   `per_gpu_train_batch_size` is `per_device_train_batch_size`;
# - `warmup_ratio` is `warmup_steps` (below 1 it is a share); keep `warmup_steps` if both
#   are given;
# - `overwrite_output_dir` and `logging_dir` are gone;
# - with `load_best_model_at_end=True`, `save_strategy` must equal `eval_strategy`.
#
# ```text
# modernise({"evaluation_strategy": "epoch"})  ->  {"eval_strategy": "epoch"}
# ```


# %% tags=["exercise"] exercise="07.4"
def modernise(arguments):
    """Return arguments that today's TrainingArguments takes; all others stay.

    arguments: dict of name -> value.
    """
    # BEGIN SOLUTION
    names = {
        "evaluation_strategy": "eval_strategy",
        "no_cuda": "use_cpu",
        "per_gpu_train_batch_size": "per_device_train_batch_size",
        "warmup_ratio": "warmup_steps",
    }
    gone = {"overwrite_output_dir", "logging_dir"}
    new = {names.get(k, k): v for k, v in arguments.items() if k not in gone}
    if "warmup_steps" in arguments:
        new["warmup_steps"] = arguments["warmup_steps"]
    if new.get("load_best_model_at_end"):
        new["save_strategy"] = new.get("eval_strategy", "no")
    return new
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## One run, live: spam, and rare labels
#
# One text message in eight is spam. "Always ham" is right for 87 of 100 and useless, so
# look at the spam itself: *recall* is the share of spam that is found, *precision* the
# share of alarms that are right. *Class weights* make a mistake on a rare label dearer:
# n / (labels times count), so that both labels weigh the same in sum. They shift the
# balance; they add no knowledge.
#
# Below: 480 messages once through MiniLM by the real `Trainer`, without weights and with
# them, then 500 test messages.

# %% tags=["demo"]
spam = data.load_task("spam", seed=0)


def rows_of(split, count):
    part = spam[split].select(range(count))
    ids, _ = inference.encode(tokenizer, list(part["text"]), 64)
    pairs = zip(ids, part["label"], strict=True)
    return [{"input_ids": row, "labels": label} for row, label in pairs]


train_rows, test_rows = rows_of("train", 480), rows_of("test", 500)
learned = [row["labels"] for row in train_rows]
weights = data.class_weights(learned, 2)
print("ham, spam:", np.bincount(learned), "weights:", weights.round(2))
arguments = TrainingArguments(
    output_dir=folder, num_train_epochs=1, per_device_train_batch_size=16,
    learning_rate=1e-4, warmup_steps=0.1, lr_scheduler_type="linear", seed=0,
    eval_strategy="epoch", save_strategy="no", logging_steps=10, report_to="none",
    use_cpu=True, bf16=hardware.precision() == "bf16", disable_tqdm=True,
)  # fmt: skip


# %% tags=["demo"]
def fine_tune(weights):
    transformers.set_seed(0)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        assets.path("minilm"), num_labels=2, dtype=torch.float32
    )
    trainer = Trainer(
        model=model, args=arguments,
        train_dataset=train_rows, eval_dataset=rows_of("validation", 100),
        data_collator=training.Collator(tokenizer.pad_token_id),
        compute_loss_func=training.ClassificationLoss(torch.tensor(weights).float()),
    )  # fmt: skip
    training.quiet(trainer)
    trainer.train()
    return trainer


trained = {"MiniLM": fine_tune([1.0, 1.0]), "MiniLM, weighted": fine_tune(weights)}
# A logged loss is the mean of ten steps.
for record in trained["MiniLM"].state.log_history[:-1]:
    print({k: record[k] for k in ("step", "loss", "eval_loss") if k in record})

# %% tags=["demo"]
truth = np.array([row["labels"] for row in test_rows])
texts, labels = spam["train"]["text"][:480], spam["train"]["label"][:480]
said = {"always ham": np.zeros_like(truth)}
for name, weighing in {"tfidf": None, "tfidf, weighted": "balanced"}.items():
    words = baselines.tfidf_model()
    words.set_params(logisticregression__class_weight=weighing).fit(texts, labels)
    said[name] = words.predict(spam["test"]["text"][:500])
for name, trainer in trained.items():
    said[name] = trainer.predict(test_rows).predictions.argmax(-1)
for name, labels in said.items():
    hits, alarms = int((labels & truth).sum()), int(labels.sum())
    print(f"{name:18} accuracy {wilson(int((labels == truth).sum()), len(truth))}")
    print(f"{'':18} recall   {wilson(hits, int(truth.sum()))}")
    print(f"{'':18} precision {wilson(hits, alarms) if alarms else 'none: no alarm'}")

# %% [markdown] tags=["observe"]
# Accuracy hides what recall shows: words alone miss about half of the spam; weighted,
# the same words miss a quarter. After thirty steps MiniLM without weights still calls
# nearly everything ham; with them it finds most spam, and pays with false alarms.
#
# Recall rests on some sixty spam messages: mind its interval.

# %% [markdown] tags=["concept"]
# ## Steer a run
#
# Below is a whole run of the sentiment task, recorded: `TrainingLab` shows its curves,
# and `start` trains a new one while you watch.

# %% tags=["widget"]
TrainingLab("sentiment", run="sentiment", patience=1)

# %% [markdown] tags=["question"]
# **Try it.** Drag the line of early stopping. With patience 1, at which step would the
# training have ended, and which step would you have kept? What does a patience of 2
# cost, and what does it find?
#
# <details><summary>Answer</summary>
#
# The sentence at the chart says both steps. Scores also move by chance: a patience of 1
# takes the first dip for the end; each further evaluation costs time.
#
# </details>

# %% [markdown] tags=["concept"]
# ## A label for each word: names
#
# To find names, tag every word: `B-PER` begins a person, `I-PER` continues one, `O` is no
# name. The head now reads each word's first token instead of a pooled vector. What counts
# is the whole name: *strict* scores want its type and both ends right.
#
# MiniLM's last layer was tuned to be alike for like *sentences*. Which layer of the
# frozen encoder knows more of *names*? The baseline: the tag that a word had last.

# %% tags=["demo"]
train_names, test_names = entities.load_entities()


def word_vectors(sentence, layer):
    encoding = tokenizer(
        list(sentence.words), is_split_into_words=True, return_tensors="pt"
    )
    with torch.inference_mode():
        states = encoder(**encoding, output_hidden_states=True).hidden_states
    return states[layer][0][entities.first_tokens(encoding)].numpy()


print(len(train_names), "sentences to learn from,", len(test_names), "to measure on")
print(train_names[1])

# %% tags=["demo"]
tags = [tag for sentence in train_names for tag in sentence.tags]
right_tags = [sentence.tags for sentence in test_names]
known = dict(zip([w for s in train_names for w in s.words], tags, strict=True))
found = {"dictionary": [[known.get(w, "O") for w in s.words] for s in test_names]}
for layer in (3, 6):
    inputs = np.concatenate([word_vectors(s, layer) for s in train_names])
    head = LogisticRegression(max_iter=500).fit(inputs, tags)
    answers = [head.predict(word_vectors(s, layer)).tolist() for s in test_names]
    found[f"layer {layer}"] = answers
words_o = np.mean([tag == "O" for row in right_tags for tag in row])
print(f"'always O' tags {words_o:.3f} of the words rightly")
for name, answers in found.items():
    scores = spans.evaluate_spans(answers, right_tags).overall
    strict, partial = scores["strict"]["f1"], scores["partial"]["f1"]
    print(f"{name:11} F1 strict {strict}   partial {partial.value:.3f}")

# %% [markdown] tags=["observe"]
# The middle layer beats the last: a frozen encoder's best layer depends on the task.
# Partial scores are far higher than strict ones: names are found but cut wrongly, or
# given the wrong type. MiniLM also reads lower case only, where a capital would help.
# Counting words flatters: "always O" has most of them right and no name.

# %% [markdown] tags=["exercise"] exercise="07.5" title="From tags to names" difficulty=3 minutes=10
# Turn a sentence's tags into spans `(type, start, end)`, the end not included. Models
# write broken sequences: an `I-` that continues no span of its type *begins* one. The
# loop is there; fill the two gaps.
#
# ```text
# bio_to_spans(["B-PER", "I-PER", "O", "I-LOC"])  ->  [("PER", 0, 2), ("LOC", 3, 4)]
# ```


# %% tags=["exercise"] exercise="07.5"
def bio_to_spans(tags):
    """Return the spans (type, start, end) that BIO tags describe, in order."""
    spans = []
    kind, start = None, 0  # of the span that is open; kind is None if none is
    for i, tag in enumerate([*tags, "O"]):  # the last O closes what is open
        continues = False
        # Gap 1: does this tag continue the open span?
        # BEGIN SOLUTION
        continues = kind is not None and tag == f"I-{kind}"
        # END SOLUTION
        if continues:
            continue
        # Gap 2: close the open span, if there is one; open another, if the tag does
        # BEGIN SOLUTION
        if kind is not None:
            spans.append((kind, start, i))
        kind, start = (None if tag == "O" else tag[2:]), i
        # END SOLUTION
    return spans


# %% [markdown] tags=["concept"]
# ## Questions
#
# *Extractive* answers are a piece of a passage: two numbers per token, how well it fits
# as start and as end; the best pair with start ≤ end is the answer.
#
# *Yes/no questions* are classification of a pair. Question and passage go in together,
# `[SEP]` between them, and `token_type_ids` say which token belongs to which. If both
# are too long, cut the passage: `truncation="only_second"`. BoolQ has real questions to
# a search engine, each with a paragraph that answers it.

# %% tags=["demo"]
start, end = np.array([0.1, 2.0, 0.3, 1.5]), np.array([2.5, 0.2, 1.9, 1.0])
fits = start[:, None] + end[None, :]
fits[np.tril_indices(4, -1)] = -np.inf  # an end before its start
print("best start and end:", [int(i) for i in np.unravel_index(fits.argmax(), (4, 4))])

learn, ask = yes_no.load_pairs()
cut = {"truncation": "only_second", "max_length": 24}
for pair in ask[:2]:
    coded = tokenizer(pair.question, pair.passage, **cut)
    print(tokenizer.decode(coded["input_ids"]), "->", "yes" if pair.yes else "no")
    print(coded["token_type_ids"])
every, _ = yes_no.load_pairs(new_articles=False)
print(
    f"to learn from: {len(every):,}; of articles that no test asks about: {len(learn):,}"
)

# %% [markdown] tags=["observe"]
# The greatest end, 2.5, stands before the greatest start: not allowed.
#
# The questions are whole, the passages are cut. More than a quarter of the published
# training questions ask about an article of the test. Leave them out: split by article.

# %% [markdown] tags=["predict"] prediction="07.p5"
# Always "yes" answers 62 of 100 rightly. All layers of MiniLM learn from 6,795 pairs,
# twice. How many of 100 answers to new questions are right?
#
# Within 3 counts as right.

# %% tags=["predict"]
predict("07.p5", ..., confidence=...)

# %% tags=["demo"]
answered, settings = yes_no.recorded(), yes_no.recorded_settings()
# "question only" learned without passages; "wrong passage" is "pair" again, but asked
# with another question's passage.
print("seconds:", settings["seconds"])
for name, right in answered.items():
    print(f"{name:13}", wilson(int(right.sum()), len(right)))
for other in ("always yes", "tfidf", "question only", "wrong passage"):
    names = ("pair", other)
    print(paired_comparison(answered["pair"], answered[other], names=names))
reveal("07.p5", round(100 * answered["pair"].mean()), within=3)

# %% [markdown] tags=["observe"]
# MiniLM is better than "yes" and than words. One answer in three is still wrong.
#
# Does it read? From questions alone it learns nothing that shows, and with the wrong
# passage it falls below "yes". So the passage counts. (One run.)

# %% [markdown] tags=["exercise"] exercise="07.6" title="Four claims" difficulty=3 minutes=9
# Check four popular claims; say `"true"`, `"false"` or `"depends"`, and give a number as
# evidence, computed where it can be.
#
# - **9** "`evaluation_strategy='epoch'` makes `TrainingArguments` evaluate each epoch."
#   Number: how many of the names `evaluation_strategy`, `eval_strategy` it takes.
# - **10** "GPT-3 can be loaded with transformers." Number: model types in
#   `transformers.CONFIG_MAPPING` that are called gpt3, with or without `-` or `_`.
# - **11** "Code pasted from a web page runs as it is." The line is `print(“good”)`.
#   Number: characters to replace before it compiles.
# - **13** "Fine-tuning saves time and resources." Number: how many times as many seconds
#   *full* took as *tfidf* at 5,000 labels, in `label_budgets.recorded()`.


# %% tags=["exercise"] exercise="07.6"
def judge(claim):
    """Return (verdict, number) for a claim.

    claim: 9, 10, 11 or 13; verdict: "true", "false" or "depends".
    """
    # BEGIN SOLUTION
    accepted = inspect.signature(TrainingArguments).parameters
    kinds = [
        kind.replace("-", "").replace("_", "") for kind in transformers.CONFIG_MAPPING
    ]
    rows = [row for row in label_budgets.recorded() if row.labels == 5000]
    seconds = {row.method: row.seconds for row in rows}
    names = ("evaluation_strategy", "eval_strategy")
    return {
        9: ("false", sum(name in accepted for name in names)),
        10: ("false", kinds.count("gpt3")),
        11: ("false", sum(character in "“”" for character in "print(“good”)")),
        13: ("depends", seconds["full"] / seconds["tfidf"]),
    }[claim]
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## The model card
#
# A *model card* (Mitchell et al. 2019) says what a model is for, what it was trained on,
# how well it does and beside what, and what it is not for. `course` writes one for every
# run, from recorded numbers.

# %% tags=["demo"]
card = (runs.open_run("sentiment").path / "README.md").read_text("utf-8")
for line in card[card.index("## How well") :].splitlines():
    if "calibration" not in line:  # what that is, lesson 08 says
        print(line)

# %% [markdown] tags=["observe"]
# A number, its interval, its n, and two baselines: without all four a reader cannot tell
# good from lucky.

# %% [markdown] tags=["exercise"] exercise="07.7" title="A line of a model card" difficulty=3 minutes=10
# Check a line such as `accuracy 0.842 [0.821, 0.861], n=1280; baseline 0.758`. Return
# what it lacks, in this order: `"value"` (the line begins with a metric's name, a space
# and a decimal number), `"interval"` (two decimal numbers that hold the value), `"n"`
# (`n=` and a whole number above 0), `"baseline"` (the word, a space, a decimal number).
#
# ```text
# missing_from("accuracy 0.842, n=1280")  ->  ["interval", "baseline"]
# ```


# %% tags=["exercise"] exercise="07.7"
def missing_from(line):
    """Return what a line of a model card lacks, in order; [] if it is complete."""
    # BEGIN SOLUTION
    value = re.match(r"\w+ (\d\.\d+)", line)
    ends = re.search(r"\[(\d\.\d+), (\d\.\d+)\]", line)
    held = value and ends and float(ends[1]) <= float(value[1]) <= float(ends[2])
    n = re.search(r"\bn=(\d+)", line)
    found = {
        "value": value,
        "interval": held,
        "n": n and int(n[1]) > 0,
        "baseline": re.search(r"\bbaseline \d\.\d+", line),
    }
    return [name for name, is_there in found.items() if not is_there]
    # END SOLUTION


# %% [markdown] tags=["misconception"]
# ## Four things that are easily believed
#
# - *"Training all layers is always best."* Not with few labels, not for every budget of
#   time; look at the curve.
# - *"The model keeps what it knew."* Only what is frozen is safe. Measure the old task
#   after the new one.
# - *"Fine-tuning makes the model faster to use."* It has as many parameters as before,
#   and a head.
# - *"Padding is only a detail."* Where a mask is missing, neighbours change predictions.

# %% [markdown] tags=["quiz"]
# - id: q1
#   kind: recall
#   text: What does fine-tuning add to a pre-trained encoder for classification?
#   options:
#     - right: A new head on top, with random weights at first
#       why: Head and chosen layers then learn from the labels.
#     - wrong: A larger vocabulary, so that the task's own words are known
#       why: The tokenizer stays as it was trained.
#     - wrong: A copy of all layers, one for each of the task's labels
#       why: All labels share the layers; the head has an output for each.
#     - wrong: Nothing
#       why: The encoder alone returns vectors, no labels.
# - id: q2
#   kind: output
#   text: "Two real tokens have the vectors `[2, 0]` and `[4, 2]`, one pad has `[6, 4]`. What is the masked mean?"
#   options:
#     - right: "`[3, 1]`"
#       why: Only the two real ones count, in the sum and in the divisor.
#     - wrong: "`[4, 2]`"
#       why: That counts the pad.
#     - wrong: "`[2, 0.67]`"
#       why: That leaves the pad out of the sum and counts it in the divisor.
#     - wrong: "`[6, 2]`"
#       why: That is the sum.
# - id: q3
#   kind: output
#   text: "`bio_to_spans(['I-PER', 'B-PER', 'I-LOC'])` gives how many spans?"
#   options:
#     - right: Three
#       why: A first I- begins a span, each B- does, and a change of type does.
#     - wrong: One
#       why: B-PER begins a new name even behind another.
#     - wrong: Two, since I-LOC continues the name
#       why: Its type differs, so it begins one of its own.
#     - wrong: None, since the sequence is broken
#       why: Scores need spans from broken sequences too; CoNLL's rule makes them.
# - id: q4
#   kind: misconception
#   text: A colleague froze the encoder and says that it will forget the old task all the same. What is so?
#   options:
#     - right: The old head on the unchanged encoder gives the same answers.
#       why: Nothing of what it uses has moved.
#     - wrong: It forgets, but more slowly, since only the gradients are smaller
#       why: Frozen weights have no gradient at all.
#     - wrong: It forgets what the new head overwrites in the layers
#       why: A head writes nothing into layers.
#     - wrong: It depends on the learning rate
#       why: No rate moves frozen weights.
# - id: q5
#   kind: misconception
#   text: "Spam is 13 % of the messages and a filter has accuracy 0.87. How good is it?"
#   options:
#     - right: Perhaps useless
#       why: Always saying ham reaches that; ask for recall and precision.
#     - wrong: Good, because 87 of 100 answers are right
#       why: So are those of a filter that never finds any spam.
#     - wrong: Bad, because class weights were left out
#       why: Weights are a means; the number says nothing about them.
#     - wrong: As good as chance, because half would be 0.5
#       why: Chance is what the label shares make of it.
# - id: q6
#   kind: transfer
#   text: "You have 60 labelled letters, a laptop, and an afternoon. What do you try first?"
#   options:
#     - right: A frozen encoder with a linear head, beside TF-IDF
#       why: Seconds of work, the least to overfit, and a baseline that tells whether it helps.
#     - wrong: All layers of the largest encoder that fits into the laptop's memory
#       why: Dear, and with 60 labels the draw of texts decides more than the layers.
#     - wrong: A transformer from random weights, to be free of others' bias
#       why: In this lesson it learned next to nothing from few labels.
#     - wrong: Weighing the classes
#       why: It shifts the balance of errors and adds no knowledge.
# - id: q7
#   kind: evidence
#   text: "Model A has 0.71 [0.68, 0.74] after 500 labels, model B 0.73 [0.70, 0.76], one draw each. What would show that B is better?"
#   options:
#     - right: The same order over several draws, compared on the same test texts
#       why: That covers both sources of chance, and pairing removes what is hard for both.
#     - wrong: A third decimal
#       why: Digits do not make an interval narrower.
#     - wrong: That B has more parameters and was trained for a longer time
#       why: That is a reason to hope, not evidence.
#     - wrong: A lower training loss of B
#       why: That may be overfitting.
# - id: q8
#   kind: output
#   text: "What happens today with `model(..., head_mask=...)` for an encoder such as MiniLM?"
#   options:
#     - right: It is taken, and ignored
#       why: The demo shows no error; a test of this lesson shows the same outputs.
#     - wrong: The heads are switched off
#       why: The outputs are the same as without it.
#     - wrong: A TypeError that names the argument
#       why: The forward pass takes any keyword.
#     - wrong: A warning, and then the heads are switched off as before
#       why: Neither comes.

# %% [markdown] tags=["app"]
# ## In the demo
#
# `make app` opens the demo. On *Train*, fine-tune on a csv of your own; then ask your
# model on *Classify*.

# %% [markdown] tags=["reflection"]
# ## In your own words
#
# A small library wants to sort readers' letters into six topics. It has 300 labelled
# letters and can label 20 an hour. Advise it in six sentences.
#
# <details><summary>How to judge your answer</summary>
#
# It names a baseline and a frozen encoder as the first try; how many letters to hold
# back, and how wide the interval will be; more labels only if the curve still rises,
# with the hours; rare topics and their measure; what the card would say. Four of five
# is good.
#
# </details>

# %% [markdown] tags=["recap"]
# ## What you did
#
# - You **chose** what may change, and counted it exactly.
# - You **pooled** so that padding changes nothing.
# - You **read** learning curves of five ways, and bought labels by their low end.
# - You **ran** today's `Trainer`, and repaired yesterday's calls.
# - You **turned** tags into names, also broken ones.
# - You **reported** what was forgotten, and checked the lines of a card.
#
# Next time somebody says "fine-tuned", you know to ask: how many labels, against what,
# and what did it forget?
