"""Renderers ``running`` (a declaration in one sentence) and ``many`` (rows in two languages)."""

from __future__ import annotations

import random
from collections.abc import Iterator

from visiontools.answers.label import Basis, PrintedRow, SeenLabels, SeenProduct
from visiontools.evals.labels_draw import SANS, SERIF, Sheet, colours, png
from visiontools.evals.labels_eu import INGREDIENTS, NUTRIENTS, WORDINGS, Wording
from visiontools.evals.labels_products import KCAL, KJ, Product, energy, eu_figure, product

RI_G = {"fat": 70, "saturated_fat": 20, "carbohydrate": 260, "sugars": 90, "protein": 50, "salt": 6}
"""Reference intakes of an average adult: Regulation (EU) No 1169/2011, annex XIII."""


def render_running(seed: int) -> tuple[bytes, SeenLabels]:
    """A small pack's declaration, line after line below its ingredients, as PNG, with its truth."""
    rng = random.Random(f"running-{seed}")
    words = WORDINGS[rng.choice(tuple(WORDINGS))]
    ink, paper = colours(rng)
    size = rng.choice((16, 18, 21))
    sheet = Sheet(size * rng.choice((26, 32, 38)), rng.choice(SANS + SERIF), size, ink, paper)
    made = product(rng)
    sheet.paragraph(INGREDIENTS, scale=1)
    sheet.down(0.4)
    space = rng.choice((" ", ""))
    figures = ", ".join(f"{name} {text}" for name, text in _named(made, words, space))
    per = words.per.format(f"100 {made.unit}")
    sheet.paragraph(f"{words.title} {per}: {figures}.", scale=1)
    return png(sheet.finish()), SeenLabels(products=[SeenProduct(rows=_rows(made))])


def render_many(seed: int) -> tuple[bytes, SeenLabels]:
    """Rows in two languages, beside what an adult should take in a day, as PNG, with its truth."""
    rng = random.Random(f"many-{seed}")
    one, other = (WORDINGS[name] for name in rng.sample(tuple(WORDINGS), 2))
    size = rng.choice((17, 20, 23))
    daily = rng.choice(("none", "share", "grams"))
    ink, paper = colours(rng)
    sheet = Sheet(size * 46, rng.choice(SANS), size, ink, paper)
    made = product(rng)
    amounts = sheet.right - (size * 9 if daily != "none" else 0)
    sheet.text(sheet.margin, f"{one.title} / {other.title}", bold=True)
    sheet.down(1.6)
    sheet.text(amounts, one.per.format(f"100 {made.unit}"), anchor="rs", bold=True)
    if daily != "none":
        sheet.text(sheet.right, "%RI*" if daily == "share" else "Adult RI", anchor="rs", bold=True)
    sheet.down(1.5)
    unit_first = rng.random() < 0.3
    second = _names(other)
    for name, (label, text) in zip(
        ("energy", *NUTRIENTS), _named(made, one, " ", unit_first=unit_first), strict=True
    ):
        sheet.text(sheet.margin, f"{label} / {second[name]}")
        sheet.text(amounts, text, anchor="rs")
        sheet.text(sheet.right, _daily(made, name, daily), anchor="rs")
        sheet.down(1.45)
    return png(sheet.finish()), SeenLabels(products=[SeenProduct(rows=_rows(made))])


def _names(words: Wording) -> dict[str, str]:
    return {"energy": words.energy, **dict(zip(NUTRIENTS, words.nutrients, strict=True))}


def _named(
    made: Product,
    words: Wording,
    space: str,
    *,
    unit_first: bool = False,
) -> Iterator[tuple[str, str]]:
    """Each nutrient's name with its figure, as printed."""

    def printed(number: str, unit: str) -> str:
        number = number.replace(".", ",") if words.comma else number
        return f"{unit} {number}" if unit_first else f"{number}{space}{unit}"

    energies = ((KJ, "kJ"), (KCAL, "kcal"))
    texts = (printed(str(round(energy(made.content, f))), unit) for f, unit in energies)
    yield words.energy, " / ".join(texts)
    for nutrient, name in zip(NUTRIENTS, words.nutrients, strict=True):
        yield name, printed(eu_figure(nutrient, made.content[nutrient]).text, "g")


def _daily(made: Product, name: str, how: str) -> str:
    """The last column of a row: a share of the daily intake, or the intake itself."""
    if how == "none" or name not in ("energy", *RI_G):
        return ""
    if name == "energy":
        return f"{energy(made.content, KCAL) / 20:.0f}" if how == "share" else "8400 kJ"
    return f"{made.content[name] / RI_G[name]:.0%}" if how == "share" else f"{RI_G[name]} g"


def _rows(made: Product) -> list[PrintedRow]:
    basis: Basis = "per_100ml" if made.unit == "ml" else "per_100g"
    rows = [
        PrintedRow(nutrient="energy", amount=round(energy(made.content, KJ)), unit="kJ",
                   basis=basis),
        PrintedRow(nutrient="energy", amount=round(energy(made.content, KCAL)), unit="kcal",
                   basis=basis),
    ]  # fmt: skip
    for nutrient in NUTRIENTS:
        figure = eu_figure(nutrient, made.content[nutrient])
        rows.append(PrintedRow(nutrient=nutrient, amount=figure.amount, unit="g", basis=basis,
                               less_than=figure.less_than))  # fmt: skip
    return rows
