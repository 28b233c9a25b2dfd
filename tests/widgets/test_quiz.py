"""The quiz with controls. Alone: pytest tests/widgets/test_quiz.py."""

import ipywidgets
import pytest
import traitlets
from tiny_cards import EVIL, installed

from course.lessons.questions import Quiz, Score, choices
from course.lessons.storage import load
from widgets import quiz as module
from widgets.quiz import QuizWidget, quiz


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    with installed(tmp_path, monkeypatch) as file:
        yield file


@pytest.fixture
def widget():
    return QuizWidget(Quiz("02"))


@pytest.fixture
def notebook(monkeypatch):
    """As if in a notebook's kernel."""
    shell = type("Shell", (), {"kernel": None})()
    monkeypatch.setattr(module, "get_ipython", lambda: shell)


def letter(widget, right):
    question = widget.asked.questions[widget.index]
    return next(c.letter for c in choices(question) if c.right == right)


def controls(widget, kind):
    return [child for child in widget.children if isinstance(child, kind)]


def press(widget, description):
    buttons = controls(widget, ipywidgets.Button)
    next(b for b in buttons if b.description == description).click()


def page(widget):
    return "".join(child.value for child in controls(widget, ipywidgets.HTML))


# --- Which form ---------------------------------------------------------------------


def test_controls_in_a_notebook(notebook):
    assert isinstance(quiz("02"), QuizWidget)


def test_text_elsewhere(capsys):
    assert quiz("02") is None
    assert capsys.readouterr().out.startswith("Quiz 02: Title 02\n")


def test_text_when_asked_for(notebook, capsys, monkeypatch):
    assert quiz("02", text=True) is None
    monkeypatch.setenv("COURSE_TEXT", "1")
    assert quiz("02") is None
    assert capsys.readouterr().out.count("Quiz 02: Title 02\n") == 2
    assert isinstance(quiz("02", text=False), QuizWidget)


def test_a_picture_without_a_head(notebook, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    shown = quiz("02")
    assert not isinstance(shown, QuizWidget)
    assert repr(shown).startswith("Quiz 02")
    assert "<section" in shown._repr_html_()


@pytest.mark.parametrize("where", ["", "COURSE_HEADLESS", "COURSE_TEXT"])
def test_answers_in_the_call_need_no_controls(notebook, monkeypatch, where):
    if where:
        monkeypatch.setenv(where, "1")
    score = quiz("02", "a - b")
    assert isinstance(score, Score)
    assert (score.answered, score.total) == (2, 6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("03",), "Unknown lesson '03'"), (("02", "z"), "'z' came as the answer")],
)
def test_a_learners_mistake_is_one_line(notebook, arguments, message):
    shown = quiz(*arguments)
    assert message in repr(shown)
    assert "\n" not in repr(shown)


# --- Controls -----------------------------------------------------------------------


def test_controls_stand_in_the_order_of_their_use(widget):
    names = [
        child.description if isinstance(child, ipywidgets.Button) else type(child)
        for child in widget.children
    ]
    html, radio = ipywidgets.HTML, ipywidgets.RadioButtons
    # style, summary, Back, question, options, Answer, feedback, Next
    assert names == [html, html, "Back", html, radio, "Answer", html, "Next"]
    assert not any(b.disabled for b in controls(widget, ipywidgets.Button))


def test_it_begins_with_the_first_question_and_nothing_chosen(widget):
    (radio,) = controls(widget, ipywidgets.RadioButtons)
    assert (widget.index, widget.chosen, widget.score, widget.answered) == (0, "", 0, 0)
    assert radio.index is None
    assert [label[:2] for label in radio.options] == ["a)", "b)", "c)", "d)"]
    assert "Question 1 of 6 (02.q1)" in page(widget)
    assert "Why" not in page(widget)


