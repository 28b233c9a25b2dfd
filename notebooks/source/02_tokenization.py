# ---
# title: "Tokenization: from text to numbers"
# summary: Cut text into the pieces that models read, train such a cut, and see what it costs.
# minutes: 75
# seconds: 60
# needs: []
# objectives:
#   - "**compare** characters, words and subwords by length, vocabulary and what they cannot read,"
#   - "**train** byte-pair encoding by hand, in code, and with a library, with the same result,"
#   - "**encode** and **decode** any text by bytes, so that nothing is unknown and nothing is lost,"
#   - "**explain** how WordPiece and Unigram choose a cut, and where they differ from BPE,"
#   - "**estimate** what a vocabulary costs: memory, length, and fairness across languages."
# sources:
#   - "Gage 1994. A New Algorithm for Data Compression. The C Users Journal 12(2) (byte pairs)"
#   - "Sennrich, Haddow and Birch 2016. Neural Machine Translation of Rare Words with Subword Units. https://arxiv.org/abs/1508.07909 (algorithm 1)"
#   - "Radford et al. 2019. Language Models are Unsupervised Multitask Learners (section 2.2: bytes, GPT-2's vocabulary)"
#   - "Schuster and Nakajima 2012. Japanese and Korean Voice Search. https://doi.org/10.1109/ICASSP.2012.6289079 (WordPiece)"
#   - "Devlin et al. 2019. BERT. https://arxiv.org/abs/1810.04805 (section 3: WordPiece with 30,000 tokens, [CLS], [SEP])"
#   - "Kudo 2018. Subword Regularization. https://arxiv.org/abs/1804.10959 (section 3.2: Unigram)"
#   - "Petrov et al. 2023. Language Model Tokenizers Introduce Unfairness Between Languages. https://arxiv.org/abs/2305.15425"
# ---

# %% tags=["setup"]
import math
from itertools import pairwise

from IPython.display import HTML
from tokenizers import ByteLevelBPETokenizer
from transformers import AutoTokenizer, GPT2Tokenizer

import course.tokenization as tokenization
from course import assets
from course.data import load_task
from course.grading import check
from course.lessons import predict, reveal
from course.translations import LANGUAGES, parallel
from course.views.tokenization import render_curve
from widgets.bpe import BPEStepper
from widgets.quiz import quiz
from widgets.tokenization import TokenizerLab

dataset = load_task("sentiment", seed=0)
train_texts, test_texts = list(dataset["train"]["text"]), list(dataset["test"]["text"])
print(len(train_texts), "texts to learn from,", len(test_texts), "to count on")

# %% [markdown] tags=["concept"]
# ## A model reads numbers
#
# ![The text "unbelievably good" is cut into the tokens un, bel, iev, ably and space-good;
# each token has a number, its token id; each id chooses a row of a table, a
# vector](pictures/02_tokenization.svg)
#
# A *tokenizer* cuts text into *tokens* and gives each its number in a list, the
# *vocabulary*. The model uses the number to pick a row of a table; that row is all that
# it ever sees of the word. What the cut hides, such as the letters inside a token, the
# model cannot look up.
#
# So before any learning there is a choice: which pieces? It decides how long texts are,
# which words are unknown, and who pays.

# %% [markdown] tags=["predict"] prediction="02.p1"
# How many tokens does GPT-2 make of "unbelievably", of "12345", and of 👩‍🚀, an
# astronaut?
#
# Write three numbers in a list, such as `[1, 2, 3]`.

# %% tags=["predict"]
predict("02.p1", ..., confidence=...)

# %% tags=["demo"]
gpt2 = tokenization.load_tokenizer("gpt2")
words = ["unbelievably", "12345", "👩‍🚀"]
for word in words:
    encoding = gpt2.encode(word)
    print(f"{word:14} {len(encoding)} tokens: {' '.join(encoding.tokens)}")
reveal("02.p1", [len(gpt2.encode(word)) for word in words])

# %% [markdown] tags=["observe"]
# A common word part is one token, whatever its meaning: `ably`. Digits go in groups that
# nobody planned. The astronaut is three characters (woman, joiner, rocket), each of
# which takes several tokens: her tokens are no characters at all, but bytes of
# characters. By the end of this lesson all three are explained.

