"""The two forms a tool has: its options, and what a person sees in the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from visiontools.doors.schema import example, proposal_schema
from visiontools.doors.web.forms import Field, FormMaker
from visiontools.doors.web.forms_read import Said, is_said, read
from visiontools.registry import AnyTool
from visiontools.translations import marked

OPTION = "option"
SEEN = "seen"
PROPOSAL = "proposal"


@lru_cache(maxsize=256)
def _maker(model: type[BaseModel]) -> FormMaker:
    return FormMaker(model)


def option_fields(tool: AnyTool, given: Mapping[str, Any] | None = None) -> tuple[Field, ...]:
    """The tool's options with what was given, or their defaults.

    Those that name a file are left out: it would be a file of the server's.
    """
    defaults = _defaults(tool)
    files = [name for name in defaults if _names_a_file(tool, name)]
    return _maker(tool.options).fields(OPTION, {**defaults, **(given or {})}, files)


def _defaults(tool: AnyTool) -> dict[str, Any]:
    try:
        return tool.options().model_dump(mode="json", by_alias=True)
    except ValidationError:  # one of them must be given
        return {}


def _names_a_file(tool: AnyTool, option: str) -> bool:
    try:
        return bool(tool.reads_files(tool.options.model_validate({option: "a file"})))
    except ValidationError:
        return False


def seen_fields(tool: AnyTool, seen: Mapping[str, Any] | None = None) -> tuple[Field, ...]:
    """What a person can say is seen, and what they can propose where the tool asks for it."""
    fields = _maker(tool.observation).fields(SEEN, seen)
    wanted = proposal_of(tool)
    if wanted is None:
        return fields
    at = f"{SEEN}.{PROPOSAL}"
    inside = _maker(wanted).fields(at, (seen or {}).get(PROPOSAL))
    return (*fields, Field(at, marked("What you propose"), "group", inside=inside))


def proposal_of(tool: AnyTool) -> type[BaseModel] | None:
    """What the tool asks to be proposed once something is seen."""
    return proposal_schema(tool, example(tool.observation))


def said_in(tool: AnyTool, said: Said, *, seen: bool) -> dict[str, Any]:
    """The options in a form, and the observation where one is asked for."""
    return {
        OPTION: read(_maker(tool.options), OPTION, _options_in(said)),
        SEEN: seen_in(tool, said) if seen and is_said(SEEN, said) else None,
    }


def seen_in(tool: AnyTool, said: Said) -> dict[str, Any]:
    """The observation in a form, with the proposal where there is one."""
    observation = read(_maker(tool.observation), SEEN, said)
    wanted = proposal_of(tool)
    if wanted is not None and is_said(f"{SEEN}.{PROPOSAL}", said):
        proposed = read(_maker(wanted), f"{SEEN}.{PROPOSAL}", said)
        if any(proposed.values()):
            observation[PROPOSAL] = proposed
    return observation


def _options_in(said: Said) -> dict[str, Sequence[str]]:
    return {name: values for name, values in said.items() if name.startswith(f"{OPTION}.")}
