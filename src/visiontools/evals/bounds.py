"""How sure a measured rate is."""

from __future__ import annotations

import math


def upper_bound(wrong: int, total: int, confidence: float = 0.95) -> float:
    """The largest rate that still gives ``wrong`` or fewer of ``total`` with 1 - confidence.

    Clopper and Pearson's exact one-sided bound, found by halving on the binomial distribution.
    """
    if total == 0 or wrong >= total:
        return 1.0
    low, high = wrong / total, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, total, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, total: int, rate: float) -> float:
    """The probability of at most ``wrong`` of ``total`` at ``rate``."""
    if rate in (0.0, 1.0):
        return 1.0 - rate
    # Logarithms: the number of ways to choose overflows for totals of a few thousand.
    logs = (
        math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
        + k * math.log(rate) + (total - k) * math.log1p(-rate)
        for k in range(wrong + 1)
    )  # fmt: skip
    return math.fsum(math.exp(value) for value in logs)


def lower_bound(right: int, total: int, confidence: float = 0.95) -> float:
    """The smallest rate that still gives ``right`` or more of ``total``, by the same method."""
    return 1.0 - upper_bound(total - right, total, confidence)


def interval(hits: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Both ends (Clopper and Pearson, two-sided); 0 to 1 where nothing was counted."""
    one_side = 1 - (1 - confidence) / 2
    return lower_bound(hits, total, one_side), upper_bound(hits, total, one_side)
