"""Cases of lesson 02, with the wrong answers that they must catch."""

import pytest

# The counts of the example in Sennrich, Haddow and Birch (2016), algorithm 1.
WORDS = {tuple("low"): 5, tuple("lower"): 2, tuple("newest"): 6, tuple("widest"): 3}


def random_words(rng):
    """Some words of few letters: pairs repeat, overlap and are equally common."""
    words = {}
    for _ in range(rng.randint(3, 8)):
        word = tuple(rng.choice("aab") for _ in range(rng.randint(1, 7)))
        words[word] = rng.randint(1, 9)
    return words


def random_text(rng):
    """Letters, spaces and characters of two, three and four bytes."""
    return "".join(rng.choice("ab éäш字🙂") for _ in range(rng.randint(1, 12)))


# Exercise 02.1: count pairs
@pytest.mark.exercise(
    "02.1",
    hint=(
        "A key is a pair of symbols, that is a tuple of two, such as ('l', 'o').",
        "`pairwise(word)` gives each symbol with the one behind it.",
    ),
)
def test_pairs_of_one_word(student):
    """A word of three symbols has two pairs."""
    assert student.count_pairs({("l", "o", "w"): 1}) == {("l", "o"): 1, ("o", "w"): 1}


@pytest.mark.exercise(
    "02.1",
    hint=(
        "A word that occurs 5 times adds 5 to the count of each of its pairs, not 1.",
        "Go over `words.items()`: word and count.",
    ),
)
def test_pairs_count_as_often_as_their_word(student):
    """A pair counts as often as its word occurs."""
    words = {("l", "o"): 5, ("l", "o", "w"): 2}
    assert student.count_pairs(words) == {("l", "o"): 7, ("o", "w"): 2}


@pytest.mark.exercise(
    "02.1",
    hint=(
        "A pair has both its symbols in one word: the end of a word is no neighbour of "
        "the beginning of the next."
    ),
)
def test_no_pair_across_words(student):
    """Two words have no pair in common at their border."""
    words = {("a", "b"): 1, ("c", "d"): 1}
    assert student.count_pairs(words) == {("a", "b"): 1, ("c", "d"): 1}


@pytest.mark.exercise(
    "02.1",
    hint=(
        "In a, a, a the pair (a, a) stands twice: pairs may overlap when they are "
        "counted.",
        "`str.count` and steps of two leave out overlapping pairs.",
    ),
)
def test_overlapping_pairs_count(student):
    """Three equal symbols have two pairs."""
    assert student.count_pairs({("a", "a", "a"): 1}) == {("a", "a"): 2}


@pytest.mark.hidden
@pytest.mark.exercise("02.1", hint="A word of one symbol has no pair.")
def test_words_without_pairs(student):
    """A word of one symbol, and no words at all, have no pairs."""
    assert student.count_pairs({("a",): 4}) == {}
    assert student.count_pairs({}) == {}


@pytest.mark.hidden
@pytest.mark.exercise(
    "02.1", points=2, hint="Try words with repeated symbols and with different counts."
)
def test_pairs_of_random_words(student, reference, rng):
    """Any words."""
    for _ in range(10):
        words = random_words(rng)
        assert student.count_pairs(words) == reference.count_pairs(words)


@pytest.mark.wrong_answer(
    "02.1",
    fails=["test_pairs_count_as_often_as_their_word", "test_pairs_of_random_words"],
    hint="adds 5 to the count of each of its pairs",
)
def ignores_the_counts():
    """Each different word is seen once."""

    def count_pairs(words):
        counts = {}
        for word in words:
            for pair in pairwise(word):
                counts[pair] = counts.get(pair, 0) + 1
        return counts


@pytest.mark.wrong_answer(
    "02.1",
    fails=["test_overlapping_pairs_count", "test_pairs_of_random_words"],
    hint="pairs may overlap when they are counted",
)
def skips_overlapping_pairs():
    """A symbol that was counted in one pair is used up."""

    def count_pairs(words):
        counts = {}
        for word, count in words.items():
            for pair in set(pairwise(word)):
                often = "".join(word).count("".join(pair))
                counts[pair] = counts.get(pair, 0) + often * count
        return counts


