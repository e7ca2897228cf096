"""Signed addresses of Cloud Storage (V4), looked at from the side that verifies them.

Follows the description of V4 signing: a canonical request of method, path, query, headers and
"UNSIGNED-PAYLOAD" is hashed, and the hash with time and scope is what the account signed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

Keys = dict[str, Callable[[bytes, bytes], bool]]
"""For each account, whether a signature (the second) is its own for a message (the first)."""


def objection(method: str, path: str, raw_query: str, headers: Any, keys: Keys) -> str | None:
    """Why the address is not to be answered; None where it is."""
    query = {key: values[0] for key, values in parse_qs(raw_query).items()}
    account, _, scope = query["X-Goog-Credential"].partition("/")
    since = dt.datetime.strptime(query["X-Goog-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    lives = dt.timedelta(seconds=int(query["X-Goog-Expires"]))
    if dt.datetime.now(dt.UTC) > since + lives:
        return "ExpiredToken"
    signed = query["X-Goog-SignedHeaders"]
    unsigned = [part for part in raw_query.split("&") if not part.startswith("X-Goog-Signature=")]
    lines = [f"{name}:{headers.get(name, '').strip()}\n" for name in signed.split(";")]
    request = (method, path, "&".join(sorted(unsigned)), "".join(lines), signed, "UNSIGNED-PAYLOAD")
    digest = hashlib.sha256("\n".join(request).encode()).hexdigest()
    message = "\n".join(("GOOG4-RSA-SHA256", query["X-Goog-Date"], scope, digest))
    verifies = keys.get(account)
    if not verifies or not verifies(message.encode(), bytes.fromhex(query["X-Goog-Signature"])):
        return "SignatureDoesNotMatch"
    return None
