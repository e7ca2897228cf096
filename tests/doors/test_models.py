"""``visiontools models`` against a hub that redirects, cuts, lies and closes its gate."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from visiontools.models.local.catalogue import known
from visiontools.testing.gguf import gguf
from visiontools.testing.hub import Cut, Hub

NAME = "smolvlm-500m"
REPO = known()[NAME].repo
HEAD: dict[str, Any] = {
    "general.architecture": "llama",
    "llama.context_length": 4096,
    "llama.block_count": 2,
    "llama.embedding_length": 64,
    "llama.attention.head_count": 4,
}
MODEL = gguf(HEAD, {}) + bytes(range(256)) * 1200
PROJECTOR = gguf({"general.architecture": "clip", "clip.has_vision_encoder": True}, {}) + b"eye"
GONE = [503] * 5
"""As often as is tried."""
FILE, EYE = "Smol-Q8_0.gguf", "mmproj-Smol-Q8_0.gguf"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The hub, with one model of the catalogue: two quantisations, two projectors, other files."""
    with Hub(page=2) as running:
        for path, data in {
            "README.md": b"# a model",
            "Smol-f16.gguf": MODEL + b"sixteen",
            FILE: MODEL,
            "mmproj-Smol-f16.gguf": PROJECTOR + b"sixteen",
            EYE: PROJECTOR,
        }.items():
            running.put(REPO, path, data)
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        for name in ("HF_TOKEN", "HF_HOME", "HF_TOKEN_PATH", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)
        yield running


def pull(cli: Any, *args: str) -> Any:
    return cli("models", "pull", *args, "--accept-licence")


def shelf(home: Path) -> Path:
    return home / "data" / "models"


def listed(cli: Any, name: str) -> dict[str, Any]:
    found = cli("models", "list", "--json").json
    return next(each for each in found if each["name"] == name)


def test_the_list_says_frankly_what_was_run_and_that_none_is_llama_3_2_vision(cli: Any) -> None:
    said = cli("models", "list")
    assert said.status == 0
    assert "None of them is Llama 3.2 Vision" in said.out
    catalogue = cli("models", "list", "--json").json
    assert {each["name"] for each in catalogue} == set(known())
    assert not any(each["pulled"] for each in catalogue)
    assert {each["ran"] for each in catalogue} == {False}


def test_a_model_of_the_catalogue_is_pulled_with_its_projector(
    cli: Any, hub: Hub, home: Path
) -> None:
    said = pull(cli, NAME, "--json")
    assert said.status == 0, said.err
    manifest = said.json
    assert manifest["model"] == FILE
    assert manifest["projector"] == EYE
    assert manifest["revision"] == "0123456789abcdef0123456789abcdef01234567"
    assert manifest["licence"]["name"] == "Apache-2.0"
    assert all(file["checked"] for file in manifest["files"])
    assert manifest["files"][0]["sha256"] == hashlib.sha256(MODEL).hexdigest()
    assert (shelf(home) / NAME / FILE).read_bytes() == MODEL
    assert json.loads((shelf(home) / NAME / "manifest.json").read_text()) == manifest
    assert sorted(p.name for p in (shelf(home) / NAME).iterdir()) == sorted(
        [FILE, EYE, "manifest.json"]
    )
    assert "not Llama 3.2 Vision" in said.err
    here = listed(cli, NAME)
    assert (here["pulled"], here["sees"], here["size"]) == (True, True, len(MODEL + PROJECTOR))


def test_a_model_that_is_here_is_not_pulled_again(cli: Any, hub: Hub) -> None:
    first = pull(cli, NAME, "--json").json
    asked = len(hub.requests)
    again = pull(cli, NAME, "--json")
    assert (again.status, again.json) == (0, first)
    assert len(hub.requests) == asked


