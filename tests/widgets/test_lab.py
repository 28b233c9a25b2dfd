"""What all labs share. Alone: pytest tests/widgets/test_lab.py."""

import asyncio
import threading
import time

import ipywidgets
import pytest
import traitlets

from course.errors import CourseError
from course.views.drawing import Drawing
from widgets.lab import SHORTEST_PAUSE, Lab, headless
from widgets.traits import Text


class Doubler(Lab):
    """Draws twice a number, counts its drawings, and can be made to fail."""

    state = ("number", "name", "many")
    number = traitlets.Int(1, min=0, max=1000)
    name = Text("twice")
    many = traitlets.List(traitlets.Int(), [1])
    problem = None

    def __init__(self, number=1, **kwargs):
        self.drawings = []
        slider = ipywidgets.IntSlider(description="Number", max=1000)
        super().__init__([slider], number=number, **kwargs)
        self.link("number", slider)

    def draw(self):
        self.drawings.append(self.number)
        if self.problem is not None:
            raise self.problem
        return Drawing(f"<b>{2 * self.number}</b>", f"It is {2 * self.number}.", "<i>")

    def on_pick(self, name):
        self.number = int(name)

    def on_drag(self, name, value):
        self.number = round(1000 * value)


def run(code):
    """The lab that a cell shows."""
    code = code.replace("from test_lab import Doubler", "")
    *lines, last = code.strip().splitlines()
    space = {"Doubler": Doubler}
    exec("\n".join(lines), space)
    return eval(last, space)


def html(lab):
    bundle = lab._repr_mimebundle_()
    return (bundle[0] if isinstance(bundle, tuple) else bundle)["text/html"]


# --- State --------------------------------------------------------------------------


def test_it_begins_with_a_picture():
    lab = Doubler(21)
    assert lab.drawings == [21]
    assert (lab.view.picture, lab.summary, repr(lab)) == (
        "<b>42</b>",
        "It is 42.",
        "It is 42.",
    )
    assert lab.children[-1] is lab.view
    assert lab.children[0].children[0].description == "Number"


def test_no_controls_no_row():
    class Bare(Lab):
        def draw(self):
            return Drawing("", "Bare.")

    lab = Bare([])
    assert lab.children == (lab.view,)


def test_a_trait_draws_anew_and_a_control_follows():
    lab = Doubler()
    lab.number = 5
    assert lab.children[0].children[0].value == 5
    assert (lab.view.picture, lab.summary) == ("<b>10</b>", "It is 10.")
    lab.children[0].children[0].value = 6
    assert lab.summary == "It is 12."


def test_the_sentence_cannot_be_set():
    with pytest.raises(traitlets.TraitError):
        Doubler().summary = "No."


@pytest.mark.parametrize("state", [{}, {"number": 7}, {"name": "a'\n<b>", "many": []}])
def test_the_code_makes_the_same_lab(state):
    lab = Doubler(**state)
    code = lab.as_code()
    assert lab.view.code == code
    again = run(code)
    assert [getattr(again, n) for n in lab.state] == [
        getattr(lab, n) for n in lab.state
    ]
    assert again.as_code() == code


def test_the_code_follows_the_state_and_leaves_defaults_out():
    lab = Doubler()
    assert lab.as_code().endswith("\n\nDoubler()")
    lab.number = 3
    assert lab.view.code.endswith("\n\nDoubler(number=3)")


@pytest.mark.parametrize("value", [-1, 1001, "3", 1.5])
def test_a_bad_value_leaves_the_state(value):
    lab = Doubler(4)
    with pytest.raises(traitlets.TraitError) as caught:
        lab.number = value
    assert "\n" not in str(caught.value)
    assert (lab.number, lab.summary, lab.drawings) == (4, "It is 8.", [4])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"number": -1}, "'number' .* should not be less than 0"),
        ({"many": ["x"]}, "'many'"),
        ({"numbr": 1}, "Unknown argument 'numbr'. Did you mean 'number'?"),
    ],
)
def test_a_bad_argument_is_one_line(arguments, message):
    with pytest.raises(CourseError, match=message) as caught:
        Doubler(**arguments)
    assert "\n" not in str(caught.value)


