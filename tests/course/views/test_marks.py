"""A learner's feedback. Alone: pytest tests/course/views/test_marks.py."""

import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from graded_class import HOSTILE, SECRET, case, exercise, hostile_mark, mark, result
from html_reader import Reader

from course.grading.marks.results import CASE_STATUSES, ExerciseResult
from course.grading.marks.retakes import Attempt, Manual, Rules, mark_learner
from course.views.marks import render_marks
from course.views.page import STATUSES

FULL = mark(
    exercise("02.1", "passed", "failed", "passed", "failed"),
    exercise("02.2", "error", note="NameError: name 'x' is not defined"),
    exercise("02.3", "not_attempted", "not_attempted"),
    exercise("02.4", "passed", "fault"),
    exercise("02.5", "failed"),
    warnings=("The file had no ids.",),
    manual=Manual({"02.5": 0.5}, (("", "On the whole."), ("02.5", "On this."))),
)


def text_of(page):
    text = " ".join(Reader(page.split("<main>")[1].split("</main>")[0]).text)
    return re.sub(r"\s+", " ", text)


def test_everything_has_its_place():
    text = text_of(render_marks(FULL, "Tokenization"))
    for said in (
        "Lesson 02: Tokenization",
        "learner-01 · a.ipynb · handed in 2026-05-01 00:00 UTC",
        "4.5 of 10 points, 45%",
        "4 from the cases + 0.5 changed by your teacher = 4.5 points",
        "02.1 A title",
        "◐ partly passed 2 of 4",
        "Title of test_02.1_1. ✗ failed",
        "called double(2) expected 4 got 5",
        "Hint: Hint of test_02.1_1 .",
        "NameError: name 'x' is not defined",
        "Your teacher: On the whole.",
        "Your teacher: On this.",
        "Your teacher gave these points by hand.",
        "This case was wrong itself. Its points are yours.",
        "About your file The file had no ids.",
    ):
        assert said in text, said


def test_of_hidden_cases_stand_title_and_hint_of_those_that_failed():
    cases = (
        case("seen", "failed"),
        case("a", "failed", hidden=True, rows=(("expected", SECRET),)),
        case("b", "error", hidden=True),
        case("c", "passed", hidden=True),
        case("d", "not_attempted", hidden=True, hint="Not yet."),
        case("e", "missing", hidden=True),
    )
    page = render_marks(mark(ExerciseResult("02.1", "T", "partial", cases)))
    text = text_of(page)
    assert SECRET not in page
    assert "Title of a." in text
    assert "Hint of a" in text
    assert "Title of b." in text
    for name in "cde":
        assert f"Title of {name}." not in text
    assert "Not yet." not in page
    assert "1 hidden case: passed." in text
    assert "2 hidden cases: not run." in text
    assert text.count("expected 4") == 1


def test_name_of_a_case_is_not_shown():
    assert "test_02.1_0" not in render_marks(mark(exercise("02.1", "passed"))).replace(
        "Title of test_02.1_0.", ""
    )


def test_next_steps_begin_with_what_gains_the_most():
    found = mark(
        exercise("02.1", "failed"),
        exercise("02.2", "passed", "passed"),
        exercise("02.3", "not_attempted", "not_attempted", "not_attempted"),
        exercise("02.4", "failed", "failed"),
        exercise("02.5", "timeout"),
        exercise("02.6", "failed", "failed", "failed", "failed"),
        manual=Manual({"02.6": 1.0}),
    )
    steps = re.search("<ol>.*?</ol>.*?</section>", render_marks(found))[0]
    gains = re.findall(r"<strong><bdi>(02\.\d)", steps)
    assert gains == ["02.3", "02.4", "02.1"]
    text = " ".join(Reader(steps.split("</ol>")[0] + "</ol>").text)
    assert "(3 points to gain)" in text
    assert "(1 point to gain)" in text
    assert "write your answer" in text
    assert "Then the other 1, below." in steps


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        (mark(exercise("02.1", "passed", "fault")), "Every case passed."),
        (
            mark(exercise("02.1", "failed"), manual=Manual({"02.1": 1.0})),
            "Nothing is left to do.",
        ),
    ],
)
def test_nothing_to_do(marked, said):
    page = render_marks(marked)
    assert said in page
    assert "What to do next" not in page


def test_late_is_arithmetic():
    rules = Rules(
        "last", datetime(2026, 4, 30, 22, 30, tzinfo=UTC), lambda p, m, e: p / 2
    )
    text = text_of(render_marks(mark(exercise("02.1", "passed"), rules=rules)))
    assert (
        "1 from the cases \N{MINUS SIGN} 0.5 handed in 1 h 30 min late = 0.5 points"
    ) in text


def test_without_a_reason_there_is_no_arithmetic():
    assert "from the cases" not in render_marks(mark(exercise("02.1", "passed")))


def test_attempts_are_counted():
    attempts = [Attempt(result(exercise("02.1", "passed")))] * 3
    found = mark_learner(attempts, "s", Rules(), Manual())
    text = text_of(render_marks(found))
    assert "one of 3 attempts" in text
    assert "handed in" not in text


@pytest.mark.parametrize("status", CASE_STATUSES)
def test_every_status_stands_as_sign_and_words(status):
    sign, words, _ = STATUSES[status]
    text = text_of(render_marks(mark(exercise("02.1", status))))
    assert f"Title of test_02.1_0. {sign} {words}" in text


def test_lesson_without_points_or_exercises():
    assert "0 of 0 points" in text_of(render_marks(mark()))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_and_bounded(text):
    page = render_marks(hostile_mark(text), text)
    body = page.split("<main>")[1]
    reader = Reader("<main>" + body.split("</body>")[0])
    assert not {"script", "img", "svg", "u", "style", "iframe"} & set(reader.tags)
    assert {name for name, _ in reader.attributes} <= {
        *("class", "style", "aria-label", "aria-hidden", "role", "scope", "open")
    }
    assert len(page.encode("utf-8")) < 120_000
    assert page.count("</style>") == page.count("</title>") == 1
    for character in "\x00\x1b\u202e\u2066\u200f":
        assert character not in page


def test_same_mark_gives_the_same_page():
    assert render_marks(FULL) == render_marks(FULL)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wide_or_hard_to_read(browser, tmp_path, scheme):
    path = tmp_path / "feedback.html"
    path.write_text(render_marks(FULL, "Tokenization"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    page.close()
