"""The same short texts in twelve languages: messages of a web framework.

People translated Django's pages and error messages; each language has one file per part
of the framework, in gettext's form. Read here are only messages that are whole by
themselves: no placeholder, markup, plural form or context, and no translation that is
marked as in doubt. They are short and about one subject, so they tell little about
other text. Left out: writing such files, and everything else that gettext can do.

    #, python-format
    msgid "Enter a valid date."
    msgstr "Informe uma data válida."
"""

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from course.errors import CourseError, unknown_name

LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "hi": "Hindi",
    "ja": "Japanese",
    "ko": "Korean",
    "pt_BR": "Portuguese of Brazil",
    "ru": "Russian",
    "th": "Thai",
    "zh_Hans": "Chinese, simplified",
}
"""Languages that there are translations into, by the name of their folder."""

_PLACEHOLDER = re.compile(r"%[(a-zA-Z0-9%]|[{}<>]|&\w+;|\n")


def load_translations(language: str) -> list[tuple[str, str]]:
    """Load the messages that one language has.

    Args:
        language: A key of `LANGUAGES`.

    Returns:
        English and its translation, in the order of the files; an English message that
        comes twice is kept once, with its first translation.

    Raises:
        CourseError: If the language is unknown, or the files cannot be fetched.
    """
    if language not in LANGUAGES:
        raise unknown_name("language", language, LANGUAGES)
    return list(_translations(language).items())


@cache
def _translations(language: str) -> dict[str, str]:
    from course import assets

    folder = assets.path("django-translations")
    found: dict[str, str] = {}
    for file in sorted(folder.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
        for english, translated in read_messages(file):
            found.setdefault(english, translated)
    return found


def parallel(languages: Iterable[str] = tuple(LANGUAGES)) -> dict[str, list[str]]:
    """Load the messages that all of some languages have.

    Args:
        languages: Keys of `LANGUAGES`, at least one; default all.

    Returns:
        Messages by language, English ("en") first; those of one place in the lists mean
        the same.

    Raises:
        CourseError: As `load_translations`, or if no language is named.
    """
    if isinstance(languages, str):
        languages = [languages]
    columns = {name: dict(load_translations(name)) for name in languages}
    if not columns:
        raise CourseError("0 languages came, at least 1 is needed: name one.")
    first = next(iter(columns.values()))
    shared = [text for text in first if all(text in c for c in columns.values())]
    return {"en": shared} | {
        name: [column[text] for text in shared] for name, column in columns.items()
    }


def read_messages(path: Path) -> list[tuple[str, str]]:
    """Read the simple messages of one file in gettext's form.

    Args:
        path: A `.po` file in UTF-8.

    Returns:
        Message and translation, in order.
    """
    messages = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        fields = _fields(block.splitlines())
        message, translation = fields.get("msgid"), fields.get("msgstr")
        # Plural forms have msgstr[0] instead; context means that English is ambiguous.
        if not message or not translation or "msgctxt" in fields:
            continue
        message, translation = message.strip(), translation.strip()
        if _PLACEHOLDER.search(message) or _PLACEHOLDER.search(translation):
            continue
        messages.append((message, translation))
    return messages


def _fields(lines: Sequence[str]) -> dict[str, str]:
    """The strings of one entry by keyword; none of an entry that is in doubt."""
    fields: dict[str, str] = {}
    keyword = None
    for line in lines:
        if line.startswith("#,") and "fuzzy" in line:
            return {}
        if line.startswith("#"):
            continue
        keyword_line = re.match(r"(\S+) (\".*\")\s*$", line)
        if keyword_line:
            keyword = keyword_line[1]
            fields[keyword] = _unquoted(keyword_line[2])
        elif keyword and line.startswith('"'):  # a long string goes on
            fields[keyword] += _unquoted(line.rstrip())
    return fields


def _unquoted(text: str) -> str:
    """What a quoted string stands for; its escapes are those of JSON."""
    return json.loads(text, strict=False)
