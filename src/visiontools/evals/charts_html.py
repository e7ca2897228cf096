"""Renderer ``table_html``: tables laid out by a browser with CSS. Held out: not tuned on."""

from __future__ import annotations

import random
from html import escape

from visiontools.answers.chart_seen import SeenChart
from visiontools.evals.browser import screenshot
from visiontools.evals.charts_tables import invented_table

FONTS = ("Liberation Sans", "DejaVu Sans", "Liberation Serif", "DejaVu Sans Condensed")
STYLE = """body{{margin:30px;background:{paper};color:{ink};font:{size}px "{font}"}}
table{{border-collapse:collapse}} caption{{text-align:left;padding:6px 0;font-size:{large}px}}
td,th{{padding:{pad}px {wide}px;text-align:{align};border:{border}}}
td:first-child,th:first-child{{text-align:left}} th{{background:{head}}}
tr:nth-child(even) td{{background:{stripe}}}
tr.total td{{font-weight:bold;border-top:2px solid {ink}}}"""


def render_table_html(seed: int) -> tuple[bytes, SeenChart]:
    """A table as a PNG and what is printed in it."""
    rng = random.Random(f"table-html-{seed}")
    content = invented_table(rng)
    paper, ink, stripe, head = rng.choice((
        ("#fff", "#222", "#fff", "#fff"), ("#fff", "#222", "#eef3fb", "#d8e2f2"),
        ("#1d2127", "#eee", "#262c34", "#323a45"), ("#fdf8ee", "#433", "#f5ecd9", "#ecdfc4"),
    ))  # fmt: skip
    style = STYLE.format(
        paper=paper, ink=ink, stripe=stripe, head=head, font=rng.choice(FONTS),
        size=rng.choice((14, 16)), large=rng.choice((17, 20)), pad=rng.choice((3, 6, 9)),
        wide=rng.choice((8, 14, 24)), align=rng.choice(("right", "right", "center")),
        border=rng.choice(("0", "0", f"1px solid {stripe}", f"1px solid {ink}")),
    )  # fmt: skip
    caption = f"<caption>{escape(content.title)}</caption>" if content.title else ""
    head_row = "".join(f"<th>{escape(cell)}</th>" for cell in content.columns)
    rows = []
    for number, row in enumerate(content.rows):
        last = content.total and number == len(content.rows) - 1
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
        rows.append(f"<tr{' class=total' if last else ''}>{cells}</tr>")
    html = (
        f'<!doctype html><meta charset="utf-8"><style>{style}</style><table>{caption}'
        f"<tr>{head_row}</tr>{''.join(rows)}</table>"
    )
    return screenshot(html, width=1400, height=900, scale=rng.choice((1, 1.5, 2))), content.truth()
