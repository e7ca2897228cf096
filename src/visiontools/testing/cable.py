"""A program with the network cable out: what it tries to reach beyond this machine fails.

It is run in a process of its own in which Python itself reports every connection and every name
that is looked up, before either happens; those that leave this machine are written down and
refused. ``tried`` of what ran lists them. A test of it needs one run in which something is tried.

Worker processes and libraries written in C are out of Python's sight: an ``island`` is a network
namespace of the kernel's, with a loopback device and nothing else. Where the system does not let
one be made (not Linux, or no user namespaces), Python's own reports have to do.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_GUARD = """\
import ipaddress
import os
import socket
import sys


def _is_here(host):
    host = host.decode() if isinstance(host, (bytes, bytearray)) else host
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guard(event, given):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = given[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        if given[0].family == socket.AF_UNIX or given[1] is None:
            return
        host = given[1][0]
    else:
        return
    if not _is_here(host):
        with open(os.environ["CABLE_TRIED"], "a") as file:
            file.write(f"{event} {host}\\n")
        raise OSError(f"the cable is out: {event} {host}")


sys.addaudithook(_guard)
"""
_LOOPBACK_UP = """\
import fcntl
import struct

with socket.socket() as any_socket:
    up_and_running = struct.pack("16sH14x", b"lo", 0x41)
    fcntl.ioctl(any_socket, 0x8914, up_and_running)  # SIOCSIFFLAGS
"""
_ISLAND = ("unshare", "--map-root-user", "--net")
_PROGRAM = "from visiontools.doors.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Ran:
    """How the program ended, what it printed, and whom it tried to reach elsewhere."""

    status: int
    out: str
    err: str
    tried: tuple[str, ...]


@cache
def island() -> tuple[str, ...]:
    """The command that runs another where there is no network; empty where none can be made."""
    try:
        made = subprocess.run([*_ISLAND, "true"], capture_output=True)  # noqa: S603 (our own)
    except OSError:
        return ()
    return () if made.returncode else _ISLAND


def run_without_network(
    folder: Path,
    *args: str,
    variables: Mapping[str, str] | None = None,
    on_an_island: bool = False,
) -> Ran:
    """Run ``visiontools`` with these arguments; ``folder`` is for what the guard writes.

    On an island it does not reach servers of the test's either.
    """
    (folder / "tried.txt").write_text("")
    alone = island() if on_an_island else ()
    source = "\n".join([_GUARD, *([_LOOPBACK_UP] if alone else []), _PROGRAM])
    ran = subprocess.run(  # noqa: S603 (our own words)
        [*alone, sys.executable, "-c", source, *args],
        env={**os.environ, **(variables or {}), "CABLE_TRIED": str(folder / "tried.txt")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,  # a busy machine reads slowly with a model of its own
    )
    tried = (folder / "tried.txt").read_text().splitlines()
    return Ran(ran.returncode, ran.stdout, ran.stderr, tuple(tried))
