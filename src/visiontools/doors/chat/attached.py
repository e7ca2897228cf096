"""The pictures of one message: shown from where they were attached, then from their record."""

from __future__ import annotations

from dataclasses import dataclass

import chainlit as cl

from visiontools.doors.chat.caller import Caller
from visiontools.doors.chat.shown import upload_address
from visiontools.store.conversations import Shown
from visiontools.types import Record, Upload


@dataclass(frozen=True, slots=True)
class Attached:
    """The files a message brought, by their ids; ``lost`` are those that did not arrive here."""

    who: Caller
    message: cl.Message
    files: dict[str, Upload]
    lost: int

    @classmethod
    async def of(cls, who: Caller, message: cl.Message) -> Attached:
        """Find the message's files, and show them in it."""
        ids: list[str] = (message.metadata or {}).get("files", [])
        found = {file_id: await who.held.get(file_id) for file_id in ids}
        files = {file_id: file for file_id, file in found.items() if file is not None}
        for file_id, file in files.items():
            await _show(message, file_id, file.name, upload_address(file_id))
            await who.conversations.save_element(
                who.owner, message.thread_id, file_id, {"name": file.name}, step_id=message.id
            )
        return cls(who, message, files, len(ids) - len(files))

    @property
    def uploads(self) -> tuple[Upload, ...]:
        return tuple(self.files.values())

    async def belong_to(self, record: Record) -> None:
        """Show them from the record, where it kept them, and let go of what was attached."""
        sent = [each.sent for each in record.inputs if each.sent and each.kind == "picture"]
        distinct = list(dict.fromkeys(sent))
        if not self.files or len(sent) < len(self.files):
            return
        for (file_id, file), picture in zip(
            self.files.items(), sent[-len(self.files) :], strict=True
        ):
            number = distinct.index(picture)
            await self.who.conversations.save_element(
                self.who.owner,
                self.message.thread_id,
                file_id,
                {"name": file.name},
                step_id=self.message.id,
                shows=Shown(record.id, number),
            )
            address = f"/api/v1/records/{record.id}/pictures/{number + 1}"
            await _show(self.message, file_id, file.name, address)
            await self.who.held.drop(file_id)


async def _show(message: cl.Message, file_id: str, name: str, address: str) -> None:
    image = cl.Image(id=file_id, name=name, url=address, display="inline", size="medium")
    await image.send(for_id=message.id, persist=False)
