"""Small print: measured, kept legible by cropping where that helps, else pointed out."""

from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from visiontools.pictures.legibility import LEGIBLE, look
from visiontools.types import READER_PICTURES, PictureRules

PHONE = (4032, 3024)


def x_height(points: int) -> float:
    _, top, _, bottom = ImageFont.load_default(size=points).getbbox("x")
    return bottom - top


@pytest.mark.parametrize("points", [20, 28, 40, 60])
@pytest.mark.parametrize("photographed", [False, True])
def test_the_height_of_small_letters_is_measured_to_within_a_quarter(
    made: Any, points: int, photographed: bool
) -> None:
    image = made.label(points, size=PHONE, at=(900, 700))
    if photographed:
        grain = Image.effect_noise(PHONE, 40).convert("RGB")
        image = Image.blend(image, grain, 0.15).filter(ImageFilter.GaussianBlur(1))
        image = image.rotate(1.5, fillcolor=(230, 230, 230))
    seen = look(image, 1120 / 4032)
    assert seen is not None
    assert abs(seen.height - x_height(points)) <= 0.25 * x_height(points) + 1


def test_a_label_in_the_middle_of_an_empty_table_is_cropped_to_and_legible(
    made: Any, prepare: Any
) -> None:
    data = made.file(made.label(30, size=PHONE, at=(1500, 1200)), "JPEG")
    plain, cropped = prepare((data, "can.jpg")), prepare((data, "can.jpg"), printed=True)
    assert plain.notes == ()
    assert cropped.notes == ("can.jpg was cropped to its print, so that the print stays larger.",)
    seen = look(made.opened(cropped), 1.0)
    assert seen is not None
    assert seen.height >= LEGIBLE
    assert (cropped.sources[0].width, cropped.sources[0].height) == PHONE


def test_a_crop_keeps_everything_drawn_also_what_has_no_letters(made: Any, prepare: Any) -> None:
    image = made.label(30, size=PHONE, at=(1500, 1200))
    draw = ImageDraw.Draw(image)
    draw.line((1400, 1900, 1100, 2300, 1800, 2400), fill="red", width=14)
    cropped = prepare(made.file(image), printed=True)
    assert "cropped" in cropped.notes[0]
    scale = cropped.width / (cropped.height * 1.0)
    shown = made.opened(cropped).convert("RGB")
    red = [
        (x, y)
        for x in range(0, shown.width, 2)
        for y in range(0, shown.height, 2)
        if shown.getpixel((x, y))[0] > 180 and shown.getpixel((x, y))[1] < 80
    ]
    assert scale > 0
    left, right = min(x for x, _ in red), max(x for x, _ in red)
    top, bottom = min(y for _, y in red), max(y for _, y in red)
    # The line is 700 x 500 pixels (and its width): its shape survives whole.
    assert abs((right - left) / (bottom - top) - 714 / 514) < 0.1
    assert left > 0
    assert bottom < shown.height - 2


def test_print_on_a_can_before_a_smooth_background_is_cropped_to_with_its_brand(
    made: Any, prepare: Any
) -> None:
    background = Image.radial_gradient("L").resize(PHONE).convert("RGB")
    image = Image.blend(background, Image.new("RGB", PHONE, (120, 90, 60)), 0.6)
    ImageDraw.Draw(image).ellipse((0, 2500, 400, 2900), fill=(20, 20, 20))
    label = made.label(30, size=(700, 750), at=(60, 90))
    image.paste(label, (1800, 1400))
    brand = made.label(110, size=(2200, 200), at=(40, 30), lines=1)
    image.paste(brand, (1500, 600))
    with_brand = prepare(made.file(image, "JPEG"), printed=True)
    assert any("cropped" in note for note in with_brand.notes)
    # What is left starts above the brand and ends below the label: at least 600 to 2150.
    sent = made.opened(with_brand)
    factor = sent.width / sent.height
    assert factor < PHONE[0] / 1550
    assert look(sent, 1.0) is not None


def test_where_cropping_does_not_help_the_note_says_how_high_the_print_is(
    made: Any, prepare: Any
) -> None:
    page = made.label(26, size=(1800, 4000), at=(60, 60), lines=98)
    page.paste(page.crop((0, 0, 900, 4000)), (900, 0))
    picture = prepare((made.file(page), "page.png"), printed=True)
    note = picture.notes[-1]
    assert note.startswith("The small print in page.png is only about ")
    height = float(note.split("about ")[1].split()[0])
    expected = x_height(26) * picture.height / 4000
    assert abs(height - expected) <= 2


def test_a_picture_under_the_limit_is_never_cropped(made: Any, prepare: Any) -> None:
    small = made.file(made.label(9, size=(1100, 1100), at=(300, 300)))
    picture = prepare(small, printed=True)
    assert (picture.width, picture.height, picture.notes) == (1100, 1100, ())
    roomy = made.file(made.label(12, size=(3000, 2000), at=(300, 300)))
    picture = prepare(roomy, rules=READER_PICTURES, printed=True)
    assert (picture.width, picture.height, picture.notes) == (3000, 2000, ())


def test_large_print_is_left_whole(made: Any, prepare: Any) -> None:
    picture = prepare(made.file(made.label(60, size=PHONE, at=(1500, 900)), "JPEG"), printed=True)
    assert (picture.width, picture.height, picture.notes) == (1120, 840, ())


def test_a_photo_without_print_is_left_whole(made: Any, prepare: Any) -> None:
    smooth = made.photo(40, 30).resize(PHONE, Image.Resampling.BICUBIC)
    picture = prepare(made.file(smooth, "JPEG"), printed=True)
    assert (picture.width, picture.height, picture.notes) == (1120, 840, ())


def test_on_a_shared_canvas_each_label_is_cropped_and_named_by_its_letter(
    made: Any, prepare: Any
) -> None:
    one = made.file(made.label(34, size=PHONE, at=(1500, 1200)), "JPEG")
    two = made.file(made.label(70, size=(1200, 900), at=(10, 10), lines=5), "JPEG")
    picture = prepare((one, "cola.jpg"), (two, "juice.jpg"), printed=True)
    cropped = "cola.jpg (A) was cropped to its print, so that the print stays larger."
    assert cropped in picture.notes
    assert not any("juice.jpg" in note for note in picture.notes)
    assert [source.label for source in picture.sources] == ["A", "B"]
    assert (picture.sources[0].width, picture.sources[0].height) == PHONE


def test_without_tiles_the_longest_side_decides(made: Any, prepare: Any) -> None:
    data = made.file(made.label(30, size=PHONE, at=(1500, 1200)), "JPEG")
    picture = prepare(data, rules=PictureRules(longest_side=1000), printed=True)
    assert max(picture.width, picture.height) <= 1000
    assert "cropped" in picture.notes[0]


@pytest.mark.parametrize("size", [(150, 6000), (100, 20_000), (20_000, 100)])
def test_a_strip_too_narrow_to_judge_is_never_shrunk_without_saying_so(
    made: Any, prepare: Any, size: tuple[int, int]
) -> None:
    picture = prepare((made.file(Image.new("RGB", size, "white")), "receipt.png"), printed=True)
    assert f"shrunk to {picture.width} x {picture.height} pixels" in picture.notes[0]
    assert prepare(made.file(Image.new("RGB", (150, 150), "white")), printed=True).notes == ()
