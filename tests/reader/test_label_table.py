"""Rows and columns are found by where things stand."""

from collections.abc import Sequence

import numpy as np
import pytest

from visiontools.reader.label_facts import Table
from visiontools.reader.label_gates import check
from visiontools.reader.label_level import levelled
from visiontools.reader.label_pieces import Page, page_of
from visiontools.reader.label_table import tables_of, without_doubles
from visiontools.reader.ocr import Line

WIDTH = 10.0
"""Pixels per character."""


def line(x: float, y: float, text: str, height: float = 20.0, slope: float = 0.0) -> Line:
    """A line whose left middle is at (x, y) before the page is tilted by ``slope``."""
    right = x + WIDTH * len(text)
    quad = np.array(
        [[x, y - height / 2], [right, y - height / 2], [right, y + height / 2], [x, y + height / 2]]
    )
    quad[:, 1] += slope * quad[:, 0]
    at = tuple((index + 0.5) / len(text) for index in range(len(text)))
    return Line(text, 0.99, at, tuple(0.99 for _ in text), quad)


def grid(rows: Sequence[Sequence[str]], columns: Sequence[float], y: float = 0.0) -> list[Line]:
    """Lines set in a grid: a row every 30 pixels, cells starting at ``columns``."""
    return [
        line(x, y + 30 * number, text)
        for number, row in enumerate(rows)
        for x, text in zip(columns, row, strict=False)
        if text
    ]


def level_page(lines: Sequence[Line]) -> Page:
    return page_of(lines, lambda points: points)


EU = [
    ("Nutrition information", "", ""),
    ("", "per 100 ml", "per portion (250 ml)"),
    ("Energy", "180 kJ / 42 kcal", "450 kJ / 106 kcal"),
    ("Fat", "0 g", "0 g"),
    ("of which saturates", "0 g", "0 g"),
    ("Carbohydrate", "10,6 g", "27 g"),
    ("of which sugars", "10,6 g", "27 g"),
    ("Protein", "0 g", "0 g"),
    ("Salt", "0,01 g", "0,03 g"),
]
US = [
    ("Nutrition Facts",),
    ("8 servings per container",),
    ("Serving size 2/3 cup (55g)",),
    ("Amount per serving",),
    ("Calories 230",),
    ("Total Fat 8g 10%",),
    ("Saturated Fat 1g 5%",),
    ("Sodium 160mg 7%",),
    ("Total Carbohydrate 37g 13%",),
    ("Includes 10g Added Sugars 20%",),
    ("Protein 3g",),
]


def facts(table: Table) -> dict[tuple[str, str, str], float]:
    kept = without_doubles(table, table.facts)
    return {(fact.nutrient, fact.unit, fact.basis): fact.amount for fact in kept}


def test_two_columns_are_told_apart_and_kj_is_not_kcal() -> None:
    (table,) = tables_of(level_page(grid(EU, (0, 250, 480))))
    found = facts(table)
    assert found["energy", "kJ", "per_100ml"] == 180
    assert found["energy", "kcal", "per_serving"] == 106
    assert found["sugars", "g", "per_100ml"] == 10.6
    assert found["carbohydrate", "g", "per_serving"] == 27
    assert len(found) == 16


def test_a_us_label_is_per_serving_and_daily_values_are_left_out() -> None:
    (table,) = tables_of(level_page(grid(US, (0,))))
    found = facts(table)
    assert {basis for _, _, basis in found} == {"per_serving"}
    assert found["energy", "kcal", "per_serving"] == 230
    assert found["fat", "g", "per_serving"] == 8
    assert found["added_sugars", "g", "per_serving"] == 10
    assert found["sodium", "mg", "per_serving"] == 160
    assert 10 not in {v for (n, _, _), v in found.items() if n != "added_sugars"}


def test_a_us_label_in_two_columns_keeps_serving_and_container_apart() -> None:
    rows = [
        ("Serving size 1 can (355mL)",),
        ("", "Per serving", "Per container"),
        ("Calories", "120", "240"),
        ("Total Fat", "2g", "4g"),
        ("Protein", "1g", "2g"),
    ]
    (table,) = tables_of(level_page(grid(rows, (0, 300, 480))))
    found = facts(table)
    assert found["energy", "kcal", "per_container"] == 240
    assert found["fat", "g", "per_serving"] == 2


