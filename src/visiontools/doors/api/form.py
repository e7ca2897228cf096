"""Reading a form that asks for a run: pictures and fields, within limits, nothing trusted."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from visiontools.doors.api.problems import (
    MALFORMED,
    TOO_SLOW,
    UNFIT,
    UNSUPPORTED,
    Misfit,
    ProblemError,
    unfit,
)
from visiontools.types import Upload
from visiontools.web_settings import WebSettings

PICTURE = "picture"
MULTIPART = "multipart/form-data"
_MOST_FIELDS = 32
_FILES_BESIDE = 4
"""Fields may come as files, too; and somewhat too many pictures are counted, for a clear answer."""
_LONGEST_FIELD = 2**20
_LONGEST_ASK = 20_000


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        parsed = from_json(value, allow_inf_nan=False)
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise ValueError("it is not a JSON object ({...})")
    return parsed


JsonObject = Annotated[dict[str, Any], BeforeValidator(_parsed)]
Endpoints = Annotated[str, Field(max_length=1000)]


class Fields(BaseModel):
    """What every form that asks for a run may say beside its pictures."""

    model_config = ConfigDict(extra="forbid")

    ask: str | None = Field(
        default=None, max_length=_LONGEST_ASK, description="a question of your own"
    )
    endpoint: Endpoints | None = Field(
        default=None, description="who looks; of 'a,b' the second where the first cannot answer"
    )
    observation: JsonObject | None = Field(
        default=None, description="what a person sees, as a JSON object; nobody else is asked"
    )
    local_only: bool = Field(
        default=False, description="ask nobody, and keep nothing, outside the server's machine"
    )


class RunFields(Fields):
    """The fields of a first run."""

    options: JsonObject = Field(default={}, description="the tool's options, as a JSON object")
    again: bool = Field(default=False, description="ask anew although a record has the answer")


FieldsT = TypeVar("FieldsT", bound=Fields)


@dataclass(frozen=True, slots=True)
class Form(Generic[FieldsT]):
    """A form as it was sent. ``digest`` is the same for the same fields and pictures."""

    fields: FieldsT
    uploads: tuple[Upload, ...]
    digest: str


async def read_form(request: Request, schema: type[FieldsT], web: WebSettings) -> Form[FieldsT]:
    """Read the request's form. Raises ProblemError where it is none, too slow or does not fit."""
    check_media_type(request)
    try:
        async with asyncio.timeout(web.upload_timeout_s):
            form = await _parse(request, web)
    except TimeoutError:
        raise too_slow(web) from None
    try:
        uploads, said = await _sorted(form.multi_items())
    finally:
        await form.close()
    if len(uploads) > web.max_pictures:
        raise ProblemError(
            UNFIT,
            f"The request has {len(uploads)} pictures; {web.max_pictures} are the most.",
            "Send them in several requests.",
        )
    try:
        fields = schema.model_validate(said)
    except ValidationError as error:
        known = ", ".join([PICTURE, *schema.model_fields])
        raise unfit("The form does not fit", error, next=f"Its fields are: {known}.") from None
    return Form(fields, uploads, _digest(request.url.path, fields, uploads))


def too_slow(web: WebSettings) -> ProblemError:
    """What is said of an upload that took too long."""
    return ProblemError(
        TOO_SLOW,
        f"The upload was not complete after {web.upload_timeout_s:g} seconds.",
        "Send smaller pictures, or over a faster connection.",
    )


def check_media_type(request: Request) -> None:
    """Raise ProblemError (415) for a body that is no multipart form."""
    given = request.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() != MULTIPART:
        raise ProblemError(
            UNSUPPORTED,
            f"The request must be {MULTIPART}, with its pictures as '{PICTURE}'.",
            "With curl: -F picture=@label.png",
            headers={"Accept-Post": MULTIPART},
        )


class _Parser(MultiPartParser):
    """Knows whether the form came to its end."""

    complete = False

    def on_end(self) -> None:
        self.complete = True


async def _parse(request: Request, web: WebSettings) -> FormData:
    async def to_its_end() -> AsyncGenerator[bytes]:
        async for piece in request.stream():
            yield piece
        if not parser.complete:
            raise MultiPartException("it ends before its last boundary")

    parser = _Parser(
        request.headers,
        to_its_end(),
        max_files=web.max_pictures + _FILES_BESIDE,
        max_fields=_MOST_FIELDS,
        max_part_size=_LONGEST_FIELD,
    )
    try:
        return await parser.parse()
    except (ProblemError, TimeoutError):
        raise
    except ClientDisconnect:
        raise ProblemError(MALFORMED, "The client left before its form was complete.") from None
    except MultiPartException as error:
        raise _malformed(f"The form cannot be read: {error.message.rstrip('.')}.") from None
    except Exception as error:  # the parser meets anything a stranger can send
        raise _malformed(f"The form cannot be read ({type(error).__name__}).") from None


def _malformed(what: str) -> ProblemError:
    return ProblemError(MALFORMED, what, "Let a library, or curl -F, write the form.")


async def _sorted(
    items: Iterable[tuple[str, UploadFile | str]],
) -> tuple[tuple[Upload, ...], dict[str, str]]:
    """Pictures, and fields that say something: browsers send empty ones, too."""
    uploads: list[Upload] = []
    said: dict[str, str] = {}
    for name, value in items:
        if isinstance(value, UploadFile) and name == PICTURE:
            data = await value.read()
            if data or value.filename:
                uploads.append(Upload(data, value.filename or "upload"))
            continue
        if name == PICTURE and value:
            raise _misfit(PICTURE, "it is text, and must be a file")
        text = value if isinstance(value, str) else await _text(name, value)
        if name in said:
            raise _misfit(name, "it is given twice")
        if text.strip():
            said[name] = text
    return tuple(uploads), said


async def _text(name: str, file: UploadFile) -> str:
    """A field that came as a file, as ``curl -F observation=@seen.json`` sends it."""
    data = await file.read(_LONGEST_FIELD + 1)
    if len(data) > _LONGEST_FIELD:
        raise _misfit(name, f"it is longer than {_LONGEST_FIELD} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _misfit(name, "it is not UTF-8 text") from None


def _misfit(name: str, what: str) -> ProblemError:
    misfit = Misfit(pointer=f"/{name}", detail=what)
    return ProblemError(UNFIT, f"The form does not fit: {name}: {what}.", None, [misfit])


def _digest(path: str, fields: BaseModel, uploads: tuple[Upload, ...]) -> str:
    hashes = [hashlib.sha256(upload.data).hexdigest() for upload in uploads]
    said = [path, fields.model_dump(mode="json"), hashes]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
