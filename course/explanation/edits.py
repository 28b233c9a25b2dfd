"""Read from two texts which words were edited, so that they can be laid side by side.

Whoever edits a text freely does not say which word became which. The longest runs of
equal words keep their places, and what stands between them is an edit of the words that
stood there. Left out: explaining both texts, which is `course.explanation.study`'s.

Source: Ratcliff and Metzener 1988, "Pattern Matching: The Gestalt Approach".
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from course.explanation.study import edit_text


def find_edits(before: Sequence[str], after: Sequence[str]) -> dict[int, str]:
    """Return the edits that make one text of another.

    Args:
        before: The words of the text before, spaces included, at least one.
        after: The words of the text after, spaces included.

    Returns:
        Number of a word before -> what stands in its place, "" for nothing; `edit_text`
        makes of it the text after, but for the number of spaces between words.

    Example:
        >>> find_edits(["Not ", "bad ", "at ", "all."], ["Not ", "very ", "good."])
        {1: '', 2: '', 3: 'very good.'}
        >>> find_edits(["A ", "film."], ["A ", "fine ", "film."])
        {0: 'A fine'}
    """
    matcher = SequenceMatcher(None, _spaced(before), _spaced(after), autojunk=False)
    edits: dict[int, str] = {}
    begins: dict[int, int] = {}  # an edit's place -> number of its first word after
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            continue
        if kind == "insert":
            # New words go with the one before them, or, where there is none or the
            # space between would be wrong, with the one that follows.
            follows = i1 == 0 or _ends_open(before[i1 - 1]) != _ends_open(after[j2 - 1])
            if follows and i1 < len(before):
                i2, j2 = i1 + 1, j2 + 1
            else:
                i1, j1 = i1 - 1, begins.get(i1 - 1, j1 - 1)
        edits |= dict.fromkeys(range(i1, i2), "")
        edits[i2 - 1] = "".join(after[j1:j2]).strip()
        begins[i2 - 1] = j1
    if edit_text(before, edits).split() == "".join(after).split():
        return edits
    # Spaces that were, or were not, in the midst: the text as a whole is another.
    last = len(before) - 1
    return dict.fromkeys(range(last), "") | {last: "".join(after).strip()}


def _spaced(words: Sequence[str]) -> list[str]:
    """Words that are equal if they are written alike and a space follows, or none."""
    bare = [word.strip() + " " * _ends_open(word) for word in words]
    return [*bare[:-1], bare[-1].strip()] if bare else []


def _ends_open(word: str) -> bool:
    """Whether a space follows the word."""
    return word != word.rstrip()
