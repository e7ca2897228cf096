"""The answer about a damaged car, and how it is shown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from visiontools.answers.cost import words
from visiontools.answers.damage import PartName, SideName, YesNo
from visiontools.answers.damage_rules import Operation
from visiontools.tooling import Answer
from visiontools.types import Provenance
from visiontools.views.blocks import Block, Facts, Items, Notice, Range, Scale, Table, Text

_SEVERITY = {1: "cosmetic", 2: "light", 3: "moderate", 4: "heavy", 5: "destroyed or gone"}


class DamagedPart(BaseModel):
    """One kind of damage on one part, with what the rules make of it."""

    vehicle: Annotated[str, Provenance.INFERRED]
    part: Annotated[PartName, Provenance.INFERRED]
    side: Annotated[SideName, Provenance.INFERRED]
    damage_type: Annotated[str, Provenance.INFERRED]
    severity: int = Field(ge=1, le=5)
    severity_at_least: bool = Field(description="true if a fact that could add to it is open")
    operation: Operation
    why: str = Field(description="the rule that chose the operation")
    evidence: Annotated[str, Provenance.INFERRED]


class Vehicle(BaseModel):
    """The car the answer is about; null where it cannot be told."""

    make: str | None = None
    model: str | None = None
    colour: str | None = None


class CostLine(BaseModel):
    """One line of the cost, in whole units of the currency."""

    what: str
    operation: Operation | None
    low: float
    expected: float
    high: float


class PartsCost(BaseModel):
    """The sum of its lines; ``basis`` says what the rates are worth."""

    low: float
    expected: float
    high: float
    currency: str
    region: str
    basis: str
    example: bool
    lines: list[CostLine]
    unpriced: list[str] = Field(description="parts the rate table has no figures for")


class CarDamageAnswer(Answer):
    """What is damaged, how badly, what to do and what it costs."""

    damage_visible: Annotated[YesNo, Provenance.INFERRED]
    damagetype: str | None = Field(description="the kinds of damage, in one line")
    severity: int | None = Field(description="the worst of the parts, 1 to 5")
    cost_range: str | None = Field(description="low to high, in one line")
    vehicle: Annotated[Vehicle, Provenance.INFERRED]
    vehicles: Annotated[list[str], Provenance.INFERRED] = Field(description="every car in view")
    about: str | None = Field(default=None, description="the car meant, where there are several")
    parts: list[DamagedPart]
    cost: PartsCost | None
    safety_flags: list[str]
    photos_wanted: list[str]
    open_question: str | None = Field(description="what must be settled before there is a cost")


def blocks_of(answer: CarDamageAnswer) -> list[Block]:
    """The sentence, safety first, severity, cost, the parts, and the photos wanted."""
    blocks: list[Block] = [Text(headline(answer), strong=True)]
    blocks += [Notice(flag, "warning") for flag in answer.safety_flags]
    if answer.open_question:
        blocks.append(Notice(answer.open_question))
    if answer.severity is not None:
        said = _SEVERITY[answer.severity]
        blocks.append(Scale("Severity of the worst part", answer.severity, 1, 5, said))
    blocks += _cost_blocks(answer.cost)
    if answer.parts:
        blocks.append(_parts_table(answer))
    blocks += _vehicle_facts(answer)
    if answer.photos_wanted:
        blocks.append(Items(tuple(answer.photos_wanted), "Photos that would settle more"))
    return blocks


def headline(answer: CarDamageAnswer) -> str:
    """The answer in one sentence for a person."""
    if answer.damage_visible == "cannot_tell":
        return "The picture does not show clearly enough whether the car is damaged."
    if answer.damage_visible == "no":
        where = f" on {answer.about}" if answer.about else ""
        return f"No damage is visible{where}; what the picture does not show is not covered."
    places = list(dict.fromkeys(words(part.part, part.side) for part in answer.parts))
    of = f" of {answer.about}" if answer.about else ""
    many = f"{len(places)} parts{of} are" if len(places) > 1 else f"One part{of} is"
    named = f"{many} damaged: {', '.join(places)}"
    if answer.cost is None:
        return f"{named}."
    expected = money(answer.cost.expected, answer.cost.currency)
    rates = "at example rates" if answer.cost.example else "at the rates given"
    without = f", without {', '.join(answer.cost.unpriced)}" if answer.cost.unpriced else ""
    return f"{named}; about {expected} {rates} ({answer.cost_range}){without}."


def money(amount: float, currency: str) -> str:
    """``"EUR 1,280"``: whole units of the currency."""
    return f"{currency} {amount:,.0f}"


def range_text(cost: PartsCost | None) -> str | None:
    """``"EUR 1,107 to 4,978"``; None without a cost."""
    if cost is None:
        return None
    if cost.low == cost.high:
        return money(cost.low, cost.currency)
    return f"{money(cost.low, cost.currency)} to {cost.high:,.0f}"


def _cost_blocks(cost: PartsCost | None) -> list[Block]:
    if cost is None or not cost.lines:
        return []
    text = f"{range_text(cost)}, expected {money(cost.expected, cost.currency)}"
    blocks: list[Block] = [Range("Cost", cost.low, cost.expected, cost.high, text)]
    level: Literal["note", "warning"] = "warning" if cost.example else "note"
    blocks.append(Notice(f"Rates: {cost.basis} (region {cost.region}).", level))
    if cost.unpriced:
        parts = ", ".join(cost.unpriced)
        blocks.append(Notice(f"Not in the cost, for want of rates: {parts}.", "warning"))
    rows = [
        (line.what, line.operation or "", *(f"{x:,.0f}" for x in _amounts(line)))
        for line in cost.lines
    ]
    total = ("Total", "", *(f"{x:,.0f}" for x in (cost.low, cost.expected, cost.high)))
    columns = ("Work", "Operation", "Low", "Expected", "High")
    title = f"Cost in {cost.currency}"
    blocks.append(Table(columns, (*rows, total), title, right=frozenset({2, 3, 4})))
    return blocks


def _amounts(line: CostLine) -> tuple[float, float, float]:
    return line.low, line.expected, line.high


def _parts_table(answer: CarDamageAnswer) -> Table:
    several = len(answer.vehicles) > 1 and not answer.about
    rows = tuple(
        (
            f"{part.vehicle or '?'}: {place}" if several else place,
            part.damage_type.replace("_", " "),
            f"{'at least ' if part.severity_at_least else ''}{part.severity}",
            part.operation,
            part.evidence,
        )
        for part in answer.parts
        for place in (words(part.part, part.side),)
    )
    columns = ("Part", "Damage", "Severity", "Operation", "What is seen")
    return Table(columns, rows, "Damage", right=frozenset({2}))


def _vehicle_facts(answer: CarDamageAnswer) -> list[Block]:
    known = answer.vehicle
    told = (("Make", known.make), ("Model", known.model), ("Colour", known.colour))
    rows = tuple((name, value) for name, value in told if value)
    return [Facts(rows, "Car")] if rows else []
