"""JSON pointers (RFC 6901): how a record names one field of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def join(parent: str, key: str | int) -> str:
    """``join("/parts", 0)`` is ``/parts/0``; ``~`` and ``/`` in a key are escaped."""
    return f"{parent}/{str(key).replace('~', '~0').replace('/', '~1')}"


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar below a JSON value with its pointer; empty lists and objects count as one."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, join(at, key))
    elif isinstance(value, list | tuple) and value:
        for index, item in enumerate(value):
            yield from leaves(item, join(at, index))
    else:
        yield at, value


def resolve(value: Any, pointer: str) -> Any:
    """The value a pointer names; KeyError when there is none."""
    if pointer == "":
        return value
    if not pointer.startswith("/"):
        raise KeyError(pointer)
    for raw in pointer[1:].split("/"):
        value = _step(value, raw.replace("~1", "/").replace("~0", "~"), pointer)
    return value


def _step(value: Any, key: str, pointer: str) -> Any:
    if isinstance(value, dict) and key in value:
        return value[key]
    if isinstance(value, list) and key.isascii() and key.isdecimal() and int(key) < len(value):
        return value[int(key)]
    raise KeyError(pointer)
