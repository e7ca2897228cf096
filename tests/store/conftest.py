"""Places to keep things in: both databases; and for pictures a folder, a strict double of Cloud
Storage, and an emulator of it."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from visiontools.store.database import Database
from visiontools.store.pictures import PictureFolder, PictureStore
from visiontools.store.pictures.cloud import CloudPictures, Patience
from visiontools.store.pictures.places import Bucket
from visiontools.testing.storage_faults import FaultProxy
from visiontools.testing.storage_server import StorageServer
from visiontools.types import Picture, Source

BUCKET = "pictures"
QUICK = Patience(deadline_s=5.0, request_s=1.0, first_s=0.01)

Opened = Callable[..., CloudPictures]


@pytest.fixture
async def database(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Each kind of database; every store keeps the same promises in both."""
    opened = Database.at(database_url, tmp_path / "store")
    yield opened
    await opened.close()


@pytest.fixture
def picture() -> Callable[..., Picture]:
    """A picture with any bytes."""

    def make(data: bytes = b"a picture\r\n--and its end--\r\n") -> Picture:
        digest = hashlib.sha256(data).hexdigest()
        return Picture(data, "image/png", 3, 2, digest, (Source("ab" * 32, 30, 20),))

    return make


@pytest.fixture
def server() -> Iterator[StorageServer]:
    with StorageServer(BUCKET) as running:
        yield running


@pytest.fixture
def proxy(server: StorageServer) -> Iterator[FaultProxy]:
    with FaultProxy(server.url) as running:
        yield running


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """Open a picture store at some server; all are closed afterwards."""
    stores: list[CloudPictures] = []

    def open_at(
        url: str, prefix: str = "kept/", patience: Patience = QUICK, credentials: Any = None
    ) -> CloudPictures:
        def sign_in() -> Any:
            who = credentials or AnonymousCredentials()
            return storage.Client("none", who, client_options={"api_endpoint": url})

        stores.append(CloudPictures(Bucket(BUCKET, prefix), patience=patience, sign_in=sign_in))
        return stores[-1]

    yield open_at
    for store in stores:
        await store.close()


@pytest.fixture
async def cloud(opened: Opened, server: StorageServer) -> CloudPictures:
    """A picture store in the strict double."""
    return opened(server.url)


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """gcp-storage-emulator in a process of its own; its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-m", "gcp_storage_emulator", "start", "--host=127.0.0.1", f"--port={port}"]
    process = subprocess.Popen(
        [sys.executable, *command, "--in-memory", f"--default-bucket={BUCKET}"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "All services started" in line:
            break
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.communicate()


@pytest.fixture(params=["folder", "cloud", "emulator"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path, opened: Opened) -> PictureStore:
    """Each kind of picture store; all keep the same promises."""
    if request.param == "folder":
        return PictureFolder(tmp_path / "pictures")
    if request.param == "cloud":
        return opened(request.getfixturevalue("server").url)
    return opened(request.getfixturevalue("emulator"), prefix=f"{tmp_path.name}/")
