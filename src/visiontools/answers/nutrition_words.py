"""How nutrition figures, comparisons and their reasons are put into words."""

from __future__ import annotations

from collections.abc import Sequence

from visiontools.answers.nutrition_choice import Contender, GoalRule, Verdict

NAMES = {
    "energy_kcal": "Energy",
    "energy_kj": "Energy (kJ)",
    "fat_g": "Fat",
    "saturated_fat_g": "of which saturated",
    "carbohydrate_g": "Carbohydrate",
    "sugars_g": "of which sugars",
    "fibre_g": "Fibre",
    "protein_g": "Protein",
    "salt_g": "Salt",
}
_PLACES = ("left", "right")
_LONGEST_NAME = 60


def amount(value: float, unit: str) -> str:
    """``39 kcal``, ``165 kJ``, ``10.6 g``, ``0.032 g``: no more digits than a label would show."""
    if unit in ("kcal", "kJ"):
        return (
            f"{value:.1f}".removesuffix(".0") + f" {unit}" if value < 10 else f"{value:.0f} {unit}"
        )
    digits = 3 if 0 < value < 0.1 else 2 if value < 1 else 1
    text = f"{value:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}"


def unit_of(measure: str) -> str:
    return {"energy_kcal": "kcal", "energy_kj": "kJ"}.get(measure, "g")


def product_names(names: Sequence[str | None]) -> list[str]:
    """A name to call each product by, also where none is printed or two are the same."""
    places = _PLACES if len(names) == 2 else tuple(str(n + 1) for n in range(len(names)))
    called = []
    names = [name and _short(name) for name in names]
    for index, name in enumerate(names):
        place = places[index] if len(names) > 1 else ""
        where = f"the {place} product" if place in _PLACES else f"product {place}".strip()
        if not name:
            called.append(where)
        else:
            called.append(f"{name} ({place})" if names.count(name) > 1 else name)
    return called


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def chosen_reason(rule: GoalRule, verdict: Verdict, basis: str) -> str:
    """One sentence for a choice, with the figures it stands on."""
    first, *rest = verdict.ranking
    against = _and([f"{_value(c, rule)} ({c.name})" for c in rest])
    said = f"{sentence(first.name)} has {_comparative(rule, len(rest))}: "
    value = f"{_value(first, rule)} {basis}".strip()
    said += f"{value} against {against}{_share(first, rest[0], rule)}."
    if verdict.close:
        said += " The difference is within what the labels round away."
    return said


def tie_reason(rule: GoalRule, verdict: Verdict, basis: str) -> str:
    tied = [c for c in verdict.ranking if c.index in verdict.best]
    names = _and([c.name for c in tied])
    return f"{sentence(names)} tie: each has {_of(tied[0], rule)} {basis}".strip() + "."


def open_reason(rule: GoalRule, verdict: Verdict, missing: Sequence[str]) -> str:
    """Why no choice was made."""
    why = [*verdict.problems, *missing]
    return f"No choice by {rule.noun}: {'; '.join(why)}."


def _comparative(rule: GoalRule, others: int) -> str:
    if rule.measure == "nutri_score":
        return "the better Nutri-Score" if others == 1 else "the best Nutri-Score"
    words = {"kcal": ("lower", "lowest"), "g": ("less", "least")}
    if rule.more:
        words["g"] = ("more", "most")
    low, lowest = words[rule.unit]
    if rule.unit == "kcal":
        return f"the {low if others == 1 else lowest} energy"
    return f"{low} {rule.noun}" if others == 1 else f"the {lowest} {rule.noun}"


def _share(first: Contender, second: Contender, rule: GoalRule) -> str:
    if rule.measure == "nutri_score" or not first.value or not second.value:
        return ""
    if first.less_than or second.less_than:
        return ""
    share = abs(1 - first.value / second.value) * 100
    return f", {share:.0f} % {'more' if rule.more else 'less'}" if share >= 1 else ""


def _value(contender: Contender, rule: GoalRule) -> str:
    if rule.measure == "nutri_score":
        return contender.text
    less = "less than " if contender.less_than else ""
    return less + amount(contender.value or 0.0, rule.unit)


def _of(contender: Contender, rule: GoalRule) -> str:
    value = _value(contender, rule)
    return value if rule.measure == "nutri_score" else f"{value} of {rule.noun}"


def sentence(name: str) -> str:
    """A name as the first word of a sentence."""
    return name[:1].upper() + name[1:]


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
