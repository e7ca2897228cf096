"""A scripted model that knows the truth and says it as Llama 3.2 11B was seen to write.

It shows what the way from words to a record makes of a model that sees everything rightly and
writes badly. What such a run says of a tool is how much the writing costs; of a model's eyes it
says nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from visiontools.evals.cases import Case
from visiontools.evals.needles import finds_all
from visiontools.evals.planted import AS_SEEN
from visiontools.evals.planted_habits import AS_IT_STANDS, OTHERWISE, Habit
from visiontools.models.endpoint import Endpoint
from visiontools.registry import Tools
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer, Received
from visiontools.testing.script import Say
from visiontools.types import Outcome

NAME = "scripted"
_NOTHING: Mapping[str, Mapping[str, Any]] = {"invite": {"name": "no_event"}}
_OTHER = {"picture": "other", "picture_shows": "something else"}
_DRAWN = 8


class ToldModel:
    """Told each case before it is asked about it; one question at a time."""

    def __init__(self, server: ModelServer, tools: Tools) -> None:
        self._tools = tools
        self._says: list[Say] = []
        self._thread = False
        self.endpoint = Endpoint(url=server.url, model=NAME, name=NAME, context=8192, deadline_s=30)
        server.then(self._next)

    def begin(self, case: Case) -> None:
        """What the next question is about."""
        self._thread = case.tool == "messages"
        draw = random.Random(f"told-{case.digest}")
        seen = case.truth.observation
        if case.truth.expected == "none" or seen is None:
            seen = _NOTHING.get(case.tool, _OTHER)
        schema = self._tools.find(case.tool).observation.model_json_schema()
        self._says = _garbled(case.tool, seen, schema, draw)

    def _next(self, received: Received) -> Say | Any:
        if self._thread:
            return finds_all(received)
        return self._says.pop(0) if len(self._says) > 1 else self._says[0]


def _garbled(
    tool: str, seen: Mapping[str, Any], schema: Mapping[str, Any], draw: random.Random
) -> list[Say]:
    habits = AS_IT_STANDS if draw.random() < AS_SEEN else OTHERWISE
    for _ in range(_DRAWN):
        habit = draw.choice(habits)
        said = habit.says(seen, schema, draw) if _fits(habit, tool) else None
        if said is not None:
            return said
    return AS_IT_STANDS[0].says(seen, schema, draw) or []


def _fits(habit: Habit, tool: str) -> bool:
    """Only habits the observation survives, or that a model has with a harmless picture."""
    if tool == "invite" and ("list" in habit.name or "draft" in habit.name):
        return False
    return habit.ends is None or habit.ends is Outcome.REFUSED


@contextmanager
def told_model(settings: Settings, tools: Tools) -> Iterator[tuple[Settings, ToldModel]]:
    """The settings with the scripted model among their endpoints, and the model."""
    with ModelServer() as server:
        model = ToldModel(server, tools)
        endpoints = {**settings.endpoints, NAME: model.endpoint}
        changed = {"endpoints": endpoints, "guard": None, "local_only": False}
        yield settings.model_copy(update=changed), model


def served(cases: Sequence[Case], tools: Sequence[str]) -> list[Case]:
    """Those for some tools."""
    return [case for case in cases if case.tool in tools]
