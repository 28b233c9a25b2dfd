"""Steps that clean texts, and the removal of texts that stand twice.

Each step is one function from text to text, to be chosen, ordered and measured: what
helps a word count may harm a transformer, which was trained on text as people write it.
Left out: spelling correction and stemming, which lose more than they bring here.
"""

import re
import unicodedata
from html import unescape

import pandas as pd

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,300}>")
_SPACE = re.compile(r"\s+")


class _WordCharacters(dict[int, int]):
    """For `str.translate`: letters, digits and their accents stay, the rest is space.

    Vowel signs, which tell words apart in Hindi or Thai, are no letters for `re`.
    """

    def __missing__(self, code: int) -> int:
        is_word = unicodedata.category(chr(code))[0] in "LMN"
        self[code] = code if is_word else ord(" ")
        return self[code]


_WORD_CHARACTERS = _WordCharacters()


def strip_html(text: str) -> str:
    """Replace HTML tags by a space and entities by their characters.

    Example:
        >>> strip_html("Great!<br /><br />Fish &amp; chips, 3 < 5.")
        'Great!  Fish & chips, 3 < 5.'
    """
    return unescape(_TAG.sub(" ", text))


def collapse_whitespace(text: str) -> str:
    r"""Make every run of white space one space, and none at the ends.

    Example:
        >>> collapse_whitespace("  two\n\twords ")
        'two words'
    """
    return _SPACE.sub(" ", text).strip()


def lowercase(text: str) -> str:
    """Lower-case a text. Loses names and shouting; MiniLM's tokenizer does it anyway.

    Example:
        >>> lowercase("FREE entry")
        'free entry'
    """
    return text.lower()


def normalise(text: str) -> str:
    """Reduce a text to the letters and digits that decide whether two are the same.

    Unicode forms, case, punctuation and spacing are made equal (NFKC, casefold). A text
    without any letter or digit keeps its characters, so that ":)" and ":(" differ.

    Example:
        >>> normalise("Free  ENTRY!!") == normalise("free entry")
        True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = " ".join(folded.translate(_WORD_CHARACTERS).split())
    return words or collapse_whitespace(folded)


def drop_duplicates(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the first of the texts that are the same after `normalise`.

    Texts that stand with two different labels are dropped altogether: no label of them
    can be trusted. Empty texts are dropped too.

    Args:
        table: Columns `text` and `label`, one row per example.

    Returns:
        The kept rows in their order, with a fresh index.

    Example:
        >>> rows = [("Good.", "p"), ("good", "p"), ("Odd", "p"), ("odd!", "n")]
        >>> drop_duplicates(pd.DataFrame(rows, columns=["text", "label"])).text.tolist()
        ['Good.']
    """
    keys = table["text"].map(normalise)
    labels_per_text = table["label"].groupby(keys).transform("nunique")
    kept = (keys != "") & (labels_per_text == 1) & ~keys.duplicated()
    return table[kept].reset_index(drop=True)
