"""The Generate page. Alone: pytest tests/course/demo/test_generate.py.

A model of random logits writes here, as slowly as SmolLM2, and dates its work: when
nobody waits for more, it must have ended within a second.
"""

import re
import time
from itertools import pairwise

import httpx
import numpy as np
import pytest
from demo_page import serve_page
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import expect

from course.demo import writing as writing_module
from course.demo.context import Context
from course.demo.generate import (
    EXAMPLES,
    build_page,
    change_examples,
    generate,
    show_pick,
    stop_writing,
)
from course.demo.messages import Say
from course.demo.writing import Settings, Writing

SECONDS = 0.05  # for one token
SAY = Say()


class SlowWriter:
    """Stands in for `course.generation.LanguageModel`."""

    def __init__(self):
        self.asked = []

    def logits(self, numbers):
        time.sleep(SECONDS)
        self.asked.append(time.monotonic())
        logits = np.random.default_rng(numbers).normal(size=49_152)
        logits[:17] = -100  # special tokens never come
        return logits.astype(np.float32)

    def worked_after(self, moment):
        """For how many seconds after a moment it went on."""
        time.sleep(2)
        return max((asked - moment for asked in self.asked), default=0.0)


@pytest.fixture(scope="module")
def writer():
    with pytest.MonkeyPatch.context() as patch:
        writer = SlowWriter()
        patch.setattr(writing_module, "load_language_model", lambda *_: writer)
        yield writer


@pytest.fixture(scope="module")
def address(writer):
    with serve_page(build_page) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    return Client(address, verbose=False)


def test_the_offer_to_programs(client):
    offer = client.view_api(return_format="dict")["named_endpoints"]
    parameters = offer["/generate"]["parameters"]
    assert list(offer) == ["/generate"]
    usual = {p["parameter_name"]: p["parameter_default"] for p in parameters}
    settings = {name: getattr(Settings(), name) for name in vars(Settings())}
    assert usual == {"prompt": None, **settings, "chat": False, "model": "smollm2"}
    assert offer["/generate"]["description"].startswith("Have a language model")


def test_a_program_gets_the_text_as_it_grows(client):
    chunks = list(client.submit("Once", 6, 1.0, 0, 1.0, 3, api_name="/generate"))
    assert len(chunks) >= 7
    assert chunks[0] == ""
    assert all(after.startswith(text) for text, after in pairwise(chunks))
    again = client.predict("Once", 6, 1.0, 0, 1.0, 3, api_name="/generate")
    other = client.predict("Once", 6, 1.0, 0, 1.0, 4, api_name="/generate")
    assert again == chunks[-1] != other


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["  "], "text is empty"),
        ([7], "int came"),
        (["x" * 10_001], "at most 10,000"),
        (["x", "many"], "max_new_tokens is 'many'"),
        (["x", 5, 0.5, 2.5], "top_k is 2.5"),
        (["x", 5, 0.5, 0, 1, 0, "yes"], "chat is 'yes'"),
        (["x", 5, 0.5, 0, 1, 0, False, "/etc"], "Unknown language model"),
    ],
)
def test_a_program_is_told_its_mistake_in_one_line(client, arguments, message):
    with pytest.raises(AppError, match=message) as caught:
        client.submit(*arguments, api_name="/generate").result(timeout=20)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", '"NaN"', "null"])
def test_what_is_no_number_is_refused_over_plain_http(address, writer, number):
    before = len(writer.asked)
    url = f"{address}/gradio_api/call/generate"
    body = f'{{"data": ["x", 5, {number}, 0, 1, 0, false]}}'
    json = {"content-type": "application/json"}
    answer = httpx.post(url, content=body, headers=json)
    if answer.status_code == 200:
        event = answer.json()["event_id"]
        events = httpx.get(f"{url}/{event}", timeout=20).text
        assert "event: error" in events
        assert "event: generating" not in events
    assert len(writer.asked) == before


def test_cancelling_ends_the_work_within_a_second(client, writer):
    job = client.submit("Once", 200, api_name="/generate")
    for _, chunk in zip(range(5), job, strict=False):
        assert isinstance(chunk, str)
    moment = time.monotonic()
    job.cancel()
    assert writer.worked_after(moment) < 1


def test_closing_the_connection_ends_the_work_within_a_second(address, writer):
    url = f"{address}/gradio_api/call/generate"
    data = {"data": ["The sea is", 200, 1, 0, 1, 0, False, "smollm2"]}
    event = httpx.post(url, json=data).json()["event_id"]
    with httpx.stream("GET", f"{url}/{event}", timeout=20) as stream:
        lines = stream.iter_lines()
        while "generating" not in next(lines):
            pass
        begun = len(writer.asked)
    moment = time.monotonic()
    assert writer.worked_after(moment) < 1
    assert len(writer.asked) < begun + 40


