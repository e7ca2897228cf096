"""Reading the forms of pages: texts by their names, and files."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from visiontools.doors.api.form import too_slow
from visiontools.doors.api.problems import MALFORMED, ProblemError
from visiontools.doors.web.forms_read import Said
from visiontools.translations import marked
from visiontools.types import Upload
from visiontools.web_settings import WebSettings

_MOST_FIELDS = 4000
_LONGEST_FIELD = 2**20


async def texts_of(request: Request, web: WebSettings) -> tuple[Said, tuple[Upload, ...]]:
    """What a form says, and the pictures it carries.

    Raises ProblemError where it comes too slowly, or cannot be read.
    """
    sent = await _form(request, web)
    texts: dict[str, list[str]] = {}
    uploads = []
    for name, value in sent.multi_items():
        if not isinstance(value, UploadFile):
            texts.setdefault(name, []).append(value)
        elif name == "picture" and value.filename:
            uploads.append(Upload(await value.read(), value.filename))
    await sent.close()
    return texts, tuple(uploads)


async def _form(request: Request, web: WebSettings) -> FormData:
    try:
        async with asyncio.timeout(web.upload_timeout_s):
            return await request.form(
                max_files=web.max_pictures + 2,  # two fields of ours may be left empty
                max_fields=_MOST_FIELDS,
                max_part_size=_LONGEST_FIELD,
            )
    except TimeoutError:
        raise too_slow(web) from None
    except ProblemError:
        raise
    except Exception:  # the parser meets anything a stranger can send
        raise ProblemError(
            MALFORMED,
            marked("The form cannot be read."),
            marked("Go back, load the page again and send it anew."),
        ) from None
