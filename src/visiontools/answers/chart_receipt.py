"""A receipt's numbers, and whether they add up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from visiontools.answers.chart_answer import Item, Receipt, Total
from visiontools.answers.chart_numbers import Habit, figure
from visiontools.answers.chart_seen import SeenItem, SeenReceipt, SeenTotal
from visiontools.types import Check

_TAX_CLASS = re.compile(r"(?<=[\d-])\s+(?:[A-Z]{1,2}|\*)$")
"""The letter many tills print behind an amount for its rate of tax."""
_CENT = 0.0051
"""Half of the smallest coin, and what floating point adds."""


def receipt_texts(seen: SeenReceipt | None) -> list[str | None]:
    """All its printed numbers."""
    if seen is None:
        return []
    found: list[str | None] = []
    for item in seen.items:
        found += [item.quantity, item.unit_price, amount_text(item.amount)]
    return [*found, *(amount_text(total.amount) for total in seen.totals)]


def amount_text(printed: str | None) -> str | None:
    """A printed amount without its tax class."""
    return _TAX_CLASS.sub("", printed) if printed else None


def receipt_of(seen: SeenReceipt | None, habit: Habit, once: Mapping[str, str]) -> Receipt | None:
    """The receipt, or None where nothing of one was seen.

    ``once`` are pointers below the receipt of what was read only once, with what to say of it.
    """
    if seen is None:
        return None
    items = [
        _item(item, habit, under(once, f"/items/{n}"))
        for n, item in enumerate(seen.items)
        if item.text or item.amount
    ]
    totals = [
        _total(total, habit, under(once, f"/totals/{n}"))
        for n, total in enumerate(seen.totals)
        if total.label or total.amount
    ]
    if not items and not totals and not seen.merchant:
        return None
    amounts = [item.amount for item in items]
    known = [amount for amount in amounts if amount is not None]
    receipt = Receipt(
        merchant=seen.merchant,
        date=seen.date,
        currency=seen.currency,
        items=items,
        totals=totals,
        items_sum=round(sum(known), 6) if known and len(known) == len(amounts) else None,
        tax_included=None,
    )
    receipt.tax_included = _tax_included(receipt)
    for each in _confirmed(receipt):
        each.doubt = None if each.doubt in once.values() else each.doubt
    return receipt


def under(once: Mapping[str, str], at: str) -> str | None:
    """What there is to say of anything below a pointer that was read only once."""
    return next((why for pointer, why in once.items() if pointer.startswith(f"{at}/")), None)


def _item(seen: SeenItem, habit: Habit, once: str | None) -> Item:
    figures = {
        "quantity": figure(seen.quantity, habit),
        "unit_price": figure(seen.unit_price, habit),
        "amount": figure(amount_text(seen.amount), habit),
    }
    doubts = [found.doubt for found in figures.values() if found.doubt]
    return Item(
        text=seen.text,
        printed=seen.amount,
        doubt="; ".join(doubts) or once,
        **{name: found.value for name, found in figures.items()},
    )


def _total(seen: SeenTotal, habit: Habit, once: str | None) -> Total:
    found = figure(amount_text(seen.amount), habit)
    return Total(
        label=seen.label,
        kind=seen.kind,
        amount=found.value,
        printed=seen.amount,
        doubt=found.doubt or once,
    )


def receipt_checks(receipt: Receipt) -> Iterator[Check]:
    """Each promise a receipt makes, where it prints what the promise is about."""
    yield _amounts(receipt)
    yield from _multiplied(receipt)
    yield from _subtotal(receipt)
    yield from _total_adds_up(receipt)
    yield from _paid(receipt)


def _amounts(receipt: Receipt) -> Check:
    missing = [item.text or "an item" for item in receipt.items if item.amount is None]
    detail = f"no clear amount: {', '.join(missing)}" if missing else ""
    return Check(name="items_have_amounts", ok=not missing, detail=detail)


def _multiplied(receipt: Receipt) -> Iterator[Check]:
    wrong, any_ = [], False
    for item in receipt.items:
        if item.quantity is None or item.unit_price is None or item.amount is None:
            continue
        any_ = True
        product = item.quantity * item.unit_price
        weighed = 0 if item.quantity.is_integer() else 0.0005 * abs(item.unit_price)
        if abs(abs(product) - abs(item.amount)) > _CENT + weighed:
            wrong.append(
                f"{item.text or 'an item'}: {item.quantity:g} x {item.unit_price:g} is "
                f"{product:.2f}, not {item.amount:.2f}"
            )
    if any_:
        yield Check(name="quantity_times_price", ok=not wrong, detail="; ".join(wrong))


def _subtotal(receipt: Receipt) -> Iterator[Check]:
    printed = receipt.of("subtotal")
    if receipt.items_sum is None or not printed:
        return
    less = receipt.items_sum - _sum(receipt, "discount")
    wrong = [
        f"{total.label or 'subtotal'} is {total.amount:.2f}, the items add up to "
        f"{receipt.items_sum:.2f}"
        for total in printed
        if total.amount is not None
        and not (_same(total.amount, receipt.items_sum) or _same(total.amount, less))
    ]
    yield Check(name="items_add_up", ok=not wrong, detail="; ".join(wrong))


def _total_adds_up(receipt: Receipt) -> Iterator[Check]:
    totals = receipt.of("total")
    if not totals:
        detail = "no total is printed, or none could be read"
        yield Check(name="total_adds_up", ok=False, detail=detail)
        return
    if receipt.items_sum is None:
        return
    ways = _ways(receipt)
    for total in totals:
        amount = total.amount or 0.0
        way = next((way for way, sum_ in ways.items() if _same(amount, sum_)), None)
        if way is None:
            told = f"{total.label or 'total'} is {amount:.2f}"
            sums = "; ".join(f"{way}: {sum_:.2f}" for way, sum_ in ways.items())
            yield Check(name="total_adds_up", ok=False, detail=f"{told}, but {sums}")
            return
    yield Check(name="total_adds_up", ok=True, detail=f"{way} is the total")


def _paid(receipt: Receipt) -> Iterator[Check]:
    paid, totals = receipt.of("paid"), receipt.of("total")
    if not paid or not totals:
        return
    rest = _sum(receipt, "paid") - _sum(receipt, "change")
    due = totals[-1].amount or 0.0
    tip = _sum(receipt, "tip")
    ok = _same(rest, due) or _same(rest, due + tip)
    detail = "" if ok else f"paid less change is {rest:.2f}, the total {due:.2f}"
    yield Check(name="paid_less_change", ok=ok, detail=detail)


def _ways(receipt: Receipt) -> dict[str, float]:
    """What the total may be, in words: tills add tax, or have it in their prices."""
    items = receipt.items_sum or 0.0
    discount, tax = _sum(receipt, "discount"), _sum(receipt, "tax")
    tip, other = _sum(receipt, "tip"), sum(t.amount or 0.0 for t in receipt.of("other"))
    ways: dict[str, float] = {}
    for less, words in ((discount, " less discount"), (0.0, "")):
        if words and not discount:
            continue
        ways[f"items{words}"] = items - less
        if tax:
            ways[f"items{words} plus tax"] = items - less + tax
    if tip:
        ways.update({f"{words} plus tip": sum_ + tip for words, sum_ in list(ways.items())})
    if other:
        ways.update({f"{words} plus the rest": sum_ + other for words, sum_ in list(ways.items())})
    return ways


def _tax_included(receipt: Receipt) -> bool | None:
    """Whether the prices have the tax in them, where the total tells."""
    totals = receipt.of("total")
    if receipt.items_sum is None or not totals or not _sum(receipt, "tax"):
        return None
    amount = totals[-1].amount or 0.0
    fits = {"plus tax" in way for way, sum_ in _ways(receipt).items() if _same(amount, sum_)}
    return not fits.pop() if len(fits) == 1 else None


def _confirmed(receipt: Receipt) -> list[Item | Total]:
    """What the sums prove, where all of them hold: a tax within the prices is in none of them."""
    checks = {check.name: check.ok for check in receipt_checks(receipt)}
    if not all(checks.values()) or receipt.items_sum is None:
        return []
    kinds = {"total", "subtotal"}
    kinds |= {"paid", "change"} if "paid_less_change" in checks else set()
    kinds |= {"tax"} if receipt.tax_included is False else set()
    return [*receipt.items, *(total for total in receipt.totals if total.kind in kinds)]


def _sum(receipt: Receipt, kind: str) -> float:
    """Amounts of one kind, signs left aside: a discount is printed with a minus or without."""
    return sum(abs(t.amount) for t in receipt.totals if t.kind == kind and t.amount is not None)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _CENT
