"""Renderer ``html``: labels laid out by a browser with CSS. Held out: not tuned on."""

from __future__ import annotations

import random
from collections.abc import Sequence

from visiontools.answers.label import PrintedRow, Quantity, SeenLabels, SeenProduct
from visiontools.evals.browser import screenshot
from visiontools.evals.labels_products import (
    KCAL,
    KJ,
    Figure,
    Product,
    energy,
    eu_figure,
    product,
    scaled,
    us_calories,
    us_figure,
)

FONTS = ("Liberation Sans", "Liberation Sans Narrow", "DejaVu Sans", "Liberation Serif")
STYLE = """body{{margin:40px;background:{paper};color:{ink};font-family:"{font}"}}
.box{{border:{border}px solid {ink};padding:10px 14px;display:inline-block;vertical-align:top;
margin-right:60px}} table{{border-collapse:collapse;font-size:{size}px}}
td,th{{padding:{pad}px 10px;border-bottom:{rule}px solid {ink};text-align:left;font-weight:normal}}
td+td,th+th{{text-align:{align}}} .sub td:first-child{{padding-left:26px}}
h1{{font-size:{title}px;margin:0 0 6px}} p{{margin:4px 0;font-size:{size}px}}
.big{{font-size:{title}px;font-weight:bold}} b{{font-weight:bold}} small{{font-size:{small}px}}"""
EU_WORDS = {
    "en": ("Nutrition information", "Energy", "Fat", "of which saturates", "Carbohydrate",
           "of which sugars", "Fibre", "Protein", "Salt", "per 100 {}", "per {} {} serving"),
    "de": ("Nährwertangaben", "Energie", "Fett", "davon gesättigte Fettsäuren", "Kohlenhydrate",
           "davon Zucker", "Ballaststoffe", "Eiweiß", "Salz", "pro 100 {}", "pro Portion ({} {})"),
    "fr": ("Valeurs nutritionnelles", "Énergie", "Matières grasses", "dont acides gras saturés",
           "Glucides", "dont sucres", "Fibres alimentaires", "Protéines", "Sel", "pour 100 {}",
           "par portion de {} {}"),
    "es": ("Información nutricional", "Valor energético", "Grasas", "de las cuales saturadas",
           "Hidratos de carbono", "de los cuales azúcares", "Fibra alimentaria", "Proteínas",
           "Sal", "por 100 {}", "por porción ({} {})"),
}  # fmt: skip
NUTRIENTS = (
    "fat", "saturated_fat", "carbohydrate", "sugars", "fibre", "protein", "salt",
)  # fmt: skip
SUB = ("saturated_fat", "sugars")


def render_html(seed: int) -> tuple[bytes, SeenLabels]:
    """One label, or two side by side, as PNG and what is printed on it."""
    rng = random.Random(f"html-{seed}")
    draw = rng.choice((_eu, _eu, _us))
    boxes = [draw(rng, product(rng)) for _ in range(rng.choice((1, 1, 1, 2)))]
    ink, paper = rng.choice((("#000", "#fff"), ("#222", "#f6f2e4"), ("#fff", "#234"),
                             ("#123", "#dff0d8")))  # fmt: skip
    size = rng.choice((14, 16, 18))
    style = STYLE.format(
        paper=paper,
        ink=ink,
        font=rng.choice(FONTS),
        border=rng.choice((0, 1, 3)),
        rule=rng.choice((0, 1)),
        pad=rng.choice((1, 3, 6)),
        size=size,
        small=size - 3,
        title=size + 8,
        align=rng.choice(("left", "right")),
    )
    html = f'<!doctype html><meta charset="utf-8"><style>{style}</style>' + "".join(
        f'<div class="box">{box}</div>' for box, _ in boxes
    )
    picture = screenshot(html, width=1800, height=1400, scale=rng.choice((1.5, 2)))
    return picture, SeenLabels(products=[truth for _, truth in boxes])


