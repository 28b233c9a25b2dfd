"""The demo as programs, strangers and people meet it. Alone: pytest tests/test_app.py.

One server for the module, with a random model; people are played by Chromium.
"""

import os
import re
import runpy
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_runs import make_run
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import expect

import app
from course import runs
from course.demo import home
from course.demo.launch import runtime_folder, serve
from course.demo.messages import Say
from course.demo.options import Options, find_port
from course.demo.pages import PAGES

ROOT = Path(__file__).parent.parent
TEXT = "A warm, witty film."
HOSTILE = '<script>window.hit = 1</script><img src=x onerror="window.hit = 1">'
LONG = "film " * 200_000  # 1 MB


@pytest.fixture(scope="module")
def address(tmp_path_factory, tiny_model_dir):
    """The address of a running demo with two runs and no adapters."""
    folder = tmp_path_factory.mktemp("demo")
    make_run(folder / "runs" / "first", tiny_model_dir)
    labels = ["ham", "spam"]
    make_run(
        folder / "runs" / "second", tiny_model_dir, 86400, task="spam", labels=labels
    )
    (folder / "adapters").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_RUNS", str(folder / "runs"))
        patch.setattr(runs, "ADAPTERS", folder / "adapters")
        with runtime_folder():
            demo = app.build_demo()
            options = Options()
            yield serve(demo, options, find_port(options.host)).rstrip("/")
            demo.close(verbose=False)


@pytest.fixture(scope="module")
def client(address):
    return Client(address, verbose=False)


def test_the_offer_to_programs_stays_the_same(client):
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    offer = {
        name: {
            parameter["parameter_name"]: parameter["parameter_default"]
            for parameter in endpoint["parameters"]
        }
        for name, endpoint in endpoints.items()
    }
    assert offer == {
        "/classify": {"text": None, "model": "sentiment"},
        "/explain": {
            "text": None,
            "model": "sentiment",
            "method": "partition",
            "target": "",
        },
        "/generate": {
            "prompt": None,
            "max_new_tokens": 60,
            "temperature": 0.8,
            "top_k": 50,
            "top_p": 0.95,
            "seed": 0,
            "chat": False,
            "model": "smollm2",
        },
        "/tokenize": {"text": None, "tokenizers": None},
        "/evaluate": {"model": None, "csv": ""},
    }
    methods = endpoints["/explain"]["parameters"][2]["type"]["enum"]
    assert methods == ["partition", "exact", "lime", "integrated_gradients"]
    assert endpoints["/classify"]["description"].startswith("Label a text")
    assert all(endpoint["description"] for endpoint in endpoints.values())


def test_a_program_classifies(client):
    answer = client.predict(TEXT, "first", api_name="/classify")
    assert set(answer) == {
        *("label", "confidence", "probabilities", "truncated", "max_length")
    }
    assert answer["label"] in {"negative", "positive"}


def test_a_program_explains(client):
    answer = client.predict(TEXT, "second", "exact", "spam", api_name="/explain")
    assert answer["tokens"] == ["A", "warm", ",", "witty", "film", "."]
    assert (answer["target"], answer["complete"]) == ("spam", True)


@pytest.mark.parametrize(
    ("text", "model", "message"),
    [
        (LONG, "first", "1,000,000 characters, at most 10,000"),
        ("", "first", "text is empty"),
        (TEXT, "/etc/passwd", "Unknown model 'passwd'"),
        (TEXT, 7, "Unknown model '7'"),
        (7, "first", "int came where a text"),
    ],
)
def test_a_program_is_told_its_mistake_in_one_line(client, text, model, message):
    start = time.perf_counter()
    with pytest.raises(AppError, match=message) as caught:
        client.predict(text, model, api_name="/classify")
    assert "\n" not in str(caught.value)
    assert time.perf_counter() - start < 3  # of which the queue takes most


def test_a_fault_of_the_kit_keeps_its_details_to_itself(client, monkeypatch):
    def fail(models, name):
        raise RuntimeError("/home/ana/secret")

    monkeypatch.setattr("course.demo.models.LoadedModels.get", fail)
    with pytest.raises(AppError) as caught:
        client.predict(TEXT, "first", api_name="/classify")
    assert "ana" not in str(caught.value)


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=/etc/passwd",
        "gradio_api/file=..%2f..%2f..%2fetc/passwd",
        f"gradio_api/file={ROOT / 'app.py'}",
        "gradio_api/file=app.py",
        "gradio_api/file/app.py",
        "gradio_api/proxy=http://127.0.0.1:9/",
        "file=app.py",
        "static/..%2f..%2f..%2f..%2fapp.py",
        "monitoring",
    ],
)
def test_no_file_leaves_this_machine(address, path):
    answer = httpx.get(f"{address}/{path}")
    assert answer.status_code in {403, 404}
    assert "Importing this file" not in answer.text


