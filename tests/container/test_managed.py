"""The image on Google's stack, each part of it played by a server of this machine.

PostgreSQL keeps the records, a Cloud Storage emulator the pictures, a metadata server gives the
tokens, and a scripted Vertex AI looks: at what it fetches from the ``gs://`` address it was sent.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.container.conftest import Container, Start, once
from tests.container.services import BUCKET, Postgres, StorageEmulator
from tests.doors.api.wire import EVENTS, events
from tests.doors.web.signin.browser import Browser

from visiontools.testing.google import PROJECT, GoogleCloud
from visiontools.testing.model_server import ModelServer, Received
from visiontools.testing.script import Say
from visiontools.testing.servers import VertexRules

EXAMPLES = Path(__file__).parents[2] / "examples"
SEEN = json.loads((EXAMPLES / "fridge.observation.json").read_text("utf-8"))
DISHES = SEEN.pop("proposal")
NAME, PASSWORD = "ann@example.com", "correct horse battery staple"
ASK = "Which dish is the marmalade for?"
TRAVELS = "visiontools-pictures/"
KEPT = "kept/"


@dataclass
class Vertex:
    """Fetches each picture it is sent the address of, and says what it was told to say."""

    server: ModelServer
    storage: StorageEmulator
    looked_at: list[bytes] = field(default_factory=list)

    def will_say(self, *answers: dict[str, Any]) -> None:
        for answer in answers:
            self.server.then(lambda received, answer=answer: self._say(received, answer))

    def _say(self, received: Received, answer: dict[str, Any]) -> Say:
        for address in received.addresses:
            bucket, _, name = address.removeprefix("gs://").partition("/")
            assert bucket == BUCKET
            self.looked_at.append(self.storage.content(name))
        return Say(json.dumps(answer))


@dataclass
class Cloud:
    """Everything round the application, and the variables that name it."""

    database: Postgres
    storage: StorageEmulator
    google: GoogleCloud
    vertex: Vertex

    @property
    def settings(self) -> dict[str, str]:
        endpoint = "VISIONTOOLS_ENDPOINTS__CLOUD__"
        return {
            "VISIONTOOLS_DATABASE": self.database.listening_at,
            "PGPASSWORD": self.database.password,
            "VISIONTOOLS_DATABASE_UPGRADE": "manual",
            "VISIONTOOLS_PICTURES": f"gs://{BUCKET}/{KEPT}",
            "STORAGE_EMULATOR_HOST": self.storage.url,
            "GCE_METADATA_HOST": self.google.host,
            "GCE_METADATA_IP": self.google.host,
            "VISIONTOOLS_DEFAULT_ENDPOINT": "cloud",
            f"{endpoint}PROFILE": "vertex",
            f"{endpoint}URL": self.vertex.server.url,
            f"{endpoint}PROJECT": PROJECT,
            f"{endpoint}BUCKET": BUCKET,
            f"{endpoint}MODEL": VertexRules().models[0],
        }

    def travelling(self) -> list[str]:
        return [name for name in self.storage.listed() if name.startswith(TRAVELS)]


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    rules = VertexRules(key="ya29.1")
    with (
        Postgres() as database,
        StorageEmulator(tmp_path / "storage") as storage,
        GoogleCloud() as google,
        ModelServer(rules) as server,
    ):
        yield Cloud(database, storage, google, Vertex(server, storage))


@pytest.fixture
def served(cloud: Cloud, start: Start) -> Container:
    """The application, after the same image made the tables."""
    made = once("visiontools", "database", "upgrade", **cloud.settings)
    assert made.returncode == 0, made.stderr
    container = start(**cloud.settings)
    added = container.do("visiontools", "users", "add", NAME, "--password-stdin", given=PASSWORD)
    assert added.returncode == 0, added.stderr
    return container


@pytest.fixture
def ann(served: Container) -> Iterator[Browser]:
    """A browser whose user has signed in."""
    with Browser(base_url=served.url, timeout=60) as browser:
        assert not browser.signed_in()
        assert browser.sign_in(NAME, PASSWORD).status_code == 303
        assert browser.signed_in()
        yield browser


def from_our_page(ann: Browser) -> dict[str, str]:
    return {"Origin": str(ann.base_url).rstrip("/")}


def run(ann: Browser, path: str, picture: bytes | None = None, **form: str) -> dict[str, Any]:
    """The record a run ends with, whose events are read on the way."""
    parts: dict[str, Any] = {name: (None, value) for name, value in form.items()}
    if picture is not None:
        parts["picture"] = ("fridge.png", picture)
    answer = ann.post(path, files=parts, headers={**EVENTS, **from_our_page(ann)})
    assert answer.status_code == 200, answer.text
    heard = events(answer.text)
    assert len(heard) > 1
    name, data = heard[-1]
    assert name == "finished"
    record: dict[str, Any] = json.loads(data)
    return record


def test_from_upload_to_card_to_deletion(cloud: Cloud, ann: Browser) -> None:
    cloud.vertex.will_say(SEEN, DISHES, {"text": "For none of them.", "grounds": ["/dishes"]})
    picture = (EXAMPLES / "fridge.png").read_bytes()

    first = run(ann, "/api/v1/tools/fridge/runs", picture)
    assert first["outcome"] == "answered"
    assert first["observer"]["profile"] == "vertex"
    (sent,) = [each["sent"]["sha256"] for each in first["inputs"]]
    assert [hashlib.sha256(data).hexdigest() for data in cloud.vertex.looked_at] == [sent]
    (kept,) = [name for name in cloud.storage.listed() if name.startswith(KEPT)]
    assert kept.endswith(f"/{sent}")
    assert cloud.storage.content(kept) == cloud.vertex.looked_at[0]
    assert cloud.google.tokens == 1

    page = ann.get(f"/records/{first['id']}")
    assert "Tomato and cheese omelette" in page.text
    shown = ann.get(f"/api/v1/records/{first['id']}/pictures/1")
    assert shown.content == cloud.vertex.looked_at[0]

    cloud.vertex.server.rules.key = "ya29.2"  # the token was revoked
    further = run(ann, f"/api/v1/records/{first['id']}/runs", ask=ASK)
    assert further["reply"]["text"] == "For none of them."
    assert len(cloud.vertex.looked_at) == 2
    assert cloud.google.tokens == 2

    put_right = {**first["observation"], "inventory": first["observation"]["inventory"][:2]}
    corrected = run(ann, f"/api/v1/records/{first['id']}/runs", observation=json.dumps(put_right))
    assert corrected["parent"] == first["id"]
    assert len(corrected["answer"]["inventory"]) == 2

    asked = len(cloud.vertex.server.requests)
    wrong = run(ann, "/api/v1/tools/fridge/runs", b"this is no picture, but marmalade")
    assert wrong["outcome"] == "unusable"
    assert len(cloud.vertex.server.requests) == asked

    made = [first, further, corrected, wrong]
    held = str(cloud.database.rows())
    assert "marmalade" in held
    assert all(each["id"] in held for each in made)
    for each in made:
        gone = ann.delete(f"/api/v1/records/{each['id']}", headers=from_our_page(ann))
        assert gone.status_code == 204, gone.text
    left = str(cloud.database.rows())
    assert not [each["id"] for each in made if each["id"] in left]
    assert "marmalade" not in left
    assert sent not in left
    assert cloud.storage.listed() == []
    assert ann.get(f"/records/{first['id']}").status_code == 404


def test_a_run_that_a_stop_cuts_keeps_its_record_and_leaves_no_picture_on_its_way(
    cloud: Cloud, served: Container, ann: Browser
) -> None:
    cloud.vertex.server.hang()
    picture = (EXAMPLES / "fridge.png").read_bytes()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(run, ann, "/api/v1/tools/fridge/runs", picture)
        assert cloud.vertex.server.arrived.wait(30)
        assert cloud.travelling()
        began = time.monotonic()
        status = served.stop()
        assert time.monotonic() - began < 10, "Cloud Run kills it then"
        assert status == 0
        told = waiting.result()
    assert told["outcome"] == "cancelled"
    (row,) = [row for row in cloud.database.rows()["records"] if told["id"] in row]
    assert "cancelled" in row
    assert cloud.travelling() == []


def test_it_serves_nobody_on_tables_that_are_not_its_own_version(cloud: Cloud) -> None:
    assert "has no tables of a version, and this program needs" in refusal(cloud)
    made = once("visiontools", "database", "upgrade", **cloud.settings)
    assert made.returncode == 0, made.stderr
    cloud.database.change("UPDATE visiontools_version SET version_num = '9999'")
    assert "is of version 9999, which is newer than this program's" in refusal(cloud)


def refusal(cloud: Cloud) -> str:
    """The one line with which it ends at once."""
    refused = once(**cloud.settings, VISIONTOOLS_WEB__SIGN_IN="password")
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert line.startswith("Error: The PostgreSQL database 'visiontools' at 127.0.0.1")
    assert cloud.database.password not in refused.stdout + refused.stderr
    return line
