"""The head of a GGUF file: read as written, and nothing but our own error for anything else."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.models.local.gguf import BadGgufError, read_header
from visiontools.testing.gguf import Tensor, gguf

VALUES = st.one_of(
    st.text(max_size=20),
    st.booleans(),
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=5),
    st.lists(st.text(max_size=5), min_size=1, max_size=5),
)
HEADS = st.dictionaries(st.text(max_size=20).map(lambda name: f"x.{name}"), VALUES, max_size=6)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gguf") / "some.gguf"


@given(HEADS)
def test_a_head_is_read_as_it_was_written(path: Path, values: dict[str, Any]) -> None:
    tensors = {"t": Tensor((2, 2), array("f", [1, 2, 3, 4]))}
    path.write_bytes(gguf(values, tensors))
    assert read_header(path).values == values


@given(HEADS, st.data())
def test_a_head_that_was_cut_or_changed_is_an_error_of_ours_or_another_head(
    path: Path, values: dict[str, Any], data: st.DataObject
) -> None:
    whole = bytearray(gguf(values, {}))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole) - 1)) :]
    else:
        whole[data.draw(st.integers(4, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    try:
        read_header(path)
    except BadGgufError:
        return


@given(st.binary(max_size=200))
def test_any_bytes_are_an_error_of_ours(path: Path, data: bytes) -> None:
    path.write_bytes(b"GGUF" + data)
    try:
        read_header(path)
    except BadGgufError:
        return


def test_memory_a_token_takes_follows_from_the_head(path: Path) -> None:
    head = {
        "general.architecture": "llama",
        "llama.block_count": 16,
        "llama.embedding_length": 2048,
        "llama.attention.head_count": 32,
        "llama.attention.head_count_kv": 8,
        "tokenizer.ggml.model": "not read any more",
    }
    path.write_bytes(gguf(head, {}))
    # Keys and values of 16 bits: layers x heads kept x width of a head x 2 x 2 bytes.
    assert read_header(path).bytes_a_token == 16 * 8 * 64 * 2 * 2
    path.write_bytes(gguf({"general.architecture": "clip"}, {}))
    assert read_header(path).bytes_a_token == 0
    assert read_header(path).is_projector
