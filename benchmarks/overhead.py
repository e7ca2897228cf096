"""What a run costs over the bare openai SDK: CPU per call and median latency, side by side.

A scripted server answers after 20 ms. Both sides send the same picture and prompt and validate
the answer; ours also decides, checks and writes a record. Reuse is off, every request is
distinct, and pictures are prepared beforehand. The bare side is the plain ``AsyncOpenAI`` client
as its documentation shows it, with one client for all calls and its retries off. The two sides
alternate within one process, and so does which of them goes first; the figures are the medians
over the rounds. It begins once making a file costs what it usually does here (``disk.py`` says
why that may take a minute). Exit status 1 over a bar.

    python benchmarks/overhead.py [--rounds 5] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from openai import AsyncOpenAI
from PIL import Image

from disk import settled
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.types import Finished, Outcome, Picture, Request, Source

CPU_BAR = 1.6
LATENCY_BAR = 1.5
CONCURRENT = {1: 100, 50: 400, 200: 800}
ANSWER = {
    "picture": "fits",
    "products": [
        {
            "name": name,
            "rows": [
                {"nutrient": "energy", "amount": kcal, "unit": "kcal", "basis": "per_100ml"},
                {"nutrient": "sugars", "amount": sugars, "unit": "g", "basis": "per_100ml"},
            ],
        }
        for name, kcal, sugars in (("Cola", 42, 10.6), ("Iced tea", 19, 4.3))
    ],
}


@dataclass(frozen=True)
class Cost:
    cpu_ms: float
    latency_ms: float


async def measure(call: Callable[[int], Awaitable[None]], first: int, concurrent: int) -> Cost:
    """CPU per call and median latency of many calls, so many at a time."""
    numbers = iter(range(first, first + CONCURRENT[concurrent]))
    latencies: list[float] = []

    async def work() -> None:
        for number in numbers:
            began = time.perf_counter()
            await call(number)
            latencies.append(time.perf_counter() - began)

    cpu = time.process_time()
    await asyncio.gather(*(work() for _ in range(concurrent)))
    spent = time.process_time() - cpu
    return Cost(1000 * spent / len(latencies), 1000 * statistics.median(latencies))


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize((560, 560)).convert("RGB").save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


async def bench(url: str, rounds: int) -> dict[int, tuple[Cost, Cost]]:
    data = picture()
    with tempfile.TemporaryDirectory() as folder:
        print(f"making a file: {settled(Path(folder)):.3f} ms of CPU", file=sys.stderr)
        settings = Settings(
            data_folder=Path(folder),
            reuse=False,
            endpoints={"box": Endpoint(name="box", url=url, model="scripted")},
        )
        async with Pipeline.open(settings) as pipeline:
            tool = pipeline.tools["diet"]
            schema = json.dumps(tool.observation.model_json_schema(), separators=(",", ":"))
            sdk = AsyncOpenAI(base_url=url, api_key="none", max_retries=0)

            async def bare(number: int) -> None:
                encoded = base64.b64encode(_distinct(data, number)).decode()
                answer = await sdk.chat.completions.create(
                    model="scripted",
                    max_tokens=4096,
                    temperature=0,
                    messages=[
                        {
                            "role": "user",
                            "content": [
                                {
                                    "type": "image_url",
                                    "image_url": {"url": f"data:image/jpeg;base64,{encoded}"},
                                },
                                {"type": "text", "text": f"{tool.prompt}\n{schema}"},
                            ],
                        }
                    ],
                )
                tool.observation.model_validate_json(answer.choices[0].message.content or "")

            async def ours(number: int) -> None:
                request = Request("diet", prepared=(_prepared(data, number),), endpoint="box")
                async for event in pipeline.run(request):
                    if isinstance(event, Finished):
                        assert event.record.outcome is Outcome.ANSWERED, event.record.message

            found = {}
            for concurrent, calls in CONCURRENT.items():
                sides: tuple[list[Cost], list[Cost]] = ([], [])
                for turn in range(rounds + 1):
                    pairs = list(zip(sides, (bare, ours), strict=True))
                    for side, call in pairs if turn % 2 else reversed(pairs):
                        cost = await measure(call, (turn * 1000 + concurrent) * calls, concurrent)
                        if turn:  # the first round warms up
                            side.append(cost)
                found[concurrent] = (_median(sides[0]), _median(sides[1]))
            await sdk.close()
            return found


def _distinct(data: bytes, number: int) -> bytes:
    return data + number.to_bytes(8, "big")


def _prepared(data: bytes, number: int) -> Picture:
    mine = _distinct(data, number)
    sha256 = hashlib.sha256(mine).hexdigest()
    return Picture(mine, "image/jpeg", 560, 560, sha256, (Source(sha256, 560, 560),))


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.cpu_ms for cost in costs),
        statistics.median(cost.latency_ms for cost in costs),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as answer:
        answer.write(json.dumps(ANSWER))
        answer.flush()
        command = [
            "-m",
            "visiontools.testing.model_server",
            "--port",
            "0",
            "--delay-ms",
            "20",
            "--answer",
        ]
        server = subprocess.Popen(
            [sys.executable, *command, answer.name], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            found = asyncio.run(bench(server.stdout.readline().strip(), asked.rounds))
        finally:
            server.terminate()
            server.wait()
    return report(found, as_json=asked.json)


def report(found: dict[int, tuple[Cost, Cost]], *, as_json: bool) -> int:
    rows = [
        {
            "concurrent": concurrent,
            "bare_cpu_ms": round(bare.cpu_ms, 2),
            "ours_cpu_ms": round(ours.cpu_ms, 2),
            "cpu_ratio": round(ours.cpu_ms / bare.cpu_ms, 2),
            "bare_latency_ms": round(bare.latency_ms, 1),
            "ours_latency_ms": round(ours.latency_ms, 1),
            "latency_ratio": round(ours.latency_ms / bare.latency_ms, 2),
        }
        for concurrent, (bare, ours) in found.items()
    ]
    ok = all(row["cpu_ratio"] <= CPU_BAR for row in rows) and (
        rows[0]["latency_ratio"] <= LATENCY_BAR
    )
    if as_json:
        print(json.dumps(rows))
    else:
        print(f"{'concurrent':>10} {'CPU ms bare/ours':>18} {'ratio':>6} {'latency ms':>15} ratio")
        for row in rows:
            print(
                f"{row['concurrent']:>10} {row['bare_cpu_ms']:>8} / {row['ours_cpu_ms']:<7}"
                f" {row['cpu_ratio']:>6} {row['bare_latency_ms']:>7} / {row['ours_latency_ms']:<6}"
                f" {row['latency_ratio']}"
            )
        verdict = "held" if ok else "MISSED"
        print(f"bars: CPU {CPU_BAR} everywhere, latency {LATENCY_BAR} at 1: {verdict}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
