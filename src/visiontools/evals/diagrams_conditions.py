"""What may happen to a diagram before it is read: turns, blur, JPEG noise, and drawing faults."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from visiontools.answers.graph import SeenDiagram
from visiontools.evals.diagrams_drawn import Drawn, Point

Pixels = NDArray[np.uint8]
Case = tuple[Pixels, SeenDiagram]


def pixels(png: bytes) -> Pixels:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.uint8)


def clean(drawn: Drawn, draw: random.Random) -> Case | None:
    return pixels(drawn.png), drawn.truth


def blur(drawn: Drawn, draw: random.Random) -> Case | None:
    """A Gaussian blur of 0.6 to 1.1 pixels."""
    image = Image.fromarray(pixels(drawn.png))
    return _back(image.filter(ImageFilter.GaussianBlur(draw.uniform(0.6, 1.1)))), drawn.truth


def jpeg(drawn: Drawn, draw: random.Random) -> Case | None:
    """JPEG at quality 35 to 75."""
    buffer = io.BytesIO()
    Image.fromarray(pixels(drawn.png)).save(buffer, "JPEG", quality=draw.randint(35, 75))
    return pixels(buffer.getvalue()), drawn.truth


def rotated(drawn: Drawn, draw: random.Random) -> Case | None:
    """A quarter or half turn."""
    turns = draw.choice((1, 2, 3))
    return np.ascontiguousarray(np.rot90(pixels(drawn.png), turns)), drawn.truth


def skew(drawn: Drawn, draw: random.Random) -> Case | None:
    """A turn of up to 3 degrees with a slight perspective, as a phone held by hand takes it."""
    image = Image.fromarray(pixels(drawn.png))
    page = image.getpixel((2, 2))
    image = image.rotate(draw.uniform(-3, 3), Image.Resampling.BICUBIC, expand=True, fillcolor=page)
    w, h = image.size
    corners = [(0.0, 0.0), (float(w), 0.0), (float(w), float(h)), (0.0, float(h))]
    moved = [(x + draw.uniform(-0.008, 0.008) * w, y + draw.uniform(-0.008, 0.008) * h)
             for x, y in corners]  # fmt: skip
    warped = image.transform(
        image.size, Image.Transform.PERSPECTIVE, _perspective(corners, moved),
        Image.Resampling.BICUBIC, fillcolor=page,
    )  # fmt: skip
    return _back(warped), drawn.truth


def erased(drawn: Drawn, draw: random.Random) -> Case | None:
    """One arrow not drawn at all; the truth is what is still drawn."""
    if drawn.vary is None:
        return None
    less = drawn.vary("erased", draw.randrange(len(drawn.truth.edges)))
    return pixels(less.png), less.truth


def headless(drawn: Drawn, draw: random.Random) -> Case | None:
    """One arrow without its head."""
    if drawn.vary is None:
        return None
    return pixels(drawn.vary("headless", draw.randrange(len(drawn.truth.edges))).png), drawn.truth


def gap(drawn: Drawn, draw: random.Random) -> Case | None:
    """A hole of 6 to 14 pixels in one arrow's shaft."""
    lines = [line for line in drawn.shafts if len(line) > 1]
    if not lines:
        return None
    image = Image.fromarray(pixels(drawn.png))
    page = image.getpixel((2, 2))
    x, y = _along(draw.choice(lines), draw.uniform(0.25, 0.75))
    radius = draw.uniform(3, 7)
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=page)
    return _back(image), drawn.truth


CONDITIONS: dict[str, Callable[[Drawn, random.Random], Case | None]] = {
    "clean": clean,
    "blur": blur,
    "jpeg": jpeg,
    "rotated": rotated,
    "skew": skew,
    "arrow erased": erased,
    "gap": gap,
    "headless": headless,
}


def _back(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def _along(line: tuple[Point, ...], share: float) -> Point:
    """The point at a share of a polyline's length."""
    left = share * sum(math.dist(a, b) for a, b in pairwise(line))
    for a, b in pairwise(line):
        step = math.dist(a, b)
        if step > 0 and left <= step:
            return a[0] + (b[0] - a[0]) * left / step, a[1] + (b[1] - a[1]) * left / step
        left -= step
    return line[-1]


def _perspective(target: list[Point], source: list[Point]) -> tuple[float, ...]:
    """Pillow's eight coefficients that map ``target`` corners onto ``source`` corners."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    flat: Any = [c for corner in source for c in corner]
    return tuple(float(v) for v in np.linalg.solve(np.array(rows), np.array(flat)))
