"""What a file is, and what a person is told about it."""

import gzip
import io
import zipfile

import pytest

from visiontools.pictures.kinds import BadPicture, misnamed, recognise, safe_name


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("car.jpg", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!DOCTYPE html><html><body>", "a web page"),
        (b"\xef\xbb\xbf\n<html lang=en>", "a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<svg/>", "an SVG drawing"),
        (b"<?xml version='1.0'?><feed/>", "an XML document"),
        (b"%PDF-1.7\n", "a PDF document"),
        (zipped(), "a ZIP archive"),
        (gzip.compress(b"x", mtime=0), "a gzip archive"),
        (b"Dear garage,\nmy car ...", "a text file"),
        ("Grüße\n".encode() * 1000, "a text file"),
        (b"II*\x00rest", "a TIFF"),
        (b"BM\x00\x00", "a BMP"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "a video"),
        (bytes(500), "full of zeros"),
        (bytes(range(128, 256)) * 9, "no picture in a known format"),
    ],
)
def test_a_file_that_is_no_picture_is_called_what_it_is(data: bytes, said: str) -> None:
    with pytest.raises(BadPicture) as refused:
        recognise(data, "car.jpg")
    assert refused.value.what.startswith(f"car.jpg is {said}")
    assert refused.value.next


def test_avif_and_heic_are_told_apart_by_their_brands() -> None:
    assert recognise(b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif", "x") == "AVIF"
    assert recognise(b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heic", "x") == "HEIC"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/car.jpg", "car.jpg"),
        ("C:\\photos\\car.jpg", "car.jpg"),
        ("a\x1b[31m\nb\u202egpj.jpg", "a[31mbgpj.jpg"),
        ("", "upload"),
        ("/\x00/", "upload"),
        ("Jürgens Auto.jpg", "Jürgens Auto.jpg"),
    ],
)
def test_a_name_is_shown_without_folders_and_control_characters(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_a_long_name_keeps_its_extension_and_becomes_short() -> None:
    shown = safe_name("x" * 5000 + ".jpg")
    assert shown.endswith(".jpg")
    assert len(shown) <= 60


def test_only_a_name_that_promises_another_format_is_remarked_on() -> None:
    assert "PNG" in (misnamed("car.jpg", "PNG") or "")
    assert misnamed("car.JPEG", "JPEG") is None
    assert misnamed("car", "PNG") is None
    assert misnamed("car.final", "PNG") is None
