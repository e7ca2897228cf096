"""Nothing but the pixels leaves: no place, no time, no camera, no text, no trailing data."""

import io
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

SECRET = b"MARKER-KEEP-OUT"


def exif() -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F] = SECRET.decode()  # Make
    tags[0x010E] = SECRET.decode()  # ImageDescription
    place = tags.get_ifd(0x8825)
    place.update({1: "N", 2: (48.0, 8.0, 14.0), 3: "E", 4: (11.0, 34.0, 31.0), 29: "2026:11:24"})
    tags.get_ifd(0x8769)[0x9286] = SECRET  # UserComment
    return tags


def text_chunks() -> PngImagePlugin.PngInfo:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Comment", SECRET.decode())
    chunks.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET.decode()}</x>")
    return chunks


def with_thumbnail_and_iptc(jpeg: bytes) -> bytes:
    """Photoshop's IPTC segment (APP13) and a JFXX thumbnail (APP0) behind the first marker."""
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x14\x1c\x02\x78\x00\x0f" + SECRET
    thumbnail = b"JFXX\x00\x13\x01\x01\x00\x00\x00" + SECRET
    segments = b"".join(
        marker + (len(body) + 2).to_bytes(2, "big") + body
        for marker, body in ((b"\xff\xe0", thumbnail), (b"\xff\xed", iptc))
    )
    return jpeg[:2] + segments + jpeg[2:]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"])
@pytest.mark.parametrize("drawn", [False, True])
def test_nothing_but_pixels_is_left(made: Any, prepare: Any, format: str, drawn: bool) -> None:
    if format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    options: dict[str, Any] = {} if format == "GIF" else {"exif": exif()}
    if format in ("JPEG", "GIF"):
        options["comment"] = SECRET
    if format in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = b"<x>" + SECRET + b"</x>"
    if format == "PNG":
        options["pnginfo"] = text_chunks()
    data = made.file(made.corner() if drawn else made.photo(), format, **options)
    if format == "JPEG":
        data = with_thumbnail_and_iptc(data)
    data += SECRET
    assert data.count(SECRET) >= 1 + len(options)
    sent = prepare(data).data
    for trace in (
        SECRET,
        b"Exif",
        b"GPS",
        b"2026:11:24",
        b"xmp",
        b"ICC",
        b"8BIM",
        b"tEXt",
        b"iCCP",
    ):
        assert trace not in sent
    opened = Image.open(io.BytesIO(sent))
    opened.load()
    assert not opened.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(opened.info)


def test_a_jpeg_ends_where_its_picture_ends(made: Any, prepare: Any) -> None:
    sent = prepare(made.file(made.photo(), "JPEG") + b"PK\x03\x04 an archive").data
    assert sent.endswith(b"\xff\xd9")
    assert b"an archive" not in sent
