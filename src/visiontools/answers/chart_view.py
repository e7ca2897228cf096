"""A chart's data described for a person: drawn anew, as tables, with what is doubtful in it."""

from __future__ import annotations

from collections.abc import Iterator

from visiontools.answers import chart_answer as data
from visiontools.answers.chart_answer import ChartAnswer, Receipt
from visiontools.answers.chart_facts import facts_of, number
from visiontools.views.blocks import (
    Block,
    Facts,
    Form,
    Items,
    Mark,
    Marks,
    Notice,
    Plot,
    Section,
    Table,
    Text,
)

_KINDS = {
    "bar": "A bar chart",
    "line": "A line chart",
    "pie": "A pie chart",
    "scatter": "A scatter plot",
    "table": "A table",
    "form": "A form",
    "receipt": "A receipt",
    "slide": "A slide",
    "other": "A page",
}
_ESTIMATED = (
    "≈ estimated from the axis, not printed: an estimate may be off by a twentieth of the axis."
)


def summary(answer: ChartAnswer) -> str:
    """What it is and how much of it there is: "A bar chart “Sales”: 6 values, 2 estimated"."""
    title = answer.title or (answer.receipt.merchant if answer.receipt else None)
    named = f" “{title}”" if title else ""
    return f"{_KINDS[answer.kind]}{named}: {', '.join(_amounts(answer))}"


def _amounts(answer: ChartAnswer) -> Iterator[str]:
    values = answer.values
    if values:
        of = f" in {len(answer.series)} series" if len(answer.series) > 1 else ""
        yield f"{_count(len(values), 'value')}{of}"
        estimated = sum(value.source == "estimated" for value in values)
        if estimated:
            yield f"{estimated} of them estimated"
    if answer.table:
        rows, columns = len(answer.table.rows), len(answer.table.columns)
        yield f"{_count(rows, 'row')} of {_count(columns, 'column')}"
    if answer.fields:
        yield _count(len(answer.fields), "field")
    if answer.receipt:
        yield _count(len(answer.receipt.items), "item")
        totals = answer.receipt.of("total")
        if totals:
            yield f"total {number(totals[-1].amount or 0.0, answer.receipt.currency, places=2)}"
    if answer.text:
        yield _count(len(answer.text), "line") + " of text"


def _count(number_: int, what: str) -> str:
    return f"{number_} {what}{'' if number_ == 1 else 's'}"


def blocks(answer: ChartAnswer, said: str) -> list[Block]:
    """All of it, what matters most first."""
    shown: list[Block] = [Text(said, strong=True)]
    shown += [Notice(f"Do not rely on {doubt}.", "warning") for doubt in answer.doubts]
    if answer.values:
        shown.append(_plot(answer))
        if any(value.source == "estimated" for value in answer.values):
            shown.append(Text(_ESTIMATED))
    if answer.receipt:
        shown += _receipt(answer.receipt)
    if answer.table:
        shown.append(_table(answer.table, answer.title))
    if answer.fields:
        rows = tuple((f.label or "(no label)", f.value or "(empty)") for f in answer.fields)
        shown.append(Table(("Field", "Filled in"), rows, printed=True))
    if answer.text:
        shown.append(Section("Text on the page", (Items(tuple(answer.text)),)))
    return shown


def _plot(answer: ChartAnswer) -> Plot:
    cells = iter(facts_of(answer).cells)
    series = []
    for each in answer.series:
        facts = [next(cells) for _ in each.values]
        if each.total and answer.stacked:
            continue  # it would stand on what it adds up
        marks = tuple(
            Mark(
                fact.category or "",
                value.value,
                fact.text,
                x=value.x if _is_by_number(answer) else None,
                estimated=fact.estimated,
            )
            for value, fact in zip(each.values, facts, strict=True)
            if value.value is not None
        )
        series.append(Marks(each.name or "", marks))
    x_axis, y_axis = answer.x_axis, answer.y_axis
    return Plot(
        title=f"{answer.title or 'The data'}, drawn anew",
        form=_form(answer),
        series=tuple(series),
        x_title=_titled(x_axis),
        y_title=_titled(y_axis),
        low=y_axis.low if y_axis else None,
        high=y_axis.high if y_axis else None,
    )


def _form(answer: ChartAnswer) -> Form:
    if answer.kind == "pie" and len(answer.series) == 1:
        return "pie"
    if answer.kind == "scatter" and all(value.x is not None for value in answer.values):
        return "scatter"
    if answer.kind == "line":
        return "lines"
    return "stacked" if answer.stacked else "bars"


def _is_by_number(answer: ChartAnswer) -> bool:
    """Whether its points lie along numbers; bars stand above names."""
    return answer.kind in ("scatter", "line") and all(v.x is not None for v in answer.values)


def _titled(axis: data.Axis | None) -> str:
    if axis is None:
        return ""
    unit = axis.unit if axis.unit and axis.unit not in (axis.title or "") else None
    return f"{axis.title} ({unit})" if axis.title and unit else axis.title or unit or ""


def _table(table: data.Table, title: str | None) -> Table:
    rows = tuple(
        tuple(f"{cell.text} ?" if cell.doubt else cell.text for cell in row.cells)
        for row in table.rows
    )
    return Table(tuple(table.columns), rows, title, frozenset(table.numbers), printed=True)


def _receipt(receipt: Receipt) -> Iterator[Block]:
    about = (("From", receipt.merchant), ("Date", receipt.date), ("Currency", receipt.currency))
    known = tuple((name, value) for name, value in about if value)
    if known:
        yield Facts(known)
    rows = [
        (item.text or "", _plain(item.quantity), _money(item.unit_price), _sum(item))
        for item in receipt.items
    ]
    rows += [(total.label or total.kind, "", "", _sum(total)) for total in receipt.totals]
    if rows:
        columns = ("Item", "Quantity", "Price of one", "Amount")
        yield Table(columns, tuple(rows), "Receipt", frozenset({1, 2, 3}))


def _plain(value: float | None) -> str:
    return "" if value is None else number(value)


def _money(value: float | None) -> str:
    return "" if value is None else number(value, places=2)


def _sum(line: data.Item | data.Total) -> str:
    said = _money(line.amount) or line.printed or "–"
    return f"{said} ?" if line.doubt else said
