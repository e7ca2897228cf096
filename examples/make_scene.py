"""Draw scene.png, the plan of a park, and write down where a person sees what on its grid.

Run: python make_scene.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SCALE = 3
WIDTH, HEIGHT = 960, 720
INK = (44, 52, 60)
Point = tuple[float, float]
SEEN = {
    "picture": "fits",
    "kind": "plan",
    "regions": [
        {"name": "station", "words": "STATION", "cells": ["A6:B6"]},
        {"name": "lake", "words": "Lake", "cells": ["C2:E3"]},
        {"name": "kiosk", "words": "Kiosk", "cells": ["F3"]},
        {"name": "playground", "words": "Playground", "cells": ["G5:H6"]},
        {"name": "wood", "words": "Wood", "cells": ["A1:A3"]},
        {"name": "bandstand", "words": "Bandstand", "cells": ["D5"]},
    ],
}


def box(draw: ImageDraw.ImageDraw, area: tuple[float, ...], fill: tuple[int, int, int]) -> None:
    draw.rounded_rectangle([side * SCALE for side in area], 10 * SCALE, fill=fill)


def write_words(draw: ImageDraw.ImageDraw, at: Point, words: str) -> None:
    font = ImageFont.load_default(24 * SCALE)
    draw.text((at[0] * SCALE, at[1] * SCALE), words, fill=INK, font=font, anchor="mm")


def draw_plan() -> Image.Image:
    """The plan, drawn at three times its size so that edges come out smooth."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), (226, 240, 214))
    draw = ImageDraw.Draw(image)
    path = [(120, 640), (300, 500), (430, 540), (660, 320), (850, 620)]
    points = [(x * SCALE, y * SCALE) for x, y in path]
    draw.line(points, fill=(240, 226, 196), width=26 * SCALE, joint="curve")
    draw.ellipse([side * SCALE for side in (250, 140, 590, 345)], fill=(150, 200, 236))
    box(draw, (8, 30, 112, 350), (120, 172, 104))
    box(draw, (20, 620, 220, 700), (206, 210, 216))
    box(draw, (616, 260, 704, 340), (244, 190, 150))
    box(draw, (740, 500, 940, 700), (250, 222, 120))
    draw.ellipse([side * SCALE for side in (370, 490, 470, 590)], fill=(222, 180, 216))
    for at, words in (
        ((120, 660), "STATION"), ((420, 290), "Lake"), ((660, 300), "Kiosk"),
        ((840, 570), "Playground"), ((60, 190), "Wood"), ((420, 540), "Bandstand"),
    ):  # fmt: skip
        write_words(draw, at, words)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def write(folder: Path) -> None:
    """The plan and the observation."""
    draw_plan().save(folder / "scene.png", optimize=True)
    told = json.dumps(SEEN, indent=2, ensure_ascii=False) + "\n"
    (folder / "scene.observation.json").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
