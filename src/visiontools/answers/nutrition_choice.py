"""Which product serves a goal best: the figures compared, the doubts weighed, ties said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Goal = Literal[
    "lower_energy",
    "less_sugar",
    "more_protein",
    "less_salt",
    "less_saturated_fat",
    "better_nutri_score",
]


@dataclass(frozen=True, slots=True)
class GoalRule:
    """The measure a goal compares, which end is better, and the words for it."""

    measure: str
    noun: str
    unit: str
    more: bool = False


GOALS: dict[Goal, GoalRule] = {
    "lower_energy": GoalRule("energy_kcal", "energy", "kcal"),
    "less_sugar": GoalRule("sugars_g", "sugar", "g"),
    "more_protein": GoalRule("protein_g", "protein", "g", more=True),
    "less_salt": GoalRule("salt_g", "salt", "g"),
    "less_saturated_fat": GoalRule("saturated_fat_g", "saturated fat", "g"),
    "better_nutri_score": GoalRule("nutri_score", "Nutri-Score", "points"),
}


@dataclass(frozen=True, slots=True)
class Contender:
    """A product in the comparison: its value, how far rounding leaves it open, what is doubtful.

    ``value`` None says that the label does not give it; ``doubt`` why it cannot be relied on;
    ``text`` writes a value that is no amount, such as a grade; ``less_than`` says that the value
    is only what the amount is below.
    """

    index: int
    name: str
    value: float | None
    low: float = 0.0
    high: float = 0.0
    doubt: str | None = None
    text: str = ""
    less_than: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """``best`` are the indexes of the best (several when tied, none when it cannot be told).

    ``ranking`` holds every contender that can be relied on, best first; ``close`` says that the
    difference to the next one is within the labels' rounding.
    """

    best: tuple[int, ...]
    ranking: tuple[Contender, ...]
    problems: tuple[str, ...] = ()
    close: bool = False


def choose(contenders: Sequence[Contender], *, more: bool) -> Verdict:
    """The best by value; none while any value is missing or doubtful, for it might be the best."""
    problems = tuple(c.doubt for c in contenders if c.doubt)
    sound = [c for c in contenders if c.value is not None and c.doubt is None]
    ranking = tuple(sorted(sound, key=lambda c: (_worth(c, more=more), c.index)))
    if problems or len(ranking) < 2:
        return Verdict((), ranking, problems)
    top = _worth(ranking[0], more=more)
    best = tuple(c.index for c in ranking if _worth(c, more=more) == top)
    if open_ := _left_open(ranking, best):
        return Verdict((), ranking, open_)
    close = len(best) == 1 and _overlap(ranking[0], ranking[1])
    return Verdict(best, ranking, close=close)


def _worth(contender: Contender, *, more: bool) -> float:
    """Lower is better; equal to the third decimal is equal."""
    value = round(contender.value or 0.0, 3)
    return -value if more else value


def _overlap(a: Contender, b: Contender) -> bool:
    return a.low < b.high and b.low < a.high


def _left_open(ranking: Sequence[Contender], best: Sequence[int]) -> tuple[str, ...]:
    """Why a "less than" leaves the choice open: it may be below, or above, what looks best."""
    unsure = (
        c
        for c in ranking
        for other in ranking
        if c.less_than
        and c.index != other.index
        and (c.index in best or other.index in best)
        and _overlap(c, other)
    )
    return tuple(dict.fromkeys(f"the label of {c.name} only says 'less than'" for c in unsure))


def choose_by_span(contenders: Sequence[Contender]) -> Verdict:
    """The lowest where values are only known within ``low`` and ``high``, such as scores.

    A product is best when its worst case beats every other's best case; products known exactly
    and equal are tied.
    """
    problems = tuple(c.doubt for c in contenders if c.doubt)
    sound = [c for c in contenders if c.value is not None and c.doubt is None]
    ranking = tuple(sorted(sound, key=lambda c: (c.high, c.low, c.index)))
    if problems or len(ranking) < 2:
        return Verdict((), ranking, problems)
    top = ranking[0]
    tied = [c for c in ranking if (c.low, c.high) == (top.low, top.high)]
    others = [c for c in ranking if c not in tied]
    if any(c.low <= top.high for c in others) or (len(tied) > 1 and top.low != top.high):
        return Verdict((), ranking, ("the Nutri-Scores possible overlap",))
    return Verdict(tuple(c.index for c in tied), ranking)
