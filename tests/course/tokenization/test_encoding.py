"""Run alone: pytest tests/course/tokenization/test_encoding.py."""

from hypothesis import given
from hypothesis import strategies as st

from course.tokenization.encoding import Encoding, replace_surrogates


def test_pieces_are_stretches_of_the_text():
    encoding = Encoding("one two", (5, 6), ("one", "Ġtwo"), ((0, 3), (3, 7)))
    assert encoding.pieces == ("one", " two")
    assert len(encoding) == 2


@given(st.text(st.characters(exclude_categories=[])))
def test_replaced_texts_can_be_written_and_keep_their_places(text):
    readable = replace_surrogates(text)
    assert len(readable) == len(text)
    assert readable.encode().decode() == readable
    assert all(a == b or b == "\ufffd" for a, b in zip(text, readable, strict=True))