def test_a_mistake_of_the_kit_is_no_answer():
    with pytest.raises(Exception, match="text is empty") as caught:
        next(generate(""))
    assert type(caught.value).__name__ == "Error"


def test_stopping_ends_a_text_and_nothing_else():
    writing = Writing("Once", False, Settings())
    stop_writing(SAY, writing)
    assert writing.ended == "stopped"
    writing.ended = "length"
    stop_writing(SAY, writing)
    assert writing.ended == "length"
    stop_writing(SAY, None)


@pytest.mark.parametrize("number", [-1, 0, 10**9])
def test_what_cannot_be_picked_changes_nothing(number):
    writing = Writing("Once", False, Settings())
    for update in (*show_pick(SAY, writing, number), *show_pick(SAY, None, number)):
        assert update["__type__"] == "update"


def test_examples_follow_the_way_and_leave_own_texts_alone():
    assert change_examples(True, EXAMPLES[False][2])[0] == EXAMPLES[True][0]
    assert change_examples(True, "My own.")[0]["__type__"] == "update"
    assert change_examples(False, " ")[0] == EXAMPLES[False][0]


# On the page


@pytest.fixture
def visit(address, browser):
    pages, wrong, asked = [], [], []

    def open_page():
        page = browser.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda line: line.type == "error" and wrong.append(line.text)
        )
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_role("button", name="Generate").wait_for()
        return page

    yield open_page
    for page in pages:
        page.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def ask_for(page, tokens):
    page.get_by_role("spinbutton", name=re.compile("max_new_tokens")).fill(str(tokens))
    page.keyboard.press("Tab")


def test_a_text_is_written_and_its_tokens_are_picked(visit):
    page = visit()
    ask_for(page, 8)
    page.get_by_role("button", name="Generate").click()
    page.get_by_text("the length that was asked for").first.wait_for()
    page.get_by_text("Behind token 1 of 8.").first.wait_for()
    assert page.locator("[data-pick]").count() == 8
    page.locator("[data-pick='0']").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.get_by_text("Behind token 8 of 8.").first.wait_for()
    assert page.evaluate("document.activeElement.dataset.pick") == "7"


def test_the_stop_button_ends_the_work_within_a_second(visit, writer):
    page = visit()
    ask_for(page, 200)
    page.get_by_role("button", name="Generate").click()
    page.get_by_text(re.compile("[1-9] tokens in")).first.wait_for()
    moment = time.monotonic()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("It was stopped.").first.wait_for(timeout=3000)
    assert writer.worked_after(moment) < 1
    written = page.locator("[data-pick]").count()
    assert 0 < written < 100
    # The next one has the model to itself.
    ask_for(page, 3)
    page.get_by_role("button", name="Generate").click()
    page.get_by_text("the length that was asked for").first.wait_for()


def test_closing_the_page_ends_the_work_within_a_second(visit, writer):
    page = visit()
    ask_for(page, 200)
    page.get_by_role("button", name="Generate").click()
    page.get_by_text(re.compile("[1-9] tokens in")).first.wait_for()
    moment = time.monotonic()
    page.close()
    assert writer.worked_after(moment) < 1


def test_another_way_brings_other_examples(visit):
    page = visit()
    page.get_by_role("radio", name=re.compile("chat")).check()
    page.get_by_role("button", name=EXAMPLES[True][1]).click()
    box = page.get_by_role("textbox", name="Prompt")
    expect(box).to_have_value(EXAMPLES[True][1])


def test_hostile_text_stays_text(visit):
    page = visit()
    page.get_by_role("textbox", name="Prompt").fill(
        '<img src=x onerror="window.hit = 1"><script>window.hit = 1</script>'
    )
    ask_for(page, 2)
    page.get_by_role("button", name="Generate").click()
    page.get_by_text("the length that was asked for").first.wait_for()
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.usefixtures("writer")
def test_nothing_serious_for_axe_on_a_telephone_in_german(browser):
    from axe_playwright_python.sync_playwright import Axe

    with serve_page(build_page, Context(say=Say("de"))) as address:
        viewport = {"width": 390, "height": 800}
        page = browser.new_page(viewport=viewport, color_scheme="dark")
        page.goto(f"{address}/?__theme=dark")
        page.get_by_role("textbox", name="Prompt").press("Shift+Enter")
        page.get_by_text("Hinter Token 1 von 60").first.wait_for()
        found = Axe().run(page).response["violations"]
        serious = [v for v in found if v["impact"] in ("serious", "critical")]
        wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        page.close()
    assert serious == []
    assert wide <= room
