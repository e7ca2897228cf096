"""From lines of text to pieces with a place: labels, cells of amounts, headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from visiontools.answers.label import Basis, Quantity
from visiontools.reader.label_amounts import Amount, amounts, base_amount, quantities
from visiontools.reader.label_level import Points, spans
from visiontools.reader.label_words import (
    CONTAINER_WORDS,
    HUNDRED,
    LESS_THAN,
    PER_WORDS,
    PERCENT,
    SERVING_WORDS,
    SHARES,
    basis_of,
    has_word,
    nutrient_of,
    plain,
)
from visiontools.reader.ocr import Line, Quad


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands on the levelled page, in pixels; ``y`` is its middle."""

    x0: float
    x1: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    def overlaps(self, other: Place) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A line of text with its place."""

    line: Line
    place: Place
    edges: tuple[tuple[float, float], ...]

    @property
    def text(self) -> str:
        return self.line.text

    def part(self, start: int, end: int) -> Place:
        """The place of the characters from ``start`` up to ``end``."""
        edges = self.edges[start:end] or ((self.place.x0, self.place.x1),)
        return Place(edges[0][0], edges[-1][1], self.place.y, self.place.height)

    def quad(self, start: int, end: int) -> Quad:
        """The corners of those characters in the picture, to cut them out again.

        A gap wide enough to hide a digit is included: one the recogniser lost at either end
        must show up in a second look.
        """
        at = self.line.at
        step = (at[-1] - at[0]) / max(len(at) - 1, 1)
        before = _printed_before(self.text, start)
        after = _printed_after(self.text, end)
        left = 0.0 if before is None else _edge(at[start], at[before], step)
        right = 1.0 if after is None else _edge(at[end - 1], at[after], step)
        a, b, c, d = self.line.quad
        return np.array(
            [a + (b - a) * left, a + (b - a) * right, d + (c - d) * right, d + (c - d) * left]
        )


def _edge(inner: float, outer: float, step: float) -> float:
    """Where to cut between two characters: halfway, or close to the outer one if far apart."""
    gap = abs(inner - outer)
    share = 0.5 if gap < 2.3 * step else (gap - 0.7 * step) / gap
    return inner + (outer - inner) * share


def _printed_before(text: str, start: int) -> int | None:
    return next((i for i in range(start - 1, -1, -1) if not text[i].isspace()), None)


def _printed_after(text: str, end: int) -> int | None:
    return next((i for i in range(end, len(text)) if not text[i].isspace()), None)


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A nutrient's name."""

    nutrient: str
    text: str
    place: Place
    source: Placed | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """Amounts that belong together: one, or energy in both units."""

    source: Placed
    amounts: tuple[Amount, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Heading:
    """What the amounts below it are for; ``size`` where it says how much one serving is.

    ``basis`` is None for a column that is nothing the table's facts are stated for, such as
    shares of a daily intake, or one that cannot be read.
    """

    basis: Basis | None
    place: Place
    size: Quantity | None = None
    source: Placed | None = None
    shares: bool = False


@dataclass(slots=True)
class Page:
    """Everything found on one picture."""

    lines: list[Placed] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


def page_of(lines: Sequence[Line], level: Callable[[Points], Points]) -> Page:
    """Split every line into labels and cells."""
    page = Page()
    for line in lines:
        placed = _placed(line, level)
        page.lines.append(placed)
        _split(placed, page)
    return page


def _placed(line: Line, level: Callable[[Points], Points]) -> Placed:
    edges = tuple(spans(line, level))
    y = float(level(np.array([line.center]))[0, 1])
    x0, x1 = edges[0][0], edges[-1][1]
    return Placed(line, Place(x0, x1, y, line.height), edges)


def _split(placed: Placed, page: Page) -> None:
    found = amounts(placed.text)
    position = 0
    for group in _grouped(placed.text, found):
        _add_label(placed, position, group[0].start, page)
        # "Less than 1 g" is set in its column with its first word.
        less = LESS_THAN.search(placed.text[: group[0].start])
        place = placed.part(less.start() if less else group[0].start, group[-1].end)
        page.cells.append(Cell(placed, tuple(group), place))
        position = group[-1].end
    _add_label(placed, position, len(placed.text), page)


def _grouped(text: str, found: Sequence[Amount]) -> list[list[Amount]]:
    """Neighbours with only a slash or brackets between them share a cell (kJ / kcal)."""
    groups: list[list[Amount]] = []
    for amount in found:
        if groups:
            last = groups[-1][-1]
            between = text[last.end : amount.start]
            energies = {last.unit, amount.unit} == {"kJ", "kcal"}
            joined = re.fullmatch(r"\s*[/(|\-–]\s*", between) is not None
            again = amount.unit and amount.unit in {other.unit for other in groups[-1]}
            if not again and (joined or (energies and not between.strip())):
                groups[-1].append(amount)
                continue
        groups.append([amount])
    return groups


def _add_label(placed: Placed, start: int, end: int, page: Page) -> None:
    text = LESS_THAN.sub("", placed.text[start:end].rstrip())
    nutrient = nutrient_of(text) if text.strip() else None
    if nutrient:
        lead = start + len(text) - len(text.lstrip())
        place = placed.part(lead, start + len(text.rstrip()))
        page.labels.append(Label(nutrient, text, place, placed))


_WORDS = "|".join((*SERVING_WORDS, *CONTAINER_WORDS))
# Headings set close together lose the space between them: "100 gPar portion".
_PER = re.compile(
    rf"(?:(?<![a-z0-9])|(?<=\dg)|(?<=\d g)|(?<=\dml)|(?<=\d ml))({'|'.join(PER_WORDS)})"
    rf"(?=\b|\d|{_WORDS})"
)
_BARE = re.compile(
    rf"\W*((amount|quantity|menge|cantidad|quantite)\W*(per|pro|por|par)?\W*)?(1\s)?({_WORDS})"
)
_NO_HEADING = re.compile(
    r"serving\s*size|\d\s*servings?\s*per|servings\s*per|portions?\s*(per|pro|par|por|je)\b|porciones\s*por"
    r"|\d\s*servings?\s*$|daily|a day|tamano|raciones\s*por|contains|enthalt|contient"
    r"|\bnet\s*(wt|weight|content|vol)|\boz\b|ingredient|zutaten"
)


def headings(placed: Placed) -> list[Heading]:
    """The column headings in one line; "per 100 ml  per portion (330 ml)" holds two."""
    text = plain(placed.text)
    if (_NO_HEADING.search(text) and "%" not in text) or len(text) > 90:
        return []
    starts = [match.start() for match in _PER.finditer(text)]
    if len(text) != len(placed.text) or not starts:
        share = SHARES.search(text) is not None and len(text) < 40
        bare = _BARE.match(text) is not None and not quantities(text)
        if not (HUNDRED.search(text) or bare or share):
            return []
        starts = [0]
    bounds = [*starts, len(text)]
    found = (_heading(placed, start, end) for start, end in pairwise(bounds))
    return [heading for heading in found if heading]


def _heading(placed: Placed, start: int, end: int) -> Heading | None:
    text = placed.text[start:end].rstrip()
    place = placed.part(start, start + len(text))
    sizes = quantities(text)
    basis = basis_of(text)
    if SHARES.search(plain(text)) and basis not in ("per_100ml", "per_100g"):
        # "RI of an adult" without a % may head amounts in g: they are nobody's then.
        return Heading(None, place, shares=PERCENT.search(plain(text)) is not None)
    if basis in ("per_100ml", "per_100g"):
        two_in_one = has_word(text, SERVING_WORDS) and len(sizes) > 1
        return None if two_in_one else Heading(basis, place)
    if basis and re.search(r"(?<!\d)100(?!\d)", text):
        # Two headings run into one another beyond repair.
        return Heading(None, place)
    if basis:
        return Heading(basis, place, sizes[0] if sizes else None, placed)
    if sizes and _PER.match(plain(text)) and base_amount(sizes[0])[0] != 100:
        return Heading("per_serving", place, sizes[0], placed)
    return Heading(None, place) if _PER.match(plain(text)) and len(text) < 25 else None
