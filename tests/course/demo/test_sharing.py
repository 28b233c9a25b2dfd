"""How others find the demo. Alone: pytest tests/course/demo/test_sharing.py."""

import http.server
import socket
import threading
import time

import pytest
import segno

from course.demo import sharing
from course.demo.options import Options
from course.demo.sharing import (
    announce,
    announce_link,
    answers,
    lan_address,
    link_answers,
    qr_code,
    share_server_answers,
)

LINK = "https://0123456789abcdef.gradio.live"


@pytest.fixture
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def page(no_proxy):
    """The address of a page that fails twice before it answers."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200 if len(asked) > 2 else 502)
            self.end_headers()
            self.wfile.write(b"x")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_link_is_asked_until_it_answers(page):
    assert not answers(page, 5)
    assert link_answers(page, 10, pause=0.05)


def test_a_link_that_fails_is_given_up(page):
    start = time.perf_counter()
    assert not link_answers(page + "x", 0.2, pause=0.15)
    assert time.perf_counter() - start < 2


def test_what_never_answers_is_not_waited_for(monkeypatch):
    hanging = threading.Event()

    def hang(*_, **__):
        hanging.wait()
        raise OSError("no answer")

    monkeypatch.setattr(sharing.urllib.request, "urlopen", hang)
    start = time.perf_counter()
    assert not share_server_answers(seconds=0.2)
    assert time.perf_counter() - start < 2
    hanging.set()


def test_without_network_there_is_no_share_server(network_attempts, no_proxy):
    assert not share_server_answers(seconds=5)
    assert "api.gradio.app" in network_attempts.pop()


def test_without_a_way_out_the_first_network_counts(network_attempts, monkeypatch):
    def address(family, address):
        return type("Known", (), {"family": family, "address": address})

    known = {
        "lo": [address(socket.AF_INET, "127.0.0.1")],
        "down": [address(socket.AF_INET, "10.0.0.1")],
        "wlan": [
            address(socket.AF_INET6, "fe80::1"),
            address(socket.AF_INET, "169.254.3.4"),
            address(socket.AF_INET, "192.168.0.7"),
        ],
    }
    states = {name: type("State", (), {"isup": name != "down"}) for name in known}
    monkeypatch.setattr(sharing.psutil, "net_if_addrs", lambda: known)
    monkeypatch.setattr(sharing.psutil, "net_if_stats", lambda: states)
    assert lan_address() == "192.168.0.7"
    del known["wlan"]
    assert lan_address() is None
    network_attempts.clear()


def squares(drawing):
    """The dark squares of a drawing, row by row."""
    rows = []
    for line in drawing.splitlines():
        line = line.removeprefix("\x1b[30;107m").removesuffix("\x1b[0m")
        rows.append([mark in "▀█" for mark in line])
        rows.append([mark in "▄█" for mark in line])
    return rows


@pytest.mark.parametrize("text", ["http://192.168.0.7:7860/", LINK])
def test_a_code_is_drawn_square_by_square(text):
    rows = squares(qr_code(text))
    matrix = segno.make_qr(text).matrix
    size = len(matrix)
    assert len(rows[0]) == size + 8
    inner = [row[4:-4] for row in rows[4 : 4 + size]]
    assert inner == [[bool(dark) for dark in row] for row in matrix]
    around = rows[:4] + rows[4 + size :]
    assert not any(any(row) for row in around)
    assert not any(any(row[:4] + row[-4:]) for row in rows)


def test_a_local_demo_is_announced_in_one_line(capsys):
    announce(Options(), "http://127.0.0.1:7860/", 7860)
    assert capsys.readouterr().out.count("\n") == 1


def test_on_the_network_its_address_and_a_code_are_shown(capsys, monkeypatch):
    monkeypatch.setattr(sharing, "lan_address", lambda: "192.168.0.7")
    announce(Options(host="0.0.0.0"), "http://localhost:7860/", 7860)
    output = capsys.readouterr().out
    assert "http://192.168.0.7:7860/ (unencrypted)" in output
    assert "Everyone on this network can use it: add --auth" in output
    assert qr_code("http://192.168.0.7:7860/") in output
    auth = ("ana", "secret")
    announce(Options(host="0.0.0.0", auth=auth), "http://localhost:7860/", 7860)
    assert "Everyone" not in capsys.readouterr().out
    announce(Options(host="192.168.0.7"), "http://192.168.0.7:7860/", 7860)
    assert "Everyone who reaches that address" in capsys.readouterr().out


def test_without_any_network_that_is_said(capsys, monkeypatch):
    monkeypatch.setattr(sharing, "lan_address", lambda: None)
    announce(Options(host="0.0.0.0"), "http://localhost:7860/", 7860)
    assert "on no network: nobody else reaches it" in capsys.readouterr().out


@pytest.mark.parametrize("found", [True, False])
def test_a_link_is_shown_with_its_code_and_tried(capsys, monkeypatch, found):
    monkeypatch.setattr(sharing, "link_answers", lambda url: found)
    announce_link(LINK)
    output = capsys.readouterr()
    assert f"everyone with the password reaches {LINK}" in output.out
    assert qr_code(LINK) in output.out
    assert ("The public link answers." in output.out) is found
    assert ("did not answer within 20 s" in output.err) is not found


def test_a_refused_link_leaves_the_network(capsys):
    announce_link(None)
    output = capsys.readouterr()
    assert output.out == ""
    assert "The local network is what remains" in output.err


def test_a_terminal_without_blocks_shows_none(monkeypatch, capsys):
    monkeypatch.setattr(sharing, "link_answers", lambda url: True)

    def qr(text):
        raise UnicodeEncodeError("ascii", "█", 0, 1, "cannot be shown")

    monkeypatch.setattr(sharing, "qr_code", qr)
    announce_link(LINK)
    assert "The public link answers." in capsys.readouterr().out
