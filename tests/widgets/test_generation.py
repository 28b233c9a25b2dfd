"""Cut, take and branch. Alone: pytest tests/widgets/test_generation.py."""

import time

import ipywidgets
import pytest
import traitlets
import view_page

from course import generation
from course.errors import CourseError
from widgets.generation import NextTokenLab

PROMPT = "The capital of Germany is"


@pytest.fixture(autouse=True)
def headless(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")


@pytest.fixture
def lab():
    return NextTokenLab(PROMPT)


def token(text):
    return generation.word_tokens(text)[0]


def again(lab):
    """A lab made by the code of another one."""
    names = {}
    exec(lab.as_code().replace("NextTokenLab(", "made = NextTokenLab(", 1), names)
    return names["made"]


def control(lab, description):
    found = [c for c in lab.children[0].children if c.description == description]
    assert len(found) == 1
    return found[0]


def test_it_shows_something_at_once_and_says_that_the_model_loads(monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS")
    monkeypatch.setattr(NextTokenLab, "_begin", lambda self: None)  # never ends
    lab = NextTokenLab()
    assert lab.summary.startswith("SmolLM2 is loading")
    assert "␣wise" in lab.view.picture
    other = NextTokenLab(PROMPT, chosen=[token(" Berlin")])
    assert "is reading" in other.summary
    assert "␣Berlin" in other.view.picture


def test_work_beside_the_notebook_is_drawn_when_it_is_done(monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS")
    generation.load_language_model()
    lab = NextTokenLab(PROMPT)
    assert lab.wait(60)
    assert lab.distribution[0][0] == " Berlin"
    lab.take_likeliest()
    lab.wait(60)
    lab.redraw()
    assert "after 1 taken" in lab.summary


def test_distribution_is_what_the_cuts_leave(lab):
    lab.top_k = 5
    lab.temperature = 0.5
    kept = lab.distribution
    assert len(kept) == 5
    assert kept[0][0] == " Berlin"
    assert sum(chance for _, chance in kept) == pytest.approx(1)
    lab.top_p = 0.0
    assert lab.distribution == [(" Berlin", 1.0)]
    assert "1 of 49,152 tokens stay" in lab.summary


def test_taking_and_branching(lab):
    lab.take_likeliest()
    assert lab.text == f"{PROMPT} Berlin"
    ((taken, chance),) = lab.path
    assert taken == " Berlin"
    assert 0 < chance < 1
    assert lab.branches == ()
    lab.take_likeliest()
    two = lab.chosen
    lab.on_pick("back:0")
    assert (lab.chosen, lab.branches) == ((), (two,))
    lab.on_pick("take:1")
    assert len(lab.branches) == 2
    assert "Your branches" in lab.view.picture
    lab.on_pick("go:0")
    assert lab.chosen == two
    assert len(lab.branches) == 2


def test_a_late_pick_is_not_heard(lab):
    lab.on_pick("take:99")
    lab.on_pick("go:3")
    assert lab.chosen == ()


def test_sample_repeats_with_its_seed(lab):
    lab.temperature = 2.0
    texts = []
    for seed in (1, 1, 2):
        lab.chosen, lab.seed = (), seed
        for _ in range(3):
            lab.sample()
        texts.append(lab.text)
    assert texts[0] == texts[1] != texts[2]


def test_a_token_that_is_cut_is_never_drawn(lab):
    lab.top_k = 1
    for seed in range(5):
        lab.chosen, lab.seed = (), seed
        lab.sample()
        assert lab.text.endswith(" Berlin")


def test_back_keeps_the_branch(lab):
    lab.take(token(" Paris"))
    lab.back()
    lab.back()
    assert lab.chosen == ()
    assert lab.branches == ((token(" Paris"),),)


def test_another_prompt_begins_anew(lab):
    lab.take_likeliest()
    lab.back()
    lab.take(token(" Paris"))
    lab.prompt = "Two and two is"
    assert (lab.chosen, lab.branches) == ((), ())
    assert "Two and two is" in lab.view.picture
    assert lab.path == []


def test_a_token_of_ones_own(lab):
    lab.asked = "Paris"
    assert "␣Paris has" in lab.summary
    assert "rank" in lab.summary
    lab.on_pick("asked:1")
    assert lab.text.endswith(" Paris")


def test_drags_move_the_cuts(lab):
    lab.on_drag("top_p", 0.834)
    assert lab.top_p == 0.83
    lab.on_drag("top_k", 0.75)
    assert lab.top_k == 5
    lab.on_drag("top_k", 1.0)
    assert lab.top_k == 1
    lab.on_drag("top_k", 0.0)
    assert lab.top_k == 0


def test_controls_in_the_order_of_the_tab_key_and_linked(lab):
    names = [c.description for c in lab.children[0].children]
    assert names == [
        *("Prompt", "Temperature", "top_k (0: off)", "top_p", "Seed"),
        *("Sample one", "Greedy", "Back", "Your token"),
    ]
    control(lab, "Temperature").value = 0.5
    assert lab.temperature == 0.5
    lab.top_p = 0.9
    assert control(lab, "top_p").value == 0.9
    control(lab, "Greedy").click()
    assert len(lab.chosen) == 1
    control(lab, "Sample one").click()
    control(lab, "Back").click()
    assert len(lab.chosen) == 1
    sliders = [c for c in lab.children[0].children if hasattr(c, "continuous_update")]
    assert not any(
        c.continuous_update for c in sliders if not isinstance(c, ipywidgets.Button)
    )


def test_code_makes_the_same_lab(lab):
    assert NextTokenLab().as_code().endswith("NextTokenLab()")
    lab.take_likeliest()
    lab.take_likeliest()
    lab.on_pick("back:1")
    lab.on_pick("take:2")
    lab.temperature, lab.top_k, lab.top_p, lab.seed = 0.8, 30, 0.9, 7
    lab.asked = "the"
    made = again(lab)
    assert all(getattr(made, name) == getattr(lab, name) for name in lab.state)
    assert made.view.picture == lab.view.picture
    assert made.summary == lab.summary


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("temperature", 0, "temperature is 0: take the likeliest with Greedy"),
        ("temperature", 9.0, "temperature is 9.0; a number from 0.05 to 5"),
        ("top_k", -1, "top_k is -1; a number from 0 to 100"),
        ("top_p", 1.5, "top_p is 1.5; a number from 0 to 1"),
        ("seed", -1, "seed is -1"),
        ("chosen", (49_152,), "Token 49152 came"),
        ("chosen", ("a",), "chosen has 'a'; numbers of tokens"),
        ("branches", ((1, -5),), "Token -5 came"),
        ("branches", (1.5,), "branches"),
    ],
)
def test_bad_values_are_one_line(lab, name, value, message):
    with pytest.raises(traitlets.TraitError, match=message) as caught:
        setattr(lab, name, value)
    assert "\n" not in str(caught.value)
    if value != (1.5,):
        with pytest.raises(CourseError, match=message):
            NextTokenLab(**{name: value})


def test_no_prompt_and_a_very_long_one_are_told_in_the_pictures_place(lab):
    lab.prompt = ""
    assert lab.summary == "There is no prompt: type at least one character."
    with pytest.raises(CourseError, match="There is no prompt"):
        _ = lab.distribution
    control(lab, "Greedy").click()
    assert lab.summary == "There is no prompt: type at least one character."
    lab.prompt = "word " * 600
    assert "at most 512 are read" in lab.summary
    lab.prompt = PROMPT
    assert "entropy" in lab.summary


def test_hostile_text_stays_text(lab):
    lab.prompt = "<script>alert(1)</script>\ud83d"
    lab.asked = "<b>\ud83d"
    assert "<script" not in lab.view.picture
    assert "<script" not in lab.view.table
    lab.view.picture.encode("utf-8")


def test_static_html_where_no_kernel_is(lab):
    bundle = lab._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "␣Berlin" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]


