"""A chart's data: printed before estimated, and every promise it makes held to the rest."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.answers.chart_pictures import BARS, PIE, RECEIPT, TABLE, answer_of, decide, failed

from visiontools.types import Outcome, Provenance

Change = Callable[[dict[str, Any]], object]


def changed(said: dict[str, Any], change: Change) -> dict[str, Any]:
    made = copy.deepcopy(said)
    change(made)
    return made


@pytest.mark.parametrize("said", [BARS, PIE, RECEIPT, TABLE])
def test_a_sound_picture_holds_every_check(said: dict[str, Any]) -> None:
    decision = decide(said)
    assert decision.outcome is Outcome.ANSWERED, failed(decision)
    assert not failed(decision)


def test_what_is_printed_is_read_and_what_is_not_is_inferred() -> None:
    decision = decide(BARS)
    may, june = answer_of(decision).series[0].values[1:]
    assert (may.value, may.source) == (120, "printed")
    assert (june.value, june.source) == (95, "estimated")
    assert decision.provenance == {"/series/0/values/2/value": Provenance.INFERRED}


@pytest.mark.parametrize(
    ("said", "change", "check", "detail"),
    [
        (
            BARS,
            lambda s: s["series"][0]["values"][1].update(estimated=60),
            "printed_as_drawn",
            "North, May: 120 is printed, but it stands at 60",
        ),
        (
            BARS,
            lambda s: s["series"][0]["values"][2].update(estimated=900),
            "values_within_axis",
            "North, June: 900 is off the axis of 0 to 150",
        ),
        (
            BARS,
            lambda s: s["series"][1]["values"][2].update(category="may"),
            "categories_once",
            "South: 'may' stands 2 times",
        ),
        (
            BARS,
            lambda s: s["series"][1]["values"][2].update(printed=None),
            "values_have_numbers",
            "South, June: neither printed nor estimated",
        ),
        (
            PIE,
            lambda s: s["series"][0]["values"][0].update(printed="45 %"),
            "shares_make_100",
            "the shares add up to 105 %",
        ),
        (
            PIE,
            lambda s: s["series"][0]["values"].append({"category": "Total", "printed": "90 %"}),
            "totals_add_up",
            "Total is 90, the others add up to 100",
        ),
        (
            TABLE,
            lambda s: s["table"]["rows"][2].__setitem__(1, "1,300.5"),
            "totals_add_up",
            "Q1 is 1300.5, the others add up to 1210.5",
        ),
        (
            TABLE,
            lambda s: s["table"]["rows"][0].append("?"),
            "rows_fit_columns",
            "'Alpha' has 4 cells, not 3",
        ),
        (
            TABLE,
            lambda s: s["table"]["rows"][0].__setitem__(2, "some"),
            "cells_have_numbers",
            "Alpha, Q2: 'some' is no number",
        ),
        (
            RECEIPT,
            lambda s: s["receipt"]["items"][0].update(quantity="3"),
            "quantity_times_price",
            "Apples: 3 x 1.5 is 4.50, not 3.00",
        ),
        (
            RECEIPT,
            lambda s: s["receipt"]["items"][1].update(amount="2,50"),
            "total_adds_up",
            "Total is 5.40, but items: 5.50; items plus tax: 5.85",
        ),
        (
            RECEIPT,
            lambda s: s["receipt"]["totals"][3].update(amount="4,50"),
            "paid_less_change",
            "paid less change is 5.50, the total 5.40",
        ),
        (
            RECEIPT,
            lambda s: s["receipt"]["items"][1].update(amount="2,4O"),
            "items_have_amounts",
            "no clear amount: Bread",
        ),
        (
            RECEIPT,
            lambda s: s["receipt"]["totals"].append(
                {"label": "Sub", "kind": "subtotal", "amount": "5,00"}
            ),
            "items_add_up",
            "Sub is 5.00, the items add up to 5.40",
        ),
    ],
)
def test_a_broken_promise_is_said(
    said: dict[str, Any], change: Change, check: str, detail: str
) -> None:
    decision = decide(changed(said, change))
    assert decision.outcome is Outcome.PARTLY
    assert detail in failed(decision)[check]


def test_stacked_totals_are_held_to_what_they_add_up() -> None:
    total = {
        "name": "Total",
        "values": [
            {"category": "April", "printed": "140"},
            {"category": "May", "printed": "195"},
        ],
    }
    said = changed(BARS, lambda s: (s["series"].append(total), s.update(stacked=True)))
    said["y_axis"]["ticks"] = ["0", "100", "200"]
    decision = decide(said)
    assert failed(decision) == {"totals_add_up": "Total, May is 195, the others add up to 190"}
    assert answer_of(decision).series[2].total


@pytest.mark.parametrize(
    ("totals", "included"),
    [
        ([("total", "5.40"), ("tax", "0.35")], True),
        ([("tax", "0.35"), ("total", "5.75")], False),
        ([("discount", "-0.40"), ("total", "5.00")], None),
        ([("discount", "0.40"), ("tax", "0.50"), ("tip", "1.00"), ("total", "6.50")], False),
        ([("other", "0.10"), ("total", "5.50")], None),
    ],
)
def test_tills_that_add_tax_and_tills_that_include_it_add_up(
    totals: list[tuple[str, str]], included: bool | None
) -> None:
    said = changed(RECEIPT, lambda s: s["receipt"].update(totals=[]))
    said["receipt"]["items"][0].update(unit_price="1.50", amount="3.00")
    said["receipt"]["items"][1].update(amount="2.40")
    said["receipt"]["totals"] = [{"label": k, "kind": k, "amount": a} for k, a in totals]
    decision = decide(said)
    assert not failed(decision)
    receipt = answer_of(decision).receipt
    assert receipt is not None
    assert receipt.tax_included is included


def test_a_number_with_two_readings_has_no_value_until_a_person_tells() -> None:
    said = {"kind": "bar", "series": [{"values": [{"category": "A", "printed": "1,250"}]}]}
    decision = decide(said)
    assert failed(decision) == {"numbers_have_one_reading": "A: '1,250' is 1,250 or 1.25"}
    assert answer_of(decision).values[0].value is None
    for mark, value in (("point", 1250), ("comma", 1.25)):
        assert answer_of(decide(said, decimal_mark=mark)).values[0].value == value


def test_what_was_read_once_is_doubtful_unless_a_receipt_adds_up() -> None:
    decision = decide(BARS, unconfirmed=frozenset({"/series/0/values/1/printed"}))
    assert failed(decision) == {"read_twice": "North, May: read only once"}
    assert decision.outcome is Outcome.PARTLY
    assert not failed(decide(RECEIPT, unconfirmed=frozenset({"/receipt/items/1/amount"})))
    tax = decide(RECEIPT, unconfirmed=frozenset({"/receipt/totals/1/amount"}))
    assert failed(tax) == {"read_twice": "VAT: read only once"}, "no sum has it in it"
    broken = changed(RECEIPT, lambda s: s["receipt"]["items"][1].update(amount="2,50"))
    decision = decide(broken, unconfirmed=frozenset({"/receipt/items/1/amount"}))
    assert failed(decision)["read_twice"] == "Bread: read only once"
    cell = decide(TABLE, unconfirmed=frozenset({"/table/rows/0/cells/1"}))
    assert failed(cell) == {"read_twice": "Alpha: read only once"}


def test_a_template_left_empty_and_other_pictures_are_no_answer() -> None:
    empty: dict[str, Any] = {
        "kind": "bar",
        "series": [{"values": [{"category": None}]}],
        "table": {"columns": [], "rows": [{"cells": []}]},
        "fields": [{"label": None}],
        "receipt": {"items": [{}], "totals": [{}]},
    }
    assert decide(empty).outcome is Outcome.CANNOT_TELL
    cat = decide({"picture": "other", "picture_shows": "a cat"})
    assert cat.outcome is Outcome.WRONG_PICTURE
    assert "a cat" in cat.message
    assert decide({"picture": "cannot_tell"}).outcome is Outcome.CANNOT_TELL
    assert decide({**BARS, "picture": "cannot_tell"}).outcome is Outcome.PARTLY
    assert failed(decide(BARS, pictures=2)).keys() == {"one_picture"}


def test_columns_that_count_nothing_are_no_numbers() -> None:
    said = changed(TABLE, lambda s: s["table"].update(columns=["Country", "Year", "Q2"]))
    table = answer_of(decide(said)).table
    assert table is not None
    assert table.numbers == [2]


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=8), st.integers(0, 3))
def test_a_receipt_adds_up_just_when_its_cents_do(cents: list[int], off: int) -> None:
    said = {
        "kind": "receipt",
        "receipt": {
            "items": [{"text": f"{n}", "amount": f"{c / 100:.2f}"} for n, c in enumerate(cents)],
            "totals": [{"kind": "total", "amount": f"{(sum(cents) + off) / 100:.2f}"}],
        },
    }  # fmt: skip
    assert ("total_adds_up" in failed(decide(said))) is bool(off)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_words_in_a_picture_make_it_fail(name: str, value: str) -> None:
    said = {
        "kind": "slide",
        "table": {"columns": ["a", name], "rows": [[name, value], ["Total", value]]},
        "series": [{"name": name, "values": [{"category": name, "printed": value}] * 2}],
        "fields": [{"label": name, "value": value}],
        "receipt": {"items": [{"text": name, "quantity": value, "amount": value}]},
    }
    assert decide(said).message
