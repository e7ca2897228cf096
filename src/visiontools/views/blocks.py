"""The neutral description a tool gives of its answer; terminal, Markdown and HTML render it.

A tool builds blocks and never a string of markup, so that every door shows the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. ``strong`` is for the one sentence that matters most."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to mind: ``warning`` for safety and failed promises, ``note`` for the rest."""

    text: str
    level: Literal["note", "warning"] = "note"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, one pair a line."""

    rows: tuple[tuple[str, str], ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are text; ``right`` holds the indexes of the columns of numbers.

    ``printed`` says that headings, title and cells stand in a picture as they stand here: no page
    translates them, or writes their numbers in another form.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str | None = None
    right: frozenset[int] = frozenset()
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    text: str
    best: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars on one scale from zero; ``text`` is the value with its unit."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """A place on a scale of whole steps, such as severity 3 of 1 to 5."""

    title: str
    value: int
    low: int
    high: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """An amount with its low and high, such as a cost; ``text`` writes it with its unit."""

    title: str
    low: float
    expected: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``numbered`` where the order matters."""

    items: tuple[str, ...]
    title: str | None = None
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Source text in a language a highlighter knows (``python``, ``mermaid``, ``text``)."""

    code: str
    language: str
    title: str | None = None


Shape = Literal["box", "rounded", "diamond", "slanted", "double"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a diagram: its text, what it does, and the outline it is drawn with."""

    id: str
    label: str
    kind: str
    shape: Shape = "box"


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one step to another, by their ids."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Diagram:
    """Steps in the order they are walked, and the arrows between them."""

    title: str
    steps: tuple[Step, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar, point or slice: its place by name or by number, its value, and the value in words.

    ``estimated`` values are drawn so that nobody takes them for printed ones.
    """

    label: str
    y: float
    text: str
    x: float | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks that belong together."""

    name: str
    marks: tuple[Mark, ...]


Form = Literal["bars", "stacked", "lines", "pie", "scatter"]


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart drawn anew; ``low`` and ``high`` are the ends of the original's axis of values."""

    title: str
    form: Form
    series: tuple[Marks, ...]
    x_title: str = ""
    y_title: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Outlined:
    """A region: its name, the words in the picture that refer to it, and its cells by name.

    ``boxes`` are the same cells as left, top, right and bottom in pixels; one at least.
    """

    name: str
    words: str
    cells: str
    boxes: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Regions:
    """Regions of one picture of ``width`` x ``height`` pixels; nobody has verified them."""

    title: str
    width: int
    height: int
    regions: tuple[Outlined, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under one heading."""

    title: str
    blocks: tuple[Block, ...]


Block = (
    Text
    | Notice
    | Facts
    | Table
    | Bars
    | Scale
    | Range
    | Items
    | Code
    | Diagram
    | Plot
    | Regions
    | Section
)
