"""Draw car_damage.png: a red car from its left, with three damages. Run: python make_car.py

Left door dented, left headlight broken, front bumper scratched; what a person would fill in for it
is car_damage.observation.json. Drawn at three times its size, so that edges come out smooth.
"""

from __future__ import annotations

import random
import sys
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SCALE = 3
WIDTH, HEIGHT = 1120, 700
RED, DARK_RED, LIGHT_RED = (196, 38, 44), (132, 20, 28), (226, 84, 84)
GLASS, RUBBER, METAL = (150, 184, 204), (34, 35, 38), (196, 200, 206)
Point = tuple[float, float]


def at(*points: Point) -> list[Point]:
    """Points of the picture, on the large canvas."""
    return [(x * SCALE, y * SCALE) for x, y in points]


def curve(*points: Point, steps: int = 24) -> list[Point]:
    """A Bezier curve through its first and last point."""

    def between(control: list[Point], t: float) -> Point:
        while len(control) > 1:
            pairs = pairwise(control)
            control = [(a + (c - a) * t, b + (d - b) * t) for (a, b), (c, d) in pairs]
        return control[0]

    return [between(list(points), step / steps) for step in range(steps + 1)]


def body() -> list[Point]:
    """The outline of the car, nose to the left."""
    return [
        *curve((118, 520), (92, 500), (92, 420), (112, 400)),
        *curve((112, 400), (150, 352), (260, 336), (352, 330)),
        *curve((352, 330), (430, 240), (470, 212), (560, 206)),
        *curve((560, 206), (720, 196), (840, 214), (922, 318)),
        *curve((922, 318), (990, 330), (1004, 400), (1002, 500)),
        (996, 532),
        (118, 532),
    ]


