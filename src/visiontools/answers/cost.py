"""What the visible damage of one car costs, from a rate table: low, expected and high.

For each part, all its damages together:

* *replace* costs the new part, the hours to fit it, and painting it;
* *repair* costs ``repair_hours`` for each step of severity of each damage, and painting, once;
* *paint* costs painting, once;
* repairing or painting is never charged above replacing the same part;
* *inspect* costs ``inspection_hours`` and what the damage would cost at face value. Where the
  damage itself is unclear, low is the inspection alone and high is replacing the part.

Painting is certain (in low, expected and high) where the paint is broken or the part is new. It is
in expected and high where the paint cannot be told, the surface is damaged or the dent is deep,
and in high only for a shallow dent under whole paint. Mixing the colour is charged once per car.
High also blends the colour into each neighbouring painted part, once, unless that part is painted
anyway. Hours are spread by ``hours_spread``. Every line is rounded to a whole unit of currency
and the total is the sum of the lines, so that the table a person sees adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from visiontools.answers.cost_rates import PartRates, Rates, Region
from visiontools.answers.damage import PartName, SeenDamage, SideName
from visiontools.answers.damage_rules import PAINTED, SINGLE, Judgement, Operation, unit

Unit = tuple[PartName, SideName | None]

_NEIGHBOURS: dict[PartName, tuple[PartName, ...]] = {
    "front_door": ("front_wing", "rear_door"),
    "rear_door": ("front_door", "rear_wing"),
    "front_wing": ("bonnet", "front_door"),
    "rear_wing": ("rear_door", "boot_lid"),
    "bonnet": ("front_wing",),
    "boot_lid": ("rear_wing",),
}
_HARDEST_FIRST: tuple[Operation, ...] = ("replace", "repair", "paint")


@dataclass(frozen=True, slots=True)
class Spread:
    """A low, an expected and a high amount, in this order of size."""

    low: float = 0.0
    expected: float = 0.0
    high: float = 0.0

    def __add__(self, other: Spread) -> Spread:
        return Spread(self.low + other.low, self.expected + other.expected, self.high + other.high)

    def __mul__(self, other: Spread) -> Spread:
        return Spread(self.low * other.low, self.expected * other.expected, self.high * other.high)

    def at_most(self, other: Spread) -> Spread:
        """Each amount, but no more than the other's."""
        return Spread(
            min(self.low, other.low),
            min(self.expected, other.expected),
            min(self.high, other.high),
        )

    def at_least(self, other: Spread) -> Spread:
        """Each amount, but no less than the other's."""
        return Spread(
            max(self.low, other.low),
            max(self.expected, other.expected),
            max(self.high, other.high),
        )

    def scaled(self, factor: float) -> Spread:
        return Spread(self.low * factor, self.expected * factor, self.high * factor)

    def rounded(self) -> Spread:
        """Whole units of currency, halves up (which keeps the order of the three)."""
        return Spread(*(float(floor(x + 0.5)) for x in (self.low, self.expected, self.high)))

    def total(self) -> float:
        return self.low + self.expected + self.high


