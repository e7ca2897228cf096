"""What the guard adds to a run: it may cost its second check, and no more.

Two scripted servers answer after fixed times: the model, and a Llama Guard that sees. Runs
without the guard, the guard's input and output checks alone, and guarded runs take turns within
one process. The figure is the median guarded run over what it cannot be quicker than: the longer
of the run without a guard and the input check, plus the output check, each by its own median. In
one case the model is slower than the guard, in the other the guard. Exit status 1 over the bar.

    python benchmarks/guard.py [--rounds 40] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from PIL import Image

from visiontools.guard.conversation import Conversation, Said
from visiontools.guard.llama_guard import LlamaGuard
from visiontools.guard.settings import GuardSettings
from visiontools.guard.words import words_of
from visiontools.models.endpoint import Endpoint
from visiontools.observers import make_client
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.types import Outcome, Picture, Record, Request, Source

BAR = 1.05
CASES = {"slow model": (300, 100), "slow guard": (100, 300)}
"""Milliseconds before the model's and before the guard's answer."""
ANSWER = {
    "picture": "fits",
    "products": [
        {
            "name": name,
            "rows": [
                {"nutrient": "energy", "amount": kcal, "unit": "kcal", "basis": "per_100ml"},
            ],
        }
        for name, kcal in (("Cola", 42), ("Iced tea", 19))
    ],
}
GUARD = GuardSettings(endpoint="guard", model="llama-guard-3-11b-vision")


@contextmanager
def server(answer: str, delay_ms: int) -> Iterator[str]:
    """A scripted server in a process of its own; gives its URL."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(answer)
        file.flush()
        asked = ["--port", "0", "--delay-ms", str(delay_ms), "--answer", file.name]
        command = [sys.executable, "-m", "visiontools.testing.model_server", *asked]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert running.stdout is not None
            yield running.stdout.readline().strip()
        finally:
            running.terminate()
            running.wait()


async def bench(model: str, guard: str, rounds: int) -> dict[str, float]:
    """Median milliseconds of each side."""
    endpoints = {
        "box": Endpoint(name="box", url=model, model="scripted"),
        "guard": Endpoint(name="guard", url=guard, model="scripted"),
    }
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        bare, guarded = [
            await stack.enter_async_context(
                Pipeline.open(
                    Settings(
                        data_folder=Path(folder) / name,
                        reuse=False,
                        endpoints=endpoints,
                        guard=settings,
                    )
                )
            )
            for name, settings in (("bare", None), ("guarded", GUARD))
        ]
        client = make_client(endpoints["guard"])
        stack.push_async_callback(client.close)
        llama = LlamaGuard(client, GUARD)
        turns = (Said("User", bare.tools["diet"].summary),)
        pictures = [_picture(number) for number in range(rounds + 2)]
        known = await run(bare, pictures[0])
        answered = (*turns, Said("Agent", words_of([known.message, known.answer])))
        sides: dict[str, Callable[[Picture], Awaitable[object]]] = {
            "run": lambda picture: run(bare, picture),
            "input": lambda picture: llama.judge(Conversation(turns, (picture,))),
            "output": lambda picture: llama.judge(Conversation(answered, (picture,))),
            "guarded": lambda picture: run(guarded, picture),
        }
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for number, picture in enumerate(pictures[1:], 1):
            for name, call in sides.items() if number % 2 else reversed(sides.items()):
                began = time.perf_counter()
                await call(picture)
                if number > 1:  # the first round warms up
                    taken[name].append(1000 * (time.perf_counter() - began))
        return {name: statistics.median(times) for name, times in taken.items()}


async def run(pipeline: Pipeline, picture: Picture) -> Record:
    request = Request("diet", prepared=(picture,), endpoint="box")
    record = await pipeline.run(request).record()
    assert record.outcome is Outcome.ANSWERED, record.message
    return record


def _picture(number: int) -> Picture:
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize((560, 560)).convert("RGB").save(buffer, "JPEG", quality=85)
    data = buffer.getvalue() + number.to_bytes(8, "big")
    sha256 = hashlib.sha256(data).hexdigest()
    return Picture(data, "image/jpeg", 560, 560, sha256, (Source(sha256, 560, 560),))


def ratio(found: dict[str, float]) -> float:
    """A guarded run over the least it can take."""
    return found["guarded"] / (max(found["run"], found["input"]) + found["output"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = []
    for name, (model_ms, guard_ms) in CASES.items():
        with server(json.dumps(ANSWER), model_ms) as model, server("safe", guard_ms) as guard:
            found = asyncio.run(bench(model, guard, asked.rounds))
        told = {f"{side}_ms": round(ms, 1) for side, ms in found.items()}
        rows.append({"case": name, **told, "ratio": round(ratio(found), 3)})
    ok = all(row["ratio"] <= BAR for row in rows)
    if asked.json:
        print(json.dumps(rows))
    else:
        print(f"{'':>10} {'run':>8} {'input':>8} {'output':>8} {'guarded':>8} ms  ratio")
        for row in rows:
            sides = " ".join(f"{row[f'{side}_ms']:>8}" for side in found)
            print(f"{row['case']:>10} {sides}     {row['ratio']}")
        print(f"bar {BAR}: {'held' if ok else 'MISSED'}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
