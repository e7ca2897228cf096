"""Problem details (RFC 9457): what is answered where no run began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from visiontools.errors import ConfigurationError, UsageError, VisiontoolsError

MEDIA_TYPE = "application/problem+json"
_TYPES = "urn:visiontools:problem:"


class Misfit(BaseModel):
    """One thing in the request that does not fit."""

    pointer: str = Field(description="where it is, such as /options/goal or /query/limit")
    detail: str = Field(description="what is wrong with it")


class ProblemDetails(BaseModel):
    """What went wrong with a request, and what to do next."""

    type: str = Field(description="the problem's name, for programs")
    title: str = Field(description="the kind of problem, always the same words for the same type")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="what happened, in a sentence for a person")
    next: str | None = Field(default=None, description="what to do about it")
    errors: tuple[Misfit, ...] | None = Field(default=None, description="each thing that misfits")
    incident: str | None = Field(default=None, description="what the server's log calls it")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of problem: its name, its title and its HTTP status."""

    name: str
    title: str
    status: int


MALFORMED = Kind("malformed", "The request cannot be read", 400)
SIGN_IN_NEEDED = Kind("sign-in-needed", "Nobody is signed in", 401)
KEY_REFUSED = Kind("key-refused", "The API key is not accepted", 401)
FORBIDDEN = Kind("forbidden", "The request comes from another site", 403)
SCOPE_MISSING = Kind("scope-missing", "The API key was not made for this", 403)
SIGN_IN_FAILED = Kind("sign-in-failed", "The sign-in did not succeed", 403)
NOT_FOUND = Kind("not-found", "There is nothing at this address", 404)
UNKNOWN_TOOL = Kind("unknown-tool", "There is no such tool", 404)
UNKNOWN_RECORD = Kind("unknown-record", "There is no such record", 404)
UNKNOWN_PICTURE = Kind("unknown-picture", "There is no such picture", 404)
NOT_ALLOWED = Kind("method-not-allowed", "The address does not take this method", 405)
NOT_ACCEPTABLE = Kind("not-acceptable", "No acceptable form of the answer", 406)
TOO_SLOW = Kind("upload-too-slow", "The upload took too long", 408)
IN_PROGRESS = Kind("in-progress", "A request with this key is still running", 409)
RECORD_GONE = Kind("record-gone", "The record made with this key is gone", 410)
TOO_LARGE = Kind("too-large", "The request is too large", 413)
UNSUPPORTED = Kind("unsupported-media-type", "The request's media type is not taken", 415)
MISDIRECTED = Kind("misdirected", "The request names another host", 421)
UNFIT = Kind("unfit", "The request does not fit", 422)
KEY_REUSED = Kind("key-reused", "The key was used for another request", 422)
TOO_MANY_TRIES = Kind("too-many-tries", "Too many tries in a short time", 429)
TOO_MANY = Kind("too-many-runs", "Too many runs in a short time", 429)
INCIDENT = Kind("incident", "The server failed", 500)
BUSY = Kind("busy", "The server has no room for a further run", 503)
NOT_READY = Kind("not-ready", "The server cannot work as it is set up", 503)

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
_OF_STATUS = {kind.status: kind for kind in (MALFORMED, NOT_FOUND, NOT_ALLOWED, UNFIT, INCIDENT)}


@dataclass
class ProblemError(Exception):
    """A request that cannot be served; becomes problem details.

    ``retry_after`` is in seconds.
    """

    kind: Kind
    detail: str
    next: str | None = None
    errors: Sequence[Misfit] | None = None
    retry_after: int | None = None
    incident: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def details(self) -> ProblemDetails:
        return ProblemDetails(
            type=f"{_TYPES}{self.kind.name}",
            title=self.kind.title,
            status=self.kind.status,
            detail=self.detail,
            next=self.next,
            errors=tuple(self.errors) if self.errors else None,
            incident=self.incident,
        )

    def carried_by(self, response: Response) -> Response:
        """Another form of the answer, with those headers that matter to a browser, too."""
        for name in ("Retry-After", "Allow", "Connection"):
            if name in (headers := self.response.headers):
                response.headers[name] = headers[name]
        return response

    @property
    def response(self) -> Response:
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return Response(
            self.details.model_dump_json(exclude_none=True),
            self.kind.status,
            headers,
            media_type=MEDIA_TYPE,
        )


def problem_of(error: VisiontoolsError) -> ProblemError:
    """An error of ours, where it kept a run from beginning."""
    if isinstance(error, UsageError) and not isinstance(error, ConfigurationError):
        return ProblemError(UNFIT, error.what, error.next or None)
    return ProblemError(NOT_READY, error.what, error.next or None)


def problem_of_status(status: int, detail: str, headers: Mapping[str, str]) -> ProblemError:
    """What the framework found wrong, by its HTTP status."""
    kind = _OF_STATUS.get(status) or Kind(f"http-{status}", detail, status)
    return ProblemError(kind, detail, headers=headers)


def misfits_in(errors: Sequence[Any]) -> list[Misfit]:
    """Pydantic's errors, without the values, which may be secret."""
    return [
        Misfit(
            pointer="".join(f"/{part}" for part in told["loc"]),
            detail=told["msg"].removeprefix("Value error, "),
        )
        for told in errors
    ]


def unfit(what: str, error: ValidationError, below: str = "", next: str | None = None) -> Exception:
    """A part of the request that does not fit its schema, field by field."""
    errors = error.errors(include_input=False, include_url=False, include_context=False)
    found = [
        Misfit(pointer=f"{below}{one.pointer}", detail=one.detail) for one in misfits_in(errors)
    ]
    told = "; ".join(f"{one.pointer.lstrip('/')}: {one.detail}" for one in found)
    return ProblemError(UNFIT, f"{what}: {told}.", next, found)
