"""The arithmetic of nutrition labels: units, scaling, and every figure brought to the same basis.

Constants and their sources:

- 1 kcal = 4.184 kJ (the thermochemical calorie);
- salt = 2.5 x sodium (Regulation (EU) No 1169/2011, Annex I);
- 1 US fluid ounce = 29.5735 ml (labels may round it to 30 ml: 21 CFR 101.9(b)(5)(viii)), 1 ounce
  = 28.3495 g;
- US labels round energy to 5 kcal up to 50 kcal and to 10 kcal above (21 CFR 101.9(c)(1)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from visiontools.answers.label import Basis, PrintedRow, Quantity, SeenProduct

KJ_PER_KCAL = 4.184
SALT_PER_SODIUM = 2.5
ML_PER_FL_OZ = 29.5735
ML_PER_FL_OZ_ON_LABELS = 30.0
G_PER_OZ = 28.3495

Phase = Literal["ml", "g"]
MEASURES = (
    "energy_kcal",
    "energy_kj",
    "fat_g",
    "saturated_fat_g",
    "carbohydrate_g",
    "sugars_g",
    "fibre_g",
    "protein_g",
    "salt_g",
)
"""What the answer reports, each with its unit in its name."""

_IN_BASE: Mapping[str, tuple[float, Phase]] = {
    "ml": (1.0, "ml"),
    "cl": (10.0, "ml"),
    "l": (1000.0, "ml"),
    "fl_oz": (ML_PER_FL_OZ, "ml"),
    "g": (1.0, "g"),
    "kg": (1000.0, "g"),
    "oz": (G_PER_OZ, "g"),
}
_IN_GRAMS = {"g": 1.0, "mg": 1e-3, "µg": 1e-6}


def in_base(quantity: Quantity) -> tuple[float, Phase]:
    """A quantity in ml or in g: ``1.5 l`` is ``(1500.0, "ml")``."""
    factor, phase = _IN_BASE[quantity.unit]
    return quantity.amount * factor, phase


def half_step(amount: float) -> float:
    """Half of the last printed digit: 0.5 for 42, 0.05 for 10.6. The label's rounding, at least."""
    exponent = Decimal(repr(float(amount))).normalize().as_tuple().exponent
    return 0.5 * 10.0 ** min(0, int(exponent))


