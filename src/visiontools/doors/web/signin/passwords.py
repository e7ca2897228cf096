"""Passwords: which are good enough, and whether one is right."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from visiontools.doors.api.problems import BUSY, ProblemError
from visiontools.errors import ConfigurationError, UsageError
from visiontools.translations import marked

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 1000
_AT_ONCE = 2
"""Each takes 64 MiB and a processor for some 50 ms."""
_MOST_WAITING = 20
T = TypeVar("T")


def checked(password: str) -> str:
    """The password, if it is good enough. Raises UsageError that says what it lacks."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"A password needs {SHORTEST} characters or more, and {LONGEST} at most.",
            next="Take four words nobody else would put together.",
        )
    if len(set(password)) < SHORTEST // 2:
        raise UsageError(
            "The password repeats the same few characters.",
            next="Take four words nobody else would put together.",
        )
    return password


def hasher() -> PasswordHasher:
    """Argon2id with the library's parameters (RFC 9106's for little memory)."""
    try:
        from argon2 import PasswordHasher
    except ModuleNotFoundError:
        raise ConfigurationError(
            "Passwords are not supported yet here.",
            next="Install it: pip install 'visiontools[web]'",
        ) from None
    return PasswordHasher()


def hashed(password: str, argon2: PasswordHasher | None = None) -> str:
    """What is kept of a password; it takes a moment."""
    return (argon2 or hasher()).hash(_plain(password))


class Passwords:
    """Hashes and verifies, a few at a time."""

    def __init__(self, argon2: PasswordHasher | None = None) -> None:
        self._argon2 = argon2 or hasher()
        self._nobodys = self._argon2.hash(secrets.token_hex())
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        return await self._slowly(lambda: hashed(password, self._argon2))

    async def right(self, password: str, kept: str | None) -> bool:
        """Whether that password was kept; ``None`` takes as long, and is never right."""
        if len(password) > LONGEST:
            password = ""
        return await self._slowly(lambda: self._verified(password, kept))

    def _verified(self, password: str, kept: str | None) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            right = self._argon2.verify(kept or self._nobodys, _plain(password))
        except (VerificationError, InvalidHashError):
            return False
        return right and kept is not None

    async def _slowly(self, work: Callable[[], T]) -> T:
        if self._waiting >= _MOST_WAITING:
            raise ProblemError(
                BUSY,
                marked("Too many people sign in at this moment."),
                marked("Try again in a few seconds."),
                retry_after=2,
            )
        self._waiting += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def _plain(password: str) -> str:
    """The same characters, however a keyboard composes them (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
