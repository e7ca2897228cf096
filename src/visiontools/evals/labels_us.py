"""Renderer ``us``: the upright Nutrition Facts box, with one column or two."""

from __future__ import annotations

import random
from dataclasses import dataclass

from visiontools.answers.label import (
    Basis,
    Nutrient,
    PrintedRow,
    Quantity,
    RowUnit,
    SeenLabels,
    SeenProduct,
)
from visiontools.evals.labels_draw import SANS, Sheet, png
from visiontools.evals.labels_products import (
    KCAL,
    Figure,
    Product,
    energy,
    product,
    scaled,
    us_calories,
    us_figure,
)

DAILY = {"fat": 78, "saturated_fat": 20, "carbohydrate": 275, "sodium": 2.3, "fibre": 28}
ROWS: tuple[tuple[Nutrient, str, int, bool], ...] = (
    ("fat", "Total Fat", 0, True),
    ("saturated_fat", "Saturated Fat", 1, False),
    ("trans_fat", "Trans Fat", 1, False),
    ("cholesterol", "Cholesterol", 0, True),
    ("sodium", "Sodium", 0, True),
    ("carbohydrate", "Total Carbohydrate", 0, True),
    ("fibre", "Dietary Fiber", 1, False),
    ("sugars", "Total Sugars", 1, False),
    ("added_sugars", "Includes {} Added Sugars", 2, False),
    ("protein", "Protein", 0, True),
)
HOUSEHOLD = {"ml": ("1 can", "1 bottle", "1 cup"), "g": ("2/3 cup", "1 bar", "3 cookies", "1 pack")}
FOOTNOTE = (
    "* The % Daily Value (DV) tells you how much a nutrient in a serving of food contributes to "
    "a daily diet. 2,000 calories a day is used for general nutrition advice."
)


@dataclass(frozen=True)
class _Column:
    """One column of amounts: its basis, where its amounts start, and the content it states."""

    basis: Basis
    x: float
    content: dict[str, float]


def render_us(seed: int) -> tuple[bytes, SeenLabels]:
    """A US label as PNG and what is printed on it."""
    rng = random.Random(f"us-{seed}")
    made = product(rng)
    sheet = Sheet(rng.choice((460, 560, 640)), rng.choice(SANS), rng.choice((19, 22, 25, 28)))
    sheet.width = max(sheet.width, sheet.size * 22)
    sheet = Sheet(sheet.width, sheet.family, sheet.size)
    dual = made.servings > 1 and sheet.size <= 22 and rng.random() < 0.35
    seen = SeenProduct(
        serving=Quantity(amount=made.serving, unit=made.unit),
        servings_per_container=made.servings,
    )
    _front(sheet, rng, made, seen)
    _heading(sheet, rng, made)
    _body(sheet, rng, made, dual, seen)
    return png(sheet.finish()), SeenLabels(products=[seen])


def _front(sheet: Sheet, rng: random.Random, made: Product, seen: SeenProduct) -> None:
    """Product name and net content, where this pack shows them beside its table."""
    if rng.random() < 0.6:
        sheet.text(sheet.margin, made.name, scale=1.5, bold=True)
        sheet.down(1.9)
        seen.name = made.name
    if rng.random() < 0.6:
        seen.container = Quantity(amount=made.container, unit=made.unit)
        if made.unit == "ml":
            text = f"{made.container / 29.5735:.1f} FL OZ ({made.container:g} mL)"
        else:
            text = f"NET WT {made.container / 28.3495:.1f} OZ ({made.container:g}g)"
        sheet.text(sheet.margin, text)
        sheet.down(1.6)


def _heading(sheet: Sheet, rng: random.Random, made: Product) -> None:
    scale = 2.0 if sheet.width > sheet.size * 18 else 1.5
    sheet.down(scale - 0.8)
    sheet.text(sheet.margin, "Nutrition Facts", scale=scale, bold=True)
    sheet.down(1.5)
    sheet.rule(2)
    about = "About " if rng.random() < 0.2 else ""
    plural = "serving" if made.servings == 1 else "servings"
    sheet.down(0.2)
    sheet.text(sheet.margin, f"{about}{made.servings:g} {plural} per container")
    sheet.down(1.3)
    size = f"{rng.choice(HOUSEHOLD[made.unit])} ({made.serving:g}{rng.choice(('', ' '))}"
    size += ("mL" if made.unit == "ml" else "g") + ")"
    sheet.text(sheet.margin, "Serving size", bold=True)
    sheet.text(sheet.right, size, bold=True, anchor="rs")
    sheet.down(1.5)
    sheet.rule(10)


