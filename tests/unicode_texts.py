"""Random texts that every library reads by the same tables.

Not a test module. Libraries bring tables of different editions of Unicode: Python 3.11
has 14.0, 3.13 has 15.1, `regex` and the Rust libraries others. What a letter or a mark
is can only be compared for characters that all of them know, so texts are made of
characters that were assigned in Unicode 3.2 (which Python keeps) and have the same
class today. That leaves some 230,000, of all the larger scripts.
"""

import unicodedata
from functools import cache

from hypothesis import strategies as st

# Spaces, endings, digits, capitals: where patterns and normalisers have their corners.
CORNERS = (
    "abstdDrRvVmMlL'/.-1234 \t\n\r\x0b\x0c\x1c\x85\xa0\u2028\u3000"
    "éÉßΣİ\u0131\u017f\ufb01中かガ\u2460\uff21▁\u2019"
)


@cache
def stable_characters() -> str:
    old = unicodedata.ucd_3_2_0
    return "".join(
        character
        for character in map(chr, range(0x110000))
        if unicodedata.category(character) not in ("Cs", "Cn")
        and unicodedata.category(character) == old.category(character)
    )


def texts(max_size: int = 40) -> st.SearchStrategy[str]:
    """Corners and any characters, mixed."""
    anywhere = st.integers(0, len(stable_characters()) - 1).map(
        lambda number: stable_characters()[number]
    )
    return st.lists(
        st.one_of(st.sampled_from(CORNERS), anywhere), max_size=max_size
    ).map("".join)