def test_no_file_is_left_on_this_machine(address):
    answer = httpx.post(
        f"{address}/gradio_api/upload", files={"files": ("x.html", b"<p>")}
    )
    assert answer.status_code == 403
    left = Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*")
    assert [path for path in left if path.is_file()] == []


def call(address, body, **headers):
    url = f"{address}/gradio_api/call/classify"
    headers["content-type"] = "application/json"
    return httpx.post(url, content=body, headers=headers)


def test_pages_of_other_sites_cannot_ask(address):
    body = '{"data": ["A text.", "first"]}'
    assert call(address, body, origin="http://evil.example").status_code == 403
    assert call(address, body, origin="null").status_code == 403
    assert call(address, body, origin=address).status_code == 200
    answer = httpx.get(f"{address}/config", headers={"origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_huge_request_is_refused_unread(address):
    assert call(address, b"x" * 2_000_001).status_code == 413


# People


@pytest.fixture
def visit(address, browser):
    """Open a page as a visitor does; afterwards, nothing must have gone wrong."""
    contexts, requests, complaints = [], [], []

    def open_page(width=1200, theme="light", tab="Classify"):
        viewport = {"width": width, "height": 850}
        context = browser.new_context(viewport=viewport, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: line.type == "error" and complaints.append(line.text),
        )
        page.goto(address)
        # The last of the pages' first questions is answered when the table is there.
        page.get_by_text("Models in memory").wait_for()
        if tab:
            page.get_by_role("tab", name=tab).click()
            text_box(page).wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    own = (address, "data:", "blob:")
    outside = [url for url in requests if not url.startswith(own)]
    assert outside == []


def text_box(page):
    return page.get_by_role("textbox", name="Text").locator("visible=true")


def wait_for_answer(page):
    page.get_by_test_id("label-output-value").wait_for()


def choose_tab(page, name):
    """Open a page of the demo, out of the menu where there is no room for all tabs."""
    tab = page.get_by_role("tab", name=name, exact=True)
    if not tab.is_visible():
        page.locator(".overflow-menu > button").click()
        page.locator(".overflow-dropdown button", has_text=name).click()
        return
    tab.click()


def serious(page):
    """What axe-core finds serious or critical, one line for each."""
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def assert_no_sideways_scrolling(page):
    wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room


@pytest.mark.parametrize(("width", "theme"), [(1200, "light"), (390, "dark")])
def test_a_person_classifies_and_asks_why(visit, tmp_path, width, theme):
    page = visit(width, theme)
    page.get_by_role("button", name="Classify", exact=True).click()
    wait_for_answer(page)
    assert page.get_by_text("always the commonest label").is_visible()
    assert page.get_by_text("0.835").is_visible()
    page.screenshot(path=tmp_path / "classify.png", full_page=True)
    assert_no_sideways_scrolling(page)
    page.get_by_role("button", name="Why this answer?").click()
    page.get_by_text(re.compile("evaluations of the model")).wait_for()
    assert page.get_by_text("sum of the words").is_visible()
    page.screenshot(path=tmp_path / "explain.png", full_page=True)
    assert_no_sideways_scrolling(page)
    dark = page.evaluate("document.body.classList.contains('dark')")
    assert dark == (theme == "dark")


def test_hostile_text_stays_text(visit):
    page = visit()
    text_box(page).fill(HOSTILE)
    page.get_by_role("button", name="Classify", exact=True).click()
    wait_for_answer(page)
    page.get_by_role("button", name="Why this answer?").click()
    page.get_by_text(re.compile("evaluations of the model")).wait_for()
    assert page.locator("section span", has_text="onerror").count() >= 1
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0


def test_a_person_is_told_a_mistake_in_one_line(visit):
    page = visit()
    text_box(page).fill("x" * 10_001)
    page.get_by_role("button", name="Classify", exact=True).click()
    page.get_by_text("at most 10,000 are read here: shorten it.").wait_for()


def test_the_keyboard_is_enough(visit):
    page = visit()

    def reach(locator):
        for _ in range(40):
            page.keyboard.press("Tab")
            if locator.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"Tab never reaches {locator}")

    # Another model brings its own examples.
    reach(page.get_by_role("combobox", name="Model").locator("visible=true"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("WINNER")).wait_for()
    reach(text_box(page))
    page.keyboard.press("Control+A")
    page.keyboard.type("Free coffee!")
    page.keyboard.press("Shift+Enter")
    wait_for_answer(page)
    reach(page.get_by_role("button", name="Why this answer?"))
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("evaluations of the model")).wait_for()
    assert text_box(page).input_value() == "Free coffee!"
    reach(page.get_by_role("radio", name=re.compile("^partition")))
    page.keyboard.press("ArrowDown")
    reach(page.get_by_role("button", name="Explain", exact=True))
    page.keyboard.press("Space")
    page.get_by_text(re.compile("8 remembered|8 evaluations")).wait_for()


@pytest.mark.parametrize("step", home.WALK, ids=lambda step: step.name)
def test_the_walk_leads_to_each_page_with_its_text(visit, step):
    page = visit(tab=None)
    title = Say()(f"home.{step.name}")
    page.get_by_role("button", name=re.compile(rf"\d\. {title}")).click()
    expect(text_box(page).first).to_have_value(step.text)
    if step.page == "explain":
        page.get_by_text(re.compile("evaluations of the model")).wait_for()


def test_the_tabs_are_reached_by_keyboard(visit):
    page = visit(tab=None)
    page.get_by_role("tab", name="Home").focus()
    for name in ("Explain", "About"):
        for _ in range(20):
            page.keyboard.press("Tab")
            focused = page.evaluate("document.activeElement.innerText")
            if focused.strip() == name:
                break
        page.keyboard.press("Enter")
        chosen = page.get_by_role("tab", name=name, exact=True)
        expect(chosen).to_have_attribute("aria-selected", "true")


@pytest.mark.whole
@pytest.mark.parametrize(
    ("width", "theme"), [(1200, "light"), (1200, "dark"), (390, "light"), (390, "dark")]
)
def test_every_page_is_fit_to_be_read(visit, tmp_path, width, theme):
    page = visit(width, theme, tab=None)
    found = {}
    for name in PAGES:
        choose_tab(page, Say()(f"{name}.tab"))
        page.wait_for_timeout(700)  # what it draws when it is first seen
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert_no_sideways_scrolling(page)
        found[name] = serious(page)
    assert found == {name: [] for name in PAGES}


# The program


def start_app(folder, *flags):
    """Start app.py with no runs of its own; its first line of output tells where."""
    environment = os.environ | {
        "COURSE_RUNS": str(folder / "runs"),
        "TMPDIR": str(folder),
        "GRADIO_SHARE": "True",  # must not matter
    }
    return subprocess.Popen(
        [sys.executable, ROOT / "app.py", *flags],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_program_starts_asks_for_a_password_and_ends_clean(tmp_path):
    process = start_app(tmp_path, "--auth", "ana:secret", "--no-log")
    try:
        line = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
        assert httpx.get(f"{url}/config").status_code == 401
        login = {"username": "ana", "password": "secret"}
        assert httpx.post(f"{url}/login", data=login).status_code == 200
        assert len(list(tmp_path.glob("course-demo-*"))) == 1
    finally:
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert "gradio.live" not in output + errors
    assert list(tmp_path.glob("course-demo-*")) == []


def test_importing_app_loads_no_model_and_is_quick():
    code = (
        "import sys, time; start = time.process_time(); import app; "
        "took = time.process_time() - start; "
        "assert not {'torch', 'transformers', 'gradio'} & set(sys.modules); "
        "print(took)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert float(done.stdout) < 3, done.stderr


def test_the_reloader_starts_no_second_server(monkeypatch):
    started = []
    monkeypatch.setattr("course.demo.launch.main", lambda: started.append("again"))
    thread = threading.Thread(
        target=runpy.run_path, args=[ROOT / "app.py"], kwargs={"run_name": "__main__"}
    )
    thread.start()
    thread.join()
    assert started == []
    with pytest.raises(SystemExit):
        runpy.run_path(ROOT / "app.py", run_name="__main__")
    assert started == ["again"]


def test_a_fresh_start_answers_with_the_shipped_model(tmp_path):
    process = start_app(tmp_path, "--no-log")
    try:
        url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
        event = call(url, '{"data": ["A joy.", "sentiment"]}').json()["event_id"]
        answer = httpx.get(f"{url}/gradio_api/call/classify/{event}", timeout=120)
    finally:
        process.kill()
        process.communicate()
    assert '"label": "positive"' in answer.text


def test_demo_is_there_for_gradio():
    assert app.demo.title == "LLM teaching kit"
    with pytest.raises(AttributeError, match="has no 'dem'"):
        _ = app.dem