def half_step_us_kcal(kcal: float) -> float:
    """Half of a US label's rounding of energy, in kcal."""
    if kcal <= 50:
        return 2.5 if kcal % 5 == 0 else half_step(kcal)
    return 5.0 if kcal % 10 == 0 else half_step(kcal)


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount (kcal, kJ or g) on one basis.

    ``low`` and ``high`` are what the rounding on the label, or a printed "less than", leaves open.
    ``stands_on`` are pointers, relative to the product, to what it was taken from (``rows/3``,
    ``serving``); ``read`` says that the amount is printed as it stands, ``less_than`` that it is
    only what the amount is below.
    """

    amount: float
    low: float
    high: float
    stands_on: frozenset[str]
    read: bool = True
    less_than: bool = False

    def times(self, factor: float, *extra: str) -> Figure:
        """Scaled, and so computed."""
        return Figure(
            self.amount * factor,
            self.low * factor,
            self.high * factor,
            self.stands_on | frozenset(extra),
            read=False,
            less_than=self.less_than,
        )


Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Size:
    """A serving or a pack in ml or g, and what it was taken from."""

    amount: float
    phase: Phase
    stands_on: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """One product's figures, on every basis that the label allows.

    ``printed`` holds them as they stand, by basis; ``unit`` is ml or g for ``per_100`` (None when
    nothing says how much a serving is); ``us_style`` marks labels by US rules, which round more.
    """

    printed: Mapping[Basis, Figures]
    unit: Phase | None
    serving: Size | None
    container: Size | None
    per_100: Figures
    per_serving: Figures
    per_container: Figures
    us_style: bool


def measure_of(row: PrintedRow) -> str | None:
    """The measure a row reports (``energy_kcal``, ``sugars_g``), or None if its unit is absurd."""
    if row.nutrient == "energy":
        return {"kcal": "energy_kcal", "kJ": "energy_kj"}.get(row.unit)
    return f"{row.nutrient}_g" if row.unit in _IN_GRAMS else None


def is_us_style(rows: Iterable[PrintedRow]) -> bool:
    """Whether a label follows US rules: kcal only, nothing per 100, sodium rather than salt."""
    seen = list(rows)
    return (
        any(row.nutrient == "energy" for row in seen)
        and all(row.basis in ("per_serving", "per_container") for row in seen)
        and not any(row.unit == "kJ" or row.nutrient == "salt" for row in seen)
    )


def figure_of(row: PrintedRow, index: int, *, us_style: bool = False) -> Figure:
    """A printed row as a figure in kcal, kJ or g."""
    factor = _IN_GRAMS.get(row.unit, 1.0)
    us_kcal = us_style and row.unit == "kcal"
    slack = half_step_us_kcal(row.amount) if us_kcal else half_step(row.amount)
    low = 0.0 if row.less_than else max(0.0, row.amount - slack)
    high = row.amount if row.less_than else row.amount + slack
    return Figure(
        row.amount * factor,
        low * factor,
        high * factor,
        frozenset({f"rows/{index}"}),
        read=factor == 1.0 and not row.less_than,
        less_than=row.less_than,
    )


def printed_figures(product: SeenProduct) -> dict[Basis, dict[str, Figure]]:
    """The rows by basis and measure; of rows that repeat a measure, the first."""
    us_style = is_us_style(product.rows)
    found: dict[Basis, dict[str, Figure]] = {}
    for index, row in enumerate(product.rows):
        measure = measure_of(row)
        if measure is not None:
            figure = figure_of(row, index, us_style=us_style)
            found.setdefault(row.basis, {}).setdefault(measure, figure)
    return found


def completed(figures: Figures) -> dict[str, Figure]:
    """Adds what follows exactly: kJ from kcal, kcal from kJ, salt from sodium."""
    full = dict(figures)
    if "energy_kj" not in full and "energy_kcal" in full:
        full["energy_kj"] = full["energy_kcal"].times(KJ_PER_KCAL)
    if "energy_kcal" not in full and "energy_kj" in full:
        full["energy_kcal"] = full["energy_kj"].times(1 / KJ_PER_KCAL)
    if "salt_g" not in full and "sodium_g" in full:
        full["salt_g"] = full["sodium_g"].times(SALT_PER_SODIUM)
    return full


def sizes(product: SeenProduct) -> tuple[Size | None, Size | None]:
    """The serving and the pack; either follows from the other and the servings in a pack."""
    serving = _size(product.serving, "serving")
    container = _size(product.container, "container")
    count = product.servings_per_container
    if count and serving is None and container is not None:
        serving = _resized(container, 1 / count)
    elif count and container is None and serving is not None:
        container = _resized(serving, count)
    return serving, container


def _size(quantity: Quantity | None, pointer: str) -> Size | None:
    return None if quantity is None else Size(*in_base(quantity), frozenset({pointer}))


def _resized(size: Size, factor: float) -> Size:
    pointers = size.stands_on | {"servings_per_container"}
    return replace(size, amount=size.amount * factor, stands_on=pointers)


def facts(product: SeenProduct) -> Facts:
    """Brings a product's label to per 100 ml or g, per serving and per pack.

    Per 100 a printed figure is preferred, then one from the serving, then one from the pack. ml
    and g are never converted into each other: that would take a density no label prints.
    """
    printed = printed_figures(product)
    serving, container = sizes(product)
    unit = _unit(printed, serving, container)
    per_100 = _per_100(printed, unit, serving, container)
    return Facts(
        printed=printed,
        unit=unit,
        serving=serving,
        container=container,
        per_100=per_100,
        per_serving=_of_size(printed.get("per_serving", {}), per_100, unit, serving),
        per_container=_of_size(
            _of_servings(printed, product.servings_per_container), per_100, unit, container
        ),
        us_style=is_us_style(product.rows),
    )


def _unit(
    printed: Mapping[Basis, Figures], serving: Size | None, container: Size | None
) -> Phase | None:
    in_ml, in_g = printed.get("per_100ml", {}), printed.get("per_100g", {})
    if in_ml or in_g:
        return "ml" if len(in_ml) >= len(in_g) else "g"
    if "per_serving" in printed and serving:
        return serving.phase
    return container.phase if "per_container" in printed and container else None


def _per_100(
    printed: Mapping[Basis, Figures],
    unit: Phase | None,
    serving: Size | None,
    container: Size | None,
) -> dict[str, Figure]:
    if unit is None:
        return {}
    direct = printed.get("per_100ml" if unit == "ml" else "per_100g", {})
    from_serving = _divided(printed.get("per_serving", {}), serving, unit)
    from_container = _divided(printed.get("per_container", {}), container, unit)
    return completed({**from_container, **from_serving, **direct})


def _divided(figures: Figures, size: Size | None, unit: Phase) -> dict[str, Figure]:
    if size is None or size.phase != unit:
        return {}
    return {name: f.times(100 / size.amount, *size.stands_on) for name, f in figures.items()}


def _of_size(
    printed: Figures, per_100: Figures, unit: Phase | None, size: Size | None
) -> dict[str, Figure]:
    scaled: dict[str, Figure] = {}
    if size is not None and size.phase == unit:
        scaled = {n: f.times(size.amount / 100, *size.stands_on) for n, f in per_100.items()}
    return completed({**scaled, **printed})


def _of_servings(printed: Mapping[Basis, Figures], count: float | None) -> dict[str, Figure]:
    """What is printed per pack, and where only servings are, so many servings."""
    whole = dict(printed.get("per_container", {}))
    if count and not (printed.get("per_100ml") or printed.get("per_100g")):
        for name, figure in printed.get("per_serving", {}).items():
            whole.setdefault(name, figure.times(count, "servings_per_container"))
    return whole
