"""What is kept, as Chainlit's page shows it again."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from chainlit.element import ElementDict
from chainlit.step import StepDict

from visiontools.store.conversations import Element, Step

TEXT = "text"
"""The kind of an element that is a text; pictures have none."""


def step_dict(step: Step) -> StepDict:
    """A step as it was told."""
    told: dict[str, Any] = {**step.body, "id": step.id, "threadId": step.thread_id}
    if step.feedback is not None:
        told["feedback"] = {
            "forId": step.id,
            "id": step.id,
            "value": step.feedback.value,
            "comment": step.feedback.comment,
        }
    return cast(StepDict, told)


def element_dict(element: Element) -> ElementDict:
    """A file, from where it is now: a record's, or one that was attached a moment ago."""
    kind = element.body.get("kind")
    if element.record_id is not None:
        url = kept_address(kind, element.record_id, element.position or 0)
    else:
        url = upload_address(element.id)
    told: dict[str, Any] = {
        "id": element.id,
        "threadId": element.thread_id,
        "type": "file" if kind == TEXT else "image",
        "name": element.body.get("name", "picture"),
        "display": "inline",
        "size": "medium",
        "forId": element.step_id,
        "url": url,
    }
    return cast(ElementDict, told)


def kept_address(kind: str | None, record_id: str, number: int) -> str:
    """Where a record shows its picture of that number, from 0, or what it says of its texts."""
    if kind == TEXT:
        return f"/records/{record_id}"
    return f"/api/v1/records/{record_id}/pictures/{number + 1}"


def upload_address(upload_id: str) -> str:
    """Where a file is that was attached and not looked at yet."""
    return f"/chat/project/file/{upload_id}"


def written(moment: dt.datetime) -> str:
    """A moment as Chainlit writes it."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
