"""Sets of what is printed or drawn by a computer: nutrition labels and flow diagrams, by seed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence

from PIL import Image

from visiontools.evals.cases import Card, Case, DataSet, Truth, held
from visiontools.evals.diagrams_drawn import as_drawn
from visiontools.evals.labels_draw import png
from visiontools.types import Upload

_DIAGRAMS = ("elbow", "straight", "graphviz")


def labels(count: int, seed: int) -> Iterator[Case]:
    """Every second label is clean; the others have one fault each, in turn."""
    from visiontools.evals.labels import RENDERERS, jobs_for
    from visiontools.evals.labels_faults import spoil

    for job in jobs_for(list(RENDERERS), (count + 1) // 2, seed)[:count]:
        data, truth = RENDERERS[job.renderer](job.seed)
        if job.fault != "clean":
            data = spoil(data, job.fault, job.seed)
        yield Case(
            id=f"{job.renderer}-{job.seed}-{job.fault}",
            tool="diet",
            load=held(Upload(data, "label.png")),
            truth=Truth(observation=truth.model_dump(mode="json")),
            condition=job.fault,
        )


def diagrams(count: int, seed: int) -> Iterator[Case]:
    """Every second diagram is clean; the others are spoilt, or have a drawing fault."""
    return _diagrams(count, seed, _DIAGRAMS)


def held_out(count: int, seed: int) -> Iterator[Case]:
    """The same in a look the reader was never tuned on."""
    return _diagrams(count, seed, ("nomnoml",))


def _diagrams(count: int, seed: int, names: Sequence[str]) -> Iterator[Case]:
    from visiontools.evals.diagrams import plan
    from visiontools.evals.diagrams_conditions import CONDITIONS
    from visiontools.evals.diagrams_drawn import RENDERERS

    for renderer, number, condition in plan(count, seed, names):
        drawn = as_drawn(RENDERERS[renderer](number))
        spoilt = CONDITIONS[condition](drawn, random.Random(number))
        if spoilt is None:  # this look cannot have that fault
            continue
        pixels, truth = spoilt
        yield Case(
            id=f"{renderer}-{number}-{condition}",
            tool="flow_diagram",
            load=held(Upload(png(Image.fromarray(pixels)), "diagram.png")),
            truth=Truth(observation=truth.model_dump(mode="json", by_alias=True)),
            condition=condition,
        )


def crossed(count: int, seed: int) -> Iterator[Case]:
    """Pictures handed to the wrong tool: there is nothing to answer."""
    half = (count + 1) // 2
    nothing = Truth(expected="none")
    for case in labels(half, seed + 1):
        yield Case(f"label-{case.id}", "flow_diagram", case.load, nothing, condition="a label")
    for case in _diagrams(count - half, seed + 1, _DIAGRAMS[:2]):
        yield Case(f"diagram-{case.id}", "diet", case.load, nothing, condition="a diagram")


def blank(width: int, height: int, paper: tuple[int, int, int]) -> Upload:
    """A picture of nothing."""
    return Upload(png(Image.new("RGB", (width, height), paper)), "blank.png")


def _no_graphviz() -> str:
    return "" if shutil.which("dot") else "It needs Graphviz: apt install graphviz."


def _no_nomnoml() -> str:
    from visiontools.evals.browser import BUNDLER

    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser and BUNDLER.is_file() and (BUNDLER.parents[1] / "nomnoml").is_dir():
        return ""
    return "It needs Chromium and, in the folder you are in: npm install --no-save nomnoml esbuild"


LABELS = DataSet(
    "labels",
    ("diet",),
    Card(
        "Drawn nutrition labels",
        "US Nutrition Facts and European tables in seven languages, one or several products; half "
        "of them spoilt by blur, JPEG, turning, skew, bending, shadow or shrinking.",
        "Drawn by visiontools.evals.labels from a seed, with invented products whose figures "
        "agree with each other as real ones do.",
        "Every figure that is printed, with its unit and what it is for.",
        "Flat and evenly printed: crumpled, curved or glossy packs are harder.",
        "Made by this program; fonts by their own free licences.",
    ),
    labels,
    120,
)
DIAGRAMS = DataSet(
    "diagrams",
    ("flow_diagram",),
    Card(
        "Drawn flow diagrams",
        "3 to 12 shapes with straight, elbow and curved arrows, laid out in three looks; half of "
        "them spoilt by blur, JPEG, turning or skew, or with an arrow erased, gapped or headless.",
        "Drawn by visiontools.evals.diagrams from a seed.",
        "Every shape, text and arrow that is still drawn. It runs: the graph is a program.",
        "Computer drawings only; the reader was tuned on these looks, on other seeds.",
        "Made by this program; fonts by their own free licences.",
    ),
    diagrams,
    120,
    _no_graphviz,
)
HELD_OUT = DataSet(
    "diagrams-held-out",
    ("flow_diagram",),
    Card(
        "Flow diagrams in a look that was held out",
        "The same diagrams laid out by nomnoml, which nothing was tuned on.",
        "Drawn in a browser by visiontools.evals.diagrams_nomnoml from a seed.",
        "Every shape, text and arrow.",
        "One look of many. It needs npm and a browser.",
        "Made by this program and nomnoml (MIT).",
    ),
    held_out,
    40,
    _no_nomnoml,
)
CROSSED = DataSet(
    "wrong-kind",
    ("diet", "flow_diagram"),
    Card(
        "Pictures of the wrong kind",
        "Labels handed to Code Generation, and diagrams handed to Diet Suggestion.",
        "The sets labels and diagrams, with other seeds.",
        "There is nothing to answer: to say so is right, an answer is wrong.",
        "Two kinds of wrong picture of the many there are.",
        "Made by this program.",
    ),
    crossed,
    40,
    _no_graphviz,
)
