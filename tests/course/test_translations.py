"""Run alone: pytest tests/course/test_translations.py."""

import re

import pytest

from course.errors import CourseError
from course.translations import LANGUAGES, load_translations, parallel, read_messages

FILE = r"""# a comment
msgid ""
msgstr "Language: xx\n"

#: where it stands
msgid "Yes"
msgstr "Ja"

#, fuzzy
msgid "Perhaps"
msgstr "Ja?"

msgctxt "month"
msgid "May"
msgstr "Mai"

msgid "%(count)d file"
msgid_plural "%(count)d files"
msgstr[0] "%(count)d Datei"
msgstr[1] "%(count)d Dateien"

#, python-format
msgid "Hello %s"
msgstr "Hallo %s"

msgid "Long "
"text with \"quotes\"."
msgstr ""
"Langer "
"Text mit „Zeichen“."

msgid "Empty"
msgstr ""

msgid "<b>Bold</b>"
msgstr "<b>Fett</b>"

#~ msgid "Old"
#~ msgstr "Alt"

msgid "No"
msgstr "Nein"
"""


def test_only_whole_and_certain_messages_are_read(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(FILE, encoding="utf-8")
    assert read_messages(path) == [
        ("Yes", "Ja"),
        ('Long text with "quotes".', "Langer Text mit „Zeichen“."),
        ("No", "Nein"),
    ]


def test_known_messages():
    assert dict(load_translations("pt_BR"))["Yes"] == "Sim"
    assert dict(load_translations("de"))["No"] == "Nein"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_hundreds_of_clean_messages(language):
    pairs = load_translations(language)
    assert len(pairs) > 400
    assert len({english for english, _ in pairs}) == len(pairs)
    for text in (text for pair in pairs for text in pair):
        assert text.strip() == text != ""
        assert not re.search(r"[{}<>\n]|%[(s]", text)


def test_parallel_messages_stand_side_by_side():
    messages = parallel()
    assert list(messages) == ["en", *LANGUAGES]
    assert len({len(texts) for texts in messages.values()}) == 1
    place = messages["en"].index("Yes")
    assert (messages["de"][place], messages["ru"][place]) == ("Ja", "Да")
    assert len(messages["en"]) > 300


def test_fewer_languages_share_more_messages():
    assert len(parallel(["de", "ja"])["en"]) > len(parallel()["en"])
    assert list(parallel("de")) == ["en", "de"]


def test_unknown_languages_are_refused():
    with pytest.raises(CourseError, match="Unknown language 'pt'"):
        load_translations("pt")
    with pytest.raises(CourseError, match="0 languages came"):
        parallel([])
