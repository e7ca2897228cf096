"""A real Llama Stack in front of a scripted model server, and the product pointed at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from tests.counterparts.service import Service, environment, free_port
from tests.counterparts.tap import Tap

from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer, Rules

BEHIND = "meta-llama/Llama-3.2-11B-Vision-Instruct"
GUARD = "meta-llama/Llama-Guard-3-8B"
NAME = f"vllm/{BEHIND}"
"""As the stack names it: its provider's name comes first."""


def scripted() -> ModelServer:
    return ModelServer(Rules(models=(BEHIND, GUARD)))


def stacked(folder: Path, url: str) -> Service:
    """A Llama Stack whose only provider is at ``url``."""
    config = Path(__file__).parent / "stack.yaml"
    return Service(
        [environment("llama_stack") / "llama", "stack", "run", config, "--port", "{port}"],
        folder,
        path="/v1/health",
        env={"MODEL_SERVER": url, "STACK_FOLDER": str(folder)},
    )


@pytest.fixture(scope="session")
def provider() -> Iterator[Tap]:
    """Where the stack finds its provider; each test puts its own server behind it."""
    with Tap(free_port()) as listening:
        yield listening


@pytest.fixture(scope="session")
def stack(provider: Tap, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with scripted() as server:  # it asks for the models while it starts
        provider.behind = server.port
        with stacked(tmp_path_factory.mktemp("stack"), provider.url) as running:
            yield running


@pytest.fixture
def server(stack: Service, provider: Tap) -> Iterator[ModelServer]:
    """The model server behind the stack, for one test."""
    with scripted() as running:
        provider.behind = running.port
        yield running


OwnStack = tuple[Service, ModelServer]


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[OwnStack]:
    """For a test that leaves the stack waiting: it would ask the next test's server again."""
    with scripted() as server, stacked(tmp_path / "stack", server.url) as running:
        server.arrived.clear()  # it has asked for the models
        yield running, server


def endpoint(url: str, **more: Any) -> dict[str, Any]:
    """The endpoint as a person writes it into visiontools.toml."""
    given = {"profile": "llama_stack", "url": url, "model": NAME, "deadline_s": 30}
    return {**given, **more}


class Open(Protocol):
    def __call__(self, **more: Any) -> AbstractAsyncContextManager[Pipeline]: ...


@pytest.fixture
def open_pipeline(stack: Service, tmp_path: Path) -> Open:
    """The product's own pipeline with the stack as endpoint ``stack``."""

    @asynccontextmanager
    async def opened(**more: Any) -> AsyncIterator[Pipeline]:
        endpoints: Any = {"stack": endpoint(**{"url": stack.url, **more})}
        settings = Settings(data_folder=tmp_path / "data", endpoints=endpoints)
        async with Pipeline.open(settings) as pipeline:
            yield pipeline

    return opened
