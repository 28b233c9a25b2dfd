"""Kinds of traits. Alone: pytest tests/widgets/test_traits.py."""

import pytest
import traitlets

from widgets.traits import Summary, Text


class Note(traitlets.HasTraits):
    text = Text("")
    summary = Summary("", read_only=True)

    def __init__(self, **kwargs):
        self._due, self.drawings = None, 0
        super().__init__(**kwargs)

    def redraw(self):
        self._due = None
        self.drawings += 1
        self.set_trait("summary", f"{len(self.text)} characters.")


@pytest.mark.parametrize("text", ["", "naïve", "👩\u200d🚀", "\x00\u202e"])
def test_a_text_is_kept(text):
    assert Note(text=text).text == text


def test_halves_of_characters_are_replaced():
    assert Note(text="a\ud83db\udfff").text == "a\ufffdb\ufffd"


def test_other_values_are_refused():
    with pytest.raises(traitlets.TraitError, match="expected a unicode string"):
        Note(text=None)


def test_reading_a_sentence_draws_what_is_due_once():
    note = Note(text="abc")
    assert (note.summary, note.drawings) == ("", 0)
    note._due = object()
    assert (note.summary, note.summary, note.drawings) == (
        "3 characters.",
        "3 characters.",
        1,
    )


def test_a_sentence_is_not_set_from_outside():
    with pytest.raises(traitlets.TraitError, match="read-only"):
        Note().summary = "x"
