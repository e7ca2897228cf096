"""Files made to break things: each gets one sentence, and the next picture works."""

import asyncio
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from visiontools.errors import UnusableError
from visiontools.pictures.prepare import Preparer
from visiontools.types import LLAMA_3_2_PICTURES, Upload


def refusal(prepare: Any, data: bytes, name: str = "car.jpg") -> str:
    with pytest.raises(UnusableError) as refused:
        prepare((data, name))
    said = str(refused.value)
    assert name in said
    assert "\n" not in said
    assert "Traceback" not in said
    assert refused.value.next
    return said


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, pixels: bytes, *extra: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_picture_cut_off_anywhere_is_refused(
    made: Any, prepare: Any, format: str, progressive: bool
) -> None:
    if format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    options = {"progressive": True} if progressive and format == "JPEG" else {}
    data = made.file(made.photo(), format, **options)
    for tenths in range(10):
        part = data[: len(data) * tenths // 10]
        refusal(prepare, part)
    assert prepare(data).width == 400


def test_empty_and_zero_filled_files_are_refused(prepare: Any) -> None:
    assert "is empty" in refusal(prepare, b"")
    assert "zeros" in refusal(prepare, bytes(3000))
    assert "damaged" in refusal(prepare, b"\xff\xd8\xff" + bytes(3000))


def test_a_page_a_drawing_and_a_document_named_jpg_are_called_what_they_are(prepare: Any) -> None:
    assert "web page" in refusal(prepare, b"<!doctype html><title>x</title>")
    assert "SVG" in refusal(prepare, b"<svg><image href='file:///etc/passwd'/></svg>")
    assert "PDF" in refusal(prepare, b"%PDF-1.7")


def test_a_bomb_is_refused_before_it_is_unpacked(prepare: Any) -> None:
    side = 20_000
    rows = zlib.compressobj()
    packed = b"".join(rows.compress(bytes(side // 8 + 1)) for _ in range(side)) + rows.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    assert len(bomb) < 100_000
    assert "at most 80 million" in refusal(prepare, bomb)


def test_a_gif_whose_frame_is_larger_than_its_screen_is_refused(prepare: Any) -> None:
    screen = b"GIF89a" + struct.pack("<HHBBB", 16, 16, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x4c\x01\x00;"
    refusal(prepare, screen + frame)


def test_a_text_chunk_bomb_is_refused(prepare: Any) -> None:
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(50_000_000)))
    said = refusal(prepare, png(64, 64, bytes(9 * 64), bomb))
    assert "damaged" in said


def test_slivers_and_pictures_without_pixels_are_refused(made: Any, prepare: Any) -> None:
    for size in ((1, 3000), (3000, 1), (1, 1), (60_000, 9)):
        assert "too few" in refusal(prepare, made.file(Image.new("L", size)))
    refusal(prepare, png(0, 0, b""))
    refusal(prepare, png(0, 64, bytes(64)))


def test_too_many_bytes_and_too_many_pixels_are_refused_with_the_limit(made: Any) -> None:
    async def both() -> tuple[str, str]:
        said = []
        for limits in ({"max_bytes": 5000}, {"max_pixels": 5000}):
            async with Preparer(**limits) as preparer:
                upload = Upload(made.file(made.photo()), "x/car.png")
                with pytest.raises(UnusableError) as refused:
                    await preparer.prepare([upload], LLAMA_3_2_PICTURES, printed=False)
                said.append(str(refused.value))
        return said[0], said[1]

    bytes_said, pixels_said = asyncio.run(both())
    assert bytes_said.startswith("car.png is larger than 0.005 MB")
    assert "too many pixels; at most 0.005 million" in pixels_said


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"])
def test_random_damage_never_does_more_than_refuse(made: Any, prepare: Any, format: str) -> None:
    if format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    whole = made.file(made.photo(200, 150), format)
    chance = random.Random(11)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 4, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            assert prepare((bytes(data), "car")).data
        except UnusableError as refused:
            assert "car" in str(refused)  # noqa: PT017  (either way is fine, a crash is not)
    assert prepare(whole).width == 200
