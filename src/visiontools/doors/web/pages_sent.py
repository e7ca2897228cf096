"""Reading the forms of pages: texts by their names, and files."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import UploadFile

from visiontools.doors.web.forms_read import Said
from visiontools.types import Upload

_MOST_FIELDS = 4000
_LONGEST_FIELD = 2**20


async def texts_of(request: Request) -> tuple[Said, tuple[Upload, ...]]:
    """What a form says, and the pictures it carries."""
    sent = await request.form(max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD)
    texts: dict[str, list[str]] = {}
    uploads = []
    for name, value in sent.multi_items():
        if not isinstance(value, UploadFile):
            texts.setdefault(name, []).append(value)
        elif name == "picture" and value.filename:
            uploads.append(Upload(await value.read(), value.filename))
    await sent.close()
    return texts, tuple(uploads)
