"""The way to a model on this machine: loaded when first asked, in a process of the program."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

from visiontools.errors import ConfigurationError
from visiontools.models import wire
from visiontools.models.body import BodyError
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import Faults, complaint
from visiontools.models.local import faults
from visiontools.models.local.engine import PLACE, DiedError, Load, LoadError
from visiontools.models.local.memory import available_bytes
from visiontools.models.local.shelf import Manifest, Shelf
from visiontools.models.policy import FaultError
from visiontools.models.stream import Gathering

CONTEXT = 8192
"""Tokens of context unless set: a picture, a tool's schema and a long answer fit."""
_OVERHEAD = 1.05
_ALWAYS = {
    "stream": True,  # an answer that does not stream cannot be stopped
    "stream_options": {"include_usage": True},
    "return_progress": True,  # while the question is read, too
    "chat_template_kwargs": {"enable_thinking": False},
}


class LocalTransport:
    """A model of the shelf behind the endpoint's name.

    Raises ConfigurationError where the extra is missing, and FaultError as every transport does.
    """

    def __init__(self, endpoint: Endpoint, key: str | None) -> None:
        if importlib.util.find_spec("xllamacpp") is None:
            raise faults.not_installed()
        if endpoint.folder is None:
            raise ConfigurationError(
                f"Endpoint '{endpoint.name}' does not say where its model is kept.",
                next="Set its folder, or name the model with --endpoint local:NAME.",
            )
        self.faults = Faults(endpoint, key)
        self._endpoint = endpoint
        self._shelf = Shelf(endpoint.folder)

    async def models(self) -> Any:
        """The models that are pulled, in OpenAI's shape."""
        return {"data": [{"id": manifest.name} for manifest in self._shelf]}

    async def plain(self, body: dict[str, Any]) -> wire.Reply:
        """Ask, and wait for the whole answer."""
        return await self.stream(body, lambda _: None)

    async def stream(self, body: dict[str, Any], on_text: Callable[[str], None]) -> wire.Reply:
        """Ask, and hand each piece of text to ``on_text`` as it comes."""
        manifest = self._manifest()
        pictures = _pictures(body)
        if pictures and not manifest.sees:
            raise FaultError(faults.takes_no_pictures(manifest.name))
        if not all(url.startswith("data:") for url in pictures):  # llama.cpp would fetch it
            raise FaultError(faults.bad_picture(manifest.name))
        load = self._load(manifest)
        gathering, failed = Gathering(on_text), list[str]()

        def take(chunk: dict[str, Any]) -> None:
            if "error" in chunk:
                failed.append(complaint(chunk))
            else:
                gathering.take(chunk)

        try:
            async with PLACE.taken(load, lambda: _make_room(manifest, load)) as engine:
                await engine.ask({**body, **_ALWAYS}, take)
        except LoadError as error:
            raise FaultError(faults.of_load(manifest, str(error))) from None
        except DiedError as error:
            raise FaultError(faults.died(manifest, error.status)) from None
        except BodyError as error:
            raise self.faults.broken(str(error)) from None
        if failed:
            raise faults.of_answer(manifest, failed[0], load.context)
        return gathering.reply()

    async def close(self) -> None:
        """End the process and give its memory back."""
        await PLACE.release()

    def _manifest(self) -> Manifest:
        manifest = self._shelf.get(self._endpoint.model)
        if manifest is None:
            raise FaultError(faults.gone(self._endpoint.model))
        if not all(self._shelf.path(manifest, file.name).is_file() for file in manifest.files):
            raise FaultError(faults.gone(manifest.name))
        return manifest

    def _load(self, manifest: Manifest) -> Load:
        context = self._endpoint.context or CONTEXT
        if manifest.context:
            context = min(context, manifest.context)
        projector = manifest.projector and str(self._shelf.path(manifest, manifest.projector))
        model = str(self._shelf.path(manifest, manifest.model))
        return Load(model, projector, context, self._endpoint.threads)


def _make_room(manifest: Manifest, load: Load) -> None:
    """FaultError where the model would not fit in memory, before it pushes everything else out."""
    wanted = int(manifest.size * _OVERHEAD) + manifest.bytes_a_token * load.context
    free = available_bytes()
    if free is not None and wanted > free:
        raise FaultError(faults.too_large(manifest, wanted, free))


def _pictures(body: dict[str, Any]) -> list[str]:
    """The URLs of the pictures in the question."""
    return [
        part["image_url"]["url"]
        for message in body["messages"]
        if isinstance(message["content"], list)
        for part in message["content"]
        if part.get("type") == "image_url"
    ]
