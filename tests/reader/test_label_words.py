"""Which nutrient a label's row names, in seven languages and with spaces lost."""

import pytest

from visiontools.reader.label_words import IGNORED, NUTRIENT_WORDS, basis_of, is_title, nutrient_of


@pytest.mark.parametrize(
    ("text", "nutrient"),
    [
        ("TotalFat", "fat"),
        ("of which sugars", "sugars"),
        ("ofwhichsugars", "sugars"),
        ("davon gesättigte Fettsäuren", "saturated_fat"),
        ("dont acides gras saturés", "saturated_fat"),
        ("de los cuales azúcares", "sugars"),
        ("Eiweiß", "protein"),
        ("Fett (g)", "fat"),
        ("Energy (kJ/kcal)", "energy"),
        ("Fat / Fett / Matières grasses", "fat"),
        ("Total Carbohydrale", "carbohydrate"),
        ("- Saturated Fat", "saturated_fat"),
        ("Calories from Fat", IGNORED),
    ],
)
def test_a_row_names_its_nutrient(text: str, nutrient: str) -> None:
    assert nutrient_of(text) == nutrient


@pytest.mark.parametrize(
    "text",
    [
        "Ingredients: water, sugar, salt",
        "Fat / Salt",
        "Low fat drink",
        "a day is used for general nutrition advice.",
        "",
        "12",
    ],
)
def test_other_text_names_none(text: str) -> None:
    assert nutrient_of(text) is None


def test_no_wording_stands_for_two_nutrients() -> None:
    words = [word for group in NUTRIENT_WORDS.values() for word in set(group)]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(
    ("heading", "basis"),
    [
        ("per 100 ml", "per_100ml"),
        ("Pour 100g", "per_100g"),
        ("je 100 ml", "per_100ml"),
        ("Per portion (30 g)", "per_serving"),
        ("Perserving", "per_serving"),
        ("Per container", "per_container"),
        ("per 1000 ml", None),
        ("%RI*", None),
    ],
)
def test_a_heading_says_what_its_column_is_for(heading: str, basis: str | None) -> None:
    assert basis_of(heading) == basis


def test_titles_of_tables_are_known() -> None:
    assert is_title("Nutrition Facts")
    assert is_title("Valeurs nutritionnelles moyennes")
    assert not is_title("Ingredients")
