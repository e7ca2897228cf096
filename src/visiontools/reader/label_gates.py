"""Integrity gates: figures that contradict each other are not passed on.

Conversion factors: Regulation (EU) No 1169/2011, annex XIV; 1 kcal = 4.184 kJ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from visiontools.answers.label import Basis, Quantity
from visiontools.reader.label_amounts import base_amount
from visiontools.reader.label_facts import Fact, Table

KJ_PER_KCAL = 4.184
SALT_PER_SODIUM = 2.5
PARTS = (
    ("saturated_fat", "fat"),
    ("trans_fat", "fat"),
    ("monounsaturated_fat", "fat"),
    ("polyunsaturated_fat", "fat"),
    ("sugars", "carbohydrate"),
    ("starch", "carbohydrate"),
    ("added_sugars", "sugars"),
)
KCAL_LOW = {"fat": 9.0, "carbohydrate": 4.0, "protein": 4.0, "alcohol": 7.0}
MOST_PER_100 = {"kcal": 905.0, "kJ": 3790.0, "g": 100.0}


def check(table: Table, given: Quantity | None) -> bool:
    """Run every gate: confirm what agrees, drop or doubt what does not, and note why.

    ``given`` is the serving size as read; False where the figures contradict it.
    """
    serving = _plausible_serving(table, given)
    for basis in sorted({fact.basis for fact in table.facts}):
        _plausible(table, basis, serving)
        _parts(table, basis)
        _units(table, basis)
    fits = given is None or (serving is not None and _columns(table, serving))
    for basis in sorted({fact.basis for fact in table.facts}):
        _energy(table, basis)
    for fact in table.facts:
        if fact.disputed and not fact.confirmed:
            drop(table, fact, "read differently at a second look")
    if table.mixed:
        table.notes.append("figures read alike twice contradict each other, so none is sure")
        for fact in table.facts:
            fact.confirmed = False
    return fits


def drop(table: Table, fact: Fact, why: str) -> None:
    """Take a fact out, and say so."""
    if fact.dropped is None:
        fact.dropped = why
        table.notes.append(f"{fact.words} ({fact.basis.replace('_', ' ')}): {why}")


def held(table: Table, basis: Basis) -> dict[str, Fact]:
    """The facts still standing for one basis; energy as ``kJ`` and ``kcal``."""
    return {
        fact.unit if fact.nutrient == "energy" else fact.nutrient: fact
        for fact in table.facts
        if fact.basis == basis and fact.dropped is None
    }


def grams(fact: Fact) -> float:
    return fact.amount / {"mg": 1e3, "µg": 1e6}.get(fact.unit, 1.0)


def _plausible_serving(table: Table, serving: Quantity | None) -> Quantity | None:
    """The serving, unless several figures say that it is larger: then it was misread itself."""
    if serving is None:
        return None
    size = base_amount(serving)[0]
    if sum(_overflows(fact, size) for fact in held(table, "per_serving").values()) < 2:
        return serving
    table.notes.append(f"a serving of {size:g} g or ml cannot hold what is stated for it")
    return None


def _plausible(table: Table, basis: Basis, serving: Quantity | None) -> None:
    """No more fat, or energy, than a portion can hold."""
    size = 100.0
    if basis == "per_serving":
        if serving is None:
            return
        size = base_amount(serving)[0]
    elif basis == "per_container":
        return
    for fact in held(table, basis).values():
        if _overflows(fact, size):
            drop(table, fact, f"more than {size:g} g or ml can hold")


def _overflows(fact: Fact, size: float) -> bool:
    amount = grams(fact) if fact.nutrient != "energy" else fact.amount
    most = MOST_PER_100.get(fact.unit, 100.0) * size / 100
    return amount > most * 1.02 + fact.slack


def _parts(table: Table, basis: Basis) -> None:
    """A part is not larger than its whole."""
    for part, whole in PARTS:
        facts = held(table, basis)
        if part in facts and whole in facts:
            inner, outer = facts[part], facts[whole]
            # "Less than 1 g" of a nutrient may stand beside a whole rounded down to nothing.
            room = inner.slack + outer.slack + (inner.amount if inner.less_than else 0)
            if grams(inner) > grams(outer) + room:
                _contradict(table, [inner, outer], f"more {part} than {whole}".replace("_", " "))


def _contradict(table: Table, facts: Sequence[Fact], why: str, *, structural: bool = True) -> None:
    """Drop the ones that a second look did not confirm, or all if it confirmed all.

    ``structural`` where that means that rows are mixed up, and not only that one is rounded.
    """
    doubtful = [fact for fact in facts if not fact.confirmed]
    if not doubtful:
        table.mixed, doubtful = table.mixed or structural, list(facts)
    for fact in doubtful:
        drop(table, fact, why)


def _units(table: Table, basis: Basis) -> None:
    """kJ against kcal, and salt against sodium."""
    facts = held(table, basis)
    if "kJ" in facts and "kcal" in facts:
        kj, kcal = facts["kJ"], facts["kcal"]
        room = kj.slack + kcal.slack * KJ_PER_KCAL + 1.5
        _pair(table, kj, kcal, KJ_PER_KCAL, room, 0.035, "kJ and kcal do not agree")
    if "salt" in facts and "sodium" in facts:
        salt, sodium = facts["salt"], facts["sodium"]
        scale = SALT_PER_SODIUM * (1 if salt.unit == sodium.unit else 1e-3)
        room = salt.slack + sodium.slack * scale
        _pair(table, salt, sodium, scale, room, 0.05, "salt and sodium do not agree")


def _pair(
    table: Table, one: Fact, other: Fact, factor: float, room: float, share: float, why: str
) -> None:
    """``one`` should be ``factor`` times ``other``: agreement confirms both, else both go."""

    def fits(first: float, second: float) -> bool:
        return abs(first - second * factor) <= room + share * second * factor

    if not fits(one.amount, other.amount):
        _contradict(table, [one, other], why)
    elif one.amount > 5 * room:
        _confirm(one, lambda value: fits(value, other.amount))
        _confirm(other, lambda value: fits(one.amount, value))


def _confirm(fact: Fact, fits: Callable[[float], bool]) -> None:
    """Believe a figure that fits another one, unless what a second look read would fit as well.

    207 kJ agree with 48 kcal, but so do the 202 kJ that a second look may have seen.
    """
    if not any(value is None or fits(value) for value in fact.otherwise):
        fact.confirmed = True


def _columns(table: Table, serving: Quantity) -> bool:
    """Per serving against per 100, through the serving size; False where that does not fit."""
    size, unit = base_amount(serving)
    hundred: Basis = "per_100ml" if unit == "ml" else "per_100g"
    here, there = held(table, "per_serving"), held(table, hundred)
    shared = sorted(set(here) & set(there))
    verdicts = {name: _scales(here[name], there[name], size / 100) for name in shared}
    wrong = [name for name in shared if not verdicts[name]]
    if len(wrong) * 2 > len(shared):
        table.notes.append(f"the serving size {size:g} {unit} does not fit the columns")
        return False
    for name in shared:
        pair = [here[name], there[name]]
        if name in wrong:
            why = "per serving and per 100 do not agree"
            _contradict(table, pair, why, structural=len(wrong) > 1)
        elif all(fact.amount > 4 * fact.slack for fact in pair):
            _confirm_columns(here[name], there[name], size / 100)
    return True


def _confirm_columns(serving: Fact, hundred: Fact, factor: float) -> None:
    _confirm(serving, lambda value: _scales(replace(serving, amount=value), hundred, factor))
    _confirm(hundred, lambda value: _scales(serving, replace(hundred, amount=value), factor))


def _scales(serving: Fact, hundred: Fact, factor: float) -> bool:
    expected = hundred.amount * factor
    room = serving.slack + hundred.slack * factor
    if serving.less_than:
        # "< 0.5 g" beside 1.4 g per 100 g: the true amount lies below what is printed.
        return hundred.less_than or expected <= serving.amount + room
    if hundred.less_than:
        return serving.amount <= expected + room
    # Labels round small amounts away: 0.4 g of fat is printed as 0 g.
    small = (
        0.5 if hundred.nutrient in ("fat", "carbohydrate", "sugars", "fibre", "protein") else 0.1
    )
    if 0.0 in (serving.amount, hundred.amount):
        room += small * max(1.0, factor)
    return abs(serving.amount - expected) <= room + 0.03 * expected


def _energy(table: Table, basis: Basis) -> None:
    """Energy against the macronutrients; a sum that fails puts every summand in doubt."""
    facts = held(table, basis)
    energy = facts.get("kcal") or facts.get("kJ")
    if energy is None or not {"fat", "carbohydrate", "protein"} <= set(facts):
        return
    kcal = energy.amount / (KJ_PER_KCAL if energy.unit == "kJ" else 1.0)
    low, high = _energy_range(facts)
    if low <= kcal <= high:
        return
    names = ("kcal", "kJ", *KCAL_LOW, "fibre", "polyols")
    for fact in (facts[name] for name in names if name in facts):
        if not fact.disputed:
            fact.confirmed = False
    table.notes.append(
        f"{energy.words} ({basis.replace('_', ' ')}) does not fit fat, carbohydrate and protein, "
        f"which give {(low + high) / 2:.0f} kcal"
    )


def _energy_range(facts: dict[str, Fact]) -> tuple[float, float]:
    """The energy in kcal that the macronutrients allow, rounding and fibre considered.

    Where fibre is counted in the carbohydrate (US) it may give less than 4 kcal/g; where it is
    not (EU) it adds 2. Polyols give 2.4 instead of 4.
    """
    total = slack = 0.0
    for name, factor in KCAL_LOW.items():
        if name in facts:
            fact = facts[name]
            total += factor * grams(fact)
            hidden = max(fact.slack, 0.5 if fact.amount < 1 else 0.0)
            slack += factor * hidden
    fibre = grams(facts["fibre"]) if "fibre" in facts else 0.0
    polyols = grams(facts["polyols"]) if "polyols" in facts else 0.0
    slack += 5 + 0.06 * total
    return total - 4 * fibre - 1.6 * polyols - slack, total + 2 * fibre + slack
