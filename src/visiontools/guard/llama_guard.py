"""Asks a Llama Guard (3 1B, 8B, 11B-Vision, or 4) whether the last turn of a talk is safe."""

from __future__ import annotations

import re
from dataclasses import dataclass

from visiontools.errors import InvalidAnswerError
from visiontools.guard.categories import ALL
from visiontools.guard.conversation import Conversation
from visiontools.guard.settings import GuardSettings, Kind
from visiontools.models.client import Client
from visiontools.tooling import GuardCategory
from visiontools.types import PictureRules

_VERDICT = re.compile(r"safe|unsafe[^\S\n]*\n\s*(S\d{1,2}(?:\s*,\s*S\d{1,2})*)")
_MOST_TOKENS = 64
"""More than "unsafe" and all fourteen categories take."""
_VISION: frozenset[Kind] = frozenset({"llama-guard-3-11b-vision", "llama-guard-4"})
_KNOW_S14: frozenset[Kind] = frozenset({"llama-guard-3-8b", "llama-guard-4"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The categories found, in their order; none means safe."""

    found: tuple[GuardCategory, ...] = ()


class LlamaGuard:
    """One Llama Guard behind an endpoint's client."""

    def __init__(self, client: Client, settings: GuardSettings) -> None:
        self._client = client
        self._settings = settings

    @property
    def rules(self) -> PictureRules | None:
        """What pictures it takes; None where it takes none."""
        vision = self._settings.model in _VISION and self._client.vision
        return self._client.profile.pictures if vision else None

    async def judge(self, conversation: Conversation) -> Verdict:
        """The verdict on the last turn.

        Raises InvalidAnswerError for anything but a verdict, or one of the UnavailableErrors.
        """
        if self._settings.format == "chat":
            said = conversation.as_chat()
        else:
            said = conversation.as_prompt(offered(self._settings.model))
        text = await self._client.say(
            said, max_tokens=_MOST_TOKENS, deadline_s=self._settings.deadline_s
        )
        return parse(text)


def offered(model: Kind) -> tuple[GuardCategory, ...]:
    """The categories the model was trained on: S14 only for the 8B and Guard 4."""
    return ALL if model in _KNOW_S14 else tuple(each for each in ALL if each != "S14")


def parse(text: str) -> Verdict:
    """``safe``, or ``unsafe`` and a line of categories; white space round them does not matter.

    Raises InvalidAnswerError for anything else. It never quotes it: it is a stranger's text.
    """
    match = _VERDICT.fullmatch(text.strip())
    if match is None:
        raise _babble()
    named = set(re.findall(r"S\d+", match[1] or ""))
    found = tuple(each for each in ALL if each in named)
    if len(found) != len(named):
        raise _babble()
    return Verdict(found)


def _babble() -> InvalidAnswerError:
    return InvalidAnswerError(
        "The guard answered with something else than a verdict.",
        next="Serve a Llama Guard there, and check 'format' under [guard]: 'chat' where the "
        "server has Llama Guard's own chat template, else 'prompt'.",
    )
