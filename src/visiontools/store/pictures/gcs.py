"""The few requests to Cloud Storage that the store needs, each asked again while there is time.

Import this where it is used: it loads Google's library. Everything here blocks.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import time
from typing import Any

import google.auth
from google.api_core.exceptions import BadRequest, NotFound, PreconditionFailed
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage  # type: ignore[import-untyped]
from google.cloud.storage.retry import DEFAULT_RETRY  # type: ignore[import-untyped]

from visiontools.errors import StorageError
from visiontools.store.pictures.cloud import Patience
from visiontools.store.pictures.gcs_links import signed_link
from visiontools.store.pictures.places import Bucket, is_name

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
"""Storage's own scopes would not let a service account sign links without a key file."""
_EMULATOR = "STORAGE_EMULATOR_HOST"
_ROUNDS = 10
_CACHE = "private, no-store"
_CONNECT_S = 5.0


def signed_in() -> Any:
    """Google's client with Application Default Credentials, or for an emulator without any."""
    if os.environ.get(_EMULATOR):
        return storage.Client(project="none", credentials=AnonymousCredentials())  # type: ignore[no-untyped-call]
    credentials, _ = google.auth.default(scopes=[_SCOPE])
    return storage.Client(project="none", credentials=credentials)


class Objects:
    """The objects of one bucket below one prefix."""

    def __init__(self, client: Any, place: Bucket, patience: Patience) -> None:
        self._client = client
        # Else it looks the bucket itself up, unasked and in a thread, when OpenTelemetry is there.
        client._bucket_metadata_cache = None
        self._place = place
        self._bucket = client.bucket(place.name)
        self._patience = patience

    def put(self, name: str, data: bytes, media_type: str) -> None:
        """Write an object that is not there, or touch the one that is.

        Its custom time, which a lifecycle rule can count from, is when it was last put.
        """
        until = self._until()
        for _ in range(_ROUNDS):
            blob = self._blob(name)
            blob.custom_time = dt.datetime.now(dt.UTC)
            blob.cache_control = _CACHE
            try:
                blob.upload_from_string(
                    data, media_type, if_generation_match=0, checksum="crc32c", **self._how(until)
                )
                return
            except PreconditionFailed:
                if self._touch(name, until):
                    return
        raise StorageError(
            f"A picture in {self._place} was deleted each time it was put.",
            next="Run the tool again.",
        )

    def _touch(self, name: str, until: float) -> bool:
        """Change the object's metageneration; False where it has gone meanwhile."""
        blob = self._blob(name)
        blob.metadata = {"put": secrets.token_hex(8)}
        blob.custom_time = dt.datetime.now(dt.UTC)
        try:
            blob.patch(**self._how(until))
        except NotFound:
            return False
        except BadRequest:  # custom times never go back, and another machine's clock is ahead
            blob = self._blob(name)
            blob.metadata = {"put": secrets.token_hex(8)}
            try:
                blob.patch(**self._how(until))
            except NotFound:
                return False
        return True

    def get(self, name: str) -> bytes:
        """The object's content. FileNotFoundError where it is gone, NotFound without a bucket."""
        until = self._until()
        try:
            data: bytes = self._blob(name).download_as_bytes(raw_download=True, **self._how(until))
        except NotFound:
            self._list(name, until)
            raise FileNotFoundError from None
        return data

    def versions(self, name: str) -> list[Any]:
        """All generations of the object, the live one first."""
        found = self._list(name, self._until())
        return sorted(found, key=lambda blob: blob.time_deleted is not None)

    def names(self, page: str | None) -> tuple[list[str], str | None]:
        """The names of a page of pictures, and what the next page is called, if there is one."""
        listed = self._client.list_blobs(
            self._bucket, prefix=self._place.prefix, page_token=page, **self._how(self._until())
        )
        blobs = next(listed.pages, ())
        below = (blob.name.removeprefix(self._place.prefix) for blob in blobs)
        return [name for name in below if is_name(name)], listed.next_page_token

    def _list(self, name: str, until: float) -> list[Any]:
        full = self._place.prefix + name
        listed = self._client.list_blobs(
            self._bucket, prefix=full, versions=True, **self._how(until)
        )
        return [blob for blob in listed if blob.name == full]

    def remove(self, found: list[Any]) -> bool:
        """Delete these generations for good; False where one was touched since it was looked at."""
        until = self._until()
        for blob in found:
            try:
                # With its generation named, a versioned bucket keeps nothing of it.
                blob.delete(if_metageneration_match=blob.metageneration, **self._how(until))
            except NotFound:
                continue  # by somebody else, or by us, and the reply was lost
            except PreconditionFailed:
                return False
        return True

    def link(self, name: str, download_as: str | None, seconds: int) -> str:
        """A signed address of the object."""
        return signed_link(self._blob(name), self._client, download_as, seconds, self._until())

    def close(self) -> None:
        self._client.close()

    def _blob(self, name: str) -> Any:
        return self._bucket.blob(self._place.prefix + name)

    def _until(self) -> float:
        """Somewhat before the deadline, so that it can be said what the matter was."""
        return time.monotonic() + 0.85 * self._patience.deadline_s

    def _how(self, until: float) -> dict[str, Any]:
        """How long to wait for a request, and for how long to ask again."""
        left = max(until - time.monotonic(), 0.001)
        retry = DEFAULT_RETRY.with_timeout(left).with_delay(self._patience.first_s, 4.0, 2.0)
        request = min(self._patience.request_s, left)
        return {"timeout": (min(_CONNECT_S, request), request), "retry": retry}
