"""How well flow diagrams are read: ``python -m visiontools.evals.diagrams measure --count 200``.

Diagrams are drawn with exact truth by the renderers in ``RENDERERS`` and read under the conditions
in ``CONDITIONS``: half of them clean, the rest shared out. To measure on another look, register a
renderer (see ``diagrams_drawn``) before calling ``measure``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context

import cv2
import numpy as np

from visiontools.answers.graph import SeenDiagram
from visiontools.errors import VisiontoolsError
from visiontools.evals.bounds import upper_bound
from visiontools.evals.diagrams_conditions import CONDITIONS, Pixels
from visiontools.evals.diagrams_drawn import RENDERERS, as_drawn
from visiontools.evals.diagrams_flowchart_js import render_flowchart_js
from visiontools.evals.diagrams_graphviz import render as render_graphviz
from visiontools.evals.diagrams_looks import render_elbow, render_straight
from visiontools.evals.diagrams_mermaid import render_mermaid
from visiontools.evals.diagrams_nomnoml import render_nomnoml
from visiontools.evals.diagrams_score import score
from visiontools.reader.diagram import read_pixels
from visiontools.types import READER_PICTURES

RENDERERS.update(
    graphviz=render_graphviz,
    elbow=render_elbow,
    straight=render_straight,
    mermaid=render_mermaid,
    flowchart_js=render_flowchart_js,
    nomnoml=render_nomnoml,
)
TUNED = ("graphviz", "elbow", "straight", "mermaid")
"""The renderers the reader was tuned on; ``flowchart_js`` was only seen, and made it stricter.
``nomnoml`` is held out.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One diagram read; ``verdict`` is right, wrong or refused, ``seconds`` are of CPU."""

    renderer: str
    seed: int
    condition: str
    verdict: str
    why: str
    shapes: tuple[tuple[str, str], ...]
    seconds: float


def plan(count: int, seed: int, renderers: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Which renderer, seed and condition each of ``count`` diagrams gets; every second is clean."""
    rest = [name for name in CONDITIONS if name != "clean"]
    for i in range(count):
        condition = "clean" if i % 2 == 0 else rest[(i // 2) % len(rest)]
        yield renderers[(i // 2) % len(renderers)], seed * 10_000 + i, condition


def measure_one(job: tuple[str, int, str]) -> Result | None:
    """Draw, spoil, read and score one; None where the renderer cannot make that fault."""
    renderer, seed, condition = job
    cv2.setNumThreads(1)
    case = CONDITIONS[condition](as_drawn(RENDERERS[renderer](seed)), random.Random(seed))
    if case is None:
        return None
    picture, truth = _fitted(case[0]), case[1]
    began = time.process_time()
    try:
        seen = SeenDiagram.model_validate(read_pixels(picture).observation)
        judged = score(seen, truth)
        verdict, why = ("right" if judged.right else "wrong"), judged.why
        shapes = judged.shapes
    except VisiontoolsError as error:
        verdict, why, shapes = "refused", error.what, ()
    return Result(renderer, seed, condition, verdict, why, shapes, time.process_time() - began)


def _fitted(rgb: Pixels) -> Pixels:
    """No larger than the pictures the reader is handed."""
    scale = READER_PICTURES.longest_side / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def measure(count: int, seed: int, renderers: Sequence[str], jobs: int = 1) -> list[Result]:
    """Results in the order of the plan."""
    work = list(plan(count, seed, renderers))
    if jobs == 1:
        results = [measure_one(job) for job in work]
    else:
        # A fresh process each: a fork would share the OCR engine's threads.
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(measure_one, work, chunksize=4))
    return [result for result in results if result is not None]


def table(results: Sequence[Result]) -> list[dict[str, float | int | str]]:
    """One row a condition and one for all: counts, and the bound on wrong among accepted."""
    rows: list[dict[str, float | int | str]] = []
    for name in [*CONDITIONS, "all"]:
        mine = [r for r in results if name in (r.condition, "all")]
        if not mine:
            continue
        counts = Counter(r.verdict for r in mine)
        accepted = counts["right"] + counts["wrong"]
        rows.append(
            {
                "condition": name, "n": len(mine), "accepted": accepted,
                "right": counts["right"], "wrong": counts["wrong"], "refused": counts["refused"],
                "upper_95": round(upper_bound(counts["wrong"], accepted), 4),
                "cpu_s": round(sum(r.seconds for r in mine) / len(mine), 2),
            }
        )  # fmt: skip
    return rows


def show(results: Sequence[Result]) -> str:
    """The table, the wrong ones, the shapes mixed up and the commonest refusals, as text."""
    rows = table(results)
    lines = ["".join(f"{key:>14}" for key in rows[0])]
    lines += ["".join(f"{value!s:>14}" for value in row.values()) for row in rows]
    lines += [f"WRONG {r.renderer} {r.seed} {r.condition}: {r.why}"
              for r in results if r.verdict == "wrong"]  # fmt: skip
    mixed = Counter(f"{a} read as {b}" for r in results for a, b in r.shapes)
    lines += [f"shape: {name} x {times}" for name, times in mixed.most_common()]
    refusals = Counter(_kind(r.why) for r in results if r.verdict == "refused")
    lines += [f"refused {times} x {why}" for why, times in refusals.most_common(12)]
    return "\n".join(lines)


def _kind(why: str) -> str:
    """A refusal's reason without the names and places in it."""
    quoted = "...".join(why.split("'")[::2])
    return "".join("#" if c.isdigit() else c for c in quoted)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m visiontools.evals.diagrams")
    parser.add_argument("command", choices=["measure"])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--renderer", action="append", choices=sorted(RENDERERS))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    names = chosen.renderer or list(TUNED)
    results = measure(chosen.count, chosen.seed, names, chosen.jobs)
    if chosen.json:
        rows = {"table": table(results), "results": [asdict(r) for r in results]}
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
    else:
        sys.stdout.write(show(results) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
