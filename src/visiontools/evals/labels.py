"""Measure the label reader on drawn labels whose truth is exact.

    python -m visiontools.evals.labels measure --count 200 --seed 7 [--renderer us ...]
    python -m visiontools.evals.labels digits --count 6 --seed 7

A **renderer** is a function from a seed to a PNG and the ``SeenLabels`` printed on it. Those in
``RENDERERS`` are asked by name; any other is named ``package.module:function``. Of the renderers
asked for, label ``i`` comes from number ``i`` modulo their count, with seed ``seed * 10000 + i``.
Every label is read clean and with one of the faults in turn.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import importlib
import io
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from PIL import Image

from visiontools.answers.label import SeenLabels
from visiontools.errors import CannotTellError, UsageError, VisiontoolsError, WrongPictureError
from visiontools.evals.labels_draw import png
from visiontools.evals.labels_eu import render_back, render_eu
from visiontools.evals.labels_faults import FAULTS, spoil
from visiontools.evals.labels_more import render_many, render_running
from visiontools.evals.labels_score import Score, score
from visiontools.evals.labels_us import render_us
from visiontools.reader.label import read_labels
from visiontools.types import Picture

Renderer = Callable[[int], tuple[bytes, SeenLabels]]


def render_pair(seed: int) -> tuple[bytes, SeenLabels]:
    """Two products side by side in one picture."""
    rng = random.Random(f"pair-{seed}")
    renderer = rng.choice((render_eu, render_back, render_us))
    parts = [renderer(seed), renderer(seed + 5000)]
    images = [Image.open(io.BytesIO(data)) for data, _ in parts]
    gap = rng.randint(30, 120)
    width = sum(image.width for image in images) + gap
    sheet = Image.new("RGB", (width, max(image.height for image in images)), (205, 200, 195))
    sheet.paste(images[0], (0, 0))
    sheet.paste(
        images[1], (images[0].width + gap, rng.choice((0, sheet.height - images[1].height)))
    )
    products = [product for _, seen in parts for product in seen.products]
    return png(sheet), SeenLabels(products=products)


RENDERERS: dict[str, Renderer] = {
    "us": render_us,
    "eu": render_eu,
    "back": render_back,
    "pair": render_pair,
    "running": render_running,
    "many": render_many,
}


def renderer_named(name: str) -> Renderer:
    """A built-in renderer, or ``package.module:function``. Raises UsageError."""
    if name in RENDERERS:
        return RENDERERS[name]
    module, _, function = name.partition(":")
    try:
        found: Renderer = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            f"There is no label renderer named {name}.",
            next=f"Take one of {', '.join(RENDERERS)}, or package.module:function.",
        ) from error
    return found


@dataclass(frozen=True, slots=True)
class Job:
    """One reading: a renderer, its seed, and the fault to add, if any."""

    renderer: str
    seed: int
    fault: str = "clean"


@dataclass(frozen=True, slots=True)
class Result:
    """What one reading came to. ``sure`` leaves unconfirmed figures out, ``all`` counts them."""

    job: Job
    sure: Score
    all: Score
    refused: str | None
    cpu_s: float
    rss_mb: float


def picture_of(data: bytes) -> Picture:
    """A drawn PNG as the reader takes it."""
    width, height = Image.open(io.BytesIO(data)).size
    return Picture(data, "image/png", width, height, hashlib.sha256(data).hexdigest(), ())


def run(job: Job) -> Result:
    """Draw, spoil, read and score one label."""
    data, truth = renderer_named(job.renderer)(job.seed)
    if job.fault != "clean":
        data = spoil(data, job.fault, job.seed)
    start = time.process_time()
    try:
        reading = read_labels([picture_of(data)])
    except (CannotTellError, WrongPictureError) as error:
        sure = everything = score(SeenLabels(), truth)
        refused: str | None = error.what
    else:
        seen = SeenLabels.model_validate(reading.observation)
        sure = score(seen, truth, reading.unconfirmed)
        everything, refused = score(seen, truth), None
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Result(job, sure, everything, refused, time.process_time() - start, rss)


def jobs_for(renderers: Sequence[str], count: int, seed: int) -> list[Job]:
    """Each label clean and with one fault; the faults change after each round of renderers."""
    jobs = []
    faults = tuple(FAULTS)
    for index in range(count):
        renderer = renderers[index % len(renderers)]
        number = seed * 10_000 + index
        fault = faults[(index // len(renderers)) % len(faults)]
        jobs += [Job(renderer, number), Job(renderer, number, fault)]
    return jobs


def run_all(jobs: Sequence[Job], processes: int = 1) -> list[Result]:
    if processes == 1:
        return [run(job) for job in jobs]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(run, jobs, chunksize=4))


def summary(results: Iterable[Result]) -> dict[str, object]:
    """The figures of one line of the report."""
    chosen = list(results)
    sure = sum((result.sure for result in chosen), Score())
    everything = sum((result.all for result in chosen), Score())
    times = sorted(result.cpu_s for result in chosen)
    return {
        "labels": len(chosen),
        "refused": sum(result.refused is not None for result in chosen),
        "facts": sure.truth,
        "accepted": sure.accepted,
        "right": sure.right,
        "wrong": sure.wrong,
        "recall": round(sure.recall, 4),
        "wrong_share": round(sure.wrong_share, 4),
        "wrong_bound_95": round(sure.wrong_bound, 4),
        "with_unconfirmed": {"accepted": everything.accepted, "wrong": everything.wrong},
        "cpu_s_median": round(times[len(times) // 2], 2),
        "cpu_s_p90": round(times[int(len(times) * 0.9)], 2),
        "rss_mb": round(max(result.rss_mb for result in chosen)),
    }


def report(results: Sequence[Result]) -> dict[str, dict[str, object]]:
    """One line for each condition, for all, and for each renderer read clean."""
    rows = {"all": summary(results)}
    for fault in ("clean", *FAULTS):
        chosen = [result for result in results if result.job.fault == fault]
        if chosen:
            rows[fault] = summary(chosen)
    for renderer in sorted({result.job.renderer for result in results}):
        clean = [r for r in results if r.job.renderer == renderer and r.job.fault == "clean"]
        rows[f"clean {renderer}"] = summary(clean)
    return rows


def table(rows: dict[str, dict[str, object]]) -> str:
    """The report for a terminal."""
    keys = ("labels", "refused", "facts", "accepted", "right", "wrong", "recall", "wrong_bound_95",
            "cpu_s_median", "cpu_s_p90", "rss_mb")  # fmt: skip
    lines = ["condition".ljust(14) + "".join(key.rjust(15) for key in keys)]
    lines += [
        name.ljust(14) + "".join(str(row[key]).rjust(15) for key in keys)
        for name, row in rows.items()
    ]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m visiontools.evals.labels")
    parser.add_argument("command", choices=("measure", "digits"))
    parser.add_argument("--count", type=int, default=200, help="how many labels to draw")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--renderer", action="append", help="may be given several times")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worst", action="store_true", help="list the labels with wrong facts")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    given = _parser().parse_args(arguments)
    renderers = given.renderer or list(RENDERERS)
    try:
        for name in renderers:
            renderer_named(name)
        if given.command == "digits":
            from visiontools.evals.labels_digits import measure_digits

            found = measure_digits([renderer_named(n) for n in renderers], given.count, given.seed)
            print(json.dumps(found))
            return 0
        results = run_all(jobs_for(renderers, given.count, given.seed), given.jobs)
    except VisiontoolsError as error:
        print(error, file=sys.stderr)
        return 2
    rows = report(results)
    print(json.dumps(rows) if given.json else table(rows))
    if given.worst:
        for result in results:
            if result.sure.wrong or result.refused:
                print(dataclasses.astuple(result.job), result.sure, result.refused, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
