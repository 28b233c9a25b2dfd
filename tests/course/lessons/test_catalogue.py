"""Cards of lessons. Alone: pytest tests/course/lessons/test_catalogue.py."""

import json

import pytest
import tiny_cards

from course.errors import CourseError
from course.lessons import catalogue
from course.lessons.catalogue import CARDS, Exercise, from_json, to_json


@pytest.fixture
def installed(tmp_path, monkeypatch):
    with tiny_cards.installed(tmp_path, monkeypatch):
        yield tmp_path / "cards"


@pytest.mark.parametrize("card", tiny_cards.tiny_cards(), ids=lambda card: card.name)
def test_card_survives_being_written(card):
    text = to_json(card)
    assert from_json(text) == card
    assert hash(from_json(text)) == hash(card)
    assert to_json(from_json(text)) == text


def test_every_shipped_card_is_in_the_form_that_is_written():
    paths = sorted(CARDS.glob("*.json"))
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert to_json(from_json(text)) == text
        assert from_json(text).name == path.stem


def test_card_holds_no_more_than_is_shown_to_learners():
    names = {*Exercise.__dataclass_fields__}
    assert names == {
        *("id", "title", "difficulty", "minutes", "points", "visible", "hidden")
    }


def test_text_of_other_languages_stays_legible():
    card = tiny_cards.make_card("03", (tiny_cards.make_question("03.q1", "Größe 大?"),))
    assert "Größe 大?" in to_json(card)


def test_card_with_an_unknown_field_is_refused():
    fields = json.loads(to_json(tiny_cards.tiny_cards()[0]))
    with pytest.raises(TypeError, match="colour"):
        from_json(json.dumps(fields | {"colour": "red"}))


@pytest.mark.usefixtures("installed")
def test_cards_come_in_the_order_of_the_lessons():
    assert list(catalogue.cards()) == ["01", "02"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["02", "02_topic"])
def test_card_by_number_and_by_name(name):
    assert catalogue.card(name).lesson == "02"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["", "2", "03", "02_other", "02.1", "020"])
def test_unknown_lesson(name):
    with pytest.raises(CourseError, match=r"Unknown lesson .* Known: 01, 02\."):
        catalogue.card(name)


@pytest.mark.parametrize("name", [2, None, 0.2, b"02", ["02"]])
def test_lesson_that_is_no_text(name):
    with pytest.raises(CourseError, match="in quotation marks was expected"):
        catalogue.card(name)


def test_without_any_card_none_is_known(installed):
    for path in installed.glob("*.json"):
        path.unlink()
    catalogue.cards.cache_clear()
    assert catalogue.cards() == {}
    with pytest.raises(CourseError, match="Known: none yet"):
        catalogue.card("01")
