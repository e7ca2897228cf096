"""Charts of a report as SVG files of our own: no script, readable on light and dark paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT = 760, 300, 100
_ROW, _BAR, _TOP = 30, 16, 40
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.s{font-size:12px;fill:#555}"
    ".t{font-weight:600;font-size:14px}.g{stroke:#ccc}.b{fill:#ddd}"
    "@media(prefers-color-scheme:dark){text{fill:#eee}.s{fill:#bbb}.g{stroke:#555}.b{fill:#444}}"
)


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of parts: how many of each kind."""

    label: str
    parts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A rate with both ends of its interval, from 0 to 1; ``text`` is said beside it."""

    label: str
    rate: float
    low: float
    high: float
    text: str


def stacks(title: str, rows: Sequence[Stack], colours: Mapping[str, tuple[str, str]]) -> str:
    """Bars of equal length, parted by what each case came to.

    ``colours`` gives, in order, each kind's colour and its words in the legend.
    """
    used = [kind for kind in colours if any(row.parts.get(kind) for row in rows)]
    drawn = [_title(title)]
    for at, row in enumerate(rows):
        drawn += _stack(row, colours, _TOP + at * _ROW)
    bottom = _TOP + len(rows) * _ROW + 8
    drawn += _legend([colours[kind] for kind in used], bottom)
    height = bottom + 22 * ((len(used) + 2) // 3) + 8
    return _svg(title, drawn, height)


def _stack(row: Stack, colours: Mapping[str, tuple[str, str]], y: int) -> list[str]:
    total = sum(row.parts.values()) or 1
    room = _WIDTH - _LEFT - _RIGHT
    drawn = [_label(row.label, y)]
    x = float(_LEFT)
    for kind, (colour, words) in colours.items():
        count = row.parts.get(kind, 0)
        if count:
            wide = room * count / total
            told = f"<title>{escape(words)}: {count} of {total}</title>"
            drawn.append(
                f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_BAR}" fill="{colour}">'
                f"{told}</rect>"
            )
            x += wide
    drawn.append(f'<text class="s" x="{_WIDTH - _RIGHT + 8}" y="{y + 13}">{total} cases</text>')
    return drawn


def spans(title: str, rows: Sequence[Span], colour: str = "#b7791f") -> str:
    """A dot for each rate on a line from one end of its interval to the other."""
    top = max((row.high for row in rows), default=0.0)
    scale = next((step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if top <= step), 1.0)
    room = _WIDTH - _LEFT - _RIGHT
    bottom = _TOP + len(rows) * _ROW
    drawn = [_title(title)]
    for share in (0, 0.5, 1):
        x = _LEFT + room * share
        drawn.append(f'<line class="g" x1="{x}" x2="{x}" y1="{_TOP - 6}" y2="{bottom}"/>')
        said = f"{scale * share * 100:g} %"
        drawn.append(
            f'<text class="s" x="{x}" y="{bottom + 16}" text-anchor="middle">{said}</text>'
        )
    for at, row in enumerate(rows):
        y = _TOP + at * _ROW
        low, dot, high = (_LEFT + room * value / scale for value in (row.low, row.rate, row.high))
        drawn += [
            _label(row.label, y),
            f'<rect x="{low:.1f}" y="{y + 6}" width="{max(high - low, 1):.1f}" height="4" '
            f'fill="{colour}" opacity="0.55"><title>{escape(row.text)}</title></rect>',
            f'<circle cx="{dot:.1f}" cy="{y + 8}" r="5" fill="{colour}"/>',
            f'<text class="s" x="{_WIDTH - _RIGHT + 8}" y="{y + 13}">{escape(row.text)}</text>',
        ]
    return _svg(title, drawn, bottom + 28)


def _svg(title: str, drawn: Sequence[str], height: int) -> str:
    inside = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">\n'
        f"<style>{_STYLE}</style>\n{inside}\n</svg>\n"
    )


def _title(title: str) -> str:
    return f'<text class="t" x="8" y="20">{escape(title)}</text>'


def _label(label: str, y: int) -> str:
    return f'<text x="{_LEFT - 10}" y="{y + 13}" text-anchor="end">{escape(label)}</text>'


def _legend(kinds: Sequence[tuple[str, str]], top: int) -> list[str]:
    drawn = []
    for at, (colour, words) in enumerate(kinds):
        x, y = 8 + (at % 3) * 250, top + 22 * (at // 3)
        drawn.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>')
        drawn.append(f'<text class="s" x="{x + 18}" y="{y + 11}">{escape(words)}</text>')
    return drawn
