"""What comes of replies as Llama 3.2 11B was seen to write them, over a real server and pipeline.

The server says what a habit makes of an observation; the pipeline has to come out with exactly that
observation, or with the outcome the habit ends in. Nothing here is about a model's eyes.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from visiontools.evals.planted_habits import AS_IT_STANDS, HABITS, OTHERWISE, Habit
from visiontools.evals.planted_seen import Planted, planted
from visiontools.evals.runner import apart, walked
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.pointers import leaves
from visiontools.registry import AnyTool
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer, Received, Rules
from visiontools.testing.script import Say
from visiontools.types import Outcome, Record, Request

AS_SEEN = 0.54
"""The share of replies that were JSON as they stood."""
SEEN = "as often as seen"
"""The name that replies of all habits go by, drawn as often as they were seen."""
_TIMES = 10
_ENDPOINT = "scripted"
_PROPOSE = "Propose "
_NO_DISHES = Say('{"dishes": []}')
_NOT_OF_CALLS = ("a draft, then corrected", "two answers in a list", "null for a list, then mended")
"""To Invite two calls are two events, and null is what nobody said."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One planted reply and what came of it.

    ``exact``: the record's observation is the planted one. ``invented``: values in it that are not
    in the planted one. ``plain``: a plain JSON parser would have taken the first reply.
    """

    tool: str
    habit: str
    recoverable: bool
    planned: str
    outcome: str
    exact: bool
    invented: int
    repairs: int
    plain: bool

    @property
    def as_planned(self) -> bool:
        """The observation where there was one to get, else the outcome, and nothing invented."""
        if self.recoverable:
            return self.exact
        return self.outcome == self.planned and not self.invented


async def run_planted(
    settings: Settings, folder: Path, tools: Sequence[str], count: int, seed: int
) -> list[Reply]:
    """Every habit on every planted observation of the tools, then as often as it was seen."""
    with ModelServer(Rules(most_pictures=1)) as server:
        box = Endpoint(url=server.url, model=_ENDPOINT, name=_ENDPOINT, deadline_s=30)
        mine = settings.model_copy(
            update={"endpoints": {_ENDPOINT: box}, "guard": None, "local_only": False}
        )
        async with Pipeline.open(apart(mine, folder)) as pipeline:
            running = _Running(server, pipeline)
            seen = [p for p in planted(pipeline.tools, count, seed) if p.tool in tools]
            replies = [r for each, habit in _every(seen) if (r := await running.one(each, habit))]
            return replies + await _as_often_as_seen(running, seen, seed)


def _every(seen: Sequence[Planted]) -> Iterator[tuple[Planted, Habit]]:
    return ((each, habit) for each in seen for habit in HABITS)


async def _as_often_as_seen(running: _Running, seen: Sequence[Planted], seed: int) -> list[Reply]:
    """Each observation ten times, with habits as often as they were seen."""
    draw = random.Random(f"as-seen-{seed}")
    replies = []
    for each in [*seen] * _TIMES:
        habits = AS_IT_STANDS if draw.random() < AS_SEEN else OTHERWISE
        reply = None
        while reply is None:  # not every habit can be had with every observation
            reply = await running.one(each, draw.choice(habits))
        replies.append(replace(reply, habit=SEEN))
    return replies


class _Running:
    """One server and one pipeline; one question at a time."""

    def __init__(self, server: ModelServer, pipeline: Pipeline) -> None:
        self._server = server
        self._pipeline = pipeline
        self._says: list[Say] = []
        server.then(self._next)

    async def one(self, each: Planted, habit: Habit) -> Reply | None:
        """What came of it; None where the habit cannot be had with this observation."""
        tool = self._pipeline.tools.find(each.tool)
        schema = tool.observation.model_json_schema()
        draw = random.Random(f"{each.tool}-{habit.name}-{json.dumps(each.observation)[:200]}")
        says = habit.says(each.observation, schema, draw)
        if says is None or not _can_be(habit, tool):
            return None
        self._says = list(says)
        self._server.requests.clear()
        request = Request(
            each.tool, (each.upload,), options=each.options, endpoint=_ENDPOINT, again=True
        )
        finished, repairs = await walked(self._pipeline.run(request))
        return _judged(tool, each, habit, finished.record, repairs, says[0])

    def _next(self, received: Received) -> Say:
        if received.text.startswith(_PROPOSE):
            return _NO_DISHES
        return self._says.pop(0) if len(self._says) > 1 else self._says[0]


def _can_be(habit: Habit, tool: AnyTool) -> bool:
    """Only what was shown a picture can miss it, and where calls are read they mean otherwise."""
    if "text" in tool.takes and habit.ends is Outcome.UNAVAILABLE:
        return False
    return tool.name != "invite" or habit.name not in _NOT_OF_CALLS


def _judged(
    tool: AnyTool, each: Planted, habit: Habit, record: Record, repairs: int, first: Say
) -> Reply:
    wanted = _whole(tool, each.observation)
    seen = {k: v for k, v in (record.observation or {}).items() if k != "proposal"}
    return Reply(
        tool=each.tool,
        habit=habit.name,
        recoverable=habit.recoverable,
        planned="observation" if habit.ends is None else habit.ends.value,
        outcome=record.outcome.value,
        exact=seen == wanted,
        invented=_invented(seen, wanted),
        repairs=repairs,
        plain=_plain(first, tool, wanted),
    )


def _whole(tool: AnyTool, observation: Any) -> dict[str, Any]:
    seen: dict[str, Any] = tool.observation.model_validate(observation).model_dump(
        mode="json", by_alias=True
    )
    return seen


def _invented(seen: Any, wanted: Any) -> int:
    """Values that the planted observation does not have, or not as often."""
    if not seen:
        return 0
    told, known = (
        Counter(repr(value) for _, value in leaves(each) if value not in (None, [], {}))
        for each in (seen, wanted)
    )
    return sum((told - known).values())


def _plain(say: Say, tool: AnyTool, wanted: dict[str, Any]) -> bool:
    """Whether json.loads and the schema would do."""
    try:
        return _whole(tool, json.loads(say.text)) == wanted
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of some replies."""

    replies: int
    plain: int
    recoverable: int
    exact: int
    repaired: int
    unrecoverable: int
    as_planned: int
    invented: int

    @classmethod
    def of(cls, replies: Sequence[Reply]) -> Counts:
        """Counted."""
        recoverable = [each for each in replies if each.recoverable]
        others = [each for each in replies if not each.recoverable]
        return cls(
            replies=len(replies),
            plain=sum(each.plain for each in replies),
            recoverable=len(recoverable),
            exact=sum(each.exact for each in recoverable),
            repaired=sum(each.exact and each.repairs > 0 for each in recoverable),
            unrecoverable=len(others),
            as_planned=sum(each.as_planned for each in others),
            invented=sum(each.invented > 0 for each in replies),
        )

    @property
    def holds(self) -> bool:
        """The bar: 98 % of the recoverable exactly, nothing invented, all others as planned."""
        enough = self.exact >= 0.98 * self.recoverable
        return enough and self.as_planned == self.unrecoverable and not self.invented
