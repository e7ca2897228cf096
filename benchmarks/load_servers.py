"""The processes a load needs, in processes of their own: the model server, and who is measured."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from visiontools.settings import CONFIG_VARIABLE
from visiontools.testing.local_http import free_port

_HERE = Path(__file__).parent
_STARTS_WITHIN_S = 60
_LAST_WORDS = 2000
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Served:
    """A server that answers at ``url``; ``pid`` is its process, which may have children."""

    url: str
    pid: int

    def memory_mb(self) -> float:
        """Memory of the process and its children: pages shared by several count in parts (PSS)."""
        kilobytes = 0
        for pid in _tree(self.pid):
            with suppress(FileNotFoundError, ProcessLookupError):  # a worker may just be ending
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        kilobytes += int(line.split()[1])
        return kilobytes / 1024

    def cpu_s(self) -> float:
        """CPU seconds the serving process itself has used."""
        return _spent(self.pid)[0]

    def workers_cpu_s(self) -> float:
        """CPU seconds of those it has prepare pictures, of ended ones, too."""
        _, *workers = _tree(self.pid)
        return _spent(self.pid)[1] + sum(_spent(worker)[0] for worker in workers)


@contextmanager
def scripted(answer: str, delay_ms: float) -> Iterator[str]:
    """A model server that says this, with a wait before each piece of it; its base URL."""
    command = ["-m", "visiontools.testing.model_server", "--delay-ms", str(delay_ms), "--answer"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(answer)
        file.flush()
        server = subprocess.Popen(
            [sys.executable, *command, file.name], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.wait()


@contextmanager
def visiontools(folder: Path, model: str) -> Iterator[Served]:
    """``visiontools serve``, with the model server as endpoint ``box`` and nothing reused."""
    folder.mkdir()
    config = folder / "visiontools.toml"
    config.write_text(
        f'reuse = false\n[endpoints.box]\nurl = "{model}"\nmodel = "scripted"\n[web]\ngrace_s = 0\n'
    )
    program = Path(sys.executable).with_name("visiontools")
    settings = {CONFIG_VARIABLE: str(config), "VISIONTOOLS_DATA_FOLDER": str(folder / "data")}
    with _started([str(program), "serve", "--port"], folder, settings) as served:
        yield served


@contextmanager
def blocking(folder: Path, model: str) -> Iterator[Served]:
    """Chainlit with a handler that blocks, as the proof of concept has it."""
    folder.mkdir()
    settings = {"CHAINLIT_APP_ROOT": str(folder), "LOAD_MODEL_URL": model}
    app = str(_HERE / "load_blocking.py")
    command = [sys.executable, "-m", "chainlit", "run", app, "--headless", "--port"]
    with _started(command, folder, settings) as served:
        yield served


@contextmanager
def _started(command: list[str], folder: Path, settings: dict[str, str]) -> Iterator[Served]:
    """The server that is started with this and a free port, once it answers."""
    port = free_port()
    log = folder / "log.txt"
    with log.open("w") as told:
        process = subprocess.Popen(
            [*command, str(port)], cwd=folder, env=os.environ | settings, stdout=told, stderr=told
        )
    try:
        url = f"http://127.0.0.1:{port}"
        by = time.monotonic() + _STARTS_WITHIN_S
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > by:
                raise SystemExit(f"{command[0]} did not start:\n{log.read_text()[-_LAST_WORDS:]}")
            time.sleep(0.1)
        yield Served(url, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # what blocks does not hear it
            process.kill()
            process.wait()


def load_chat(served: Served) -> str:
    """Where the chat is, once it is loaded: that begins when it is first asked for."""
    url = f"{served.url}/chat"
    by = time.monotonic() + _STARTS_WITHIN_S
    while not _answers(f"{url}/"):
        if time.monotonic() > by:
            raise SystemExit(f"The chat was not loaded within {_STARTS_WITHIN_S} seconds.")
        time.sleep(0.2)
    return url


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as page:
            return page.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _tree(pid: int) -> list[int]:
    found = [pid]
    with suppress(FileNotFoundError, ProcessLookupError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                found += _tree(int(child))
    return found


def _spent(pid: int) -> tuple[float, float]:
    """CPU seconds of a process, and of those of its children that have ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        user, system, ended_user, ended_system = (int(ticks) / _TICKS for ticks in told[11:15])
        return user + system, ended_user + ended_system
    return 0.0, 0.0
