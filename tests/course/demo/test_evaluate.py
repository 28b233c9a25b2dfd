"""The Evaluate page as people and programs meet it.

Alone: pytest tests/course/demo/test_evaluate.py.
"""

import re
import time

import gradio as gr
import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_page import serve_page
from demo_runs import make_run
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import expect

import course.evaluation.predicted  # noqa: F401 - before its folder is patched
from course import runs
from course.demo import evaluate
from course.demo.context import Context
from course.demo.controls import PRIVATE
from course.demo.messages import Say
from course.inference import Classifier

HOSTILE = '<img src=x onerror="window.hit = 1"> film'
CSV = "text,label\n" + "\n".join(
    f'"{HOSTILE.replace(chr(34), chr(34) * 2)} {i}",{("negative", "positive")[i % 2]}'
    for i in range(60)
)


def build(blocks, context):
    page = evaluate.build_page(blocks, context)
    told = gr.Textbox(label="To be explained")
    page.why.click(lambda name, text: f"{name}: {text}", page.picked, told, **PRIVATE)


def make_three_labels(folder, model_dir):
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    config = BertConfig.from_pretrained(model_dir, num_labels=3)
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(model_dir).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory, tiny_model_dir):
    folder = tmp_path_factory.mktemp("demo")
    make_run(folder / "runs" / "first", tiny_model_dir)
    labels = ["a", "b", "c"]
    three = make_three_labels(folder / "three", tiny_model_dir)
    make_run(folder / "runs" / "three", three, 86400, labels=labels)
    (folder / "adapters").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_RUNS", str(folder / "runs"))
        patch.setattr(runs, "ADAPTERS", folder / "adapters")
        with serve_page(build) as address:
            yield address


@pytest.fixture
def visit(address, browser):
    """Open the page; afterwards, nothing must have gone wrong."""
    contexts, wrong, asked = [], [], []

    def open_page(width=1200, theme="light"):
        viewport = {"width": width, "height": 850}
        context = browser.new_context(viewport=viewport, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda line: line.type == "error" and wrong.append(line.text)
        )
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        expect(page.get_by_role("combobox", name="Model")).to_have_value(
            re.compile("first")
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
    assert not [url for url in asked if not url.startswith((address, "data:"))]


def begin(page, csv=""):
    if csv:
        page.get_by_role("radio", name="a csv").check()
        page.get_by_label("csv with the columns").fill(csv)
    page.get_by_role("button", name="Evaluate", exact=True).click()


def sentence(page):
    return page.locator(".picture .course-summary")


def part(page, name):
    return page.locator(f'[data-pick="{name}"]')


@pytest.mark.parametrize(("width", "theme"), [(1200, "light"), (390, "dark")])
def test_a_person_finds_an_error_and_has_it_explained(visit, tmp_path, width, theme):
    page = visit(width, theme)
    begin(page)
    expect(sentence(page)).to_contain_text("first at threshold 0.500: accuracy 0.")
    expect(page.get_by_text("always the commonest label")).to_be_visible()
    why = page.get_by_role("button", name=re.compile("Explain the picked text"))
    expect(why).to_be_disabled()
    # By keys alone: a slice, a cell of it, and a text of both.
    part(page, "slice:label negative").focus()
    page.keyboard.press("Space")
    expect(sentence(page)).to_contain_text("Slice label negative")
    focused = page.evaluate("document.activeElement.dataset.pick")
    assert focused == "slice:label negative"
    cells = [part(page, f"cell:0:{said}") for said in (0, 1)]
    counts = [
        int(re.match(r"[\d,]+", cell.inner_text())[0].replace(",", ""))
        for cell in cells
    ]
    said = counts.index(max(counts))
    cells[said].press("Enter")
    label = ("negative", "positive")[said]
    expect(sentence(page)).to_contain_text(f"labelled negative, predicted {label}")
    page.locator('[data-pick^="row:"]').first.press("Enter")
    expect(sentence(page)).to_contain_text("and was called")
    text = page.get_by_role("region", name="The text").inner_text()
    why.press("Enter")
    told = page.get_by_label("To be explained")
    expect(told).to_have_value(f"first: {text}")
    page.screenshot(path=tmp_path / "evaluate.png", full_page=True)
    wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room
    assert serious(page) == []


def serious(page):
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_threshold_and_costs_move_the_picture(visit):
    page = visit()
    begin(page, CSV)
    expect(sentence(page)).to_contain_text("first at threshold 0.500")
    threshold = page.get_by_role("spinbutton", name=re.compile("Threshold"))
    threshold.fill("1")
    threshold.press("Tab")
    expect(sentence(page)).to_contain_text("at threshold 1.000: accuracy 0.500")
    page.get_by_label("Cost of a miss").fill("1000")
    page.get_by_role("button", name="Use the cheapest threshold").click()
    expect(sentence(page)).not_to_contain_text("at threshold 1.000")
    assert float(threshold.input_value()) < 0.6


def test_hostile_texts_stay_texts(visit):
    page = visit()
    begin(page, CSV)
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0


def test_several_labels_have_no_threshold(visit):
    page = visit()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name=re.compile("three")).click()
    begin(page, "text,label\n" + "one,a\ntwo,b\nthree,c\n" * 5)
    expect(page.get_by_role("button", name=re.compile("Explain"))).to_be_visible()
    threshold = page.get_by_role("spinbutton", name=re.compile("Threshold"))
    expect(threshold).to_be_hidden()
    expect(sentence(page)).to_contain_text("three: accuracy")


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        ("text,label\na,good", "labels that first does not know: good"),
        ("texts\na", "no column 'text'"),
        (" ", "There is no csv yet"),
    ],
)
def test_a_person_is_told_a_mistake_in_one_line(visit, csv, message):
    page = visit()
    begin(page, csv)
    expect(page.get_by_text(re.compile(message))).to_be_visible()


