"""Which field of an answer comes from where, by the marks on its schema.

``Annotated[str, Provenance.READ]`` marks a field; unmarked fields take their parent's mark, and
the top's is ``computed``. Under a person's observation all that was seen becomes ``edited``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from visiontools.pointers import join
from visiontools.types import Provenance

_PLAIN = frozenset({str, float, int, bool})
SEEN = (Provenance.READ, Provenance.INFERRED, Provenance.TYPICAL)
"""What an observer said, and a person may say instead."""


def provenance_of(
    answer: BaseModel, overrides: Mapping[str, Provenance], *, by_person: bool
) -> dict[str, Provenance]:
    """JSON pointer -> source, for every value of the answer that is not null or empty.

    An override for a pointer holds for everything below it too.
    """
    found: dict[str, Provenance] = {}
    _Walk(overrides, found).model(answer, "", Provenance.COMPUTED)
    if by_person:
        return {p: Provenance.EDITED if s in SEEN else s for p, s in found.items()}
    return found


class _Walk:
    """Walks an answer once; every run does it, so it is kept lean."""

    __slots__ = ("_found", "_overrides")

    def __init__(self, overrides: Mapping[str, Provenance], found: dict[str, Provenance]) -> None:
        self._overrides = overrides
        self._found = found

    def model(self, model: BaseModel, at: str, inherited: Provenance) -> None:
        values = model.__dict__
        fields = _fields(type(model))
        self._all(at, ((step, values[name], mark or inherited) for name, step, mark in fields))

    def _all(self, at: str, parts: Iterable[tuple[str, Any, Provenance]]) -> None:
        for step, value, source in parts:
            if value is None:
                continue
            here = at + step
            source = self._overrides.get(here, source)
            if type(value) in _PLAIN:  # most are, and this is the quickest way to tell
                self._found[here] = source
            else:
                self._within(value, here, source)

    def _within(self, value: Any, at: str, source: Provenance) -> None:
        if isinstance(value, BaseModel):
            self.model(value, at, source)
        elif isinstance(value, list | tuple | set | frozenset):
            self._all(at, ((f"/{index}", item, source) for index, item in enumerate(value)))
        elif isinstance(value, dict):
            self._all(at, ((join("", key), item, source) for key, item in value.items()))
        else:
            self._found[at] = source


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, str, Provenance | None], ...]:
    """Each field's name, its step in a pointer, and its mark."""
    return tuple(
        (
            name,
            join("", info.serialization_alias or info.alias or name),
            next((m for m in info.metadata if isinstance(m, Provenance)), None),
        )
        for name, info in model.model_fields.items()
    )
