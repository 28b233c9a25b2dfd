"""The guards that keep tests on this machine. Alone: pytest tests/test_offline.py."""

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import offline
import pytest

FAR = ("192.0.2.1", 80)  # reserved for documentation: RFC 5737


def test_connect_outside_names_test_and_address(network_attempts):
    with (
        socket.socket() as far,
        pytest.raises(OSError, match=r"names_test_and_address.*192\.0\.2\.1.*offline"),
    ):
        far.connect(FAR)
    assert len(network_attempts) == 1
    network_attempts.clear()


@pytest.mark.parametrize(
    "leave",
    [
        lambda: socket.create_connection(FAR, timeout=1),
        lambda: socket.create_connection(("example.org", 80), timeout=1),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: socket.gethostbyname("example.org"),
        lambda: socket.socket().connect_ex(FAR),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", FAR),
        lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80, 0, 0)),
    ],
)
def test_every_way_out_is_refused(leave, network_attempts):
    with pytest.raises(offline.BlockedConnectionError):
        leave()
    assert network_attempts
    network_attempts.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_stays_open(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = threading.Thread(target=lambda: server.accept()[0].sendall(b"hello"))
        answer.start()
        port = server.getsockname()[1]
        with socket.create_connection((host, port), timeout=5) as near:
            assert near.recv(5) == b"hello"
        answer.join()


def test_unix_sockets_stay_open():
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"hello")
        assert right.recv(5) == b"hello"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.53", True),
        ("::1", True),
        (b"localhost", True),
        ("0.0.0.0", True),
        ("10.0.0.1", False),
        ("8.8.8.8", False),
        ("localhost.example.org", False),
    ],
)
def test_is_local(host, local):
    assert offline.is_local(host) is local


def test_other_programs_meet_a_dead_proxy():
    # Without the proxy this would be an unknown name.
    url = "http://example.invalid/"
    code = f"import urllib.request; urllib.request.urlopen({url!r}, timeout=5)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "Connection refused" in done.stderr


def test_own_servers_are_reached_without_the_proxy():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer():
            with server.accept()[0] as client:
                client.recv(1024)
                client.sendall(b"HTTP/1.0 204 No Content\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as reply:
            assert reply.status == 204
        thread.join()


def test_a_proxied_request_fails_with_an_error():
    # A new opener: `urlopen` keeps one with the proxies of its first call.
    opener = urllib.request.build_opener()
    with pytest.raises(urllib.error.URLError):
        opener.open("https://example.org/", timeout=5)


def test_each_session_has_its_own_runs_and_caches(pytestconfig):
    for name in ("COURSE_RUNS", "HF_HOME"):
        assert os.environ[name].startswith(str(pytestconfig.scratch))
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_torch_uses_one_thread():
    import torch

    assert torch.get_num_threads() == 1
