"""Two observers on the same cases: who was right where the other was not. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from visiontools.evals.results import Result

GOOD = ("right", "rightly_declined")


@dataclass(frozen=True, slots=True)
class Comparison:
    """``only_a`` are the cases only A got right; ``chance`` is McNemar's exact p-value.

    A small ``chance`` says that two observers equally good would seldom differ so much.
    """

    a: str
    b: str
    cases: int
    both: int
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    neither: int
    chance: float

    @property
    def verdict(self) -> str:
        """In words."""
        a, b = len(self.only_a), len(self.only_b)
        if not self.cases:
            return "No case was measured with both."
        told = f"{self.a} alone got {a} right, {self.b} alone {b}, of {self.cases}"
        if self.chance > 0.05:
            return f"{told}: no difference that chance could not make (p = {self.chance:.2g})."
        better = self.a if a > b else self.b
        return f"{told}: {better} is better (p = {self.chance:.2g})."


def compare(results: Iterable[Result], a: str, b: str) -> Comparison:
    """The cases both were asked."""
    good: dict[tuple[str, str], dict[str, bool]] = {}
    for each in results:
        good.setdefault((each.data, each.case), {})[each.endpoint] = each.verdict in GOOD
    pairs = {case: (said[a], said[b]) for case, said in good.items() if a in said and b in said}
    only_a = tuple(case for (_, case), pair in sorted(pairs.items()) if pair == (True, False))
    only_b = tuple(case for (_, case), pair in sorted(pairs.items()) if pair == (False, True))
    both = sum(pair == (True, True) for pair in pairs.values())
    return Comparison(
        a=a,
        b=b,
        cases=len(pairs),
        both=both,
        only_a=only_a,
        only_b=only_b,
        neither=len(pairs) - both - len(only_a) - len(only_b),
        chance=mcnemar(len(only_a), len(only_b)),
    )


def mcnemar(one: int, other: int) -> float:
    """The two-sided exact p-value of so many differing pairs (McNemar 1947, by the binomial)."""
    total = one + other
    if not total:
        return 1.0
    tail = math.fsum(math.comb(total, k) for k in range(min(one, other) + 1)) / 2**total
    return float(min(1.0, 2 * tail))