def test_options_of_the_box_pass():
    assert Doubler(layout={"width": "50%"}).layout.width == "50%"


def test_what_is_typed_can_be_sent():
    lab = Doubler()
    lab.name = "a\ud83d"
    assert lab.name == "a\ufffd"
    with pytest.raises(traitlets.TraitError):
        lab.name = 3


def test_a_control_goes_back_where_the_trait_refuses():
    lab = Doubler(4)
    slider = lab.children[0].children[0]
    slider.max = 5000
    slider.value = 2000
    assert (lab.number, slider.value) == (4, 4)
    assert "should not be greater than 1000" in lab.summary
    slider.value = 5
    assert lab.summary == "It is 10."


def test_what_a_control_cannot_show_stays_the_state():
    lab = Doubler(4)
    slider = lab.children[0].children[0]
    slider.max = 10
    lab.number = 500
    assert (lab.number, slider.value) == (500, 10)


def test_a_control_may_have_values_of_its_own():
    lab = Doubler(4, many=[2])
    box = ipywidgets.SelectMultiple(options=[1, 2, 3])
    lab.link("many", box, tuple, list)
    assert box.value == (2,)
    box.value = (1, 3)
    assert lab.many == [1, 3]
    lab.many = [3]
    assert box.value == (3,)


# --- Picks and drags ----------------------------------------------------------------


def test_a_pick_and_a_drag_change_the_state():
    lab = Doubler()
    lab.view.picked = {"name": "8", "count": 1}
    assert lab.summary == "It is 16."
    lab.view.dragged = {"name": "handle", "value": 0.25}
    assert lab.summary == "It is 500."
    lab.view.dragged = {"name": "handle", "value": 7}
    assert lab.number == 1000
    lab.view.dragged, lab.view.picked = {}, {}
    assert lab.number == 1000


def test_a_pick_that_cannot_be_is_one_line_and_leaves_the_state():
    lab = Doubler(4)
    lab.view.picked = {"name": "5000", "count": 1}  # beyond the trait's range
    assert lab.number == 4
    assert "should not be greater than 1000" in lab.summary
    assert lab.summary.count("\n") == 0
    assert lab.view.picture.startswith("<p>⚠ ")
    assert lab.view.picture.endswith("<b>8</b>")  # the state is as it was
    lab.view.picked = {"name": "6000", "count": 2}
    assert lab.view.picture.count("⚠") == 1
    lab.number = 5
    assert lab.summary == "It is 10."


def test_a_mistake_of_the_kit_in_a_pick_is_told_and_logged(caplog):
    lab = Doubler(4)
    lab.view.picked = {"name": "no number", "count": 1}
    assert lab.summary == (
        "This is a fault of the kit (ValueError), not yours: its log holds the "
        "traceback."
    )
    assert "invalid literal" in caplog.text


# --- Drawing that fails -------------------------------------------------------------


def test_a_learners_mistake_stands_in_the_pictures_place(caplog):
    lab = Doubler()
    lab.problem = CourseError("<b> came: type words.")
    lab.number = 2
    assert lab.view.picture == "<p>⚠ &lt;b&gt; came: type words.</p>"
    assert lab.summary == "<b> came: type words."
    assert lab.view.table == ""
    assert caplog.text == ""
    lab.problem = None
    lab.number = 3
    assert lab.summary == "It is 6."


def test_a_mistake_of_the_kit_is_one_line_and_its_traceback_in_the_log(caplog):
    lab = Doubler()
    lab.problem = KeyError("secret")
    lab.number = 2
    assert "fault of the kit (KeyError)" in lab.view.picture
    assert "secret" not in lab.view.picture
    assert "Traceback" in caplog.text
    assert "secret" in caplog.text
    assert lab.number == 2
    assert lab.view.code.endswith("Doubler(number=2)")


