"""How many facts of a long thread are found: ten needles, from its first message to its last.

    python -m visiontools.evals.needles --endpoint NAME    a real model, as your settings name it
    python -m visiontools.evals.needles                    the scripted server, which finds them all

A needle is a decision in one message of a thread that else says nothing; it is found when the
answer has a decision whose quote holds its code. Against the scripted server the figures are
about the way the text takes, not about any model; the exit status is 1 where a needle is lost or a
bar is passed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer, Received
from visiontools.testing.script import Say
from visiontools.texts.tokens import most_tokens
from visiontools.types import Record, Request, Upload

DEPTHS = 10
MOST_COUNT_S, MOST_S, MOST_MB = 0.5, 5.0, 300
"""The bars of the scripted server: counting, the whole run, and the memory of both."""
_PEOPLE = ("Anna", "Tom", "Priya", "Jürgen", "Sofía")
_SMALL_TALK = (
    "The lift is out of order again, please take the stairs on the left.",
    "Thanks, that helps a lot. I will have another look at it after lunch.",
    "Has anybody seen my blue umbrella? I think I left it in the kitchen.",
    "The train was late this morning, so I joined the meeting from my seat.",
    "I liked the talk, although the second half went a little too fast for me.",
    "No news from my side; the report looks the same as it did last week.",
    "It rained all weekend here, but the garden was in need of it.",
)


@dataclass(frozen=True, slots=True)
class Needle:
    """A decision planted at a depth from 0 (the first message) to 1 (the last)."""

    depth: float
    code: str

    @property
    def text(self) -> str:
        return f"It is decided: the code of the archive is {self.code}."


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a run: how many needles by depth, and what it took."""

    found: dict[str, bool]
    tokens: int
    seconds: float
    count_seconds: float
    attempts: int
    peak_mb: float
    outcome: str


def thread(tokens: int, seed: int = 1) -> tuple[str, list[Needle]]:
    """A chat of about so many tokens by our own count, and the needles in it."""
    rng = random.Random(seed)
    lines: list[str] = []
    at = 0
    spent = 0.0
    while spent < tokens * 0.97:
        line = f"{_PEOPLE[at % len(_PEOPLE)]}: {rng.choice(_SMALL_TALK)}"
        spent += most_tokens(line) - 8
        lines.append(line)
        at += 1
    needles = [
        Needle(n / (DEPTHS - 1), f"{rng.randrange(10**5):05}-{rng.choice('ABCDEF')}")
        for n in range(DEPTHS)
    ]
    for needle in needles:
        place = round(needle.depth * (len(lines) - 1))
        lines[place] = f"{lines[place].partition(':')[0]}: {needle.text}"
    return "\n".join(lines), needles


def score(needles: Sequence[Needle], record: Record) -> dict[str, bool]:
    """Whether each needle was found, by its depth in percent."""
    decisions = record.answer["decisions"] if record.answer else []
    quotes = [str(point["quote"]) for point in decisions]
    return {f"{n.depth:.0%}": any(n.code in quote for quote in quotes) for n in needles}


async def run(settings: Settings, endpoint: str, tokens: int) -> Found:
    """Ask one endpoint about one thread."""
    text, needles = thread(tokens)
    began = time.perf_counter()
    counted = most_tokens(text)
    count_seconds = time.perf_counter() - began
    request = Request(
        "messages", (Upload(text.encode(), "thread.txt"),), endpoint=endpoint, again=True
    )
    began = time.perf_counter()
    async with Pipeline.open(settings) as pipeline:
        record = await pipeline.run(request).record()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Found(
        score(needles, record),
        counted,
        round(seconds, 2),
        round(count_seconds, 3),
        record.attempts,
        round(peak, 1),
        record.outcome.value,
    )


def finds_all(request: Received) -> Say:
    """What a model would say that misses nothing."""
    if "read in parts" in request.text:
        return Say(json.dumps({"summary": "Small talk, and codes of the archive."}))
    points = []
    for line in request.text.split("\n"):
        number, _, said = line.partition("] ")
        if "It is decided" in said and number[1:].isdecimal():
            quote = said.partition(": ")[2]
            points.append({"text": "A code.", "quote": quote, "message": int(number[1:])})
    return Say(json.dumps({"summary": "Small talk.", "decisions": points}))


async def scripted(tokens: int, context: int) -> Found:
    """The same against a server that answers at once."""
    with ModelServer() as server, tempfile.TemporaryDirectory() as folder:
        server.then(finds_all)
        box = Endpoint(url=server.url, model="scripted", vision=False, context=context)
        settings = Settings(data_folder=Path(folder), endpoints={"scripted": box})
        return await run(settings, "scripted", tokens)


def main() -> int:
    """Print the figures; 1 where the scripted server's needles were not all found."""
    parser = argparse.ArgumentParser(description="Needles in a long thread.")
    parser.add_argument("--endpoint", help="a model of your settings; else the scripted server")
    parser.add_argument("--tokens", type=int, default=182_000, help="by our own count")
    parser.add_argument("--context", type=int, default=8192, help="of the scripted server")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.endpoint:
        found = asyncio.run(run(Settings.load(), given.endpoint, given.tokens))
    else:
        found = asyncio.run(scripted(given.tokens, given.context))
    if given.json:
        print(json.dumps(asdict(found)))
    else:
        _show(found)
    return 0 if given.endpoint or holds(found) else 1


def holds(found: Found) -> bool:
    """Whether nothing was lost and every bar held."""
    quick = found.count_seconds < MOST_COUNT_S and found.seconds < MOST_S
    return all(found.found.values()) and quick and found.peak_mb < MOST_MB


def _show(found: Found) -> None:
    hits = sum(found.found.values())
    sys.stdout.write(
        f"{hits} of {len(found.found)} needles found "
        f"({', '.join(depth for depth, hit in found.found.items() if not hit) or 'none'} lost), "
        f"{found.outcome}\n{found.tokens} tokens counted in {found.count_seconds} s; "
        f"{found.attempts} questions in {found.seconds} s, {found.peak_mb} MB at most\n"
    )


if __name__ == "__main__":
    sys.exit(main())
