"""Fetching over HTTP: https, or http on this machine; a token goes to the host it is for alone."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx2

from visiontools.errors import (
    CredentialsError,
    OverloadedError,
    ServerFaultError,
    UnreachableError,
    UsageError,
    VisiontoolsError,
)
from visiontools.loopback import is_loopback
from visiontools.models.policy import FaultError, Policy, retry_after

_CONNECT_S = 15.0
_SILENT_S = 60.0
_MOST_HOPS = 6
_LARGEST_PAGE = 16 * 2**20
_LATER = (408, 425, 429, 500, 502, 503, 504)
_LONGEST_WAIT_S = 30.0


class Web:
    """A client that follows redirects itself, so as to choose what it sends where.

    ``token`` is sent to the origin ``home`` (scheme, host and port) and to no other. Raises
    FaultError (with ``retry`` where it may pass), or UsageError for a URL it will not fetch.
    """

    def __init__(
        self, home: str = "", token: str | None = None, policy: Policy | None = None
    ) -> None:
        self.token = token
        self._policy = policy or Policy()
        self._home = _origin(home) if home else None
        self._client = httpx2.Client(
            timeout=httpx2.Timeout(_SILENT_S, connect=_CONNECT_S),
            follow_redirects=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "visiontools"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page(self, url: str) -> tuple[bytes, Mapping[str, str]]:
        """A small body, and its headers with the next page's URL as ``next``; tries again."""
        retry = 0
        while True:
            try:
                return self._page(url)
            except FaultError as fault:
                retry += 1
                self.wait(fault, retry)

    def wait(self, fault: FaultError, retry: int) -> None:
        """Wait before retry number ``retry``; raises the fault where there is to be none."""
        if not fault.retry or retry > self._policy.retries:
            raise fault
        time.sleep(self._policy.wait(retry) if fault.after_s is None else fault.after_s)

    def _page(self, url: str) -> tuple[bytes, Mapping[str, str]]:
        with self.opened(url) as response:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _LARGEST_PAGE:
                    raise _broken(url, "sent a list without an end")
            return bytes(body), {**response.headers, "next": _next(response)}

    def size(self, url: str) -> int | None:
        """How many bytes are there, where the server says so without sending them."""
        with self.opened(url, method="HEAD") as response:
            length = response.headers.get("content-length", "")
            return int(length) if length.isdigit() else None

    @contextmanager
    def opened(
        self, url: str, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> Iterator[httpx2.Response]:
        """The response to a request, after redirects; an error status is a FaultError."""
        first = url
        try:
            for _ in range(_MOST_HOPS):
                check(url, first)
                request = self._client.build_request(
                    method, url, headers=self._headers(url, headers)
                )
                response = self._client.send(request, stream=True)
                try:
                    if 300 <= response.status_code < 400 and "location" in response.headers:
                        url = urljoin(url, response.headers["location"])
                        continue
                    if response.status_code >= 400 and response.status_code != 416:
                        raise _of_status(first, response, self.token is not None)
                    yield response
                    return
                finally:
                    response.close()
        except httpx2.InvalidURL:
            raise UsageError(f"'{_shown(url)}' is no URL.") from None
        except httpx2.TransportError as error:
            raise _of_transport(url, error) from None
        raise _broken(first, "sends us on in a circle")

    def _headers(self, url: str, given: Mapping[str, str] | None) -> dict[str, str]:
        headers = dict(given or {})
        if self.token and _origin(url) == self._home:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers


def check(url: str, first: str | None = None) -> None:
    """UsageError unless the URL is https, or http on this machine.

    ``first`` is where a chain of redirects began: a stranger may not send us to this machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        if first is None or is_loopback(urlsplit(first).hostname or ""):
            return
        raise UsageError(f"{_shown(first)} sends us to this machine, which is not followed.")
    raise UsageError(
        f"'{_shown(url)}' is not fetched: models come over https, or over http on this machine.",
        next="Write it like https://example.org/models/",
    )


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or usual


def _shown(url: str) -> str:
    """Without user, password and query: signed links carry a key there."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _next(response: httpx2.Response) -> str:
    found: dict[str, Any] = response.links.get("next", {})
    return str(found.get("url", ""))


def _of_status(url: str, response: httpx2.Response, with_token: bool) -> FaultError:
    status, where = response.status_code, _shown(url)
    error: VisiontoolsError
    if status in (401, 403):
        what = "will not give us" if with_token else "asks who we are before it gives us"
        error = CredentialsError(
            f"The server {what} {where} (HTTP {status}).",
            next="Fetch it by other means, and pull it from the folder it is in with --from.",
        )
    elif status in (404, 410):
        error = UsageError(f"There is nothing at {where}.", next="Check the name or the URL.")
    elif status in _LATER:
        after = retry_after(response.headers.get("retry-after"))
        error = OverloadedError(
            f"The server of {where} is overloaded or not ready (HTTP {status}).",
            next="Run the same command again later: it goes on where it stopped.",
        )
        wait = None if after is None else min(after, _LONGEST_WAIT_S)
        return FaultError(error, retry=True, after_s=wait)
    else:
        error = ServerFaultError(f"The server of {where} answered HTTP {status}.")
    return FaultError(error)


def _of_transport(url: str, error: httpx2.TransportError) -> FaultError:
    again = "Run the same command again: it goes on where it stopped."
    host = urlsplit(url).netloc.rpartition("@")[2]
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        return FaultError(
            UnreachableError(f"No connection to {host}.", next=f"Are you online? {again}"),
            retry=True,
        )
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.ProxyError):
        return FaultError(UnreachableError(f"No connection to {host}: {type(error).__name__}."))
    return FaultError(
        UnreachableError(f"The connection to {host} broke off.", next=again), retry=True
    )


def _broken(url: str, what: str) -> FaultError:
    return FaultError(ServerFaultError(f"The server of {_shown(url)} {what}."))
