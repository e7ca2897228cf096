"""A real HTTP server that speaks the Hugging Face hub's interface and misbehaves as a test says.

    with Hub() as hub:
        hub.put("owner/name", "model-Q8_0.gguf", data)
        hub.files.then(Cut(1000), 503)        # the first file breaks off, then it is overloaded
        ...                                   # HF_ENDPOINT=hub.url
        assert hub.files.requests[1].headers["Range"] == "bytes=1000-"

What is scripted happens once, one step a request; afterwards all is well.

Two ports of this machine, as there are two hosts in truth: the hub's own, which lists and sends
on, and that of the files, to which no token may come. Shapes as huggingface_hub reads them.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from aiohttp import web

_COMMIT = "0123456789abcdef0123456789abcdef01234567"
_PIECE = 2**16


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class Repo:
    """What one repository holds; ``announced`` differs from the data where a test wants it to."""

    files: dict[str, bytes] = field(default_factory=dict)
    announced: dict[str, str] = field(default_factory=dict)
    licence: str = "apache-2.0"
    gated: Literal["manual", False] = False


@dataclass(frozen=True, slots=True)
class Cut:
    """Break the answer off after so many bytes."""

    after: int


@dataclass(slots=True)
class Files:
    """The host of the files. ``ranges``: whether it can begin in the middle.

    ``hold`` is waited for before a file is sent, and ``arrived`` set with the first request.
    """

    url: str = ""
    data: dict[str, bytes] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    ranges: bool = True
    hold: threading.Event | None = None
    script: deque[int | Cut] = field(default_factory=deque)

    def then(self, *steps: int | Cut) -> None:
        """Send these statuses, or break off, instead of the next files."""
        self.script.extend(steps)


class Hub:
    """The hub, on free ports of this machine, in a thread of its own while it is entered.

    ``token`` is the one that opens gated repositories, to those in ``allowed`` by name.
    """

    def __init__(self, *, page: int = 1000) -> None:
        self.url = ""
        self.token = "hf_right"  # noqa: S105 (of a test)
        self.allowed: set[str] = set()
        self.repos: dict[str, Repo] = {}
        self.files = Files()
        self.requests: list[Request] = []
        self.statuses: deque[int] = deque()
        self._page = page
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runners: list[web.AppRunner] = []

    def put(self, repo: str, path: str, data: bytes) -> Repo:
        """Add a file to a repository, which is made where there is none."""
        self.repos.setdefault(repo, Repo()).files[path] = data
        self.files.data[hashlib.sha256(data).hexdigest()] = data
        return self.repos[repo]

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        hub = web.Application()
        hub.router.add_get("/api/models/{owner}/{name}/revision/{revision}", self._about)
        hub.router.add_get("/api/models/{owner}/{name}/tree/{revision}", self._tree)
        hub.router.add_get("/{owner}/{name}/resolve/{revision}/{path:.+}", self._resolve)
        files = web.Application()
        files.router.add_get("/{digest}", self._file)
        self.url, self.files.url = await self._listen(hub), await self._listen(files)

    async def _listen(self, app: web.Application) -> str:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def _stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()

    def _found(self, request: web.Request, *, gate: bool) -> Repo | web.Response:
        """The repository, or the refusal the hub would send."""
        self.requests.append(_kept(request))
        if self.statuses:
            return web.Response(status=self.statuses.popleft(), headers={"Retry-After": "0"})
        name = f"{request.match_info['owner']}/{request.match_info['name']}"
        repo = self.repos.get(name)
        said = request.headers.get("Authorization")
        if repo is None:
            status = 401 if said is None else 404
            return web.Response(status=status, headers={"X-Error-Code": "RepoNotFound"})
        open_to = said == f"Bearer {self.token}" and name in self.allowed
        if gate and repo.gated and not open_to:
            status = 401 if said is None else 403
            return web.Response(status=status, headers={"X-Error-Code": "GatedRepo"})
        return repo

    async def _about(self, request: web.Request) -> web.StreamResponse:
        repo = self._found(request, gate=False)  # anybody may read this of a gated one
        if isinstance(repo, web.Response):
            return repo
        card = {"license": repo.licence} if repo.licence else {}
        return web.json_response({"sha": _COMMIT, "gated": repo.gated, "cardData": card})

    async def _tree(self, request: web.Request) -> web.StreamResponse:
        repo = self._found(request, gate=False)
        if isinstance(repo, web.Response):
            return repo
        first = int(request.query.get("cursor", 0))
        listed = [_entry(path, data, repo) for path, data in repo.files.items()]
        page, rest = listed[first : first + self._page], listed[first + self._page :]
        following = f"{self.url}{request.path}?recursive=true&cursor={first + self._page}"
        headers = {"Link": f'<{following}>; rel="next"'} if rest else {}
        return web.json_response(page, headers=headers)

    async def _resolve(self, request: web.Request) -> web.StreamResponse:
        repo = self._found(request, gate=True)
        if isinstance(repo, web.Response):
            return repo
        data = repo.files.get(request.match_info["path"])
        if data is None or request.match_info["revision"] != _COMMIT:
            return web.Response(status=404, headers={"X-Error-Code": "EntryNotFound"})
        where = f"{self.files.url}/{hashlib.sha256(data).hexdigest()}?Signature=secret"
        return web.Response(status=302, headers={"Location": where})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        files = self.files
        files.requests.append(_kept(request))
        files.arrived.set()
        step = files.script.popleft() if files.script else None
        if isinstance(step, int):
            return web.Response(status=step, headers={"Retry-After": "0"})
        data = files.data.get(request.match_info["digest"])
        if data is None:
            return web.Response(status=404)
        if files.hold is not None:
            await asyncio.to_thread(files.hold.wait)
        return await _sent(request, data, step, ranges=files.ranges)


async def _sent(
    request: web.Request, data: bytes, cut: Cut | None, *, ranges: bool
) -> web.StreamResponse:
    """The file or what is left of it, as far as it is to go."""
    start = 0
    asked = request.headers.get("Range", "")
    if ranges and asked.startswith("bytes="):
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(data):
            return web.Response(status=416)
    response = web.StreamResponse(status=206 if start else 200)
    if start:
        response.headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
    response.content_length = len(data) - start
    end = len(data) if cut is None else start + cut.after
    await response.prepare(request)
    for at in range(start, end, _PIECE):
        await response.write(data[at : min(at + _PIECE, end)])
    if cut is not None and request.transport is not None:
        # What is on its way arrives; then there is an end where none should be.
        request.transport.close()
    return response


def _entry(path: str, data: bytes, repo: Repo) -> dict[str, Any]:
    digest = repo.announced.get(path) or hashlib.sha256(data).hexdigest()
    entry: dict[str, Any] = {"type": "file", "oid": digest[:40], "size": len(data), "path": path}
    if path.endswith(".gguf"):
        entry["lfs"] = {"oid": digest, "size": len(data), "pointerSize": 134}
    return entry


def _kept(request: web.Request) -> Request:
    return Request(request.method, request.path_qs, dict(request.headers))
