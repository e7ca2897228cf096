"""What a message asks for: a first look, a further question, a further picture, another tool."""

from __future__ import annotations

import chainlit as cl

from visiontools.doors.chat.attached import Attached
from visiontools.doors.chat.caller import Caller
from visiontools.doors.chat.modes import picked_endpoint, picked_tool
from visiontools.doors.chat.words import safe
from visiontools.errors import ConfigurationError, UsageError
from visiontools.registry import AnyTool
from visiontools.running import Run
from visiontools.types import Record, Request, Upload

_LOOKED_BACK = 20
"""Records of a conversation tried, the newest first, for one of which something is still there."""


class NothingWanted(Exception):  # noqa: N818  (it is an answer)
    """There is nothing to run yet; its words, as Markdown, say what is missing."""


async def wanted_run(who: Caller, message: cl.Message, attached: Attached) -> Run:
    """The run a message asks for. Raises NothingWanted, UsageError."""
    tool = picked_tool(who, message.modes)
    endpoint = picked_endpoint(who, message.modes)
    asks = (message.metadata or {}).get("asks", True)
    ask = message.content.strip() if asks else None
    if attached.lost:
        raise NothingWanted("A picture did not arrive here. Attach it again, and send again.")
    if len(attached.files) > (most := who.desk.web.max_pictures):
        raise NothingWanted(f"At most {most} pictures can be looked at at once.")
    last = await _last_looked_at(who, message.thread_id)
    same = last if last is not None and last.tool == tool.name else None
    if attached.files:
        if ask and same is not None:
            return await who.pipeline.follow_up(
                who.owner, same.id, ask, endpoint, uploads=attached.uploads
            )
        return who.pipeline.run(
            Request(
                tool.name,
                attached.uploads,
                ask=ask,
                endpoint=endpoint,
                owner=who.owner,
                partials=True,
            )
        )
    if same is not None and same.answer is not None:
        if ask is None:
            raise NothingWanted("Write a question about it, or attach another picture.")
        return await who.pipeline.follow_up(who.owner, same.id, ask, endpoint)
    if "picture" not in tool.takes:
        if ask is None:
            raise NothingWanted(_asks_for_it(tool))
        text = Upload(ask.encode(), "message.txt")
        return who.pipeline.run(
            Request(tool.name, (text,), endpoint=endpoint, owner=who.owner, partials=True)
        )
    kept = await who.pipeline.records.pictures(last) if last else ()
    if not kept:
        raise NothingWanted(_asks_for_it(tool))
    return who.pipeline.run(  # another tool looks, or somebody else where the first could not
        Request(
            tool.name, prepared=kept, ask=ask, endpoint=endpoint, owner=who.owner, partials=True
        )
    )


def _asks_for_it(tool: AnyTool) -> str:
    how = "Attach one, and send." if "picture" in tool.takes else "Paste it as your message."
    return f"**{safe(tool.title)}** needs {safe(tool.wants)}. {how}"


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
