"""Receipts read row by row; sums and further looks confirm their amounts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.chart_seen import SeenChart, TotalKind
from visiontools.errors import CannotTellError, UsageError, WrongPictureError
from visiontools.evals.charts_data import MARKS, number
from visiontools.evals.labels import picture_of
from visiontools.evals.labels_draw import Sheet, png
from visiontools.reader.chart import read_chart
from visiontools.reader.chart.receipt_words import amount_at_end, cents_of, kind_of
from visiontools.types import Picture

HEAD = (("CORNER MARKET", ""), ("04/13/2025 15:49", ""))


def printed(lines: Sequence[tuple[str, str]]) -> Picture:
    """A receipt with these lines: words on the left, an amount on the right."""
    sheet = Sheet(480, "DejaVuSansMono", 22)
    for words, amount in lines:
        sheet.text(sheet.margin, words)
        sheet.text(sheet.right, amount, anchor="rs")
        sheet.down(1.4)
    return picture_of(png(sheet.finish()))


def test_items_counts_and_sums_are_read_as_printed() -> None:
    picture = printed(
        [*HEAD, ("MILK 1GAL", "$3.79"), ("BANANAS", ""), ("  2 x 1.49", "$2.98"),
         ("SUBTOTAL", "$6.77"), ("TAX 7%", "$0.47"), ("TOTAL", "$7.24")]
    )  # fmt: skip
    reading = read_chart([picture])
    seen = SeenChart.model_validate(reading.observation).receipt
    assert seen is not None
    assert (seen.merchant, seen.date, seen.currency) == ("CORNER MARKET", "04/13/2025", "$")
    milk, bananas = seen.items
    assert (milk.text, milk.quantity, milk.amount) == ("MILK 1GAL", None, "$3.79")
    assert (bananas.text, bananas.quantity, bananas.unit_price, bananas.amount) == (
        "BANANAS", "2", "1.49", "$2.98",
    )  # fmt: skip
    assert [(total.kind, total.amount) for total in seen.totals] == [
        ("subtotal", "$6.77"), ("tax", "$0.47"), ("total", "$7.24"),
    ]  # fmt: skip
    assert reading.unconfirmed == frozenset()


def test_a_total_that_does_not_add_up_is_reported_as_printed() -> None:
    picture = printed([*HEAD, ("MILK", "3.79"), ("BREAD", "2.50"), ("TOTAL", "7.29")])
    seen = SeenChart.model_validate(read_chart([picture]).observation).receipt
    assert seen is not None
    assert [item.amount for item in seen.items] == ["3.79", "2.50"]
    assert seen.totals[0].amount == "7.29"


def test_a_text_without_amounts_is_refused() -> None:
    with pytest.raises(CannotTellError, match="receipt"):
        read_chart([printed([*HEAD, ("Open from nine to five", ""), ("closed on Sundays", "")])])


def test_an_empty_picture_and_a_nutrition_label_are_the_wrong_picture() -> None:
    with pytest.raises(WrongPictureError, match="no text"):
        read_chart([printed([("", "")])])
    with pytest.raises(WrongPictureError, match="nutrition label"):
        read_chart([printed([("Nutrition Facts", ""), ("Protein", "3 g")])])


def test_one_picture_at_a_time() -> None:
    with pytest.raises(UsageError, match="one chart at a time"):
        read_chart([])


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("TOTAL £", "total"),
        ("Sub-Total", "subtotal"),
        ("SOUS -TOTAL", "subtotal"),
        ("Total TTC", "total"),
        ("MwSt 19%", "tax"),
        ("VÄXEL", "change"),
        ("Girocard", "paid"),
        ("REMISE", "discount"),
        ("Totally Nuts", None),
        ("Barley", None),
        ("Chocolate Bar", None),
    ],
)
def test_words_say_what_a_line_is(label: str, kind: TotalKind | None) -> None:
    assert kind_of(label) == kind


@given(st.integers(0, 99_999_999), st.sampled_from(MARKS), st.sampled_from(("", " €", " EUR")))
def test_an_amount_survives_its_printing(cents: int, marks: tuple[str, str], sign: str) -> None:
    found = amount_at_end(f"Milk {number(cents / 100, 2, marks)}{sign}")
    assert found is not None
    assert found.cents == cents


@pytest.mark.parametrize(
    ("text", "cents"), [("-3,59 A", -359), ("$1.25-", -125), ("-£0.52", -52), ("2, 41 €", 241)]
)
def test_signs_and_tax_letters_belong_to_an_amount(text: str, cents: int) -> None:
    found = amount_at_end(text)
    assert found is not None
    assert found.cents == cents


@pytest.mark.parametrize("text", ["Tel. 068 13709", "25/09/2026 08:50", "0.388 kg", "VAT 5%", "12"])
def test_what_is_no_amount_is_not_taken_for_one(text: str) -> None:
    assert amount_at_end(text) is None


def test_cents_are_the_digits() -> None:
    assert cents_of("1.234,56") == 123456