@pytest.mark.wrong_answer(
    "02.1",
    fails=[
        "test_pairs_of_one_word",
        "test_pairs_count_as_often_as_their_word",
        "test_no_pair_across_words",
        "test_overlapping_pairs_count",
        "test_pairs_of_random_words",
    ],
    hint="that is a tuple of two",
)
def joins_the_symbols():
    """A pair is the text of both its symbols."""

    def count_pairs(words):
        counts = {}
        for word, count in words.items():
            for left, right in pairwise(word):
                counts[left + right] = counts.get(left + right, 0) + count
        return counts


@pytest.mark.wrong_answer(
    "02.1",
    fails=[
        "test_pairs_count_as_often_as_their_word",
        "test_no_pair_across_words",
        "test_pairs_of_random_words",
    ],
    hint="adds 5 to the count of each of its pairs",
)
def counts_in_one_long_text():
    """The words are one text, one behind the other."""

    def count_pairs(words):
        text = [symbol for word in words for symbol in word]
        counts = {}
        for pair in pairwise(text):
            counts[pair] = counts.get(pair, 0) + 1
        return counts


# Exercise 02.2: merge a pair
@pytest.mark.exercise(
    "02.2",
    hint=(
        "The result has the same counts as before, for words of fewer symbols.",
        "Make a new dictionary: new_words[new_word] = count.",
    ),
)
def test_merge_in_one_word(student):
    """The pair becomes one symbol, and the count stays."""
    assert student.merge(("l", "o"), {("l", "o", "w"): 5}) == {("lo", "w"): 5}


@pytest.mark.exercise(
    "02.2",
    hint=(
        "The pair may stand in a word more than once: merge it everywhere.",
        "Walk through the word: at the pair take a step of two, else of one.",
    ),
)
def test_merge_every_occurrence(student):
    """Every occurrence in the word is merged."""
    words = {("a", "b", "c", "a", "b"): 1}
    assert student.merge(("a", "b"), words) == {("ab", "c", "ab"): 1}


@pytest.mark.exercise(
    "02.2",
    hint=(
        "Merging goes from left to right, and what is merged is used up: a, a, a "
        "becomes aa, a.",
    ),
)
def test_merge_from_the_left(student):
    """Where pairs overlap, the left one is merged."""
    assert student.merge(("a", "a"), {("a", "a", "a"): 2}) == {("aa", "a"): 2}


@pytest.mark.exercise(
    "02.2",
    hint=(
        "Compare symbols, not text: in ('lo', 'w') there is no symbol 'o', although "
        "the letter is there.",
        "Do not join the word to a string and replace in it.",
    ),
)
def test_merge_compares_symbols(student):
    """Only two neighbouring symbols are a pair, not any letters."""
    words = {("lo", "w"): 2, ("o", "w", "n"): 1}
    assert student.merge(("o", "w"), words) == {("lo", "w"): 2, ("ow", "n"): 1}


@pytest.mark.hidden
@pytest.mark.exercise("02.2", hint="Words without the pair stay, in their place.")
def test_merge_keeps_order_and_other_words(student):
    """The words keep their order, also those without the pair."""
    words = {("b",): 1, ("a", "b"): 2, ("c", "a"): 3}
    merged = student.merge(("a", "b"), words)
    assert list(merged.items()) == [(("b",), 1), (("ab",), 2), (("c", "a"), 3)]


@pytest.mark.hidden
@pytest.mark.exercise(
    "02.2", points=2, hint="Try a pair at the end of a word, and one of equal symbols."
)
def test_merge_in_random_words(student, reference, rng):
    """Any words and pairs."""
    for _ in range(10):
        words = random_words(rng)
        for pair in (("a", "a"), ("a", "b"), ("b", "a")):
            assert student.merge(pair, words) == reference.merge(pair, words)


