"""``visiontools setup``: a newcomer's way to something that answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from visiontools.models.local.catalogue import known
from visiontools.testing.gguf import gguf
from visiontools.testing.hub import Hub
from visiontools.testing.model_server import ModelServer

MODEL = gguf({"general.architecture": "llama", "llama.context_length": 4096}, {}) + bytes(999)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Any:
    with Hub(page=2) as running:
        running.put(known()["llama-3.2-1b"].repo, "small-Q4_K_M.gguf", MODEL)
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        for name in ("HF_TOKEN", "HF_HOME", "HF_TOKEN_PATH", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)
        yield running


def test_without_a_terminal_it_says_what_there_is_and_asks_nothing(cli: Any) -> None:
    said = cli("setup")
    assert said.status == 0
    assert "labels and flow diagrams" in said.out
    assert "visiontools models pull NAME" in said.err


def test_a_text_model_is_chosen_shown_accepted_and_brought_here(
    cli: Any, hub: Hub, home: Path
) -> None:
    said = cli("setup", stdin=b"1\nllama-3.2-1b\ny\nn\n", typed=True)
    assert said.status == 0, said.err
    assert "Licence:" in said.err
    pulled = home / "data" / "models" / "llama-3.2-1b" / "small-Q4_K_M.gguf"
    assert pulled.read_bytes() == MODEL
    assert "visiontools run messages FILE --endpoint local:llama-3.2-1b --local-only" in said.err
    assert "llama-3.2-1b" in cli("setup").out


def test_a_licence_that_is_not_accepted_brings_nothing(cli: Any, hub: Hub, home: Path) -> None:
    said = cli("setup", stdin=b"1\n\nn\n", typed=True)
    assert said.status == 17
    assert not list((home / "data" / "models").rglob("*.gguf"))


def test_it_is_tried_on_a_sample_and_what_is_wrong_is_said(cli: Any, hub: Hub) -> None:
    said = cli("setup", stdin=b"1\n\ny\ny\n", typed=True)  # the hub's file is no model
    assert said.status != 0
    assert "'llama-3.2-1b'" in said.err
    assert "Traceback" not in said.err
    (record,) = cli("records", "list", "--json").json
    assert record["tool"] == "messages"


def test_a_server_is_added_by_the_same_questions_as_ever(cli: Any, home: Path) -> None:
    with ModelServer() as model:
        typed = f"3\nhome\nopenai_compatible\n{model.url}\nscripted\nnone\nn\n"
        said = cli("setup", stdin=typed.encode(), typed=True)
    assert said.status == 0, said.err
    assert "home" in (home / "visiontools.toml").read_text()


def test_where_nothing_may_leave_no_server_is_offered(
    cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_LOCAL_ONLY", "true")
    said = cli("setup", stdin=b"3\n", typed=True)
    assert said.status == 0, said.err
    assert "A model server" not in said.err
    assert "visiontools run diet PICTURE" in said.out
