"""Pictures of merges. Alone: pytest tests/course/views/test_bpe.py."""

import re

import pytest
from html_reader import Reader

from course.tokenization.steps import learn_merges
from course.views.bpe import MOST_DRAWN, Guesses, draw_merges
from course.views.bpe_parts import draw_curve, draw_replay, say

TEXT = " low" * 5 + " lower" * 2 + " newest" * 6 + " widest" * 3
MERGES = learn_merges(TEXT, 10)
EVIL = '<script>alert("x")</script> & \' \ud800\x00\x1b\u202eabc <script>' * 3
CHIPS = re.compile(
    r'<span data-link="([p\d ]*)" style="display:inline-block[^>]*>([^<]*)'
)


def picks(drawing):
    found = re.findall(
        r'data-pick="(\d+)" data-link="p(\d+)" data-say="([^"]*)"', drawing
    )
    assert all(pick == link for pick, link, _ in found)
    return [said for _, _, said in found]


def bars(picture):
    return re.findall(r'<div data-link="p\d+" data-say="([^"]*)"', picture)


def test_the_text_stands_as_its_symbols():
    for step in (0, 2, 10):
        chips = CHIPS.findall(draw_merges(MERGES, step).picture)
        assert "".join(symbol for _, symbol in chips) == TEXT.replace(" ", "␣")
        assert len(chips) == MERGES.sizes[step]


def test_the_newest_symbol_is_underlined():
    picture = draw_merges(MERGES, 1).picture
    assert picture.count("text-decoration:underline") == 9
    assert "underline" not in draw_merges(MERGES, 0).picture


def test_a_pair_lights_exactly_its_places():
    drawing = draw_merges(MERGES, 0)
    chips = CHIPS.findall(drawing.picture)
    for number, pair in enumerate(MERGES.candidates(0)):
        lit = "".join(s for link, s in chips if f"p{number}" in link.split())
        assert lit == "".join(pair).replace(" ", "␣") * MERGES.counts[0][pair]


def test_the_next_pair_is_hidden_in_picture_sentence_and_table():
    drawing = draw_merges(MERGES, 0)
    assert picks(drawing.picture) == [say(p) for p in MERGES.candidates(0)]
    assert bars(drawing.picture) == []
    # No number betrays it: the counts are 16, 9, 8 and so on.
    assert not re.search(r"\b9\b", drawing.table.split("</table>")[0])
    assert "★" not in drawing.html()
    assert ">next<" not in drawing.table
    assert drawing.table.count("<td>hidden</td>") == 8
    assert drawing.summary == (
        "After 0 of 10 merges: 95 characters in 95 symbols, 1.00 characters each; "
        "which pair is merged next?"
    )


def test_a_known_pair_has_a_star_and_all_have_counts():
    drawing = draw_merges(MERGES, 0, Guesses(seen=1))
    assert picks(drawing.picture) == []
    assert bars(drawing.picture)[0] == "e + s: 9, ★ next"
    counts = [int(re.search(r": (\d+)", bar)[1]) for bar in bars(drawing.picture)]
    assert counts == sorted(counts, reverse=True)
    assert "width:100.0%" in drawing.picture
    assert drawing.summary.endswith("each; next is e + s (9).")
    assert '<th scope="row">next</th><td>e + s</td><td>9</td>' in drawing.table


@pytest.mark.parametrize(
    ("pair", "score", "said"),
    [
        (("e", "s"), 1, "✓ right, next is e + s (9); 1 of 1 prediction right."),
        (("s", "t"), 0, "✗ not s + t (just as common, but later in order), next is"),
        (("l", "o"), 0, "✗ not l + o (7 times), next is e + s (9); 0 of 1"),
        (("z", "z"), 0, "✗ not z + z (0 times), next"),
    ],
)
def test_a_guess_is_judged(pair, score, said):
    drawing = draw_merges(MERGES, 0, Guesses({0: pair}, 1, score))
    assert said in drawing.summary
    marked = [bar for bar in bars(drawing.picture) if "your guess" in bar]
    assert [bar.split(":")[0] for bar in marked] == [say(pair)] * (pair != ("z", "z"))


def test_the_table_lists_the_merges_done_and_every_size():
    table = draw_merges(MERGES, 2).table
    assert re.findall(r">merge (\d+)</th><td>([^<]*)</td><td>(\d+)<", table) == [
        ("1", "e + s", "9"),
        ("2", "es + t", "9"),
    ]
    last = table.split("<table>")[-1]
    sizes = re.findall(r'<th scope="row">(\d+)</th><td>(\d+)</td>', last)
    assert sizes == [(str(i), str(n)) for i, n in enumerate(MERGES.sizes)]


def test_the_end():
    merges = learn_merges("abab", 9)
    drawing = draw_merges(merges, len(merges.pairs))
    assert "there is nothing left to merge" in drawing.picture
    assert drawing.summary == (
        "After 2 of 2 merges: 4 characters in 1 symbol, 4.00 characters each."
    )


def test_a_limit_of_merges_is_an_end_with_pairs():
    drawing = draw_merges(MERGES, 10)
    assert picks(drawing.picture) == []
    assert "★" not in drawing.picture
    assert bars(drawing.picture)


@pytest.mark.parametrize("text", ["", "a", "."])
def test_texts_with_nothing_to_merge(text):
    drawing = draw_merges(learn_merges(text, 5), 0)
    assert drawing.picture
    assert drawing.summary.endswith(".")
    Reader(drawing.html())


def test_the_curve_is_a_handle_along_the_steps():
    curve = draw_curve(MERGES, 5)
    assert 'data-value="0.5000" data-step="0.1000"' in curve
    assert 'data-text="5 of 10, ' in curve
    points = re.search(r'polyline points="([^"]*)"', curve)[1].split()
    assert len(points) == 11
    heights = [float(point.split(",")[1]) for point in points]
    assert heights == sorted(heights, reverse=True)  # more characters per symbol


def test_a_word_is_replayed_merge_by_merge():
    page = draw_replay(MERGES, 2, "best")
    notes = re.findall(r"<small>([^<]*)</small>", page)
    assert notes == ["its characters", "merge 1: e + s", "merge 2: es + t"]
    assert "“best” with 2 merges: 2 symbols" in page
    assert draw_replay(MERGES, 2, "") == ""


def test_a_long_text_is_drawn_in_part():
    merges = learn_merges("word " * 300, 3)
    picture = draw_merges(merges, 0).picture
    assert 0 < len(CHIPS.findall(picture)) <= MOST_DRAWN
    assert "more characters" in picture
    # One word longer than all that is drawn.
    picture = draw_merges(learn_merges("x" * 2000, 3), 0).picture
    assert len(CHIPS.findall(picture)) == MOST_DRAWN
    assert "… and 1,500 more characters" in picture


@pytest.mark.parametrize("step", [0, 4])
def test_evil_text_becomes_harmless(step):
    merges = learn_merges(EVIL, 10)
    guesses = Guesses({step: ("<b>", '"')}, step + 1)
    for known in (None, guesses):
        page = draw_merges(merges, step, known, EVIL).html()
        reader = Reader(page)
        assert "script" not in reader.tags
        assert not any(name.startswith("on") for name, _ in reader.attributes)
        assert not {"\x00", "\x1b", "\u202e"} & set(page)
        page.encode()
