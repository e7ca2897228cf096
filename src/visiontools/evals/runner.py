"""Runs cases through the one pipeline and judges their records; stops where the money ends."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path

from visiontools.evals.cases import Case
from visiontools.evals.pictures import keep_small
from visiontools.evals.results import Journal, Result
from visiontools.evals.scorers import Fired, Score, fired, score
from visiontools.evals.spending import Budget
from visiontools.observers import READER
from visiontools.pipeline import Pipeline
from visiontools.running import Run
from visiontools.settings import Settings
from visiontools.store.whereabouts import Whereabouts
from visiontools.types import Finished, Record, Step

RECORDS = "records"
PICTURES = "pictures"
_READING = ("reader", "pictures", "answers", "tools")
"""The rooms that a reading goes through."""


@dataclass(frozen=True, slots=True)
class Progress:
    """After each case: how many are done of how many, and what came of the last."""

    done: int
    total: int
    last: Result


@dataclass(frozen=True)
class Plan:
    """How to measure. ``begin`` is told each case as it begins; ``jobs`` run at a time."""

    settings: Settings
    out: Path
    endpoints: Sequence[str]
    budget: Budget = field(default_factory=Budget)
    jobs: int = 1
    again: bool = False
    begin: Callable[[Case], None] = lambda case: None
    tell: Callable[[Progress], None] = lambda progress: None


@dataclass(frozen=True, slots=True)
class Measured:
    """The results in the order of the cases, and how many were left out as the money ended."""

    results: tuple[Result, ...]
    left: int = 0


def apart(settings: Settings, folder: Path) -> Settings:
    """The same settings with records of their own: an evaluation is not in anybody's list."""

    class Apart(Settings):
        @property
        def kept(self) -> Whereabouts:
            return Whereabouts(folder)

    return Apart.model_construct(set(settings.model_fields_set), **dict(settings))


async def measure(data: str, cases: Iterable[Case], plan: Plan) -> Measured:
    """Every case by every endpoint; what the journal has is taken from it.

    Raises UsageError where no run can begin: an unknown tool, option or endpoint.
    """
    settings = apart(plan.settings, plan.out / RECORDS)
    listed = [(case, name) for name in plan.endpoints for case in cases_of(cases)]
    async with Pipeline.open(settings) as pipeline:
        measuring = _Measuring(data, plan, pipeline, len(listed))
        return await measuring.all_of(listed)


def cases_of(cases: Iterable[Case]) -> Sequence[Case]:
    """As a list that can be walked twice."""
    return cases if isinstance(cases, Sequence) else list(cases)


@lru_cache(maxsize=1)
def _code() -> str:
    """A digest of the code that what the reader says depends on."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for room in _READING:
        for path in sorted(package.joinpath(room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


async def walked(run: Run) -> tuple[Finished, int]:
    """A run's end, and how many corrections were asked for on the way."""
    repairs = 0
    finished: Finished | None = None
    async for event in run:
        repairs += isinstance(event, Step) and event.name == "repair"
        if isinstance(event, Finished):
            finished = event
    assert finished is not None
    return finished, repairs


class _Measuring:
    """One set with its journal."""

    def __init__(self, data: str, plan: Plan, pipeline: Pipeline, total: int) -> None:
        self._data = data
        self._plan = plan
        self._pipeline = pipeline
        self._total = total
        self._done = 0
        self._left = 0
        self._turn = asyncio.Semaphore(plan.jobs)

    @cached_property
    def _journal(self) -> Journal:
        return Journal(self._plan.out, fresh=self._plan.again)

    async def all_of(self, listed: Sequence[tuple[Case, str]]) -> Measured:
        tasks = [asyncio.create_task(self._turned(case, name)) for case, name in listed]
        try:
            found = await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise
        return Measured(tuple(result for result in found if result), self._left)

    async def _turned(self, case: Case, endpoint: str) -> Result | None:
        async with self._turn:
            key = self._key(case, endpoint)
            result = self._journal.get(key)
            if result is None:
                if not self._plan.budget.allows_one_more():
                    self._left += 1
                    return None
                result = await self._one(case, endpoint, key)
                self._journal.add(result)
            else:  # the same case may have another name now
                result = replace(result, case=case.id, data=self._data, condition=case.condition)
            self._done += 1
            self._plan.tell(Progress(self._done, self._total, result))
            return result

    async def _one(self, case: Case, endpoint: str, key: str) -> Result:
        self._plan.begin(case)
        # What the reader reads costs nothing but time, and changes with its code.
        again = self._plan.again or endpoint == READER
        with self._plan.budget.one(endpoint) as account:
            run = self._pipeline.run(case.request(endpoint, again=again))
            finished, repairs = await walked(run)
            record = finished.record
            cost, currency = account.settle(record)
        judged = score(case.tool, case.truth, record)
        checks = await self._fired(case, record, judged)
        picture = ""
        if judged.verdict not in ("right", "rightly_declined"):
            picture = keep_small(case.uploads, self._plan.out / PICTURES, case.digest)
        if finished.reused:  # its events are over: more than one request was a correction
            repairs = max(0, record.attempts - 1)
        return Result(
            key=key,
            case=case.id,
            data=self._data,
            tool=case.tool,
            endpoint=endpoint,
            model=self._model(record, endpoint),
            condition=case.condition,
            expected=case.truth.expected,
            outcome=record.outcome.value,
            verdict=judged.verdict,
            right=judged.right,
            wrong=judged.wrong,
            missing=judged.missing,
            why=judged.why,
            repairs=repairs,
            attempts=record.attempts,
            input_tokens=record.usage.input_tokens,
            output_tokens=record.usage.output_tokens,
            seconds=round(sum(record.timings_ms.values()) / 1000, 3),
            cost=cost,
            currency=currency,
            checks_rightly=checks.rightly,
            checks_falsely=checks.falsely,
            caught=checks.caught,
            record=record.id,
            picture=picture,
        )

    async def _fired(self, case: Case, record: Record, judged: Score) -> Fired:
        """The failed checks, held against those that fail on the truth itself."""
        on_truth: list[str] = []
        failed = any(not check.ok for check in record.checks)
        if failed and case.truth.observation is not None:
            request = replace(case.request(READER), observation=case.truth.observation, ask=None)
            told = await self._pipeline.run(request).record()
            on_truth = [check.name for check in told.checks if not check.ok]
        return fired(record, judged, on_truth)

    def _model(self, record: Record, endpoint: str) -> str:
        if record.observer is not None and record.observer.endpoint != READER:
            return record.observer.model
        known = self._pipeline.endpoints.get(endpoint)
        return known.model if known is not None else endpoint

    def _key(self, case: Case, endpoint: str) -> str:
        tool = self._pipeline.tools.find(case.tool)
        known = self._pipeline.endpoints.get(endpoint)
        by: Mapping[str, str] = {
            "tool": tool.version,
            "prompt": tool.prompt if hasattr(tool, "prompt") else "",
            "model": known.model if known else "",
            "url": known.url if known else "",
            "code": _code() if endpoint == READER else version("visiontools"),
        }
        told = "\n".join((case.digest, endpoint, *by.values()))
        return hashlib.sha256(told.encode()).hexdigest()[:32]
