"""Renderers ``eu`` (a ruled table in one of seven languages) and ``back`` (small print)."""

from __future__ import annotations

import random
from dataclasses import dataclass

from visiontools.answers.label import (
    Basis,
    Nutrient,
    PrintedRow,
    Quantity,
    SeenLabels,
    SeenProduct,
)
from visiontools.evals.labels_draw import SANS, SERIF, Sheet, colours, png
from visiontools.evals.labels_products import KCAL, KJ, Product, energy, eu_figure, product, scaled

NUTRIENTS: tuple[Nutrient, ...] = (
    "fat",
    "saturated_fat",
    "carbohydrate",
    "sugars",
    "fibre",
    "protein",
    "salt",
)


@dataclass(frozen=True)
class Wording:
    """How one language words the table; ``nutrients`` in the order of NUTRIENTS."""

    title: str
    per: str
    portion: str
    contents: str
    energy: str
    nutrients: tuple[str, ...]
    comma: bool = True


WORDINGS = {
    "en": Wording(
        "Nutrition information",
        "Per {}",
        "Per portion ({})",
        "Contents {}",
        "Energy",
        (
            "Fat",
            "of which saturates",
            "Carbohydrate",
            "of which sugars",
            "Fibre",
            "Protein",
            "Salt",
        ),
        comma=False,
    ),
    "de": Wording(
        "Nährwertangaben",
        "pro {}",
        "pro Portion ({})",
        "Inhalt {}",
        "Energie",
        (
            "Fett",
            "davon gesättigte Fettsäuren",
            "Kohlenhydrate",
            "davon Zucker",
            "Ballaststoffe",
            "Eiweiß",
            "Salz",
        ),
    ),
    "fr": Wording(
        "Valeurs nutritionnelles",
        "Pour {}",
        "Par portion ({})",
        "Contenu {}",
        "Énergie",
        (
            "Matières grasses",
            "dont acides gras saturés",
            "Glucides",
            "dont sucres",
            "Fibres alimentaires",
            "Protéines",
            "Sel",
        ),
    ),
    "it": Wording(
        "Valori nutrizionali",
        "per {}",
        "per porzione ({})",
        "Contenuto {}",
        "Energia",
        (
            "Grassi",
            "di cui acidi grassi saturi",
            "Carboidrati",
            "di cui zuccheri",
            "Fibre",
            "Proteine",
            "Sale",
        ),
    ),
    "es": Wording(
        "Información nutricional",
        "Por {}",
        "Por porción ({})",
        "Contenido {}",
        "Valor energético",
        (
            "Grasas",
            "de las cuales saturadas",
            "Hidratos de carbono",
            "de los cuales azúcares",
            "Fibra alimentaria",
            "Proteínas",
            "Sal",
        ),
    ),
    "pt": Wording(
        "Informação nutricional",
        "Por {}",
        "Por porção ({})",
        "Conteúdo {}",
        "Energia",
        (
            "Lípidos",
            "dos quais saturados",
            "Hidratos de carbono",
            "dos quais açúcares",
            "Fibra",
            "Proteínas",
            "Sal",
        ),
    ),
    "nl": Wording(
        "Voedingswaarde",
        "per {}",
        "per portie ({})",
        "Inhoud {}",
        "Energie",
        (
            "Vetten",
            "waarvan verzadigde vetzuren",
            "Koolhydraten",
            "waarvan suikers",
            "Vezels",
            "Eiwitten",
            "Zout",
        ),
    ),
}
INGREDIENTS = (
    "Ingredients: water, sugar, fruit juice from concentrate 12%, acid (citric acid), salt, "
    "natural flavouring. Best served chilled. Store in a cool and dry place. "
)


@dataclass
class _Column:
    """One column of amounts; ``right`` is where its text ends."""

    heading: str
    basis: Basis | None
    content: dict[str, float]
    right: float


@dataclass(frozen=True)
class _Style:
    words: Wording
    split_energy: bool
    space: str
    gap: float
    ruled: bool
    units_in_label: bool = False

    def number(self, text: str) -> str:
        return text.replace(".", ",") if self.words.comma else text


def render_eu(seed: int) -> tuple[bytes, SeenLabels]:
    """A ruled European table as PNG and what is printed on it."""
    rng = random.Random(f"eu-{seed}")
    words = WORDINGS[rng.choice(tuple(WORDINGS))]
    size = rng.choice((18, 21, 24, 27))
    ink, paper = colours(rng)
    sheet = Sheet(size * 34, rng.choice(SANS + SERIF), size, ink, paper)
    style = _Style(
        words,
        rng.random() < 0.4,
        rng.choice((" ", " ", "")),
        rng.choice((1.5, 1.8)),
        rng.random() < 0.7,
        units_in_label=rng.random() < 0.15,
    )
    return _label(sheet, rng, style, product(rng), rng.choice((1, 2, 2, 3)))


