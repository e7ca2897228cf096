"""What carries a question to a model: over HTTP, or into a model loaded in this process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Protocol

from visiontools.models import wire
from visiontools.models.profile import Profile

if TYPE_CHECKING:
    from visiontools.models.endpoint import Endpoint
    from visiontools.models.faults import Faults


class Transport(Protocol):
    """One endpoint's way in and out, in the OpenAI chat format.

    ``plain`` and ``stream`` take a request's body and give the reply; they raise FaultError, or
    RejectedError where the server may accept the same question in other words. Cancelling the
    task ends the work upstream.
    """

    @property
    def faults(self) -> Faults: ...

    async def models(self) -> Any:
        """The parsed body of the list of models."""

    async def plain(self, body: dict[str, Any]) -> wire.Reply: ...

    async def stream(self, body: dict[str, Any], on_text: Callable[[str], None]) -> wire.Reply: ...

    async def close(self) -> None: ...


class PictureCarrier(Protocol):
    """Takes a question's pictures somewhere the model can fetch them from, for as long as it may.

    Raises FaultError where that fails.
    """

    def carrying(self, body: dict[str, Any]) -> AbstractAsyncContextManager[dict[str, Any]]:
        """The body that names the pictures where they are, until the context ends."""

    async def close(self) -> None: ...


MakeTransport = Callable[["Endpoint", "str | None"], Transport]
"""Makes the transport of an endpoint from its settings and its key."""


def open_transport(endpoint: Endpoint, profile: Profile, key: str | None) -> Transport:
    """The profile's own way to its models, or HTTP."""
    if profile.transport is not None:
        return profile.transport(endpoint, key)
    from visiontools.models.exchange import Exchange  # the SDK takes half a second to import

    return Exchange(endpoint, key, profile)