def test_a_mistake_at_the_beginning_is_raised():
    class Broken(Doubler):
        problem = KeyError("secret")

    with pytest.raises(KeyError, match="secret"):
        Broken()
    Broken.problem = CourseError("Type words.")
    assert Broken().summary == "Type words."


def test_headless_a_mistake_of_the_kit_is_raised(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    assert headless()
    lab = Doubler()
    lab.problem = KeyError("secret")
    with pytest.raises(KeyError):
        lab.number = 2


# --- How often it draws -------------------------------------------------------------


def test_without_a_loop_each_change_is_drawn():
    lab = Doubler(0)
    for number in range(1, 20):
        lab.number = number
    assert lab.drawings == list(range(20))


def test_in_a_loop_it_draws_at_most_ten_times_a_second_and_the_last():
    async def change():
        lab = Doubler(0)
        start = time.monotonic()
        while time.monotonic() < start + 0.45:
            lab.number += 1
            await asyncio.sleep(0.005)
        count = len(lab.drawings)
        await asyncio.sleep(2 * SHORTEST_PAUSE)
        return lab, count

    lab, count = asyncio.run(change())
    assert 2 <= count <= 6
    assert lab.view.picture == f"<b>{2 * lab.number}</b>"
    assert lab.drawings[-1] == lab.number > 10


def test_a_cell_reads_what_is_due():
    async def cell():
        lab = Doubler(0)
        for number in range(1, 9):
            lab.number = number
        assert lab.view.picture == "<b>0</b>"  # the page hears of it after the cell
        seen = lab.summary, repr(lab)
        lab.number = 9
        return lab, seen, html(lab)

    lab, seen, static = asyncio.run(cell())
    assert seen == ("It is 16.", "It is 16.")
    assert "<b>18</b>" in static
    assert lab.drawings == [0, 8, 9]


def test_from_a_thread_it_draws_at_most_ten_times_a_second_and_the_last():
    lab = Doubler(0)

    def work():
        for _ in range(90):
            lab.number += 1
            time.sleep(0.005)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    count = len(lab.drawings)
    time.sleep(3 * SHORTEST_PAUSE)
    assert 2 <= count <= 16  # a busy machine sleeps longer
    assert lab.view.picture == "<b>180</b>"
    assert lab.drawings[-1] == 90


def test_a_change_during_a_drawing_is_drawn():
    class Slow(Lab):  # no control: a link bears no change in the middle of another
        state = ("number",)
        number = traitlets.Int(0)

        def draw(self):
            drawing = Drawing(f"<b>{2 * self.number}</b>", "")
            if threading.current_thread() is not threading.main_thread():
                drawing_now.set()
                go_on.wait(5)
            return drawing

    drawing_now, go_on = threading.Event(), threading.Event()
    lab = Slow([])
    time.sleep(SHORTEST_PAUSE)
    thread = threading.Thread(target=lambda: lab.set_trait("number", 1))
    thread.start()
    assert drawing_now.wait(5)
    second = threading.Thread(target=lambda: lab.set_trait("number", 2))
    second.start()
    go_on.set()
    thread.join()
    second.join()
    time.sleep(3 * SHORTEST_PAUSE)
    assert lab.view.picture == "<b>4</b>"


# --- Where no kernel runs -----------------------------------------------------------


def test_a_notebook_that_is_not_run_shows_the_picture():
    lab = Doubler(21)
    bundle = lab._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == "It is 42."
    assert data["text/html"].startswith('<section aria-label="It is 42."><b>42</b>')
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_lab_without_a_drawing_says_so():
    with pytest.raises(NotImplementedError, match="Empty does not say what to draw"):
        type("Empty", (Lab,), {})([])
