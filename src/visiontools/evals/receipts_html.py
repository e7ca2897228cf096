"""Renderer ``receipt_html``: receipts laid out by a browser with CSS. Held out: not tuned on."""

from __future__ import annotations

import random
from html import escape

from visiontools.answers.chart_seen import SeenChart
from visiontools.evals.browser import screenshot
from visiontools.evals.receipts_goods import Item, Receipt, invented_receipt

FONTS = ("Liberation Mono", "DejaVu Sans Mono", "DejaVu Sans Condensed", "Liberation Sans Narrow")
STYLE = """body{{margin:30px;background:#cfcfd2}}
.paper{{background:{paper};color:{ink};font:{size}px "{font}";width:{width}px;padding:20px 16px}}
h1{{font-size:{title}px;text-align:center;margin:0}} p{{text-align:center;margin:3px 0}}
table{{width:100%;border-collapse:collapse;margin:8px 0;border-top:{rule};border-bottom:{rule}}}
td{{padding:{pad}px 0;vertical-align:bottom}} td:last-child,th:last-child{{text-align:right}}
th{{font-weight:normal;text-align:left;border-bottom:1px solid {ink}}}
.total td{{font-weight:bold;font-size:{large}px}} small{{font-size:{small}px;padding-left:12px}}"""


def render_receipt_html(seed: int) -> tuple[bytes, SeenChart]:
    """A receipt as a PNG and what is printed on it."""
    rng = random.Random(f"receipt-html-{seed}")
    receipt = invented_receipt(rng)
    size = rng.choice((15, 16, 18))
    paper, ink = rng.choice((("#fff", "#222"), ("#f4f1e6", "#3a3a44"), ("#fdfdfd", "#555")))
    style = STYLE.format(
        paper=paper, ink=ink, size=size, font=rng.choice(FONTS), width=size * rng.randint(21, 26),
        title=rng.choice((size + 2, size + 8)), rule=rng.choice(("1px dashed", "2px solid", "0")),
        pad=rng.choice((1, 2, 4)), large=size + rng.choice((0, 4)), small=size - 2,
    )  # fmt: skip
    columns = rng.random() < 0.3
    rows = "".join((_in_columns if columns else _plain)(receipt, item) for item in receipt.items)
    head = "<tr><th>Qty</th><th>Item</th><th></th></tr>" if columns else ""
    html = (
        f'<!doctype html><meta charset="utf-8"><style>{style}</style><div class="paper">'
        f"<h1>{escape(receipt.merchant)}</h1><p>Receipt {rng.randint(1000, 99999)}</p>"
        f"<p>{receipt.date}</p><table>{head}{rows}</table><table>{_totals(receipt)}</table></div>"
    )
    return screenshot(html, width=700, height=1400, scale=rng.choice((1.0, 1.5))), receipt.truth()


def _plain(receipt: Receipt, item: Item) -> str:
    below = ""
    if item.price is not None:
        below = f"<br><small>{item.quantity} × {receipt.money(item.price, plain=True)}</small>"
    return f"<tr><td>{escape(item.text)}{below}</td><td>{receipt.money(item.cents)}</td></tr>"


def _in_columns(receipt: Receipt, item: Item) -> str:
    if item.price is None:
        count, each = "", ""
    else:
        count, each = item.quantity or "", f" @ {receipt.money(item.price, plain=True)}"
    return (
        f"<tr><td>{count}</td><td>{escape(item.text)}{each}</td>"
        f"<td>{receipt.money(item.cents)}</td></tr>"
    )


def _totals(receipt: Receipt) -> str:
    rows = []
    for line in receipt.lines:
        sign = f" {receipt.country.sign}" if line.kind == "total" and not receipt.signed else ""
        rows.append(
            f'<tr class="{line.kind}"><td>{escape(line.label)}{sign}</td>'
            f"<td>{receipt.money(line.cents)}</td></tr>"
        )
    return "".join(rows)
