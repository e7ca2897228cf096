"""A server with sign-in, people who use it, and a clock that tests turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from tests.doors.web.signin.browser import Browser

from visiontools.doors.cli.people import opened_database
from visiontools.doors.web.signin.passwords import hashed
from visiontools.doors.web.signin.reception import Parts
from visiontools.settings import Settings
from visiontools.store.users import Users
from visiontools.testing.provider import IdentityProvider
from visiontools.testing.site import Site

PASSWORD = "correct horse battery staple"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """Stands still unless it is told; ``ahead`` is in seconds."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._began = time.time()

    def __call__(self) -> float:
        return self._began + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Iterator[IdentityProvider]:
    with IdentityProvider() as server:
        server.now = clock
        yield server


Serve = Callable[..., Site]


@pytest.fixture
def serve(home: Path, clock: Clock) -> Iterator[Serve]:
    """Serve with these settings of the web application.

    ``parts`` are put in others' places, ``change`` is done to the application before it serves.
    """
    with ExitStack() as stack:

        def serve_site(
            parts: dict[str, Any] | None = None,
            change: Callable[[FastAPI], None] = lambda app: None,
            **web: Any,
        ) -> Site:
            site = Site(Settings(web=web))
            change(site.app)
            made = replace(Parts(clock=clock, argon2=CHEAP), **(parts or {}))
            site.app.state.sign_in_parts = made
            return stack.enter_context(site)

        yield serve_site


@pytest.fixture
def browsers() -> Iterator[Callable[[Site], Browser]]:
    """A browser with no cookies yet, which follows nothing by itself."""
    with ExitStack() as stack:
        yield lambda site: stack.enter_context(Browser(base_url=site.url, timeout=30))


@pytest.fixture
def add(home: Path) -> Callable[..., None]:
    """Let these people sign in by password."""

    async def added(names: tuple[str, ...]) -> None:
        async with opened_database(Settings()) as database:
            for name in names:
                await Users(database).add(name, hashed(PASSWORD, CHEAP))

    return lambda *names: asyncio.run(added(names))
