"""What a category means for a tool: block, warn, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from visiontools.guard.categories import ALL
from visiontools.guard.llama_guard import Verdict
from visiontools.guard.settings import Action
from visiontools.tooling import GuardCategory, GuardPolicy


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict under a policy: the categories that block, that warn, and that are ignored."""

    blocked: tuple[GuardCategory, ...] = ()
    warned: tuple[GuardCategory, ...] = ()
    ignored: tuple[GuardCategory, ...] = ()


def actions(
    tool: GuardPolicy, operator: Mapping[GuardCategory, Action]
) -> dict[GuardCategory, Action]:
    """The action for every category: the tool's, unless the operator says otherwise."""
    warns: dict[GuardCategory, Action] = dict.fromkeys(tool.warn, "warn")
    ignores: dict[GuardCategory, Action] = dict.fromkeys(tool.ignore, "ignore")
    return {**dict.fromkeys(ALL, "block"), **warns, **ignores, **operator}


def rule(verdict: Verdict, policy: Mapping[GuardCategory, Action]) -> Ruling:
    """What a verdict means under the actions for every category."""

    def those(action: Action) -> tuple[GuardCategory, ...]:
        return tuple(each for each in verdict.found if policy[each] == action)

    return Ruling(those("block"), those("warn"), those("ignore"))