def test_moving_a_cut_is_quick(lab):
    """About 15 ms on one core of 2024; the band is for a busy machine."""
    seconds = []
    for number in range(20):
        start = time.thread_time()
        lab.top_p = 0.5 + number / 50
        seconds.append(time.thread_time() - start)
    assert sorted(seconds)[-2] < 0.3


def test_keys_and_pointer(lab, browser, tmp_path):
    lab.top_p, lab.top_k = 0.5, 10
    page = view_page.open_page(browser, lab.view, tmp_path / "page.html", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # One stop for the rows, then the two handles.
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert view_page.told(page)[-1][1]["name"] == "take:1"
    page.get_by_role("slider", name="top_p").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("told.at(-1)[0] == 'dragged'")
    assert view_page.told(page)[-1][1] == {"name": "top_p", "value": 0.51}
    page.get_by_role("slider", name="top_k, 0 is off").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("told.at(-1)[1].name == 'top_k'")
    value = view_page.told(page)[-1][1]["value"]
    lab.on_drag("top_k", value)
    assert lab.top_k == 9  # one key, one row
    handle = page.get_by_role("slider", name="top_p").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 15, y)
    page.mouse.up()
    page.wait_for_function("told.at(-1)[1].name == 'top_p'")
    assert view_page.told(page)[-1][1]["value"] > 0.6
    # After a token was taken, the keys stay where they were.
    page.get_by_role("button", name="take ␣Berlin").focus()
    lab.on_pick("take:0")
    page.evaluate("text => change('picture', text)", lab.view.picture)
    assert page.evaluate("document.activeElement.dataset.pick") == "take:0"
    page.close()