@pytest.mark.wrong_answer(
    "02.2",
    fails=["test_merge_every_occurrence", "test_merge_in_random_words"],
    hint="merge it everywhere",
)
def merges_the_first_only():
    """A pair stands in a word once."""

    def merge(pair, words):
        merged = {}
        for word, count in words.items():
            for i in range(len(word) - 1):
                if word[i : i + 2] == pair:
                    word = word[:i] + (pair[0] + pair[1],) + word[i + 2 :]
                    break
            merged[word] = count
        return merged


@pytest.mark.wrong_answer(
    "02.2",
    fails=["test_merge_from_the_left", "test_merge_in_random_words"],
    hint="what is merged is used up",
)
def merges_from_the_right():
    """The direction of merging makes no difference."""

    def merge(pair, words):
        merged = {}
        for word, count in words.items():
            symbols, i = [], len(word) - 1
            while i >= 0:
                if i > 0 and (word[i - 1], word[i]) == pair:
                    symbols.insert(0, pair[0] + pair[1])
                    i -= 2
                else:
                    symbols.insert(0, word[i])
                    i -= 1
            merged[tuple(symbols)] = count
        return merged


@pytest.mark.wrong_answer(
    "02.2",
    fails=["test_merge_compares_symbols"],
    hint="Compare symbols, not text",
)
def replaces_in_text():
    """Symbols are letters, so that replacing in the text is the same."""

    def merge(pair, words):
        merged = {}
        for word, count in words.items():
            text = " ".join(word).replace(" ".join(pair), "".join(pair))
            merged[tuple(text.split(" "))] = count
        return merged


@pytest.mark.wrong_answer(
    "02.2",
    fails=[
        "test_merge_in_one_word",
        "test_merge_from_the_left",
        "test_merge_compares_symbols",
        "test_merge_keeps_order_and_other_words",
        "test_merge_in_random_words",
    ],
    hint="the same counts as before",
)
def forgets_the_counts():
    """After a merge each word is a new one, seen once."""

    def merge(pair, words):
        merged = {}
        for word in words:
            symbols, i = [], 0
            while i < len(word):
                if word[i : i + 2] == pair:
                    symbols.append(pair[0] + pair[1])
                    i += 2
                else:
                    symbols.append(word[i])
                    i += 1
            merged[tuple(symbols)] = 1
        return merged


# Exercise 02.3: train
@pytest.mark.exercise(
    "02.3",
    hint=(
        "After each merge the words have changed: the next pair is counted in the new "
        "words.",
        "words = merge(pair, words), and count again at the top of the loop.",
    ),
)
def test_first_merges(student):
    """Three merges of the example: es, est, lo."""
    expected = [("e", "s"), ("es", "t"), ("l", "o")]
    assert student.train_bpe(WORDS, 3) == expected


@pytest.mark.exercise(
    "02.3",
    hint=(
        "Of equally common pairs take the first in sorted order, as min() finds it.",
        "min(counts, key=lambda pair: (-counts[pair], pair))",
    ),
)
def test_equally_common_pairs(student):
    """Of equally common pairs the first in sorted order comes first."""
    assert student.train_bpe({("b", "c"): 2, ("a", "b"): 2}, 1) == [("a", "b")]


@pytest.mark.exercise(
    "02.3",
    hint=(
        "When every word is one symbol there is no pair left: stop, with fewer merges "
        "than asked for.",
        "Leave the loop with `break` if count_pairs gives an empty dictionary.",
    ),
)
def test_stops_without_pairs(student):
    """Training ends when there is nothing left to merge."""
    assert student.train_bpe({("a", "b"): 1}, 5) == [("a", "b")]


@pytest.mark.hidden
@pytest.mark.exercise("02.3", hint="As many merges as asked for: also 1, also 0.")
def test_number_of_merges(student):
    """There are as many merges as asked for."""
    assert student.train_bpe(WORDS, 1) == [("e", "s")]
    assert student.train_bpe(WORDS, 0) == []


