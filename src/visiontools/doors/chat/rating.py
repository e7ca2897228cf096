"""What a person thinks of an answer: thumbs up or down, and a word about it."""

from __future__ import annotations

from typing import Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from visiontools.doors.api.problems import UNFIT, ProblemError, unfit
from visiontools.doors.chat.caller import Caller

_LONGEST = 100_000
_LONGEST_COMMENT = 5000


class _Feedback(BaseModel):
    step: str = Field(alias="forId", max_length=36)
    value: Literal[0, 1]
    comment: str | None = Field(default=None, max_length=_LONGEST_COMMENT)


class _Rated(BaseModel):
    feedback: _Feedback


class _Unrated(BaseModel):
    step: str = Field(alias="feedbackId", max_length=36)


Said = TypeVar("Said", bound=BaseModel)


async def rate(caller: Caller, request: Request) -> Response:
    """Keep it beside the step it is about, under whose id it can be taken back."""
    said = (await _read(request, _Rated)).feedback
    await caller.conversations.save_feedback(caller.owner, said.step, said.value, said.comment)
    return JSONResponse({"success": True, "feedbackId": said.step})


async def unrate(caller: Caller, request: Request) -> Response:
    """Take it back."""
    said = await _read(request, _Unrated)
    await caller.conversations.delete_feedback(caller.owner, said.step)
    return JSONResponse({"success": True})


async def _read(request: Request, schema: type[Said]) -> Said:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST:
            raise ProblemError(UNFIT, "That is too long.", "Say it in fewer words.")
    try:
        return schema.model_validate_json(bytes(body))
    except ValidationError as error:
        raise unfit("The request does not fit", error) from None
