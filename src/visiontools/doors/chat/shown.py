"""What is kept, as Chainlit's page shows it again."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from chainlit.element import ElementDict
from chainlit.step import StepDict

from visiontools.store.conversations import Element, Step


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
    """A picture, from where it is now: a record's, or one that was attached a moment ago."""
    if element.record_id is not None:
        number = (element.position or 0) + 1
        url = f"/api/v1/records/{element.record_id}/pictures/{number}"
    else:
        url = upload_address(element.id)
    told: dict[str, Any] = {
        "id": element.id,
        "threadId": element.thread_id,
        "type": "image",
        "name": element.body.get("name", "picture"),
        "display": "inline",
        "size": "medium",
        "forId": element.step_id,
        "url": url,
    }
    return cast(ElementDict, told)


def upload_address(upload_id: str) -> str:
    """Where a picture is that was attached and not looked at yet."""
    return f"/chat/project/file/{upload_id}"


def written(moment: dt.datetime) -> str:
    """A moment as Chainlit writes it."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