def test_removing_frees_the_disk(cli: Any, hub: Hub, home: Path) -> None:
    pull(cli, NAME)
    freed = cli("models", "remove", NAME, "--json").json["freed"]
    assert freed > len(MODEL)
    assert not (shelf(home) / NAME).exists()
    assert not listed(cli, NAME)["pulled"]
    said = cli("models", "remove", NAME)
    assert said.status == 2
    assert f"No model named '{NAME}' is pulled. None is." in said.err


def test_a_cut_is_made_good_from_where_it_was(cli: Any, hub: Hub, home: Path) -> None:
    hub.files.then(Cut(100_000))
    assert pull(cli, NAME).status == 0
    assert (shelf(home) / NAME / FILE).read_bytes() == MODEL
    first, second = hub.files.requests[:2]
    assert "Range" not in first.headers
    assert second.headers["Range"] == "bytes=100000-"


def test_a_pull_that_broke_off_goes_on_in_the_next_one(cli: Any, hub: Hub, home: Path) -> None:
    hub.files.then(Cut(200_000), *GONE)
    broken = pull(cli, NAME)
    assert broken.status == 15
    assert "overloaded" in broken.err
    assert "goes on where it stopped" in broken.err
    assert not listed(cli, NAME)["pulled"]
    hub.files.requests.clear()
    assert pull(cli, NAME).status == 0
    assert hub.files.requests[0].headers["Range"] == "bytes=200000-"
    assert (shelf(home) / NAME / FILE).read_bytes() == MODEL


def test_a_file_that_is_whole_is_not_brought_again(cli: Any, hub: Hub) -> None:
    hub.files.then(Cut(len(MODEL)), *GONE)  # the second file does not come
    assert pull(cli, NAME).status == 15
    hub.files.requests.clear()
    assert pull(cli, NAME).status == 0
    assert len(hub.files.requests) == 1


def test_another_version_of_a_file_is_not_put_behind_the_first(
    cli: Any, hub: Hub, home: Path
) -> None:
    hub.files.then(Cut(200_000), *GONE)
    pull(cli, NAME)
    other = MODEL[:1000] + MODEL[:999:-1]
    hub.put(REPO, FILE, other)
    assert pull(cli, NAME).status == 0
    assert (shelf(home) / NAME / FILE).read_bytes() == other


def test_a_server_that_cannot_begin_in_the_middle_begins_again(
    cli: Any, hub: Hub, home: Path
) -> None:
    hub.files.ranges = False
    hub.files.then(Cut(100_000))
    assert pull(cli, NAME).status == 0
    assert (shelf(home) / NAME / FILE).read_bytes() == MODEL


def test_overload_passes(cli: Any, hub: Hub) -> None:
    hub.statuses.extend([503, 429])
    hub.files.then(503)
    assert pull(cli, NAME).status == 0


def test_a_wrong_checksum_is_refused_and_nothing_is_kept(cli: Any, hub: Hub, home: Path) -> None:
    hub.repos[REPO].announced[FILE] = "0" * 64
    said = pull(cli, NAME)
    assert said.status == 15
    assert f"{FILE} has another checksum than announced, so it is not used." in said.err
    assert not (shelf(home) / NAME).exists()
    assert FILE not in [p.name for p in (shelf(home) / f"{NAME}.unfinished").iterdir()]


