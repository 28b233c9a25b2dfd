"""Size, origin and closed doors. Alone: pytest tests/course/demo/test_guard.py."""

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from course.demo.guard import HEADERS, Guard, is_closed, is_foreign
from course.demo.launch import LOCAL_NAMES
from course.demo.rate_limit import RateLimit


async def count(request: Request) -> JSONResponse:
    return JSONResponse({"bytes": len(await request.body())})


@pytest.fixture(scope="module")
def client():
    methods = ["GET", "POST", "DELETE"]
    behind = Starlette(routes=[Route("/{path:path}", count, methods=methods)])
    return TestClient(Guard(behind, max_body_bytes=1000), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/file=http://example.org/",
        "/gradio_api/proxy=http://example.org/",
        "//gradio_api//file=/etc/passwd",
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        "/gradio_api/process_recording",
        "/gradio_api/vibe-edit/",
        "/gradio_api/deep_link",
        "/file=/etc/passwd",
    ],
)
def test_what_only_files_need_is_closed(path):
    assert is_closed(path)


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/queue/join", "/assets/x"]
)
def test_the_page_is_open(client, path):
    assert not is_closed(path)
    assert client.get(path).json() == {"bytes": 0}


@pytest.mark.parametrize("path", ["file=/etc/passwd", "fi%6ce=..%2f..%2fetc/passwd"])
def test_a_closed_door_says_so(client, path):
    answer = client.get(f"/gradio_api/{path}")
    assert answer.status_code == 403
    assert "no files" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"host": "127.0.0.1:7860"}, False),
        ({"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}, False),
        ({"host": "x.gradio.live", "origin": "https://x.gradio.live"}, False),
        (
            {
                "host": "localhost",
                "x-forwarded-host": "a.org",
                "origin": "https://a.org",
            },
            False,
        ),
        ({"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:8888"}, True),
        ({"host": "127.0.0.1:7860", "origin": "http://evil.example"}, True),
        ({"host": "127.0.0.1:7860", "origin": "null"}, True),
        ({"host": "127.0.0.1", "origin": "http://127.0.0.1.evil.example"}, True),
    ],
)
def test_foreign_pages_are_told_by_their_origin(headers, foreign):
    assert is_foreign(Headers(headers)) is foreign


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_foreign_page_changes_nothing(client, method):
    answer = client.request(method, "/x", headers={"origin": "http://evil.example"})
    assert answer.status_code == 403
    assert client.request(method, "/x").status_code == 200


def test_bodies_up_to_the_limit_pass(client):
    assert client.post("/x", content=b"x" * 1000).json() == {"bytes": 1000}
    assert client.post("/x", content=b"x" * 1001).status_code == 413


def test_a_body_in_chunks_is_counted(client):
    chunks = [b"x" * 300] * 3
    assert client.post("/x", content=iter(chunks)).json() == {"bytes": 900}
    assert client.post("/x", content=iter(chunks + chunks)).status_code == 413


@pytest.mark.parametrize("length", ["-1", "many", ""])
def test_a_senseless_length_is_refused(client, length):
    answer = client.post("/x", headers={"content-length": length})
    assert answer.status_code == 413


def test_pages_are_told_to_stay_on_this_machine(client):
    headers = client.get("/").headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "default-src 'self'" in headers["Content-Security-Policy"]


@pytest.fixture
def hasty():
    """A client from elsewhere, of whom little is taken."""
    behind = Starlette(routes=[Route("/{path:path}", count, methods=["GET", "POST"])])
    limit = RateLimit(session=(1e-3, 2), address=(1e-3, 5), password=(1e-3, 1))
    guard = Guard(behind, limit=limit)
    return TestClient(guard, client=("192.0.2.7", 50000), base_url="http://demo")


def ask(client, session=None, path="/gradio_api/queue/join"):
    body = {"data": ['"session_hash":"forged"'], "session_hash": session}
    return client.post(path, json=body).status_code


def test_haste_is_answered_with_how_long_to_wait(hasty):
    assert [ask(hasty, "a") for _ in range(3)] == [200, 200, 429]
    answer = hasty.post("/gradio_api/queue/join", json={"session_hash": "a"})
    assert answer.headers["Retry-After"] == "1000"
    assert answer.json() == {"detail": "Too many requests: try again in 1000 s."}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_another_session_goes_on_until_the_address_is_used_up(hasty):
    assert [ask(hasty, "a") for _ in range(3)] == [200, 200, 429]
    assert [ask(hasty, name) for name in "bcd"] == [200, 200, 429]


def test_a_text_does_not_pass_for_a_session(hasty):
    assert [ask(hasty) for _ in range(3)] == [200, 200, 429]


def test_looking_is_never_too_much(hasty):
    assert {hasty.get("/config").status_code for _ in range(20)} == {200}


def test_passwords_are_counted_apart(hasty):
    assert [ask(hasty, path="/login") for _ in range(2)] == [200, 429]
    assert ask(hasty, path="/login/") == 429
    assert ask(hasty, "a") == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200),
        ("localhost", 200),
        ("[::1]:7860", 200),
        ("evil.example:7860", 403),
        ("127.0.0.1.evil.example", 403),
        ("", 403),
    ],
)
def test_another_name_does_not_lead_to_a_local_demo(host, status):
    behind = Starlette(routes=[Route("/", count)])
    local = TestClient(Guard(behind, hosts=LOCAL_NAMES))
    answer = local.get("/", headers={"host": host})
    assert answer.status_code == status
    assert status == 200 or "127.0.0.1" in answer.json()["detail"]
