"""Worker processes that are started when needed, killed when late, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from visiontools.pictures import wire
from visiontools.processes import reap

_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")
_MAIN = "from visiontools.pictures.worker import main; main()"
_RECYCLE_AFTER = 500
_PIPE_BYTES = 1024 * 1024


class WorkerFailed(Exception):  # noqa: N818  (met and explained by the preparer)
    """The worker gave no answer; ``late`` if that is because its time was up."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__("late" if late else "ended")
        self.late = late


@dataclass(slots=True, eq=False)
class _Worker:
    process: asyncio.subprocess.Process
    jobs: int = 0


class Pool:
    """At most ``workers`` processes of ``memory_mb`` megabytes; for use within one event loop.

    A job gets ``timeout_s`` seconds from when a worker is free for it.
    """

    def __init__(self, *, workers: int, timeout_s: float, memory_mb: int) -> None:
        self.timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._workers = workers
        self._free = asyncio.Semaphore(workers)
        self._idle: list[_Worker] = []
        self._all: set[asyncio.subprocess.Process] = set()
        self._closed = False

    async def ask(
        self, head: Mapping[str, Any], files: Sequence[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Give a job to a worker and return its answer.

        Raises WorkerFailed if the worker is late or ends; it is replaced with the next job.
        """
        async with self._free:
            self._refuse_if_closed()
            worker = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(self.timeout_s):
                    answer = await _talk(worker.process, wire.message(head, files))
            except TimeoutError as error:
                raise WorkerFailed(late=True) from error
            except (OSError, EOFError, wire.WireError) as error:
                self._refuse_if_closed()
                raise WorkerFailed from error
            else:
                worker.jobs += 1
                if worker.jobs < _RECYCLE_AFTER and not answer[0].get("memory"):
                    self._idle.append(worker)
                return answer
            finally:
                if worker not in self._idle:
                    await self._end(worker.process)

    async def close(self) -> None:
        """End every worker, also those at work; their jobs fail."""
        self._closed = True
        for process in self._all:
            _kill(process)
        for _ in range(self._workers):  # once all are free, every job has cleaned up after itself
            await self._free.acquire()
        while self._idle:
            await self._end(self._idle.pop().process)
        for _ in range(self._workers):
            self._free.release()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise RuntimeError("this preparer is closed")

    async def _start(self) -> _Worker:
        kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        path = os.pathsep.join(entry for entry in sys.path if entry)
        # One arena: threads of a decoder would otherwise reserve 64 MB of address space each.
        environment = {**kept, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
        starting = asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-s", "-B", "-c", _MAIN, str(self._memory_mb)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the program, which then ends its workers
        )
        process = await starting
        self._all.add(process)
        _widen(process)
        return _Worker(process)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """Kill and reap, even while this task is being cancelled."""
        _kill(process)
        await asyncio.shield(reap(process))
        self._all.discard(process)


def _kill(process: asyncio.subprocess.Process) -> None:
    """End a process that may be ending already.

    ``process.kill`` would first ask whether it has ended and so reap it under the hands of the
    event loop, which then says "Unknown child process" on standard error.
    """
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)


def _widen(process: asyncio.subprocess.Process) -> None:
    """Let the pipe to a worker hold a whole photo's share at once; Linux holds 64 kB by itself."""
    try:
        import fcntl

        assert process.stdin is not None
        fcntl.fcntl(process.stdin.get_extra_info("pipe"), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, AttributeError, OSError, ValueError):  # ValueError: it has died already
        return  # only slower


async def _talk(
    process: asyncio.subprocess.Process, question: bytes
) -> tuple[dict[str, Any], list[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(question)
    await process.stdin.drain()
    prefix = await process.stdout.readexactly(wire.LENGTH)
    encoded = await process.stdout.readexactly(wire.head_length(prefix))
    head, sizes = wire.parse_head(encoded)
    return head, [await process.stdout.readexactly(size) for size in sizes]
