"""Blocks as Markdown (CommonMark with GitHub's tables); every text is escaped: it is data.

A line of a label that looks like a heading, a link or HTML stays the text it is. Addresses are
shown as code: in GitHub's Markdown nothing else keeps them from becoming links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

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
    plot_table,
    regions_table,
    scale_words,
    steps_table,
)

_ANYWHERE = re.compile(r"[\\`*_\[\]<|~]|&(?=[#\w])")
"""What begins markup in the middle of a line."""
_ADDRESS = re.compile(r"([^\s|`]*(?:://|www\.|[\w.+-]@[\w-]+\.)[^\s|`]*)", re.IGNORECASE)
"""What GitHub's Markdown makes a link of, escaped or not, except as code."""
_AT_START = re.compile(r"^(?:[#+\-=>:]|(\d+)(?=[.)]))")
"""What begins markup at the start of a line: headings, lists, quotes, rules, tables."""


def show(blocks: Sequence[Block], *, depth: int = 2) -> str:
    """``blocks`` as one Markdown text; headings start at level ``depth``."""
    return "\n\n".join(filter(None, (_block(block, depth) for block in blocks))) + "\n"


def escape(text: str) -> str:
    """``text`` on one line, with everything escaped that Markdown would interpret."""
    return _escape_line(one_line(text))


def _escape_line(line: str) -> str:
    parts = _ADDRESS.split(line)  # every other one is an address
    escaped = "".join(f"`{part}`" if at % 2 else _escape(part) for at, part in enumerate(parts))
    start = _AT_START.match(escaped)
    if start is None:
        return escaped
    at = start.end() if start[1] else 0
    return f"{escaped[:at]}\\{escaped[at:]}"


def _escape(text: str) -> str:
    return _ANYWHERE.sub(lambda match: f"\\{match[0]}", text)


def _paragraph(text: str, indent: str = "") -> str:
    """``text`` escaped, its line breaks kept as hard ones and its empty lines dropped."""
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    return f"\\\n{indent}".join(_escape_line(line) for line in lines if line)


def _strong(text: str) -> str:
    inner = _paragraph(text)
    return f"**{inner}**" if inner else ""


def _heading(title: str, depth: int) -> str:
    text = escape(title).replace(" #", " \\#")
    return f"{'#' * min(depth, 6)} {text}" if text else ""


def _block(block: Block, depth: int) -> str:
    if isinstance(block, Section):
        inner = show(block.blocks, depth=depth + 1).rstrip("\n")
        return "\n\n".join(filter(None, (_heading(block.title, depth), inner)))
    body = _RENDERERS[type(block)](block)
    title = getattr(block, "title", None)
    if title and not isinstance(block, Scale | Range):
        return "\n\n".join(filter(None, (_strong(one_line(title)), body)))
    return body


def _text(block: Text) -> str:
    return _strong(block.text) if block.strong else _paragraph(block.text)


def _notice(block: Notice) -> str:
    word = "Warning" if block.level == "warning" else "Note"
    return f"> **{word}:** " + _paragraph(block.text, indent="> ")


def _facts(block: Facts) -> str:
    return "\n".join(f"- {_named(name, value)}" for name, value in block.rows)


def _named(name: str, value: str) -> str:
    name = one_line(name)
    value = _paragraph(value, indent="  ")
    return f"{_strong(f'{name}:')} {value}".rstrip() if name else value


def _table(block: Table) -> str:
    rules = ["---:" if index in block.right else "---" for index in range(len(block.columns))]
    rows = [block.columns, *block.rows]
    lines = [_row([escape(cell) for cell in row]) for row in rows]
    return "\n".join([lines[0], _row(rules), *lines[1:]]) if block.columns else ""


def _diagram(block: Diagram) -> str:
    return _table(steps_table(block))


def _plot(block: Plot) -> str:
    return _table(plot_table(block))


def _regions(block: Regions) -> str:
    return _table(regions_table(block))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _bars(block: Bars) -> str:
    rows = tuple((bar.label, bar.text, "best" if bar.best else "") for bar in block.bars)
    return _table(Table(columns=("", "", ""), rows=rows, right=frozenset({1})))


def _scale(block: Scale) -> str:
    said = scale_words(block)
    return _named(block.title, f"{said}, {block.text}" if block.text else said)


def _range(block: Range) -> str:
    return _named(block.title, block.text)


def _items(block: Items) -> str:
    marks = (f"{number}." if block.numbered else "-" for number in range(1, len(block.items) + 1))
    return "\n".join(
        f"{mark} {_paragraph(item, indent=' ' * (len(mark) + 1))}".rstrip()
        for mark, item in zip(marks, block.items, strict=True)
    )


def _code(block: Code) -> str:
    code = clean(block.code).rstrip("\n")
    longest = max(map(len, re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    language = re.sub(r"[^\w+-]", "", block.language)
    return f"{fence}{language}\n{code}\n{fence}"


_RENDERERS: dict[type, Callable[[Any], str]] = {
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
    Code: _code,
}
