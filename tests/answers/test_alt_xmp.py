"""Alt text in a picture's own metadata: Pillow reads it, and the pixels stay what they were."""

from __future__ import annotations

import io
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from visiontools.answers.alt_xmp import alt_of, with_alt
from visiontools.errors import UnusableError

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
ALT = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}AltTextAccessibility"
OTHER = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-'
    'ns#"><r:Description r:about="uuid:1" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' dc:format="image/jpeg"/></r:RDF></x:xmpmeta>'
)


def picture(kind: str, **more: object) -> bytes:
    image = Image.effect_noise((64, 48), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "a description"
    file = io.BytesIO()
    image.save(file, kind, exif=exif, **more)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def read(data: bytes) -> list[tuple[str, str]]:
    """What Pillow finds, parsed by another XML parser."""
    packet = opened(data).info["xmp"]
    root = ElementTree.fromstring(packet.split(b"?>", 1)[1] if packet[:2] == b"<?" else packet)
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    return [(li.get(lang, ""), li.text or "") for li in root.findall(f".//{ALT}/{RDF}Alt/{RDF}li")]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_is_put_in_replaced_and_read_without_touching_a_pixel(kind: str) -> None:
    data = picture(kind)
    assert alt_of(data) is None
    once = with_alt(data, 'Möwen & "Boote" <1>', "de")
    assert read(once) == [("x-default", 'Möwen & "Boote" <1>'), ("de", 'Möwen & "Boote" <1>')]
    assert alt_of(once) == 'Möwen & "Boote" <1>'
    twice = with_alt(once, "Gulls.", "en")
    assert read(twice) == [("x-default", "Gulls."), ("en", "Gulls.")]
    assert opened(twice).tobytes() == opened(data).tobytes()
    assert opened(twice).getexif()[0x010E] == "a description"
    back = with_alt(with_alt(data, "x", "en"), 'Möwen & "Boote" <1>', "de")
    assert read(back) == read(once)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_other_metadata_stays(kind: str) -> None:
    data = picture(kind)
    mine = with_alt(data, "x", "en")
    packet = opened(mine).info["xmp"]
    other = _with_packet(data, packet, OTHER.encode(), kind)
    assert alt_of(other) is None
    changed = with_alt(other, "Gulls.", "en")
    found = opened(changed).info["xmp"].decode()
    assert 'dc:format="image/jpeg"/>' in found
    assert found.count("uuid:1") == 2  # one resource, in two descriptions
    assert read(changed)[0] == ("x-default", "Gulls.")


def _with_packet(data: bytes, _: bytes, packet: bytes, kind: str) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    file = io.BytesIO()
    if kind == "JPEG":
        opened(data).save(file, kind, xmp=packet)
    else:
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=True)
        opened(data).save(file, kind, pnginfo=info)
    return file.getvalue()


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"<x", "cannot be read"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "cannot be read"),
        (b'<a><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></a>', "be read"),
        (b"<a>" + b"x" * 64_900 + b"</a>", "cannot be read"),
    ],
)
def test_metadata_nobody_understands_is_left_alone(packet: bytes, why: str) -> None:
    data = _with_packet(picture("JPEG"), b"", packet, "JPEG")
    with pytest.raises(UnusableError, match=why):
        with_alt(data, "Gulls.", "en")


def test_an_empty_element_is_replaced_whole() -> None:
    inner = '<i:AltTextAccessibility xmlns:i="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"/>'
    packet = OTHER.replace('dc:format="image/jpeg"/>', f">{inner}</r:Description>")
    data = _with_packet(picture("JPEG"), b"", packet.encode(), "JPEG")
    assert alt_of(data) is None
    assert read(with_alt(data, "Gulls.", "en"))[0] == ("x-default", "Gulls.")


def test_too_much_metadata_has_no_room() -> None:
    packet = OTHER.replace("uuid:1", "u" * 64_000).encode()
    with pytest.raises(UnusableError, match="no room"):
        with_alt(_with_packet(picture("PNG"), b"", packet, "PNG"), "x" * 900, "en")


def test_other_files_say_what_to_do() -> None:
    with pytest.raises(UnusableError, match="Only JPEG and PNG"):
        with_alt(picture("WEBP"), "Gulls.", "en")


WHOLE = {kind: picture(kind) for kind in ("JPEG", "PNG")}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["JPEG", "PNG"]), st.integers(0, 1200), st.binary(max_size=30))
def test_damaged_files_raise_nothing_else(kind: str, at: int, junk: bytes) -> None:
    data = WHOLE[kind]
    for broken in (data[:at], data[:at] + junk + data[at + 3 :]):
        try:
            with_alt(broken, "Gulls.", "en")
        except UnusableError:
            continue


def test_a_packed_packet_is_unpacked_within_limits() -> None:
    bomb = zlib.compress(b" " * 10_000_000)
    data = picture("PNG")
    body = b"XML:com.adobe.xmp\0\1\0\0\0" + bomb
    chunk = len(body).to_bytes(4, "big") + b"iTXt" + body
    chunk += zlib.crc32(b"iTXt" + body).to_bytes(4, "big")
    with pytest.raises(UnusableError):
        with_alt(data[:33] + chunk + data[33:], "Gulls.", "en")
