"""Draw fridge.png: an open fridge with some food in it. Run: python make_fridge.py

What a person would fill in for it is fridge.observation.json. Drawn at three times its size, so
that edges come out smooth.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SCALE = 3
WIDTH, HEIGHT = 1000, 1000
WHITE, SHELL, INSIDE, EDGE = (250, 251, 252), (214, 220, 226), (236, 243, 248), (168, 178, 188)
Colour = tuple[int, int, int]
Point = tuple[float, float]


def at(*points: Point) -> list[Point]:
    """Points of the picture, on the large canvas."""
    return [(x * SCALE, y * SCALE) for x, y in points]


class Pen:
    """Shapes in picture coordinates."""

    def __init__(self, image: Image.Image) -> None:
        self.draw = ImageDraw.Draw(image)

    def box(self, x: float, y: float, w: float, h: float, fill: Colour, round: float = 0) -> None:
        self.draw.rounded_rectangle(at((x, y), (x + w, y + h)), round * SCALE, fill=fill)

    def oval(self, x: float, y: float, w: float, h: float, fill: Colour) -> None:
        self.draw.ellipse(at((x, y), (x + w, y + h)), fill=fill)

    def shape(self, *points: Point, fill: Colour) -> None:
        self.draw.polygon(at(*points), fill=fill)

    def line(self, *points: Point, fill: Colour, width: float = 2) -> None:
        self.draw.line(at(*points), fill=fill, width=round(width * SCALE), joint="curve")

    def text(self, x: float, y: float, words: str, size: float, fill: Colour) -> None:
        font = ImageFont.load_default(size * SCALE)
        self.draw.text((x * SCALE, y * SCALE), words, fill=fill, font=font, anchor="mm")


def draw_fridge(pen: Pen) -> None:
    pen.box(0, 0, WIDTH, HEIGHT, (226, 214, 198))
    pen.box(0, 930, WIDTH, 70, (176, 152, 124))
    pen.box(60, 40, 560, 920, SHELL, 24)
    pen.box(84, 64, 512, 868, INSIDE, 12)
    pen.box(300, 70, 80, 14, (255, 250, 214), 6)
    pen.shape((620, 50), (930, 24), (930, 980), (620, 950), fill=SHELL)
    pen.shape((636, 74), (906, 52), (906, 950), (636, 926), fill=WHITE)
    for y in (290, 500, 700):
        pen.box(84, y, 512, 10, (190, 210, 222))
        pen.box(84, y + 10, 512, 3, EDGE)
    for y in (420, 860):
        pen.box(650, y, 242, 12, EDGE, 4)
        pen.box(650, y - 44, 242, 10, (206, 216, 224), 4)


def draw_milk(pen: Pen, x: float, y: float) -> None:
    pen.shape((x, y - 170), (x + 96, y - 170), (x + 82, y - 206), (x + 14, y - 206), fill=WHITE)
    pen.box(x + 14, y - 222, 68, 18, (36, 98, 178))
    pen.box(x, y - 172, 96, 172, (238, 244, 250))
    pen.box(x, y - 116, 96, 66, (36, 98, 178))
    pen.text(x + 48, y - 83, "MILK", 30, WHITE)
    pen.line((x, y), (x, y - 170), (x + 14, y - 206), fill=EDGE)
    pen.line((x + 96, y), (x + 96, y - 170), (x + 82, y - 206), fill=EDGE)


def draw_juice(pen: Pen, x: float, y: float) -> None:
    pen.box(x + 22, y - 210, 32, 22, (60, 140, 70), 4)
    pen.box(x + 24, y - 190, 28, 40, (244, 150, 34))
    pen.box(x, y - 160, 76, 160, (244, 150, 34), 16)
    pen.oval(x + 14, y - 116, 48, 48, (255, 196, 92))
    for dx, dy in ((0, -1), (0.87, 0.5), (-0.87, 0.5)):
        centre = (x + 38, y - 92)
        pen.line(centre, (centre[0] + 22 * dx, centre[1] + 22 * dy), fill=(244, 150, 34))


def draw_butter(pen: Pen, x: float, y: float) -> None:
    pen.box(x - 10, y - 10, 150, 10, (150, 176, 192), 4)
    pen.box(x, y - 52, 130, 42, (250, 222, 110), 4)
    pen.shape(
        (x, y - 52), (x + 14, y - 66), (x + 144, y - 66), (x + 130, y - 52), fill=(255, 236, 150)
    )
    pen.shape((x + 50, y - 10), (x + 50, y - 52), (x + 64, y - 66), (x + 144, y - 66),
              (x + 130, y - 52), (x + 130, y - 10), fill=(206, 212, 216))  # fmt: skip
    pen.text(x + 90, y - 31, "BUTTER", 17, (60, 80, 130))


def draw_cheese(pen: Pen, x: float, y: float) -> None:
    pen.shape((x, y - 40), (x + 150, y - 84), (x + 150, y - 40), fill=(255, 214, 92))
    pen.box(x, y - 42, 150, 42, (246, 190, 50))
    for dx, dy, size in ((20, 26, 16), (62, 32, 20), (110, 24, 18), (92, 14, 10), (128, 58, 12)):
        pen.oval(x + dx, y - dy, size, size * 0.8, (214, 152, 30))


def draw_eggs(pen: Pen, x: float, y: float) -> None:
    for index in range(6):
        pen.oval(x + 8 + 38 * index, y - 66, 34, 48, (238, 202, 164))
        pen.oval(x + 16 + 38 * index, y - 60, 10, 14, (250, 226, 200))
    pen.box(x, y - 38, 240, 38, (150, 150, 140), 8)
    for index in range(6):
        pen.oval(x + 8 + 38 * index, y - 34, 34, 26, (132, 132, 122))


def draw_tomato(pen: Pen, x: float, y: float) -> None:
    pen.oval(x, y - 66, 74, 66, (212, 44, 36))
    pen.oval(x + 12, y - 56, 18, 13, (240, 120, 108))
    for dx, dy in ((-18, 4), (-10, -8), (10, -8), (18, 4), (0, 12)):
        pen.line((x + 37, y - 62), (x + 37 + dx, y - 60 + dy), fill=(52, 128, 48), width=5)


def draw_jar(pen: Pen, x: float, y: float) -> None:
    pen.box(x + 6, y - 104, 68, 18, (180, 186, 192), 4)
    pen.box(x, y - 88, 80, 88, (58, 32, 40), 10)
    pen.box(x + 10, y - 78, 10, 62, (106, 74, 84), 5)


def draw_drawer(pen: Pen) -> None:
    pen.box(100, 740, 480, 178, (206, 226, 236), 10)
    for index in range(3):
        x, y = 130 + 58 * index, 770 + 8 * index
        for lean in (-16, 0, 16):
            pen.line((x + 14, y + 12), (x + 14 + lean, y - 24), fill=(66, 142, 56), width=6)
        pen.shape((x - 6, y + 6), (x + 34, y + 6), (x + 18, y + 128), (x + 10, y + 128),
                  fill=(240, 126, 34))  # fmt: skip
        for mark in (32, 60, 88):
            pen.line((x + 6, y + mark), (x + 18, y + mark), fill=(206, 96, 20))
    for dx, dy, size, green in (
        (0, 20, 150, (86, 158, 62)), (60, 10, 150, (104, 176, 74)), (28, 0, 140, (124, 192, 88)),
        (54, 34, 104, (152, 210, 110)), (74, 54, 66, (186, 228, 142)),
    ):  # fmt: skip
        pen.oval(330 + dx, 756 + dy, size, size * 0.84, green)
    for tip in ((382, 800), (410, 782), (446, 786), (476, 808)):
        pen.line((434, 880), tip, fill=(206, 236, 168), width=3)
    pen.box(100, 896, 480, 24, (186, 208, 220), 8)
    pen.box(300, 902, 80, 10, (150, 176, 192), 5)


def draw_food() -> Image.Image:
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
    pen = Pen(image)
    draw_fridge(pen)
    draw_butter(pen, 116, 290)
    draw_cheese(pen, 300, 290)
    draw_jar(pen, 490, 290)
    draw_eggs(pen, 200, 500)
    for x in (130, 222, 314, 406):
        draw_tomato(pen, x, 700)
    draw_drawer(pen)
    draw_milk(pen, 680, 860)
    draw_juice(pen, 800, 860)
    pen.box(650, 840, 242, 30, (222, 230, 236), 6)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    draw_food().save(folder / "fridge.png", optimize=True)
