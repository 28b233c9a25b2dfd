"""The demo's flags. Alone: pytest tests/course/demo/test_options.py."""

import importlib.util
import socket

import pytest

from course.demo.options import DEFAULT_PORT, Options, find_port, parse_options
from course.errors import CourseError


@pytest.fixture(autouse=True)
def no_password_around(monkeypatch):
    monkeypatch.delenv("COURSE_AUTH", raising=False)


@pytest.fixture
def taken():
    """A port on which somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_by_default_the_demo_is_for_this_machine_alone():
    options = parse_options([])
    assert options == Options("127.0.0.1", None, None, False, "en", True, True, False)
    assert options.local


def test_all_flags_at_once(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    flags = "--host 0.0.0.0 --port 80 --auth ana:a:b --share --language de --no-log"
    options = parse_options([*flags.split(), "--training", "--mcp"])
    auth = ("ana", "a:b")
    assert options == Options("0.0.0.0", 80, auth, True, "de", False, True, True)
    assert not options.local


@pytest.mark.parametrize(
    ("flags", "host", "training"),
    [
        ("", "127.0.0.1", True),
        ("--no-training", "127.0.0.1", False),
        ("--host localhost", "localhost", True),
        ("--host ::1", "::1", True),
        ("--host 0.0.0.0", "0.0.0.0", False),
        ("--host 0.0.0.0 --training", "0.0.0.0", True),
        ("--host 192.168.0.7", "192.168.0.7", False),
        # The network is what remains of a link that fails.
        ("--share --auth a:b", "0.0.0.0", False),
        ("--share --auth a:b --training", "0.0.0.0", True),
        ("--share --auth a:b --host 127.0.0.1", "127.0.0.1", False),
    ],
)
def test_strangers_do_not_train_unless_allowed(flags, host, training):
    options = parse_options(flags.split())
    assert (options.host, options.training) == (host, training)


def test_the_password_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("COURSE_AUTH", "ana:from the environment")
    assert parse_options(["--share"]).auth == ("ana", "from the environment")
    assert parse_options(["--auth", "eva:flag"]).auth == ("eva", "flag")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--share"], "needs a password: add --auth"),
        (["--sha"], "unrecognized arguments: --sha"),
        (["--port", "x"], "'x' is not a port"),
        (["--port", "0"], "'0' is not a port"),
        (["--port", "65536"], "'65536' is not a port"),
        (["--port", "-1"], "--port"),
        (["--auth", "ana"], "expects USER:PASSWORD"),
        (["--auth", "ana:"], "expects USER:PASSWORD"),
        (["--auth", ":secret"], "expects USER:PASSWORD"),
        (["--language", "fr"], "Unknown language 'fr'.*de, en|en, de"),
        (["--mcp"], "not installed: pip install 'gradio.mcp.'"),
        (["more"], "unrecognized arguments: more"),
    ],
)
def test_what_will_not_do_is_said_in_one_line(flags, message, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=message) as caught:
        parse_options(flags)
    assert "\n" not in str(caught.value)


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit) as ended:
        parse_options(["--help"])
    assert ended.value.code == 0
    assert "Example: course app --port" in capsys.readouterr().out


def test_a_wanted_port_is_taken_or_refused(taken):
    with pytest.raises(CourseError, match=f"Port {taken} cannot be used"):
        find_port("127.0.0.1", taken)


def test_without_a_wish_the_next_free_port_is_found(taken, monkeypatch):
    monkeypatch.setattr("course.demo.options.DEFAULT_PORT", taken)
    assert taken < find_port("127.0.0.1") < taken + 40
    assert DEFAULT_PORT == 7860


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "999.1.1.1"])
def test_an_address_of_another_machine_is_refused(host, monkeypatch):
    def look_up(name, *_, **__):
        if name == "192.0.2.1":
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (name, 0))]
        raise socket.gaierror("not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(CourseError, match="no address of this machine"):
        find_port(host)
