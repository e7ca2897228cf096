"""A real HTTP server that plays those parts of Google Cloud an endpoint needs.

    with GoogleCloud() as google:
        google.lifetime_s = 60           # of the tokens it hands out
        google.token_steps += [503]      # the next answer of whoever hands out tokens
        google.buckets["mine"] = {}
        ...                              # GCE_METADATA_HOST=google.host
        assert google.tokens == 1

It is the metadata server of a machine (shapes as google-auth reads them), the token endpoint of a
service account (``token_uri``), Secret Manager, and Cloud Storage as far as pictures pass through
it, preconditions included. What is not scripted goes well. Tokens count up: ``ya29.1``, ...
"""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from visiontools.testing.local_http import Exchange, LocalServer

PROJECT = "test-project"
ACCOUNT = f"robot@{PROJECT}.iam.gserviceaccount.com"
_METADATA = "/computeMetadata/v1"
_ACCOUNTS = f"{_METADATA}/instance/service-accounts"
_TEXTS = {
    "/": "computeMetadata/",
    f"{_METADATA}/project/project-id": PROJECT,
    f"{_METADATA}/universe/universe-domain": "googleapis.com",
}

Answer = tuple[int, dict[str, Any]]


class GoogleCloud(LocalServer):
    """The server, on a free port of this machine, while it is entered.

    ``hold`` is waited for before a token is handed out, ``storage_hold`` before Cloud Storage
    answers, and ``arrived`` is set when a token is asked for. ``token_steps`` are statuses answered
    instead, or errors of the token endpoint by name. ``accepted`` are the tokens Secret Manager
    and Cloud Storage take (None: all), ``storage_steps`` statuses Cloud Storage answers ("": as
    usual), or "lost" for a reply that never comes though all was done. ``requests`` are those that
    came, like "GET /".
    """

    def __init__(self) -> None:
        super().__init__()
        self.lifetime_s = 3600
        self.tokens = 0
        self.token_steps: deque[int | str] = deque()
        self.hold: threading.Event | None = None
        self.arrived = threading.Event()
        self.accepted: set[str] | None = None
        self.secrets: dict[str, bytes] = {}
        self.buckets: dict[str, dict[str, bytes]] = {}
        self.storage_steps: deque[int | str] = deque()
        self.storage_hold: threading.Event | None = None
        self.requests: list[str] = []
        self._lock = threading.Lock()

    @property
    def host(self) -> str:
        """Host and port, as the variables of google-auth name them."""
        return self.url.removeprefix("http://")

    def key_file(self, folder: Path) -> Path:
        """A service account's key file that asks this server for its tokens."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        private = rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        said = {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "1",
            "private_key": private.decode(),
            "client_email": ACCOUNT,
            "token_uri": f"{self.url}/token",
        }
        path = folder / "account.json"
        path.write_text(json.dumps(said))
        return path

    def login_file(self, folder: Path) -> Path:
        """What ``gcloud auth application-default login`` leaves.

        google-auth has Google's token endpoint for these built in: a test must put ours there.
        """
        said = {
            "type": "authorized_user",
            "client_id": "1",
            "client_secret": "s",
            "refresh_token": "r",
            "quota_project_id": PROJECT,
        }
        path = folder / "login.json"
        path.write_text(json.dumps(said))
        return path

    def __exit__(self, *_: object) -> None:
        for hold in (self.hold, self.storage_hold):
            if hold is not None:
                hold.set()
        super().__exit__()

    def answer(self, exchange: Exchange) -> None:
        parts = urlsplit(exchange.path)
        path, asked = parts.path, exchange.command
        self.requests.append(f"{asked} {path}")
        if path in _TEXTS:
            _send(exchange, 200, _TEXTS[path].encode(), "text/plain")
        elif path == "/token" or (path.startswith(_ACCOUNTS) and path.endswith("/token")):
            _reply(exchange, self._token())
        elif path.startswith(_ACCOUNTS):
            _reply(exchange, (200, {"email": ACCOUNT, "aliases": ["default"], "scopes": []}))
        elif path.startswith(("/upload/storage/", "/storage/")):
            self._store(exchange, path, parse_qs(parts.query))
        elif path.endswith(":access"):
            _reply(exchange, self._secret(exchange, path))
        else:
            _reply(exchange, (404, {}))

    def _token(self) -> Answer:
        self.arrived.set()
        if self.hold is not None:
            self.hold.wait(20)
        step = self.token_steps.popleft() if self.token_steps else 200
        if isinstance(step, str):
            return 400, {"error": step, "error_description": "Bad Request ya29.secret"}
        if step != 200:
            return step, {"error": "scripted"}
        with self._lock:
            self.tokens += 1
            token = f"ya29.{self.tokens}"
        return 200, {
            "access_token": token,
            "expires_in": self.lifetime_s,
            "token_type": "Bearer",
        }

    def _secret(self, exchange: Exchange, path: str) -> Answer:
        name = path.removeprefix("/v1/").removesuffix(":access")
        if not self._accepts(exchange):
            return 401, {}
        if name not in self.secrets:
            return 404, {}
        data = base64.b64encode(self.secrets[name]).decode()
        return 200, {"name": name, "payload": {"data": data}}

    def _store(self, exchange: Exchange, path: str, query: dict[str, list[str]]) -> None:
        if self.storage_hold is not None:
            self.storage_hold.wait(20)
        step = self.storage_steps.popleft() if self.storage_steps else ""
        if isinstance(step, int):
            return _reply(exchange, (step, {}))
        answer: Answer = (401, {})
        if self._accepts(exchange) and exchange.command == "DELETE":
            answer = self._delete(path)
        elif self._accepts(exchange):
            answer = self._put(unquote(path.split("/")[5]), query, exchange.body)
        if step == "lost":
            return exchange.reset()
        return _reply(exchange, answer)

    def _put(self, bucket: str, query: dict[str, list[str]], data: bytes) -> Answer:
        name = query["name"][0]
        if bucket not in self.buckets:
            return 404, {}
        if name in self.buckets[bucket] and query.get("ifGenerationMatch") == ["0"]:
            return 412, {}
        self.buckets[bucket][name] = data
        return 200, {"name": name}

    def _delete(self, path: str) -> Answer:
        _, _, _, _, bucket, _, name = path.split("/", 6)
        gone = self.buckets.get(bucket, {}).pop(unquote(name), None)
        return (404, {}) if gone is None else (204, {})

    def _accepts(self, exchange: Exchange) -> bool:
        given = exchange.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.accepted is None or given in self.accepted


def _reply(exchange: Exchange, answer: Answer) -> None:
    status, body = answer
    data = b"" if status == 204 else json.dumps(body).encode()
    _send(exchange, status, data, "application/json")


def _send(exchange: Exchange, status: int, data: bytes, kind: str) -> None:
    exchange.send(status, data, {"Content-Type": kind, "Metadata-Flavor": "Google"})
