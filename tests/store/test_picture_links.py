"""Addresses of pictures: signed without a key file, short-lived, and nothing in them can change."""

from __future__ import annotations

import base64
import datetime as dt
import gc
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth import iam
from google.auth.compute_engine import _metadata
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceAccount

from visiontools.errors import ConfigurationError
from visiontools.store.pictures import PictureFolder
from visiontools.store.pictures.cloud import CloudPictures
from visiontools.store.pictures.places import Bucket
from visiontools.store.records import Kept, Records
from visiontools.testing.local_http import Exchange, LocalServer
from visiontools.testing.storage_server import StorageServer
from visiontools.types import Asked, Outcome, Picture, Record

ACCOUNT = "visiontools@project.iam.gserviceaccount.com"
TOKEN = "ya29.of-the-account"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PKCS1 = padding.PKCS1v15()
Make = Callable[..., Picture]

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


def _verifies(message: bytes, signature: bytes) -> bool:
    try:
        KEY.public_key().verify(signature, message, PKCS1, hashes.SHA256())
    except Exception:
        return False
    return True


class GoogleCloud(LocalServer):
    """What a program on Cloud Run has beside it: a metadata server, and IAM that signs."""

    def __init__(self) -> None:
        super().__init__()
        self.scopes: list[str] = []
        self.signed = 0
        self.may_sign = True

    def answer(self, exchange: Exchange) -> None:
        said: Any
        if exchange.path.endswith(":signBlob"):
            if not self.may_sign or exchange.headers["Authorization"] != f"Bearer {TOKEN}":
                return exchange.send(403, b"iam.serviceAccounts.signBlob denied for " + b"x", {})
            self.signed += 1
            message = base64.b64decode(json.loads(exchange.body)["payload"])
            signature = KEY.sign(message, PKCS1, hashes.SHA256())
            said = {"signedBlob": base64.b64encode(signature).decode()}
        elif "universe-domain" in exchange.path:
            return exchange.send(404, b"", {})
        elif "/token" in exchange.path:
            self.scopes.append(unquote(exchange.path))
            said = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}
        else:
            said = {"email": ACCOUNT, "aliases": ["default"], "scopes": []}
        headers = {"Content-Type": "application/json", "Metadata-Flavor": "Google"}
        return exchange.send(200, json.dumps(said).encode(), headers)


@pytest.fixture
def cloud_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[GoogleCloud]:
    """Google's own code, led to the double instead of Google."""
    with GoogleCloud() as double:
        for name in ("GOOGLE_APPLICATION_CREDENTIALS", "STORAGE_EMULATOR_HOST", "NO_GCE_CHECK"):
            monkeypatch.delenv(name, raising=False)
        host = double.url.removeprefix("http://")
        monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
        monkeypatch.setenv("GCE_METADATA_IP", host)
        monkeypatch.setattr(_metadata, "_GCE_METADATA_HOST", host)
        monkeypatch.setattr(iam, "_IAM_SIGN_ENDPOINT", f"{double.url}/v1/{{}}:signBlob")
        yield double


@pytest.fixture
async def keyless(
    cloud_run: GoogleCloud, server: StorageServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CloudPictures]:
    """A store that signs in by itself where no key is, as on Cloud Run."""
    server.keys[ACCOUNT] = _verifies
    server.token = TOKEN
    monkeypatch.setenv("API_ENDPOINT_OVERRIDE", server.url)
    store = CloudPictures(Bucket("pictures", "kept/"))
    yield store
    await store.close()


def _get(url: str) -> requests.Response:
    with requests.Session() as session:
        return session.get(url, timeout=5)


async def test_without_a_key_the_account_signs_by_asking_iam(
    keyless: CloudPictures, cloud_run: GoogleCloud, picture: Make
) -> None:
    await keyless.put("ann", picture())
    link = await keyless.link("ann", picture().sha256)
    assert link is not None
    shown = _get(link)
    assert (shown.status_code, shown.content) == (200, picture().data)
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"] == "inline"
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert cloud_run.signed == 1
    assert "auth/cloud-platform" in cloud_run.scopes[0], "else IAM would not sign with the token"
    assert TOKEN not in link
    assert "X-Goog-Expires=300" in link


