"""The files of one message: shown from where they were attached, then from their record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import chainlit as cl

from visiontools.doors.chat.caller import Caller
from visiontools.doors.chat.kinds import is_text_file
from visiontools.doors.chat.shown import TEXT, kept_address, upload_address
from visiontools.store.conversations import Shown
from visiontools.types import Input, Record, Upload


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
        attached = cls(who, message, files, len(ids) - len(files))
        for file_id, file in files.items():
            await attached._show(file_id, file, upload_address(file_id))
            await attached._keep(file_id, file)
        return attached

    @property
    def uploads(self) -> tuple[Upload, ...]:
        return tuple(self.files.values())

    @property
    def texts(self) -> tuple[Upload, ...]:
        """Those that are to be read."""
        return tuple(file for file in self.files.values() if is_text_file(file))

    async def belong_to(self, record: Record) -> None:
        """Show them from the record, where it kept them, and let go of what was attached."""
        texts = {key: file for key, file in self.files.items() if is_text_file(file)}
        pictures = {key: file for key, file in self.files.items() if key not in texts}
        for kind, files in (("text", texts), ("picture", pictures)):
            for file_id, number in _places(record.inputs, kind, files).items():
                await self._keep(file_id, files[file_id], Shown(record.id, number))
                await self._show(file_id, files[file_id], kept_address(kind, record.id, number))
                await self.who.held.drop(file_id)

    async def _keep(self, file_id: str, file: Upload, shows: Shown | None = None) -> None:
        body = {"name": file.name} | ({"kind": TEXT} if is_text_file(file) else {})
        await self.who.conversations.save_element(
            self.who.owner,
            self.message.thread_id,
            file_id,
            body,
            step_id=self.message.id,
            shows=shows,
        )

    async def _show(self, file_id: str, file: Upload, address: str) -> None:
        shown: cl.File | cl.Image
        if is_text_file(file):
            shown = cl.File(id=file_id, name=file.name, url=address, display="inline")
        else:
            shown = cl.Image(
                id=file_id, name=file.name, url=address, display="inline", size="medium"
            )
        await shown.send(for_id=self.message.id, persist=False)


def _places(inputs: Sequence[Input], kind: str, files: Mapping[str, Upload]) -> Mapping[str, int]:
    """Which of a record's kept pictures, or texts, each file became; none where not all were kept.

    A further picture stands after the earlier ones.
    """
    sent = [each.sent for each in inputs if each.sent and each.kind == kind]
    if not files or len(sent) < len(files):
        return {}
    distinct = list(dict.fromkeys(sent))
    return {
        file_id: distinct.index(place)
        for file_id, place in zip(files, sent[-len(files) :], strict=True)
    }
