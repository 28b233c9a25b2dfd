"""About; its examples are run. Alone: pytest tests/course/demo/test_about.py."""

import ast
import html
import inspect
import json
import os
import re
import subprocess
import sys

import pytest
from demo_runs import make_run

from course import runs
from course.assets.registry import ASSETS
from course.demo.about import (
    ADDRESS,
    CALLS,
    curl_example,
    public_names,
    python_example,
    render_card,
    render_examples,
    render_licences,
)
from course.demo.launch import runtime_folder, serve
from course.demo.messages import LANGUAGES, Say
from course.demo.options import Options, find_port
from course.demo.pages import build_demo

ROOT = runs.ADAPTERS.parent.parent


@pytest.fixture(scope="module")
def address(tmp_path_factory, tiny_model_dir):
    """The address of a running demo with a small random model called sentiment."""
    folder = tmp_path_factory.mktemp("about")
    make_run(folder / "runs" / "sentiment", tiny_model_dir)
    (folder / "adapters").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_RUNS", str(folder / "runs"))
        patch.setattr(runs, "ADAPTERS", folder / "adapters")
        with runtime_folder():
            demo, options = build_demo(), Options()
            yield serve(demo, options, find_port(options.host)).rstrip("/")
            demo.close(verbose=False)


def run(command, **options):
    environment = os.environ | {"no_proxy": "127.0.0.1", "GRADIO_TEMP_DIR": os.getcwd()}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=environment, **options
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", CALLS)
def test_the_printed_curl_lines_work(address, name):
    output = run(["bash", "-c", curl_example(address, name, CALLS[name])])
    assert "event: complete" in output
    [answer] = json.loads(output.strip().rsplit("data: ", 1)[1])
    assert answer


@pytest.mark.parametrize("name", CALLS)
def test_the_printed_python_lines_work(address, name):
    output = run([sys.executable, "-c", python_example(address, name, CALLS[name])])
    answer = output.strip().splitlines()[-1]
    assert len(answer) > 2
    if name != "generate":
        assert isinstance(ast.literal_eval(answer), dict)


def test_every_endpoint_has_an_example_with_all_its_arguments(places):
    demo = build_demo()
    assert set(public_names(demo)) == set(CALLS)
    for fn in demo.fns.values():
        if fn.api_visibility == "public":
            parameters = list(inspect.signature(fn.fn).parameters)
            parameters = [name for name in parameters if name != "request"]
            assert list(CALLS[fn.api_name]) == parameters


def test_examples_are_shown_as_they_are_run():
    page = render_examples("http://a:1", ["classify", "unheard of"], Say())
    codes = [
        html.unescape(code) for code in re.findall("<code>(.*?)</code>", page, re.S)
    ]
    arguments = ("http://a:1", "classify", CALLS["classify"])
    assert codes == [curl_example(*arguments), python_example(*arguments)]
    assert "auth=" not in page
    page = render_examples("http://a:1", ["classify"], Say(), user='"><b>')
    assert "auth=" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("http://127.0.0.1:7860", True),
        ("https://0123.gradio.live", True),
        ("http://[::1]:7860/user/ana/proxy/7860", True),
        ("http://a;rm -rf", False),
        ("http://a/$(reboot)", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_an_address_is_printed_into_a_command(address, good):
    assert bool(ADDRESS.fullmatch(address)) is good


def test_a_card_brings_no_markup_and_no_link_along():
    card = "---\na: b\n---\n# T\n\n<img src=x onerror=1> [go](javascript:x) ## no\n## U"
    shown = render_card(card)
    assert shown.startswith("### T")
    assert shown.endswith("#### U")
    assert "<" not in shown
    assert "](" not in shown


def test_the_shipped_cards_keep_their_numbers():
    for card in runs.ADAPTERS.glob("*/README.md"):
        text = card.read_text(encoding="utf-8")
        shown = render_card(text)
        assert re.search(r"\| accuracy \| 0\.\d{3} \[", shown), card
        assert "library_name" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_licences_are_those_of_the_registry(language):
    table = render_licences(Say(language))
    for asset in ASSETS.values():
        for text in (asset.name, asset.package_licence, asset.data_licence):
            assert html.escape(text) in table
    assert table.count("<tr>") == len(ASSETS) + 1