# %% [markdown] tags=["concept"]
# ## The two simple ways: characters and words
#
# *Characters*: some dozens of tokens, hardly anything unknown. Sequences are long, and
# each token says little.
#
# *Words*: short sequences of pieces with a meaning. But the list never ends: names,
# misspellings and new words are missing, and each becomes the same *unknown* token.
#
# We let both learn their vocabulary from the training sentences and count on the test
# sentences, which they have not seen.

# %% [markdown] tags=["predict"] prediction="02.p2"
# The word vocabulary holds every word of the training sentences. Which share of the
# words in the test sentences is unknown to it, from 0 to 1?
#
# Within 0.03 counts as right.

# %% tags=["predict"]
predict("02.p2", ..., confidence=...)

# %% tags=["demo"]
characters = tokenization.train_characters(train_texts)
whole_words = tokenization.train_words(train_texts)
costs = tokenization.compare_costs([characters, whole_words], test_texts)
for cost in costs:
    print(
        f"{cost.name:11} vocabulary {cost.vocab_size:6,}   "
        f"tokens per word {cost.tokens_per_word:.2f}   unknown {cost.unknown_share:.1%}"
    )
reveal("02.p2", round(costs[1].unknown_share, 3), within=0.03)

# %% [markdown] tags=["observe"]
# The word list is two hundred times as long as the list of characters, and still a word
# in sixteen is missing. Characters miss next to nothing and need more than five tokens
# for a word. A model's work grows with the length, so "characters are finer" is only
# half of the truth: the other half is this factor.

# %% [markdown] tags=["concept"]
# ## Between them: byte-pair encoding
#
# Begin with characters. Count which two symbols stand side by side most often, and make
# that pair one symbol. Repeat. Common words grow together into one token; rare ones stay
# in parts. This is *byte-pair encoding*, BPE: a compression method (Gage 1994) that
# Sennrich et al. (2016) brought to language models.
#
# Their example has four words with their counts: *low* 5, *lower* 2, *newest* 6,
# *widest* 3. Here are four steps. Rule for ties: of equally common pairs, the first in
# sorted order.

# %% tags=["worked"]
four = {tuple("low"): 5, tuple("lower"): 2, tuple("newest"): 6, tuple("widest"): 3}
now = four
for step in range(1, 5):
    # Count the pairs, choose the commonest, merge it everywhere.
    counts = tokenization.count_pairs(now)
    pair = tokenization.most_frequent(counts)
    now = tokenization.merge(pair, now)
    print(f"{step}. {' + '.join(pair):8} stands {counts[pair]} times", end="   ")
    print("   ".join(" ".join(word) for word in now))

# %% [markdown] tags=["observe"]
# `e s` wins with nine: six in *newest*, three in *widest*. `s t` is as common, and comes
# later in the alphabet. After four merges *low* is one token and *est* is another: word
# parts that mean something, found by counting alone.

# %% [markdown] tags=["predict"] prediction="02.p3"
# Which pair is merged next, the fifth?
#
# Look at the last line above, count, and mind the rule for ties. Write it as a text with
# a space between the two symbols, such as `"lo w"`.

# %% tags=["predict"]
predict("02.p3", ..., confidence=...)

# %% tags=["demo"]
counts = tokenization.count_pairs(now)
for pair in sorted(counts, key=lambda pair: (-counts[pair], pair))[:4]:
    print(counts[pair], " ".join(pair))
reveal("02.p3", " ".join(tokenization.most_frequent(counts)))

# %% [markdown] tags=["observe"]
# Three pairs stand six times, all in *newest*. The rule decides. Another rule would give
# other merges and, at the end, other tokens: libraries that seem to do the same differ
# here.

# %% [markdown] tags=["concept"]
# ## Now you: BPE in three functions
#
# A word is a tuple of symbols, and a dictionary says how often each occurs, as `four`
# above. Count, merge, repeat: each exercise is one of the three words.

# %% [markdown] tags=["exercise"] exercise="02.1" title="Count pairs" difficulty=1 minutes=6
# How often does each pair of neighbours stand in the words? A word that occurs five
# times gives five to each of its pairs. Pairs overlap: `a a a` has the pair `a a` twice.
#
# ```text
# count_pairs({("l", "o", "w"): 5})  ->  {("l", "o"): 5, ("o", "w"): 5}
# ```


