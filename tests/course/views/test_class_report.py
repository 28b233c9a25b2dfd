"""The teacher's report. Alone: pytest tests/course/views/test_class_report.py."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from graded_class import HOSTILE, SECRET, case, exercise, hostile_mark, mark, some_class
from html_reader import Reader

from course.grading.marks.results import ExerciseResult
from course.grading.marks.retakes import Manual
from course.views.class_report import ClassReport, Fault, render_report

FAULT = Fault("02.2", "test_words", "ZeroDivisionError: division by zero")


def report(marks, **more):
    given = {"graded": "2026-05-02 10:00", "tier": "landlock", "version": "1.2"}
    return render_report(ClassReport("02: Tokens", tuple(marks), **(given | more)))


def text_of(page):
    text = " ".join(Reader("<main>" + page.split("<main>")[1].split("</body>")[0]).text)
    return re.sub(r"\s+", " ", text)


def test_header_says_what_was_done_and_how():
    seconds = {f"learner-{i:02}": 0.01 * (i + 1) for i in range(12)}
    text = text_of(report(some_class(12), seconds=seconds | {"learner-03": 2.5}))
    assert "Lesson 02: Tokens Submissions 12 learners Graded 2026-05-02 10:00" in text
    assert "landlock : the kernel refused learners' code the network" in text
    assert "Grader 1.2" in text
    assert "75 ms a submission in the middle, 95 % within 2.5 s" in text
    assert "the slowest 2.5 s ( learner-03 )" in text


def test_95_percent_is_the_nearest_rank():
    seconds = {str(i): i / 1000 for i in range(1, 101)}
    assert "95 % within 95 ms" in report(some_class(2), seconds=seconds)


@pytest.mark.parametrize(
    ("tier", "said"), [("bubblewrap", "were empty"), ("limits", "in nothing else")]
)
def test_every_tier_has_its_sentence(tier, said):
    assert said in report(some_class(1), tier=tier)


def test_our_faults_stand_first():
    page = report(some_class(), faults=(FAULT,))
    assert page.index("Our fault: 1 case does") < page.index("How the class did")
    assert "ZeroDivisionError: division by zero" in page
    assert "Mend the case" in page
    assert "Our fault: 2 cases do" in report(some_class(), faults=(FAULT, FAULT))
    assert "Our fault" not in report(some_class())


def test_spread_in_words():
    marks = [
        mark(
            exercise("02.1", *("passed",) * i, *("failed",) * (4 - i)),
            learner=f"learner-{i}",
        )
        for i in range(5)
    ]
    text = text_of(report(marks))
    assert "Half of the class has 2 of 4 points or more" in text
    assert "between 1 and 3 points; the mean is 2." in text
    assert "1 of 5 have all points, 0 handed in late" in text


def test_nobody_and_one():
    assert "Nothing was handed in." in report([])
    assert "Half of the class has 1 of 2 points" in text_of(
        report([mark(exercise("02.1", "passed", "failed"))])
    )


def test_order_of_learners_does_not_matter():
    marks = some_class()
    assert report(marks) == report(marks[::-1])


def test_rows_of_hidden_cases_are_not_shown():
    hidden = case("a", "failed", hidden=True, rows=(("expected", SECRET),))
    assert SECRET not in report([mark(ExerciseResult("1", "T", "failed", (hidden,)))])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_and_bounded(text):
    fault = Fault(text, text, text)
    marks = tuple(hostile_mark(text) for _ in range(3))
    given = ClassReport(text, marks, text, text, text, {"slug": 1.0}, (fault,))
    page = render_report(given)
    reader = Reader("<main>" + page.split("<main>")[1].split("</body>")[0])
    assert not {"script", "img", "u", "style", "iframe"} & set(reader.tags)
    assert reader.tags.count("svg") == 1
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert len(page.encode("utf-8")) < 120_000
    assert page.count("</style>") == page.count("</title>") == 1
    for character in "\x00\x1b\u202e\u2066\u200f":
        assert character not in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wide_or_hard_to_read(browser, tmp_path, scheme):
    marks = list(some_class(70))
    marks[3] = mark(exercise("02.1", "failed"), manual=Manual({"02.1": 0.5}))
    path = tmp_path / "report.html"
    path.write_text(report(marks, faults=(FAULT,)), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # The heat map scrolls within itself, and its head stays.
    box = page.locator(".scroll")
    box.evaluate("box => box.scrollTop = 400")
    assert box.evaluate("box => box.scrollTop") == 400
    top = box.evaluate(
        "box => box.querySelector('thead th').getBoundingClientRect().top"
        " - box.getBoundingClientRect().top"
    )
    assert 0 <= top <= 3
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    page.close()
