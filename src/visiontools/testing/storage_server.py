"""A real HTTP server that speaks as much of Cloud Storage's JSON API as the store uses, strictly.

    with StorageServer("pictures", versioned=True) as server:
        ...                            # point Google's client at server.url
        assert server.remains() == []

Unlike an emulator it enforces generations, metagenerations and custom times, refuses what
``denied`` names ("create", "get", "list", "update", "delete"), asks for ``token`` where one is
set, lists ``page`` objects at a time, keeps older generations where it is ``versioned``, and
answers signed addresses only where the signature verifies with ``keys``.
"""

from __future__ import annotations

import base64
import email
import itertools
import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import google_crc32c

from visiontools.testing.local_http import Exchange, LocalServer
from visiontools.testing.storage_signature import Keys, objection

Answer = tuple[int, bytes, dict[str, str]]


@dataclass(slots=True)
class Stored:
    """One generation of an object; ``live`` until it is replaced or deleted."""

    name: str
    generation: int
    data: bytes
    told: dict[str, Any] = field(default_factory=dict)
    metageneration: int = 1
    live: bool = True

    def resource(self, bucket: str) -> dict[str, Any]:
        """The object as the API describes it."""
        return {
            "kind": "storage#object",
            "bucket": bucket,
            "name": self.name,
            "generation": str(self.generation),
            "metageneration": str(self.metageneration),
            "size": str(len(self.data)),
            **({} if self.live else {"timeDeleted": "2026-01-01T00:00:00.000Z"}),
            **self.told,
            "crc32c": _crc32c(self.data),
        }


