"""How much one person may ask for, counted in the database: the same for all its processes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from sqlalchemy import Connection, case

from visiontools.store.database import Database
from visiontools.store.schema import budgets

MINUTE_S = 60
DAY_S = 24 * 3600


class Budgets:
    """So many runs a minute and a day (in UTC) for each owner; None is as many as they like.

    A minute's runs may come at once; the next minute begins anew.
    """

    def __init__(
        self,
        database: Database,
        per_minute: int | None = None,
        per_day: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        spans = ((MINUTE_S, per_minute), (DAY_S, per_day))
        self._spans = [(span_s, most) for span_s, most in spans if most is not None]
        self._clock = clock

    async def spend(self, owner: str) -> int | None:
        """Count one run. None where the owner may; else after how many seconds they may again."""
        if not self._spans:
            return None
        now = self._clock()
        try:
            await self._database.write(self._spend, owner, now)
        except _SpentError as spent:
            return max(1, math.ceil(spent.until - now))
        return None

    def _spend(self, connection: Connection, owner: str, now: float) -> None:
        """Count in every span, or in none: the error takes the whole transaction back."""
        for span_s, most in self._spans:
            number = int(now // span_s)
            if not self._counted(connection, owner, span_s, number, most):
                raise _SpentError((number + 1) * span_s)

    def _counted(
        self, connection: Connection, owner: str, span_s: int, number: int, most: int
    ) -> bool:
        """Count one in the span of that number; what earlier spans counted is forgotten."""
        new = self._database.insert(budgets).values(
            owner=owner, span_s=span_s, number=number, count=1
        )
        later = new.excluded.number > budgets.c.number
        statement = new.on_conflict_do_update(
            index_elements=[budgets.c.owner, budgets.c.span_s],
            set_={
                "number": case((later, new.excluded.number), else_=budgets.c.number),
                "count": case((later, 1), else_=budgets.c.count + 1),
            },
            where=later | (budgets.c.count < most),
        )
        return connection.execute(statement.returning(budgets.c.count)).first() is not None


class _SpentError(Exception):
    """There is nothing left until then (seconds since 1970)."""

    def __init__(self, until: float) -> None:
        super().__init__(until)
        self.until = until
