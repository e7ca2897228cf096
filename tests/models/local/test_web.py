"""What is fetched from where: schemes, redirects, and who sees the token."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from visiontools.errors import ServerFaultError, UsageError
from visiontools.models.local.web import Web, check
from visiontools.models.policy import FaultError


@pytest.mark.parametrize(
    "url", ["https://example.org/x", "http://localhost/x", "http://127.0.0.1:8/x", "http://[::1]/x"]
)
def test_https_and_this_machine_are_fetched_from(url: str) -> None:
    check(url)


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x", "http://192.168.0.2/x", "file:///etc/passwd", "ftp://127.0.0.1/", ""],
)
def test_nothing_else_is(url: str) -> None:
    with pytest.raises(UsageError, match="is not fetched"):
        check(url)


def test_a_stranger_may_not_send_us_to_this_machine() -> None:
    with pytest.raises(UsageError, match=r"https://example\.org/m sends us to this machine"):
        check("http://127.0.0.1:8080/admin", "https://example.org/m?key=secret")
    check("http://127.0.0.1:8080/y", "http://127.0.0.1:9090/x")


class _Server(http.server.ThreadingHTTPServer):
    seen: list[str | None]
    leads_to = ""


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        self.server.seen.append(self.headers["Authorization"])
        self.send_response(HTTPStatus.FOUND if self.server.leads_to else HTTPStatus.OK)
        self.send_header("Location", self.server.leads_to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def servers() -> Iterator[tuple[_Server, _Server]]:
    """Two origins of this machine."""
    both = [_Server(("127.0.0.1", 0), _Handler) for _ in range(2)]
    threads = [threading.Thread(target=each.serve_forever, args=(0.01,)) for each in both]
    for each, thread in zip(both, threads, strict=True):
        each.seen = []
        thread.start()
    yield both[0], both[1]
    for each, thread in zip(both, threads, strict=True):
        each.shutdown()
        thread.join()
        each.server_close()


def url_of(server: _Server) -> str:
    return f"http://127.0.0.1:{server.server_port}/x"


def test_the_token_is_for_its_home_alone(servers: tuple[_Server, _Server]) -> None:
    home, other = servers
    home.leads_to = url_of(other)
    with Web(url_of(home), "hf_secret") as web:
        web.page(url_of(home))
        web.page(url_of(other))
    assert (home.seen, other.seen) == (["Bearer hf_secret"], [None, None])


def test_a_circle_is_left(servers: tuple[_Server, _Server]) -> None:
    home, other = servers
    home.leads_to, other.leads_to = url_of(other), url_of(home)
    with Web() as web, pytest.raises(FaultError) as raised:
        web.page(url_of(home))
    assert isinstance(raised.value.error, ServerFaultError)
    assert "in a circle" in raised.value.error.what
    assert len(home.seen) + len(other.seen) < 10
