"""Measure the reader on drawn charts, tables and receipts whose truth is exact.

    python -m visiontools.evals.charts measure --count 100 --seed 7 [--renderer drawn ...]
    python -m visiontools.evals.charts digits --count 20 --seed 7 [--renderer receipt ...]

A **renderer** is a function from a seed to a PNG and the ``SeenChart`` that is drawn on it. Picture
``i`` comes from seed ``seed * 10000 + i``; every second is read clean, the rest with the faults of
a photo in turn. ``digits`` changes digits in the recogniser's output, one at a time.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2

from visiontools.answers.chart_seen import SeenChart
from visiontools.errors import VisiontoolsError
from visiontools.evals.charts_drawn import render_drawn, render_erased, render_svg
from visiontools.evals.charts_html import render_table_html
from visiontools.evals.charts_others import render_other
from visiontools.evals.charts_score import Facts, Scores, alike, facts, largest_of, score
from visiontools.evals.charts_tables import render_table
from visiontools.evals.charts_vega import render_vega
from visiontools.evals.labels import Job, picture_of
from visiontools.evals.labels_digits import MISREAD, spoilt
from visiontools.evals.labels_faults import spoil
from visiontools.evals.receipts_draw import render_false_total, render_receipt
from visiontools.evals.receipts_html import render_receipt_html
from visiontools.reader.chart import read_chart
from visiontools.reader.ocr import Line, Pixels, decode
from visiontools.reader.upright import read_upright
from visiontools.types import Picture

RENDERERS: dict[str, Callable[[int], tuple[bytes, SeenChart]]] = {
    "drawn": render_drawn,
    "svg": render_svg,
    "table": render_table,
    "receipt": render_receipt,
    "erased": render_erased,
    "false_total": render_false_total,
    "other": render_other,
    "vega": render_vega,
    "table_html": render_table_html,
    "receipt_html": render_receipt_html,
}
"""The last three are held out: the reader was never tuned on them."""
CHARTS = ("drawn", "svg", "table")
FAULTS = ("blur", "jpeg", "rotated", "skew", "shadow", "small")
PER_PICTURE = 4
"""Digits changed of one picture."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one reading came to; ``wrong`` says which values, for a person."""

    job: Job
    scores: Scores
    refused: str | None
    cpu_s: float
    wrong: tuple[str, ...] = ()


