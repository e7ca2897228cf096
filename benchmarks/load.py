"""Many people at once in one process of ``visiontools serve``, against a scripted model server.

200 people hand in a small picture each, over 10 seconds, at the workbench (a form and server-sent
events) and in the chat (its socket); the model takes longer than that for an answer, so that all
of them are at work at once. Measured is the time from handing in to the first event the model had
a part in, less the time the model server itself takes for it when nobody else asks. Both loads are
repeated for the memory that adds: PSS of the serving process and its picture worker. Beside them
stand 50 people at the workbench while ten pictures of a camera go up over slow lines, and, without
a bar, the 200 in a Chainlit chat whose handler blocks. A fresh server is asked once before anything
is measured. Those who ask are this process, whose own CPU is told; the servers are others. Linux
only. Exit status 1 over a bar.

    python benchmarks/load.py [--quick] [--only workbench large chat blocking]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import aiohttp

from load_crowd import Met, Size, load
from load_people import Chat, Person, Workbench, any_words, our_words
from load_pictures import large, small
from load_servers import Served, blocking, load_chat, scripted, visiontools
from overhead import ANSWER
from visiontools.answers.find import PartialReader

WORKBENCH_BAR_S = 1.0
CHAT_BAR_S = 2.0
MEMORY_BAR = 0.05
_THE_FIRST = 2**16 - 1

FULL = Size(200, 50, 10, over_s=10, upload_s=8, delay_ms=400, patience_s=60, settled_s=3)
QUICK = Size(10, 5, 2, over_s=0.4, upload_s=0.4, delay_ms=10, patience_s=20, settled_s=0.3)
_OWN_DELAYS = 3


async def own_delay(session: aiohttp.ClientSession, model: str) -> float:
    """Seconds the model server takes until an event can be made of what it said."""
    delays = []
    for _ in range(_OWN_DELAYS):
        began, reader = time.perf_counter(), PartialReader()
        asked = {"model": "scripted", "stream": True, "messages": []}
        async with session.post(f"{model}/chat/completions", json=asked) as answer:
            async for line in answer.content:
                if not line.startswith(b"data: {"):
                    continue
                said = json.loads(line.removeprefix(b"data: "))["choices"][0]["delta"]
                if reader.feed(said.get("content") or "") is not None:
                    delays.append(time.perf_counter() - began)
                    break
    return statistics.median(delays)


class Bench:
    """The measurements, each of a fresh server; what they found is printed as it comes."""

    def __init__(
        self, size: Size, folder: Path, model: str, session: aiohttp.ClientSession
    ) -> None:
        self.size, self.folder, self.model, self.session = size, folder, model, session
        self.own_s = math.nan
        self.held = True

    async def workbench(self) -> None:
        with self._served("workbench") as server:
            await self._twice(server, Workbench(self.session, server.url), WORKBENCH_BAR_S)

    async def chat(self) -> None:
        with self._served("chat") as server:
            person = Chat(self.session, load_chat(server), our_words)
            await self._twice(server, person, CHAT_BAR_S)

    async def large(self) -> None:
        size = self.size
        with self._served("large") as server:
            slow = Workbench(self.session, server.url, size.upload_s)
            quick = Workbench(self.session, server.url)
            await self._warm(server, quick)
            met, beside = await load(
                server,
                [
                    (quick, [small(number) for number in range(size.beside_large)]),
                    (slow, [large(number) for number in range(size.large)]),
                ],
                size,
            )
        self._tell(f"workbench beside {size.large} large", met, WORKBENCH_BAR_S)
        self._judge(
            f"the large ones: answered {beside.answered} of {size.large}",
            beside.answered == size.large,
        )

    async def blocking(self) -> None:
        with blocking(self.folder / "blocking", self.model) as server:
            person = Chat(self.session, server.url, any_words)
            (met,) = await load(server, [(person, self._pictures())], self.size)
        self._tell("blocking chat", met, None)

    def _served(self, name: str) -> AbstractContextManager[Served]:
        return visiontools(self.folder / name, self.model)

    def _pictures(self) -> list[bytes]:
        return [small(number) for number in range(self.size.people)]

    async def _warm(self, server: Served, person: Person) -> None:
        """Somebody is the first, and waits until the SDK is loaded and the worker started."""
        (met,) = await load(server, [(person, [small(_THE_FIRST)])], self.size)
        if not met.answered:
            raise SystemExit(f"A fresh server's first run was not answered: {met.visits[0].said}")

    async def _twice(self, server: Served, person: Person, bar_s: float) -> None:
        name = type(person).__name__.lower()
        await self._warm(server, person)
        memory = [server.memory_mb()]
        pictures = self._pictures()
        for turn in ("first", "second"):
            (met,) = await load(server, [(person, pictures)], self.size)
            self._tell(f"{name}, {turn} load", met, bar_s)
            await asyncio.sleep(self.size.settled_s)
            memory.append(server.memory_mb())
        before, first, second = memory
        added = second / first - 1
        self._judge(
            f"{name}: {before:.0f} MB before, {first:.0f} MB after the first load, "
            f"{second:.0f} MB after the second: {added:+.1%}, bar {MEMORY_BAR:+.0%}",
            added <= MEMORY_BAR,
        )

    def _tell(self, name: str, met: Met, bar_s: float | None) -> None:
        firsts = met.firsts
        median, late = (q - self.own_s for q in (_quantile(firsts, 0.5), _quantile(firsts, 0.95)))
        heard = sum(first < math.inf for first in firsts)
        told = (
            f"{name}: first event {_seconds(median)} above the model server's own "
            f"(95th percentile {_seconds(late)}); heard of {heard}, answered {met.answered} "
            f"of {len(firsts)}, {met.at_once} at once; CPU: server {met.server_cpu:.0%}, "
            f"its picture worker {met.workers_cpu:.0%}, those who ask {met.own_cpu:.0%} of a core"
        )
        for visit in met.visits:
            if not visit.answered:
                told += f"; one was told: {visit.said}"
                break
        if bar_s is None:
            print(f"{told}, no bar", flush=True)
        else:
            well = median <= bar_s and met.answered == len(firsts)
            self._judge(f"{told}, bar {bar_s} s", well)

    def _judge(self, told: str, well: bool) -> None:
        print(f"{told}: {'held' if well else 'MISSED'}", flush=True)
        self.held = self.held and well


def _quantile(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _seconds(value: float) -> str:
    return "never" if value == math.inf else f"{value:.2f} s"


async def bench(size: Size, chosen: Sequence[str]) -> bool:
    """Measure what was chosen; whether every bar held."""
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    with (
        tempfile.TemporaryDirectory() as folder,
        scripted(json.dumps(ANSWER), size.delay_ms) as model,
    ):
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            found = Bench(size, Path(folder), model, session)
            found.own_s = await own_delay(session, model)
            print(f"the model server's own delay: {found.own_s:.2f} s; load average {_busy()}")
            for name in chosen:
                await getattr(found, name)()
    print(f"load average at the end, with this one's own load: {_busy()}")
    return found.held


def _busy() -> str:
    return " ".join(f"{average:.2f}" for average in os.getloadavg())


KINDS = ("workbench", "large", "chat", "blocking")


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small load, to see that it works")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS)
    asked = parser.parse_args()
    held = asyncio.run(bench(QUICK if asked.quick else FULL, asked.only))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