# %% tags=["exercise"] exercise="02.1"
def count_pairs(words):
    """Return pair -> how often it stands in the words.

    words: dict of tuple of symbols -> how often the word occurs.
    """
    # BEGIN SOLUTION
    counts = {}
    for word, count in words.items():
        for pair in pairwise(word):
            counts[pair] = counts.get(pair, 0) + count
    return counts
    # END SOLUTION


# %% [markdown] tags=["exercise"] exercise="02.2" title="Merge a pair" difficulty=2 minutes=10
# Make the pair one symbol, everywhere, from left to right. What is merged is used up:
# `a a a` becomes `aa a`. The words keep their order and their counts.
#
# ```text
# merge(("l", "o"), {("l", "o", "w"): 5})  ->  {("lo", "w"): 5}
# ```


# %% tags=["exercise"] exercise="02.2"
def merge(pair, words):
    """Return the words with the pair merged; counts and order stay.

    pair: tuple of two symbols; words: as for count_pairs.
    """
    # BEGIN SOLUTION
    merged = {}
    for word, count in words.items():
        symbols, i = [], 0
        while i < len(word):
            if word[i : i + 2] == pair:
                symbols.append(pair[0] + pair[1])
                i += 2
            else:
                symbols.append(word[i])
                i += 1
        merged[tuple(symbols)] = count
    return merged
    # END SOLUTION


# %% [markdown] tags=["exercise"] exercise="02.3" title="Train" difficulty=2 minutes=8
# The loop is there; fill the two gaps. First: leave the loop if there are no pairs,
# else choose one by the rule. Second: merge it.
#
# ```text
# train_bpe(four, 3)  ->  [("e", "s"), ("es", "t"), ("l", "o")]
# ```


# %% tags=["exercise"] exercise="02.3"
def train_bpe(words, num_merges):
    """Return the pairs in the order in which they are merged, at most num_merges.

    The commonest pair comes first; of equally common ones the first in sorted order.
    """
    merges = []
    for _ in range(num_merges):
        counts = count_pairs(words)
        # Gap 1: stop without pairs, else choose `pair`
        # BEGIN SOLUTION
        if not counts:
            break
        pair = min(counts, key=lambda pair: (-counts[pair], pair))
        # END SOLUTION
        # Gap 2: the words after the merge
        # BEGIN SOLUTION
        words = merge(pair, words)
        # END SOLUTION
        merges.append(pair)
    return merges


# %% tags=["widget"]
BPEStepper(
    "she sells sea shells by the sea shore and the shells she sells are sea shells"
)

# %% [markdown] tags=["question"]
# **Predict the next pair** five times before you reveal it, then type a text of your own.
# When is the choice easy, and when does only the rule for ties decide?
#
# <details><summary>Answer</summary>
#
# Early merges win by a wide margin: common endings, *the*, a letter that always follows
# another. Later ones are equally common with many others, and the order of the alphabet
# decides. Late merges are the least reliable part of a vocabulary: another sample of
# text gives others.
#
# </details>

# %% [markdown] tags=["concept"]
# ## Bytes: nothing is unknown
#
# Which characters to begin with? Unicode has far over a hundred thousand. GPT-2 took
# *bytes*: UTF-8 writes every character as one to four bytes, and there are only 256
# different ones. Whatever text comes, it can be spelled: GPT-2's 50,257 tokens are 256
# bytes, 50,000 merges and one special token. Words are cut off first by a pattern, so
# that no token spans two; the space goes with the word behind it.
#
# Byte 32, the space, is shown as `Ġ`, and other bytes as other printable characters.
# `Ġgood` and `good` are two tokens: spaces do not vanish, they belong to tokens.

# %% tags=["demo"]
own = tokenization.train_tokenizer(train_texts, vocab_size=4096)
print("first merges:", [(a + b).decode() for a, b in own.merges[:8]])
print("last merges: ", [(a + b).decode() for a, b in own.merges[-4:]])
for text in ["unbelievably good", "naïve", "字", "👩‍🚀"]:
    print(f"{text:18} {' '.join(own.encode(text).tokens)}")

