"""Blocks on a terminal: tables, bars and coloured code, as wide as the window allows.

Every text is printed as data: no markup is interpreted, control characters are dropped. Where the
output cannot carry Unicode, drawings fall back to ASCII; where it is not a terminal, or NO_COLOR
is set, rich leaves the colours out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from pygments.token import Comment, Keyword, Name, Number, String, Token
from rich.console import Console, Group, RenderableType
from rich.segment import Segment, Segments
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.table import Table as Grid
from rich.text import Text as Line

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
from visiontools.views.plain import (
    clean,
    one_line,
    plot_bars,
    plot_table,
    regions_table,
    scale_words,
    steps_table,
)
from visiontools.views.tables import grids

_MOST_BAR = 40
"""The longest bar in cells: longer ones are no easier to compare."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_CODE_COLOURS = ANSISyntaxTheme(
    {
        Token: Style(),
        Comment: Style(dim=True),
        Keyword: Style(color="magenta", bold=True),
        Name.Function: Style(bold=True),
        Name.Class: Style(bold=True),
        Number: Style(color="cyan"),
        String: Style(color="green"),
    }
)
"""The window's own colours, legible on dark and on light."""


def show(blocks: Sequence[Block], console: Console) -> None:
    """Print ``blocks`` on ``console``, one empty line between them."""
    for index, block in enumerate(blocks):
        if index and not _belong_together(blocks[index - 1], block):
            console.print()
        _show_block(block, console, depth=0)


def _belong_together(above: Block, below: Block) -> bool:
    return isinstance(above, Notice) and isinstance(below, Notice)


def _show_block(block: Block, console: Console, depth: int) -> None:
    if isinstance(block, Section):
        console.print(_heading(block.title, depth))
        for index, inner in enumerate(block.blocks):
            if index and not _belong_together(block.blocks[index - 1], inner):
                console.print()
            _show_block(inner, console, depth + 1)
        return
    title = None if isinstance(block, Bars | Scale | Range) else getattr(block, "title", None)
    if title:
        console.print(_heading(title, depth + 1))
    if isinstance(block, Code):
        # Never folded or cut, so that it can be copied.
        console.print(_code(block), soft_wrap=True)
        return
    _print_trimmed(_RENDERERS[type(block)](block, console), console)


def _print_trimmed(renderable: RenderableType, console: Console) -> None:
    """Print without the blanks that only fill a line up: they get in the way of copying."""
    for line in console.render_lines(renderable, pad=False):
        while line and not line[-1].text.strip(" "):
            line.pop()
        if line:
            last = line[-1]
            line[-1] = Segment(last.text.rstrip(" "), last.style, last.control)
        console.print(Segments([*line, Segment.line()]), end="")


def _heading(title: str, depth: int) -> Line:
    return Line(one_line(title), style="bold underline" if depth == 0 else "bold cyan")


def _data(text: str, style: str = "") -> Line:
    return Line(clean(text).expandtabs(4), style=style)


def _columns(*, gap: int = 2) -> Grid:
    return Grid.grid(padding=(0, gap, 0, 0))


def _text(block: Text, console: Console) -> RenderableType:
    return _data(block.text, "bold" if block.strong else "")


def _notice(block: Notice, console: Console) -> RenderableType:
    grid = _columns(gap=1)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    word, style = ("Warning:", "bold yellow") if block.level == "warning" else ("Note:", "cyan")
    grid.add_row(Line(word, style), _data(block.text, "yellow" if word == "Warning:" else ""))
    return grid


