"""Receipts: rows with an amount at their right, and the sums that prove its digits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from visiontools.answers.chart_seen import (
    SeenChart,
    SeenItem,
    SeenReceipt,
    SeenTotal,
    TotalKind,
)
from visiontools.errors import CannotTellError
from visiontools.reader.chart.looks import look_twice, same
from visiontools.reader.chart.receipt_sums import prove
from visiontools.reader.chart.receipt_words import (
    COUNTED,
    CURRENCY,
    DATE,
    EACH,
    MONEY,
    Money,
    amount_at_end,
    kind_of,
)
from visiontools.reader.chart.rows import Row, joined
from visiontools.reader.label_pieces import Placed
from visiontools.reader.ocr import Pixels, Quad
from visiontools.tooling import Reading

FEWEST = 2
"""Lines with an amount besides the total: a picture with fewer is no receipt."""
BETTER = "Flatten it, take it straight on in good light, with every line in the picture."


_AFTER = re.compile(rf"{CURRENCY}|[A-F*]")
_BEFORE = re.compile(rf"(?:(?<=\s)|^)[-−–]?\s?{CURRENCY}?$|[-−–]$")


@dataclass(slots=True, eq=False)
class Bought:
    """An item: ``quad`` is where its amount stands, ``counted`` where quantity and price do."""

    text: str
    amount: Money
    quad: Quad
    quantity: str | None = None
    price: str | None = None
    counted: Quad | None = None


@dataclass(slots=True, eq=False)
class Below:
    """A line of the sums."""

    label: str
    kind: TotalKind
    amount: Money
    quad: Quad


@dataclass(slots=True, eq=False)
class Found:
    items: list[Bought] = field(default_factory=list)
    totals: list[Below] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """A row taken apart: the words, and the amount at its end with the piece it is in."""

    row: Row
    words: str
    amount: Money | None
    quad: Quad | None
    left: tuple[Placed, ...] = ()


def is_receipt(rows: Sequence[Row]) -> bool:
    """Whether there is a total with lines above it, and a date, a currency or another sum."""
    told = [_told(row) for row in rows]
    priced = [one for one in told if one.amount]
    kinds = [kind_of(one.words) for one in priced]
    if "total" not in kinds or kinds.index("total") < 1 or len(priced) <= FEWEST:
        return False
    dated = any(DATE.search(piece.text) for row in rows for piece in row.pieces)
    signed = any(one.amount.sign for one in priced if one.amount)
    return dated or signed or len({*kinds} - {None, "total", "discount"}) > 0


def read_receipt(rgb: Pixels, rows: Sequence[Row]) -> Reading:
    """The receipt in ``rows``; what no sum and no further look confirms is named as read once."""
    told = _read_whole(rgb, [_told(row) for row in rows])
    found = _taken_apart(told)
    if not found.items:
        raise CannotTellError("No line of the receipt has a legible amount.", next=BETTER)
    once = _unproved(rgb, found)
    head = [one for one in told if one.amount is None]
    merchant = next((one.words for one in head if re.search(r"[^\W\d_]{2}", one.words)), None)
    date, sure = _date(rgb, rows)
    if date and not sure:
        once.add("/receipt/date")
    receipt = SeenReceipt(
        merchant=merchant, date=date, currency=_currency(found, told),
        items=[
            SeenItem(text=item.text or None, quantity=item.quantity, unit_price=item.price,
                     amount=item.amount.text)
            for item in found.items
        ],
        totals=[
            SeenTotal(label=below.label, kind=below.kind, amount=below.amount.text)
            for below in found.totals
        ],
    )  # fmt: skip
    seen = SeenChart(picture_shows="a receipt", kind="receipt", receipt=receipt)
    return Reading(seen.model_dump(mode="json"), frozenset(once), tuple(found.notes))


def _told(row: Row) -> _Told:
    """The amount may be found in up to three pieces: a sign, the figures, a sign or a letter."""
    pieces = list(row.pieces)
    last = pieces.pop()
    after = ""
    if pieces and _AFTER.fullmatch(last.text.strip()) and amount_at_end(pieces[-1].text):
        after, last = f" {last.text.strip()}", pieces.pop()
    amount = amount_at_end(last.text + after) or amount_at_end(last.text)
    if amount is None or COUNTED.search(last.text):
        return _Told(row, row.text, None, None)
    words = " ".join((joined(pieces), last.text[: amount.start].strip())).strip()
    quad = last.quad(amount.start, min(amount.end, len(last.text)))
    before = _BEFORE.search(words)
    if before and before[0]:
        if pieces and _BEFORE.fullmatch(pieces[-1].text.strip()):
            pieces.pop()
        words = words[: before.start()].strip()
        amount = amount_at_end(f"{before[0]} {last.text[amount.start :]}{after}") or amount
    return _Told(row, words, amount, _leftwards(quad), tuple(pieces))


def _leftwards(quad: Quad) -> Quad:
    """With room on the left for a minus or a sign the first reading may have lost."""
    along = (quad[1] - quad[0]) / max(float(np.linalg.norm(quad[1] - quad[0])), 1.0)
    room = along * 0.8 * float(np.linalg.norm(quad[3] - quad[0]))
    return np.array([quad[0] - room, quad[1], quad[2], quad[3] - room])


def _read_whole(rgb: Pixels, told: Sequence[_Told]) -> list[_Told]:
    """Words found in several pieces, or with a price but no quantity, read anew in one piece.

    Between two pieces a lone sign or figure is easily lost: "2 x 1.50" as "2" and "1.50".
    """
    margin = min(one.row.x0 for one in told)
    open_ = [one for one in told if one.amount and one.left and not COUNTED.search(one.words)
             and (len(one.left) > 1 or MONEY.search(one.words))]  # fmt: skip
    quads = [_from_margin(one.left, margin) for one in open_]
    looks = iter(look_twice(rgb, quads))
    whole: list[_Told] = []
    for one in told:
        if one not in open_:
            whole.append(one)
            continue
        first, second = next(looks)
        words = next((look for look in (first, second) if COUNTED.search(look)), None)
        if words is None and same(first, second):
            words = first
        whole.append(replace(one, words=words or one.words))
    return whole


def _from_margin(pieces: Sequence[Placed], margin: float) -> Quad:
    """The corners of a row's words, from the page's left margin on."""
    first, last = pieces[0].line.quad, pieces[-1].line.quad
    along = (first[1] - first[0]) / max(float(np.linalg.norm(first[1] - first[0])), 1.0)
    back = along * max(0.0, pieces[0].place.x0 - margin)
    return np.array([first[0] - back, last[1], last[2], first[3] - back])


def _taken_apart(told: Sequence[_Told]) -> Found:
    """Items above the first subtotal or total, sums from there on."""
    found = Found()
    name: _Told | None = None
    summing = False
    for one in told:
        if one.amount is None or one.quad is None:
            counted = COUNTED.search(one.words)
            if counted and not summing and found.items and name is None:
                _count(found.items[-1], counted, one)
            elif not summing:
                name = one
            continue
        kind = kind_of(one.words)
        summing = summing or kind in ("subtotal", "total")
        if summing:
            found.totals.append(Below(one.words, kind or "other", one.amount, one.quad))
            continue
        item = Bought(_words(one.words), one.amount, one.quad)
        counted = COUNTED.search(item.text) or EACH.search(item.text)
        if counted:
            item.text = item.text[: counted.start()].strip()
            _count(item, counted, one)
        elif MONEY.search(item.text):
            # A price without its quantity: what is left of it is the name.
            item.text = re.sub(r"[\s\d.,x×*]+$", "", item.text)
        if not item.text and name is not None and _just_above(name, one):
            item.text = name.words
        name = None
        if re.search(r"[^\W\d_]", item.text):
            found.items.append(item)
        else:
            found.notes.append(f"the line with {one.amount.text} has no legible words")
    return found


def _words(text: str) -> str:
    """What was bought: a nought that begins a word is an O."""
    return re.sub(r"(?<![\d.,])0(?=[^\W\d_]{2})", "O", text)


def _just_above(name: _Told, one: _Told) -> bool:
    return one.row.y - name.row.y < 2.2 * max(name.row.height, one.row.height)


def _count(item: Bought, counted: re.Match[str], one: _Told) -> None:
    """Quantity and price, to the item; where a column of its own holds the quantity, from there."""
    item.price = counted["price"]
    if "quantity" in counted.groupdict():
        item.quantity = " ".join(counted["quantity"].split())
    elif first := re.match(r"(\d+(?:[.,]\d{1,3})?(?:\s?kg)?)\s+", item.text):
        item.quantity, item.text = first[1], item.text[first.end() :]
    pieces = [piece for piece in one.row.pieces if counted["price"] in piece.text]
    if pieces:
        at = pieces[0].text.rfind(counted["price"])
        begin = pieces[0].text.find(counted[0].strip()[:2])
        item.counted = pieces[0].quad(max(0, min(begin, at)), at + len(counted["price"]))


def _unproved(rgb: Pixels, found: Found) -> set[str]:
    """Pointers of the values that neither a sum nor both further looks confirm."""
    proved = prove(found)
    open_: list[tuple[str, Quad, str]] = []
    for i, item in enumerate(found.items):
        if f"items/{i}" not in proved:
            open_.append((f"/receipt/items/{i}/amount", item.quad, item.amount.text))
        if item.price and f"items/{i}/price" not in proved:
            said = f"{item.quantity or ''}x{item.price}"
            quad = item.counted if item.counted is not None else item.quad
            open_.append((f"/receipt/items/{i}", quad, said))
    for i, below in enumerate(found.totals):
        if f"totals/{i}" not in proved:
            open_.append((f"/receipt/totals/{i}/amount", below.quad, below.amount.text))
    looks = look_twice(rgb, [quad for _, quad, _ in open_])
    once: set[str] = set()
    for (pointer, _, said), two in zip(open_, looks, strict=True):
        if all(_repeats(said, look) for look in two):
            continue
        fields = [pointer] if pointer.endswith("amount") else [f"{pointer}/quantity",
                                                               f"{pointer}/unit_price"]  # fmt: skip
        once.update(fields)
    return once


def _repeats(said: str, look: str) -> bool:
    """Whether a look says the same amount, or quantity and price."""
    counted = COUNTED.search(look)
    if "x" in said:
        return counted is not None and same(said, f"{counted['quantity']}x{counted['price']}")
    amount = amount_at_end(look)
    first = amount_at_end(said)
    return amount is not None and first is not None and amount.cents == first.cents


def _date(rgb: Pixels, rows: Sequence[Row]) -> tuple[str | None, bool]:
    """The first date, and whether two further looks say the same."""
    for row in rows:
        for piece in row.pieces:
            match = DATE.search(piece.text)
            if match:
                looks = look_twice(rgb, [piece.line.quad])[0]
                again = [DATE.search(look) for look in looks]
                return match[1], all(one is not None and one[1] == match[1] for one in again)
    return None, False


def _currency(found: Found, told: Sequence[_Told]) -> str | None:
    """The sign most amounts have, else the one in the total's label."""
    signs = Counter(one.amount.sign for one in told if one.amount and one.amount.sign)
    if signs:
        return signs.most_common(1)[0][0]
    for below in found.totals:
        match = re.search(r"(?:\b(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|kr)\b|[€$£])", below.label)
        if match:
            return match[0]
    return None
