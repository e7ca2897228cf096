"""Doing at once what waits at the same moment, which is what keeps many concurrent runs cheap."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class Together(Generic[In, Out]):
    """``await together(item)``: what ``work`` makes of it, done for all that wait by then.

    ``work`` takes the items and gives as many results, or exceptions for those that failed. There
    is never more than one work going on; what comes meanwhile is done next, together.
    """

    def __init__(self, work: Callable[[list[In]], asyncio.Future[list[Out | Exception]]]) -> None:
        self._work = work
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._busy = False

    async def __call__(self, item: In) -> Out:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Out] = loop.create_future()
        self._waiting.append((item, done))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._begin)
        return await done

    def _begin(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            working = self._work([item for item, _ in batch])
        except Exception as error:  # there is no thread any more to do it in
            self._tell(batch, [error] * len(batch))
            return

        def tell(worked: asyncio.Future[list[Out | Exception]]) -> None:
            error = asyncio.CancelledError() if worked.cancelled() else worked.exception()
            self._tell(batch, [error] * len(batch) if error else worked.result())

        working.add_done_callback(tell)

    def _tell(
        self,
        batch: list[tuple[In, asyncio.Future[Out]]],
        results: Sequence[Out | BaseException],
    ) -> None:
        for (_, done), result in zip(batch, results, strict=True):
            if done.done():
                continue
            if isinstance(result, asyncio.CancelledError):
                done.cancel()
            elif isinstance(result, BaseException):
                done.set_exception(result)
            else:
                done.set_result(result)
        if self._waiting:
            self._begin()
        else:
            self._busy = False