@pytest.mark.hidden
@pytest.mark.exercise(
    "02.3", points=2, hint="Follow a small example by hand, and mind equal counts."
)
def test_merges_of_random_words(student, reference, rng):
    """Any words, any number of merges."""
    for number in (1, 2, 4, 6, 40):
        words = random_words(rng)
        expected = reference.train_bpe(words, number)
        assert student.train_bpe(words, number) == expected


@pytest.mark.wrong_answer(
    "02.3",
    fails=["test_equally_common_pairs", "test_merges_of_random_words"],
    hint="the first in sorted order",
)
def takes_the_first_counted():
    """max() decides between equals well enough."""

    def train_bpe(words, num_merges):
        merges = []
        for _ in range(num_merges):
            counts = count_pairs(words)
            if not counts:
                break
            pair = max(counts, key=counts.get)
            words = merge(pair, words)
            merges.append(pair)
        return merges


@pytest.mark.wrong_answer(
    "02.3",
    fails=["test_first_merges", "test_stops_without_pairs"]
    + ["test_merges_of_random_words"],
    hint="the next pair is counted in the new words",
)
def counts_only_once():
    """The commonest pairs of the letters are the merges."""

    def train_bpe(words, num_merges):
        counts = count_pairs(words)
        ordered = sorted(counts, key=lambda pair: (-counts[pair], pair))
        merges = ordered[:num_merges]
        return merges + merges[:1] * (len(merges) < num_merges)


@pytest.mark.wrong_answer(
    "02.3",
    fails=["test_stops_without_pairs", "test_merges_of_random_words"],
    hint="there is no pair left: stop",
)
def never_stops():
    """There is always another pair."""

    def train_bpe(words, num_merges):
        merges = []
        for _ in range(num_merges):
            counts = count_pairs(words)
            pair = min(counts, key=lambda pair: (-counts[pair], pair))
            words = merge(pair, words)
            merges.append(pair)
        return merges


@pytest.mark.wrong_answer(
    "02.3",
    fails=["test_first_merges", "test_number_of_merges"]
    + ["test_merges_of_random_words"],
    hint="the next pair is counted in the new words",
)
def takes_the_rarest():
    """The pair with the smallest key is the commonest."""

    def train_bpe(words, num_merges):
        merges = []
        for _ in range(num_merges):
            counts = count_pairs(words)
            if not counts:
                break
            pair = min(counts, key=lambda pair: (counts[pair], pair))
            words = merge(pair, words)
            merges.append(pair)
        return merges


# Exercise 02.4: encode
@pytest.mark.exercise(
    "02.4",
    hint=(
        "Begin with the bytes of the text: text.encode() gives them as UTF-8.",
        "[bytes([byte]) for byte in text.encode()]",
    ),
)
def test_encode_without_merges(student):
    """Without merges every byte is a token; é has two."""
    assert student.encode("hé", []) == [b"h", b"\xc3", b"\xa9"]


@pytest.mark.exercise(
    "02.4",
    hint="A merge applies at every place of the text where its pair stands.",
)
def test_encode_merges_everywhere(student):
    """A merge applies wherever its pair stands."""
    assert student.encode("abcab", [(b"a", b"b")]) == [b"ab", b"c", b"ab"]


@pytest.mark.exercise(
    "02.4",
    hint=(
        "Merges apply in the order in which they were learned, not in the order of the "
        "text: here b c was learned before a b, and afterwards no b is left.",
        "for pair in merges: go through the tokens, and join where the pair stands.",
    ),
)
def test_encode_in_the_order_of_learning(student):
    """What was learned first is merged first."""
    merges = [(b"b", b"c"), (b"a", b"b")]
    assert student.encode("abc", merges) == [b"a", b"bc"]


@pytest.mark.hidden
@pytest.mark.exercise("02.4", hint="A merged token can be part of a later merge.")
def test_encode_with_merges_of_merges(student):
    """Later merges build on earlier ones."""
    merges = [(b"e", b"s"), (b"es", b"t"), (b"l", b"o"), (b"lo", b"w")]
    assert student.encode("lowest", merges) == [b"low", b"est"]