# %% [markdown] tags=["observe"]
# The first merges are a space with a letter, then *the* and its like. The last are
# whole words. Characters that the film reviews hardly hold fall apart into bytes, but
# they do not get lost.

# %% tags=["demo"]
library = ByteLevelBPETokenizer()
library.train_from_iterator(
    train_texts, vocab_size=4096, min_frequency=1, show_progress=False
)
same = [library.encode(text).ids == list(own.encode(text).ids) for text in test_texts]
print(f"{sum(same)} of {len(same)} test sentences have the same token ids")

# %% [markdown] tags=["observe"]
# The library `tokenizers`, written in Rust and used for real models, finds the same
# merges as the Python code that you have just written parts of. There is no secret in
# it, only speed.

# %% [markdown] tags=["exercise"] exercise="02.4" title="Encode" difficulty=3 minutes=10
# Now apply merges to a new text. Begin with single bytes. Take the merges in the order
# in which they were learned, and apply each wherever its pair stands, from left to
# right. (Cutting off words first is left out here.)
#
# ```text
# encode("abc", [(b"b", b"c"), (b"a", b"b")])  ->  [b"a", b"bc"]
# ```


# %% tags=["exercise"] exercise="02.4"
def encode(text, merges):
    """Return the tokens of a text, each as bytes.

    merges: list of pairs of bytes, in the order in which they were learned.
    """
    # BEGIN SOLUTION
    tokens = [bytes([byte]) for byte in text.encode()]
    for pair in merges:
        i = 0
        while i < len(tokens) - 1:
            if (tokens[i], tokens[i + 1]) == pair:
                tokens[i : i + 2] = [pair[0] + pair[1]]
            i += 1
    return tokens
    # END SOLUTION


# %% [markdown] tags=["exercise"] exercise="02.5" title="Decode" difficulty=2 minutes=5
# The way back: from ids to text. A character may be spread over two tokens, and a model
# may stop after the first of them. What is no character shows as `\ufffd`, the
# replacement character.
#
# ```text
# decode([0, 1], {0: b"na\xc3", 1: b"\xafve"})  ->  "naïve"
# ```


# %% tags=["exercise"] exercise="02.5"
def decode(ids, vocabulary):
    r"""Return the text of some token ids; broken characters as "\ufffd".

    vocabulary: dict of token id -> bytes.
    """
    # BEGIN SOLUTION
    return b"".join(vocabulary[i] for i in ids).decode(errors="replace")
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## WordPiece and Unigram: two other ways to choose
#
# *WordPiece*, BERT's, also has a vocabulary of parts. At the beginning of each word it
# takes the longest part that fits, then the longest that goes on (written with `##`). A
# word that cannot be spelled becomes `[UNK]`. MiniLM also lowercases and drops accents.
#
# *Unigram* gives every part a probability and takes the cut whose product is greatest.
# Products of many small numbers vanish, so one adds logarithms. The best of all cuts is
# found without trying all: the best cut up to each place only needs the best cuts up to
# the places before. That is the *Viterbi* algorithm.

# %% tags=["demo"]
minilm = tokenization.load_tokenizer("minilm")
print("WordPiece:", minilm.encode("Unbelievably naïve 👩‍🚀").tokens)
pieces = {"un": -3.0, "happy": -5.0, "unhappy": -10.0, "hap": -7.0, "py": -7.0}
for score, cut in tokenization.best_segmentations("unhappy", pieces, n=3):
    print(f"Unigram:   {score:6.1f}  probability {math.exp(score):.2e}  {cut}")

# %% [markdown] tags=["observe"]
# WordPiece lost the astronaut: `[UNK]` could have been anything, and no decoder brings
# her back. Unigram prefers *un* and *happy*, because together they are more probable
# than the rare *unhappy*, and it knows by how much.

# %% [markdown] tags=["exercise"] exercise="02.6" title="The most probable cut" difficulty=3 minutes=15
# Find the cut of a word whose sum of log-probabilities is greatest. Keep, for each place
# of the word, the best score of a cut up to there and the cut itself. There is no cut:
# give back `None`.
#
# ```text
# best_cut("unhappy", {"un": -3.0, "happy": -5.0, "unhappy": -10.0})
#     ->  ["un", "happy"]
# ```


