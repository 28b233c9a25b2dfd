"""Pictures of what was written. Alone: pytest tests/course/demo/test_written.py."""

import numpy as np
import pytest

from course import generation
from course.demo.messages import Say
from course.demo.writing import Settings, Writing, draw
from course.demo.written import describe, draw_step, draw_writing
from course.views.generation import draw_next_token

SAY = Say()


@pytest.fixture
def writing():
    settings = Settings(temperature=0)
    made = Writing("<b>Once", False, settings)
    for position, token in enumerate(generation.encode_prompt(" upon\n a")):
        logits = np.zeros(49_152, dtype=np.float32)
        logits[token] = 10
        made.steps.append(draw(logits, generation.token_texts(), settings, position))
    made.seconds, made.ended = 2.0, "length"
    return made


def test_a_growing_text_is_plain(writing):
    writing.ended = ""
    drawing = draw_writing(writing, SAY)
    assert "data-pick" not in drawing.picture
    assert "&lt;b&gt;Once</span><b> upon\n a</b>" in drawing.picture
    assert drawing.summary == "3 tokens in 2.0 s, 2 per second."


def test_tokens_of_a_finished_text_are_picks(writing):
    picture = draw_writing(writing, SAY, 2).picture
    assert picture.count("data-pick") == 3
    assert picture.count('aria-pressed="true"') == 1
    assert 'data-pick="2" aria-pressed="true" data-say="3: ␣a ' in picture
    assert ">⏎\n</span>" in picture


def test_a_sure_token_is_paler_than_a_doubtful_one(writing):
    logits = np.zeros(49_152, dtype=np.float32)
    texts = generation.token_texts()
    writing.steps[0] = draw(logits, texts, writing.settings, 0)
    picture = draw_writing(writing, SAY, 0).picture
    shades = [int(part[7:9], 16) for part in picture.split("background:")[1:]]
    assert shades[0] > shades[1] == shades[2]


def test_how_far_it_is_and_why_it_is_over(writing):
    assert "the length that was asked for" in describe(writing, SAY)
    writing.ended = "deadline"
    assert "It was ended after 30 s." in describe(writing, SAY)
    for writing.ended in ("stopped", "end_token"):
        assert SAY(f"generate.{writing.ended}") in describe(writing, SAY)
    writing.steps.clear()
    assert describe(writing, SAY) == "It was stopped." or writing.ended == "end_token"
    writing.ended = ""
    assert "first time it is loaded" in describe(writing, SAY)


def test_a_cut_prompt_is_said_to_be_cut(writing):
    assert "was cut" not in draw_writing(writing, SAY).picture
    writing.truncated = True
    assert "reads its last 256 tokens only" in draw_writing(writing, SAY).picture


def test_the_distribution_behind_a_token_has_nothing_to_drag(writing):
    own = draw_next_token(writing.steps[2].cut, "Once").picture
    assert "Drag" in own
    assert "Asked for" in own
    assert own.count("data-drag") == 2
    drawing = draw_step(writing, 2, SAY)
    for gone in ("Drag", "Asked for", "data-drag", "data-pick", "aria-label", "take "):
        assert gone not in drawing.picture
    assert "Drawn: <span" in drawing.picture
    assert "Behind token 3 of 3." in drawing.picture
    assert SAY("generate.greedy") in drawing.picture
    assert "&lt;b&gt;Once upon⏎" in drawing.picture
    assert drawing.picture.count("data-say") >= 12  # rows still tell about themselves
    assert drawing.table.count("<tr>") == 1 + 12 + 1


def test_words_of_the_prompt_stay(writing):
    writing.prompt = 'Asked for: <x data-pick="1"> Drag ▶ top_k'
    picture = draw_step(writing, 0, SAY).picture
    assert "Asked for: &lt;x data-pick=&quot;1&quot;&gt;" in picture
