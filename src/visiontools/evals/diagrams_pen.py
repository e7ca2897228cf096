"""A pen for flow charts: shapes, polylines with arrowheads and labels, drawn three times too large.

Everything is in pixels of the finished picture; ``png`` shrinks, which smooths the edges.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from visiontools.answers.graph import Shape
from visiontools.evals.diagrams_drawn import Point

OVER = 3
FONTS = {
    "dejavu": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "liberation": "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
}


@dataclass(frozen=True, slots=True)
class Style:
    """``head`` is block, classic, open or hollow; ``patch`` draws labels on a patch of the page."""

    page: str
    line: str
    text: str
    fills: tuple[str, ...]
    font: str
    size: int
    pen: float
    head: str
    bend: float
    patch: bool


@dataclass(slots=True)
class Placed:
    """A node on the page: its middle and size."""

    label: str
    lines: list[str]
    shape: Shape
    x: float
    y: float
    w: float
    h: float
    fill: str | None = None

    def border(self, dx: float, dy: float) -> Point:
        """Where a ray from the middle leaves the shape."""
        a, b = self.w / 2, self.h / 2
        if self.shape == "diamond":
            t = 1 / max(abs(dx) / a + abs(dy) / b, 1e-9)
        elif self.shape == "oval":
            t = 1 / max(math.hypot(dx / a, dy / b), 1e-9)
        else:
            t = min(a / max(abs(dx), 1e-9), b / max(abs(dy), 1e-9))
        return self.x + dx * t, self.y + dy * t


@lru_cache(maxsize=16)
def font(name: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A Debian font where it is installed, else the one that comes with Pillow."""
    path = Path(FONTS[name])
    return ImageFont.truetype(path, size) if path.exists() else ImageFont.load_default(size)


def extent(text: str, style: Style) -> tuple[float, float]:
    """Width and height of a line of text."""
    box = font(style.font, style.size * OVER).getbbox(text)
    return box[2] / OVER, style.size * 1.25


class Pen:
    """Draws on a page of ``width`` x ``height`` pixels."""

    def __init__(self, width: float, height: float, style: Style) -> None:
        self.style = style
        self.image = Image.new("RGB", (int(width * OVER), int(height * OVER)), style.page)
        self.draw = ImageDraw.Draw(self.image)

    def png(self) -> bytes:
        size = (self.image.width // OVER, self.image.height // OVER)
        buffer = io.BytesIO()
        self.image.resize(size, Image.Resampling.LANCZOS).save(buffer, "PNG")
        return buffer.getvalue()

    def node(self, node: Placed) -> None:
        fill, line = node.fill or self.style.page, self.style.line
        width = max(1, round(self.style.pen * OVER))
        x0, y0 = (node.x - node.w / 2) * OVER, (node.y - node.h / 2) * OVER
        x1, y1 = (node.x + node.w / 2) * OVER, (node.y + node.h / 2) * OVER
        box = (x0, y0, x1, y1)
        if node.shape in ("box", "double_box"):
            self.draw.rectangle(box, fill, line, width)
        elif node.shape == "rounded":
            self.draw.rounded_rectangle(box, 9 * OVER, fill, line, width)
        elif node.shape == "oval":
            self.draw.ellipse(box, fill, line, width)
        else:
            self._polygon(self._corners(node, box), fill, width)
        if node.shape == "double_box":
            for x in (x0 + 0.08 * (x1 - x0), x1 - 0.08 * (x1 - x0)):
                self.draw.line((x, y0, x, y1), line, width)
        self._text(node.lines, node.x, node.y)

    def _corners(self, node: Placed, box: tuple[float, float, float, float]) -> list[Point]:
        x0, y0, x1, y1 = box
        if node.shape == "diamond":
            return [
                ((x0 + x1) / 2, y0), (x1, (y0 + y1) / 2), ((x0 + x1) / 2, y1), (x0, (y0 + y1) / 2)
            ]  # fmt: skip
        slant = 0.4 * (y1 - y0)
        return [(x0 + slant, y0), (x1, y0), (x1 - slant, y1), (x0, y1)]

    def _polygon(self, corners: list[Point], fill: str, width: int) -> None:
        self.draw.polygon(corners, fill)
        self.draw.line([*corners, corners[0], corners[1]], self.style.line, width, joint="curve")

    def _text(self, lines: Sequence[str], x: float, y: float) -> None:
        face = font(self.style.font, self.style.size * OVER)
        step = self.style.size * 1.25 * OVER
        top = y * OVER - step * (len(lines) - 1) / 2
        for i, line in enumerate(lines):
            self.draw.text((x * OVER, top + i * step), line, self.style.text, face, anchor="mm")

    def arrow(self, points: Sequence[Point], head: bool = True) -> None:
        """A polyline with its head at the last point; corners bent by the style's radius."""
        line = [(x * OVER, y * OVER) for x, y in bent(points, self.style.bend)]
        width = max(1, round(self.style.pen * OVER))
        tip, before = line[-1], line[-2]
        angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
        length = (7 + 2 * self.style.pen) * OVER
        if head and self.style.head != "open":
            stop = length * (0.6 if self.style.head == "classic" else 0.9)
            line[-1] = (tip[0] - stop * math.cos(angle), tip[1] - stop * math.sin(angle))
        self.draw.line(line, self.style.line, width, joint="curve")
        if head:
            self._head(tip, angle, length, width)

    def _head(self, tip: Point, angle: float, length: float, width: int) -> None:
        wings = [
            (tip[0] - length * math.cos(angle + turn), tip[1] - length * math.sin(angle + turn))
            for turn in (0.42, -0.42)
        ]
        line = self.style.line
        if self.style.head == "open":
            self.draw.line([wings[0], tip, wings[1]], line, width, joint="curve")
        elif self.style.head == "hollow":
            self.draw.polygon([wings[0], tip, wings[1]], self.style.page)
            self.draw.line([*wings, tip, *wings], line, width, joint="curve")
        elif self.style.head == "classic":
            waist = (
                tip[0] - 0.7 * length * math.cos(angle),
                tip[1] - 0.7 * length * math.sin(angle),
            )
            self.draw.polygon([wings[0], tip, wings[1], waist], line)
        else:
            self.draw.polygon([wings[0], tip, wings[1]], line)

    def label(self, text: str, x: float, y: float) -> None:
        """An arrow's label around a middle, on a patch of the page's colour where so styled."""
        if self.style.patch:
            w, h = extent(text, self.style)
            box = (x - w / 2 - 2, y - h / 2, x + w / 2 + 2, y + h / 2)
            self.draw.rectangle([v * OVER for v in box], self.style.page)
        self._text([text], x, y)


def bent(points: Sequence[Point], radius: float) -> list[Point]:
    """The polyline with its corners rounded by quadratic curves that begin ``radius`` before."""
    if radius <= 0:
        return list(points)
    line = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        a, b = _towards(corner, before, radius), _towards(corner, after, radius)
        for step in range(7):
            t = step / 6
            w = ((1 - t) ** 2, 2 * t * (1 - t), t * t)
            line.append(
                (w[0] * a[0] + w[1] * corner[0] + w[2] * b[0],
                 w[0] * a[1] + w[1] * corner[1] + w[2] * b[1])
            )  # fmt: skip
    return [*line, points[-1]]


def _towards(a: Point, b: Point, far: float) -> Point:
    length = math.dist(a, b)
    t = min(far, length / 2) / max(length, 1e-9)
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t