class StorageServer(LocalServer):
    """The server with its one bucket; ``bucket`` becomes None when somebody deletes that."""

    def __init__(self, bucket: str, *, versioned: bool = False, token: str | None = None) -> None:
        super().__init__()
        self.bucket: str | None = bucket
        self.versioned = versioned
        self.token = token
        self.page = 1000
        self.denied: set[str] = set()
        self.keys: Keys = {}
        self.requests: list[str] = []
        self._stored: list[Stored] = []
        self._uploads: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1_000)
        self._lock = threading.Lock()

    def remains(self) -> list[Stored]:
        """Every generation that is in the bucket, older ones included."""
        return list(self._stored)

    def damage(self) -> None:
        """Change the content of everything, as a disk or a person might."""
        for stored in self._stored:
            stored.data = stored.data[::-1]

    def answer(self, exchange: Exchange) -> None:
        exchange.send(*self._said(exchange.command, exchange.path, exchange.headers, exchange.body))

    def _said(self, method: str, target: str, headers: Any, body: bytes) -> Answer:
        url = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        parts = [unquote(part) for part in url.path.split("/") if part]
        with self._lock:
            self.requests.append(f"{method} {url.path}")
            if "X-Goog-Signature" in query:
                return self._signed(method, url.path, url.query, query, headers)
            if self.token and headers.get("Authorization") != f"Bearer {self.token}":
                return _error(401, "Anonymous caller does not have access")
            bucket, *name = parts[parts.index("b") + 1 :: 2] if "b" in parts else [""]
            if bucket != self.bucket:
                return _error(404, "The specified bucket does not exist.")
            if parts[0] == "upload":
                return self._upload(method, query, headers, body)
            range = headers.get("Range", "")
            return self._object(method, name[0] if name else "", query, body, range)

    def _object(
        self, method: str, name: str, query: dict[str, str], body: bytes, range: str
    ) -> Answer:
        if not name:
            return self._list(query)
        verb = {"GET": "get", "PATCH": "update", "DELETE": "delete"}[method]
        if verb in self.denied:
            return _error(403, f"caller does not have storage.objects.{verb} access to {name}")
        found = self._find(name, query.get("generation"))
        if found is None:
            return _error(404, f"No such object: {self.bucket}/{name}")
        wanted = query.get("ifMetagenerationMatch")
        if wanted is not None and int(wanted) != found.metageneration:
            return _error(412, "At least one of the pre-conditions you specified did not hold.")
        if verb == "delete":
            return self._delete(found, for_good="generation" in query)
        if verb == "update":
            return self._update(found, json.loads(body))
        if query.get("alt") == "media":
            return _media(found, range)
        return _json(found.resource(str(self.bucket)))

    def _find(self, name: str, generation: str | None) -> Stored | None:
        for stored in self._stored:
            wanted = stored.live if generation is None else stored.generation == int(generation)
            if stored.name == name and wanted:
                return stored
        return None

    def _list(self, query: dict[str, str]) -> Answer:
        if "list" in self.denied:
            return _error(403, "caller does not have storage.objects.list access")
        all_of_them = query.get("versions", "").lower() == "true"
        found = [s for s in self._stored if s.name.startswith(query.get("prefix", ""))]
        items = [s.resource(str(self.bucket)) for s in found if s.live or all_of_them]
        begin = int(query.get("pageToken", "0"))
        end = begin + self.page
        further = {"nextPageToken": str(end)} if end < len(items) else {}
        return _json({"kind": "storage#objects", "items": items[begin:end], **further})

    def _delete(self, found: Stored, *, for_good: bool) -> Answer:
        if self.versioned and not for_good:
            found.live = False
        else:
            self._stored.remove(found)
        return 204, b"", {}

    def _update(self, found: Stored, told: dict[str, Any]) -> Answer:
        if told.get("customTime", "9") < found.told.get("customTime", ""):
            return _error(400, "The custom time cannot be set to an earlier time.")
        found.told |= told
        found.metageneration += 1
        return _json(found.resource(str(self.bucket)))

    def _upload(self, method: str, query: dict[str, str], headers: Any, body: bytes) -> Answer:
        if "create" in self.denied:
            return _error(403, "caller does not have storage.objects.create access")
        if method == "PUT":
            told = self._uploads.pop(query["upload_id"])
            return self._store(told, body, told.pop("if"))
        if query["uploadType"] == "multipart":
            told, data = _parts(headers["Content-Type"], body)
            return self._store(told, data, query.get("ifGenerationMatch"))
        upload = str(next(self._numbers))
        kind = {"contentType": headers["X-Upload-Content-Type"]}
        self._uploads[upload] = kind | json.loads(body) | {"if": query.get("ifGenerationMatch")}
        where = f"{self.url}/upload/storage/v1/b/{quote(str(self.bucket))}/o?upload_id={upload}"
        return 200, b"", {"Location": where}

    def _store(self, told: dict[str, Any], data: bytes, wanted: str | None) -> Answer:
        name = told.pop("name")
        there = self._find(name, None)
        if wanted is not None and int(wanted) != (there.generation if there else 0):
            return _error(412, "At least one of the pre-conditions you specified did not hold.")
        if told.get("crc32c", _crc32c(data)) != _crc32c(data):
            return _error(400, "The provided CRC32C does not match the content.")
        if there:
            self._delete(there, for_good=False)
        stored = Stored(name, next(self._numbers), data, told)
        self._stored.append(stored)
        return _json(stored.resource(str(self.bucket)))

    def _signed(
        self, method: str, path: str, raw: str, query: dict[str, str], headers: Any
    ) -> Answer:
        if reason := objection(method, path, raw, headers, self.keys):
            return _error(403, reason)
        bucket, _, name = unquote(path).lstrip("/").partition("/")
        found = self._find(name, None)
        if bucket != self.bucket or found is None:
            return _error(404, "NoSuchKey")
        shown = {
            "Content-Type": found.told["contentType"],
            "Content-Disposition": query.get("response-content-disposition", ""),
            "Cache-Control": found.told.get("cacheControl", ""),
        }
        return 200, found.data, shown


def _parts(content_type: str, body: bytes) -> tuple[dict[str, Any], bytes]:
    """What a multipart upload says of an object, and its content."""
    # Not by the parser of mail: that would take the picture's bytes for lines.
    boundary = email.message_from_string(f"Content-Type: {content_type}\n\n").get_boundary()
    _, first, second, _ = body.split(f"--{boundary}".encode())
    head, data = second.lstrip(b"\r\n").split(b"\r\n\r\n", 1)
    told: dict[str, Any] = json.loads(first.split(b"\r\n\r\n", 1)[1])
    kind = email.message_from_bytes(head + b"\r\n\r\n").get_content_type()
    return {"contentType": kind} | told, data.removesuffix(b"\r\n")


def _media(found: Stored, range: str) -> Answer:
    """The content, or what is left of it from some byte on."""
    headers = {"Content-Type": found.told.get("contentType", "")}
    if not range.startswith("bytes="):
        return 200, found.data, headers
    first, size = int(range[6:].split("-")[0]), len(found.data)
    return 206, found.data[first:], headers | {"Content-Range": f"bytes {first}-{size - 1}/{size}"}


def _crc32c(data: bytes) -> str:
    return base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode()


def _json(value: dict[str, Any], status: int = 200) -> Answer:
    return status, json.dumps(value).encode(), {"Content-Type": "application/json"}


def _error(status: int, message: str) -> Answer:
    return _json({"error": {"code": status, "message": message, "errors": []}}, status)
