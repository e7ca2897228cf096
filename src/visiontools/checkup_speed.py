"""How soon a model begins to speak, and how fast it goes on."""

from __future__ import annotations

import time
from functools import partial

from visiontools.checkup_asking import in_time, sent, turn
from visiontools.checkup_findings import Finding
from visiontools.errors import VisiontoolsError
from visiontools.models.client import Client
from visiontools.models.dialect import Dialect
from visiontools.models.transport import Transport
from visiontools.models.wire import Reply

_COUNTS = "Write the numbers from 1 to 60 in digits, separated by commas."
_TOKENS = 192


async def speed(client: Client, transport: Transport) -> Finding:
    """How soon the first words come, and how many tokens a second after them."""
    dialect = Dialect(client.profile, client.endpoint.model)
    pieces: list[float] = []
    began = 0.0

    async def ask() -> Reply:
        nonlocal began
        pieces.clear()
        began = time.monotonic()
        body = dialect.body(turn(_COUNTS), None, _TOKENS, stream=True)
        listen = partial(transport.stream, on_text=lambda _: pieces.append(time.monotonic()))
        return await sent(dialect, body, listen)

    try:
        reply = await in_time(client, ask)
    except VisiontoolsError as error:
        return Finding("speed", "unknown", f"Not measured. {error.what}")
    return Finding("speed", "ok", _told(began, pieces, reply))


def _told(began: float, pieces: list[float], reply: Reply) -> str:
    if not pieces:
        return "It sent no words, so nothing was measured."
    said = f"First words after {pieces[0] - began:.1f} s"
    took = pieces[-1] - pieces[0]
    tokens = reply.usage.output_tokens or len(pieces)
    if took < 0.001 or tokens < 2:
        return f"{said}, all at once."
    counted = "tokens" if reply.usage.output_tokens else "pieces"
    return f"{said}, then {(tokens - 1) / took:.0f} {counted} a second."