# %% tags=["exercise"] exercise="02.6"
def best_cut(word, log_probabilities):
    """Return the pieces of the most probable cut of a word, or None.

    word: at least one letter; log_probabilities: dict of piece -> a number below 0.
    """
    # BEGIN SOLUTION
    best = [(0.0, [])] + [(-math.inf, None)] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            score, cut = best[start]
            piece = word[start:end]
            if cut is not None and piece in log_probabilities:
                score += log_probabilities[piece]
                if score > best[end][0]:
                    best[end] = (score, [*cut, piece])
    return best[len(word)][1]
    # END SOLUTION


# %% [markdown] tags=["concept"]
# ## Special tokens
#
# Some tokens stand for no text: `<|endoftext|>` parts documents for GPT-2, `[CLS]` and
# `[SEP]` frame a text for BERT. They are added by the program, never found in the text.
# If a user's text could contain them, it could end a document or pretend to be somebody
# else: so a tokenizer must treat what *looks* like one as plain text.

# %% tags=["demo"]
typed = "The end. <|endoftext|>"
print("typed by a user: ", gpt2.encode(typed).tokens)
print("set by a program:", gpt2.encode(typed, allow_special=True).tokens)
print("framed for BERT: ", minilm.encode("The end.", add_special_tokens=True).tokens)

# %% [markdown] tags=["observe"]
# The same characters: a handful of tokens of plain text, or a single one with a meaning.

# %% [markdown] tags=["concept"]
# ## How large a vocabulary?
#
# More merges make texts shorter. But each token is a row of the embedding table: a
# vocabulary of `vocab_size` with vectors of `hidden_size` numbers has their product as
# parameters. And rare tokens are seen rarely in training, so their rows stay poor.

# %% [markdown] tags=["predict"] prediction="02.p4"
# MiniLM has 22.7 million parameters, 30,522 tokens, and vectors of 384 numbers. Which
# share of its parameters, from 0 to 1, is the embedding table?
#
# Within 0.1 counts as right.

# %% tags=["predict"]
predict("02.p4", ..., confidence=...)

# %% tags=["demo"]
table = tokenization.embedding_parameters(vocab_size=30_522, hidden_size=384)
print(f"{table:,} of 22.7 million: {table / 22.7e6:.0%}")
reveal("02.p4", round(table / 22.7e6, 2), within=0.1)

# %% tags=["demo"]
sizes = [256, 512, 1024, 2048, 4096, 8192, 16384]
curve = tokenization.vocabulary_curve(train_texts, sizes, test_texts)
HTML(render_curve(curve, title="Length by size of vocabulary"))

# %% [markdown] tags=["observe"]
# Half of MiniLM is its dictionary. In the curve, the first 256 merges more than halve
# the length of the texts; the last eight thousand make them less than a tenth shorter.
# Every doubling costs twice the table and buys less.

# %% [markdown] tags=["question"]
# **Think first, then look.** A model for short text messages has to fit on a telephone.
# Would you rather halve its vocabulary or halve the length of its vectors?
#
# <details><summary>Answer</summary>
#
# Both halve the table. Half the vocabulary makes texts longer, by the curve above 7 to
# 12 percent in its right half, and every token costs computation. Half the vector makes
# every layer smaller and weaker, not only the table. With short messages the longer text
# is the smaller loss; measured on your own messages, it may be otherwise.
#
# </details>

# %% [markdown] tags=["concept"]
# ## Who pays? The same message in twelve languages
#
# Models are paid for by the token, and read only so many at once. Django's error
# messages are translated by people into many languages, so we can count what the *same*
# message costs. Each row says how many times as many tokens a language takes as English.

# %% [markdown] tags=["predict"] prediction="02.p5"
# How many times as many GPT-2 tokens does Hindi take as English, for the same messages?
#
# Within 1.5 counts as right.

# %% tags=["predict"]
predict("02.p5", ..., confidence=...)

# %% tags=["demo"]
messages = parallel(LANGUAGES)
o200k = tokenization.load_tokenizer("o200k")
old = tokenization.compare_languages(gpt2, messages)
new = tokenization.compare_languages(o200k, messages)
print(f"{len(messages['en'])} messages        GPT-2  o200k")
for code in sorted(LANGUAGES, key=old.get):
    print(f"{LANGUAGES[code]:21} {old[code]:6.1f} {new[code]:6.1f}")
