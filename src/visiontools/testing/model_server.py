"""A real HTTP server that speaks the OpenAI chat format and does exactly what a test says.

    with ModelServer() as server:
        server.say({"picture": "fits"})
        server.fail(429, retry_after=1)
        ...                                  # point a client at server.url
        assert server.requests[0].pictures == 1

What is scripted happens in order, one step a request; the last step is repeated for ever.
As a program, for measurements::

    python -m visiontools.testing.model_server --port 0 --delay-ms 20 --answer FILE
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from pydantic import BaseModel

from visiontools.testing.mischief import Raw
from visiontools.testing.script import Hang, Reset, Say, Send, error

_LARGEST_REQUEST = 64 * 2**20
_ENDS_WITHIN_S = 0.05
"""For clients that wait on; to aiohttp 0 means for ever."""

Step = Say | Send | Raw | Hang | Reset
Script = Step | Callable[["Received"], Step]
"""A step, or what makes one of the request that came."""


@dataclass(slots=True)
class Received:
    """A request as it came. ``closed`` is set when the client left before the answer's end."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def pictures(self) -> int:
        """How many pictures it carries."""
        return len(self.addresses)

    @property
    def addresses(self) -> list[str]:
        """Where they are: ``gs://`` addresses, or the pictures themselves as ``data:``."""
        parts = self._parts()
        return [part["image_url"]["url"] for part in parts if part.get("type") == "image_url"]

    @property
    def text(self) -> str:
        """All its words, turn after turn."""
        return "\n".join(part["text"] for part in self._parts() if part.get("type") == "text")

    def _parts(self) -> list[dict[str, Any]]:
        parts: list[dict[str, Any]] = []
        for message in self.body.get("messages", []):
            content = message["content"]
            parts += [{"type": "text", "text": content}] if isinstance(content, str) else content
        return parts


@dataclass(slots=True)
class Rules:
    """What the server accepts; changed by a test at any time.

    ``context`` is the longest text in characters, ``refuses`` names request fields it rejects, and
    ``listing`` is the list of models as raw JSON where it is not to be made from ``models``.
    More than ``at_once`` questions at a time are refused with 429, and of the others each
    ``every``-th fails with 500.
    """

    key: str | None = None
    models: tuple[str, ...] = ("scripted",)
    most_pictures: int = 1
    formats: tuple[str, ...] = ("json_object", "json_schema")
    refuses: tuple[str, ...] = ()
    context: int | None = None
    listing: str | None = None
    at_once: int | None = None
    every: int | None = None

    def objection(self, received: Received) -> Send | None:
        """The error for a request that breaks a rule, worded like the servers that exist."""
        body = received.body
        given = body.get("response_format", {}).get("type")
        refused = [name for name in self.refuses if name in body]
        if self.key and received.headers.get("Authorization") != f"Bearer {self.key}":
            return error(401, "Incorrect API key provided", code="invalid_api_key")
        if body.get("model") not in self.models:
            message = f"The model `{body.get('model')}` does not exist"
            return error(404, message, code="model_not_found")
        if received.pictures and not self.most_pictures:
            return error(400, "This model does not support image input")
        if received.pictures > self.most_pictures:
            return error(400, f"At most {self.most_pictures} image(s) may be provided in a request")
        if given and given not in self.formats:
            return error(400, f"response_format type '{given}' is not supported")
        if refused:
            return error(400, f"Unrecognized request argument supplied: {refused[0]}")
        if self.context is not None and len(received.text) > self.context:
            message = f"This model's maximum context length is {self.context} tokens."
            return error(400, message, code="context_length_exceeded")
        return None


