"""What a person filled in, as the value it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import from_json

from visiontools.doors.web.forms import Field, FormMaker
from visiontools.errors import UsageError

Said = Mapping[str, Sequence[str]]
_MOST_ENTRIES = 500


def read(maker: FormMaker, prefix: str, said: Said) -> dict[str, Any]:
    """The object the fields below ``prefix`` stand for.

    What was left empty and may be is left out, and so are entries of lists nobody touched.
    """
    fields = maker.fields(prefix, None)
    return _object(fields, said)


def is_said(prefix: str, said: Said) -> bool:
    """Whether the form has any such fields."""
    return any(name.startswith(f"{prefix}.") for name in said)


def _object(fields: Sequence[Field], said: Said) -> dict[str, Any]:
    found = {}
    for field in fields:
        value = _value(field, said)
        if value is not _NOTHING:
            found[field.name.rpartition(".")[2]] = value
    return found


_NOTHING: Any = object()


def _value(field: Field, said: Said) -> Any:
    if field.kind == "group":
        return _group(field, said)
    if field.kind == "list":
        return [_object(entry.inside, said) for entry in _entries(field, said)]
    given = said.get(field.name, ())
    if field.kind == "choices":
        return list(given)
    if field.kind == "flag":
        return bool(given) and given[-1] != "false"
    if not given:
        return _NOTHING
    text = given[-1].strip()
    if field.kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if not text:
        return None if field.nullable else _NOTHING
    return _scalar(field, text)


def _scalar(field: Field, text: str) -> Any:
    if field.kind == "number":
        return _number(text, whole=field.whole)
    if field.kind == "raw" or field.choices == ("true", "false"):
        try:
            return from_json(text)
        except ValueError:
            raise UsageError(
                f"What stands in '{field.label}' is not JSON.", next="Write it as JSON."
            ) from None
    return text


def _number(text: str, *, whole: bool) -> Any:
    """A number as people write them; what is none stays as it is, for the schema to refuse."""
    try:
        number = float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        return text
    return int(number) if whole and number.is_integer() else number


def _group(field: Field, said: Said) -> Any:
    if field.nullable and not any(_filled(inner, said) for inner in field.inside):
        return None
    return _object(field.inside, said)


def _entries(field: Field, said: Said) -> list[Field]:
    """The entries somebody touched, in the order they stand in the form."""
    assert field.entry is not None
    below = re.compile(rf"{re.escape(field.name)}\.(\d{{1,6}})\.")
    numbers = list(dict.fromkeys(m[1] for name in said if (m := below.match(name))))
    if len(numbers) > _MOST_ENTRIES:
        raise UsageError(
            f"'{field.label}' has {len(numbers)} entries, and at most {_MOST_ENTRIES} can be taken."
        )
    entries = [_numbered(field.entry, field.index, number) for number in numbers]
    return [entry for entry in entries if any(_filled(inner, said) for inner in entry.inside)]


def _numbered(field: Field, index: str, number: str) -> Field:
    return replace(
        field,
        name=field.name.replace(index, number),
        inside=tuple(_numbered(inner, index, number) for inner in field.inside),
        entry=_numbered(field.entry, index, number) if field.entry else None,
    )


def _filled(field: Field, said: Said) -> bool:
    """Whether it is other than it was to start from."""
    if field.kind == "group":
        return any(_filled(inner, said) for inner in field.inside)
    if field.kind == "list":
        return bool(_entries(field, said))
    given = said.get(field.name)
    if given is None:
        return field.kind == "flag" and field.text == "true"
    if field.kind in ("choices", "lines"):
        now = [line for each in given for line in each.splitlines() if line.strip()]
        return now != list(field.chosen)
    if field.kind == "flag":
        return field.text != "true"
    return given[-1].strip() != field.text