reveal("02.p5", round(old["hi"], 1), within=1.5)

# %% [markdown] tags=["observe"]
# With GPT-2's vocabulary, learned mostly from English pages, the same sentence costs a
# Hindi or Thai speaker more than seven times as much, and fills a context window seven
# times as fast. o200k, four times as large and learned from more languages, brings that
# below two; Greek still pays most. Petrov et al. (2023) found the same for many models.

# %% tags=["widget"]
TokenizerLab("I can't believe it: 12345 naïve users 🙂")

# %% [markdown] tags=["observe"]
# Four real tokenizers, one text. Point at a character, or walk with Tab and the arrow
# keys: every lane lights the token that holds it. SmolLM2 reads digit by digit, the
# others cut numbers in groups. Look at *can't*, at *naïve*, and at which lanes keep the
# spaces. Then type your own name.

# %% [markdown] tags=["concept"]
# ## Calls that the web still teaches
#
# Old tutorials load a tokenizer from the model hub, or from files by arguments that have
# changed. In transformers 5 the old arguments raise no error. The tokenizer they give is
# *empty*, and so are its answers: look at the length before you trust one.

# %% tags=["demo"]
folder = assets.path("gpt2-bpe")
vocabulary_file, merges_file = str(folder / "encoder.json"), str(folder / "vocab.bpe")
outdated = GPT2Tokenizer(vocab_file=vocabulary_file, merges_file=merges_file)
print("outdated:", len(outdated), outdated.tokenize("unbelievably"))
present = GPT2Tokenizer(vocab=vocabulary_file, merges=merges_file)
print("present: ", len(present), present.tokenize("unbelievably"))
bert = AutoTokenizer.from_pretrained(assets.path("minilm"))
print("folder:  ", len(bert), bert.tokenize("unbelievably"))

# %% [markdown] tags=["observe"]
# The first line has one token and no pieces. A folder with all files, as in the last
# line, is the safe way, and it works without a network. A name such as `"gpt2"` in its
# place asks the model hub.

# %% [markdown] tags=["misconception"]
# ## Four things that are easily believed
#
# - *"A token is a word."* It may be a part of one, a word with its space, or one byte of
#   a character.
# - *"The tokenizer understands word parts."* It counted. In *unhappy* and in *unanimous*
#   GPT-2 has the same token `un`.
# - *"A larger vocabulary is always better."* Shorter texts, but a larger table, and rows
#   that training hardly meets.
# - *"Models cannot spell because they are stupid."* They never see letters, only the
#   number of the token.