@pytest.mark.hidden
@pytest.mark.exercise(
    "02.4",
    points=2,
    hint="All tokens together are the bytes of the text, whatever it is.",
)
def test_encode_random_text(student, reference, rng):
    """Any text, with characters of up to four bytes."""
    letters = [b"a", b"b", b" ", b"\xc3", b"\xa9", b"\xf0"]
    for _ in range(80):
        text = random_text(rng) + "".join(rng.choice("ab") for _ in range(12))
        merges = [(rng.choice(letters), rng.choice(letters)) for _ in range(5)]
        merges += [(merges[0][0] + merges[0][1], b"a")]
        assert student.encode(text, merges) == reference.encode(text, merges)


@pytest.mark.wrong_answer(
    "02.4",
    fails=["test_encode_in_the_order_of_learning", "test_encode_random_text"],
    hint="not in the order of the text",
)
def takes_the_longest_from_the_left():
    """Encoding cuts off the longest known token from the left, again and again."""

    def encode(text, merges):
        known = {left + right for left, right in merges}
        data, tokens = text.encode(), []
        while data:
            longest = max(
                (t for t in known if data.startswith(t)), key=len, default=b""
            )
            longest = longest or data[:1]
            tokens.append(longest)
            data = data[len(longest) :]
        return tokens


@pytest.mark.wrong_answer(
    "02.4",
    fails=["test_encode_without_merges", "test_encode_random_text"],
    hint="Begin with the bytes of the text",
)
def begins_with_characters():
    """A character is a byte."""

    def encode(text, merges):
        tokens = [character.encode() for character in text]
        for pair in merges:
            i = 0
            while i < len(tokens) - 1:
                if (tokens[i], tokens[i + 1]) == pair:
                    tokens[i : i + 2] = [pair[0] + pair[1]]
                i += 1
        return tokens


@pytest.mark.wrong_answer(
    "02.4",
    fails=["test_encode_merges_everywhere", "test_encode_random_text"],
    hint="at every place of the text",
)
def merges_each_pair_once():
    """Each merge happens once."""

    def encode(text, merges):
        tokens = [bytes([byte]) for byte in text.encode()]
        for pair in merges:
            for i in range(len(tokens) - 1):
                if (tokens[i], tokens[i + 1]) == pair:
                    tokens[i : i + 2] = [pair[0] + pair[1]]
                    break
        return tokens


@pytest.mark.wrong_answer(
    "02.4",
    fails=["test_encode_in_the_order_of_learning", "test_encode_random_text"],
    hint="not in the order of the text",
)
def sorts_the_merges():
    """The order of the merges is that of the alphabet."""

    def encode(text, merges):
        tokens = [bytes([byte]) for byte in text.encode()]
        for pair in sorted(merges, key=lambda pair: (len(pair[0] + pair[1]), pair)):
            i = 0
            while i < len(tokens) - 1:
                if (tokens[i], tokens[i + 1]) == pair:
                    tokens[i : i + 2] = [pair[0] + pair[1]]
                i += 1
        return tokens


# Exercise 02.5: decode
@pytest.mark.exercise(
    "02.5",
    hint=(
        "A space is a byte like the others and stands in the tokens already: nothing "
        "is to be put between them.",
        'b"".join(...) puts bytes together.',
    ),
)
def test_decode_words(student):
    """Tokens are joined without anything between them."""
    vocabulary = {7: b"low", 8: b"er", 9: b" it"}
    assert student.decode([7, 8, 9], vocabulary) == "lower it"


@pytest.mark.exercise(
    "02.5",
    hint=(
        "A character may be spread over several tokens: first join all bytes, then "
        "make text of them.",
        'b"".join(vocabulary[i] for i in ids).decode(...)',
    ),
)
def test_decode_character_in_two_tokens(student):
    """A character in two tokens comes back whole."""
    assert student.decode([0, 1], {0: b"na\xc3", 1: b"\xafve"}) == "naïve"


