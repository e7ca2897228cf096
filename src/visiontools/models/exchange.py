"""One request to a model server and its answer, plain or streamed.

The SDK carries it (connections, credentials, event streams); bodies are read here without its
models, since servers that only resemble OpenAI's leave fields out, and since it costs less.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

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

from visiontools.loopback import is_loopback
from visiontools.models import wire
from visiontools.models.body import LONGEST, BodyError, bound, parsed
from visiontools.models.credentials import Credentials, secret_of
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import Faults, RejectedError, complaint
from visiontools.models.policy import FaultError, retry_after
from visiontools.models.profile import Profile
from visiontools.models.secrets import credentials_of
from visiontools.models.stream import Gathering, gather, gathered, looks_streamed
from visiontools.models.transport import PictureCarrier

T = TypeVar("T")

_PATH = "/chat/completions"
_CONNECT_S = 10.0
_UNUSED_KEY = "none"
_STREAMED = "event-stream"
_NO_SUCH_PATH = (404, 405, 501)


def _past_proxies(url: str) -> dict[str, None]:
    """Where the environment's proxies are not asked: what is on this machine does not leave it."""
    host = urlsplit(url).hostname or ""
    return (
        {f"all://[{host}]" if ":" in host else f"all://{host}": None} if is_loopback(host) else {}
    )


class Exchange:
    """The connection to one endpoint. Raises FaultError or RejectedError, never the SDK's own.

    ``credentials`` sign every request, by default with the endpoint's key; what a server refuses
    with 401 is renewed and sent once more. ``carrier`` takes the pictures along; by default they
    travel in the request. A key that no header can carry is a ConfigurationError.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        key: str | None,
        profile: Profile | None = None,
        *,
        credentials: Credentials | None = None,
        carrier: PictureCarrier | None = None,
    ) -> None:
        self._credentials = credentials or credentials_of(endpoint, key)
        self._carrier = carrier
        says = profile.says if profile else ()
        self.faults = Faults(endpoint, key, says, self._credentials.advice)
        timeout = httpx2.Timeout(None, connect=_CONNECT_S)  # the client keeps the deadline
        self._sdk = AsyncOpenAI(
            api_key=_UNUSED_KEY,
            base_url=endpoint.url,
            max_retries=0,
            timeout=timeout,
            # httpx2's own pool looks at every idle connection on every request.
            http_client=DefaultAioHttpClient(
                base_url=endpoint.url,
                timeout=timeout,
                follow_redirects=False,  # the picture is for this server and no other
                mounts=_past_proxies(endpoint.url),
                event_hooks={"response": [bound]},
            ),
        )
        # Taken from the environment by the SDK; they are OpenAI's and no other server's business.
        self._sdk.organization = self._sdk.project = self._sdk.admin_api_key = None

    async def close(self) -> None:
        await self._sdk.close()
        if self._carrier is not None:
            await self._carrier.close()

    async def models(self) -> Any:
        """The parsed body of the list of models."""
        try:
            with self._translated():
                return parsed(await self._listed())
        except RejectedError as error:
            raise error.fault from None

    async def _listed(self) -> bytes:
        send = partial(self._sdk.get, "/models", cast_to=httpx2.Response)
        try:
            response: httpx2.Response = await self._signed(send)
        except APIStatusError as error:
            if error.status_code in _NO_SUCH_PATH:
                raise self.faults.no_list() from None
            raise
        return response.content

    async def plain(self, body: dict[str, Any]) -> wire.Reply:
        """Ask, and wait for the whole answer."""
        with self._translated():
            async with self._carrying(body) as sent:
                response = await self._signed(
                    partial(self._sdk.post, _PATH, content=to_json(sent), cast_to=httpx2.Response)
                )
            return self._reply(response.content, _unheard)

    async def stream(self, body: dict[str, Any], on_text: Callable[[str], None]) -> wire.Reply:
        """Ask, and hand each piece of text to ``on_text`` as it comes."""
        with self._translated():
            async with self._carrying(body) as sent:
                stream = await self._signed(
                    partial(
                        self._sdk.post,
                        _PATH,
                        content=to_json(sent),
                        cast_to=object,
                        stream=True,
                        stream_cls=AsyncStream[object],
                    )
                )
                async with stream:
                    response = stream.response
                    kind = response.headers.get("content-type", _STREAMED)
                    if _STREAMED not in kind:
                        return self._reply(await response.aread(), on_text)
                    # The SDK's own reading loses what servers say in events of other shapes.
                    return self._gathered(await gather(response.aiter_bytes(), on_text))

    async def _signed(self, send: Callable[..., Awaitable[T]]) -> T:
        """What comes of a request that is signed, and signed anew where that is refused."""
        signed = await self._credentials.headers()
        try:
            return await send(options=self._options(signed))
        except APIStatusError as error:
            if error.status_code != 401 or not await self._credentials.renew(signed):
                raise
        return await send(options=self._options(await self._credentials.headers()))

    def _options(self, signed: Mapping[str, str]) -> RequestOptions:
        if secret := secret_of(signed):
            self.faults.hide(secret)
        # Encoding a request with its picture is the dearest part of a call: five times cheaper
        # in Rust than with the SDK's encoder.
        headers: dict[str, str | Omit] = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",  # answers are short, and unpacking can be abused
            "Authorization": Omit(),
            **signed,
        }
        return {"headers": headers}

    def _carrying(self, body: dict[str, Any]) -> AbstractAsyncContextManager[dict[str, Any]]:
        return nullcontext(body) if self._carrier is None else self._carrier.carrying(body)

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
