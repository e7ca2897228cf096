"""A keyring in memory, in place of the machine's own.

with Ring() as ring:
    ring.held["visiontools", "lab"] = "key"
"""

from __future__ import annotations

from typing import Self

import keyring
from keyring.backend import KeyringBackend


class Ring(KeyringBackend):
    """What was put into it is in ``held``; ``opened`` counts how often it was read."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}
        self.opened = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.opened += 1
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def __enter__(self) -> Self:
        self._before = keyring.get_keyring()
        keyring.set_keyring(self)
        return self

    def __exit__(self, *_: object) -> None:
        keyring.set_keyring(self._before)
