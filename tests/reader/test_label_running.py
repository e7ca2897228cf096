"""Declarations set as running text."""

from collections.abc import Sequence

import numpy as np

from visiontools.reader.label_facts import Table
from visiontools.reader.label_pieces import page_of
from visiontools.reader.label_table import tables_of
from visiontools.reader.ocr import Line


def tables(*texts: str) -> list[Table]:
    """The tables of a paragraph, one line of text below the other."""
    lines = [_line(30.0 * number, text) for number, text in enumerate(texts)]
    return tables_of(page_of(lines, lambda points: points))


def _line(y: float, text: str) -> Line:
    right, low, high = 10.0 * len(text), y - 10, y + 10
    quad = np.array([[0, low], [right, low], [right, high], [0, high]])
    at = tuple((index + 0.5) / len(text) for index in range(len(text)))
    return Line(text, 0.99, at, tuple(0.99 for _ in text), quad)


def facts(found: Sequence[Table]) -> dict[tuple[str, str, str], float]:
    (table,) = found
    return {(fact.nutrient, fact.unit, fact.basis): fact.amount for fact in table.facts}


def test_a_name_may_begin_on_one_line_and_end_on_the_next() -> None:
    found = facts(tables(
        "Nutrition information per 100 g: Energy 2028 kJ / 484 kcal, Fat 20 g, of which",
        "saturates 9.1 g, Carbohydrate 64 g, of which sugars 32 g, Fibre",
        "3.1 g, Protein 7.1 g, Salt 0.55 g.",
    ))  # fmt: skip
    assert found == {
        ("energy", "kJ", "per_100g"): 2028,
        ("energy", "kcal", "per_100g"): 484,
        ("fat", "g", "per_100g"): 20,
        ("saturated_fat", "g", "per_100g"): 9.1,
        ("carbohydrate", "g", "per_100g"): 64,
        ("sugars", "g", "per_100g"): 32,
        ("fibre", "g", "per_100g"): 3.1,
        ("protein", "g", "per_100g"): 7.1,
        ("salt", "g", "per_100g"): 0.55,
    }


def test_a_unit_may_stand_on_the_line_below_its_number() -> None:
    found = facts(tables(
        "Nutrition information per 100 g: Energy 2028 kJ / 484",
        "kcal, Fat 20 g, Carbohydrate 64 g, of which sugars 32",
        "g, Protein 7.1 g, Salt 0.55 g.",
    ))  # fmt: skip
    assert found["energy", "kcal", "per_100g"] == 484
    assert found["sugars", "g", "per_100g"] == 32
    assert found["protein", "g", "per_100g"] == 7.1


def test_daily_values_in_brackets_are_left_out_and_sugars_are_not_added_sugars() -> None:
    found = facts(tables(
        "Nutrition Facts Servings: 6, Serv. size 1 bar (40g), Amount per serving: Calories 190,",
        "Total Fat 8g (10% DV), Sat. Fat 3g (15% DV), Sodium 95mg (4% DV), Total Carb. 24g (9%),",
        "Total Sugars 12g (Incl. 10g Added Sugars, 20% DV), Protein 4g.",
    ))  # fmt: skip
    assert found["energy", "kcal", "per_serving"] == 190
    assert found["saturated_fat", "g", "per_serving"] == 3
    assert found["sugars", "g", "per_serving"] == 12
    assert found["added_sugars", "g", "per_serving"] == 10
    assert found["protein", "g", "per_serving"] == 4
    assert len(found) == 8


def test_figures_for_two_bases_in_one_sentence_are_not_told_apart() -> None:
    found = tables(
        "Nutrition per 100 g (per 30 g): Energy 2028 kJ (608 kJ), Fat 20 g (6 g), Carbohydrate",
        "64 g (19 g), of which sugars 32 g (9.6 g), Protein 7.1 g (2.1 g), Salt 0.55 g (0.17 g).",
    )
    assert not any(fact.basis for table in found for fact in table.facts if fact.nutrient == "fat")


def test_without_a_basis_running_text_states_nothing() -> None:
    found = tables("Energy 2028 kJ, Fat 20 g, Carbohydrate 64 g, Protein 7.1 g, Salt 0.55 g.")
    assert not any(table.facts for table in found)


def test_lines_with_a_figure_each_above_the_others_belong_to_them() -> None:
    found = facts(tables(
        "water, sugar, fruit juice from concentrate 12%, salt,",
        "natural flavouring. Store in a cool place.",
        "Valori nutrizionali per 100 ml: Energia 231kJ",
        "/ 55kcal, Grassi 1,6g, di cui acidi grassi saturi",
        "0,7g, Carboidrati 10g, di cui zuccheri 9,4g,",
        "Fibre 0g, Proteine 0g, Sale 0,16g.",
    ))  # fmt: skip
    assert found["energy", "kJ", "per_100ml"] == 231
    assert found["energy", "kcal", "per_100ml"] == 55
    assert found["fat", "g", "per_100ml"] == 1.6
    assert len(found) == 9
