"""What a thread of 128,000 tokens costs: counting it, and summing it up against an instant server.

Every message is another: the words of eight texts, one in each language, in an order drawn from a
seed, with a number of its own. How many tokens each text takes is what Llama 3's own tokenizer
made of it; shuffling words does not change that, and what stands round them is not counted. The
server is in the same process and answers at once, so that time and memory are those of both.
Exit status 1 over a bar.

    python benchmarks/messages.py [--tokens 128000] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from visiontools.answers.languages import NAMES
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.counted import COUNTED
from visiontools.testing.model_server import ModelServer
from visiontools.texts.tokens import most_tokens
from visiontools.types import Outcome, Request, Upload

BARS = {"count_s": 0.5, "run_s": 5.0, "memory_mb": 300.0}
CONTEXT = 8192
ANSWER = json.dumps({"summary": "The launch was put off.", "decisions": [], "questions": []})
COUNTS = 5


def thread(tokens: int) -> tuple[str, int]:
    """A pasted chat of at least so many tokens, and how many messages it has."""
    rng = random.Random(128)
    lines: list[str] = []
    spent = 0
    while spent < tokens:
        counted, text = COUNTED[rng.choice(list(NAMES))]
        words = text.split()
        rng.shuffle(words)
        lines.append(f"Person {len(lines) % 9}: {len(lines)} {' '.join(words)}")
        spent += counted
    return "\n".join(lines), len(lines)


def counting(text: str) -> float:
    """Seconds to count the text, the median of a few times."""
    took = []
    for _ in range(COUNTS):
        began = time.perf_counter()
        most_tokens(text)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


async def summing_up(text: str) -> tuple[float, int, int]:
    """Seconds from handing the text in to its record, questions asked, and most at one time."""
    with ModelServer() as server, tempfile.TemporaryDirectory() as folder:
        server.say_raw(ANSWER)
        box = Endpoint(url=server.url, model="scripted", vision=False, context=CONTEXT)
        settings = Settings(data_folder=Path(folder), endpoints={"box": box})
        request = Request("messages", (Upload(text.encode(), "thread.txt"),), endpoint="box")
        async with Pipeline.open(settings) as pipeline:
            began = time.perf_counter()
            record = await pipeline.run(request).record()
            took = time.perf_counter() - began
        if record.outcome is not Outcome.ANSWERED:
            raise SystemExit(f"No answer: {record.message}")
        return took, record.attempts, server.most_at_once


def main() -> int:
    parser = argparse.ArgumentParser(description="A long thread, counted and summed up.")
    parser.add_argument("--tokens", type=int, default=128_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    text, messages = thread(given.tokens)
    count_s = counting(text)
    run_s, questions, at_once = asyncio.run(summing_up(text))
    found = {
        "count_s": round(count_s, 3),
        "run_s": round(run_s, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    if given.json:
        print(json.dumps({**found, "messages": messages, "questions": questions}))
    else:
        print(
            f"{given.tokens:,} tokens in {messages:,} messages; {most_tokens(text):,} by our count"
        )
        print(f"{questions} questions, at most {at_once} at once")
        for name, figure in found.items():
            print(f"{name} {figure} (bar {BARS[name]:g})")
    return int(any(figure >= BARS[name] for name, figure in found.items()))


if __name__ == "__main__":
    sys.exit(main())