def draw_scene(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle(at((0, 0), (WIDTH, 430)), fill=(216, 226, 234))
    for x in range(0, WIDTH, 140):
        draw.rectangle(at((x + 6, 120), (x + 132, 424)), fill=(204, 214, 222))
    draw.rectangle(at((0, 430), (WIDTH, HEIGHT)), fill=(142, 146, 150))
    draw.rectangle(at((0, 430), (WIDTH, 444)), fill=(120, 124, 128))
    draw.rectangle(at((0, 648), (WIDTH, 658)), fill=(226, 226, 220))


def draw_body(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon(at(*body()), fill=RED, outline=DARK_RED, width=4 * SCALE)
    draw.polygon(at((112, 496), (1000, 496), (996, 532), (118, 532)), fill=DARK_RED)
    draw.line(at((150, 408), (560, 396), (990, 402)), fill=LIGHT_RED, width=4 * SCALE)
    draw.polygon(at((392, 328), (470, 246), (560, 226), (606, 225), (606, 328)), fill=GLASS)
    draw.polygon(at((624, 225), (720, 228), (776, 246), (790, 328), (624, 328)), fill=GLASS)
    draw.polygon(at((808, 328), (798, 254), (846, 284), (880, 328)), fill=GLASS)
    for start, end in (((440, 300), (500, 244)), ((660, 312), (720, 240))):
        draw.line(at(start, end), fill=(186, 212, 226), width=10 * SCALE)


def draw_doors(draw: ImageDraw.ImageDraw) -> None:
    front = [(386, 334), (612, 334), (612, 500), (404, 500), (378, 430)]
    rear = [(618, 334), (796, 334), (802, 400), (760, 470), (742, 500), (618, 500)]
    for door in (front, rear):
        draw.line(at(*door, door[0]), fill=DARK_RED, width=3 * SCALE, joint="curve")
    for x in (552, 732):
        box = at((x, 360), (x + 46, 372))
        draw.rounded_rectangle(box, 5 * SCALE, fill=(58, 10, 14))
    draw.rounded_rectangle(at((398, 304), (440, 330)), 10 * SCALE, fill=DARK_RED)


def draw_ends(draw: ImageDraw.ImageDraw) -> None:
    lower = curve((104, 446), (96, 470), (100, 506), (118, 532))
    draw.polygon(at((232, 446), *lower, (224, 532), (228, 500)), fill=(204, 46, 50))
    draw.line(at((104, 446), (232, 446), (228, 500)), fill=DARK_RED, width=3 * SCALE)
    draw.polygon(at((956, 352), (982, 364), (997, 416), (970, 408)), fill=(140, 10, 16))
    draw.rectangle(at((904, 446), (1002, 450)), fill=DARK_RED)


def draw_wheel(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    def ring(radius: int, fill: tuple[int, int, int]) -> None:
        draw.ellipse(at((x - radius, y - radius), (x + radius, y + radius)), fill=fill)

    ring(88, (44, 12, 16))
    ring(76, RUBBER)
    ring(50, METAL)
    ring(43, (120, 124, 130))
    for dx, dy in ((0, -1), (0.95, -0.31), (0.59, 0.81), (-0.59, 0.81), (-0.95, -0.31)):
        draw.line(at((x, y), (x + 44 * dx, y + 44 * dy)), fill=METAL, width=13 * SCALE)
    ring(12, (86, 90, 96))


def draw_dent(image: Image.Image) -> None:
    """A hollow in the lower half of the front door: shade above, light below, a sharp crease."""
    shade = Image.new("L", image.size, 0)
    ImageDraw.Draw(shade).ellipse(at((420, 400), (588, 486)), fill=200)
    light = ImageChops.offset(shade, -6 * SCALE, 20 * SCALE)
    soft = ImageFilter.GaussianBlur(8 * SCALE)
    image.paste((98, 10, 18), mask=ImageChops.subtract(shade, light).filter(soft))
    image.paste((246, 150, 146), mask=ImageChops.subtract(light, shade).filter(soft))
    inner = shade.filter(soft).point(lambda value: value // 3)
    image.paste((110, 14, 22), mask=inner)
    draw = ImageDraw.Draw(image)
    crease = curve((436, 436), (486, 456), (520, 430), (576, 452))
    draw.line(at(*crease), fill=(84, 8, 14), width=5 * SCALE, joint="curve")
    above = [(x, y - 4) for x, y in crease]
    draw.line(at(*above), fill=(240, 140, 136), width=2 * SCALE, joint="curve")
    for start, end in (((486, 446), (474, 474)), ((524, 440), (538, 470))):
        draw.line(at(start, end), fill=(92, 8, 14), width=3 * SCALE)


def draw_broken_headlight(draw: ImageDraw.ImageDraw) -> None:
    lens = [(122, 396), (176, 366), (226, 362), (214, 404), (150, 424), (116, 424)]
    draw.polygon(at(*lens), fill=(228, 234, 240), outline=(60, 62, 66), width=3 * SCALE)
    draw.polygon(at((152, 396), (176, 380), (196, 388), (186, 408), (160, 414)), fill=(22, 22, 26))
    centre = (174, 396)
    for tip in ((122, 396), (150, 424), (214, 404), (226, 362), (176, 366), (140, 386), (206, 382)):
        middle = ((centre[0] + tip[0]) / 2 + 4, (centre[1] + tip[1]) / 2 - 4)
        draw.line(at(centre, middle, tip), fill=(40, 42, 48), width=2 * SCALE)
    for x, y in ((92, 604), (120, 616), (146, 600), (176, 614), (108, 628), (206, 622)):
        draw.polygon(at((x, y), (x + 13, y - 7), (x + 10, y + 8)), fill=(232, 240, 246))


def draw_scratches(draw: ImageDraw.ImageDraw) -> None:
    chance = random.Random(5)  # the same scratches each time
    for index in range(9):
        x, y = 118 + chance.uniform(0, 18), 458 + 6 * index
        end = (x + chance.uniform(56, 88), y + chance.uniform(-5, 7))
        middle = ((x + end[0]) / 2, (y + end[1]) / 2 + chance.uniform(-3, 3))
        draw.line(at((x, y), middle, end), fill=(236, 232, 226), width=2 * SCALE, joint="curve")


def draw_car() -> Image.Image:
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
    draw = ImageDraw.Draw(image)
    draw_scene(draw)
    shadow = Image.new("L", image.size, 0)
    ImageDraw.Draw(shadow).ellipse(at((90, 572), (1030, 634)), fill=150)
    image.paste((62, 64, 68), mask=shadow.filter(ImageFilter.GaussianBlur(10 * SCALE)))
    draw_body(draw)
    draw_doors(draw)
    draw_ends(draw)
    draw_dent(image)
    draw_broken_headlight(draw)
    draw_scratches(draw)
    for x in (300, 836):
        draw_wheel(draw, x, 524)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    draw_car().save(folder / "car_damage.png", optimize=True)
