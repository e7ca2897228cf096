"""What a person filled in of a template: what they left as it was printed, they did not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from visiontools.doors.cli.template import template
from visiontools.doors.schema import Schema, example, proposal_schema, resolved
from visiontools.pointers import join
from visiontools.registry import AnyTool

NOTHING_SAID = {"picture": "cannot_tell"}
"""What an untouched template of a picture tool says."""


def filled_in(
    tool: AnyTool, said: Mapping[str, Any], options: Schema | None = None
) -> tuple[dict[str, Any], list[str]]:
    """What was said, and the JSON pointers of what was left as the template has it.

    Entries of lists and things that may be null are left out where they are untouched. A template
    nobody touched says that nothing can be told.
    """
    printed = template(tool, options)
    if said == printed:
        said_nothing = {k: v for k, v in NOTHING_SAID.items() if k in tool.observation.model_fields}
        return said_nothing, [""]
    observed = _Filling(tool.observation)
    kept = observed.kept({k: v for k, v in said.items() if k != "proposal"}, printed, "")
    if "proposal" not in said:
        return kept, observed.left
    wanted = proposal_schema(tool, example(tool.observation), options)
    if wanted is None:  # wanted with other options only; the run holds it to its schema
        return {**kept, "proposal": said["proposal"]}, observed.left
    proposed = _Filling(wanted)
    proposal = proposed.kept(said["proposal"], printed.get("proposal"), "/proposal")
    if not proposed.left or any(proposal.values()):  # else nobody proposed anything
        kept["proposal"] = proposal
    return kept, observed.left + proposed.left


class _Filling:
    """Goes through a value, its template and its schema at the same time."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._schema: Schema = model.model_json_schema(by_alias=True)
        self._defs: Schema = self._schema.get("$defs", {})
        self.left: list[str] = []

    def kept(self, said: Any, printed: Any, at: str) -> Any:
        return self._kept(said, printed, self._schema, at)

    def _kept(self, said: Any, printed: Any, schema: Schema, at: str) -> Any:
        found = resolved(schema, self._defs)
        if isinstance(said, dict) and isinstance(printed, dict):
            if found.get("nullable") and said == printed:
                self.left.append(at)
                return None
            inner = found.get("properties", {})
            return {
                name: self._kept(value, printed.get(name), inner.get(name, {}), join(at, name))
                for name, value in said.items()
            }
        if isinstance(said, list) and isinstance(printed, list) and printed:
            return self._items(said, printed[0], found.get("items", {}), at)
        return said

    def _items(self, said: list[Any], printed: Any, schema: Schema, at: str) -> list[Any]:
        items = []
        for index, item in enumerate(said):
            if isinstance(item, dict) and item == printed:
                self.left.append(join(at, index))
            else:
                items.append(self._kept(item, printed, schema, join(at, index)))
        return items