def plan(count: int, seed: int, renderers: Sequence[str]) -> Iterator[Job]:
    """Which renderer, seed and condition each of ``count`` pictures gets."""
    for i in range(count):
        fault = "clean" if i % 2 == 0 else FAULTS[(i // 2) % len(FAULTS)]
        yield Job(renderers[(i // 2) % len(renderers)], seed * 10_000 + i, fault)


def run(job: Job) -> Result:
    """Draw, spoil, read and score one picture."""
    data, truth = RENDERERS[job.renderer](job.seed)
    if job.fault != "clean":
        data = spoil(data, job.fault, job.seed)
    start = time.process_time()
    try:
        reading = read_chart([picture_of(data)])
    except VisiontoolsError as error:
        refused, seconds = error.what, time.process_time() - start
        return Result(job, score(SeenChart(), truth), refused, seconds)
    seconds = time.process_time() - start
    seen = SeenChart.model_validate(reading.observation)
    found, printed = facts(seen, reading.unconfirmed), facts(truth)
    wrong = tuple(f"{k} {v!r} for {printed.get(k)!r}" for k, v in found.items()
                  if printed.get(k) != v and not isinstance(v, float))  # fmt: skip
    return Result(job, score(seen, truth, reading.unconfirmed), None, seconds, wrong)


def table(results: Sequence[Result]) -> list[dict[str, float | int | str]]:
    """One row for all, for each condition, and for each renderer read clean."""
    groups = {"all": list(results)}
    for fault in ("clean", *FAULTS):
        groups[fault] = [r for r in results if r.job.fault == fault]
    for name in RENDERERS:
        groups[f"clean {name}"] = [r for r in groups["clean"] if r.job.renderer == name]
    return [{"condition": name, **_row(mine)} for name, mine in groups.items() if mine]


def _row(results: Sequence[Result]) -> dict[str, float | int | str]:
    total = sum((r.scores for r in results), Scores())
    times = sorted(r.cpu_s for r in results)
    values = total.values
    return {
        "pictures": len(results),
        "refused": sum(r.refused is not None for r in results),
        "values": values.truth,
        "accepted": values.accepted,
        "wrong": values.wrong,
        "upper_95": round(values.wrong_bound, 4),
        "once": total.once.accepted - values.accepted,
        "once_wrong": total.once.wrong - values.wrong,
        "words": total.words.accepted,
        "words_wrong": total.words.wrong,
        "cpu_s": round(times[len(times) // 2], 2),
        "cpu_p90": round(times[int(len(times) * 0.9)], 2),
    }


def show(results: Sequence[Result]) -> str:
    """The table, the pictures with wrong values, and the reasons of refusals."""
    rows = table(results)
    lines = ["".join(f"{key:>13}" for key in rows[0])]
    lines += ["".join(f"{value!s:>13}" for value in row.values()) for row in rows]
    lines += [f"WRONG {r.job.renderer} {r.job.seed} {r.job.fault}: {'; '.join(r.wrong)}"
              for r in results if r.scores.values.wrong]  # fmt: skip
    reasons = Counter(_kind(r.refused) for r in results if r.refused)
    lines += [f"refused {times} x {why}" for why, times in reasons.most_common()]
    return "\n".join(lines)


def _kind(why: str) -> str:
    """A refusal's reason without the names and numbers in it."""
    quoted = "...".join(why.split("'")[::2])
    return "".join("#" if c.isdigit() else c for c in quoted)


def accepted(picture: Picture, rgb: Pixels, lines: Sequence[Line]) -> Facts:
    """The values accepted when the recogniser reports ``lines``."""
    try:
        reading = read_chart([picture], read_text=lambda _: (rgb, list(lines)))
    except VisiontoolsError:
        return {}
    return facts(SeenChart.model_validate(reading.observation), reading.unconfirmed)


def changed_digits(renderers: Sequence[str], count: int, seed: int) -> dict[str, int]:
    """Spoil digits of the first reading: how many changed a value that was accepted?"""
    totals = {"changed": 0, "passed_silently": 0}
    for job in plan(2 * count, seed, renderers):
        if job.fault != "clean":
            continue
        picture = picture_of(RENDERERS[job.renderer](job.seed)[0])
        rgb, lines = read_upright(decode(picture))

        before = accepted(picture, rgb, lines)
        places = [(n, at) for n, line in enumerate(lines) for at, c in enumerate(line.text)
                  if c in MISREAD and any(d.isdigit() for d in line.text)]  # fmt: skip
        rng = random.Random(f"digits-{job.seed}")
        for n, at in rng.sample(places, min(PER_PICTURE, len(places))):
            bad = [*lines]
            bad[n] = spoilt(lines[n], at, rng.random() < 0.4)
            after = accepted(picture, rgb, bad)
            totals["changed"] += 1
            passed = [key for key, value in after.items()
                      if not alike(value, before.get(key), largest_of(before))]  # fmt: skip
            totals["passed_silently"] += bool(passed)
            if passed:
                print(job.renderer, job.seed, lines[n].text, bad[n].text, passed, file=sys.stderr)
    return totals


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m visiontools.evals.charts")
    parser.add_argument("command", choices=("measure", "digits"))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--renderer", action="append", choices=sorted(RENDERERS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--each", action="store_true", help="a line for each picture")
    given = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    names = given.renderer or list(CHARTS)
    if given.command == "digits":
        print(json.dumps(changed_digits(names, given.count, given.seed)))
        return 0
    results = [run(job) for job in plan(given.count, given.seed, names)]
    print(json.dumps([dataclasses.asdict(r) for r in results]) if given.json else show(results))
    if given.each:
        for r in results:
            print(*dataclasses.astuple(r.job), r.scores.values, r.refused or "", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