async def test_a_key_at_hand_signs_by_itself(
    server: StorageServer, opened: Callable[..., CloudPictures], picture: Make
) -> None:
    pem = KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    info = {"client_email": ACCOUNT, "private_key": pem, "token_uri": "http://127.0.0.1:9"}
    server.keys[ACCOUNT] = _verifies
    await opened(server.url).put("ann", picture())
    credentials = ServiceAccount.from_service_account_info(info)
    link = await opened(server.url, credentials=credentials).link("ann", picture().sha256)
    assert link is not None
    assert _get(link).content == picture().data


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("inline", "attachment"),
        ("X-Goog-Expires=300", "X-Goog-Expires=3600"),
        ("kept/", "kept/../"),
        ("?X-Goog", "?response-content-type=text%2Fhtml&X-Goog"),
        ("X-Goog-Signature=", "X-Goog-Signature=00"),
    ],
)
async def test_a_changed_address_shows_nothing(
    keyless: CloudPictures, picture: Make, said: str, other: str
) -> None:
    await keyless.put("ann", picture())
    link = await keyless.link("ann", picture().sha256)
    assert link is not None
    assert said in link
    assert _get(link.replace(said, other)).status_code in (403, 404)


async def test_no_link_reaches_anothers_picture(keyless: CloudPictures, picture: Make) -> None:
    await keyless.put("ann", picture())
    link = await keyless.link("bob", picture().sha256)
    assert link is not None
    assert _get(link).status_code == 404


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("diet-1f2e3d4c.png", 'attachment; filename="diet-1f2e3d4c.png"'),
        ('a"; filename="b.html', 'attachment; filename="a_filename_b.html"'),
        ("a\r\nSet-Cookie: x", 'attachment; filename="a_Set-Cookie_x"'),
    ],
)
async def test_a_download_has_a_plain_name(
    keyless: CloudPictures, picture: Make, name: str, said: str
) -> None:
    await keyless.put("ann", picture())
    link = await keyless.link("ann", picture().sha256, name=name)
    assert link is not None
    assert _get(link).headers["Content-Disposition"] == said


async def test_a_records_pictures_are_shown_or_downloaded_by_name(
    keyless: CloudPictures, tmp_path: Path, picture: Make
) -> None:
    record = Record(
        id="1f2e3d4c-0000-4000-8000-000000000000", created=dt.datetime.now(dt.UTC), tool="diet",
        tool_version="1", request=Asked(), outcome=Outcome.ANSWERED, message="It is fine.",
    )  # fmt: skip
    records = Records(tmp_path / "store", keyless)
    await records.keep(Kept(record, (picture(b"one"), picture(b"two"))))
    assert [_get(str(link)).content for link in await records.links(record)] == [b"one", b"two"]
    saved = await records.links(record, download=True)
    assert [_get(str(link)).headers["Content-Disposition"] for link in saved] == [
        'attachment; filename="diet-1f2e3d4c-1.png"',
        'attachment; filename="diet-1f2e3d4c-2.png"',
    ]
    await records.close()


async def test_an_account_that_may_not_sign_is_told_the_role(
    keyless: CloudPictures, cloud_run: GoogleCloud, picture: Make
) -> None:
    cloud_run.may_sign = False
    with pytest.raises(ConfigurationError, match="Service Account Token Creator") as caught:
        await keyless.link("ann", picture().sha256)
    assert TOKEN not in str(caught.value)
    assert ACCOUNT not in str(caught.value)


async def test_a_persons_credentials_cannot_sign_and_say_so(
    server: StorageServer, opened: Callable[..., CloudPictures], picture: Make
) -> None:
    store = opened(server.url, credentials=Credentials("ya29.of-a-person"))
    with pytest.raises(ConfigurationError, match="--impersonate-service-account"):
        await store.link("ann", picture().sha256)


@pytest.mark.parametrize("seconds", [0, -1, 3601])
async def test_a_link_is_short_lived(keyless: CloudPictures, picture: Make, seconds: int) -> None:
    with pytest.raises(ValueError, match="3600 seconds"):
        await keyless.link("ann", picture().sha256, seconds=seconds)


async def test_a_folder_has_no_addresses(tmp_path: Any, picture: Make) -> None:
    assert await PictureFolder(tmp_path).link("ann", picture().sha256) is None
