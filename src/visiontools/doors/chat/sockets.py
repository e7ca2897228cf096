"""What a browser may say on the WebSocket: the few events the page needs, each checked.

Chainlit believes it all: it makes folders of session ids, takes thread ids for the caller's own,
and messages for whatever they say they are.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import socketio  # type: ignore[import-untyped]
from chainlit.session import WebsocketSession

from visiontools.doors.chat.caller import caller
from visiontools.doors.chat.modes import picked_tool
from visiontools.doors.chat.shown import written
from visiontools.doors.chat.turns import stop_turns
from visiontools.errors import UsageError
from visiontools.store.ids import uuid_of

_KEPT = {"connect", "connection_successful", "disconnect", "clear_session", "client_message"}
_LONGEST_MESSAGE = 20_000
_NOT_TAKEN = (
    f"The message was not taken: at most {_LONGEST_MESSAGE:,} characters can be sent. "
    "Attach a longer text as a file."
)
_MOST_MODES = 4
_VERSION = 4
"""Of the UUIDs Chainlit takes for messages."""

Handler = Callable[..., Awaitable[Any]]


def close(sio: socketio.AsyncServer) -> None:
    """Take out what is not needed, and check the rest before Chainlit sees it."""
    handlers: dict[str, Handler] = sio.handlers["/"]
    for event in set(handlers) - _KEPT:
        del handlers[event]
    handlers["connect"] = _connecting(handlers["connect"])
    handlers["client_message"] = _saying(sio, handlers["client_message"])
    handlers["connection_successful"] = _if_known(handlers["connection_successful"])
    handlers["stop"] = _if_known(_stop)


def _connecting(connect: Handler) -> Handler:
    async def connecting(sid: str, environ: Any, auth: Any = None) -> Any:
        said = auth if isinstance(auth, Mapping) else {}
        try:
            thread = said.get("threadId") or ""
            checked = {
                "sessionId": uuid_of(said.get("sessionId", ""), "session"),
                "threadId": uuid_of(thread, "conversation") if thread else "",
                "clientType": "webapp",
                "userEnv": None,
                "chatProfile": None,
            }
        except UsageError as error:
            raise socketio.exceptions.ConnectionRefusedError(error.what) from None
        await connect(sid, environ, checked)
        session = WebsocketSession.get(sid)
        if session is not None and thread and not session.restored:
            await _never_anothers(session)
        return True

    return connecting


async def _never_anothers(session: WebsocketSession) -> None:
    """A thread that is not the caller's is not found, and what is said now goes elsewhere."""
    if await caller().conversation(session.thread_id) is None:
        session.thread_id = str(uuid.uuid4())


def _saying(sio: socketio.AsyncServer, client_message: Handler) -> Handler:
    async def saying(sid: str, payload: Any) -> None:
        if WebsocketSession.get(sid) is None:
            return
        if not await caller().is_still_here():
            await sio.disconnect(sid)
            return
        checked = _message(payload)
        if checked is None:
            await sio.emit("toast", {"message": _NOT_TAKEN, "type": "error"}, to=sid)
            return
        await client_message(sid, {"message": checked, "fileReferences": None})

    return saying


def _message(payload: Any) -> dict[str, Any] | None:
    """The message with what we need of it, or None for what no page of ours sends."""
    if not isinstance(payload, Mapping) or not isinstance(payload.get("message"), Mapping):
        return None
    said = payload["message"]
    text, modes = said.get("output"), said.get("modes") or {}
    references = payload.get("fileReferences") or []
    if not isinstance(text, str) or len(text) > _LONGEST_MESSAGE:
        return None
    if not isinstance(modes, Mapping) or not isinstance(references, list):
        return None
    try:
        message_id = uuid_of(said.get("id", ""), "message")
        if uuid.UUID(message_id).version != _VERSION:
            return None
        most = caller().desk.web.max_pictures
        files = [uuid_of(each["id"], "picture") for each in references[: most + 1]]
    except (UsageError, TypeError, KeyError):
        return None
    picked = {str(key): str(modes[key]) for key in list(modes)[:_MOST_MODES]}
    asks = bool(text.strip())
    return {
        "id": message_id,
        "type": "user_message",
        "name": caller().owner,
        # Chainlit's page takes a conversation that begins without words for none.
        "output": text if asks else picked_tool(caller(), picked).title,
        "createdAt": written(dt.datetime.now(dt.UTC)),
        "modes": picked,
        "metadata": {"files": files, "asks": asks},
    }


def _if_known(handle: Handler) -> Handler:
    """An event of a session that is gone is nobody's fault."""

    async def handled(sid: str, *_: Any) -> None:
        if WebsocketSession.get(sid) is not None:
            await handle(sid)

    return handled


async def _stop(sid: str) -> None:
    session = WebsocketSession.get(sid)
    if session is not None:
        stop_turns(session)