def _columns(sheet: Sheet, made: Product, dual: bool) -> list[_Column]:
    serving = scaled(made.content, made.serving / 100)
    if not dual:
        return [_Column("per_serving", 0, serving)]
    first, second = sheet.width * 0.46, sheet.width * 0.71
    whole = scaled(made.content, made.serving * made.servings / 100)
    return [_Column("per_serving", first, serving), _Column("per_container", second, whole)]


def _body(sheet: Sheet, rng: random.Random, made: Product, dual: bool, seen: SeenProduct) -> None:
    columns = _columns(sheet, made, dual)
    sheet.down(0.2)
    if dual:
        sheet.text(columns[0].x, "Per serving", bold=True, scale=0.85)
        sheet.text(columns[1].x, "Per container", bold=True, scale=0.85)
    else:
        sheet.text(sheet.margin, "Amount per serving", bold=True, scale=0.8)
    sheet.down(1.4)
    _calories(sheet, columns, dual, seen)
    if not dual:
        sheet.text(sheet.right, "% Daily Value*", bold=True, scale=0.8, anchor="rs")
        sheet.down(1.3)
    sheet.rule(1)
    gap = rng.choice((1.35, 1.5, 1.7))
    added = rng.uniform(0, 1)
    for row in ROWS:
        _row(sheet, row, columns, added, dual, seen)
        sheet.down(gap)
        sheet.rule(1)
    sheet.rule(8)
    if rng.random() < 0.7:
        sheet.paragraph(FOOTNOTE, scale=0.7)


def _calories(sheet: Sheet, columns: list[_Column], dual: bool, seen: SeenProduct) -> None:
    sheet.down(0.5)
    sheet.text(sheet.margin, "Calories", scale=1.5, bold=True)
    for column in columns:
        kcal = us_calories(energy(column.content, KCAL))
        seen.rows.append(_printed("energy", kcal, "kcal", column.basis))
        if dual:
            sheet.text(column.x, f"{kcal:g}", scale=1.5, bold=True)
        else:
            sheet.text(sheet.right, f"{kcal:g}", scale=2, bold=True, anchor="rs")
    sheet.down(1.3)
    sheet.rule(5)


def _row(
    sheet: Sheet,
    row: tuple[Nutrient, str, int, bool],
    columns: list[_Column],
    added: float,
    dual: bool,
    seen: SeenProduct,
) -> None:
    """One nutrient's line: the label, then amount (and daily value) for each column."""
    nutrient, words, indent, bold = row
    x = sheet.margin + indent * sheet.size
    unit: RowUnit = "mg" if nutrient in ("sodium", "cholesterol") else "g"
    written = 0.0
    sheet.down(0.1)
    for column in columns:
        grams = _grams(column.content, nutrient, added)
        figure = us_figure(nutrient, grams)
        text = f"{figure.text[:1].upper()}{figure.text[1:]}{unit}"
        seen.rows.append(_printed(nutrient, figure.amount, unit, column.basis, figure.less_than))
        place = column.x if dual else 0
        if nutrient == "added_sugars":
            if dual and written:
                sheet.text(place, text)
            else:
                written = sheet.text(
                    x, words.format(text if not dual else "Added").replace("Added Added", "Added")
                )
                if dual:
                    sheet.text(place, text)
        else:
            if not written:
                written = sheet.text(x, words, bold=bold)
            sheet.text(place or x + written + sheet.size * 0.35, text)
        if nutrient in DAILY and not dual:
            share = f"{round(100 * grams / DAILY[nutrient])}%"
            sheet.text(sheet.right, share, bold=True, anchor="rs")


def _grams(content: dict[str, float], nutrient: str, added: float) -> float:
    if nutrient == "sodium":
        return content["salt"] / 2.5
    if nutrient == "added_sugars":
        return content["sugars"] * added
    return content.get(nutrient, 0.0)


def _printed(
    nutrient: Nutrient, amount: float, unit: RowUnit, basis: Basis, less_than: bool = False
) -> PrintedRow:
    return PrintedRow(nutrient=nutrient, amount=amount, unit=unit, basis=basis, less_than=less_than)


__all__ = ["Figure", "render_us"]
