"""Which field of an answer comes from where, by the marks on its schema.

``Annotated[str, Provenance.READ]`` marks a field; unmarked fields take their parent's mark, and
the top's is ``computed``. Under a person's observation all that was seen becomes ``edited``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from visiontools.pointers import join
from visiontools.types import Provenance

_SEEN = (Provenance.READ, Provenance.INFERRED, Provenance.TYPICAL)


def provenance_of(
    answer: BaseModel, overrides: Mapping[str, Provenance], *, by_person: bool
) -> dict[str, Provenance]:
    """JSON pointer -> source, for every value of the answer that is not null or empty.

    An override for a pointer holds for everything below it too.
    """
    found = dict(_model(answer, "", Provenance.COMPUTED, overrides))
    if by_person:
        return {p: Provenance.EDITED if s in _SEEN else s for p, s in found.items()}
    return found


def _model(
    model: BaseModel, at: str, inherited: Provenance, overrides: Mapping[str, Provenance]
) -> Iterator[tuple[str, Provenance]]:
    for name, info in type(model).model_fields.items():
        marks = (m for m in info.metadata if isinstance(m, Provenance))
        pointer = join(at, info.serialization_alias or info.alias or name)
        yield from _value(getattr(model, name), pointer, next(marks, inherited), overrides)


def _value(
    value: Any, at: str, source: Provenance, overrides: Mapping[str, Provenance]
) -> Iterator[tuple[str, Provenance]]:
    source = overrides.get(at, source)
    if isinstance(value, BaseModel):
        yield from _model(value, at, source, overrides)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _value(item, join(at, key), source, overrides)
    elif isinstance(value, list | tuple | set | frozenset):
        for index, item in enumerate(value):
            yield from _value(item, join(at, index), source, overrides)
    elif value is not None:
        yield at, source
