"""Serving, servings, content and name, as printed around the table."""

import numpy as np
import pytest

from visiontools.answers.label import Quantity
from visiontools.reader.label_pieces import page_of
from visiontools.reader.label_sizes import Sizes, agree, sizes_of
from visiontools.reader.label_table import tables_of
from visiontools.reader.ocr import Line


def line(y: float, text: str, x: float = 0.0, height: float = 20.0) -> Line:
    right, low, high = x + 10.0 * len(text), y - height / 2, y + height / 2
    quad = np.array([[x, low], [right, low], [right, high], [x, high]])
    at = tuple((index + 0.5) / len(text) for index in range(len(text)))
    return Line(text, 0.99, at, tuple(0.99 for _ in text), quad)


def sizes(*texts: str) -> Sizes:
    """What stands above a small US table, one line of text below the other."""
    rows = ("Amount per serving", "Calories 230", "Total Fat 8g", "Protein 3g")
    lines = [line(30.0 * number, text) for number, text in enumerate((*texts, *rows))]
    page = page_of(lines, lambda points: points)
    tables = tables_of(page)
    return sizes_of(page, tables[0], tables)


@pytest.mark.parametrize(
    ("text", "serving"),
    [
        ("Serving size 2/3 cup (55g)", Quantity(amount=55, unit="g")),
        ("Serving size 1 can (355 mL)", Quantity(amount=355, unit="ml")),
        ("1 portion = 30 g", Quantity(amount=30, unit="g")),
    ],
)
def test_a_serving_is_its_metric_measure(text: str, serving: Quantity) -> None:
    found = sizes(text).serving
    assert found
    assert found[0] == serving


@pytest.mark.parametrize(
    ("text", "servings"),
    [
        ("8 servings per container", 8.0),
        ("About 2.5 servings per container", 2.5),
        ("Servings Per Container about 4", 4.0),
    ],
)
def test_servings_are_counted(text: str, servings: float) -> None:
    found = sizes("Nutrition Facts", text).servings
    assert found
    assert found[0] == servings


@pytest.mark.parametrize(
    ("text", "container"),
    [
        ("12 FL OZ (355 mL)", Quantity(amount=355, unit="ml")),
        ("NET WT 12 OZ (340g)", Quantity(amount=340, unit="g")),
        ("Inhalt 0,75 l", Quantity(amount=0.75, unit="l")),
        ("Füllmenge: 1,5 L", Quantity(amount=1.5, unit="l")),
        ("330 ml e", Quantity(amount=330, unit="ml")),
    ],
)
def test_the_content_of_the_pack_is_a_line_of_its_own(text: str, container: Quantity) -> None:
    found = sizes(text, "Nutrition Facts").container
    assert found
    assert found[0] == container


def test_a_quantity_in_running_text_is_no_content() -> None:
    assert sizes("Mix 20 g with 200 ml of milk").container is None


def test_a_serving_may_stand_below_its_words_but_a_nutrients_figure_is_none() -> None:
    lines = [line(0, "Serving size"), line(30, "2 slices (56g)"), line(0, "Incl. 1g", 400),
             line(60, "Calories 170"), line(90, "Total Fat 2g"), line(120, "Salt 1g")]  # fmt: skip
    page = page_of(lines, lambda points: points)
    tables = tables_of(page)
    found = sizes_of(page, tables[0], tables).serving
    assert found
    assert found[0] == Quantity(amount=56, unit="g")


def test_daily_values_below_a_table_are_no_content() -> None:
    rows = ("Amount per serving", "Calories 230", "Total Fat 8g", "Protein 3g")
    lines = [line(30.0 * number, text) for number, text in enumerate(rows)]
    lines += [line(150, "Total Carbohydrate"), line(150, "375 g", x=400)]
    page = page_of(lines, lambda points: points)
    tables = tables_of(page)
    assert sizes_of(page, tables[0], tables).container is None


def test_a_figure_below_the_last_row_is_no_content() -> None:
    rows = [("Amount per serving", ""), ("Calories", "230"), ("Total Fat", "8g"),
            ("Protein", "30g"), ("Sa1cium", "20g")]  # fmt: skip
    lines = [line(30.0 * y, text, 400.0 * x) for y, row in enumerate(rows)
             for x, text in enumerate(row) if text]  # fmt: skip
    page = page_of(lines, lambda points: points)
    tables = tables_of(page)
    assert sizes_of(page, tables[0], tables).container is None
    lines.append(line(180, "320 g"))
    page = page_of(lines, lambda points: points)
    tables = tables_of(page)
    assert sizes_of(page, tables[0], tables).container


def test_a_pack_smaller_than_its_serving_is_dropped() -> None:
    found = sizes("12 FL OZ (355 mL)", "Serving size 2 cans (710 mL)")
    assert found.container
    assert "less than one serving" in (agree(found) or "")
    assert found.container is None


def test_servings_must_make_up_the_content() -> None:
    found = sizes("NET WT 12 OZ (340g)", "8 servings per container", "Serving size 1 bar (20g)")
    assert "do not make the content" in (agree(found) or "")
    assert found.container is None
