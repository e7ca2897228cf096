"""Every format and pixel layout comes out upright, plain and as it looked."""

import io
from typing import Any

import pytest
from PIL import Image, ImageCms

RED, BLUE, GREEN, WHITE = (255, 0, 0), (0, 0, 255), (0, 200, 0), (255, 255, 255)


def near(image: Image.Image, place: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    pixel = image.convert("RGB").getpixel(place)
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= 24 for a, b in zip(pixel, colour, strict=True))


def upright(image: Image.Image) -> bool:
    right, bottom = image.width - 12, image.height - 8
    return (
        near(image, (12, 8), RED)
        and near(image, (right, 8), BLUE)
        and near(image, (12, bottom), GREEN)
        and near(image, (right, bottom), WHITE)
    )


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"])
def test_each_format_is_read_by_its_content(made: Any, prepare: Any, format: str) -> None:
    if format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    picture = prepare((made.file(made.corner(), format), "whatever"))
    assert (picture.width, picture.height) == (120, 80)
    assert upright(made.opened(picture))
    assert picture.notes == ()


def test_a_png_named_jpg_is_used_with_a_note(made: Any, prepare: Any) -> None:
    picture = prepare((made.file(made.corner()), "car.jpg"))
    assert picture.notes == ("car.jpg is a PNG picture in spite of its name, and was read as one.",)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_come_out_upright(
    made: Any, prepare: Any, orientation: int, format: str
) -> None:
    # The inverse of what the tag asks a viewer to do.
    stored_as = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = made.corner()
    if orientation > 1:
        image = image.transpose(stored_as[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = prepare(made.file(image, format, exif=exif))
    assert (picture.width, picture.height) == (120, 80)
    assert (picture.sources[0].width, picture.sources[0].height) == (120, 80)
    assert upright(made.opened(picture))


def test_a_large_turned_jpeg_is_shrunk_and_upright(made: Any, prepare: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    tall = made.corner(3000, 4000).resize((3000, 4000)).transpose(Image.Transpose.ROTATE_90)
    picture = prepare(made.file(tall, "JPEG", exif=exif))
    assert (picture.width, picture.height) == (840, 1120)
    assert (picture.sources[0].width, picture.sources[0].height) == (3000, 4000)
    assert near(made.opened(picture), (2, 2), RED)
    assert near(made.opened(picture), (837, 2), BLUE)


def test_cmyk_grey_palette_and_bilevel_pictures_look_the_same(made: Any, prepare: Any) -> None:
    corner = made.corner()
    assert upright(made.opened(prepare(made.file(corner.convert("CMYK"), "JPEG"))))
    assert upright(made.opened(prepare(made.file(corner.quantize(16)))))
    grey = made.opened(prepare(made.file(corner.convert("L"))))
    assert grey.mode == "L"
    assert grey.getpixel((12, 8)) == 76
    bilevel = made.opened(prepare(made.file(corner.convert("1", dither=Image.Dither.NONE))))
    assert (bilevel.getpixel((12, 8)), bilevel.getpixel((110, 70))) == (0, 255)


def test_sixteen_bits_are_scaled_and_not_clipped(made: Any, prepare: Any) -> None:
    ramp = Image.new("I;16", (256, 32))
    for x in range(256):
        ramp.paste(x * 257, (x, 0, x + 1, 32))
    shown = made.opened(prepare(made.file(ramp))).convert("L")
    assert all(abs(shown.getpixel((x, 16)) - x) <= 1 for x in range(256))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(made: Any, prepare: Any, mode: str) -> None:
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 30, 40))
    options = {}
    converted = image.convert(mode)
    if mode == "P":
        converted = Image.new("P", (60, 40), 1)
        converted.putpalette([0, 0, 0, 9, 9, 9])
        converted.paste(0, (0, 0, 30, 40))
        options = {"transparency": 1}
    shown = made.opened(prepare(made.file(converted, **options)))
    assert near(shown, (10, 20), (0, 0, 0))
    assert near(shown, (50, 20), WHITE)


def test_white_lines_on_nothing_stay_visible(made: Any, prepare: Any) -> None:
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (20, 10, 40, 30))
    shown = made.opened(prepare(made.file(image))).convert("L")
    assert shown.getpixel((30, 20)) - shown.getpixel((5, 5)) > 150


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_used_and_said_so(
    made: Any, prepare: Any, format: str
) -> None:
    frames = [Image.new("RGB", (64, 48), c) for c in (BLUE, RED, GREEN)]
    data = made.file(frames[0], format, save_all=True, append_images=frames[1:], duration=80)
    picture = prepare((data, "moving"))
    assert picture.notes == ("moving is animated; only its first frame is used.",)
    assert near(made.opened(picture), (30, 20), BLUE)


def swapped_profile() -> bytes:
    """An RGB profile that is far from sRGB: linear light with the primaries changed round."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    r, b = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[r : r + 4], profile[b : b + 4] = b"bXYZ", b"rXYZ"
    at = profile.index(b"desc", 128)
    start = int.from_bytes(profile[at + 4 : at + 8], "big")
    size = int.from_bytes(profile[at + 8 : at + 12], "big")
    text = profile[start : start + size].replace("sRGB".encode("utf-16-be"), b"\0o\0d\0d\0d")
    profile[start : start + size] = text.replace(b"sRGB", b"oddd")
    return bytes(profile)


def test_colours_are_converted_from_their_profile_to_srgb(made: Any, prepare: Any) -> None:
    red = Image.new("RGB", (64, 64), (255, 0, 0))
    shown = made.opened(prepare(made.file(red, "PNG", icc_profile=swapped_profile())))
    assert near(shown, (30, 30), (0, 0, 255))


def test_a_broken_profile_is_passed_over(made: Any, prepare: Any) -> None:
    data = made.file(made.corner(), "PNG", icc_profile=b"no profile" * 40)
    assert upright(made.opened(prepare(data)))


def test_drawings_become_png_and_photos_jpeg(made: Any, prepare: Any) -> None:
    assert prepare(made.file(made.corner(), "JPEG")).media_type in ("image/png", "image/jpeg")
    assert prepare(made.file(made.corner())).media_type == "image/png"
    assert prepare(made.file(made.photo())).media_type == "image/jpeg"


def test_the_same_upload_gives_the_same_bytes(made: Any, prepare: Any) -> None:
    for image in (made.photo(2000, 1500), made.corner()):
        data = made.file(image)
        first, second = prepare(data, printed=True), prepare(data, printed=True)
        assert first == second
        assert Image.open(io.BytesIO(first.data)).size == (first.width, first.height)