@pytest.mark.exercise(
    "02.5",
    hint=(
        "Half a character is no text; it should show as the replacement character, not "
        "stop the function, and not vanish.",
        'decode(errors="replace")',
    ),
)
def test_decode_half_a_character(student):
    """Bytes that are no character show as U+FFFD."""
    assert student.decode([0], {0: b"a\xc3"}) == "a\ufffd"


@pytest.mark.hidden
@pytest.mark.exercise("02.5", hint="No tokens are an empty text.")
def test_decode_nothing(student):
    """No tokens are an empty text."""
    assert student.decode([], {0: b"a"}) == ""


@pytest.mark.hidden
@pytest.mark.exercise(
    "02.5", points=2, hint="Whatever was encoded comes back, character by character."
)
def test_decode_gives_back_what_was_encoded(student, rng):
    """Every text comes back from its bytes, however they are cut."""
    for _ in range(40):
        text = random_text(rng)
        data, vocabulary = text.encode(), {}
        while data:
            length = rng.randint(1, 3)
            vocabulary[100 + len(vocabulary)] = data[:length]
            data = data[length:]
        assert student.decode(list(vocabulary), vocabulary) == text


@pytest.mark.wrong_answer(
    "02.5",
    fails=[
        "test_decode_character_in_two_tokens",
        "test_decode_gives_back_what_was_encoded",
    ],
    hint="first join all bytes",
)
def decodes_token_by_token():
    """Every token is a piece of text."""

    def decode(ids, vocabulary):
        return "".join(vocabulary[i].decode(errors="replace") for i in ids)


@pytest.mark.wrong_answer(
    "02.5",
    fails=["test_decode_half_a_character"],
    hint="not stop the function",
)
def stops_at_half_a_character():
    """Tokens always end between two characters."""

    def decode(ids, vocabulary):
        return b"".join(vocabulary[i] for i in ids).decode()


@pytest.mark.wrong_answer(
    "02.5",
    fails=["test_decode_words", "test_decode_character_in_two_tokens"]
    + ["test_decode_gives_back_what_was_encoded"],
    hint="nothing is to be put between them",
)
def puts_spaces_between_tokens():
    """Tokens are words, and words are parted by spaces."""

    def decode(ids, vocabulary):
        return b" ".join(vocabulary[i] for i in ids).decode(errors="replace")


@pytest.mark.wrong_answer(
    "02.5",
    fails=["test_decode_half_a_character"],
    hint="and not vanish",
)
def drops_half_a_character():
    """What is no text can be left out."""

    def decode(ids, vocabulary):
        return b"".join(vocabulary[i] for i in ids).decode(errors="ignore")


# Exercise 02.6: the most probable cut
@pytest.mark.exercise(
    "02.6",
    hint=(
        "Log-probabilities are negative, and the sum nearest to 0 is the most "
        "probable: -8 beats -10.",
        "Compare sums of log-probabilities with `>`.",
    ),
)
def test_most_probable_cut(student):
    """Two common pieces beat one rare piece."""
    pieces = {"un": -3.0, "happy": -5.0, "unhappy": -10.0}
    assert student.best_cut("unhappy", pieces) == ["un", "happy"]


@pytest.mark.exercise(
    "02.6",
    hint=(
        "The longest piece from the left, or the best first piece, need not begin the "
        "best cut: look at all ways to cut, from the beginning to each place.",
        "best[end] = the best over all start of best[start] + piece word[start:end].",
    ),
)
def test_longest_piece_first_is_not_best(student):
    """The best cut need not begin with the longest piece."""
    pieces = {"ab": -2.0, "abc": -1.0, "cd": -1.0, "d": -9.0}
    assert student.best_cut("abcd", pieces) == ["ab", "cd"]


@pytest.mark.exercise(
    "02.6",
    hint=(
        "If the pieces cannot spell the word there is no cut: give back None.",
        "A place that no cut reaches keeps the score -inf.",
    ),
)
def test_word_that_cannot_be_spelled(student):
    """Without pieces for every part the answer is None."""
    assert student.best_cut("ab", {"a": -1.0, "c": -1.0}) is None, (
        "None was expected for a word that the pieces cannot spell"
    )


