"""Pictures in Cloud Storage through what networks, servers and administrators do to them."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials

from visiontools.errors import ConfigurationError, StorageError
from visiontools.store.pictures import cloud as cloud_module
from visiontools.store.pictures.cloud import CloudPictures, Patience
from visiontools.store.pictures.places import Bucket, path_of
from visiontools.testing.storage_faults import (
    CUT_REPLY,
    LOSE_REPLY,
    RESET,
    Fail,
    FaultProxy,
    Step,
    Wait,
)
from visiontools.testing.storage_server import StorageServer
from visiontools.types import Picture

Make = Callable[..., Picture]
SHORT = Patience(deadline_s=1.0, request_s=0.3, first_s=0.01)


# Google's library leaves the socket of an answer it does not want to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


async def _nobody() -> bool:
    return False


FAULTS: list[tuple[Step, ...]] = [
    (Fail(503), Fail(503), Fail(503)),
    (Fail(429), Fail(500)),
    (RESET, RESET),
    (LOSE_REPLY,),
    (LOSE_REPLY, Fail(503), LOSE_REPLY),
    (CUT_REPLY,),
    (Wait(0.5),),
]


@pytest.mark.parametrize("faults", FAULTS, ids=str)
async def test_a_fault_that_passes_is_not_noticed(
    opened: Callable[..., CloudPictures], server: StorageServer, proxy: FaultProxy, picture: Make,
    faults: tuple[Step, ...],
) -> None:  # fmt: skip
    store = opened(proxy.url, patience=Patience(deadline_s=5.0, request_s=0.3, first_s=0.01))
    proxy.then(*faults)
    await store.put("ann", picture())
    assert [stored.data for stored in server.remains()] == [picture().data]
    proxy.then(*faults)
    await store.put("ann", picture())
    proxy.then(*faults)
    assert await store.get("ann", picture().sha256) == picture().data
    proxy.then(*faults)
    await store.delete("ann", picture().sha256, _nobody)
    assert server.remains() == []


LASTING = [
    (Fail(503), "overloaded"),
    (Fail(429), "overloaded"),
    (RESET, "no connection"),
    (LOSE_REPLY, "no connection"),
    (Wait(0.6), "no connection"),
]


@pytest.mark.parametrize(("fault", "said"), LASTING, ids=str)
async def test_a_fault_that_lasts_is_said_within_the_deadline(
    opened: Callable[..., CloudPictures], proxy: FaultProxy, picture: Make, fault: Step, said: str
) -> None:
    store = opened(proxy.url, patience=SHORT)
    proxy.always(fault)
    for asked in (
        store.put("ann", picture()),
        store.get("ann", picture().sha256),
        store.delete("ann", picture().sha256, _nobody),
    ):
        began = time.monotonic()
        with pytest.raises(StorageError, match=f"{said}|no answer in 1 s") as caught:
            await asked
        assert time.monotonic() - began < SHORT.deadline_s + 0.5
        assert caught.value.next
        assert picture().sha256 not in str(caught.value)


async def test_what_was_written_though_nobody_said_so_can_be_deleted(
    opened: Callable[..., CloudPictures], server: StorageServer, proxy: FaultProxy, picture: Make
) -> None:
    store = opened(proxy.url, patience=SHORT)
    proxy.always(LOSE_REPLY)
    with pytest.raises(StorageError):
        await store.put("ann", picture())
    assert server.remains(), "the test must have written what it is about"
    proxy.always(None)
    await store.delete("ann", picture().sha256, _nobody)
    assert server.remains() == []


async def test_a_picture_has_its_type_and_name_and_is_written_once(
    cloud: CloudPictures, server: StorageServer, picture: Make
) -> None:
    await asyncio.gather(*(cloud.put("ann@example.org", picture()) for _ in range(20)))
    (stored,) = server.remains()
    assert stored.name == f"kept/{path_of('ann@example.org', picture().sha256)}"
    assert "ann" not in stored.name
    assert stored.told["contentType"] == "image/png"
    assert stored.told["cacheControl"] == "private, no-store"


async def test_each_put_moves_the_time_that_retention_counts_from(
    cloud: CloudPictures, server: StorageServer, picture: Make
) -> None:
    await cloud.put("ann", picture())
    first = server.remains()[0].told["customTime"]
    await cloud.put("ann", picture())
    assert server.remains()[0].told["customTime"] > first


async def test_a_clock_that_is_ahead_elsewhere_does_not_matter(
    cloud: CloudPictures, server: StorageServer, picture: Make
) -> None:
    await cloud.put("ann", picture())
    (stored,) = server.remains()
    stored.told["customTime"] = "2999-01-01T00:00:00Z"
    before = stored.metageneration
    await cloud.put("ann", picture())
    assert stored.metageneration > before
    assert stored.told["customTime"].startswith("2999")


async def test_a_versioned_bucket_keeps_nothing_either(
    opened: Callable[..., CloudPictures], server: StorageServer, picture: Make
) -> None:
    server.versioned = True
    store = opened(server.url)
    await store.put("ann", picture())
    await store.put("bob", picture())
    for stored in server.remains():
        stored.live = False  # as after somebody deleted them without naming their generations
    await store.put("ann", picture())
    assert len(server.remains()) == 3
    await store.delete("ann", picture().sha256, _nobody)
    (left,) = server.remains()
    assert left.name.endswith(path_of("bob", picture().sha256))


async def test_a_changed_picture_is_not_shown(
    cloud: CloudPictures, server: StorageServer, picture: Make
) -> None:
    await cloud.put("ann", picture())
    server.damage()
    with pytest.raises(StorageError, match="not the one that was kept"):
        await cloud.get("ann", picture().sha256)


@pytest.mark.parametrize("verb", ["create", "update", "get", "list", "delete"])
async def test_a_missing_permission_names_the_role_to_give(
    cloud: CloudPictures, server: StorageServer, picture: Make, verb: str
) -> None:
    if verb != "create":
        await cloud.put("ann", picture())
    server.denied = {verb}
    asks: dict[str, Callable[[], Awaitable[object]]] = {
        "get": lambda: cloud.get("ann", picture().sha256),
        "list": lambda: cloud.delete("ann", picture().sha256, _nobody),
        "delete": lambda: cloud.delete("ann", picture().sha256, _nobody),
    }
    ask = asks.get(verb, lambda: cloud.put("ann", picture()))
    with pytest.raises(ConfigurationError, match=r"roles/storage\.objectUser") as caught:
        await ask()
    assert not isinstance(caught.value, StorageError), "asking again does not help"


async def test_a_deleted_bucket_is_named_whatever_is_asked(
    cloud: CloudPictures, server: StorageServer, picture: Make
) -> None:
    await cloud.put("ann", picture())
    server.bucket = None
    for asked in (
        cloud.put("ann", picture()),
        cloud.get("ann", picture().sha256),
        cloud.delete("ann", picture().sha256, _nobody),
    ):
        with pytest.raises(ConfigurationError, match="there is no bucket gs://pictures"):
            await asked


async def test_nobody_listening_is_said(
    opened: Callable[..., CloudPictures], picture: Make
) -> None:
    store = opened("http://127.0.0.1:9", patience=SHORT)
    with pytest.raises(StorageError, match="no connection to Cloud Storage"):
        await store.put("ann", picture())


async def test_no_credentials_are_said(
    picture: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "STORAGE_EMULATOR_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    store = CloudPictures(Bucket("pictures"))
    with pytest.raises(ConfigurationError, match="gcloud auth application-default login"):
        await store.put("ann", picture())
    await store.close()


class _Revoked(Credentials):  # type: ignore[misc]
    def refresh(self, request: object) -> None:
        raise RefreshError("invalid_grant: Token has been expired or revoked: ya29.SECRET")


async def test_credentials_that_were_revoked_are_said_without_the_token(
    opened: Callable[..., CloudPictures], picture: Make, caplog: pytest.LogCaptureFixture
) -> None:
    with StorageServer("pictures", token="ya29.GOOD") as server, caplog.at_level(logging.DEBUG):
        store = opened(server.url, credentials=_Revoked("ya29.SECRET"))
        with pytest.raises(ConfigurationError, match="not accept the credentials") as caught:
            await store.put("ann", picture())
        nobody = opened(server.url)
        with pytest.raises(ConfigurationError, match="no Google credentials"):
            await nobody.put("ann", picture())
    assert "ya29" not in str(caught.value)
    assert "ya29" not in "".join(r.getMessage() for r in caplog.records if "visiontools" in r.name)


def test_without_googles_library_the_command_to_install_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cloud_module, "_installed", lambda: False)
    with pytest.raises(ConfigurationError, match=r"pip install 'visiontools\[google\]'"):
        CloudPictures(Bucket("pictures"))


def test_googles_library_is_loaded_with_the_first_picture_only() -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from visiontools.store.pictures import open_pictures\n"
        "open_pictures('gs://pictures/kept', Path())\n"
        "print([m for m in ('google.cloud.storage', 'google.auth', 'requests') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_long_list_of_pictures_comes_page_by_page(
    cloud: CloudPictures, server: StorageServer, picture: Make
) -> None:
    for number in range(5):
        await cloud.put("ann", picture(b"%d" % number))
    server.page, before = 2, len(server.requests)
    names = await cloud.names()
    assert sorted(names) == sorted(path_of("ann", picture(b"%d" % n).sha256) for n in range(5))
    assert len(server.requests) - before == 3
