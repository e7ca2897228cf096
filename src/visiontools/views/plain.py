"""Text from pictures, models and people made safe to show: it is data, never instructions.

A model can be made to write terminal escape sequences, and a label can carry characters that turn
the reading direction around; neither may reach a screen.
"""

from __future__ import annotations

import unicodedata

from visiontools.translations import tr
from visiontools.views.blocks import Bar, Bars, Diagram, Plot, Regions, Scale, Table

_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
MOST_BARS = 60
"""More bars than that are easier read as a table."""
_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n\n", "\x85": "\n"}


def clean(text: str) -> str:
    """``text`` without control characters, direction overrides and lone surrogates.

    Line ends become ``\\n`` and tabs stay; a lone surrogate, which cannot be encoded, becomes
    U+FFFD.
    """
    for end, newline in _LINE_ENDS.items():
        text = text.replace(end, newline)
    return "".join(map(_shown, text))


def one_line(text: str) -> str:
    """``text`` cleaned and with every run of white space as one space."""
    return " ".join(clean(text).split())


def scale_words(scale: Scale) -> str:
    """A place on a scale in words: "3 of 5", or with its beginning where that is not 1."""
    if scale.low == 1:
        return tr("%(value)s of %(high)s", value=scale.value, high=scale.high)
    low, high = scale.low, scale.high
    return tr("%(value)s on a scale of %(low)s to %(high)s", value=scale.value, low=low, high=high)


def steps_table(diagram: Diagram) -> Table:
    """A diagram in words: each step, what it does, and where it leads."""
    labels = {step.id: step.label or step.id for step in diagram.steps}
    leads: dict[str, list[str]] = {}
    for arrow in diagram.arrows:
        said = f"{arrow.label}: " if arrow.label else ""
        to = labels.get(arrow.target, arrow.target)
        leads.setdefault(arrow.source, []).append(f"{said}{to}")
    rows = tuple(
        (step.label or f"({step.id})", step.kind, "; ".join(leads.get(step.id, [])))
        for step in diagram.steps
    )
    return Table(("Step", "Kind", "Leads to"), rows, diagram.title)


def plot_table(plot: Plot) -> Table:
    """A chart in words: a row a name and a column a series, or a row a point."""
    if plot.form == "scatter":
        points = tuple(
            (marks.name, mark.label, "" if mark.x is None else f"{mark.x:g}", mark.text)
            for marks in plot.series
            for mark in marks.marks
        )
        columns = ("Series", "Point", plot.x_title or "x", plot.y_title or "y")
        return Table(columns, points, None, frozenset({2, 3}), printed=True)
    labels = dict.fromkeys(mark.label for marks in plot.series for mark in marks.marks)
    cells: dict[tuple[int, str], list[str]] = {}
    for at, marks in enumerate(plot.series):
        for mark in marks.marks:
            cells.setdefault((at, mark.label), []).append(mark.text)
    rows = tuple(
        (label, *("; ".join(cells.get((at, label), [])) for at in range(len(plot.series))))
        for label in labels
    )
    names = tuple(marks.name or plot.y_title or "Value" for marks in plot.series)
    right = frozenset(range(1, len(names) + 1))
    return Table((plot.x_title, *names), rows, None, right, printed=True)


def plot_bars(plot: Plot) -> list[Bars] | None:
    """A chart as bars from zero, a block a series; None where bars do not tell it."""
    marks = [mark for series in plot.series for mark in series.marks]
    if plot.form == "scatter" or len(marks) > MOST_BARS or any(mark.y < 0 for mark in marks):
        return None
    return [
        Bars(
            each.name or plot.y_title,
            tuple(Bar(mark.label, mark.y, mark.text) for mark in each.marks),
        )
        for each in plot.series
    ]


def regions_table(block: Regions) -> Table:
    """Regions in words, with the numbers they carry in a drawing."""
    rows = tuple(
        (f"{number}", region.name, region.words, region.cells)
        for number, region in enumerate(block.regions, 1)
    )
    return Table(("No.", "Region (unverified)", "Its words", "Cells"), rows, block.title)


def _shown(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category == "Cc" or character in _BIDI_CONTROLS:
        return ""
    return character