@pytest.fixture
def slow(monkeypatch):
    """Let each piece take 0.2 seconds; the moments at which pieces were begun."""
    moments, plain = [], Classifier.logits_from_ids

    def slowly(classifier, rows):
        moments.append(time.monotonic())
        time.sleep(0.2)
        return plain(classifier, rows)

    monkeypatch.setattr(Classifier, "logits_from_ids", slowly)
    return moments


LONG_CSV = "text,label\n" + ("word " * 60 + "{},positive\n") * 1_000


@pytest.mark.parametrize("way", ["stop", "close"])
def test_it_ends_when_nobody_wants_it_any_more(visit, slow, way):
    page = visit()
    begin(page, LONG_CSV + f"{way},positive\n")
    expect(page.get_by_text(re.compile(r"[1-9]\d* of 1,001 texts"))).to_be_visible()
    if way == "stop":
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("of 1,001 texts")).to_be_hidden()
    else:
        page.close()
    ended = time.monotonic()
    time.sleep(2)
    assert [moment for moment in slow if moment > ended + 1] == []


def test_a_program_evaluates(address):
    client = Client(address, verbose=False)
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert list(endpoints) == ["/evaluate"]
    names = [p["parameter_name"] for p in endpoints["/evaluate"]["parameters"]]
    assert names == ["model", "csv"]
    found = client.predict("first", CSV, api_name="/evaluate")
    assert set(found) == {"n", "labels", "metrics", "confusion", "baselines"}
    assert found["n"] == 60
    with pytest.raises(AppError, match="Unknown model"):
        client.predict("/etc/passwd", CSV, api_name="/evaluate")


def test_the_page_speaks_german(browser, first_run):
    with serve_page(evaluate.build_page, Context(say=Say("de"))) as address:
        page = browser.new_page()
        page.goto(address)
        expect(page.get_by_role("button", name="Auswerten")).to_be_visible()
        page.close()