def test_two_tables_side_by_side_are_two_products_left_to_right() -> None:
    one = grid(EU, (0, 250, 480))
    other = grid([(a, b) for a, b, _ in EU], (900, 1150), y=8)
    left, right = tables_of(level_page([*other, *one]))
    assert len(facts(left)) == 16
    assert len(facts(right)) == 8
    assert {basis for _, _, basis in facts(right)} == {"per_100ml"}


def test_two_tables_one_above_the_other_are_two_products() -> None:
    page = level_page([*grid(EU, (0, 250, 480)), *grid(EU, (0, 250, 480), y=400)])
    assert [len(facts(table)) for table in tables_of(page)] == [16, 16]


def test_energy_in_two_rows_belongs_to_one_label() -> None:
    rows = [("", "per 100 g"), ("Energy", "2028 kJ"), ("", "484 kcal"), ("Fat", "20 g"),
            ("Protein", "17 g")]  # fmt: skip
    (table,) = tables_of(level_page(grid(rows, (0, 250))))
    assert facts(table)["energy", "kcal", "per_100g"] == 484
    assert facts(table)["fat", "g", "per_100g"] == 20


def test_units_may_stand_in_the_label() -> None:
    rows = [("", "per 100 g"), ("Energy (kJ/kcal)", "2028/484"), ("Fat (g)", "20"),
            ("Protein (g)", "17")]  # fmt: skip
    (table,) = tables_of(level_page(grid(rows, (0, 250))))
    assert facts(table) == {
        ("energy", "kJ", "per_100g"): 2028,
        ("energy", "kcal", "per_100g"): 484,
        ("fat", "g", "per_100g"): 20,
        ("protein", "g", "per_100g"): 17,
    }


def test_energy_without_a_unit_is_no_fact() -> None:
    rows = [("", "per 100 g"), ("Energy", "484"), ("Fat", "20 g"), ("Protein", "17 g")]
    (table,) = tables_of(level_page(grid(rows, (0, 250))))
    assert ("energy", "kcal", "per_100g") not in facts(table)
    assert ("energy", "kJ", "per_100g") not in facts(table)


def test_amounts_of_an_unknown_column_are_no_facts() -> None:
    rows = [("Energy", "2028 kJ"), ("Fat", "20 g"), ("Protein", "17 g")]
    (table,) = tables_of(level_page(grid(rows, (0, 250))))
    assert facts(table) == {}
    assert "it is not clear what it is for" in " ".join(table.notes)


def test_ingredients_are_no_table() -> None:
    lines = [line(0, 0, "Ingredients: water, sugar 10 g, salt"), line(0, 30, "Best before 2027")]
    assert tables_of(level_page(lines)) == []


@pytest.mark.parametrize("slope", [-0.06, 0.06])
def test_a_slanted_page_is_read_like_a_level_one(slope: float) -> None:
    tilted = [
        line(piece.x0, piece.center[1], piece.text, slope=slope)
        for piece in grid(EU, (0, 250, 480))
    ]
    (table,) = tables_of(page_of(tilted, levelled(tilted)))
    assert len(facts(table)) == 16
    assert check(table, None)


def test_headings_and_energies_that_ran_together_are_taken_apart() -> None:
    rows = [
        ("", "Pour 100 gPar portion (45 g)"),
        ("Energie", "2087 kJ / 499 kcal 1148 kJ / 275 kcal"),
        ("Lipides", "26 g", "12 g"),
        ("Sel", "0,9 g", "0,4 g"),
    ]
    lines = grid(rows, (0, 250, 480))
    (table,) = tables_of(level_page(lines))
    found = facts(table)
    assert found["energy", "kcal", "per_100g"] == 499
    assert found["energy", "kJ", "per_serving"] == 1148
    assert found["fat", "g", "per_serving"] == 12


def test_headings_that_cannot_be_told_apart_state_no_basis() -> None:
    rows = [("", "pro 100 mbro Portion (200 ml)"), ("Energie", "212 kJ", "425 kJ"),
            ("Fett", "1,5 g", "3,0 g"), ("Salz", "0,1 g", "0,2 g")]  # fmt: skip
    (table,) = tables_of(level_page(grid(rows, (0, 250, 480))))
    assert facts(table) == {}


