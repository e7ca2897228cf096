"""One request to a model server and its answer, plain or streamed.

The SDK carries it (connections, credentials, event streams); bodies are read here without its
models, since servers that only resemble OpenAI's leave fields out, and since it costs less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import httpx2
import jiter
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AsyncOpenAI,
    AsyncStream,
    DefaultAioHttpClient,
    Omit,
    RequestOptions,
)
from pydantic_core import to_json

from visiontools.errors import ConfigurationError
from visiontools.models import wire
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import Faults, RejectedError, complaint
from visiontools.models.policy import FaultError, retry_after
from visiontools.types import Usage

_PATH = "/chat/completions"
_CONNECT_S = 10.0
_NO_KEY = "none"


class Exchange:
    """The connection to one endpoint. Raises FaultError or RejectedError, never the SDK's own.

    A key that no header can carry is a ConfigurationError.
    """

    def __init__(self, endpoint: Endpoint, key: str | None) -> None:
        if key is not None and not (key.isascii() and key.isprintable()):
            raise ConfigurationError(
                f"The key of endpoint '{endpoint.name}' has characters no key has.",
                next=f"Set {endpoint.key_env or 'its variable'} again, without line breaks.",
            )
        self.faults = Faults(endpoint, key)
        # Encoding a request with its picture is the dearest part of a call: five times cheaper
        # in Rust than with the SDK's encoder.
        headers: dict[str, str | Omit] = {"Content-Type": "application/json"}
        if not key:
            headers["Authorization"] = Omit()
        self._options: RequestOptions = {"headers": headers}
        timeout = httpx2.Timeout(None, connect=_CONNECT_S)  # the client keeps the deadline
        self._sdk = AsyncOpenAI(
            api_key=key or _NO_KEY,
            base_url=endpoint.url,
            max_retries=0,
            timeout=timeout,
            # httpx2's own pool looks at every idle connection on every request.
            http_client=DefaultAioHttpClient(base_url=endpoint.url, timeout=timeout),
        )
        # Taken from the environment by the SDK; they are OpenAI's and no other server's business.
        self._sdk.organization = self._sdk.project = self._sdk.admin_api_key = None

    async def close(self) -> None:
        await self._sdk.close()

    async def models(self) -> Any:
        """The parsed body of the list of models."""
        try:
            with self._translated():
                return self._parsed(
                    await self._sdk.get("/models", cast_to=httpx2.Response, options=self._options)
                )
        except RejectedError as error:
            raise error.fault from None

    async def plain(self, body: dict[str, Any]) -> wire.Reply:
        """Ask, and wait for the whole answer."""
        with self._translated():
            response = await self._sdk.post(
                _PATH, content=to_json(body), cast_to=httpx2.Response, options=self._options
            )
        return self._reply(self._parsed(response))

    async def stream(self, body: dict[str, Any], on_text: Callable[[str], None]) -> wire.Reply:
        """Ask, and hand each piece of text to ``on_text`` as it comes."""
        with self._translated():
            stream = await self._sdk.post(
                _PATH,
                content=to_json(body),
                cast_to=object,
                options=self._options,
                stream=True,
                stream_cls=AsyncStream[object],
            )
            async with stream:
                if "event-stream" not in stream.response.headers.get("content-type", ""):
                    await stream.response.aread()
                    return self._reply(self._parsed(stream.response))
                return await self._gather(stream, on_text)

    async def _gather(
        self, stream: AsyncStream[object], on_text: Callable[[str], None]
    ) -> wire.Reply:
        texts: list[str] = []
        finish, refusal, usage = "", "", Usage()
        async for event in stream:
            if not isinstance(event, dict):
                continue
            if event.get("usage"):
                usage = wire.usage_of(event)
            choice = wire.first_choice(event)
            if choice is None:
                continue
            text, refused = wire.words(choice.get("delta"))
            finish = wire.finish_of(choice) or finish
            refusal += refused
            if text:
                texts.append(text)
                on_text(text)
        return wire.Reply("".join(texts), finish, refusal, usage)

    def _parsed(self, response: httpx2.Response) -> Any:
        """The body, whatever its content type claims; web pages and empty bodies are faults."""
        content = response.content
        if not content.strip():
            raise self.faults.broken("sent an empty answer")
        try:
            return jiter.from_json(content)
        except ValueError:
            pass
        if content.lstrip()[:1] == b"<":
            raise self.faults.broken("sent a web page instead of an answer")
        raise self.faults.broken("sent an answer that is no JSON")

    def _reply(self, body: Any) -> wire.Reply:
        choice = wire.first_choice(body) if isinstance(body, dict) else None
        if choice is None:
            raise self.faults.of_body(body) or self.faults.broken("sent an answer without a choice")
        text, refusal = wire.words(choice.get("message"))
        # A server that leaves the reason out of a whole answer means that it is whole.
        return wire.Reply(text, wire.finish_of(choice) or "stop", refusal, wire.usage_of(body))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The SDK's errors as ours; the request and its key stay out of them."""
        try:
            yield
        except APIStatusError as error:
            raise self._of_status(error) from None
        except APIConnectionError as error:
            raise self._of_connection(error.__cause__) from None
        except APIError as error:  # told inside a stream
            raise self._of_event(error) from None
        except httpx2.RequestError as error:
            raise self._of_connection(error) from None
        except ValueError as error:  # an event that is no JSON
            raise self.faults.broken(f"broke its stream ({type(error).__name__})") from None

    def _of_status(self, error: APIStatusError) -> Exception:
        after_s = retry_after(error.response.headers.get("retry-after"))
        fault = self.faults.of_status(error.status_code, error.body, after_s)
        if error.status_code in (400, 422, 500):
            return RejectedError(complaint(error.body), fault)
        return fault

    def _of_event(self, error: APIError) -> FaultError:
        body = error.body if isinstance(error.body, dict | list) else {"message": error.message}
        fault = self.faults.of_body({"error": body})
        return fault or self.faults.broken("broke its stream off")

    def _of_connection(self, cause: BaseException | None) -> FaultError:
        # aiohttp's transport calls all of these connect timeouts; its own errors tell them apart
        told = cause.__cause__ if cause is not None else None
        if isinstance(told, aiohttp.ClientConnectorError):
            return self.faults.unreachable("nothing accepts connections there")
        if isinstance(cause, httpx2.ConnectTimeout) and isinstance(told, TimeoutError):
            return self.faults.unreachable("it does not answer")
        if isinstance(cause, httpx2.ProxyError | httpx2.UnsupportedProtocol):
            return self.faults.unreachable(f"{type(cause).__name__}")
        return self.faults.broken("broke the connection off")
