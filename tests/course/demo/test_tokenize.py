"""The Tokenize page. Alone: pytest tests/course/demo/test_tokenize.py."""

from typing import get_args

import httpx
import pytest
from demo_page import serve_page
from gradio_client import Client
from gradio_client.exceptions import AppError

from course import tokenization
from course.demo.context import Context
from course.demo.messages import Say
from course.demo.tokenize import (
    TEXT_LIMIT,
    TITLES,
    Tokenizer,
    build_page,
    encode_text,
    make_show,
    render_counts,
    tokenize,
)
from course.errors import CourseError

HOSTILE = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"


def test_tokenizers_are_all_that_there_are_under_their_names():
    assert get_args(Tokenizer) == tuple(TITLES) == tokenization.TOKENIZERS
    for name, title in TITLES.items():
        assert tokenization.load_tokenizer(name).name == title


@pytest.mark.parametrize(
    ("text", "tokenizers", "message"),
    [
        (7, ["gpt2"], "int came where a text"),
        ("x" * (TEXT_LIMIT + 1), ["gpt2"], "5,001 characters, at most 5,000"),
        ("x", [], "No tokenizer came.*minilm, gpt2"),
        ("x", "gpt2", "gpt2 came where tokenizers"),
        ("x", ["../gpt2"], r"Unknown tokenizer '\.\./gpt2'"),
        ("x", [["gpt2"]], "Unknown tokenizer"),
    ],
)
def test_what_will_not_do(text, tokenizers, message):
    with pytest.raises(CourseError, match=message) as caught:
        encode_text(text, tokenizers)
    assert "\n" not in str(caught.value)


def test_each_tokenizer_is_asked_once_in_the_usual_order():
    encodings = encode_text("naïve", ["smollm2", "minilm", "smollm2"])
    assert [name for name, _ in encodings] == ["minilm", "smollm2"]


def test_programs_get_tokens_numbers_and_places():
    found = tokenize("Hi <|im_end|>", ["smollm2"])
    encoding = tokenization.load_tokenizer("smollm2").encode("Hi <|im_end|>")
    assert found == {
        "smollm2": {
            "tokens": list(encoding.tokens),
            "ids": list(encoding.ids),
            "spans": [list(span) for span in encoding.spans],
        }
    }
    assert 2 not in found["smollm2"]["ids"]  # which would end a chat message
    assert list(tokenize("Hi")) == list(TITLES)


def test_counts_are_per_token_and_tell_unknown_ones():
    table = render_counts(encode_text("ab 🎉", ["minilm", "o200k"]), Say())
    assert "4 characters, 7 bytes" in table
    # WordPiece: "ab" and one unknown; GPT-4o has no token for the emoji's four bytes.
    assert "<td>2<br>1 unknown</td><td>2.00</td><td>3.50</td>" in table
    tokens = len(tokenization.load_tokenizer("o200k").encode("ab 🎉"))
    assert f"<td>{tokens}</td><td>{4 / tokens:.2f}</td>" in table


def test_half_a_character_and_no_text_do_no_harm():
    value, table = make_show(Say())("a\ud83db", list(TITLES))
    assert "3 characters" in table
    assert (value["picture"] + table).encode()
    value, table = make_show(Say())("", list(TITLES))
    assert value == {}
    assert "0 characters" in table
    assert make_show(Say())(None, list(TITLES)) == (value, table)


def test_a_picked_character_is_told():
    value, _ = make_show(Say())("no é", ["gpt2"], 3)
    assert value["summary"].startswith("At é: GPT-2 (BPE) has")


# On the page


@pytest.fixture(scope="module")
def address():
    with serve_page(build_page) as address:
        yield address


def test_a_program_is_answered(address):
    client = Client(address, verbose=False)
    offer = client.view_api(return_format="dict")["named_endpoints"]
    assert list(offer) == ["/tokenize"]
    names = [p["parameter_name"] for p in offer["/tokenize"]["parameters"]]
    assert names == ["text", "tokenizers"]
    found = client.predict("😀" * TEXT_LIMIT, api_name="/tokenize")
    assert len(found["gpt2"]["ids"]) == 2 * TEXT_LIMIT
    with pytest.raises(AppError, match="at most 5,000"):
        client.predict("x" * 5_001, api_name="/tokenize")


def test_a_broken_character_of_a_program_is_answered(address):
    url = f"{address}/gradio_api/call/tokenize"
    json = {"content-type": "application/json"}
    answer = httpx.post(url, content=r'{"data": ["a\ud83d", ["gpt2"]]}', headers=json)
    # Refused or answered, but never a fault that goes on.
    assert answer.status_code < 500
    assert httpx.get(address).status_code == 200


@pytest.fixture
def page(address, browser):
    page, wrong, asked = browser.new_page(), [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator("[data-pick='0']").wait_for()
    page.wait_for_load_state("networkidle")
    yield page
    page.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def box_of(page):
    return page.get_by_role("textbox", name="Text")


def test_the_picture_follows_while_somebody_types(page):
    box_of(page).fill("")
    box_of(page).press_sequentially("Köln 12", delay=10)
    page.get_by_text("7 characters, 8 bytes").wait_for()
    page.get_by_text("7 characters: MiniLM (WordPiece) makes").first.wait_for()
    page.get_by_role("checkbox", name="GPT-2").uncheck()
    page.locator("small", has_text="GPT-2").wait_for(state="detached")
    assert box_of(page).input_value() == "Köln 12"


def test_characters_are_picked_by_keyboard(page):
    page.locator("[data-pick='0']").focus()
    page.keyboard.press("ArrowRight")
    readout = page.locator(".course-readout")
    assert "o U+006F" in readout.inner_text()
    assert page.locator(".is-linked").count() == 5  # itself, and a token in each lane
    page.keyboard.press("Enter")
    page.get_by_text("At o: MiniLM").first.wait_for()
    focused = page.evaluate("document.activeElement.dataset.pick")
    assert focused == "1"  # though the picture was drawn anew


def test_an_example_is_cut_at_once(page):
    page.get_by_role("button", name="Donaudampf").click()
    page.get_by_text("60 characters, 60 bytes").wait_for()


def test_hostile_text_stays_text(page):
    box_of(page).fill(HOSTILE)
    page.get_by_text(f"{len(HOSTILE)} characters:").first.wait_for()
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0


def test_what_is_too_long_is_said(page):
    box_of(page).fill("x" * 5_001)
    page.get_by_text("at most 5,000 are cut here").wait_for()


def test_nothing_serious_for_axe_on_a_telephone_in_german(browser):
    from axe_playwright_python.sync_playwright import Axe

    with serve_page(build_page, Context(say=Say("de"))) as address:
        viewport = {"width": 390, "height": 800}
        page = browser.new_page(viewport=viewport, color_scheme="dark")
        page.goto(f"{address}/?__theme=dark")
        page.locator("[data-pick='0']").wait_for()
        page.get_by_text("Zeichen pro Token").wait_for()
        found = Axe().run(page).response["violations"]
        serious = [v for v in found if v["impact"] in ("serious", "critical")]
        wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        page.close()
    assert serious == []
    assert wide <= room
