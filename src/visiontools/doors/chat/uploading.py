"""Taking in an attached file, and showing it to whoever attached it until it is sent."""

from __future__ import annotations

import asyncio

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from visiontools.doors.api.problems import (
    MALFORMED,
    TOO_LARGE,
    TOO_SLOW,
    UNFIT,
    UNKNOWN_PICTURE,
    ProblemError,
)
from visiontools.doors.chat.caller import Caller
from visiontools.doors.chat.kinds import is_text_file
from visiontools.errors import UnusableError
from visiontools.pictures.kinds import BadPicture, recognise, safe_name
from visiontools.texts.thread import read_text
from visiontools.types import Upload

_SHOWN_AS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WebP": "image/webp",
    "GIF": "image/gif",
    "HEIC": "image/heic",
    "AVIF": "image/avif",
}


async def take_upload(caller: Caller, request: Request) -> Response:
    """Keep an attached file until it is sent. What a browser says it is does not matter."""
    within_s = caller.desk.web.upload_timeout_s
    try:
        async with asyncio.timeout(within_s), request.form(max_files=1, max_fields=4) as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile):
                raise ProblemError(MALFORMED, "The request carries no file.")
            most = caller.pipeline.settings.max_upload_bytes
            if (sent.size or 0) > most:
                raise ProblemError(TOO_LARGE, f"The file is larger than {most:,} bytes.")
            data, name = await sent.read(), sent.filename or "upload"
    except TimeoutError:
        what = f"The upload was not complete after {within_s:g} seconds."
        raise ProblemError(TOO_SLOW, what) from None
    except ProblemError:
        raise
    except Exception:  # the parser meets anything a stranger can send, and clients that leave
        raise ProblemError(MALFORMED, "The upload cannot be read.") from None
    if not data:
        raise ProblemError(UNFIT, "The file is empty.", "Pick another.")
    file = await asyncio.to_thread(_checked, data, name, most)
    return JSONResponse({"id": await caller.held.put(file)})


def _checked(data: bytes, name: str, most: int) -> Upload:
    """The file, if a tool can use it: a picture by its first bytes, or what reads as a text.

    Raises ProblemError.
    """
    file = Upload(data, safe_name(name))
    try:
        if is_text_file(file):
            read_text(file, file.name, most)
        else:
            recognise(data, file.name)
    except (BadPicture, UnusableError) as bad:
        raise ProblemError(UNFIT, f"{bad.what} {bad.next}".strip()) from None
    return file


async def show_upload(caller: Caller, upload_id: str) -> Response:
    """The file as it was attached, to its owner; a browser shows a picture, and saves a text."""
    held = await caller.held.get(upload_id)
    if held is None:
        raise ProblemError(UNKNOWN_PICTURE, "There is no such file any more.")
    safely = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    if is_text_file(held):
        safely["Content-Disposition"] = "attachment"
        return Response(held.data, headers=safely, media_type="application/octet-stream")
    kind = _SHOWN_AS[recognise(held.data, held.name)]
    return Response(held.data, headers=safely, media_type=kind)