class ModelServer:
    """The server, on a free port of this machine, in a thread of its own while it is entered.

    ``requests`` are those received so far, ``refused`` how many of them came to a full house,
    ``most_at_once`` how many were being answered at one time, and ``arrived`` is set with the
    first.
    """

    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.requests: list[Received] = []
        self.arrived = threading.Event()
        self.port = 0
        self.refused = 0
        self.most_at_once = 0
        self._busy = 0
        self._taken = 0
        self._script: deque[Script] = deque()
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base URL an endpoint takes."""
        return f"http://127.0.0.1:{self.port}/v1"

    def then(self, *steps: Script) -> Self:
        """Script the next steps; a function is given the request and says what to do."""
        self._script.extend(steps)
        return self

    def say(self, answer: Mapping[str, Any] | BaseModel, **how: Any) -> Self:
        """Answer with an object; ``how`` are the fields of ``script.Say``."""
        if isinstance(answer, BaseModel):
            answer = answer.model_dump(mode="json", by_alias=True)
        return self.say_raw(json.dumps(answer, ensure_ascii=False), **how)

    def say_raw(self, text: str, **how: Any) -> Self:
        """Answer with any text."""
        return self.then(Say(text, **how))

    def fail(self, status: int, message: str = "scripted failure", **how: Any) -> Self:
        """Answer with an error; ``how`` are the arguments of ``script.error``."""
        return self.then(error(status, message, **how))

    def send(self, body: str | bytes, content_type: str, status: int = 200) -> Self:
        """Answer with any bytes."""
        raw = body.encode() if isinstance(body, str) else body
        return self.then(Send(status, raw, content_type))

    def hang(self) -> Self:
        """Never answer."""
        return self.then(Hang())

    def reset(self) -> Self:
        """End the connection without an answer."""
        return self.then(Reset())

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner = asyncio.run_coroutine_threadsafe(self.start(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread:
            self._thread.join()
        self._loop.close()

    async def start(self, port: int = 0) -> web.AppRunner:
        """Listen in the running loop; for those who bring their own."""
        app = web.Application(client_max_size=_LARGEST_REQUEST)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=_ENDS_WITHIN_S
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    async def _models(self, request: web.Request) -> web.StreamResponse:
        received = Received(request.path, dict(request.headers), {"model": self.rules.models[0]})
        self._keep(received)
        if objection := self.rules.objection(received):
            return _sent(objection)
        if self.rules.listing is not None:
            return _sent(Send(200, self.rules.listing.encode()))
        listed = [{"id": name, "object": "model"} for name in self.rules.models]
        return web.json_response({"object": "list", "data": listed})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        received = Received(request.path, dict(request.headers), await request.json())
        self._keep(received)
        if objection := self.rules.objection(received) or self._crowded():
            return _sent(objection)
        self._busy += 1
        self.most_at_once = max(self.most_at_once, self._busy)
        try:
            step = self._next()
            step = step(received) if callable(step) else step
            return await self._act(request, received, step)
        except (asyncio.CancelledError, ConnectionError):
            received.closed.set()
            raise
        finally:
            self._busy -= 1

    def _crowded(self) -> Send | None:
        at_once, every = self.rules.at_once, self.rules.every
        if at_once is not None and self._busy >= at_once:
            self.refused += 1
            return error(429, "Too many requests")
        self._taken += 1
        if every is not None and self._taken % every == 0:
            return error(500, "scripted failure")
        return None

    def _keep(self, received: Received) -> None:
        self.requests.append(received)
        self.arrived.set()

    def _next(self) -> Script:
        if not self._script:
            return error(500, "the script is empty: say something first")
        return self._script.popleft() if len(self._script) > 1 else self._script[0]

    async def _act(
        self, request: web.Request, received: Received, step: Step
    ) -> web.StreamResponse:
        if isinstance(step, Send):
            return _sent(step)
        if isinstance(step, Hang):
            await asyncio.Event().wait()
        if isinstance(step, Say):
            if received.body.get("stream"):
                return await _stream(request, received, step)
            return await _plain(request, received, step)
        if isinstance(step, Raw) and request.transport is not None:
            await step.put(request.transport)
            request.transport.close()
            return web.Response()
        return _abort(request)


async def _plain(request: web.Request, received: Received, step: Say) -> web.StreamResponse:
    await asyncio.sleep(step.pause_s)
    body = json.dumps(step.completion(received.body["model"])).encode()
    if step.drop_after is None:
        return web.Response(body=body, content_type="application/json")
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    return _abort(request, response)


async def _stream(request: web.Request, received: Received, step: Say) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    model = received.body["model"]
    for number, event in enumerate(step.events(model)):
        if step.drop_after is not None and number > step.drop_after:
            return _abort(request, response)
        await asyncio.sleep(step.pause_s)
        await response.write(_line(event))
    if received.body.get("stream_options", {}).get("include_usage"):
        await response.write(_line({"model": model, "choices": [], "usage": step.usage}))
    await response.write(b"data: [DONE]\n\n")
    return response


def _line(event: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def _sent(step: Send) -> web.Response:
    headers = {"Content-Type": step.content_type, **dict(step.headers)}
    return web.Response(status=step.status, body=step.body, headers=headers)


def _abort(request: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return response or web.Response()


async def _serve(port: int, step: Say) -> None:
    server = ModelServer().then(step)
    await server.start(port)
    print(server.url, flush=True)
    while True:  # measurements run long: do not keep what nobody will look at
        await asyncio.sleep(1)
        server.requests.clear()


def main() -> None:
    """Serve one answer until interrupted; prints the base URL."""
    import argparse

    parser = argparse.ArgumentParser(description="A model server that always says the same.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--delay-ms", type=float, default=0, help="wait before each answer")
    parser.add_argument("--answer", type=Path, required=True, help="file with the answer's text")
    given = parser.parse_args()
    text = given.answer.read_text(encoding="utf-8")
    try:
        asyncio.run(_serve(given.port, Say(text, pause_s=given.delay_ms / 1000)))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
