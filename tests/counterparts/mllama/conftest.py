"""A real Mllama behind ``transformers serve``, and the product pointed at it."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from tests.counterparts.service import Service, environment
from tests.counterparts.tap import Tap

from visiontools.pipeline import Pipeline
from visiontools.settings import Settings

NAME = "visiontools-tests/tiny-mllama"
ENDLESS = "visiontools-tests/tiny-mllama-endless"


@pytest.fixture(scope="session")
def programs() -> Path:
    return environment("mllama")


@pytest.fixture(scope="session")
def models(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of models that build_model.py writes."""
    folder = tmp_path_factory.mktemp("models")
    script = Path(__file__).parent / "build_model.py"
    subprocess.run([programs / "python", script, folder], check=True, capture_output=True)
    return folder


def serve(programs: Path, models: Path, folder: Path, *more: str) -> Service:
    """``transformers serve`` on the processor, without a way to any hub."""
    command = [programs / "transformers", "serve", *more, "--host", "127.0.0.1"]
    return Service(
        [*command, "--port", "{port}", "--device", "cpu"],
        folder,
        path="/health",
        env={"HF_HUB_CACHE": str(models), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
    )


@pytest.fixture(scope="session")
def server(
    programs: Path, models: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    with serve(programs, models, tmp_path_factory.mktemp("serve")) as running:
        yield running


@pytest.fixture
def tap(server: Service) -> Iterator[Tap]:
    with Tap(server.port) as listening:
        yield listening


def endpoint(url: str, **more: Any) -> dict[str, Any]:
    """The endpoint as a person writes it into visiontools.toml."""
    given = {"profile": "transformers_serve", "url": url, "model": NAME, "max_tokens": 200}
    return {**given, **more}


class Open(Protocol):
    def __call__(self, **endpoints: dict[str, Any]) -> AbstractAsyncContextManager[Pipeline]: ...


@pytest.fixture
def open_pipeline(tmp_path: Path) -> Open:
    """The product's own pipeline with these endpoints and data below ``tmp_path``."""

    @asynccontextmanager
    async def opened(**endpoints: dict[str, Any]) -> AsyncIterator[Pipeline]:
        settings = Settings(data_folder=tmp_path / "data", endpoints=endpoints)  # type: ignore[arg-type]
        async with Pipeline.open(settings) as pipeline:
            yield pipeline

    return opened
