"""From labels to a choice: who contends with which figure, and whether they may be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from visiontools.answers.nutrition import Figures
from visiontools.answers.nutrition_answer import WATER, GradeRange
from visiontools.answers.nutrition_choice import (
    GOALS,
    Contender,
    Goal,
    GoalRule,
    Verdict,
    choose,
    choose_by_span,
)
from visiontools.answers.nutrition_label import Label
from visiontools.answers.nutrition_words import (
    amount,
    chosen_reason,
    open_reason,
    sentence,
    tie_reason,
)

Compare = Literal["per_100", "per_serving", "per_container"]
_BASIS = {"per_serving": "per serving", "per_container": "per pack"}
SCORED = ("energy_kj", "sugars_g", "saturated_fat_g", "salt_g", "protein_g", "fibre_g")
"""The measures that Nutri-Score gives points for."""
_BELOW_EVERY_SCORE = -100.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The choice (None when it cannot be told), why, the tie if any, and the order found."""

    index: int | None
    reason: str
    tied: tuple[int, ...] = ()
    ranking: tuple[Contender, ...] = ()
    comparable: str | None = None
    """Why the products cannot be compared, or None if they can."""

    @property
    def settled(self) -> bool:
        return self.index is not None or bool(self.tied)


def compare(
    labels: Sequence[Label], grades: Sequence[GradeRange | None], goal: Goal, basis: Compare
) -> Comparison:
    """Choose among two or more labels; ml and g are never held against each other."""
    rule = GOALS[goal]
    units = {label.facts.unit for label in labels if label.facts.unit}
    per_100 = basis == "per_100" or goal == "better_nutri_score"
    if per_100 and len(units) > 1:
        told = "one label counts per 100 ml, another per 100 g, and no label prints the density"
        return Comparison(None, f"No choice by {rule.noun}: {told}.", comparable=told)
    if goal == "better_nutri_score":
        rivals = [_graded(label, grade) for label, grade in zip(labels, grades, strict=True)]
        verdict = choose_by_span(rivals)
    else:
        rivals = [_measured(label, rule.measure, basis) for label in labels]
        verdict = choose(rivals, more=rule.more)
    missing = [
        _unsaid(label, basis) for label, c in zip(labels, rivals, strict=True) if c.value is None
    ]
    words = f"per 100 {units.pop()}" if per_100 and units else _BASIS.get(basis, "")
    return _comparison(verdict, goal, words, _missing(missing, grades, verdict, goal))


def alone_reason(label: Label, rule: GoalRule) -> str:
    """What to say of one product, which has nothing to be compared with."""
    only = "Only one product is in the picture, so there is no choice to make"
    figure = label.facts.per_100.get(rule.measure)
    if figure is None or label.doubt(rule.measure, figure):
        return f"{only}."
    less = "less than " if figure.less_than else ""
    value = f"{less}{amount(figure.amount, rule.unit)} of {rule.noun}"
    name = label.seen.name or "The product"
    return f"{sentence(name)} has {value} per 100 {label.facts.unit}. {only}."


def _unsaid(label: Label, basis: Compare) -> str:
    sized = label.facts.printed.keys() & {"per_serving", "per_container"}
    if (sized or basis != "per_100") and label.facts.printed and not _figures(label, basis):
        what = {"per_serving": "a serving is", "per_container": "the pack holds"}
        return f"the label of {label.name} does not say how much {what.get(basis, 'a serving is')}"
    return f"the label of {label.name} does not give it"


def _missing(
    missing: list[str], grades: Sequence[GradeRange | None], verdict: Verdict, goal: Goal
) -> list[str]:
    if goal != "better_nutri_score" or verdict.best:
        return missing
    names = dict.fromkeys(name for grade in grades if grade for name in grade.missing)
    return [*missing, *([f"not declared: {', '.join(names)}"] if names else [])]


def _comparison(verdict: Verdict, goal: Goal, basis: str, missing: Sequence[str]) -> Comparison:
    rule = GOALS[goal]
    words = "" if goal == "better_nutri_score" else basis
    if not verdict.best or (missing and goal != "better_nutri_score"):
        return Comparison(None, open_reason(rule, verdict, missing), ranking=verdict.ranking)
    if len(verdict.best) > 1:
        reason = tie_reason(rule, verdict, words)
        return Comparison(None, reason, tied=verdict.best, ranking=verdict.ranking)
    reason = chosen_reason(rule, verdict, words)
    return Comparison(verdict.best[0], reason, ranking=verdict.ranking)


def _figures(label: Label, basis: Compare) -> Figures:
    return {
        "per_100": label.facts.per_100,
        "per_serving": label.facts.per_serving,
        "per_container": label.facts.per_container,
    }[basis]


def _measured(label: Label, measure: str, basis: Compare) -> Contender:
    figure = _figures(label, basis).get(measure)
    if figure is None:
        return Contender(label.index, label.name, None)
    return Contender(
        label.index,
        label.name,
        figure.amount,
        figure.low,
        figure.high,
        label.doubt(measure, figure),
        less_than=figure.less_than,
    )


def _graded(label: Label, grade: GradeRange | None) -> Contender:
    if grade is None:
        return Contender(label.index, label.name, None)
    doubts = (label.doubt(name, label.facts.per_100.get(name)) for name in SCORED)
    low = _BELOW_EVERY_SCORE if _water(grade) else float(grade.score_low)
    high = _BELOW_EVERY_SCORE if grade.worst == "A" and _water(grade) else float(grade.score_high)
    doubt = next(filter(None, doubts), None)
    return Contender(label.index, label.name, low, low, high, doubt, grade_text(grade))


def _water(grade: GradeRange) -> bool:
    """Whether it is, or may be, water, which stands above every other drink."""
    return grade.category == "water" or WATER in grade.missing


def grade_text(grade: GradeRange) -> str:
    """``B (2 points)``, or ``C to E (6 to 16 points)`` while something is missing."""
    if grade.category == "water":
        return "A (water)"
    score = (
        f"{grade.score_low}"
        if grade.score_low == grade.score_high
        else f"{grade.score_low} to {grade.score_high}"
    )
    letters = grade.best if grade.best == grade.worst else f"{grade.best} to {grade.worst}"
    return f"{letters} ({score} {'point' if score == '1' else 'points'})"
