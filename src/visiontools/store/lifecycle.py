"""The rules by which a bucket deletes old pictures itself: a belt beside ``records prune``."""

from __future__ import annotations

from typing import Any

from visiontools.store.pictures.places import Bucket

_GRACE_DAYS = 1
"""A day later than pruning, so that the bucket takes no picture whose record is still there."""


def lifecycle(bucket: Bucket, retention_days: int) -> dict[str, Any]:
    """The bucket's lifecycle configuration, as the API and ``gcloud`` take it.

    A picture's custom time is when a run last kept it, so one that a newer record shows stays.
    Older generations and uploads that were never finished go after a day.
    """
    below = {"matchesPrefix": [bucket.prefix]} if bucket.prefix else {}
    return {
        "rule": [
            _rule("Delete", below, daysSinceCustomTime=retention_days + _GRACE_DAYS),
            _rule("Delete", below, daysSinceNoncurrentTime=1),
            _rule("AbortIncompleteMultipartUpload", below, age=1),
        ]
    }


def _rule(action: str, below: dict[str, Any], **condition: int) -> dict[str, Any]:
    return {"action": {"type": action}, "condition": {**condition, **below}}
