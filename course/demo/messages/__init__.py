"""What the demo says, in the language that it was started in.

One file for each page and language: `en/classify.json`, `de/classify.json`. English is
complete; another language says everything or is not offered (tests hold both). What the
kit itself raises stays English, as do names of models, labels and metrics. Left out:
which language (`course.demo.options`).
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from course.errors import unknown_name

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "English", "de": "Deutsch"}
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def catalog(language: str) -> dict[str, str]:
    """Return all that a language says: "page.name" -> text.

    Args:
        language: One of `LANGUAGES`.

    Raises:
        CourseError: If there is no such language.

    Example:
        >>> catalog("en")["classify.button"], catalog("de")["classify.button"]
        ('Classify', 'Einordnen')
    """
    if language not in LANGUAGES:
        raise unknown_name("language", language, LANGUAGES)
    return {
        f"{path.stem}.{name}": text
        for path in sorted((FOLDER / language).glob("*.json"))
        for name, text in json.loads(path.read_text(encoding="utf-8")).items()
    }


class Say:
    """Says a text of the catalog, with values in its places.

    Args:
        language: One of `LANGUAGES`.

    Example:
        >>> Say("en")("classify.truncated", tokens=64)
        'The text was cut: the model read its first 64 tokens only.'
    """

    def __init__(self, language: str = "en") -> None:
        """Choose the language."""
        self.language = language
        self._texts = catalog(language)

    def __call__(self, name: str, **values: Any) -> str:
        """Return a text; not escaped.

        Args:
            name: As "page.name".
            **values: For the places in the text, such as {tokens}; each is used.

        Raises:
            KeyError: If there is no such text, or a place has no value: our own fault.
        """
        text = self._texts[name]
        left = set(values) - set(_PLACE.findall(text))
        if left:
            raise KeyError(f"{name} has no place for {sorted(left)}")
        # Not str.format, which would follow attributes and indices.
        return _PLACE.sub(lambda place: str(values[place[1]]), text)
