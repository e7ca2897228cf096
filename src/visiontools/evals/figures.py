"""The figures of a group of results, each share with its 95 % interval. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

from visiontools.evals.bounds import interval, upper_bound
from visiontools.evals.results import Result
from visiontools.evals.scorers import VERDICTS

WORST = 10
_VALID = ("answered", "partly", "cannot_tell", "wrong_picture")
"""Outcomes that a valid observation came to."""
_BADNESS = {verdict: rank for rank, verdict in enumerate(
    ("wrong", "invalid", "unavailable", "unusable", "refused", "blocked", "cancelled",
     "wrongly_declined", "incomplete")
)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    total: int

    @property
    def rate(self) -> float | None:
        """None of nothing."""
        return self.hits / self.total if self.total else None

    @property
    def ends(self) -> tuple[float, float]:
        """The 95 % interval."""
        return interval(self.hits, self.total)

    @property
    def most(self) -> float:
        """The one-sided 95 % upper bound, for what should not be."""
        return upper_bound(self.hits, self.total)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        low, high = self.ends
        return {
            "hits": self.hits,
            "total": self.total,
            "rate": None if self.rate is None else round(self.rate, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """One tool by one observer on one set.

    ``trusted`` is what a person wants to know: of what was stated as a fact, how much was wrong.
    """

    data: str
    tool: str
    endpoint: str
    model: str
    cases: int
    verdicts: dict[str, int]
    first_try: Share
    repaired: Share
    refused: Share
    invalid: Share
    unavailable: Share
    declined_rightly: Share
    declined_wrongly: Share
    whole: Share
    facts: Share
    wrong_facts: Share
    wrong_cases: Share
    uncaught: Share
    checks_rightly: int
    checks_falsely: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    currency: str
    median_s: float
    p95_s: float

    def as_json(self) -> dict[str, Any]:
        """For programs; shares with their intervals."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {k: v.as_json() if isinstance(v, Share) else v for k, v in told.items()}


def figures(results: Sequence[Result]) -> Figures:
    """Of one group; all results are of one set, tool and endpoint."""
    verdicts = Counter(each.verdict for each in results)
    valid = [each for each in results if each.outcome in _VALID]
    asked = [each for each in results if each.expected == "answer"]
    nothing = [each for each in results if each.expected == "none"]
    answered = [each for each in results if each.outcome in ("answered", "partly")]
    wrong = [each for each in results if each.verdict == "wrong"]
    right_facts = sum(each.right for each in results)
    wrong_facts = sum(each.wrong for each in results)
    missing = sum(each.missing for each in results)
    costs = [each.cost for each in results if each.cost is not None]
    seconds = sorted(each.seconds for each in results)
    total = len(results)
    return Figures(
        data=results[0].data,
        tool=results[0].tool,
        endpoint=results[0].endpoint,
        model=results[0].model,
        cases=total,
        verdicts={name: verdicts[name] for name in VERDICTS if verdicts[name]},
        first_try=Share(sum(each.repairs == 0 for each in valid), total),
        repaired=Share(sum(each.repairs > 0 for each in valid), total),
        refused=Share(verdicts["refused"] + verdicts["blocked"], total),
        invalid=Share(verdicts["invalid"], total),
        unavailable=Share(verdicts["unavailable"] + verdicts["unusable"], total),
        declined_rightly=Share(verdicts["rightly_declined"], len(nothing)),
        declined_wrongly=Share(verdicts["wrongly_declined"], len(asked)),
        whole=Share(verdicts["right"], len(asked)),
        facts=Share(right_facts, right_facts + missing),
        wrong_facts=Share(wrong_facts, right_facts + wrong_facts),
        wrong_cases=Share(len(wrong), len(answered)),
        uncaught=Share(sum(not each.caught for each in wrong), len(answered)),
        checks_rightly=sum(len(each.checks_rightly) for each in results),
        checks_falsely=sum(len(each.checks_falsely) for each in results),
        input_tokens=sum(each.input_tokens for each in results),
        output_tokens=sum(each.output_tokens for each in results),
        cost=round(math.fsum(costs), 6) if costs else None,
        currency=next((each.currency for each in results if each.currency), ""),
        median_s=round(median(seconds), 2),
        p95_s=round(seconds[min(total - 1, math.ceil(total * 0.95) - 1)], 2),
    )


def by_group(results: Iterable[Result]) -> list[Figures]:
    """One row for each set, tool and endpoint, in that order."""
    return [figures(group) for group in groups(results)]


def groups(results: Iterable[Result]) -> list[list[Result]]:
    """The results of each set, tool and endpoint."""
    ordered = sorted(results, key=_group)
    return [list(group) for _, group in groupby(ordered, key=_group)]


def by_condition(results: Sequence[Result]) -> list[tuple[str, Figures]]:
    """Of one group: a row for each condition."""
    ordered = sorted(results, key=lambda each: each.condition)
    parts = groupby(ordered, key=lambda each: each.condition)
    return [(name, figures(list(part))) for name, part in parts]


def worst(results: Iterable[Result], most: int = WORST) -> list[Result]:
    """What went wrong, the worst first: silent faults, then loud ones, then what is left out."""
    bad = [each for each in results if each.verdict in _BADNESS]

    def rank(each: Result) -> tuple[Any, ...]:
        return _BADNESS[each.verdict], each.caught, -each.wrong, -each.missing, each.case

    return sorted(bad, key=rank)[:most]


def _group(result: Result) -> tuple[str, str, str]:
    return result.tool, result.data, result.endpoint
