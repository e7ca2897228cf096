"""Draws the flow diagrams in this folder, with the observation that is true of each.

    python examples/make_flow.py

The same pictures come out every time; the font is DejaVu Sans (Debian: fonts-dejavu).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
FONT = "DejaVuSans.ttf"
SCALE = 3
INK = "#333333"
FILLS = {"oval": "#d5e8d4", "box": "#dae8fc", "diamond": "#fff2cc", "parallelogram": "#ffe6cc"}

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A shape with its centre and size in pixels of the finished picture."""

    id: str
    label: str
    shape: str
    x: int
    y: int
    w: int = 170
    h: int = 56


@dataclass(frozen=True)
class Arrow:
    """An arrow through these points; the text stands at ``at``."""

    tail: str
    head: str
    points: tuple[Point, ...]
    label: str | None = None
    at: Point = (0, 0)


ORDER = (
    (760, 780),
    [
        Shape("n1", "Start", "oval", 250, 50, 130, 50),
        Shape("n2", "Check the stock", "box", 250, 155),
        Shape("n3", "stock >= order?", "diamond", 250, 285, 230, 100),
        Shape("n4", "Order more goods", "box", 590, 285, 190),
        Shape("n5", "Wait for delivery", "box", 590, 155, 190),
        Shape("n6", "Pack the goods", "box", 250, 430),
        Shape("n7", "Send invoice", "parallelogram", 250, 545, 190),
        Shape("n8", "End", "oval", 250, 660, 130, 50),
    ],
    [
        Arrow("n1", "n2", ((250, 75), (250, 127))),
        Arrow("n2", "n3", ((250, 183), (250, 235))),
        Arrow("n3", "n4", ((365, 285), (495, 285)), "No", (425, 270)),
        Arrow("n4", "n5", ((590, 257), (590, 183))),
        Arrow("n5", "n2", ((495, 155), (335, 155))),
        Arrow("n3", "n6", ((250, 335), (250, 402)), "Yes", (275, 366)),
        Arrow("n6", "n7", ((250, 458), (250, 517))),
        Arrow("n7", "n8", ((250, 573), (250, 635))),
    ],
)
LOGIN = (
    (760, 720),
    [
        Shape("n1", "Start", "oval", 230, 50, 130, 50),
        Shape("n2", "Enter password", "parallelogram", 230, 155, 200),
        Shape("n3", "Password right?", "diamond", 230, 290, 230, 100),
        Shape("n4", "Count attempt", "box", 570, 290),
        Shape("n5", "attempts < 3?", "diamond", 570, 440, 220, 100),
        Shape("n6", "Open session", "box", 230, 440),
        Shape("n7", "Lock account", "box", 570, 570),
        Shape("n8", "End", "oval", 230, 570, 130, 50),
    ],
    [
        Arrow("n1", "n2", ((230, 75), (230, 127))),
        Arrow("n2", "n3", ((230, 183), (230, 240))),
        Arrow("n3", "n6", ((230, 340), (230, 412)), "Yes", (255, 372)),
        Arrow("n3", "n4", ((345, 290), (485, 290)), "No", (410, 275)),
        Arrow("n4", "n5", ((570, 318), (570, 390))),
        Arrow("n5", "n2", ((680, 440), (720, 440), (720, 155), (320, 155)), "Yes", (700, 425)),
        Arrow("n5", "n7", ((570, 490), (570, 542)), "No", (592, 514)),
        Arrow("n6", "n8", ((230, 468), (230, 545))),
        Arrow("n7", "n8", ((485, 570), (295, 570))),
    ],
)


class Sheet:
    """A white sheet drawn at three times its size."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._image = Image.new("RGB", (size[0] * SCALE, size[1] * SCALE), "white")
        self._draw = ImageDraw.Draw(self._image)
        self._font = ImageFont.truetype(FONT, 17 * SCALE)

    def shape(self, one: Shape) -> None:
        left, top = one.x - one.w / 2, one.y - one.h / 2
        right, bottom = one.x + one.w / 2, one.y + one.h / 2
        fill, width = FILLS[one.shape], 2 * SCALE
        if one.shape == "oval":
            box = self._big((left, top), (right, bottom))
            self._draw.rounded_rectangle(box, one.h * SCALE // 2, fill, INK, width)
        else:
            corners = {
                "box": ((left, top), (right, top), (right, bottom), (left, bottom)),
                "diamond": ((one.x, top), (right, one.y), (one.x, bottom), (left, one.y)),
                "parallelogram": (
                    (left + 20, top), (right, top), (right - 20, bottom), (left, bottom)
                ),
            }[one.shape]  # fmt: skip
            self._draw.polygon(self._big(*corners), fill, INK, width)
        self.text(one.label, (one.x, one.y))

    def arrow(self, one: Arrow) -> None:
        end, before = one.points[-1], one.points[-2]
        angle = math.atan2(end[1] - before[1], end[0] - before[0])
        wings = [
            (end[0] - 13 * math.cos(angle + turn), end[1] - 13 * math.sin(angle + turn))
            for turn in (0.42, -0.42)
        ]
        neck = (end[0] - 8 * math.cos(angle), end[1] - 8 * math.sin(angle))
        line = self._big(*one.points[:-1], neck)
        self._draw.line(line, INK, 2 * SCALE, joint="curve")
        self._draw.polygon(self._big(end, *wings), INK)
        if one.label:
            self.text(one.label, one.at)

    def text(self, text: str, at: Point) -> None:
        (place,) = self._big(at)
        self._draw.text(place, text, INK, self._font, anchor="mm")

    def save(self, path: Path) -> None:
        self._image.resize(self._size, Image.Resampling.LANCZOS).save(path, optimize=True)

    @staticmethod
    def _big(*points: Point) -> list[Point]:
        return [(x * SCALE, y * SCALE) for x, y in points]


def observation(shapes: list[Shape], arrows: list[Arrow]) -> dict[str, object]:
    """What is true of a diagram, in the tool's schema."""
    return {
        "picture": "fits",
        "nodes": [{"id": s.id, "label": s.label, "shape": s.shape} for s in shapes],
        "edges": [{"from": a.tail, "to": a.head, "label": a.label} for a in arrows],
    }


def main() -> None:
    for name, (size, shapes, arrows) in {"flow_order": ORDER, "flow_login": LOGIN}.items():
        sheet = Sheet(size)
        for arrow in arrows:
            sheet.arrow(arrow)
        for shape in shapes:
            sheet.shape(shape)
        sheet.save(HERE / f"{name}.png")
        truth = json.dumps(observation(shapes, arrows), indent=2)
        (HERE / f"{name}.observation.json").write_text(f"{truth}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
