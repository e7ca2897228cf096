"""A diet answer described for a person: the choice, the figures side by side, the small print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from visiontools.answers.nutrition import MEASURES, measure_of
from visiontools.answers.nutrition_answer import WATER, Amounts, AsPrinted, Product
from visiontools.answers.nutrition_choice import GOALS, Goal
from visiontools.answers.nutrition_verdict import Compare, grade_text
from visiontools.answers.nutrition_words import NAMES, amount, product_names, unit_of
from visiontools.views.blocks import (
    Bar,
    Bars,
    Block,
    Facts,
    Notice,
    Section,
    Table,
    Text,
)

_BASES = {
    "per_serving": "per serving",
    "per_container": "per pack",
    "per_100ml": "per 100 ml",
    "per_100g": "per 100 g",
}
_HEADINGS = {
    "energy_kcal": "Energy",
    "sugars_g": "Sugars",
    "protein_g": "Protein",
    "salt_g": "Salt",
    "saturated_fat_g": "Saturated fat",
}
_SETTLED_BY = {
    "sweeteners": "sweeteners",
    "fruit share": "fruit_percent",
    WATER: "category",
}
_RULES = {
    "lower_energy": "the product with the least energy (kcal)",
    "less_sugar": "the product with the least sugars",
    "more_protein": "the product with the most protein",
    "less_salt": "the product with the least salt",
    "less_saturated_fat": "the product with the least saturated fat",
    "better_nutri_score": "the product with the best Nutri-Score",
}


def blocks(
    products: Sequence[Product], *, goal: Goal, basis: Compare, reason: str, best: int | None
) -> list[Block]:
    """The whole answer, most important first."""
    names = product_names([product.name for product in products])
    shown: list[Block] = [Text(reason, strong=True)]
    shown += _doubts(products)
    shown += _bars(products, names, goal, basis)
    shown += _side_by_side(products, names, best)
    shown += _grades(products, names)
    if len(products) > 1 and best is not None:
        shown.append(Text(_rule(goal, basis)))
    printed = tuple(_printed(products, names))
    if printed:
        shown.append(Section("As printed", printed))
    return shown


def _rule(goal: Goal, basis: Compare) -> str:
    on = "" if goal == "better_nutri_score" else f", compared {_per(basis, None)}"
    return f"How it was chosen: {_RULES[goal]}{on}."


def _doubts(products: Sequence[Product]) -> Iterator[Block]:
    """Each reason once, with what it makes doubtful."""
    for product in products:
        reasons = dict.fromkeys(doubt.why for doubt in product.doubts)
        for why in reasons:
            mine = [NAMES[d.measure] for d in product.doubts if d.why == why]
            plain = (name.removeprefix("of which ").removesuffix(" (kJ)").lower() for name in mine)
            yield Notice(f"Do not rely on {', '.join(dict.fromkeys(plain))}: {why}.", "warning")


def _bars(
    products: Sequence[Product], names: Sequence[str], goal: Goal, basis: Compare
) -> Iterator[Block]:
    measures = dict.fromkeys(["energy_kcal", "sugars_g", GOALS[goal].measure])
    units = {product.per_100_unit for product in products if product.per_100_unit}
    if basis == "per_100" and len(units) > 1:
        return
    for measure in measures:
        if measure in _HEADINGS:
            values = [getattr(_amounts(product, basis), measure) for product in products]
            title = f"{_HEADINGS[measure]} {_per(basis, next(iter(units), None))}"
            yield from _bars_of(title, values, names, measure, _doubtful(products, measure))


def _bars_of(
    title: str,
    values: Sequence[float | None],
    names: Sequence[str],
    measure: str,
    doubtful: frozenset[int],
) -> Iterator[Block]:
    known = [value for value in values if value is not None]
    if len(known) < 2 or not max(known):
        return
    best = max(known) if measure == "protein_g" else min(known)
    mark = not doubtful and len(known) == len(values) > 1 and known.count(best) == 1
    bars = tuple(
        Bar(
            name,
            value,
            amount(value, unit_of(measure)) + (" ?" if index in doubtful else ""),
            best=mark and value == best,
        )
        for index, (name, value) in enumerate(zip(names, values, strict=True))
        if value is not None
    )
    yield Bars(title, bars)


def _doubtful(products: Sequence[Product], measure: str) -> frozenset[int]:
    """The products whose figure for a measure cannot be relied on."""
    return frozenset(
        index
        for index, product in enumerate(products)
        if any(doubt.measure == measure for doubt in product.doubts)
    )


def _amounts(product: Product, basis: Compare) -> Amounts:
    return {
        "per_100": product.per_100,
        "per_serving": product.per_serving,
        "per_container": product.per_container,
    }[basis]


def _per(basis: Compare, unit: str | None) -> str:
    return f"per 100 {unit or 'ml or g'}" if basis == "per_100" else _BASES[basis]


def _side_by_side(
    products: Sequence[Product], names: Sequence[str], best: int | None
) -> Iterator[Block]:
    """Every nutrient some label gives, per 100; ``about`` marks what is worked out."""
    given = [m for m in MEASURES if any(getattr(p.per_100, m) is not None for p in products)]
    if not given:
        return
    units = {product.per_100_unit for product in products if product.per_100_unit}
    columns = [
        name + (f", per 100 {product.per_100_unit}" if len(units) > 1 else "")
        for name, product in zip(names, products, strict=True)
    ]
    marked = [f"✓ {name}" if n == best else name for n, name in enumerate(columns)]
    rows = tuple((NAMES[m], *(_cell(product, m) for product in products)) for m in given)
    title = f"Per 100 {units.pop()}" if len(units) == 1 else "Side by side"
    right = frozenset(range(1, len(products) + 1))
    yield Table(("", *marked), rows, title, right)
    if any("≈" in cell or "?" in cell for row in rows for cell in row[1:]):
        yield Text("≈ worked out from another figure on the label; ? doubtful; – not printed.")


def _cell(product: Product, measure: str) -> str:
    value = getattr(product.per_100, measure)
    if value is None:
        return "–"
    about = "≈ " if measure in product.computed else ""
    about = "< " if measure in product.less_than else about
    doubt = " ?" if any(d.measure == measure for d in product.doubts) else ""
    return f"{about}{amount(value, unit_of(measure))}{doubt}"


def _grades(products: Sequence[Product], names: Sequence[str]) -> Iterator[Block]:
    graded = [(n, p.nutri_score) for n, p in zip(names, products, strict=True) if p.nutri_score]
    if not graded:
        return
    source = graded[0][1].source.removeprefix("Nutri-Score ")
    title = f"Nutri-Score, by the {source}"
    yield Facts(tuple((name, grade_text(grade)) for name, grade in graded), title)
    missing = dict.fromkeys(name for _, grade in graded for name in grade.missing)
    if missing:
        told = f"The Nutri-Score is a range, for the label does not tell: {', '.join(missing)}."
        options = [option for name, option in _SETTLED_BY.items() if name in missing]
        if options:
            told += f" What you know of it can be given as an option ({', '.join(options)})."
        yield Notice(told)


def _printed(products: Sequence[Product], names: Sequence[str]) -> Iterator[Block]:
    """What the figures per 100 do not show already: other rows, and the sizes."""
    if all(_is_shown(row, product) for product in products for row in product.as_printed):
        yield from _only_sizes(products, names)
        return
    for name, product in zip(names, products, strict=True):
        more = [row for row in product.as_printed if not _is_shown(row, product)]
        rows = tuple(_printed_row(row) for row in (product.as_printed if more else ()))
        columns: tuple[str, ...] = ("Nutrient", "Amount", "For", "Read")
        if not any(row[-1] for row in rows):  # nothing to say about how it was read
            columns, rows = columns[:-1], tuple(row[:-1] for row in rows)
        if rows:
            yield Table(columns, rows, name, frozenset({1}))
        sizes = tuple(_sizes(product))
        if sizes:
            yield Facts(sizes, None if rows else name)


def _only_sizes(products: Sequence[Product], names: Sequence[str]) -> Iterator[Block]:
    told = [", ".join(f"{w.lower()} {size}" for w, size in _sizes(p)) for p in products]
    if any(told):
        pairs = zip(names, told, strict=True)
        yield Facts(tuple((name, said) for name, said in pairs if said))


def _is_shown(row: AsPrinted, product: Product) -> bool:
    """Whether a row stands in the table per 100 just as it is printed."""
    measure = measure_of(row)
    return (
        row.confirmed
        and row.basis == f"per_100{product.per_100_unit}"
        and measure in MEASURES
        and measure not in product.computed
        and measure is not None
        and getattr(product.per_100, measure) == row.amount
    )


def _printed_row(row: AsPrinted) -> tuple[str, ...]:
    less = "< " if row.less_than else ""
    sure = "" if row.confirmed else "only once"
    nutrient = row.nutrient.replace("_", " ")
    return nutrient, f"{less}{row.amount:g} {row.unit}", _BASES[row.basis], sure


def _sizes(product: Product) -> Iterator[tuple[str, str]]:
    for what, size in (("Serving", product.serving), ("Pack", product.container)):
        if size:
            yield what, f"{size.amount:g} {size.unit.replace('_', ' ')}"
    if product.servings_per_container:
        yield "Servings in a pack", f"{product.servings_per_container:g}"