def render_back(seed: int) -> tuple[bytes, SeenLabels]:
    """Small print on the back of a bottle, between other text, as PNG, with its truth."""
    rng = random.Random(f"back-{seed}")
    words = WORDINGS[rng.choice(("en", "en", "de", "fr", "es"))]
    ink, paper = colours(rng)
    sheet = Sheet(rng.choice((420, 480)), rng.choice(SANS), rng.choice((14, 15, 17)), ink, paper)
    style = _Style(
        words, rng.random() < 0.3, rng.choice((" ", "")), rng.choice((1.25, 1.35)), False
    )
    sheet.paragraph(INGREDIENTS * rng.choice((1, 2)))
    sheet.down(0.5)
    image, seen = _label(sheet, rng, style, product(rng), rng.choice((1, 1, 2)))
    return image, seen


def _label(
    sheet: Sheet, rng: random.Random, style: _Style, made: Product, columns: int
) -> tuple[bytes, SeenLabels]:
    seen = SeenProduct()
    if rng.random() < 0.5:
        sheet.text(sheet.margin, made.name, scale=1.6, bold=True)
        sheet.down(2)
        seen.name = made.name
    sheet.text(sheet.margin, style.words.title, bold=True, scale=1.1)
    sheet.down(style.gap)
    _table(sheet, style, made, _columns(sheet, style, made, columns, seen), seen)
    sheet.down(0.6)
    if rng.random() < 0.5:
        seen.container = Quantity(amount=made.container, unit=made.unit)
        text = f"{made.container:g} {made.unit}"
        sheet.text(sheet.margin, style.words.contents.format(text) if rng.random() < 0.5 else text)
        sheet.down(1.5)
    return png(sheet.finish()), SeenLabels(products=[seen])


def _columns(
    sheet: Sheet, style: _Style, made: Product, count: int, seen: SeenProduct
) -> list[_Column]:
    hundred: Basis = "per_100ml" if made.unit == "ml" else "per_100g"
    first = style.words.per.format(f"100 {made.unit}")
    if count == 1:
        return [_Column(first, hundred, made.content, sheet.right)]
    seen.serving = Quantity(amount=made.serving, unit=made.unit)
    portion = style.words.portion.format(f"{made.serving:g} {made.unit}")
    serving = scaled(made.content, made.serving / 100)
    reach = sheet.right - sheet.width * (0.13 if count == 3 else 0)
    step = max(
        sheet.measure(portion, scale=0.9, bold=style.ruled) + sheet.size,
        sheet.measure("1000 kJ / 300 kcal "),
    )
    columns = [
        _Column(first, hundred, made.content, reach - step),
        _Column(portion, "per_serving", serving, reach),
    ]
    if count == 3:
        columns.append(_Column("%RI*", None, serving, sheet.right))
    return columns


def _table(
    sheet: Sheet, style: _Style, made: Product, columns: list[_Column], seen: SeenProduct
) -> None:
    for column in columns:
        sheet.text(column.right, column.heading, scale=0.9, anchor="rs", bold=style.ruled)
    sheet.down(style.gap)
    _energy(sheet, style, columns, seen)
    for nutrient, words in zip(NUTRIENTS, style.words.nutrients, strict=True):
        _line(sheet, style, nutrient, words, columns, seen)
        sheet.down(style.gap)


def _energy(sheet: Sheet, style: _Style, columns: list[_Column], seen: SeenProduct) -> None:
    if style.ruled:
        sheet.rule(1)
    sheet.text(sheet.margin, style.words.energy)
    for part in ("kJ", "kcal") if style.split_energy else ("both",):
        for column in columns:
            kj = round(energy(column.content, KJ))
            kcal = round(energy(column.content, KCAL))
            texts = {"kJ": f"{kj}{style.space}kJ", "kcal": f"{kcal}{style.space}kcal"}
            text = texts.get(part, f"{texts['kJ']} / {texts['kcal']}")
            if column.basis is None:
                text = f"{round(kcal / 20)}%" if part != "kJ" else ""
            sheet.text(column.right, text, anchor="rs")
            if column.basis and part in ("kJ", "both"):
                seen.rows.append(
                    PrintedRow(nutrient="energy", amount=kj, unit="kJ", basis=column.basis)
                )
            if column.basis and part in ("kcal", "both"):
                seen.rows.append(
                    PrintedRow(nutrient="energy", amount=kcal, unit="kcal", basis=column.basis)
                )
        sheet.down(style.gap)


def _line(
    sheet: Sheet,
    style: _Style,
    nutrient: Nutrient,
    words: str,
    columns: list[_Column],
    seen: SeenProduct,
) -> None:
    if style.ruled:
        sheet.rule(1)
    indent = sheet.size * 0.7 if nutrient in ("saturated_fat", "sugars") else 0
    unit = "" if style.units_in_label else f"{style.space}g"
    sheet.text(sheet.margin + indent, words + (" (g)" if style.units_in_label else ""))
    for column in columns:
        figure = eu_figure(nutrient, column.content[nutrient])
        text = style.number(figure.text) + unit
        if column.basis is None:
            text = f"{round(figure.amount * 2)}%"
        sheet.text(column.right, text, anchor="rs")
        if column.basis:
            seen.rows.append(
                PrintedRow(
                    nutrient=nutrient,
                    amount=figure.amount,
                    unit="g",
                    basis=column.basis,
                    less_than=figure.less_than,
                )
            )
