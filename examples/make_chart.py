"""Draws chart_bars.png, chart_receipt.png and chart_table.png, and writes the truth beside each.

Deterministic and Pillow only: its own font, no photographs. Run it from anywhere, with a folder to
write to if it is not to be this one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PAPER, INK, PALE = (255, 255, 255), (24, 26, 30), (208, 212, 216)
BAR = (11, 92, 173)

# Invented figures, all of them.
BARS = (("Jan", 42), ("Feb", 55), ("Mar", 78), ("Apr", 96), ("May", 121), ("Jun", 108))
TICKS = (0, 20, 40, 60, 80, 100, 120, 140)
ITEMS = (
    ("Apples", "2", "1.50", "3.00"),
    ("Wholemeal bread", "1", "2.80", "2.80"),
    ("Orange juice", "3", "1.95", "5.85"),
    ("Paper towels", "1", "3.35", "3.35"),
)
TOTALS = (
    ("Subtotal", "subtotal", "15.00"),
    ("Loyalty discount", "discount", "-1.50"),
    ("TOTAL", "total", "13.50"),
    ("VAT included", "tax", "1.05"),
    ("Cash", "paid", "20.00"),
    ("Change", "change", "6.50"),
)
COLUMNS = ("Museum", "2023", "2024", "2025")
ROWS = (
    ("Clock Museum", "12,480", "13,905", "15,220"),
    ("Lamp Cabinet", "840", "975", "1,120"),
    ("Harbour Hall", "21,700", "24,350", "23,980"),
    ("Total", "35,020", "39,230", "40,320"),
)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, the same on every machine."""
    return ImageFont.load_default(size)


def bars() -> Image.Image:
    """A bar chart with its values printed above the bars."""
    picture = Image.new("RGB", (1000, 700), PAPER)
    draw = ImageDraw.Draw(picture)
    left, right, top, bottom = 130, 960, 130, 590
    draw.text((500, 24), "Bicycles sold in 2025", font=font(36), fill=INK, anchor="ma")
    draw.text((30, 84), "Bicycles", font=font(24), fill=INK)
    for tick in TICKS:
        y = bottom - (bottom - top) * tick / TICKS[-1]
        draw.line((left, y, right, y), fill=PALE, width=2)
        draw.text((left - 16, y), f"{tick}", font=font(24), fill=INK, anchor="rm")
    draw.line((left, top, left, bottom, right, bottom), fill=INK, width=3)
    step = (right - left) / len(BARS)
    for at, (month, sold) in enumerate(BARS):
        middle = left + step * (at + 0.5)
        height = (bottom - top) * sold / TICKS[-1]
        draw.rectangle((middle - 40, bottom - height, middle + 40, bottom - 2), fill=BAR)
        above = (middle, bottom - height - 10)
        draw.text(
            above, f"{sold}", INK, font(26), "mb", stroke_width=4, stroke_fill=PAPER
        )  # clear of the lines it stands on
        draw.text((middle, bottom + 14), month, font=font(26), fill=INK, anchor="ma")
    draw.text(((left + right) / 2, 650), "Month", font=font(24), fill=INK, anchor="ma")
    return picture


def receipt() -> Image.Image:
    """A till receipt."""
    picture = Image.new("RGB", (620, 900), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((310, 40), "CORNER SHOP", font=font(40), fill=INK, anchor="ma")
    draw.text((310, 100), "2 March 2026", font=font(26), fill=INK, anchor="ma")
    draw.text((570, 160), "GBP", font=font(26), fill=INK, anchor="ra")
    y = 204
    for name, quantity, price, amount in ITEMS:
        draw.text((50, y), name, font=font(28), fill=INK)
        draw.text((570, y), amount, font=font(28), fill=INK, anchor="ra")
        if quantity != "1":
            y += 38
            draw.text((80, y), f"{quantity} x {price}", font=font(26), fill=INK)
        y += 46
    draw.line((50, y + 6, 570, y + 6), fill=INK, width=2)
    y += 28
    for label, kind, amount in TOTALS:
        size = 34 if kind == "total" else 28
        draw.text((50, y), label, font=font(size), fill=INK)
        draw.text((570, y), amount, font=font(size), fill=INK, anchor="ra")
        y += 54 if kind == "total" else 46
    draw.text((310, 846), "Thank you", font=font(26), fill=INK, anchor="ma")
    return picture


def table() -> Image.Image:
    """A ruled table with a row of totals."""
    picture = Image.new("RGB", (1000, 520), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((40, 30), "Visitors a year", font=font(38), fill=INK)
    edges = (40, 400, 590, 780, 960)
    for at, row in enumerate((COLUMNS, *ROWS)):
        y = 110 + at * 72
        if row[0] in ("Museum", "Total"):
            draw.rectangle((40, y, 960, y + 72), fill=(236, 240, 244))
        draw.text((60, y + 36), row[0], font=font(28), fill=INK, anchor="lm")
        for column, cell in enumerate(row[1:], 1):
            draw.text((edges[column + 1] - 20, y + 36), cell, font=font(28), fill=INK, anchor="rm")
    for line in range(len(ROWS) + 2):
        draw.line((40, 110 + line * 72, 960, 110 + line * 72), fill=INK, width=2)
    for edge in edges:
        draw.line((edge, 110, edge, 110 + (len(ROWS) + 1) * 72), fill=INK, width=2)
    return picture


def truth() -> dict[str, dict[str, object]]:
    """What is drawn, in the words of the tool's observation."""
    values = [{"category": month, "printed": f"{sold}"} for month, sold in BARS]
    items = [
        {"text": name, "quantity": quantity, "unit_price": price, "amount": amount}
        if quantity != "1"
        else {"text": name, "amount": amount}
        for name, quantity, price, amount in ITEMS
    ]
    totals = [{"label": label, "kind": kind, "amount": amount} for label, kind, amount in TOTALS]
    return {
        "chart_bars": {
            "kind": "bar",
            "title": "Bicycles sold in 2025",
            "x_axis": {"title": "Month"},
            "y_axis": {"title": "Bicycles", "ticks": [f"{tick}" for tick in TICKS]},
            "series": [{"values": values}],
        },
        "chart_receipt": {
            "kind": "receipt",
            "receipt": {
                "merchant": "CORNER SHOP",
                "date": "2 March 2026",
                "currency": "GBP",
                "items": items,
                "totals": totals,
            },
            "text": ["Thank you"],
        },
        "chart_table": {
            "kind": "table",
            "title": "Visitors a year",
            "table": {"columns": [*COLUMNS], "rows": [{"cells": [*row]} for row in ROWS]},
        },
    }


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    drawn = {"chart_bars": bars(), "chart_receipt": receipt(), "chart_table": table()}
    for name, seen in truth().items():
        drawn[name].save(folder / f"{name}.png", optimize=True)
        text = json.dumps({"picture": "fits", **seen}, indent=2, ensure_ascii=False)
        (folder / f"{name}.observation.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
