"""One load: people who come evenly over some seconds, and what they meet."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
import socketio

from load_people import Person, Visit
from load_servers import Served


@dataclass(frozen=True)
class Size:
    """How many people over how many seconds.

    ``patience_s`` is what each of them waits at most, ``settled_s`` how long after them the memory
    is looked at.
    """

    people: int
    beside_large: int
    large: int
    over_s: float
    upload_s: float
    delay_ms: float
    patience_s: float
    settled_s: float


@dataclass(frozen=True)
class Met:
    """What the people of one load met, and what of a core they, server and worker took."""

    visits: list[Visit]
    own_cpu: float
    server_cpu: float
    workers_cpu: float

    @property
    def firsts(self) -> list[float]:
        """Seconds to the first event of the model's, sorted; infinite for who heard of none."""
        return sorted(v.first - v.began if v.first else math.inf for v in self.visits)

    @property
    def answered(self) -> int:
        return sum(visit.answered for visit in self.visits)

    @property
    def at_once(self) -> int:
        """The most runs that were under way together."""
        steps = [(v.began, 1) for v in self.visits] + [
            (v.ended or math.inf, -1) for v in self.visits
        ]
        now = most = 0
        for _, step in sorted(steps):
            now += step
            most = max(most, now)
        return most


async def load(
    server: Served, groups: Sequence[tuple[Person, list[bytes]]], size: Size
) -> list[Met]:
    """Have each group come, evenly over the time, and see what its people meet."""
    visits = [[Visit() for _ in pictures] for _, pictures in groups]

    async def come(person: Person, visit: Visit, picture: bytes, after_s: float) -> None:
        await asyncio.sleep(after_s)
        try:
            async with asyncio.timeout(size.patience_s):
                await person(visit, picture)
        except TimeoutError:
            visit.said = f"nothing within {size.patience_s:g} seconds"
        except (OSError, aiohttp.ClientError, socketio.exceptions.SocketIOError) as error:
            visit.said = f"{type(error).__name__}: {error}"

    began, before = time.perf_counter(), _cpu_s(server)
    await asyncio.gather(
        *(
            come(person, visit, picture, size.over_s * number / len(pictures))
            for (person, pictures), group in zip(groups, visits, strict=True)
            for number, (visit, picture) in enumerate(zip(group, pictures, strict=True))
        )
    )
    took = time.perf_counter() - began
    used = [(now - then) / took for now, then in zip(_cpu_s(server), before, strict=True)]
    return [Met(group, *used) for group in visits]


def _cpu_s(server: Served) -> tuple[float, float, float]:
    return time.process_time(), server.cpu_s(), server.workers_cpu_s()
