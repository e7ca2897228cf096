"""Pictures that travel by Cloud Storage: put there before a question, gone after its answer.

Google's documentation of Llama on Vertex AI shows ``gs://`` addresses only.
"""

from __future__ import annotations

import asyncio
import base64
import copy
import hashlib
import os
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import quote

import httpx2

from visiontools.errors import (
    ConfigurationError,
    CredentialsError,
    ServerFaultError,
    UnavailableError,
    UnreachableError,
)
from visiontools.models.credentials import Credentials
from visiontools.models.policy import FaultError

API = "https://storage.googleapis.com"
FOLDER = "visiontools-pictures"
"""Where in the bucket they are; no name of an owner or a file is part of it."""
_EMULATOR = "STORAGE_EMULATOR_HOST"
_TIMEOUT_S = 30
_GOODBYE_S = 5.0
_LATER = (408, 429, 500, 502, 503, 504)
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


class BucketCarrier:
    """Puts each picture into a bucket under the hash of its content, for one question.

    By default the pictures of a question are in a folder of its own, so that no other's deletion
    meets them, and are deleted when it is over; a lifecycle rule on the bucket catches what a
    crash leaves. With ``keep`` they stay, and are not sent again.
    """

    def __init__(
        self, endpoint: str, bucket: str, credentials: Credentials, *, keep: bool = False
    ) -> None:
        self._endpoint = endpoint
        self._bucket = bucket
        self._credentials = credentials
        self._keep = keep
        self._going: set[asyncio.Task[None]] = set()
        self._api = _api()
        self._http = httpx2.AsyncClient(timeout=_TIMEOUT_S)

    @asynccontextmanager
    async def carrying(self, body: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The body with ``gs://`` addresses; the pictures are there until the context ends."""
        sent = copy.deepcopy(body)
        folder = FOLDER if self._keep else f"{FOLDER}/{uuid.uuid4().hex}"
        names: list[str] = []
        try:
            for image in _images(sent):
                kind, data = _decoded(image["url"])
                digest = hashlib.sha256(data).hexdigest()
                name = f"{folder}/{digest}.{_ENDINGS.get(kind, 'bin')}"
                names.append(name)
                await self._put(name, kind, data)
                image["url"] = f"gs://{self._bucket}/{name}"
            yield sent
        finally:
            if not self._keep:
                for name in names:
                    task = asyncio.create_task(self._delete(name))
                    self._going.add(task)
                    task.add_done_callback(self._going.discard)

    async def close(self) -> None:
        """Wait a moment for the last deletions, then close the connections."""
        if self._going:
            _, late = await asyncio.wait(self._going, timeout=_GOODBYE_S)
            for task in late:
                task.cancel()
        await self._http.aclose()

    async def _put(self, name: str, kind: str, data: bytes) -> None:
        """Create the object. That it is there already (412) is success: the name is its content.

        So is a second try after a first whose reply was lost.
        """
        params = {"uploadType": "media", "name": name, "ifGenerationMatch": "0"}
        response = await self._asked(
            "POST",
            f"/upload/storage/v1/b/{quote(self._bucket, safe='')}/o",
            params=params,
            content=data,
            headers={"Content-Type": kind},
        )
        if response.status_code not in (200, 412):
            raise self._fault(response.status_code)

    async def _delete(self, name: str) -> None:
        """Best effort: a picture that could not be deleted is left to the lifecycle rule."""
        path = f"/storage/v1/b/{quote(self._bucket, safe='')}/o/{quote(name, safe='')}"
        with suppress(FaultError, ConfigurationError):
            for _ in range(3):
                response = await self._asked("DELETE", path)
                if response.status_code not in _LATER:
                    return

    async def _asked(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **how: Any
    ) -> httpx2.Response:
        signed = await self._credentials.headers()
        response = await self._sent(method, path, {**(headers or {}), **signed}, how)
        if response.status_code == 401 and await self._credentials.renew(signed):
            signed = await self._credentials.headers()
            response = await self._sent(method, path, {**(headers or {}), **signed}, how)
        return response

    async def _sent(
        self, method: str, path: str, headers: dict[str, str], how: dict[str, Any]
    ) -> httpx2.Response:
        try:
            return await self._http.request(method, self._api + path, headers=headers, **how)
        except httpx2.HTTPError:
            raise FaultError(
                UnreachableError(
                    f"Cloud Storage cannot be reached for the pictures of '{self._endpoint}'.",
                    next="Check the network and its proxy, then try again.",
                ),
                retry=True,
            ) from None

    def _fault(self, status: int) -> FaultError:
        where = f"bucket '{self._bucket}' (endpoint '{self._endpoint}')"
        if status in _LATER:
            error: UnavailableError = ServerFaultError(
                f"Cloud Storage takes no picture into {where} now (HTTP {status}).",
                next="Try again later.",
            )
            return FaultError(error, retry=True)
        if status == 404:
            error = UnavailableError(
                f"There is no {where}.",
                next="Create it, name another one with bucket in the endpoint's settings, or "
                "leave bucket out.",
            )
        elif status in (401, 403):
            error = CredentialsError(
                f"The account may not put pictures into {where} (HTTP {status}).",
                next="Grant it roles/storage.objectUser on that bucket.",
            )
        else:
            error = ServerFaultError(
                f"Cloud Storage refuses a picture for {where} (HTTP {status}).",
                next="Check the bucket's retention and encryption rules.",
            )
        return FaultError(error)


def _images(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pictures of a request that travel in it."""
    for message in body["messages"]:
        parts = message["content"] if isinstance(message["content"], list) else []
        for part in parts:
            image = part.get("image_url")
            if isinstance(image, dict) and image.get("url", "").startswith("data:"):
                yield image


def _decoded(url: str) -> tuple[str, bytes]:
    head, _, data = url.partition(",")
    return head.removeprefix("data:").partition(";")[0], base64.b64decode(data)


def _api() -> str:
    """Cloud Storage, or the emulator that the variable of Google's own libraries names."""
    named = os.environ.get(_EMULATOR) or API
    return (named if "://" in named else f"http://{named}").rstrip("/")
