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
from openai import (
    APIConnectionError,
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
from visiontools.models.body import LONGEST, BodyError, bound, parsed
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import Faults, RejectedError, complaint
from visiontools.models.policy import FaultError, retry_after
from visiontools.models.stream import Gathering, gather, gathered, looks_streamed

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
        headers: dict[str, str | Omit] = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",  # answers are short, and unpacking can be abused
        }
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
            http_client=DefaultAioHttpClient(
                base_url=endpoint.url,
                timeout=timeout,
                follow_redirects=False,  # the picture is for this server and no other
                event_hooks={"response": [bound]},
            ),
        )
        # Taken from the environment by the SDK; they are OpenAI's and no other server's business.
        self._sdk.organization = self._sdk.project = self._sdk.admin_api_key = None

    async def close(self) -> None:
        await self._sdk.close()

    async def models(self) -> Any:
        """The parsed body of the list of models."""
        try:
            with self._translated():
                response = await self._sdk.get(
                    "/models", cast_to=httpx2.Response, options=self._options
                )
                return parsed(response.content)
        except RejectedError as error:
            raise error.fault from None

    async def plain(self, body: dict[str, Any]) -> wire.Reply:
        """Ask, and wait for the whole answer."""
        with self._translated():
            response = await self._sdk.post(
                _PATH, content=to_json(body), cast_to=httpx2.Response, options=self._options
            )
            return self._reply(response.content, _unheard)

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
                response = stream.response
                if "event-stream" not in response.headers.get("content-type", "event-stream"):
                    return self._reply(await response.aread(), on_text)
                # The SDK's own reading loses what servers say in events of other shapes.
                return self._gathered(await gather(response.aiter_bytes(), on_text))

    def _gathered(self, gathering: Gathering) -> wire.Reply:
        reply = gathering.reply()
        if not reply.finish and gathering.odd is not None:
            told = self.faults.of_body(gathering.odd) or self.faults.of_body(
                {"error": gathering.odd}
            )
            raise told or self.faults.broken("broke its stream off")
        return reply

    def _reply(self, content: bytes, on_text: Callable[[str], None]) -> wire.Reply:
        """The reply in a whole body, whatever its content type claims."""
        if looks_streamed(content):
            return self._gathered(gathered(content, on_text))
        body = parsed(content)
        choice = wire.first_choice(body) if isinstance(body, dict) else None
        if choice is None:
            raise self.faults.of_body(body) or self.faults.broken("sent an answer without a choice")
        text, refusal = wire.words(choice.get("message"))
        if len(text) > LONGEST:
            raise BodyError("sent an answer without an end")
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
        except (httpx2.HTTPError, aiohttp.ClientError) as error:
            raise self._of_connection(error) from None

    def _of_status(self, error: APIStatusError) -> Exception:
        headers = error.response.headers
        if 300 <= error.status_code < 400:
            return self.faults.elsewhere(error.status_code, headers.get("location", ""))
        after_s = retry_after(headers.get("retry-after"))
        fault = self.faults.of_status(error.status_code, error.body, after_s)
        if error.status_code in (400, 422, 500):
            return RejectedError(complaint(error.body), fault)
        return fault

    def _of_connection(self, cause: BaseException | None) -> FaultError:
        if isinstance(cause, BodyError):
            return self.faults.broken(str(cause))
        if isinstance(cause, aiohttp.ClientResponseError):  # its words repeat the key
            return self.faults.broken("does not speak HTTP as it should")
        # aiohttp's transport calls all of these connect timeouts; its own errors tell them apart
        told = cause.__cause__ if cause is not None else None
        if isinstance(told, aiohttp.ClientConnectorError):
            return self.faults.unreachable("nothing accepts connections there")
        if isinstance(cause, httpx2.ConnectTimeout) and isinstance(told, TimeoutError):
            return self.faults.unreachable("it does not answer")
        if isinstance(cause, httpx2.ProxyError | httpx2.UnsupportedProtocol):
            return self.faults.unreachable(f"{type(cause).__name__}")
        return self.faults.broken("broke the connection off")


def _unheard(text: str) -> None:
    """Nobody listens to a plain answer."""
