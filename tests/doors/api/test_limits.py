"""What one request, one person and one process may take; held to before anything is kept of it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from typing import Any

from tests.doors.api.wire import Ask, Client, Open

from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site

_FORM = (
    b'--B\r\nContent-Disposition: form-data; name="picture"; filename="p.png"\r\n\r\n',
    b"\r\n--B--\r\n",
)


def _head(*more: str) -> bytes:
    lines = (
        "POST /api/v1/tools/shelf/runs HTTP/1.1",
        "Host: localhost",
        "Content-Type: multipart/form-data; boundary=B",
        *more,
    )
    return "\r\n".join((*lines, "", "")).encode()


def _spoken(site: Site, *sent: bytes) -> tuple[int, Any]:
    """Status and problem of what is sent byte by byte, whatever it says of itself."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
        for piece in sent:
            wire.sendall(piece)
        return _heard(wire)


def _heard(wire: socket.socket) -> tuple[int, Any]:
    file = wire.makefile("rb")
    status = int(file.readline().split()[1])
    length = 0
    while (line := file.readline().strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return status, json.loads(file.read(length))


def test_a_request_that_says_it_is_too_large_is_refused_unread(opened: Open) -> None:
    site = opened(max_request_bytes=10_000)
    status, problem = _spoken(site, _head("Content-Length: 10001"))
    assert (status, problem["type"]) == (413, "urn:visiontools:problem:too-large")
    assert "10,000 bytes" in problem["detail"]


def test_a_request_that_does_not_say_how_large_it_is_is_counted(opened: Open) -> None:
    site = opened(max_request_bytes=10_000)
    chunks = [b"7d0\r\n" + b"x" * 2000 + b"\r\n" for _ in range(6)]
    first = b"%x\r\n%s\r\n" % (len(_FORM[0]), _FORM[0])
    status, problem = _spoken(site, _head("Transfer-Encoding: chunked"), first, *chunks)
    assert (status, problem["type"]) == (413, "urn:visiontools:problem:too-large")


def test_a_request_longer_than_it_says_ends_where_it_said(opened: Open) -> None:
    site = opened(max_request_bytes=10_000)
    status, problem = _spoken(site, _head("Content-Length: 200"), _FORM[0], b"x" * 20_000)
    assert (status, problem["type"]) == (400, "urn:visiontools:problem:malformed")
    assert "ends before its last boundary" in problem["detail"]


def test_a_form_needs_no_line_end_after_its_last_boundary(
    opened: Open, model: ModelServer, png: bytes
) -> None:
    model.say({"things": [{"name": "apple", "count": 3}]})
    body = _FORM[0] + png + _FORM[1].rstrip()
    status, record = _spoken(opened(), _head(f"Content-Length: {len(body)}"), body)
    assert (status, record["outcome"]) == (200, "answered")


def test_an_upload_that_trickles_is_not_waited_for(opened: Open) -> None:
    site = opened(upload_timeout_s=0.1)
    status, problem = _spoken(site, _head("Content-Length: 5000"), _FORM[0])
    assert (status, problem["type"]) == (408, "urn:visiontools:problem:upload-too-slow")


def test_a_request_of_the_largest_size_is_taken(
    opened: Open, clients: Callable[[Site], Client], model: ModelServer, png: bytes, ask: Ask
) -> None:
    model.say({"things": [{"name": "apple", "count": 3}]})
    api = clients(opened(max_request_bytes=len(png) + 2000))
    assert ask(api).status_code == 200


def test_pictures_are_counted(opened: Open, clients: Callable[[Site], Client], png: bytes) -> None:
    api = clients(opened(max_pictures=2))
    files = [("picture", png)] * 3
    done = api.post("/api/v1/tools/shelf/runs", files=files)
    assert done.status_code == 422
    assert "3 pictures; 2 are the most" in done.json()["detail"]
    many = api.post("/api/v1/tools/shelf/runs", files=[("picture", png)] * 9)
    assert many.status_code == 400


def test_a_full_house_says_when_to_come_back(
    opened: Open, clients: Callable[[Site], Client], ask: Ask, model: ModelServer
) -> None:
    model.hang()
    site = opened(concurrent_runs=1)
    api = clients(site)
    asking = threading.Thread(target=ask, args=(clients(site),))
    asking.start()
    assert model.arrived.wait(30)
    refused = ask(api)
    assert refused.status_code == 503
    assert refused.json()["type"] == "urn:visiontools:problem:busy"
    assert int(refused.headers["retry-after"]) > 0
    assert "visiontools_runs_in_progress 1.0" in api.get("/metrics").text
    site.cancel()
    asking.join(30)
    assert "visiontools_runs_in_progress 0.0" in api.get("/metrics").text


def test_an_upload_takes_its_room_before_it_is_read(
    opened: Open, clients: Callable[[Site], Client], ask: Ask, model: ModelServer
) -> None:
    model.say({"things": [{"name": "apple", "count": 3}]})
    site = opened(concurrent_runs=1)
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
        wire.sendall(_head("Content-Length: 5000", "Expect: 100-continue"))
        assert wire.recv(100).startswith(b"HTTP/1.1 100")  # it is about to be read
        assert ask(clients(site)).status_code == 503


def test_a_persons_runs_are_rationed(
    opened: Open, clients: Callable[[Site], Client], ask: Ask, model: ModelServer
) -> None:
    model.say({"things": [{"name": "apple", "count": 3}]})
    api = clients(opened(runs_per_day=2))
    assert [ask(api).status_code for _ in range(2)] == [200, 200]
    refused = ask(api)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 3600
