"""How requests are signed: with nothing, with a key, or with what is fetched when it is needed.

A secret is read where it is used, kept in memory only, and never shown: no ``repr`` has it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

from visiontools.errors import ConfigurationError

T = TypeVar("T")


class Credentials(Protocol):
    """Signs the requests to one endpoint.

    Both methods may take as long as the question's deadline allows and never block the event
    loop. They raise FaultError, or ConfigurationError where nothing but the settings can help.
    """

    @property
    def advice(self) -> str:
        """What a person can do where the server refuses the signature; "" to leave it open."""

    async def headers(self) -> Mapping[str, str]:
        """The headers that sign a request; none where the endpoint takes no key."""

    async def renew(self, refused: Mapping[str, str]) -> bool:
        """Fetch anew what a server refused; whether there is anything else to sign with now."""


class Key:
    """A key that is known, or none."""

    def __init__(self, key: str | None, advice: str = "") -> None:
        self._headers = bearer(key) if key else {}
        self.advice = advice

    async def headers(self) -> Mapping[str, str]:
        return self._headers

    async def renew(self, refused: Mapping[str, str]) -> bool:
        return False


class FetchedKey:
    """A key kept somewhere else; fetched with the first question, and again where it is refused."""

    def __init__(self, fetch: Callable[[], Coroutine[Any, Any, str]], advice: str) -> None:
        self._fetch = Once(fetch)
        self._headers: Mapping[str, str] | None = None
        self.advice = advice

    async def headers(self) -> Mapping[str, str]:
        if self._headers is None:
            self._headers = bearer(await self._fetch.result())
        return self._headers

    async def renew(self, refused: Mapping[str, str]) -> bool:
        if self._headers == refused:
            self._headers = bearer(await self._fetch.result())
        return self._headers != refused


class Once(Generic[T]):
    """Work that many may ask for at the same time, and that is then done once for all of them.

    Who gives up waiting does not end it for the others.
    """

    def __init__(self, work: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._work = work
        self._running: asyncio.Task[T] | None = None

    async def result(self) -> T:
        """What comes of it: of the work under way, or else of new work."""
        return await asyncio.shield(self.begin())

    def begin(self) -> asyncio.Task[T]:
        """Have it under way, without waiting."""
        running = self._running
        if running is None or running.done() or running.get_loop() != asyncio.get_running_loop():
            self._running = running = asyncio.create_task(self._work())
            running.add_done_callback(_heard)
        return running


def _heard(task: asyncio.Task[Any]) -> None:
    """Nobody may be waiting any more: then its error is no news."""
    if not task.cancelled():
        task.exception()


def in_thread(work: Callable[[], T]) -> Awaitable[T]:
    """Do work that blocks in a thread of its own, which holds up neither the loop nor the exit.

    The default executor's threads are waited for when the loop closes, however long they hang.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return  # nobody waits any more
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, failed = None, None
        try:
            result = work()
        except Exception as error:
            failed = error
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, name="visiontools-credentials", daemon=True).start()
    return future


def bearer(key: str) -> Mapping[str, str]:
    """The header that carries a key."""
    return {"Authorization": f"Bearer {key}"}


def secret_of(headers: Mapping[str, str]) -> str:
    """The key in signed headers, so that it can be kept out of messages; "" without one."""
    return headers.get("Authorization", "").partition(" ")[2]


def checked(key: str, endpoint: str, where: str) -> str:
    """The key, unless no header can carry it: that is a ConfigurationError.

    ``where`` says where to mend it, never what it is.
    """
    if not (key and key.isascii() and key.isprintable()):
        raise ConfigurationError(
            f"The key of endpoint '{endpoint}' has characters no key has.",
            next=f"Set {where} again, without line breaks.",
        )
    return key
