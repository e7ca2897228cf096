"""A server that is not ours, in a process of its own, for as long as it is entered."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from visiontools.testing.local_http import free_port

HERE = Path(__file__).parent
_ENDS_WITHIN_S = 10.0


def environment(name: str) -> Path:
    """The programs of the environment that ``make counterparts`` made for a counterpart."""
    programs = HERE / f".venv-{name}" / "bin"
    if not (programs / "python").exists():
        raise RuntimeError(f"{programs.parent} is not there: 'make counterparts' makes it.")
    return programs


class Service:
    """``command`` with ``{port}`` filled in; ready once ``path`` answers with success.

    Nothing of this shell's environment reaches it but PATH: no keys, no proxies, no caches.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        *,
        path: str,
        env: Mapping[str, str] | None = None,
        within_s: float = 120.0,
    ) -> None:
        self.port = free_port()
        self._command = [str(part).format(port=self.port) for part in command]
        self._log = folder / "log.txt"
        self._folder = folder
        self._ready = f"http://127.0.0.1:{self.port}{path}"
        self._env = {"PATH": os.environ["PATH"], "HOME": str(folder), **(env or {})}
        self._within_s = within_s

    @property
    def url(self) -> str:
        """The base URL an endpoint takes."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def log(self) -> str:
        """What it printed so far."""
        return self._log.read_text(errors="replace")

    def cpu_s(self) -> float:
        """Seconds of processor time it has used, all threads together (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it and what it started; not an error where it has ended already."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def _wait(self) -> None:
        until = time.monotonic() + self._within_s
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self._ready, timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError(f"{self._command[0]} does not answer:\n{self.log[-3000:]}")