def test_an_unreadable_heading_keeps_its_column_out_of_the_other() -> None:
    rows = [("", "Per serving", "Per contaiiiner"), ("Calories", "140", "1410"),
            ("Total Fat", "", "39g"), ("Protein", "5g", "47g")]  # fmt: skip
    (table,) = tables_of(level_page(grid(rows, (0, 250, 480))))
    assert facts(table) == {
        ("energy", "kcal", "per_serving"): 140,
        ("protein", "g", "per_serving"): 5,
    }


def test_a_bare_size_beside_100_ml_heads_a_column_of_its_own() -> None:
    rows = [("Typical values", "100 ml", "250 ml"), *EU[2:]]
    (table,) = tables_of(level_page(grid(rows, (0, 250, 480))))
    found = facts(table)
    assert found["energy", "kcal", "per_serving"] == 106
    assert found["sugars", "g", "per_100ml"] == 10.6


def test_of_two_columns_per_100_g_only_the_first_is_believed() -> None:
    rows = [("As sold / prepared", "per 100 g", "per 100 g"), ("Energy", "1600 kJ", "266 kJ"),
            ("Fat", "9 g", "3.5 g"), ("Protein", "10 g", "3.4 g")]  # fmt: skip
    (table,) = tables_of(level_page(grid(rows, (0, 250, 420))))
    assert facts(table) == {
        ("energy", "kJ", "per_100g"): 1600,
        ("fat", "g", "per_100g"): 9,
        ("protein", "g", "per_100g"): 10,
    }


def test_an_adults_reference_intake_in_grams_is_nobodys() -> None:
    rows = [("", "per 100 g", "Adult RI"), ("Energy", "1600 kJ", "8400 kJ"), ("Fat", "9 g", "70 g"),
            ("Protein", "", "50 g")]  # fmt: skip
    (table,) = tables_of(level_page(grid(rows, (0, 250, 380))))
    assert set(facts(table).values()) == {1600, 9}


def test_an_amount_between_two_rows_belongs_to_neither() -> None:
    lines = [*grid([("", "per 100 g"), ("Energy", "1600 kJ"), ("Fat", "9 g")], (0, 250)),
             line(0, 85, "Protein"), line(0, 106, "Salt"), line(250, 96, "3 g")]  # fmt: skip
    (table,) = tables_of(level_page(lines))
    assert set(facts(table).values()) == {1600, 9}


def test_the_content_of_a_neighbours_pack_heads_no_column() -> None:
    rows = [("NET WT 3.5 OZ (100g)",), *US[1:]]
    (table,) = tables_of(level_page(grid(rows, (0,))))
    assert {basis for _, _, basis in facts(table)} == {"per_serving"}


def test_a_lone_100_g_heads_a_column_only_above_its_figures() -> None:
    rows = [("Energy", "1600 kJ"), ("Fat", "9 g"), ("Protein", "3 g")]
    (over,) = tables_of(level_page(grid([("Nutrition", "100 g"), *rows], (0, 250))))
    assert {basis for _, _, basis in facts(over)} == {"per_100g"}
    (aside,) = tables_of(level_page(grid([("100 g", ""), *rows], (0, 250))))
    assert facts(aside) == {}


def test_the_only_column_per_199_ml_may_be_per_100_ml_and_is_not_believed() -> None:
    rows = [("", "Per 199 ml"), ("Energy", "152 kJ"), ("Fat", "2.7 g"), ("Protein", "3 g")]
    (table,) = tables_of(level_page(grid(rows, (0, 250))))
    assert facts(table) == {}
    rows[0] = ("", "Per 1/2 cup (125 ml)")
    (table,) = tables_of(level_page(grid(rows, (0, 250))))
    assert {basis for _, _, basis in facts(table)} == {"per_serving"}


def test_less_than_1_g_stands_in_the_column_where_its_words_begin() -> None:
    rows = [("", "Per serving", "Per container"), ("Calories", "90", "360"),
            ("Total Fat", "6g", "25g"), ("Protein", "Less than 1g", "3g")]  # fmt: skip
    (table,) = tables_of(level_page(grid(rows, (0, 250, 371))))
    found = facts(table)
    assert found["protein", "g", "per_serving"] == 1
    assert found["protein", "g", "per_container"] == 3
