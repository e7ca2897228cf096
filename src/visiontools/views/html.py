"""Blocks as HTML: one fragment that needs no script and no style of its own.

Class names begin with ``vt-``; how they look is the style sheet's. Drawings are inline SVG without
style attributes, so that a strict content security policy holds. Every text is escaped: it is data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from visiontools.translations import ENGLISH, is_known, tr
from visiontools.translations.forms import figures
from visiontools.views.blocks import (
    Bars,
    Block,
    Code,
    Diagram,
    Facts,
    Items,
    Notice,
    Plot,
    Range,
    Regions,
    Scale,
    Section,
    Table,
    Text,
)
from visiontools.views.html_charts import bars, scale, span
from visiontools.views.html_code import code
from visiontools.views.html_diagram import drawing
from visiontools.views.html_plot import drawn
from visiontools.views.html_text import Html, element, joined, text
from visiontools.views.plain import one_line, plot_table, regions_table, steps_table

_DEEPEST = 6
_LONGEST_WORD = 24
_SHORT_WORD = 12
_FEW_COLUMNS = 3
"""A table of so many fits the narrowest window."""


def show(blocks: Sequence[Block], *, depth: int = 3) -> Html:
    """``blocks`` one after the other; headings start at level ``depth``."""
    return joined(*(_block(block, depth) for block in blocks))


def heading(title: str, depth: int, *, printed: bool = False) -> Html:
    """A heading; deeper than HTML knows is as deep as it goes. What is printed is left as it is."""
    return element(f"h{min(depth, _DEEPEST)}", one_line(title if printed else tr(title)))


def own(words: str) -> Html:
    """A sentence of ours: translated where it is known, else said to be English."""
    if not words or is_known(words):
        return text(tr(words))
    return element("span", words, lang=ENGLISH)


def _block(block: Block, depth: int) -> Html:
    if isinstance(block, Section):
        inside = joined(heading(block.title, depth), show(block.blocks, depth=depth + 1))
        return element("section", inside, class_="vt-section")
    body = _RENDERERS[type(block)](block)
    title = None if isinstance(block, Scale | Range) else getattr(block, "title", None)
    if not title:
        return body
    printed = isinstance(block, Table) and block.printed
    return element("div", heading(title, depth, printed=printed), body, class_="vt-block")


def _text(block: Text) -> Html:
    return element("p", block.text, class_="vt-text vt-strong" if block.strong else "vt-text")


def _notice(block: Notice) -> Html:
    word = tr("Warning") if block.level == "warning" else tr("Note")
    kind = f"vt-notice vt-{block.level}"
    return element("p", element("strong", f"{word}:"), " ", own(block.text), class_=kind)


def _facts(block: Facts) -> Html:
    pairs = (
        element("div", element("dt", tr(name)), element("dd", _value(value)))
        for name, value in block.rows
    )
    return element("dl", *pairs, class_="vt-facts")


def _table(block: Table) -> Html:
    """Wide tables of words become one card a row in a narrow window; wide ones of figures scroll.

    The roles are said, since a style sheet that changes how a table is laid out takes them away.
    """
    wide = len(block.columns) > _FEW_COLUMNS
    figures = len(block.right) >= len(block.columns) - 1
    head = (
        element(
            "th",
            _heading_of(block, column),
            scope="col",
            role="columnheader",
            class_=_side(block, at),
        )
        for at, column in enumerate(block.columns)
    )
    made = element(
        "table",
        element("thead", element("tr", *head, role="row"), role="rowgroup"),
        element("tbody", *(_row(block, row) for row in block.rows), role="rowgroup"),
        role="table",
        class_="vt-table vt-stack" if wide and not figures else "vt-table",
    )
    if not (wide and figures):
        return made
    return element(
        "div",
        made,
        class_="vt-scroll",
        tabindex="0",
        role="region",
        aria_label=one_line(_heading_of(block, block.title) if block.title else tr("Table")),
    )


def _row(block: Table, row: tuple[str, ...]) -> Html:
    cells = []
    for at, cell in enumerate(row):
        column = block.columns[at] if at < len(block.columns) else ""
        first = at == 0
        cells.append(
            element(
                "th" if first else "td",
                figures(cell) if at in block.right and not block.printed else cell,
                scope="row" if first else None,
                role="rowheader" if first else "cell",
                class_=_kind(block, at, cell),
                data_label=None if first or not column else one_line(_heading_of(block, column)),
            )
        )
    return element("tr", *cells, role="row")


def _heading_of(block: Table, words: str) -> str:
    return words if block.printed else tr(words)


def _value(value: str) -> str:
    """What begins with a figure is an amount; anything else is left as it is."""
    return figures(value) if value[:1].isdecimal() else value


def _side(block: Table, column: int) -> str | None:
    return "vt-right" if column in block.right else None


def _kind(block: Table, column: int, cell: str) -> str | None:
    """Only a word too long for any column is broken; a date or a part number never is."""
    words = cell.split()
    long = "vt-long" if any(len(word) > _LONGEST_WORD for word in words) else None
    short = "vt-word" if len(words) == 1 and len(cell) <= _SHORT_WORD else None
    return " ".join(filter(None, (_side(block, column), long, short))) or None


def _diagram(block: Diagram) -> Html:
    """Drawn anew where that stays readable, and in words for those who cannot see it."""
    words = _table(steps_table(block))
    drawn = drawing(block)
    if drawn is None:
        return words
    more = element("details", element("summary", tr("In words")), words, class_="vt-more")
    return element("div", element("div", drawn, class_="vt-diagram"), more)


def _plot(block: Plot) -> Html:
    """Drawn anew where that stays readable, and in words for those who cannot see it."""
    words = _table(plot_table(block))
    plot = drawn(block)
    if plot is None:
        return words
    more = element("details", element("summary", tr("In words")), words, class_="vt-more")
    return element("div", plot, more)


def _regions(block: Regions) -> Html:
    """In words; a card draws them over the picture, which it alone knows."""
    return _table(regions_table(block))


def _items(block: Items) -> Html:
    lines = (element("li", item) for item in block.items)
    return element("ol" if block.numbered else "ul", *lines, class_="vt-items")


_RENDERERS: dict[type, Callable[[Any], Html]] = {
    Text: _text,
    Notice: _notice,
    Facts: _facts,
    Table: _table,
    Bars: bars,
    Scale: scale,
    Range: span,
    Items: _items,
    Code: code,
    Diagram: _diagram,
    Plot: _plot,
    Regions: _regions,
}
