"""What charts and tables are drawn with: a page of marks, painted by Pillow or by a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PIL import Image, ImageDraw

from visiontools.evals.labels_draw import font, png

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
OVER = 2
"""Pillow draws this many times too large and shrinks, which smooths the edges."""


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; ``radius`` rounds its corners (by a browser only)."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str | None = None
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through ``points``; ``dash`` is the length of its dashes and gaps, 0 for none."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dash: float = 0.0


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice of a pie or, where it is a whole turn, a dot; angles in degrees, clockwise."""

    x: float
    y: float
    radius: float
    start: float
    end: float
    fill: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text whose middle is at ``y``; ``up`` turns it to read from below."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: Anchor = "start"
    bold: bool = False
    up: bool = False


Mark = Box | Stroke | Slice | Words


@dataclass(slots=True)
class Page:
    """A page in pixels, drawn in the order of its marks."""

    width: int
    height: int
    paper: str
    family: str
    marks: list[Mark] = field(default_factory=list)

    def measure(self, text: str, size: float, bold: bool = False) -> float:
        """The width of a text in pixels."""
        return float(font(self.family, round(size * 4), bold).getlength(text)) / 4


def paint(page: Page) -> bytes:
    """The page as a PNG by Pillow."""
    size = (page.width * OVER, page.height * OVER)
    image = Image.new("RGB", size, page.paper)
    draw = ImageDraw.Draw(image)
    for mark in page.marks:
        match mark:
            case Box():
                _box(draw, mark)
            case Stroke():
                _stroke(draw, mark)
            case Slice(x, y, radius, start, end, fill):
                frame = [OVER * v for v in (x - radius, y - radius, x + radius, y + radius)]
                draw.pieslice(frame, start, end, fill=fill)
            case Words():
                _words(image, draw, mark, page.family)
    return png(image.resize((page.width, page.height), Image.Resampling.BOX))


def _box(draw: ImageDraw.ImageDraw, box: Box) -> None:
    corners = (box.x, box.y, box.x + box.width, box.y + box.height)
    x0, y0, x1, y1 = (OVER * v for v in corners)
    if x1 - x0 >= 1 and y1 - y0 >= 1:
        edge = box.edge or box.fill
        draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=box.fill, outline=edge, width=OVER)


def _stroke(draw: ImageDraw.ImageDraw, line: Stroke) -> None:
    width = max(1, round(line.width * OVER))
    if not line.dash:
        draw.line([(x * OVER, y * OVER) for x, y in line.points], fill=line.colour, width=width)
        return
    (x0, y0), (x1, y1) = line.points[0], line.points[-1]
    length = max(abs(x1 - x0), abs(y1 - y0))
    at = 0.0
    while at < length:
        a, b = at / length, min(1.0, (at + line.dash) / length)
        ends = [((x0 + (x1 - x0) * t) * OVER, (y0 + (y1 - y0) * t) * OVER) for t in (a, b)]
        draw.line(ends, fill=line.colour, width=width)
        at += 2 * line.dash


_ANCHORS = {"start": "lm", "middle": "mm", "end": "rm"}


def _words(image: Image.Image, draw: ImageDraw.ImageDraw, words: Words, family: str) -> None:
    face = font(family, round(words.size * OVER), words.bold)
    at = (words.x * OVER, words.y * OVER)
    if not words.up:
        draw.text(at, words.text, fill=words.colour, font=face, anchor=_ANCHORS[words.anchor])
        return
    width, height = round(face.getlength(words.text)) + 8, round(words.size * OVER * 1.5)
    flat = Image.new("L", (width, height), 0)
    ImageDraw.Draw(flat).text((width / 2, height / 2), words.text, 255, face, anchor="mm")
    turned = flat.rotate(90, expand=True)
    corner = (round(at[0] - turned.width / 2), round(at[1] - turned.height / 2))
    image.paste(Image.new("RGB", turned.size, words.colour), corner, turned)
