"""What the head of a GGUF file says about the model in it.

Only the key-value pairs before the vocabulary are read. The layout is that of the format's
specification (github.com/ggml-org/ggml, docs/gguf.md), versions 2 and 3, little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q"} | {
    12: "d"
}
_STRING, _ARRAY = 8, 9
_MOST_PAIRS = 4096
_LONGEST_STRING = 2**20
_LONGEST_ARRAY = 2**24
_KEPT_ARRAY = 1024
_ENOUGH = "tokenizer."
"""Keys of the vocabulary come after all that is of interest here, and are long."""


class BadGgufError(ValueError):
    """The file is no GGUF, or its head is broken."""


@dataclass(frozen=True, slots=True)
class Header:
    """The key-value pairs of a GGUF file's head, up to its vocabulary."""

    values: Mapping[str, Any]

    @property
    def architecture(self) -> str:
        """Such as ``llama`` or ``qwen2vl``; ``clip`` for every projector; "" where unsaid."""
        found = self.values.get("general.architecture")
        return found if isinstance(found, str) else ""

    @property
    def is_projector(self) -> bool:
        """Whether it turns pictures into what a language model reads, and is no model itself."""
        return self.architecture == "clip"

    @property
    def licence(self) -> str:
        """What the file itself says its licence is; "" where it says nothing."""
        found = self.values.get("general.license")
        return found if isinstance(found, str) else ""

    @property
    def context(self) -> int | None:
        """How many tokens the model was trained to look back on."""
        return self._number("context_length")

    @property
    def bytes_a_token(self) -> int:
        """Memory that one token of context takes, in bytes, with 16-bit keys and values.

        0 where the head does not say enough.
        """
        layers, heads = self._number("block_count"), self._number("attention.head_count")
        kept = self._number("attention.head_count_kv") or heads
        width = self._number("embedding_length")
        if not (layers and heads and kept and width):
            return 0
        key = self._number("attention.key_length") or width // heads
        value = self._number("attention.value_length") or width // heads
        return layers * kept * (key + value) * 2

    def _number(self, key: str) -> int | None:
        """A size of this architecture; the largest, where it differs from layer to layer."""
        found = self.values.get(f"{self.architecture}.{key}")
        if isinstance(found, list):
            found = max((n for n in found if isinstance(n, int)), default=None)
        return found if isinstance(found, int) and 0 < found < 2**40 else None


def read_header(path: Path) -> Header:
    """The head of a GGUF file. Raises BadGgufError, or OSError where it cannot be read."""
    with path.open("rb") as file:
        if _take(file, 4) != _MAGIC:
            raise BadGgufError("it does not begin as a GGUF file does")
        version = _number(file, "I")
        if version not in _VERSIONS:
            raise BadGgufError(f"it is of GGUF version {version}, not 2 or 3")
        _number(file, "Q")  # how many tensors
        pairs = _number(file, "Q")
        if pairs > _MOST_PAIRS:
            raise BadGgufError("its head claims more than any model has")
        values: dict[str, Any] = {}
        for _ in range(pairs):
            key = _string(file)
            if key.startswith(_ENOUGH):
                break
            values[key] = _value(file, _number(file, "I"))
        return Header(values)


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _string(file)
    if kind == _ARRAY:
        return _array(file)
    if kind not in _SCALARS:
        raise BadGgufError(f"it holds a value of unknown kind {kind}")
    return _number(file, _SCALARS[kind])


def _array(file: BinaryIO) -> list[Any] | None:
    """The values of a short array; a long one is passed over."""
    kind, count = _number(file, "I"), _number(file, "Q")
    if count > _LONGEST_ARRAY:
        raise BadGgufError("it holds an array longer than any model has")
    if kind in _SCALARS and count > _KEPT_ARRAY:
        _take(file, count * struct.calcsize(f"<{_SCALARS[kind]}"))
        return None
    if kind == _ARRAY:
        raise BadGgufError("it holds an array of arrays")
    found = [_value(file, kind) for _ in range(count)]
    return found if count <= _KEPT_ARRAY else None


def _string(file: BinaryIO) -> str:
    length = _number(file, "Q")
    if length > _LONGEST_STRING:
        raise BadGgufError("it holds a string longer than any model has")
    return _take(file, length).decode("utf-8", "replace")


def _number(file: BinaryIO, kind: str) -> Any:
    (number,) = struct.unpack(f"<{kind}", _take(file, struct.calcsize(f"<{kind}")))
    return number


def _take(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) < count:
        raise BadGgufError("it ends within its head")
    return found