def test_choosing_and_answering(widget):
    (radio,) = controls(widget, ipywidgets.RadioButtons)
    radio.index = 1
    assert widget.chosen == "b"
    widget.chosen = letter(widget, True)
    assert radio.options[radio.index].startswith(widget.chosen)
    assert widget.answered == 0  # choosing is not answering
    press(widget, "Answer")
    assert (widget.score, widget.answered) == (1, 1)
    assert "02.q1: Right." in page(widget)
    assert widget.summary == "Question 1 of 6. 1 of 1 right, 5 not answered yet."
    assert load()["lessons"]["02"]["questions"]["02.q1"]["answers"][0]["right"]


def test_answering_without_a_choice_says_so(widget):
    assert widget.answer() is None
    assert "Choose an option first." in page(widget)
    assert widget.answered == 0


def test_next_and_back_keep_what_was_answered(widget):
    widget.chosen = letter(widget, False)
    widget.answer()
    press(widget, "Next")
    (radio,) = controls(widget, ipywidgets.RadioButtons)
    assert (widget.index, widget.chosen, radio.index) == (1, "", None)
    assert "Not right" not in page(widget)
    press(widget, "Back")
    assert (widget.index, widget.chosen) == (0, letter(widget, False))
    assert radio.index == "abcde".index(widget.chosen)
    assert "02.q1: Not right." in page(widget)


@pytest.mark.parametrize("first", ["a", "b", "c", "d"])
def test_no_option_is_chosen_by_itself_wherever_one_was_before(widget, first):
    seen = []
    widget.chosen = first
    widget.observe(lambda change: seen.append(change["new"]), "chosen")
    widget.index = 1
    widget.index = 2
    assert seen == [""]
    (radio,) = controls(widget, ipywidgets.RadioButtons)
    assert radio.index is None


def test_there_is_nothing_before_the_first_and_after_the_last(widget):
    press(widget, "Back")
    assert widget.index == 0
    assert "This is the first question." in page(widget)
    widget.index = 5
    press(widget, "Next")
    assert widget.index == 5
    assert "This was the last." in page(widget)


def test_next_leads_the_focus_to_the_new_question(widget, monkeypatch):
    focused = []
    monkeypatch.setattr(
        ipywidgets.Button, "focus", lambda self: focused.append(self.description)
    )
    press(widget, "Next")
    press(widget, "Back")
    assert focused == ["Back"]


@pytest.mark.parametrize(("name", "value"), [("index", 6), ("index", -1)])
def test_there_is_no_such_question(widget, name, value):
    with pytest.raises(traitlets.TraitError, match="0 to 5 is expected"):
        setattr(widget, name, value)


def test_there_is_no_such_option(widget):
    with pytest.raises(traitlets.TraitError, match="'e'; one of"):
        widget.chosen = "e"


def test_counts_are_for_reading(widget):
    with pytest.raises(traitlets.TraitError, match="read-only"):
        widget.score = 6


def test_all_answered_ends_with_what_to_repeat(widget):
    for number in range(6):
        widget.index = number
        widget.chosen = letter(widget, number > 0)
        widget.answer()
    assert (widget.score, widget.answered) == (5, 6)
    assert "5 of 6 right. Worth repeating: 02.q1." in widget.summary
    assert "Worth repeating: 02.q1." in page(widget)


def test_an_answer_may_be_changed(widget):
    for right in (False, True):
        widget.chosen = letter(widget, right)
        widget.answer()
    assert (widget.score, widget.answered) == (1, 1)
    assert len(load()["lessons"]["02"]["questions"]["02.q1"]["answers"]) == 2


def test_cards_are_escaped(widget):
    for number in range(6):
        widget.index = number
        widget.chosen = letter(widget, False)
        widget.answer()
        assert "<script" not in page(widget)
    bundle = widget._repr_mimebundle_()
    assert "<script" not in bundle["text/html"]
    assert EVIL in bundle["text/plain"]


def test_changes_are_spoken(widget):
    widget.answer()
    assert page(widget).count('role="status" aria-live="polite"') == 2


# --- Without a kernel ---------------------------------------------------------------


def test_it_is_never_blank(widget):
    bundle = widget._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert bundle["text/plain"] == repr(widget)
    assert bundle["text/plain"].count("Question ") == 6
    assert bundle["text/html"].count("<ul") == 6
    assert "Why" not in bundle["text/html"]
