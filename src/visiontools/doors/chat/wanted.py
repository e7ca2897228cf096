"""What a message asks for: a first look, a further question, a further picture, another tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import chainlit as cl

from visiontools.doors.chat.attached import Attached
from visiontools.doors.chat.caller import Caller
from visiontools.doors.chat.kinds import TEXT_ENDS
from visiontools.doors.chat.modes import picked_endpoint, picked_tool
from visiontools.doors.chat.words import safe
from visiontools.errors import ConfigurationError, UsageError
from visiontools.registry import AnyTool
from visiontools.running import Run
from visiontools.translations import tr
from visiontools.types import Record, Request, Upload

_LOOKED_BACK = 20
"""Records of a conversation tried, the newest first, for one of which something is still there."""


class NothingWanted(Exception):  # noqa: N818  (it is an answer)
    """There is nothing to run yet; its words, as Markdown, say what is missing."""


async def wanted_run(who: Caller, message: cl.Message, attached: Attached) -> Run:
    """The run a message asks for. Raises NothingWanted, UsageError."""
    asked = _Asked(
        who,
        picked_tool(who, message.modes),
        message.content.strip() if (message.metadata or {}).get("asks", True) else None,
        picked_endpoint(who, message.modes),
    )
    _check(attached, asked.tool, who.desk.web.max_pictures)
    last = await _last_looked_at(who, message.thread_id)
    same = last if last is not None and last.tool == asked.tool.name else None
    if attached.files:
        return await asked.about_files(attached, same)
    if same is not None and same.answer is not None:
        if asked.ask is None:
            raise NothingWanted(tr("Write a question about it, or attach another file."))
        return await asked.further(same)
    return await asked.about_what_there_is(last, same)


def _check(attached: Attached, tool: AnyTool, most: int) -> None:
    if attached.lost:
        raise NothingWanted(tr("A file did not arrive here. Attach it again, and send again."))
    if len(attached.files) > most:
        raise NothingWanted(tr("At most %(most)s files can be sent at once.", most=most))
    texts = attached.texts
    misfits = texts if "text" not in tool.takes else ()
    if "picture" not in tool.takes:
        misfits = tuple(file for file in attached.uploads if file not in texts)
    if misfits:
        name = safe(misfits[0].name)
        is_text = misfits[0] in texts
        what = (
            tr("%(name)s is a text.", name=name)
            if is_text
            else tr("%(name)s is a picture.", name=name)
        )
        raise NothingWanted(f"{what} {_asks_for_it(tool)}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A message's tool, words and endpoint; ``ask`` is None where it brings files alone."""

    who: Caller
    tool: AnyTool
    ask: str | None
    endpoint: str | None

    async def about_files(self, attached: Attached, same: Record | None) -> Run:
        """What was attached: beside the earlier picture, where it is asked about."""
        if self.ask and same is not None and not attached.texts and await self._pictures(same):
            return await self.further(same, attached.uploads)
        return self._run(uploads=attached.uploads, ask=self.ask)

    async def further(self, record: Record, uploads: tuple[Upload, ...] = ()) -> Run:
        return await self.who.pipeline.follow_up(
            self.who.owner, record.id, self.ask or "", self.endpoint, uploads=uploads
        )

    async def about_what_there_is(self, last: Record | None, same: Record | None) -> Run:
        """The conversation's picture or text for another tool, or for somebody else; or a text.

        Words are a new text only where none was handed in before, or nobody could answer.
        """
        takes, kept = self.tool.takes, self.who.pipeline.records
        if last is not None and "picture" in takes and (shown := await kept.pictures(last)):
            return self._run(prepared=shown, ask=self.ask)
        if last is not None and same is None and "text" in takes:
            texts = await kept.texts(last)
            if texts:
                return self._run(texts=texts, ask=self.ask)
        if "text" in takes and self.ask is not None:
            return self._run(uploads=(Upload(self.ask.encode(), "message.txt"),))
        raise NothingWanted(_asks_for_it(self.tool))

    async def _pictures(self, record: Record) -> bool:
        return bool(await self.who.pipeline.records.pictures(record))

    def _run(self, **handed_in: Any) -> Run:
        request = Request(
            self.tool.name,
            endpoint=self.endpoint,
            owner=self.who.owner,
            partials=True,
            **handed_in,
        )
        return self.who.pipeline.run(request)


def _asks_for_it(tool: AnyTool) -> str:
    ends = ", ".join(TEXT_ENDS)
    if "text" not in tool.takes:
        how = tr("Attach one, and send.")
    elif "picture" not in tool.takes:
        how = tr("Paste it as your message, or attach it as a file (%(ends)s).", ends=ends)
    else:
        how = tr(
            "Attach a picture, and send; or paste the text as your message, or attach it as a file "
            "(%(ends)s).",
            ends=ends,
        )
    told = {"tool": f"**{safe(tr(tool.title))}**", "needs": safe(tr(tool.needs))}
    if "picture" not in tool.takes:
        what = tr("%(tool)s needs a text: %(needs)s.", **told)
    elif "text" in tool.takes:
        what = tr("%(tool)s needs a text or picture of %(needs)s.", **told)
    else:
        what = tr("%(tool)s needs a picture of %(needs)s.", **told)
    return f"{what} {how}"


async def _last_looked_at(who: Caller, thread_id: str) -> Record | None:
    """The newest record of the conversation of which a picture or text is kept."""
    found = await who.conversation(thread_id)
    if found is None:
        return None
    kept = who.pipeline.records
    ids = dict.fromkeys(step.record_id for step in reversed(found.steps) if step.record_id)
    for record_id in list(ids)[:_LOOKED_BACK]:
        try:
            record = await kept.find(who.owner, record_id)
            if await kept.pictures(record) or await kept.texts(record):
                return record
        except ConfigurationError:
            raise
        except UsageError:  # deleted, or its picture is
            continue
    return None
