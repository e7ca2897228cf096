"""What the OpenAPI document says of requests and answers that are not plain JSON models."""

from __future__ import annotations

from typing import Any

from visiontools.doors.api import problems
from visiontools.doors.api.form import MULTIPART, PICTURE, Fields
from visiontools.doors.api.negotiate import EVENTS, JSON
from visiontools.doors.api.problems import KINDS, MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]

_PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}
_RECORD = {"$ref": "#/components/schemas/Record"}
_ANYWHERE = (400, 401, 403, 404, 405, 413, 421, 422, 500, 503)


def problem_responses(*statuses: int) -> Responses:
    """Problem details for these statuses, beside those any request may meet."""
    titles: dict[int, list[str]] = {}
    for kind in KINDS:
        titles.setdefault(kind.status, []).append(kind.title)
    return {
        status: {
            "description": "; ".join(titles[status]),
            "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
        }
        for status in sorted({*_ANYWHERE, *statuses})
    }


RUN_RESPONSES: Responses = {
    200: {
        "description": "The record, whatever the outcome; or, for `Accept: text/event-stream`, "
        "events: `step`, `partial`, `reused`, `finished` with the record, or `problem`",
        "content": {JSON: {"schema": _RECORD}, EVENTS: {"schema": {"type": "string"}}},
    },
    **problem_responses(406, 408, 409, 410, 415, 429),
}

_KEY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name of your own for this request: sent again, it gets the same record",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}


def run_form(schema: type[Fields], *, pictures: int) -> dict[str, Any]:
    """The request body of a run: its fields, and at least so many pictures."""
    fields = schema.model_json_schema()["properties"]
    files = {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "minItems": pictures,
        "description": "the picture; repeat it for several",
    }
    form = {
        "type": "object",
        "properties": {PICTURE: files, **{name: _plain(told) for name, told in fields.items()}},
        "additionalProperties": False,
    }
    if pictures:
        form["required"] = [PICTURE]
    objects = [name for name in ("options", "observation") if name in fields]
    encoding = {name: {"contentType": JSON} for name in objects}
    content = {MULTIPART: {"schema": form, "encoding": encoding}}
    return {"requestBody": {"required": True, "content": content}, "parameters": [_KEY_PARAMETER]}


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without null, which no form can say, and its title, which says nothing."""
    some: dict[str, Any] = next(
        (each for each in told.get("anyOf", ()) if each.get("type") != "null"), {}
    )
    kept = {key: value for key, value in told.items() if key not in ("anyOf", "title", "default")}
    return {**kept, **some}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the schemas only its hand-written parts refer to."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schema = problems.ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {})
    schemas["ProblemDetails"] = schema
    told = "A key made with 'visiontools keys add'; not needed where there is no sign-in"
    key = {"type": "http", "scheme": "bearer", "description": told}
    document["components"]["securitySchemes"] = {"key": key}
    document["security"] = [{"key": []}, {}]
    return document
