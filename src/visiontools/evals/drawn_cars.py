"""Cars without damage, drawn: seen from the side, in several builds, colours and places."""

from __future__ import annotations

import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from visiontools.evals.labels_draw import Colour

WIDTH, HEIGHT, _SCALE = 960, 600, 2
COLOURS: dict[str, Colour] = {
    "red": (190, 40, 44), "blue": (44, 78, 160), "white": (236, 236, 232), "black": (40, 42, 46),
    "green": (48, 110, 70), "yellow": (226, 190, 50), "silver": (176, 180, 186),
}  # fmt: skip
_GLASS, _RUBBER, _METAL = (150, 184, 204), (34, 35, 38), (196, 200, 206)
_GROUND = 470


@dataclass(frozen=True, slots=True)
class _Build:
    """Outline of a car, nose to the left, in hundredths of its length and of its height."""

    roof: tuple[tuple[float, float], ...]
    windows: tuple[tuple[tuple[float, float], ...], ...]
    height: int


_BUILDS = (
    _Build(  # a saloon
        ((0, 58), (3, 44), (26, 38), (38, 6), (64, 4), (80, 36), (98, 42), (100, 60)),
        (((40, 10), (50, 9), (50, 36), (30, 37)), ((53, 9), (64, 9), (75, 36), (53, 36))),
        170,
    ),
    _Build(  # an estate
        ((0, 60), (2, 44), (24, 38), (36, 5), (92, 4), (98, 40), (100, 60)),
        (((38, 9), (52, 8), (52, 36), (28, 37)), ((55, 8), (72, 8), (72, 36), (55, 36)),
         ((75, 8), (90, 8), (94, 36), (75, 36))),
        180,
    ),
    _Build(  # a van
        ((0, 62), (2, 40), (14, 30), (24, 2), (98, 1), (100, 30), (100, 62)),
        (((25, 7), (38, 6), (38, 34), (16, 34)), ((41, 6), (56, 6), (56, 34), (41, 34))),
        240,
    ),
)  # fmt: skip


def car(seed: int) -> tuple[Image.Image, str]:
    """One car, whole and clean, and the name of its colour."""
    draw = random.Random(f"car-{seed}")
    colour = draw.choice(list(COLOURS))
    build = draw.choice(_BUILDS)
    image = _scene(draw)
    length = draw.randint(600, 720)
    left = draw.randint(60, WIDTH - 60 - length)
    _car(image, build, COLOURS[colour], left, length)
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    if draw.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image, colour


def _at(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * _SCALE, y * _SCALE) for x, y in points]


def _scene(draw: random.Random) -> Image.Image:
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE))
    pen = ImageDraw.Draw(image)
    sky = draw.choice(((206, 222, 236), (222, 214, 204), (180, 196, 210)))
    ground = draw.choice(((142, 146, 150), (120, 122, 118), (168, 160, 146)))
    pen.rectangle(_at((0, 0), (WIDTH, 400)), fill=sky)
    for _ in range(draw.randint(3, 7)):
        x, high = draw.randint(0, WIDTH), draw.randint(80, 260)
        shade = tuple(value - draw.randint(10, 40) for value in sky)
        pen.rectangle(_at((x, 400 - high), (x + draw.randint(60, 160), 400)), fill=shade)
    pen.rectangle(_at((0, 400), (WIDTH, HEIGHT)), fill=ground)
    return image


def _car(image: Image.Image, build: _Build, paint: Colour, left: int, length: int) -> None:
    top = _GROUND - 40 - build.height

    def place(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
        return _at(*((left + x * length / 100, top + y * build.height / 60) for x, y in points))

    shadow = Image.new("L", image.size, 0)
    box = _at((left - 10, _GROUND + 4), (left + length + 10, _GROUND + 44))
    ImageDraw.Draw(shadow).ellipse(box, fill=150)
    image.paste((60, 62, 66), mask=shadow.filter(ImageFilter.GaussianBlur(8 * _SCALE)))
    pen = ImageDraw.Draw(image)
    dark: Colour = tuple(max(0, value - 50) for value in paint)  # type: ignore[assignment]
    pen.polygon(place(build.roof), fill=paint, outline=dark, width=3 * _SCALE)
    for window in build.windows:
        pen.polygon(place(window), fill=_GLASS)
    for x in (28, 52, 74):
        pen.line(place(((x, 37), (x, 58))), fill=dark, width=2 * _SCALE)
    for x in (46, 68):
        pen.line(place(((x, 43), (x + 4, 43))), fill=dark, width=4 * _SCALE)
    pen.polygon(place(((1, 45), (6, 44), (5, 50), (1, 51))), fill=(250, 248, 226))
    pen.polygon(place(((99, 45), (96, 44), (96, 50), (99.5, 51))), fill=(150, 20, 26))
    for x in (20, 80):
        _wheel(pen, left + x * length / 100, length / 12)


def _wheel(pen: ImageDraw.ImageDraw, x: float, radius: float) -> None:
    y = _GROUND - radius * 0.4
    for share, fill in ((1.0, _RUBBER), (0.62, _METAL), (0.5, (120, 124, 130)), (0.16, _METAL)):
        r = radius * share
        pen.ellipse(_at((x - r, y - r), (x + r, y + r)), fill=fill)