def _facts(block: Facts, console: Console) -> RenderableType:
    grid = _columns()
    grid.add_column(max_width=max(16, console.width // 3), overflow="fold")
    grid.add_column(overflow="fold")
    for name, value in block.rows:
        grid.add_row(_data(name, "dim"), _data(value))
    return grid


def _table(block: Table, console: Console) -> RenderableType:
    pieces = grids(block, console.width)
    spaced = [part for piece in pieces for part in (piece, Line(""))]
    return Group(*spaced[:-1])


def _diagram(block: Diagram, console: Console) -> RenderableType:
    return _table(steps_table(block), console)


def _plot(block: Plot, console: Console) -> RenderableType:
    """Bars a series, all on one scale; what bars cannot tell is a table."""
    bars = plot_bars(block)
    if bars is None:
        return _table(plot_table(block), console)
    top = max((bar.value for each in bars for bar in each.bars), default=0.0)
    spaced = [part for each in bars for part in (_bars(each, console, top), Line(""))]
    return Group(*spaced[:-1])


def _regions(block: Regions, console: Console) -> RenderableType:
    return _table(regions_table(block), console)


def _bars(block: Bars, console: Console, top: float | None = None) -> RenderableType:
    labels = [one_line(bar.label) for bar in block.bars]
    values = [one_line(bar.text) for bar in block.bars]
    widest_label = min(max(map(len, labels), default=0), console.width // 3)
    rest = console.width - widest_label - max(map(len, values), default=0) - len("  best") - 4
    cells = max(4, min(_MOST_BAR, rest))
    if top is None:
        top = max((_finite(bar.value) for bar in block.bars), default=0.0)
    grid = _columns()
    grid.add_column(width=max(1, widest_label), overflow="fold")
    grid.add_column(width=cells, no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    for bar, label, value in zip(block.bars, labels, values, strict=True):
        share = _finite(bar.value) / top if top else 0.0
        style = "green" if bar.best else "cyan"
        drawn = _bar(share, cells, ascii_only=_ascii_only(console))
        mark = Line("best", "bold green") if bar.best else Line("")
        grid.add_row(Line(label), Line(drawn, style), Line(value), mark)
    return _titled(block.title, grid) if block.title else grid


def _finite(value: float) -> float:
    """The value as the length of a bar from zero."""
    return max(0.0, value) if math.isfinite(value) else 0.0


def _bar(share: float, cells: int, *, ascii_only: bool) -> str:
    """A bar ``share`` (0 to 1) of ``cells`` long, to an eighth of a cell; never empty above 0."""
    eighths = round(share * cells * 8)
    if share > 0:
        eighths = max(1, eighths)
    if ascii_only:
        return "#" * max(1 if share > 0 else 0, round(eighths / 8))
    whole, part = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[part] if part else "")


def _scale(block: Scale, console: Console) -> RenderableType:
    steps = max(0, block.high - block.low + 1)
    reached = min(steps, max(0, block.value - block.low + 1))
    full, empty = ("#", "-") if _ascii_only(console) else ("●", "○")
    line = _heading(block.title, 1)
    line.append("  ")
    line.append(full * reached, "yellow")
    line.append(empty * (steps - reached), "dim")
    line.append(f"  {scale_words(block)}")
    if block.text:
        line.append(f"  {one_line(block.text)}")
    return line


def _range(block: Range, console: Console) -> RenderableType:
    line = _heading(block.title, 1)
    line.append(f"  {one_line(block.text)}")
    values = (block.low, block.expected, block.high)
    if not all(map(math.isfinite, values)) or not block.low <= block.expected <= block.high:
        return line
    line.append("\n")
    start, stop, bar, point = list("||-o" if _ascii_only(console) else "├┤─●")
    ends = f"{block.low:,.6g}", f"{block.high:,.6g}"
    cells = max(4, min(_MOST_BAR, console.width - sum(map(len, ends)) - len(" || ")))
    span = block.high - block.low
    at = round((block.expected - block.low) / span * (cells - 1)) if span else cells // 2
    line.append(f"{ends[0]} {start}{bar * at}", "cyan")
    line.append(point, "bold cyan")
    line.append(f"{bar * (cells - 1 - at)}{stop} {ends[1]}", "cyan")
    return line


def _items(block: Items, console: Console) -> RenderableType:
    grid = _columns(gap=1)
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(overflow="fold")
    bullet = "-" if _ascii_only(console) else "•"
    for number, item in enumerate(block.items, start=1):
        grid.add_row(Line(f"{number}." if block.numbered else bullet, "dim"), _data(item))
    return grid


def _code(block: Code) -> Line:
    code = clean(block.code).rstrip("\n")
    lexer = Syntax("", block.language).lexer
    if lexer is None:
        return Line(code)
    text = Syntax(code, lexer, theme=_CODE_COLOURS).highlight(code)
    text.rstrip()
    return text


def _titled(title: str, body: RenderableType) -> RenderableType:
    grid = Grid.grid()
    grid.add_row(_heading(title, 1))
    grid.add_row(body)
    return grid


def _ascii_only(console: Console) -> bool:
    return console.options.ascii_only


_RENDERERS: dict[type, Callable[[Any, Console], RenderableType]] = {
    Text: _text,
    Notice: _notice,
    Facts: _facts,
    Table: _table,
    Diagram: _diagram,
    Plot: _plot,
    Regions: _regions,
    Bars: _bars,
    Scale: _scale,
    Range: _range,
    Items: _items,
}
