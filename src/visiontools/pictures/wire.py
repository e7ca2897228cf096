"""The messages between the program and its picture workers.

A message is its head's length (4 bytes, big-endian), the head as JSON, and the files it carries;
the head's ``sizes`` says how long each file is. Nothing is ever unpickled: a worker decodes
strangers' files, so even its answers are only data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

LENGTH = 4
LONGEST_HEAD = 1_000_000
LARGEST_BODY = 1_000_000_000


class WireError(Exception):
    """The other side sent something that is no message."""


def message(head: Mapping[str, Any], files: Sequence[bytes] = ()) -> bytes:
    """One message, ready to be written to the pipe."""
    encoded = json.dumps({**head, "sizes": [len(file) for file in files]}).encode()
    return b"".join((len(encoded).to_bytes(LENGTH, "big"), encoded, *files))


def head_length(prefix: bytes) -> int:
    """How many bytes the head takes. Raises WireError if that is out of all bounds."""
    length = int.from_bytes(prefix, "big")
    if not 0 < length <= LONGEST_HEAD:
        raise WireError(f"a head of {length} bytes")
    return length


def parse_head(encoded: bytes) -> tuple[dict[str, Any], list[int]]:
    """A head and the sizes of the files that follow. Raises WireError if malformed."""
    try:
        head = json.loads(encoded)
        sizes = [int(size) for size in head.pop("sizes")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WireError("a malformed head") from error
    if any(size < 0 for size in sizes) or sum(sizes) > LARGEST_BODY:
        raise WireError("files of impossible sizes")
    return head, sizes


def read(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]] | None:
    """The next message from a blocking stream, or None at its end."""
    prefix = stream.read(LENGTH)
    if len(prefix) < LENGTH:
        return None
    head, sizes = parse_head(stream.read(head_length(prefix)))
    return head, [stream.read(size) for size in sizes]
