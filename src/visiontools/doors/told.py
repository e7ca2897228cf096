"""What every door tells of a record, in its order: the sentence, the answer, what to mind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from visiontools.registry import AnyTool
from visiontools.translations import marked, tr
from visiontools.types import Record
from visiontools.views.account import headline, replied, warnings
from visiontools.views.blocks import Block, Code, Notice, Text


@dataclass(frozen=True, slots=True)
class Told:
    """``headline`` is None for a further question, of which only what is new is told."""

    headline: Text | None
    answer: Sequence[Block]
    warnings: Sequence[Block]

    @property
    def blocks(self) -> list[Block]:
        """All of it, one after the other."""
        first = [self.headline] if self.headline else []
        return [*first, *self.answer, *self.warnings]


def told(record: Record, tool: AnyTool | None) -> Told:
    """``tool`` is the record's tool, or None where it is not there any more."""
    if is_further(record) and record.answer is not None:
        new = [check for check in record.checks if check.name.startswith(("reply_", "guard_"))]
        news = record.model_copy(update={"checks": tuple(new), "notes": ()})
        return Told(None, replied(record), warnings(news))
    answer = _answer(record, tool)
    if answer and _is_said(answer[0], record.message):
        answer = answer[1:]
    return Told(headline(record), [*replied(record), *answer], warnings(record))


def is_further(record: Record) -> bool:
    """Whether it answers a further question about an earlier record."""
    return bool(record.parent and record.request.ask)


def _is_said(block: Block, message: str) -> bool:
    """Whether a block is the sentence, or its beginning, that is the headline here anyway."""
    return isinstance(block, Text) and message.startswith(block.text.removesuffix("."))


def _answer(record: Record, tool: AnyTool | None) -> Sequence[Block]:
    if record.answer is None:
        return ()
    if tool is not None:
        try:
            return tool.show(tool.answer.model_validate(record.answer))
        except ValidationError:
            pass
    plain = Code(json.dumps(record.answer, indent=2, ensure_ascii=False), "json", marked("Answer"))
    why = tr(
        "The tool '%(tool)s' cannot show this answer any more: it is shown as it was kept.",
        tool=record.tool,
    )
    return (Notice(why), plain)
