"""Callers in one batch. Alone: pytest tests/course/demo/test_batching.py."""

import asyncio
import threading

import gradio as gr
import httpx
import pytest
from demo_page import serve_page

from course.demo.batching import MOST_AT_ONCE, batched
from course.errors import CourseError

WAIT = 10  # seconds, at most


class Shop:
    """Answers batches; the first waits until the test has sent what is to follow."""

    def __init__(self):
        self.sizes, self.begun, self.go = [], threading.Event(), threading.Event()

    def __call__(self, words, counts):
        self.begun.set()
        assert self.go.wait(WAIT)
        self.sizes.append(len(words))
        return [
            CourseError(f"{word} is <bad>.") if word.startswith("bad") else word * count
            for word, count in zip(words, counts, strict=True)
        ]


def repeat(word: str, count: int = 2) -> str:
    """Repeat a word."""


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def address(shop):
    def build(blocks, context):
        gr.api(
            batched(shop, repeat),
            api_name="repeat",
            concurrency_limit=MOST_AT_ONCE,
        )

    with serve_page(build) as address:
        yield address


async def post(client, *data):
    answer = await client.post("/repeat", json={"data": data})
    return answer.json()["event_id"]


async def read(client, event_id):
    return (await client.get(f"/repeat/{event_id}")).text


def ask_after_another(address, shop, questions):
    """Return the answers to questions that come while the first is being answered."""

    async def ask():
        url = f"{address}/gradio_api/call"
        async with httpx.AsyncClient(base_url=url, timeout=WAIT) as client:
            ids = [await post(client, "first", 1)]
            await asyncio.to_thread(shop.begun.wait, WAIT)
            ids += [await post(client, *question) for question in questions]
            shop.go.set()
            answers = await asyncio.gather(*(read(client, id) for id in ids))
            return answers[1:]

    return asyncio.run(ask())


def test_who_waits_is_answered_together_and_refused_alone(address, shop):
    questions = [("a", 3), ("bad one", 2), ("b", 2), ("bad two", 1)]
    answers = ask_after_another(address, shop, questions)
    # Gradio may bring the last of them a moment later.
    assert (shop.sizes[0], sum(shop.sizes)) == (1, 5)
    assert max(shop.sizes) > 1
    assert answers[0] == 'event: complete\ndata: ["aaa"]\n\n'
    assert answers[2] == 'event: complete\ndata: ["bb"]\n\n'
    for place, name in [(1, "bad one"), (3, "bad two")]:
        assert answers[place].startswith("event: error\n")
        assert f'"error": "{name} is &lt;bad&gt;."' in answers[place]
        assert answers[place].count("event:") == 1


def test_a_batch_of_bad_questions_is_refused_whole(address, shop):
    answers = ask_after_another(address, shop, [("bad one", 2), ("bad two", 2)])
    assert ["bad one" in answers[0], "bad two" in answers[1]] == [True, True]
    assert all(answer.startswith("event: error") for answer in answers)


def test_a_bad_question_alone_is_refused(address, shop):
    (answer,) = ask_after_another(address, shop, [("bad", 2)])
    assert "bad is &lt;bad&gt;." in answer


def test_who_sends_too_little_spoils_nobody_elses_answer(address, shop):
    answers = ask_after_another(address, shop, [("a", 3), (), ("b", 2)])
    assert answers[0] == 'event: complete\ndata: ["aaa"]\n\n'
    assert answers[1].startswith("event: error\n")
    assert answers[2] == 'event: complete\ndata: ["bb"]\n\n'


def test_more_than_a_pass_takes_wait_for_the_next():
    sizes = []

    def answer_all(words, counts):
        sizes.append(len(words))
        return words

    async def ask():
        answer = batched(answer_all, repeat)
        return await asyncio.gather(*(answer(str(n), 1) for n in range(70)))

    assert asyncio.run(ask()) == [str(n) for n in range(70)]
    assert sizes == [MOST_AT_ONCE, MOST_AT_ONCE, 70 - 2 * MOST_AT_ONCE]


def test_a_fault_is_told_to_all_and_the_next_pass_goes_on():
    def answer_all(words, counts):
        return [word / 1 for word in words] if "bad" in words else words

    async def ask():
        answer = batched(answer_all, repeat)
        failed = await asyncio.gather(
            answer("bad", 1), answer("good", 1), return_exceptions=True
        )
        return failed, await answer("good", 1)

    failed, after = asyncio.run(ask())
    assert [type(error) for error in failed] == [TypeError, TypeError]
    assert after == "good"


def test_who_leaves_is_not_waited_for():
    async def ask():
        answer = batched(lambda words, counts: words, repeat)
        first, second = (asyncio.ensure_future(answer(w, 1)) for w in "ab")
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(ask()) == "b"


def test_programs_see_one_question():
    answer = batched(lambda words, counts: words, repeat)
    assert answer.__doc__ == "Repeat a word."
    assert asyncio.run(answer("a", 1)) == "a"