def _eu(rng: random.Random, made: Product) -> tuple[str, SeenProduct]:
    language = rng.choice(tuple(EU_WORDS))
    words = EU_WORDS[language]
    comma = language != "en"
    columns: list[tuple[str, str, float]] = [(words[9].format(made.unit), "100", 1.0)]
    if rng.random() < 0.5:
        heading = words[10].format(f"{made.serving:g}", made.unit)
        columns.append((heading, "serving", made.serving / 100))
    rows: list[PrintedRow] = []
    lines = [_line("", [name for name, _, _ in columns], heading=True)]
    kj_cells = []
    for _, basis, factor in columns:
        kj = round(energy(scaled(made.content, factor), KJ))
        kcal = round(energy(scaled(made.content, factor), KCAL))
        kj_cells.append((kj, kcal, _basis(basis, made)))
    split = rng.random() < 0.5
    if split:
        lines.append(_line(words[1], [f"{kj} kJ" for kj, _, _ in kj_cells]))
        lines.append(_line("", [f"{kcal} kcal" for _, kcal, _ in kj_cells]))
    else:
        lines.append(_line(words[1], [f"{kj} kJ / {kcal} kcal" for kj, kcal, _ in kj_cells]))
    for kj, kcal, basis in kj_cells:
        rows.append(_row("energy", kj, "kJ", basis))
        rows.append(_row("energy", kcal, "kcal", basis))
    for name, word in zip(NUTRIENTS, words[2:9], strict=True):
        cells = []
        for _, basis, factor in columns:
            figure = eu_figure(name, made.content[name] * factor)
            cells.append(f"{figure.text.replace('.', ',') if comma else figure.text} g")
            rows.append(_row(name, figure.amount, "g", _basis(basis, made), figure))
        lines.append(_line(word, cells, sub=name in SUB))
    quantity = Quantity(amount=made.container, unit=made.unit)
    html = (
        f"<h1>{made.name}</h1><p><b>{words[0]}</b></p><table>{''.join(lines)}</table>"
        f"<p>{made.container:g} {made.unit} ℮</p>"
    )
    serving = Quantity(amount=made.serving, unit=made.unit) if len(columns) == 2 else None
    return html, SeenProduct(name=made.name, serving=serving, container=quantity, rows=rows)


def _us(rng: random.Random, made: Product) -> tuple[str, SeenProduct]:
    content = scaled(made.content, made.serving / 100)
    calories = us_calories(energy(content, KCAL))
    shown: tuple[tuple[str, str, Figure, str, bool], ...] = (
        ("fat", "<b>Total Fat</b>", us_figure("fat", content["fat"]), "g", False),
        ("saturated_fat", "Saturated Fat", us_figure("saturated_fat", content["saturated_fat"]),
         "g", True),
        ("sodium", "<b>Sodium</b>", us_figure("sodium", content["salt"] / 2.5), "mg", False),
        ("carbohydrate", "<b>Total Carbohydrate</b>",
         us_figure("carbohydrate", content["carbohydrate"]), "g", False),
        ("fibre", "Dietary Fiber", us_figure("fibre", content["fibre"]), "g", True),
        ("sugars", "Total Sugars", us_figure("sugars", content["sugars"]), "g", True),
        ("protein", "<b>Protein</b>", us_figure("protein", content["protein"]), "g", False),
    )  # fmt: skip
    rows = [_row("energy", calories, "kcal", "per_serving")]
    lines = []
    for name, word, figure, unit, sub in shown:
        rows.append(_row(name, figure.amount, unit, "per_serving", figure))
        percent = f"<b>{rng.randint(0, 40)}%</b>" if name != "protein" else ""
        lines.append(_line(f"{word} {figure.text}{unit}", [percent], sub=sub))
    servings = f"{made.servings:g}"
    html = (
        f"<h1>Nutrition Facts</h1><p>{servings} serving{'' if servings == '1' else 's'} per "
        f"container</p><p><b>Serving size {made.serving:g}{made.unit}</b></p>"
        f'<p><small>Amount per serving</small><br><span class="big">Calories {calories:g}</span>'
        f"</p><table>{_line('', ['<small>% Daily Value*</small>'], heading=True)}"
        f"{''.join(lines)}</table><p><small>{made.name}</small></p>"
    )
    return html, SeenProduct(
        name=made.name,
        serving=Quantity(amount=made.serving, unit=made.unit),
        servings_per_container=made.servings,
        rows=rows,
    )


def _line(word: str, cells: Sequence[str], *, heading: bool = False, sub: bool = False) -> str:
    tag = "th" if heading else "td"
    inner = "".join(f"<{tag}>{cell}</{tag}>" for cell in (word, *cells))
    return f"<tr{' class=sub' if sub else ''}>{inner}</tr>"


def _basis(basis: str, made: Product) -> str:
    return f"per_100{made.unit}" if basis == "100" else "per_serving"


def _row(
    nutrient: str, amount: float, unit: str, basis: str, figure: Figure | None = None
) -> PrintedRow:
    return PrintedRow.model_validate(
        {
            "nutrient": nutrient,
            "amount": amount,
            "unit": unit,
            "basis": basis,
            "less_than": figure is not None and figure.less_than,
        }
    )
