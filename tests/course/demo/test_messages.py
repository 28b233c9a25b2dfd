"""Words, in every language. Alone: pytest tests/course/demo/test_messages.py."""

import ast
import re
from pathlib import Path

import pytest

import course.demo
from course.demo.messages import LANGUAGES, Say, catalog
from course.errors import CourseError

FOLDER = Path(course.demo.__file__).parent
SOURCES = sorted(FOLDER.glob("*.py"))
PLACE = re.compile(r"\{(\w+)\}")
# What a visitor reads as it stands: of these calls, the first argument and the names.
SHOWN = {"Button", "HTML", "Markdown", "Tab", "Accordion", "Textbox", "Info", "Warning"}
NAMED = {"label", "info", "placeholder", "value"}


def trees():
    for path in SOURCES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def keys_in(node):
    """The keys, as patterns, that an argument of `say` may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [re.escape(node.value)]
    if isinstance(node, ast.JoinedStr):
        parts = [
            re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+"
            for part in node.values
        ]
        return ["".join(parts)]
    if isinstance(node, ast.IfExp):
        return keys_in(node.body) + keys_in(node.orelse)
    return []


def is_say(node):
    called = node.func
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    return name == "say"


def asked():
    """Path, line and pattern of every key that the sources ask for."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and is_say(node) and node.args:
                for pattern in keys_in(node.args[0]):
                    yield path.name, node.lineno, pattern


def test_every_language_says_the_same_things():
    english = catalog("en")
    for language in LANGUAGES:
        assert catalog(language).keys() == english.keys(), language


def test_every_language_has_the_same_places():
    for key, text in catalog("en").items():
        for language in LANGUAGES:
            said = catalog(language)[key]
            assert sorted(PLACE.findall(said)) == sorted(PLACE.findall(text)), key
            assert said.strip() == said != "", key


def test_every_key_that_is_asked_for_exists():
    found = list(asked())
    assert len(found) > 50
    missing = [
        place
        for place in found
        if not any(re.fullmatch(place[2], key) for key in catalog("en"))
    ]
    assert missing == []


def test_no_text_is_left_over():
    patterns = {pattern for _, _, pattern in asked()}
    constants = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = [
        key
        for key in catalog("en")
        if key not in constants
        and not any(re.fullmatch(pattern, key) for pattern in patterns)
    ]
    assert unused == []


def sentences(node):
    """Text with a letter in it that stands in the source, without its markup."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and is_say(part):
            return
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            words = re.sub(r"<[^>]*>|&\w+;", "", part.value)
            if re.search(r"[^\W\d_]{2}", words) and not re.search(r"[<>=]", words):
                yield words


def test_no_sentence_stands_in_the_source():
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(
                node.func, ast.Attribute
            ):
                continue
            if (
                getattr(node.func.value, "id", "") != "gr"
                or node.func.attr not in SHOWN
            ):
                continue
            shown = [*node.args[:1]]
            shown += [word.value for word in node.keywords if word.arg in NAMED]
            shown = [
                part for part in shown if isinstance(part, ast.Constant | ast.JoinedStr)
            ]
            for part in shown:
                found += [(path.name, node.lineno, text) for text in sentences(part)]
    assert found == []


def test_places_are_filled_and_nothing_else_is():
    say = Say("de")
    line = say("classify.truncated", tokens="{0.__class__} {tokens}")
    assert "{0.__class__} {tokens}" in line
    with pytest.raises(KeyError, match="no place for"):
        say("classify.truncated", tokens=1, other=2)
    with pytest.raises(KeyError, match="tokens"):
        say("classify.truncated")
    with pytest.raises(KeyError, match=r"classify\.nothing"):
        say("classify.nothing")


def test_another_language_is_refused():
    with pytest.raises(CourseError, match="Unknown language 'fr'"):
        Say("fr")
