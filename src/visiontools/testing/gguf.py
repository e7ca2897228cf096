"""Writes GGUF files: a head with anything in it, and tensors of 32-bit floats.

    write_gguf(path, {"general.architecture": "llama", "llama.block_count": 1}, tensors)

The layout is that of the format's specification (github.com/ggml-org/ggml, docs/gguf.md),
version 3, little-endian.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Value = str | bool | int | float | Sequence[str] | Sequence[int] | Sequence[float]

_ALIGNMENT = 32
_F32 = 0
_KINDS = {bool: (7, "?"), int: (4, "I"), float: (6, "f")}
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True, slots=True)
class Tensor:
    """32-bit floats; ``shape`` has the dimension that varies fastest first, as GGUF does."""

    shape: tuple[int, ...]
    data: array[float]

    def __post_init__(self) -> None:
        count = 1
        for size in self.shape:
            count *= size
        assert self.data.typecode == "f"
        assert len(self.data) == count, f"{self.shape} holds {count}, not {len(self.data)}"


def write_gguf(
    path: Path, values: Mapping[str, Value], tensors: Mapping[str, Tensor] | None = None
) -> Path:
    """Write the file; whole numbers are stored as 32 bits without a sign."""
    path.write_bytes(gguf(values, tensors or {}))
    return path


def gguf(values: Mapping[str, Value], tensors: Mapping[str, Tensor]) -> bytes:
    """The same as bytes."""
    head = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(values))]
    for name, value in values.items():
        head += [_string(name), _value(value)]
    data = bytearray()
    for name, tensor in tensors.items():
        head += [
            _string(name),
            struct.pack("<I", len(tensor.shape)),
            struct.pack(f"<{len(tensor.shape)}Q", *tensor.shape),
            struct.pack("<IQ", _F32, len(data)),
        ]
        data += _padded(tensor.data.tobytes())
    return _padded(b"".join(head)) + bytes(data)


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", _STRING) + _string(value)
    if isinstance(value, bool | int | float):
        kind, code = _KINDS[type(value)]
        return struct.pack(f"<I{code}", kind, value)
    if value and isinstance(value[0], str):
        texts = b"".join(_string(str(one)) for one in value)
        return struct.pack("<IIQ", _ARRAY, _STRING, len(value)) + texts
    kind, code = _KINDS[type(value[0])]
    return struct.pack(f"<IIQ{len(value)}{code}", _ARRAY, kind, len(value), *value)


def _string(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)
