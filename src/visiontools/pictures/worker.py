"""The process that touches strangers' files, and the limits it puts on itself.

It reads jobs from its standard input and writes prepared pictures to its standard output (see
wire.py). It imports little so that it starts in about a tenth of a second, opens no network
connection, and may write no file.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, BinaryIO

from visiontools.pictures import wire
from visiontools.pictures.job import prepare
from visiontools.pictures.kinds import BadPicture
from visiontools.pictures.order import Job

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit of the pool still holds
    resource = None  # type: ignore[assignment]

_SET_DEATH_SIGNAL = 1


def main() -> None:
    """Serve jobs until the standard input ends; the arguments are the memory limit in MB."""
    stream_in = sys.stdin.buffer
    # Anything a library prints must not get between the messages.
    stream_out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _end_with_parent()
    _limit(memory_mb=int(sys.argv[1]))
    while (job := wire.read(stream_in)) is not None:
        head, files = job
        _limit_cpu(float(head["seconds"]))
        again = _serve(head, files, stream_out)
        if not again:
            return


def _serve(head: dict[str, Any], files: list[bytes], out: BinaryIO) -> bool:
    """Do one job and answer; False if the process had better be replaced."""
    again = True
    try:
        done = prepare(Job.from_head(head, files))
        answer = wire.message({"picture": done.head()}, [done.data])
    except BadPicture as bad:
        answer = wire.message({"error": [bad.what, bad.next]})
    except MemoryError:
        again = False
        answer = wire.message({"memory": True})
    out.write(answer)
    out.flush()
    return again


def _end_with_parent() -> None:
    """Let Linux end this process with the program that started it, also in the middle of a job.

    Elsewhere, and for a program that ended before this line, the end of the input does it, once
    the job at hand is done.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)


def _limit(memory_mb: int) -> None:
    """Bound the address space; forbid core dumps and writing files."""
    if resource is None:
        return
    _lower(resource.RLIMIT_AS, memory_mb * 1024 * 1024)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)


def _lower(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    if hard == resource.RLIM_INFINITY or value <= hard:
        resource.setrlimit(limit, (value, value))


def _limit_cpu(seconds: float) -> None:
    """Let the next job use ``seconds`` of processor time; past it the system ends the process."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    if hard == resource.RLIM_INFINITY or soft <= hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