def test_a_gated_repository_says_what_to_do(
    cli: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repos[REPO].gated = "manual"
    said = pull(cli, NAME)
    assert said.status == 15
    assert f"Accept its terms at {hub.url}/{REPO}" in said.err
    assert "HF_TOKEN" in said.err
    monkeypatch.setenv("HF_TOKEN", hub.token)
    said = pull(cli, NAME)
    assert said.status == 15
    assert "does not give us" in said.err
    assert hub.token not in said.err
    hub.allowed.add(REPO)
    assert pull(cli, NAME).status == 0


def test_the_token_comes_from_the_file_of_the_hubs_own_program(
    cli: Any, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repos[REPO].gated = "manual"
    hub.allowed.add(REPO)
    (tmp_path / "token").write_text(f"{hub.token}\n")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    assert pull(cli, NAME).status == 0


def test_the_token_goes_to_the_hub_and_to_no_other_host(
    cli: Any, hub: Hub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", hub.token)
    assert pull(cli, NAME).status == 0
    assert all(r.headers["Authorization"] == f"Bearer {hub.token}" for r in hub.requests)
    assert not [r for r in hub.files.requests if "Authorization" in r.headers]
    manifest = (shelf(home) / NAME / "manifest.json").read_text()
    assert hub.token not in manifest
    assert "Signature" not in manifest


def test_a_licence_is_accepted_by_a_person_or_by_the_option(cli: Any, hub: Hub) -> None:
    said = cli("models", "pull", NAME)
    assert said.status == 2
    assert "Apache-2.0" in said.err
    assert "--accept-licence" in said.err
    assert cli("models", "pull", NAME, stdin=b"n\n", typed=True).status == 17
    assert not hub.files.requests
    assert cli("models", "pull", NAME, stdin=b"y\n", typed=True).status == 0


def test_room_on_the_disk_is_looked_at_first(
    cli: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = type("Usage", (), {"free": 99_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: free)
    said = pull(cli, NAME)
    assert said.status == 2
    assert "needs 100 MB of disk, and 99 MB are free" in said.err
    assert not hub.files.requests


def test_two_pulls_at_once_do_not_spoil_each_other(
    cli: Any, hub: Hub, home: Path, start: Any
) -> None:
    hub.files.hold = threading.Event()
    first = start("models", "pull", NAME, "--accept-licence")
    hub.files.arrived.wait(30)
    second = pull(cli, NAME)
    assert second.status == 2
    assert f"Another process is pulling or removing '{NAME}'." in second.err
    assert cli("models", "remove", NAME).status == 2
    hub.files.hold.set()
    _, err = first.communicate(timeout=30)
    assert first.returncode == 0, err
    assert (shelf(home) / NAME / FILE).read_bytes() == MODEL


def test_any_repository_of_the_hub_and_any_of_its_files(cli: Any, hub: Hub, home: Path) -> None:
    hub.put("me/Tiny-LM-GGUF", "q/Tiny-Q8_0-00001-of-00002.gguf", MODEL)
    hub.put("me/Tiny-LM-GGUF", "q/Tiny-Q8_0-00002-of-00002.gguf", MODEL[:5000])
    hub.put("me/Tiny-LM-GGUF", "Tiny-Q4_0.gguf", MODEL)
    manifest = pull(cli, "me/Tiny-LM-GGUF:Q8_0", "--json").json
    assert manifest["name"] == "tiny-lm-q8_0"
    assert manifest["model"] == "Tiny-Q8_0-00001-of-00002.gguf"
    assert len(manifest["files"]) == 2
    assert not listed(cli, "tiny-lm-q8_0")["sees"]
    said = pull(cli, "me/Tiny-LM-GGUF:nope")
    assert said.status == 2
    assert f"No model file in {hub.url}/me/Tiny-LM-GGUF fits 'nope'." in said.err
    assert "There are: Tiny-Q4_0.gguf" in said.err


def test_what_the_hub_does_not_have(cli: Any, hub: Hub) -> None:
    said = pull(cli, "no/such")
    assert said.status == 15
    assert "gated or private, or there is no such repository" in said.err
    said = pull(cli, "smolvlm-500")
    assert said.status == 2
    assert "Did you mean 'smolvlm-500m'?" in said.err
    del hub.repos[REPO].files[EYE]
    del hub.repos[REPO].files["mmproj-Smol-f16.gguf"]
    said = pull(cli, NAME)
    assert said.status == 15
    assert "has no projector" in said.err


def test_a_hub_that_cannot_be_reached(cli: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visiontools.models.policy.Policy.wait", lambda self, retry: 0.0)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    said = pull(cli, NAME)
    assert said.status == 15
    assert "No connection to 127.0.0.1:9. Are you online?" in said.err


@pytest.mark.parametrize("url", ["http://example.org/x/", "http://10.0.0.1/x/", "https:///x"])
def test_only_https_and_this_machine_are_fetched_from(cli: Any, url: str) -> None:
    said = pull(cli, "mine", "--from", url)
    assert said.status == 2
    assert "models come over https" in said.err


def test_a_file_that_is_no_model_is_said(cli: Any, hub: Hub, home: Path) -> None:
    hub.put("me/odd", "odd.gguf", b"<html>not a model</html>")
    said = pull(cli, "me/odd")
    assert said.status == 15
    assert "odd.gguf is no GGUF file that can be read" in said.err
    assert not (shelf(home) / "odd").exists()


@pytest.fixture
def folder(home: Path) -> Path:
    """A folder with a model and its projector, whose name does not tell."""
    folder = home / "mine"
    folder.mkdir()
    (folder / "weights.gguf").write_bytes(MODEL)
    (folder / "eyes.gguf").write_bytes(PROJECTOR)
    return folder


def test_a_model_comes_from_a_folder(cli: Any, home: Path, folder: Path) -> None:
    manifest = pull(cli, "mine", "--from", str(folder), "--json").json
    assert (manifest["model"], manifest["projector"]) == ("weights.gguf", "eyes.gguf")
    assert manifest["context"] == 4096
    assert not any(file["checked"] for file in manifest["files"])
    assert manifest["licence"]["name"] == "not stated by its source"


def test_checksums_beside_the_files_are_heeded(cli: Any, home: Path, folder: Path) -> None:
    digest = hashlib.sha256(MODEL).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  weights.gguf\n{'0' * 64} *eyes.gguf\n")
    said = pull(cli, "mine", "--from", str(folder))
    assert said.status == 2
    assert "eyes.gguf has another checksum" in said.err
    (folder / "SHA256SUMS").write_text(f"{digest}  weights.gguf\n")
    manifest = pull(cli, "mine", "--from", str(folder), "--json").json
    assert [file["checked"] for file in manifest["files"]] == [True, False]


def test_a_model_comes_from_below_a_url(cli: Any, folder: Path) -> None:
    (folder / "mmproj eyes.gguf").write_bytes((folder / "eyes.gguf").read_bytes())
    (folder / "eyes.gguf").unlink()
    with _served(folder) as url:
        manifest = pull(cli, "index", "--from", url, "--json").json
        assert (manifest["model"], manifest["projector"]) == ("weights.gguf", "mmproj eyes.gguf")
        digest = hashlib.sha256(MODEL).hexdigest()
        (folder / "SHA256SUMS").write_text(f"{digest}  weights.gguf\n")
        manifest = pull(cli, "sums", "--from", f"{url}weights.gguf", "--json").json
        assert [file["checked"] for file in manifest["files"]] == [True]
        (folder / "SHA256SUMS").write_text(f"{'0' * 64}  weights.gguf\n")
        said = pull(cli, "wrong", "--from", url)
        assert said.status == 15
        assert "another checksum" in said.err
        said = pull(cli, "none", "--from", f"{url}nothing/")
        assert said.status == 2
        assert "There is nothing at" in said.err


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.mark.parametrize("name", ["../up", "UP", ".hidden", "a/b/c", "x.unfinished"])
def test_a_name_that_is_none_is_refused(cli: Any, folder: Path, name: str) -> None:
    assert pull(cli, name, "--from", str(folder)).status == 2
    assert cli("models", "remove", name).status == 2


def test_a_manifest_that_cannot_be_read_is_said(cli: Any, home: Path) -> None:
    (shelf(home) / "bad").mkdir(parents=True)
    (shelf(home) / "bad" / "manifest.json").write_text("{}")
    said = cli("models", "list")
    assert said.status == 2
    assert "visiontools models remove bad" in said.err
    assert cli("models", "remove", "bad").status == 0
    assert cli("models", "list").status == 0
