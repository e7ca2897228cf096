"""Fetching what an identity provider publishes: JSON, from its own addresses, of a sane size."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from visiontools.errors import UnreachableError

TIMEOUT_S = 10
LARGEST = 500_000
"""Bytes of an answer; discovery documents and key sets have a few thousand."""
FRESH_S = 3600
_AGAIN_S = 60
"""Seconds before a key nobody knows, or a failure, makes us ask again."""
_FAILED_S = 5
"""Seconds in which nobody else waits for what has just failed."""
_STALE_S = 24 * 3600
"""How long what was fetched is used while it cannot be fetched anew."""

Clock = Callable[[], float]


def http_client() -> httpx2.AsyncClient:
    """A client that follows no redirects: the provider's own addresses are asked, nobody else."""
    return httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)


async def fetched(http: httpx2.AsyncClient, request: httpx2.Request) -> tuple[int, Any]:
    """Status and JSON of the answer; None where it is none.

    Raises UnreachableError where none comes, or one without an end.
    """
    host = request.url.host
    try:
        response = await http.send(request, stream=True)
        try:
            body = b""
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST:
                    raise unreachable(host, "its answer has no end")
        finally:
            await response.aclose()
    except httpx2.HTTPError as error:
        raise unreachable(host, type(error).__name__) from None
    try:
        return response.status_code, json.loads(body)
    except ValueError:
        return response.status_code, None


async def document(http: httpx2.AsyncClient, url: str) -> dict[str, Any]:
    """A JSON object. Raises UnreachableError."""
    status, found = await fetched(http, http.build_request("GET", url))
    if status != 200 or not isinstance(found, dict):
        told = "no JSON object" if status == 200 else f"status {status}"
        raise unreachable(urlsplit(url).hostname or url, told)
    return found


def unreachable(host: str, why: str) -> UnreachableError:
    """What people are told where the provider does not play its part."""
    return UnreachableError(
        f"The identity provider at {host} cannot be used just now ({why}).",
        next="Try again in a minute; if it stays so, tell whoever runs this server.",
    )


class Published:
    """Something fetched once an hour, and used for a day where it cannot be had anew."""

    def __init__(self, fetch: Callable[[], Awaitable[Any]], clock: Clock) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = asyncio.Lock()
        self._have: Any = None
        self._at = self._tried = float("-inf")
        self._failure: UnreachableError | None = None

    async def __call__(self, *, newer: bool = False) -> Any:
        """What was fetched; ``newer`` fetches it again unless that was done a minute ago.

        Raises UnreachableError where there is nothing.
        """
        async with self._lock:
            now = self._clock()
            wanted = newer or now - self._at >= FRESH_S
            usable = self._have is not None and now - self._at < _STALE_S
            if not wanted or (usable and now - self._tried < _AGAIN_S):
                return self._have
            if self._failure is not None and now - self._tried < _FAILED_S:
                raise self._failure
            self._tried = now
            try:
                self._have, self._at, self._failure = await self._fetch(), now, None
            except UnreachableError as error:
                if not usable:
                    self._failure = error
                    raise
            return self._have


class Keys:
    """A provider's public keys; one that is new is asked for as soon as a token names it."""

    def __init__(
        self, http: httpx2.AsyncClient, url: Callable[[], Awaitable[str]], clock: Clock
    ) -> None:
        self._http, self._url = http, url
        self._published = Published(self._fetch, clock)

    async def __call__(self, kid: str | None) -> KeySet:
        """All of them, with that one among them if the provider has it."""
        keys: KeySet = await self._published()
        if kid is not None and all(key.kid != kid for key in keys):
            keys = await self._published(newer=True)
        return keys

    async def _fetch(self) -> KeySet:
        url = await self._url()
        found = await document(self._http, url)
        try:
            return KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError, AttributeError):
            raise unreachable(urlsplit(url).hostname or url, "its keys are none") from None