@pytest.mark.hidden
@pytest.mark.exercise("02.6", hint="More pieces can be more probable than fewer.")
def test_fewer_pieces_are_not_better(student):
    """Three common pieces beat two rare ones."""
    pieces = {"a": -1.0, "b": -1.0, "c": -1.0, "ab": -4.0, "bc": -3.0}
    assert student.best_cut("abc", pieces) == ["a", "b", "c"]


@pytest.mark.hidden
@pytest.mark.exercise(
    "02.6", points=2, hint="Go through the places of the word once, from left to right."
)
def test_cuts_of_random_words(student, reference, rng):
    """Any pieces, words of up to sixteen letters."""
    for _ in range(20):
        pieces = {"a": -rng.uniform(1, 5), "b": -rng.uniform(1, 5)}
        for _ in range(8):
            piece = "".join(rng.choice("ab") for _ in range(rng.randint(2, 4)))
            pieces[piece] = -rng.uniform(1, 8)
        word = "".join(rng.choice("ab") for _ in range(rng.randint(1, 16)))
        cut = student.best_cut(word, pieces)
        assert "".join(cut) == word, "the pieces together are the word"
        # Two cuts may be equally probable: their sums count.
        expected = sum(pieces[piece] for piece in reference.best_cut(word, pieces))
        assert sum(pieces[piece] for piece in cut) == pytest.approx(expected)


@pytest.mark.wrong_answer(
    "02.6",
    fails=[
        "test_most_probable_cut",
        "test_longest_piece_first_is_not_best",
        "test_fewer_pieces_are_not_better",
        "test_cuts_of_random_words",
    ],
    hint="the sum nearest to 0 is the most probable",
)
def takes_the_longest_piece():
    """The longest piece that fits is the right one, as WordPiece does it."""

    def best_cut(word, log_probabilities):
        cut = []
        while word:
            fitting = [p for p in log_probabilities if word.startswith(p)]
            if not fitting:
                return None
            cut.append(max(fitting, key=len))
            word = word[len(cut[-1]) :]
        return cut


@pytest.mark.wrong_answer(
    "02.6",
    fails=["test_longest_piece_first_is_not_best", "test_cuts_of_random_words"],
    hint="need not begin the best cut",
)
def takes_the_most_probable_piece():
    """The best cut is made of the best piece at each place."""

    def best_cut(word, log_probabilities):
        cut = []
        while word:
            fitting = [p for p in log_probabilities if word.startswith(p)]
            if not fitting:
                return None
            cut.append(max(fitting, key=log_probabilities.get))
            word = word[len(cut[-1]) :]
        return cut


@pytest.mark.wrong_answer(
    "02.6",
    fails=[
        "test_most_probable_cut",
        "test_fewer_pieces_are_not_better",
        "test_cuts_of_random_words",
    ],
    hint="the sum nearest to 0 is the most probable",
)
def takes_the_fewest_pieces():
    """The fewer pieces, the better the cut."""

    def best_cut(word, log_probabilities):
        best = {0: (0, 0.0, [])}
        for end in range(1, len(word) + 1):
            for start in range(end):
                piece = word[start:end]
                if start in best and piece in log_probabilities:
                    count, score, cut = best[start]
                    score -= log_probabilities[piece]
                    way = (count + 1, score, [*cut, piece])
                    best[end] = min(best.get(end, way), way)
        return best[len(word)][2] if len(word) in best else None


@pytest.mark.wrong_answer(
    "02.6",
    fails=["test_word_that_cannot_be_spelled"],
    hint="give back None",
)
def gives_an_empty_list():
    """A word that cannot be cut has a cut of no pieces."""

    def best_cut(word, log_probabilities):
        best = {0: (0.0, [])}
        for end in range(1, len(word) + 1):
            for start in range(end):
                piece = word[start:end]
                if start in best and piece in log_probabilities:
                    score, cut = best[start]
                    way = (score + log_probabilities[piece], [*cut, piece])
                    best[end] = max(best.get(end, way), way)
        return best.get(len(word), (0, []))[1]
