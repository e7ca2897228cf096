"""Draws diet_two_drinks.png, two nutrition labels side by side, and writes its truth beside it.

Deterministic and Pillow only: its own font, no photographs. Run it from anywhere.
"""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
SIZE = (1500, 1120)
INK = (24, 26, 30)
LINE = 3

# Invented drinks. Energy follows from the nutrients by the factors of Regulation (EU) 1169/2011.
DRINKS = (
    ("Orange Fizz", (201, 88, 20), (180, 42, 0, 0, 10.4, 10.2, 0.1, 0.02)),
    ("Kiwi Spark", (58, 125, 44), (80, 19, 0, 0, 4.5, 4.3, 0.1, 0.01)),
)
ROWS = (
    ("Energy", "energy", "kJ"),
    ("", "energy", "kcal"),
    ("Fat", "fat", "g"),
    ("of which saturates", "saturated_fat", "g"),
    ("Carbohydrate", "carbohydrate", "g"),
    ("of which sugars", "sugars", "g"),
    ("Protein", "protein", "g"),
    ("Salt", "salt", "g"),
)
PACK_ML = 330


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, the same on every machine."""
    return ImageFont.load_default(size)


def panel(
    draw: ImageDraw.ImageDraw,
    left: int,
    drink: tuple[str, tuple[int, int, int], tuple[float, ...]],
) -> None:
    name, colour, amounts = drink
    width = 660
    draw.rounded_rectangle((left, 50, left + width, 1070), 24, fill="white", outline=INK, width=3)
    draw.rounded_rectangle((left, 50, left + width, 190), 24, fill=colour)
    draw.text((left + width / 2, 120), name, font=font(64), fill="white", anchor="mm")
    draw.text((left + 36, 215), "Nutrition declaration", font=font(44), fill=INK)
    draw.line((left + 36, 290, left + width - 36, 290), fill=INK, width=LINE * 2)
    draw.text((left + width - 36, 310), "per 100 ml", font=font(38), fill=INK, anchor="ra")
    for index, ((label, _, unit), amount) in enumerate(zip(ROWS, amounts, strict=True)):
        top = 372 + index * 72
        draw.line((left + 36, top - 6, left + width - 36, top - 6), fill=INK, width=1)
        indent = 30 if label.startswith("of which") else 0
        draw.text((left + 36 + indent, top + 6), label, font=font(40), fill=INK)
        text = f"{amount:g} {unit}"
        draw.text((left + width - 36, top + 6), text, font=font(40), fill=INK, anchor="ra")
    draw.line((left + 36, 960, left + width - 36, 960), fill=INK, width=LINE * 2)
    draw.text((left + 36, 988), f"Content: {PACK_ML} ml", font=font(40), fill=INK)


def truth() -> dict[str, object]:
    """What is printed, in the words of the tool's observation."""
    return {
        "picture": "fits",
        "products": [
            {
                "name": name,
                "container": {"amount": PACK_ML, "unit": "ml"},
                "rows": [
                    {"nutrient": nutrient, "amount": amount, "unit": unit, "basis": "per_100ml"}
                    for (_, nutrient, unit), amount in zip(ROWS, amounts, strict=True)
                ],
            }
            for name, _, amounts in DRINKS
        ],
    }


def main() -> None:
    picture = Image.new("RGB", SIZE, (236, 238, 240))
    draw = ImageDraw.Draw(picture)
    for index, drink in enumerate(DRINKS):
        panel(draw, 60 + index * 720, drink)
    picture.save(HERE / "diet_two_drinks.png", optimize=True)
    text = json.dumps(truth(), indent=2, ensure_ascii=False)
    (HERE / "diet_two_drinks.observation.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
