"""Sums that prove the digits of a receipt: what adds up to the hundredth was read right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from visiontools.reader.chart.receipt_words import cents_of, rate_in

if TYPE_CHECKING:
    from visiontools.reader.chart.receipt import Bought, Found

ROUNDING = 1
"""Hundredths a tax or the price of a weight may be off by."""


def prove(found: Found) -> set[str]:
    """The lines that sums prove: ``items/0``, ``items/0/price``, ``totals/1``."""
    proved: set[str] = set()
    bought = sum(item.amount.cents for item in found.items)
    several = len(found.items) > 1
    sums = {
        kind: [i for i, below in enumerate(found.totals) if below.kind == kind]
        for kind in ("subtotal", "discount", "tax", "tip", "total", "paid", "change")
    }

    def cents(index: int) -> int:
        return found.totals[index].amount.cents

    names = {f"items/{i}" for i in range(len(found.items))}
    off = -sum(abs(cents(i)) for i in sums["discount"])
    tax = sum(cents(i) for i in sums["tax"] + sums["tip"])
    if several and sums["subtotal"] and cents(sums["subtotal"][0]) == bought:
        proved |= names | {f"totals/{sums['subtotal'][0]}"}
    before = cents(sums["subtotal"][0]) if sums["subtotal"] else bought
    for i in sums["total"]:
        # Tax is added to the prices in some countries, and within them in others.
        if cents(i) in (before + off, before + off + tax) and (several or sums["subtotal"]):
            added = cents(i) == before + off + tax and tax
            parts = [*sums["discount"], *(sums["tax"] + sums["tip"] if added else [])]
            proved |= {f"totals/{k}" for k in (i, *parts)}
            proved |= {f"totals/{sums['subtotal'][0]}"} if sums["subtotal"] else names
    total = next((i for i in sums["total"] if f"totals/{i}" in proved), None)
    if total is not None:
        proved |= _by_total(found, total, sums)
    for i, item in enumerate(found.items):
        if f"items/{i}" in proved and _multiplies(item):
            proved.add(f"items/{i}/price")
    return proved


def _by_total(found: Found, total: int, sums: dict[str, list[int]]) -> set[str]:
    """What a proved total proves: how it was paid, and a tax within it at the printed rate."""
    amount = found.totals[total].amount.cents
    proved: set[str] = set()
    for i in sums["paid"]:
        back = [
            k
            for k in sums["change"]
            if found.totals[i].amount.cents - abs(found.totals[k].amount.cents) == amount
        ]
        if back or found.totals[i].amount.cents == amount:
            proved |= {f"totals/{k}" for k in (i, *back)}
    for i in sums["tax"]:
        rate = rate_in(found.totals[i].label)
        within = amount * rate / (100 + rate) if rate else None
        if within is not None and abs(found.totals[i].amount.cents - within) <= ROUNDING:
            proved.add(f"totals/{i}")
    return proved


def _multiplies(item: Bought) -> bool:
    """Whether quantity times price is the amount, to the hundredth (or its rounding)."""
    match = re.match(r"\d+(?:[.,]\d+)?", item.quantity or "")
    if not match or not item.price:
        return False
    product = float(match[0].replace(",", ".")) * cents_of(item.price)
    whole = match[0].isdigit()
    return abs(product - item.amount.cents) <= (0 if whole else ROUNDING)