NOTHING = Spread()
CERTAIN = Spread(1, 1, 1)
LIKELY = Spread(0, 1, 1)
POSSIBLE = Spread(0, 0, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the estimate; ``amount`` is in whole units of currency."""

    what: str
    operation: Operation | None
    amount: Spread
    part: PartName | None = None
    side: SideName | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The lines, their sum, and the parts the rate table has no figures for."""

    lines: tuple[Line, ...]
    total: Spread
    unpriced: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class _Prices:
    """Costs of work at one place."""

    rates: Rates
    region: Region

    def body(self, hours: float) -> Spread:
        return self._work(hours, Spread(*self.region.body_hour))

    def paint(self, hours: float) -> Spread:
        return self._work(hours, Spread(*self.region.paint_hour))

    def _work(self, hours: float, hour: Spread) -> Spread:
        return hour * Spread(*self.rates.hours_spread).scaled(hours)

    def new_part(self, part: PartRates) -> Spread:
        """A new part, fitted and painted."""
        price = Spread(*part.price[self.region.currency])
        return price + self.body(part.replace_hours) + self.paint(part.paint_hours)


Judged = tuple[SeenDamage, Judgement]


def estimate(damages: Sequence[Judged], rates: Rates, region: Region) -> Estimate:
    """The cost of all damages of one car, by the rules at the top of this module."""
    prices = _Prices(rates, region)
    groups: dict[Unit, list[Judged]] = {}
    for damage, judgement in damages:
        groups.setdefault(unit(damage.part, damage.side), []).append((damage, judgement))
    priced = {key: group for key, group in groups.items() if key[0] in rates.parts}
    lines = [_part_line(key, group, prices) for key, group in priced.items()]
    lines += _paint_lines(priced, prices)
    return Estimate(
        lines=tuple(lines),
        total=sum((line.amount for line in lines), NOTHING),
        unpriced=tuple(key for key in groups if key not in priced),
    )


def unpriced_parts(damages: Iterable[Judged], rates: Rates) -> list[str]:
    """The damaged parts that a rate table has no figures for, in words."""
    units = dict.fromkeys(unit(damage.part, damage.side) for damage, _ in damages)
    return [words(*key) for key in units if key[0] not in rates.parts]


def words(part: str, side: str | None = None) -> str:
    """``("front_door", "left")`` -> ``"left front door"``."""
    name = "unnamed part" if part == "other" else part.replace("_", " ")
    return f"{side} {name}" if side in ("left", "right") and part not in SINGLE else name


def _part_line(key: Unit, group: Sequence[Judged], prices: _Prices) -> Line:
    part = prices.rates.parts[key[0]]
    whole = prices.new_part(part)
    operation = _hardest(judgement.at_face_value for _, judgement in group)
    cost = whole if operation == "replace" else _mending(group, part, prices).at_most(whole)
    if any(judgement.operation == "inspect" for _, judgement in group):
        operation = "inspect"
        look = prices.body(prices.rates.inspection_hours)
        if all(damage.visibility == "unclear" for damage, _ in group):
            cost = Spread(0, cost.expected, whole.high)
        cost = cost + look
    return Line(words(*key), operation, cost.rounded(), part=key[0], side=key[1])


def _mending(group: Sequence[Judged], part: PartRates, prices: _Prices) -> Spread:
    steps = sum(j.severity for _, j in group if j.at_face_value != "paint")
    painting = prices.paint(part.paint_hours) * _painting(group)
    return prices.body(part.repair_hours * steps) + painting


def _hardest(operations: Iterable[Operation]) -> Operation:
    return min(operations, key=_HARDEST_FIRST.index)


def _painting(group: Sequence[Judged]) -> Spread:
    """How certainly the part is painted: once, however many damages it has."""
    sure = NOTHING
    for damage, judgement in group:
        sure = sure.at_least(_needs_paint(damage, judgement))
    return sure


def _needs_paint(damage: SeenDamage, judgement: Judgement) -> Spread:
    if damage.part not in PAINTED:
        return NOTHING
    if damage.paint == "broken" or judgement.at_face_value == "replace":
        return CERTAIN
    surface = damage.damage_type in ("scratch", "paint_chip", "rust")
    if damage.paint == "cannot_tell" or damage.depth == "deep" or surface:
        return LIKELY
    return POSSIBLE


def _paint_lines(groups: dict[Unit, list[Judged]], prices: _Prices) -> list[Line]:
    """Mixing the colour once, and blending it into each whole neighbour once (in high only)."""
    lines = []
    painted = {key: sure for key, group in groups.items() if (sure := _painting(group)).high}
    mixing = NOTHING
    for sure in painted.values():
        mixing = mixing.at_least(sure)
    setup = (prices.paint(prices.rates.paint_setup_hours) * mixing).rounded()
    if setup.total():
        lines.append(Line("mixing the colour, once", None, setup))
    blended = dict.fromkeys(n for key in painted for n in _neighbours(key) if n not in painted)
    for part, side in blended:
        if part in prices.rates.parts:
            hours = prices.rates.parts[part].paint_hours * prices.rates.blend_share
            cost = (prices.paint(hours) * POSSIBLE).rounded()
            lines.append(Line(f"blending into the {words(part, side)}", None, cost))
    return lines


def _neighbours(key: Unit) -> Iterable[Unit]:
    part, side = key
    for neighbour in _NEIGHBOURS.get(part, ()):
        if neighbour in SINGLE:
            yield neighbour, None
        elif side is None:
            yield neighbour, "left"
            yield neighbour, "right"
        else:
            yield neighbour, side
