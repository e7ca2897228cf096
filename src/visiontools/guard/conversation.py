"""What Llama Guard is shown: a conversation, as plain turns or inside its whole prompt.

Words of a stranger stand in both, so nothing in them may end a turn or begin another: each turn is
one line, without the tokens and marks that structure the prompt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from visiontools.guard.categories import CATEGORIES
from visiontools.models import wire
from visiontools.tooling import GuardCategory
from visiontools.types import Picture
from visiontools.views.plain import one_line

Role = Literal["User", "Agent"]

_MARK = re.compile(r"<(?=\||(?:BEGIN|END)\b)", re.IGNORECASE)
_CHAT_ROLES = {"User": "user", "Agent": "assistant"}
_PROMPT = """\
Task: Check if there is unsafe content in '{role}' messages in conversations according our safety \
policy with the below categories.

<BEGIN UNSAFE CONTENT CATEGORIES>
{categories}
<END UNSAFE CONTENT CATEGORIES>

<BEGIN CONVERSATION>

{turns}

<END CONVERSATION>

Provide your safety assessment for ONLY THE LAST {role} message in the above conversation:
 - First line must read 'safe' or 'unsafe'.
 - If unsafe, a second line must include a comma-separated list of violated categories."""
"""The frame the models were trained on (model cards of Llama Guard 3 and 4)."""


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: a person's or the model's."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns from the first, which is a user's; the last is judged. Pictures are in the first."""

    turns: Sequence[Said]
    pictures: Sequence[Picture] = ()

    def as_chat(self) -> list[wire.Message]:
        """Plain turns, for servers whose chat template is Llama Guard's."""
        said = [wire.Message(role=_CHAT_ROLES[t.role], content=tame(t.text)) for t in self.turns]
        return wire.with_pictures(said, self.pictures)

    def as_prompt(self, categories: Iterable[GuardCategory]) -> list[wire.Message]:
        """The whole prompt as one user turn, for servers with a plain chat template."""
        prompt = _PROMPT.format(
            role=self.turns[-1].role,
            categories="\n".join(_described(each) for each in categories),
            turns="\n\n".join(f"{turn.role}: {tame(turn.text)}" for turn in self.turns),
        )
        return wire.with_pictures([wire.Message(role="user", content=prompt)], self.pictures)


def tame(text: str) -> str:
    """``text`` on one line, in which no token of the model and no mark of the prompt is left."""
    return _MARK.sub("< ", one_line(text))


def _described(category: GuardCategory) -> str:
    told = CATEGORIES[category]
    return f"{category}: {told.name}.\n{told.about}"