# %% [markdown] tags=["quiz"]
# - id: q1
#   kind: recall
#   text: What does one step of training byte-pair encoding do?
#   options:
#     - right: It makes the commonest pair of neighbouring symbols one symbol.
#       why: Then it counts again, because the neighbours have changed.
#     - wrong: It adds the commonest word to the vocabulary.
#       why: Words appear only when enough merges have built them.
#     - wrong: It removes the piece whose loss does the least harm to the texts.
#       why: That is how Unigram shrinks its vocabulary.
#     - wrong: It merges the two longest tokens.
#       why: Length plays no part, only counts.
# - id: q2
#   kind: output
#   text: "The merges are `a b`, then `b c`, in this order. Which tokens does BPE make of `abc`?"
#   options:
#     - right: "`ab`, `c`"
#       why: "`a b` was learned first and is applied first; afterwards no `b` is left."
#     - wrong: "`a`, `bc`"
#       why: That would be so if `b c` had been learned first.
#     - wrong: "`abc`"
#       why: Nothing merges `ab` with `c`.
#     - wrong: "`a`, `b`, `c`"
#       why: The first merge applies.
# - id: q3
#   kind: output
#   text: "`count_pairs` of the single word `a a a a`, which occurs twice, gives ..."
#   options:
#     - right: "`(a, a): 6`"
#       why: Three overlapping pairs, each counted twice.
#     - wrong: "`(a, a): 4`"
#       why: That leaves out the pair in the middle.
#     - wrong: "`(a, a): 3`"
#       why: The word occurs twice.
#     - wrong: "`(a, a): 2`"
#       why: That counts words, not pairs.
# - id: q4
#   kind: output
#   text: "A byte-level tokenizer gives `é` two tokens. You decode each by itself with `errors='replace'` and join the texts. What appears?"
#   options:
#     - right: Two replacement characters
#       why: Each token is half a character; only together are they text.
#     - wrong: "`é`"
#       why: That comes out if the bytes are joined before they are decoded.
#     - wrong: "`e` and an accent"
#       why: The bytes of UTF-8 are no letter and accent.
#     - wrong: An error
#       why: With errors='replace' broken bytes are shown, not raised.
# - id: q5
#   kind: misconception
#   text: "A colleague says: characters are the best tokens, since they are the finest. What is missing?"
#   options:
#     - right: Texts become several times as long, and the model's work grows with length.
#       why: In this lesson more than five tokens a word, against one and a half with 4,096 subwords.
#     - wrong: Nothing, it is only a matter of taste.
#       why: Length, memory and time differ measurably.
#     - wrong: Unicode has so many characters that their vocabulary is the largest of all.
#       why: "A text uses few of them: in this lesson theirs is the smallest."
#     - wrong: Most characters are unknown to the model.
#       why: Hardly any are; unknown units are the trouble of words.
# - id: q6
#   kind: misconception
#   text: "Why does `tokens.index('good')` not find the token in *very good* with GPT-2?"
#   options:
#     - right: "The token there is `Ġgood`, with its space."
#       why: The pattern gives each space to the word behind it, and the two are different tokens.
#     - wrong: GPT-2 has no token for *good*.
#       why: It has one, for the beginning of a text.
#     - wrong: The tokenizer lowercases the text.
#       why: MiniLM's does; GPT-2's keeps capitals.
#     - wrong: Spaces are removed before encoding.
#       why: Then decoding could not bring them back.
# - id: q7
#   kind: transfer
#   text: "A hospital trains a small model on its own notes, in one language, full of names of drugs. Which vocabulary would you try first?"
#   options:
#     - right: Byte-level BPE trained on such notes, of moderate size
#       why: Names of drugs become a few tokens each, nothing is unknown, and the table stays small.
#     - wrong: All words of the notes
#       why: The next new drug would be unknown.
#     - wrong: o200k, because a large vocabulary makes every text short
#       why: Most of its rows are for other languages; in a small model the table would outweigh the rest.
#     - wrong: Characters, because drug names are long
#       why: Long names are just what makes characters dear.
# - id: q8
#   kind: evidence
#   text: "Model A has perplexity 20 per token, model B 30. Which finding would change your mind that A is the better one?"
#   options:
#     - right: They have different tokenizers, and B's tokens are longer.
#       why: Perplexity per token cannot be compared across tokenizers; per byte B may be better.
#     - wrong: A has ten times as many parameters and was trained for longer.
#       why: That may be a reason, but it does not change the comparison.
#     - wrong: B was trained longer.
#       why: It may explain something; the measured numbers stay.
#     - wrong: Both were measured on the same texts.
#       why: That is what makes a comparison fair, and is expected.

# %% [markdown] tags=["app"]
# ## In the demo
#
# `make app` opens the demo. On *Tokenize*, type *unbelievably*, and see where four
# tokenizers cut it. On *Explain* its parts come together as one word with one value.

# %% [markdown] tags=["reflection"]
# ## In your own words
#
# A start-up asks you which vocabulary size to train for a chat assistant in English and
# Hindi, with a small model. Answer in five sentences, with numbers from this lesson.
#
# <details><summary>How to judge your answer</summary>
#
# It names a size and what it costs as a table (`vocab_size` times `hidden_size`); it
# uses the curve for what a larger one would buy; it asks that the texts it is learned
# from hold as much Hindi as English, with the factor above as the reason; it says what
# it would measure before deciding. Three of four is good.
#
# </details>

# %% [markdown] tags=["recap"]
# ## What you did
#
# - You **compared** characters, words and subwords on sentences they had not seen.
# - You **trained** BPE by hand and in code, and a library found the same.
# - You **encoded** and **decoded** any text by bytes, without loss.
# - You **explained** WordPiece's longest part and Unigram's most probable cut.
# - You **estimated** what a vocabulary costs, and who pays for it.
#
# Next time you see a price per token, you know to ask: whose tokens?
