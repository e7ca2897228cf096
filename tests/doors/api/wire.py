"""What the tests of the API say and hear."""

from __future__ import annotations

from collections.abc import Callable

import httpx2

from visiontools.testing.site import Site

SEEN = {"things": [{"name": "apple", "count": 3}, {"name": "pear", "count": 1}]}
EVENTS = {"Accept": "text/event-stream"}

Client = httpx2.Client
Open = Callable[..., Site]
Ask = Callable[..., httpx2.Response]


def events(text: str) -> list[tuple[str, str]]:
    """The events of a stream as (name, data), comments left out."""
    found = []
    for block in text.split("\n\n"):
        lines = [line.partition(": ") for line in block.splitlines() if not line.startswith(":")]
        said = {name: value for name, _, value in lines}
        if said:
            found.append((said["event"], said["data"]))
    return found
