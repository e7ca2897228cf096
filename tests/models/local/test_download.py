"""One file, brought here: what an earlier pull left is used only for the same version."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from visiontools.errors import ServerFaultError, StorageError
from visiontools.models.local.download import Announced, Arrived, download
from visiontools.models.local.web import Web
from visiontools.models.policy import FaultError, Policy

OLD, NEW = b"old " * 5000, b"new " * 5000


class _Server(http.server.ThreadingHTTPServer):
    """Sends ``data`` under ``tag``; knows ranges, and If-Range as RFC 9110 has it."""

    data = OLD
    tag = ""
    stop_at: int | None = None
    ranges: list[str | None]


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        asked = self.headers["Range"]
        server.ranges.append(asked)
        same = self.headers["If-Range"] in (None, server.tag)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and same else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(server.data) - 1}/*")
        if server.tag:
            self.send_header("ETag", server.tag)
        self.send_header("Content-Length", str(len(server.data) - start))
        self.end_headers()
        self.wfile.write(server.data[start : server.stop_at])

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.ranges = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fetch(
    server: _Server, path: Path, sha256: str | None = None, size: int | None = None
) -> Arrived:
    with Web(policy=Policy(retries=0)) as web:
        url = f"http://127.0.0.1:{server.server_port}/m.gguf"
        return download(web, url, path, Announced(size, sha256), lambda _: None)


def broken_off(server: _Server, path: Path) -> None:
    server.stop_at = 8000
    with pytest.raises(FaultError):
        fetch(server, path)
    server.stop_at = None
    server.ranges.clear()


@pytest.mark.parametrize(
    ("tag", "now", "asked"),
    [
        ('"a"', '"a"', "bytes=8000-"),
        ('"a"', '"b"', "bytes=8000-"),
        ("", "", None),
        ('W/"a"', "", None),
    ],
)
def test_the_rest_is_put_behind_the_same_version_alone(
    server: _Server, tmp_path: Path, tag: str, now: str, asked: str | None
) -> None:
    server.tag = tag
    broken_off(server, tmp_path / "m.gguf")
    server.data, server.tag = OLD if tag == now else NEW, now
    arrived = fetch(server, tmp_path / "m.gguf")
    assert server.ranges == [asked]
    assert (tmp_path / "m.gguf").read_bytes() == server.data
    assert arrived == Arrived(len(server.data), hashlib.sha256(server.data).hexdigest())
    assert [path.name for path in tmp_path.iterdir()] == ["m.gguf"]


def test_a_known_checksum_makes_up_for_a_missing_name(server: _Server, tmp_path: Path) -> None:
    broken_off(server, tmp_path / "m.gguf")
    fetch(server, tmp_path / "m.gguf", hashlib.sha256(OLD).hexdigest())
    assert server.ranges == ["bytes=8000-"]


def test_a_file_longer_than_announced_is_not_taken(server: _Server, tmp_path: Path) -> None:
    with pytest.raises(FaultError) as raised:
        fetch(server, tmp_path / "m.gguf", size=100)
    assert isinstance(raised.value.error, ServerFaultError)
    assert "m.gguf is longer than announced" in raised.value.error.what
    assert not (tmp_path / "m.gguf").exists()


def test_a_disk_that_cannot_be_written_is_said(server: _Server, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        fetch(server, tmp_path / "missing" / "m.gguf")
