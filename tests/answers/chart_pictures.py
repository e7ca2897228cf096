"""Observations of charts, tables and receipts for the tests, and what the tool makes of them."""

from __future__ import annotations

from typing import Any

from visiontools.answers.chart_answer import ChartAnswer
from visiontools.answers.chart_seen import SeenChart
from visiontools.tooling import Case, Decision
from visiontools.tools.chart import Chart, ChartOptions

BARS: dict[str, Any] = {
    "kind": "bar",
    "title": "Bicycles sold",
    "x_axis": {"title": "Month"},
    "y_axis": {"title": "Bicycles", "ticks": ["0", "50", "100", "150"]},
    "series": [
        {
            "name": "North",
            "values": [
                {"category": "April", "printed": "80"},
                {"category": "May", "printed": "120", "estimated": 121},
                {"category": "June", "estimated": 95},
            ],
        },
        {
            "name": "South",
            "values": [
                {"category": "April", "printed": "60"},
                {"category": "May", "printed": "70"},
                {"category": "June", "printed": "140"},
            ],
        },
    ],
}
PIE: dict[str, Any] = {
    "kind": "pie",
    "series": [
        {
            "values": [
                {"category": "Rail", "printed": "40 %"},
                {"category": "Road", "printed": "35 %"},
                {"category": "Water", "printed": "25 %"},
            ]
        }
    ],
}
RECEIPT: dict[str, Any] = {
    "kind": "receipt",
    "receipt": {
        "merchant": "Corner Shop",
        "date": "2 March 2026",
        "currency": "€",
        "items": [
            {"text": "Apples", "quantity": "2", "unit_price": "1,50", "amount": "3,00 A"},
            {"text": "Bread", "amount": "2,40 A"},
        ],
        "totals": [
            {"label": "Total", "kind": "total", "amount": "5,40"},
            {"label": "VAT", "kind": "tax", "amount": "0,35"},
            {"label": "Cash", "kind": "paid", "amount": "10,00"},
            {"label": "Change", "kind": "change", "amount": "4,60"},
        ],
    },
}
TABLE: dict[str, Any] = {
    "kind": "table",
    "table": {
        "columns": ["Country", "Q1", "Q2"],
        "rows": [
            ["Alpha", "10.5", "12"],
            ["Beta", "1,200", "30"],
            ["Total", "1,210.5", "42"],
        ],
    },
}


def decide(said: dict[str, Any], **more: Any) -> Decision[ChartAnswer]:
    options = ChartOptions(decimal_mark=more.pop("decimal_mark", "auto"))
    return Chart().decide(SeenChart.model_validate(said), Case(options, **more))


def answer_of(decision: Decision[ChartAnswer]) -> ChartAnswer:
    assert decision.answer is not None, decision.message
    return decision.answer


def failed(decision: Decision[ChartAnswer]) -> dict[str, str]:
    return {check.name: check.detail for check in decision.checks if not check.ok}
