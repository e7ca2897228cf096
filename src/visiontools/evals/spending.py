"""What a measurement costs, and when it has to stop.

Prices are said by the person who measures: no list of prices is shipped, since it would be wrong
soon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from visiontools.errors import UsageError
from visiontools.types import Record

_PRICE = re.compile(
    r"(?P<name>[^=]+)=(?P<into>\d+(?:\.\d+)?)/(?P<out>\d+(?:\.\d+)?)(?:\s*(?P<currency>[A-Z]{3}))?"
)
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Money for a million tokens read, and for a million written."""

    into: float
    out: float
    currency: str = ""

    def of(self, record: Record) -> float:
        """What the tokens of one record cost."""
        usage = record.usage
        return (usage.input_tokens * self.into + usage.output_tokens * self.out) / _MILLION


def prices_of(given: tuple[str, ...]) -> dict[str, Price]:
    """``box=0.35/0.40`` or ``box=0.35/0.40 EUR``, by endpoint. Raises UsageError."""
    prices = {}
    for text in given:
        match = _PRICE.fullmatch(text.strip())
        if match is None:
            raise UsageError(
                f"The price '{text}' cannot be read.",
                next="Write what a million tokens in and out cost: --price box=0.35/0.40",
            )
        price = Price(float(match["into"]), float(match["out"]), match["currency"] or "")
        prices[match["name"]] = price
    return prices


@dataclass
class Account:
    """One run's money."""

    price: Price | None
    amount: float = 0.0

    def settle(self, record: Record) -> tuple[float | None, str]:
        """What it cost and in what currency; None where nobody said a price."""
        if record.cost is not None:
            self.amount = record.cost.amount
            return record.cost.amount, record.cost.currency
        if self.price is None:
            return None, ""
        self.amount = self.price.of(record)
        return round(self.amount, 6), self.price.currency


@dataclass
class Budget:
    """How much may be spent. Runs under way are counted as the dearest so far.

    So the limit is passed only where the first runs at once are dearer than all of it.
    """

    limit: float | None = None
    prices: Mapping[str, Price] = field(default_factory=dict)
    spent: float = 0.0
    _dearest: float = 0.0
    _under_way: int = 0

    def allows_one_more(self) -> bool:
        """Whether another run can begin."""
        if self.limit is None:
            return True
        return self.spent + (self._under_way + 1) * self._dearest <= self.limit and (
            self.spent < self.limit
        )

    @contextmanager
    def one(self, endpoint: str) -> Iterator[Account]:
        """The account of one run; what it settles is spent."""
        account = Account(self.prices.get(endpoint))
        self._under_way += 1
        try:
            yield account
        finally:
            self._under_way -= 1
            self.spent += account.amount
            self._dearest = max(self._dearest, account.amount)

    def check(self, endpoints: tuple[str, ...], free: tuple[str, ...]) -> None:
        """Raise UsageError where a limit could not be kept: an endpoint without a price."""
        if self.limit is None:
            return
        open_ = [name for name in endpoints if name not in free and name not in self.prices]
        if open_:
            raise UsageError(
                f"The budget cannot be kept: what {', '.join(open_)} costs is not known.",
                next=f"Say what a million tokens in and out cost: --price {open_[0]}=0.35/0.40",
            )
