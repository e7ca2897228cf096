"""Whether an observer works: reachable, signed in, offering the model, answering, and seeing.

Each finding that is not fine says what to do about it, and no step takes longer than its time.
"""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import AsyncIterator, Iterator

from visiontools.checkup_findings import Finding, failure
from visiontools.checkup_guard import gives_verdicts
from visiontools.checkup_pictures import PRINTED, printed
from visiontools.checkup_questions import answers, sees
from visiontools.checkup_speed import speed
from visiontools.errors import (
    CredentialsError,
    DeadlineError,
    OverloadedError,
    UnreachableError,
    UsageError,
    VisiontoolsError,
)
from visiontools.guard.settings import GuardSettings
from visiontools.models.client import Client
from visiontools.models.endpoint import Endpoint
from visiontools.models.registry import profile_of
from visiontools.models.secrets import variable_key
from visiontools.models.transport import Transport, open_transport

_REACHABLE_WITHIN_S = 15.0
_ANSWERS_WITHIN_S = 120.0
_NEAR = 3


async def check_reader() -> AsyncIterator[Finding]:
    """Whether the built-in reader is installed and reads a line we drew."""
    try:
        from visiontools.reader.ocr import decode, read_lines
    except ModuleNotFoundError as error:
        yield Finding(
            "installed",
            "failed",
            f"{error.name} is missing.",
            "Install it: pip install 'visiontools[reader]'",
        )
        return
    yield Finding("installed", "ok", "RapidOCR and OpenCV are installed.")
    lines = await asyncio.to_thread(lambda: read_lines(decode(printed())))
    said = " ".join(line.text for line in sorted(lines, key=lambda line: line.x0))
    if said.split() == PRINTED.split():
        yield Finding("picture", "ok", f"It read '{said}' in a picture we drew.")
    else:
        yield Finding(
            "picture",
            "failed",
            f"It read '{said}' where '{PRINTED}' is printed.",
            "Reinstall it: pip install --force-reinstall 'visiontools[reader]'",
        )


async def check_endpoint(
    endpoint: Endpoint,
    *,
    guard: GuardSettings | None = None,
    within_s: float = _ANSWERS_WITHIN_S,
) -> AsyncIterator[Finding]:
    """Check a model server step by step; stops at a step the others cannot do without.

    ``within_s`` bounds each question, as the endpoint's own deadline does. With the settings of
    the ``guard`` it serves, it is asked for verdicts and nothing else.
    """
    endpoint = endpoint.model_copy(update={"deadline_s": min(endpoint.deadline_s, within_s)})
    try:
        profile, key = profile_of(endpoint), variable_key(endpoint)
        client = Client(endpoint, profile, key)
        transport = open_transport(endpoint, profile, key)
    except UsageError as error:
        yield Finding("settings", "failed", error.what, error.next)
        return
    try:
        async for finding in _check(client, transport, guard):
            yield finding
    finally:
        await client.close()
        await transport.close()


async def _check(
    client: Client, transport: Transport, guard: GuardSettings | None
) -> AsyncIterator[Finding]:
    known = await _listing(client)
    missing = known.pop() if known and known[-1].state == "failed" else None
    told = [each for each in known if each.name == "reachable" or guard is not None]
    for finding in told:
        yield finding
    if missing is not None and missing.name != "model":
        yield missing
        return
    if guard is not None:
        if missing is not None:
            yield missing
        yield await gives_verdicts(client, guard)
        return
    held = [each for each in known if each not in told]  # a list may be open to anybody
    async for finding in answers(client, transport):
        for each in _unless(held, finding):
            yield each
        held = []
        for each in _before(finding, missing, client.endpoint, {each.name for each in known}):
            yield each
        missing = None
        if finding.state == "failed":
            return
    yield await sees(client)
    yield await speed(client, transport)


def _unless(held: list[Finding], finding: Finding) -> list[Finding]:
    """What the list of models showed, except for what the first answer denies."""
    names = [each.name for each in held]
    if finding.state == "failed" and finding.name in names:
        return held[: names.index(finding.name)]
    return held


def _before(
    finding: Finding, missing: Finding | None, endpoint: Endpoint, known: set[str]
) -> Iterator[Finding]:
    """A finding about answers, with what else is known by it; ``known`` are those told before."""
    if missing is not None and finding.name == "model":
        yield _merged(missing, finding)
        return
    if missing is not None:
        yield missing
    elif finding.name == "text" and finding.state == "ok":
        shown = (
            _reachable(),
            _signed_in(endpoint),
            Finding("model", "ok", f"It answers for {endpoint.model}."),
        )
        yield from (each for each in shown if each.name not in known)
    yield finding


async def _listing(client: Client) -> list[Finding]:
    """What asking for its models shows, the last about the model; nothing where it has no list."""
    if not client.profile.lists_models:
        return []
    try:
        offered = await _listed(client)
    except (UnreachableError, CredentialsError, DeadlineError, OverloadedError) as error:
        return [failure(error, "reachable")]
    except VisiontoolsError:
        return []  # the questions will show whether it works
    signed_in = [_reachable(), _signed_in(client.endpoint)]
    return [*signed_in, _model(client.endpoint, offered)] if offered else signed_in


async def _listed(client: Client) -> list[str]:
    try:
        async with asyncio.timeout(_REACHABLE_WITHIN_S):
            return await client.models()
    except TimeoutError:
        raise DeadlineError(
            f"The server did not answer within {_REACHABLE_WITHIN_S:.0f} s.",
            next="Is it running, and is the url right?",
        ) from None


def _merged(listed: Finding, told: Finding) -> Finding:
    """A model that is not listed and not answered for: what the server offers, and what it said."""
    detail = f"{told.detail} {listed.detail}"
    known = "endpoints check" not in told.fix  # which is what is going on here
    return Finding(
        "model", "failed", detail, f"{told.fix} Or: {listed.fix}" if known else listed.fix
    )


def _reachable() -> Finding:
    return Finding("reachable", "ok", "The server answers.")


def _signed_in(endpoint: Endpoint) -> Finding:
    keys = (endpoint.key_env, endpoint.key_keyring, endpoint.key_secret)
    if any(keys) or profile_of(endpoint).transport is not None:
        return Finding("signed in", "ok", "The server accepts us.")
    return Finding("signed in", "ok", "The server asks for no key.")


def _model(endpoint: Endpoint, offered: list[str]) -> Finding:
    if endpoint.model in offered:
        return Finding("model", "ok", f"It offers {endpoint.model}.")
    near = difflib.get_close_matches(endpoint.model, offered, n=_NEAR)
    some = ", ".join(offered[:8]) + (", ..." if len(offered) > 8 else "")
    nearest = f" Near to it: {', '.join(near)}." if near and len(offered) > 8 else ""
    return Finding(
        "model",
        "failed",
        f"It does not list '{endpoint.model}'; it offers {some}.{nearest}",
        f"Set model = \"{(near or offered)[0]}\" for '{endpoint.name}' in visiontools.toml, "
        "or load the model on the server.",
    )
