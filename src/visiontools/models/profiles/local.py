"""llama.cpp within this program: a model pulled with ``visiontools models pull``, no server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from visiontools.models.profile import Profile
from visiontools.types import PictureRules

if TYPE_CHECKING:
    from visiontools.models.endpoint import Endpoint
    from visiontools.models.transport import Transport


def _transport(endpoint: Endpoint, key: str | None) -> Transport:
    from visiontools.models.local.transport import LocalTransport

    return LocalTransport(endpoint, key)


PROFILE = Profile(
    name="local",
    title="A model on this machine, without a server",
    summary="a pulled model in this program: no server, no account, no network",
    llama_3_2_vision="never",
    pictures=PictureRules(most=1, longest_side=1120),
    json="json_schema",
    model="smolvlm-500m",
    transport=_transport,
    caution="{model} looked at the picture on this machine. It is not Llama 3.2 Vision.",
    notes=(
        "Pull the model first: visiontools models pull smolvlm-500m",
        "llama.cpp never learned Llama 3.2 Vision; its text models run.",
    ),
)
