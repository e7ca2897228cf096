"""From a picture to a label's facts, or to a reason why not."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from visiontools.answers.label import SeenLabels
from visiontools.errors import CannotTellError, WrongPictureError
from visiontools.evals.labels import picture_of
from visiontools.evals.labels_digits import spoilt
from visiontools.evals.labels_draw import png
from visiontools.evals.labels_score import facts
from visiontools.evals.labels_us import render_us
from visiontools.reader.label import read_labels
from visiontools.reader.ocr import Line, Pixels, decode
from visiontools.reader.upright import read_upright
from visiontools.types import Picture

LABEL, TRUTH = render_us(3)


def drawn(*texts: str) -> Picture:
    image = Image.new("RGB", (700, 300), "white")
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(texts):
        draw.text((30, 30 + 60 * number), text, fill="black", font=ImageFont.load_default(28))
    return picture_of(png(image))


@pytest.fixture(scope="module")
def seen_lines() -> tuple[Pixels, list[Line]]:
    return read_upright(decode(picture_of(LABEL)))


def test_a_us_label_is_read_as_printed(seen_lines: tuple[Pixels, list[Line]]) -> None:
    reading = read_labels([picture_of(LABEL)], read_text=lambda _: seen_lines)
    assert facts(SeenLabels.model_validate(reading.observation)) == facts(TRUTH)
    assert not reading.unconfirmed


def test_two_pictures_are_two_products_and_a_picture_without_a_table_is_noted(
    seen_lines: tuple[Pixels, list[Line]],
) -> None:
    nothing: list[Line] = []
    answers = iter([seen_lines, (seen_lines[0], nothing), seen_lines])
    reading = read_labels([picture_of(LABEL)] * 3, read_text=lambda _: next(answers))
    assert len(reading.observation["products"]) == 2
    assert "picture 2: There is no text" in " ".join(reading.notes)


@pytest.mark.parametrize("lose", [True, False])
def test_a_misread_digit_is_not_passed_on(
    seen_lines: tuple[Pixels, list[Line]], lose: bool
) -> None:
    rgb, lines = seen_lines
    spoiled = 0
    for number, line in enumerate(lines):
        if not line.text.startswith(("Total Carb", "TotalCarb", "Sodium")):
            continue
        at = next(i for i, character in enumerate(line.text) if character.isdigit())
        bad = [*lines]
        bad[number] = spoilt(line, at, lose)
        reading = read_labels([picture_of(LABEL)], read_text=lambda _, b=bad: (rgb, b))  # type: ignore[misc]
        found = facts(SeenLabels.model_validate(reading.observation), reading.unconfirmed)
        assert set(found.items()) <= set(facts(TRUTH).items())
        spoiled += 1
    assert spoiled == 2


def test_where_most_figures_read_differently_none_is_sure(
    seen_lines: tuple[Pixels, list[Line]],
) -> None:
    rgb, lines = seen_lines
    names = ("Total Fat", "TotalFat", "Sat", "Trans", "Chol", "Sodium", "Diet")
    bad = [
        spoilt(line, next(i for i, c in enumerate(line.text) if c.isdigit()), lose=False)
        if line.text.startswith(names) and any(c.isdigit() for c in line.text)
        else line
        for line in lines
    ]
    reading = read_labels([picture_of(LABEL)], read_text=lambda _: (rgb, bad))
    rows = reading.observation["products"][0]["rows"]
    assert len(reading.unconfirmed) == len(rows) > 0
    assert "hardly legible" in " ".join(reading.notes)


def test_a_picture_without_text_is_the_wrong_picture() -> None:
    with pytest.raises(WrongPictureError, match="no text"):
        read_labels([drawn()])


def test_text_without_a_nutrition_table_is_the_wrong_picture() -> None:
    with pytest.raises(WrongPictureError, match="no nutrition table"):
        read_labels([drawn("Invoice 2026-11", "Total 38.20", "Thank you for your visit")])


def test_a_table_too_poor_to_read_is_not_guessed_at() -> None:
    with pytest.raises(CannotTellError):
        read_labels([drawn("Nutrition Facts", "Total Fat", "Protein", "Sodium")])


def test_no_picture_at_all_is_the_wrong_picture() -> None:
    with pytest.raises(WrongPictureError):
        read_labels([])
