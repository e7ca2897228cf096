"""What is printed is read, where it is printed, quietly and without a network."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from visiontools.errors import UnusableError
from visiontools.reader import ocr
from visiontools.types import Picture


def page(lines: list[tuple[int, int, str]], size: tuple[int, int] = (640, 200)) -> ocr.Pixels:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(28)
    for x, y, text in lines:
        draw.text((x, y), text, fill="black", font=font)
    return np.asarray(image, dtype=np.uint8)


def test_lines_are_read_where_they_are_printed(capfd: pytest.CaptureFixture[str]) -> None:
    lines = ocr.read_lines(page([(20, 20, "Total Fat"), (400, 20, "8 g"), (20, 90, "Sodium")]))
    assert [line.text.replace(" ", "") for line in lines] == ["TotalFat", "8g", "Sodium"]
    fat, amount, sodium = lines
    assert abs(amount.x0 - 400) < 15
    assert fat.center[1] == pytest.approx(amount.center[1], abs=8)
    assert 20 < sodium.height < 60
    assert all(0 <= at <= 1 for at in fat.at)
    assert list(fat.at) == sorted(fat.at)
    assert capfd.readouterr() == ("", "")


def test_an_empty_page_has_no_lines() -> None:
    assert ocr.read_lines(page([])) == []


def test_a_crop_is_read_without_looking_for_lines() -> None:
    piece = page([(4, 2, "1.5 g")], size=(90, 40))
    [text] = ocr.read_crops([piece])
    assert text.text.replace(" ", "") == "1.5g"


def test_an_empty_crop_reads_as_nothing_beside_the_others() -> None:
    nothing = np.zeros((0, 0, 3), dtype=np.uint8)
    texts = ocr.read_crops([nothing, page([(4, 2, "42")], size=(60, 40))])
    assert [text.text for text in texts] == ["", "42"]


def test_a_cut_straightens_a_slanted_line() -> None:
    quad = np.array([[10.0, 20.0], [110.0, 30.0], [107.0, 60.0], [7.0, 50.0]])
    piece = ocr.cut(page([]), quad)
    assert piece.shape == (30, 100, 3)
    assert ocr.cut(page([]), quad, pad=0.5).shape[0] > 55


def test_a_picture_that_cannot_be_decoded_is_named() -> None:
    broken = Picture(b"not a picture", "image/png", 1, 1, "ab" * 32, ())
    with pytest.raises(UnusableError, match="abababababab"):
        ocr.decode(broken)


def test_a_decoded_picture_is_red_first() -> None:
    held = io.BytesIO()
    Image.new("RGB", (4, 3), (200, 10, 30)).save(held, "PNG")
    pixels = ocr.decode(Picture(held.getvalue(), "image/png", 4, 3, "0" * 64, ()))
    assert pixels.shape == (3, 4, 3)
    assert tuple(pixels[0, 0]) == (200, 10, 30)
