"""What an observer reports of a chart: it survives JSON, and small models' slips are made good."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from visiontools.answers.chart_seen import KINDS, SeenChart

CHART: dict[str, Any] = {
    "kind": "bar",
    "title": "Bicycles sold",
    "x_axis": {"title": "Month"},
    "y_axis": {"title": "Sold", "unit": "thousand", "ticks": ["0", "5", "10"]},
    "series": [
        {
            "name": "North",
            "values": [
                {"category": "May", "printed": "7.5", "estimated": 7.4},
                {"category": "June", "estimated": 9},
            ],
        }
    ],
}
RECEIPT: dict[str, Any] = {
    "kind": "receipt",
    "receipt": {
        "merchant": "Corner Shop",
        "currency": "€",
        "items": [{"text": "Apples", "quantity": "2", "unit_price": "1,50", "amount": "3,00"}],
        "totals": [{"label": "SUMME", "kind": "total", "amount": "3,00"}],
    },
}
words = st.none() | st.text(min_size=1, max_size=20)
charts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "title": words,
        "series": st.lists(
            st.fixed_dictionaries(
                {
                    "name": words,
                    "values": st.lists(
                        st.fixed_dictionaries(
                            {
                                "category": words,
                                "printed": words | st.integers() | st.floats(allow_nan=False),
                                "estimated": st.none()
                                | st.floats(allow_nan=False, allow_infinity=False),
                            }
                        ),
                        max_size=3,
                    ),
                }
            ),
            max_size=3,
        ),
        "table": st.none()
        | st.fixed_dictionaries(
            {
                "columns": st.lists(words, max_size=3),
                "rows": st.lists(st.lists(words | st.integers(), max_size=3), max_size=3),
            }
        ),
    }
)


@pytest.mark.parametrize("said", [CHART, RECEIPT])
def test_an_observation_survives_json(said: dict[str, Any]) -> None:
    seen = SeenChart.model_validate(said)
    assert SeenChart.model_validate_json(seen.model_dump_json()) == seen
    assert seen.model_dump(exclude_unset=True) == said


@given(charts)
def test_whatever_is_accepted_survives_json(said: dict[str, Any]) -> None:
    seen = SeenChart.model_validate(said)
    assert SeenChart.model_validate_json(seen.model_dump_json()) == seen


def test_numbers_for_texts_and_plain_lists_for_rows_are_taken() -> None:
    said = {
        "series": [{"values": [{"printed": 12}, {"printed": 0.1}, {"printed": "  "}]}],
        "table": {"columns": ["a", "b"], "rows": [["x", None], {"cells": [1, 2.5]}]},
    }
    seen = SeenChart.model_validate(said)
    assert [value.printed for value in seen.series[0].values] == ["12", "0.1", None]
    assert seen.table is not None
    assert [row.cells for row in seen.table.rows] == [["x", ""], ["1", "2.5"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "radar"},
        {"series": [{"values": [{"printed": True}]}]},
        {"series": [{"values": [{"estimated": float("inf")}]}]},
        {"receipt": {"totals": [{"kind": "grand"}]}},
        {"series": [{"values": [{}] * 201}]},
    ],
)
def test_what_no_observer_can_mean_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SeenChart.model_validate(wrong)
