"""One model loaded in a worker process, and the one place it has in this program."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any

from visiontools.processes import reap

_MODULE = "visiontools.models.local.worker"
_LONGEST_LINE = 2**24
_STOPS_WITHIN_S = 2.0
_LOOKS_AGAIN_S = 0.02
_KEPT = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LANG", "LC_ALL")
_KEPT_BEGINNINGS = ("GGML_", "LLAMA_", "CUDA_", "HIP_", "ROCR_", "VK_", "OMP_")


@dataclass(frozen=True, slots=True)
class Load:
    """What to load: paths of the files, tokens of context, threads (None: llama.cpp chooses)."""

    model: str
    projector: str | None
    context: int
    threads: int | None


class LoadError(Exception):
    """The model could not be loaded; the text is the end of llama.cpp's log."""


class DiedError(Exception):
    """The worker process ended by itself; ``status`` as in ``subprocess``."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"the worker process ended with status {status}")
        self.status = status


class Engine:
    """A worker process with one model; it belongs to the event loop that made it."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.loop = asyncio.get_running_loop()
        self._process: asyncio.subprocess.Process | None = None
        self._number = 0
        self._settling: asyncio.Task[None] | None = None

    @property
    def process_id(self) -> int | None:
        """The worker's, while it lives."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and alive else None

    async def start(self) -> None:
        """Load the model. Raises LoadError or DiedError; cancelled, it ends the process."""
        path = os.pathsep.join(entry for entry in sys.path if entry)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-s", "-B", "-m", _MODULE),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**_environment(), "PYTHONPATH": path},
            limit=_LONGEST_LINE,
            start_new_session=True,  # Ctrl-C is for the program, which then stops the model
        )
        try:
            await self._write({"load": asdict(self.load)})
            said = await self._read()
        except BaseException:
            await self.close()
            raise
        if "failed" in said:
            await self.close()
            raise LoadError(said["failed"])

    async def ask(self, body: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
        """Hand each piece of the answer to ``tell``. Raises DiedError; cancelled, it stops."""
        self._number += 1
        try:
            await self._write({"ask": self._number, "body": body})
            await self._heard(self._number, tell)
        except DiedError:
            await self.close()
            raise
        except BaseException:
            self._settling = asyncio.ensure_future(self._settle(self._number))
            raise

    async def settled(self) -> None:
        """Wait until an answer that was stopped is over; its process may have had to end."""
        if self._settling is not None:
            await asyncio.shield(self._settling)

    async def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._settling is not None:
            self._settling.cancel()
        await self._end()

    async def _end(self) -> None:
        self.kill()
        if self._process is not None:
            await asyncio.shield(reap(self._process))

    def kill(self) -> None:
        """End the process without waiting for it; from any thread."""
        if self.process_id is None:
            return
        # Process.kill would reap it under the hands of the event loop, which then complains.
        with suppress(ProcessLookupError):
            os.kill(self.process_id, getattr(signal, "SIGKILL", signal.SIGTERM))

    async def _heard(self, number: int, tell: Callable[[dict[str, Any]], None]) -> None:
        while "end" not in (said := await self._read()):
            if said.get("id") == number:
                tell(said["chunk"])

    async def _settle(self, number: int) -> None:
        """Stop an answer nobody waits for any more; a model that will not stop is ended."""
        try:
            async with asyncio.timeout(_STOPS_WITHIN_S):
                await self._write({"stop": number})
                await self._heard(number, lambda _: None)
        except (TimeoutError, DiedError):
            await self._end()
        except asyncio.CancelledError:
            self.kill()
            raise

    async def _write(self, message: dict[str, Any]) -> None:
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(message).encode() + b"\n")
            await process.stdin.drain()
        except ConnectionError:
            raise DiedError(await process.wait()) from None

    async def _read(self) -> dict[str, Any]:
        process = self._started()
        assert process.stdout is not None
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            raise DiedError(await process.wait())
        said: dict[str, Any] = json.loads(line)
        return said

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise DiedError(None)
        return self._process


def _environment() -> dict[str, str]:
    """What a worker needs of the program's environment; keys and tokens are none of it."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _KEPT or name.startswith(_KEPT_BEGINNINGS)
    }


class Place:
    """Where one model is loaded at a time; whoever wants another takes the place over.

    One answer at a time, whichever endpoint, thread or event loop wants it.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._engine: Engine | None = None

    @asynccontextmanager
    async def taken(self, load: Load, make_room: Callable[[], None]) -> AsyncIterator[Engine]:
        """The engine with that model, loaded if it is not there already.

        ``make_room`` is called before a model is loaded, after the one before has gone; it may
        raise. So does this what ``Engine.start`` does.
        """
        while not self._turn.acquire(blocking=False):  # noqa: ASYNC110 (it is between threads)
            await asyncio.sleep(_LOOKS_AGAIN_S)
        try:
            yield await self._loaded(load, make_room)
        finally:
            self._turn.release()

    async def release(self) -> None:
        """End the model, if this event loop loaded it and it is not answering somebody."""
        engine = self._engine
        if engine is None or engine.loop is not asyncio.get_running_loop():
            return
        if not self._turn.acquire(blocking=False):
            return  # whoever is being answered releases it
        try:
            self._engine = None
            await engine.close()
        finally:
            self._turn.release()

    async def _loaded(self, load: Load, make_room: Callable[[], None]) -> Engine:
        here = asyncio.get_running_loop()
        engine = self._engine
        if engine and engine.load == load and engine.loop is here:
            await engine.settled()
            if engine.process_id:
                return engine
        if engine is not None:
            self._engine = None
            engine.kill()
            if engine.loop is here:
                await engine.close()
        make_room()
        engine = Engine(load)
        await engine.start()
        self._engine = engine
        return engine


PLACE = Place()
