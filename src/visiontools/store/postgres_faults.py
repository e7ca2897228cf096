"""What PostgreSQL objects to, as sentences. What it says about a statement is never passed on,
since that may repeat what people asked; what it says about a connection holds no secret."""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError

from visiontools.errors import ConfigurationError, StorageError

_LATER = "Try again later; or look at the server."
_BY_STATE = {
    "53100": ("its disk is full", "Make room on the server's disk."),
    "53300": ("it takes no further connections", "Raise its max_connections, or run fewer."),
    "25006": ("it takes no changes now", "Name the primary, not a standby that only reads."),
    "57014": ("it took too long and was stopped", _LATER),
    "55P03": ("it took too long to have its turn", _LATER),
}
_BY_CLASS = {
    "53": ("it has run out of resources", _LATER),
    "57": ("it was stopped or restarted", _LATER),
    "58": ("its disk or operating system failed", "Look at the server's log."),
    "08": ("the connection was lost", "Check the network, or try again later."),
    "40": ("others changed the same at the same time, again and again", _LATER),
}
_OURS_TO_SET = (
    (r"password authentication failed|no password supplied|role .* does not exist|"
     r"authentication failed", "it does not accept user{user} and the password"),
    (r"database .* does not exist", "there is no such database"),
    (r"permission denied", "user{user} may not connect"),
    (r"pg_hba|SSL|GSS", "it does not take connections of this kind from here"),
)  # fmt: skip
_HOW = {
    "it does not accept user{user} and the password": "Correct user and password in the setting "
    "'database' (or PGPASSWORD).",
    "there is no such database": "Make it (createdb), or correct the setting 'database'.",
    "user{user} may not connect": "Let the user connect: GRANT CONNECT ON DATABASE ... TO ...",
    "it does not take connections of this kind from here": "Look at its pg_hba.conf, and at "
    "sslmode in the setting 'database'.",
}
_NOW_FULL = r"too many (clients|connections)|remaining connection slots"
_STARTING = r"(starting up|shutting down|recovery mode)"


def sentence(error: DBAPIError, where: str, user: str | None) -> ConfigurationError:
    """StorageError where it may pass by itself, else ConfigurationError."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _of_state(state, where)
    if error.orig is not None and type(error.orig).__name__ != "OperationalError":
        return ConfigurationError(
            f"{where} cannot keep this ({type(error.orig).__name__}).",
            next="This is a fault in visiontools; please report it.",
        )
    said = " ".join(str(error.orig or "").split())
    for pattern, what in _OURS_TO_SET:
        if re.search(pattern, said):
            named = f" '{user}'" if user else ""
            told = f"{where} cannot be used: {what.format(user=named)}."
            return ConfigurationError(told, next=_HOW[what])
    if re.search(_NOW_FULL, said):
        return _of_state("53300", where)
    if re.search(_STARTING, said):
        return StorageError(f"{where} is starting or stopping.", next="Try again in a moment.")
    return StorageError(
        f"{where} does not answer.",
        next="Start the server, check its address and the network, or try again later.",
    )


def _of_state(state: str, where: str) -> ConfigurationError:
    if state in ("42501", "3F000"):  # no right; no schema to make tables in, for want of a right
        return ConfigurationError(
            f"{where} does not let this user do it.",
            next="Give the user rights on the tables, or on the schema to make them: "
            "GRANT CREATE, USAGE ON SCHEMA public TO ...",
        )
    found = _BY_STATE.get(state) or _BY_CLASS.get(state[:2])
    if found is None:
        return ConfigurationError(
            f"{where} refused it (SQLSTATE {state}).", next="Look at the server's log."
        )
    what, how = found
    return StorageError(f"{where} cannot be used now: {what}.", next=how)
