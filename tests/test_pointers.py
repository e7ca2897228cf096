"""JSON pointers name every field of an answer, whatever its keys are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.pointers import leaves, resolve

_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(_JSON)
def test_every_leaf_is_found_again_by_its_pointer(value: Any) -> None:
    for pointer, leaf in leaves(value):
        assert resolve(value, pointer) == leaf


@pytest.mark.parametrize("pointer", ["/b", "/a/2", "/a/-1", "/a/x", "a", "/a/0/c", "/a/²"])
def test_a_pointer_to_nothing_is_an_error(pointer: str) -> None:
    with pytest.raises(KeyError):
        resolve({"a": [1, 2]}, pointer)
