"""Questions on what is where, answered over the cells of the grid.

Known are: "what is left of / right of / above / below X", "what is nearest to X", "where is X",
and "is X left of Y". A region is left of another only if all of it is: cells are coarse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from visiontools.answers.grid import Cell, Grid, name_of

Relation = Literal["left_of", "right_of", "above", "below", "nearest", "where"]
_SIDES: dict[str, Relation] = {
    r"(?:to the )?left (?:of|from)|west of": "left_of",
    r"(?:to the )?right (?:of|from)|east of": "right_of",
    r"above|over|north of": "above",
    r"below|under|beneath|south of": "below",
}
_WORDS: dict[Relation, str] = {
    "left_of": "left of",
    "right_of": "right of",
    "above": "above",
    "below": "below",
    "nearest": "nearest to",
    "where": "at",
}
_SMALL = frozenset(("the", "a", "an"))


class Answered(BaseModel):
    """The answer to a question on places; ``text`` says why where there is none."""

    model_config = ConfigDict(extra="forbid")
    question: str
    relation: Relation | None
    about: str | None = Field(description="the region the question is about")
    other: str | None = Field(description="the region it is compared with, in 'is X left of Y'")
    regions: list[str] = Field(description="the names of those that answer it, from the grid alone")
    holds: bool | None = Field(description="the answer to 'is X left of Y'; null if it is unclear")
    text: str

    @property
    def is_told(self) -> bool:
        return bool(self.regions) or self.holds is not None


def answered(question: str, places: Mapping[str, Sequence[Cell]], grid: Grid) -> Answered:
    """The answer as far as the cells give one."""
    asked = " ".join(question.split()).rstrip(" ?!.")
    for read in (_compared, _beside, _nearest, _where):
        if found := read(asked, places, grid):
            relation, about, other, names, holds, text = found
            return Answered(
                question=question,
                relation=relation,
                about=about,
                other=other,
                regions=names,
                holds=holds,
                text=text,
            )
    text = (
        "The cells give no answer to this question; they tell what is left of, right of, above, "
        "below or nearest to something, and where it is."
    )
    return Answered(
        question=question, relation=None, about=None, other=None, regions=[], holds=None, text=text
    )


Found = tuple[Relation, str | None, str | None, list[str], bool | None, str]
Places = Mapping[str, Sequence[Cell]]


def _compared(asked: str, places: Places, _: Grid) -> Found | None:
    for pattern, relation in _SIDES.items():
        match = re.fullmatch(rf"(?:is|are|does) (.+?) (?:lie )?(?:{pattern}) (.+)", asked, re.I)
        if match is None:
            continue
        names = [_named(said, places) for said in match.groups()]
        if missing := _missing(match.groups(), names):
            return relation, names[0], names[1], [], None, missing
        one, other = str(names[0]), str(names[1])
        words = _WORDS[relation]
        if _is(relation, places[one], places[other]):
            return relation, one, other, [one], True, f"Yes: {one} is {words} {other}."
        if _is(_opposite(relation), places[one], places[other]):
            turned = _WORDS[_opposite(relation)]
            return relation, one, other, [], False, f"No: {one} is {turned} {other}."
        unclear = f"Cannot tell: {one} and {other} share columns or rows of the grid."
        return relation, one, other, [], None, unclear
    return None


def _beside(asked: str, places: Places, grid: Grid) -> Found | None:
    for pattern, relation in _SIDES.items():
        match = re.fullmatch(rf"(?:what|which|who)\b.*?\b(?:{pattern}) (.+)", asked, re.I)
        if match is None:
            continue
        name = _named(match[1], places)
        if name is None:
            return relation, None, None, [], None, _missing(match.groups(), [None])
        names = [each for each in places if _is(relation, places[each], places[name])]
        names.sort(key=lambda each: grid.apart(places[each], places[name]))
        if not names:
            text = f"No reported region lies wholly {_WORDS[relation]} {name}."
            return relation, name, None, [], None, text
        verb = "is" if len(names) == 1 else "are"
        text = f"{_listed(names)} {verb} {_WORDS[relation]} {name}."
        return relation, name, None, names, None, text
    return None


def _nearest(asked: str, places: Places, grid: Grid) -> Found | None:
    match = re.fullmatch(r".*\b(?:nearest|closest)(?: to)? (.+)", asked, re.I) or re.fullmatch(
        r"(?:what|which)\b.*\b(?:next to|beside|near) (.+)", asked, re.I
    )
    if match is None:
        return None
    name = _named(match[1], places)
    if name is None:
        return "nearest", None, None, [], None, _missing(match.groups(), [None])
    away = {each: grid.apart(places[each], places[name]) for each in places if each != name}
    if not away:
        return "nearest", name, None, [], None, f"No other region than {name} was reported."
    least = min(away.values())
    names = [each for each, distance in away.items() if distance <= least + 1e-6]
    verb, tie = ("is", "") if len(names) == 1 else ("are", ", equally so by the grid")
    text = f"{_listed(names)} {verb} nearest to {name}{tie}."
    return "nearest", name, None, names, None, text


def _where(asked: str, places: Places, _: Grid) -> Found | None:
    match = re.fullmatch(r"where(?:'s| is| are| does| do)? (.+?)(?: lie| located)?", asked, re.I)
    if match is None:
        return None
    name = _named(match[1], places)
    if name is None:
        return "where", None, None, [], None, _missing(match.groups(), [None])
    cells = ", ".join(name_of(cell) for cell in places[name])
    return "where", name, None, [name], None, f"{name} is at {cells}."


def _missing(said: Sequence[str], names: Sequence[str | None]) -> str:
    unknown = [f"'{each}'" for each, name in zip(said, names, strict=True) if name is None]
    return f"Cannot tell: no region is reported as {' or '.join(unknown)}." if unknown else ""


def _named(said: str, places: Places) -> str | None:
    """The one region whose name has these words; None for none, and for several."""
    wanted = _key(said)
    exact = [name for name in places if _key(name) == wanted]
    if exact:
        return exact[0]
    within = [name for name in places if wanted and set(wanted) <= set(_key(name))]
    return within[0] if len(within) == 1 else None


def _key(name: str) -> tuple[str, ...]:
    return tuple(w for w in re.findall(r"\w+", name.casefold()) if w not in _SMALL)


def _is(relation: Relation, one: Sequence[Cell], other: Sequence[Cell]) -> bool:
    if relation == "left_of":
        return max(cell[0] for cell in one) < min(cell[0] for cell in other)
    if relation == "above":
        return max(cell[1] for cell in one) < min(cell[1] for cell in other)
    return _is(_opposite(relation), other, one)


def _opposite(relation: Relation) -> Relation:
    pairs: dict[Relation, Relation] = {
        "left_of": "right_of",
        "right_of": "left_of",
        "above": "below",
        "below": "above",
    }
    return pairs[relation]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(_parts(names))


def _parts(names: Sequence[str]) -> Iterator[str]:
    yield from names[:-2]
    yield " and ".join(names[-2:])
