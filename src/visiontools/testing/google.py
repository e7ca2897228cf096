"""A real HTTP server that plays those parts of Google Cloud an endpoint needs.

    with GoogleCloud() as google:
        google.lifetime_s = 60           # of the tokens it hands out
        google.token_steps += [503]      # the next answer of whoever hands out tokens
        google.buckets["mine"] = {}
        ...                              # GCE_METADATA_HOST=google.host
        assert google.tokens == 1

It is the metadata server of a machine (shapes as google-auth reads them), the token endpoint of a
service account (``token_uri``), Secret Manager, and Cloud Storage, whose preconditions it keeps.
What is not scripted goes well. Tokens count up: ``ya29.1``, ``ya29.2``, ...
"""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

PROJECT = "test-project"
ACCOUNT = f"robot@{PROJECT}.iam.gserviceaccount.com"
_FLAVOR = ("Metadata-Flavor", "Google")
_INSTANCE = "/computeMetadata/v1/instance/service-accounts"


class GoogleCloud:
    """The server, on a free port of this machine, while it is entered.

    ``hold`` is waited for before a token is handed out, and ``arrived`` set when one is asked
    for. ``token_steps`` are statuses answered instead, or errors of the token endpoint by name.
    ``accepted`` are the tokens Secret Manager and Cloud Storage take (None: all), ``storage_steps``
    statuses Cloud Storage answers, or "lost" for a reply that never comes though all was done.
    """

    def __init__(self) -> None:
        self.lifetime_s = 3600
        self.tokens = 0
        self.token_steps: deque[int | str] = deque()
        self.hold: threading.Event | None = None
        self.arrived = threading.Event()
        self.accepted: set[str] | None = None
        self.secrets: dict[str, bytes] = {}
        self.buckets: dict[str, dict[str, bytes]] = {}
        self.storage_steps: deque[int | str] = deque()
        self.requests: list[str] = []
        self.lock = threading.Lock()
        cloud = self
        handler = type("Handler", (_Handler,), {"cloud": cloud})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

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

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.hold is not None:
            self.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    cloud: GoogleCloud
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.cloud.requests.append(f"GET {path}")
        if path == "/":
            self._text("computeMetadata/")
        elif path == "/computeMetadata/v1/project/project-id":
            self._text(PROJECT)
        elif path.startswith(_INSTANCE) and path.endswith("/token"):
            self._token()
        elif path.startswith(_INSTANCE):
            self._json(200, {"email": ACCOUNT, "aliases": ["default"], "scopes": []})
        elif path.endswith("universe-domain"):
            self._text("googleapis.com")
        elif path.endswith(":access"):
            self._secret(path.removeprefix("/v1/").removesuffix(":access"))
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        self.cloud.requests.append(f"POST {parts.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if parts.path == "/token" or parts.path.startswith(_INSTANCE):
            self._token()
        else:
            self._upload(parts.path, parse_qs(parts.query), body)

    def do_DELETE(self) -> None:
        path = urlsplit(self.path).path
        self.cloud.requests.append(f"DELETE {path}")
        if not self._storage_says():
            _, _, _, _, bucket, _, name = path.split("/", 6)
            gone = self.cloud.buckets.get(bucket, {}).pop(unquote(name), None)
            self._json(404 if gone is None else 204, {})

    def _token(self) -> None:
        cloud = self.cloud
        cloud.arrived.set()
        if cloud.hold is not None:
            cloud.hold.wait(20)
        step = cloud.token_steps.popleft() if cloud.token_steps else 200
        if isinstance(step, str):
            self._json(400, {"error": step, "error_description": "Bad Request ya29.secret"})
        elif step != 200:
            self._json(step, {"error": "scripted"})
        else:
            with cloud.lock:
                cloud.tokens += 1
            token = f"ya29.{cloud.tokens}"
            told = {"access_token": token, "expires_in": cloud.lifetime_s, "token_type": "Bearer"}
            self._json(200, told)

    def _secret(self, name: str) -> None:
        if not self._accepted():
            self._json(401, {})
        elif name not in self.cloud.secrets:
            self._json(404, {})
        else:
            data = base64.b64encode(self.cloud.secrets[name]).decode()
            self._json(200, {"name": name, "payload": {"data": data}})

    def _upload(self, path: str, query: dict[str, list[str]], body: bytes) -> None:
        step = self._storage_says()
        if step is True:
            return
        bucket = unquote(path.split("/")[5])
        name = query["name"][0]
        if not self._accepted():
            self._json(401, {})
        elif bucket not in self.cloud.buckets:
            self._json(404, {})
        elif name in self.cloud.buckets[bucket] and query.get("ifGenerationMatch") == ["0"]:
            self._json(412, {})
        else:
            self.cloud.buckets[bucket][name] = body
            if step == "lost":
                self.close_connection = True
                self.connection.close()
            else:
                self._json(200, {"name": name})

    def _storage_says(self) -> bool | str:
        """Whether a scripted status was answered; "lost" where only the reply is to be."""
        step = self.cloud.storage_steps.popleft() if self.cloud.storage_steps else ""
        if isinstance(step, int):
            self._json(step, {})
            return True
        return step

    def _accepted(self) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.cloud.accepted is None or given in self.cloud.accepted

    def _text(self, text: str) -> None:
        self._send(200, text.encode(), "text/plain")

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header(*_FLAVOR)
        self.send_header("Content-Length", str(0 if status == 204 else len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)
