"""The alt text inside a picture file: IPTC's AltTextAccessibility, in the XMP of JPEG and PNG.

Only the packet of metadata is put in or changed; the pixels are never encoded anew. Sources: XMP
specification parts 1 and 3 (Adobe, ISO 16684-1), IPTC Photo Metadata Standard 2021.1.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from visiontools.errors import UnusableError

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
_NAME = f"{_IPTC} AltTextAccessibility"
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_XMP = b"XML:com.adobe.xmp"
_MOST_PACKET = 65_000
"""Bytes; a segment of a JPEG file holds no more, and nobody needs more in a PNG file."""
_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}"></rdf:RDF></x:xmpmeta>'
    '<?xpacket end="w"?>'
).encode()


def alt_of(data: bytes) -> str | None:
    """The alt text a JPEG or PNG file carries; None where it carries none. Raises UnusableError."""
    packet, _, _ = _found(data)
    return _Packet(packet).alt if packet else None


def with_alt(data: bytes, alt: str, language: str) -> bytes:
    """The file with this alt text, and every other byte as it was. Raises UnusableError."""
    packet, start, end = _found(data)
    changed = _Packet(packet or _EMPTY).put(alt, language)
    if len(changed) > _MOST_PACKET:
        raise UnusableError(
            "The picture's metadata has no room for an alt text.",
            next="Remove what it does not need from it with a metadata editor.",
        )
    piece = _png_chunk(changed) if data.startswith(_PNG) else _jpeg_segment(changed)
    return data[:start] + piece + data[end:]


def _found(data: bytes) -> tuple[bytes | None, int, int]:
    """The packet, and the bytes of the file that hold it; where it would go if there is none."""
    try:
        if data.startswith(_PNG):
            return _in_png(data)
        if data.startswith(b"\xff\xd8"):
            return _in_jpeg(data)
    except (struct.error, IndexError, zlib.error, ValueError):
        raise UnusableError(
            "The picture's file is damaged.", next="Open it in an image program and save it anew."
        ) from None
    raise UnusableError(
        "Only JPEG and PNG files can carry an alt text here.",
        next="Save the picture as one of these, or put the alt text into the page that shows it.",
    )


def _in_jpeg(data: bytes) -> tuple[bytes | None, int, int]:
    room = 2
    for marker, start, end in _segments(data):
        body = data[start + 4 : end]
        if marker == 0xE1 and body.startswith(_JPEG_XMP):
            return body[len(_JPEG_XMP) :], start, end
        if marker == 0xE0 or (marker == 0xE1 and body.startswith(b"Exif\0")):
            room = end  # JFIF and Exif want to be first
    return None, room, room


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, begin and end of each segment before the pixels."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError
        while data[at + 1] == 0xFF:
            at += 1
        marker = data[at + 1]
        if marker in (0xDA, 0xD9):
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):
            raise ValueError
        yield marker, at, at + 2 + length
        at += 2 + length


def _jpeg_segment(packet: bytes) -> bytes:
    body = _JPEG_XMP + packet
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _in_png(data: bytes) -> tuple[bytes | None, int, int]:
    room, at = 0, len(_PNG)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError
        body = data[at + 8 : at + 8 + length]
        room = room or end
        if kind == b"iTXt" and body.startswith(_PNG_XMP + b"\0"):
            return _text_of(body[len(_PNG_XMP) + 1 :]), at, end
        at = end
    return None, room, room


def _text_of(body: bytes) -> bytes:
    packed = body[0] == 1
    _, _, text = body[2:].split(b"\0", 2)
    return zlib.decompressobj().decompress(text, 20 * _MOST_PACKET) if packed else text


def _png_chunk(packet: bytes) -> bytes:
    body = _PNG_XMP + b"\0\0\0\0\0" + packet
    crc = zlib.crc32(b"iTXt" + body)
    return struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", crc)


@dataclass(slots=True)
class _Span:
    start: int = -1
    end: int = -1


class _Packet:
    """A packet of XMP: where its alt text is, and where one would go."""

    def __init__(self, packet: bytes) -> None:
        self._packet = packet
        self._about = ""
        self._old = _Span()
        self._close = -1
        self._said: list[str] | None = None
        self._languages: list[tuple[str, str]] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = _refuse
        self._inside = False
        self._just_opened = False
        try:
            self._parser.Parse(packet.rstrip(b"\0"), True)
        except (expat.ExpatError, ValueError):
            raise _not_understood() from None

    @property
    def alt(self) -> str | None:
        """The text, by preference the default one."""
        told = dict(reversed(self._languages))
        return told.get("x-default") or next((text for _, text in self._languages if text), None)

    def put(self, alt: str, language: str) -> bytes:
        """The packet with this alt text in place of the old one."""
        texts = "".join(
            f"<rdf:li xml:lang={quoteattr(code)}>{escape(alt)}</rdf:li>"
            for code in ("x-default", language)
        )
        spaces = f'xmlns:Iptc4xmpCore="{_IPTC}" xmlns:rdf="{_RDF}"'
        inner = f"<rdf:Alt>{texts}</rdf:Alt>"
        if self._old.end > 0:
            element = f"<Iptc4xmpCore:AltTextAccessibility {spaces}>{inner}"
            new = f"{element}</Iptc4xmpCore:AltTextAccessibility>".encode()
            return self._packet[: self._old.start] + new + self._packet[self._old.end :]
        if self._close < 0:
            raise _not_understood()
        new = (
            f"<rdf:Description {spaces} rdf:about={quoteattr(self._about)}>"
            f"<Iptc4xmpCore:AltTextAccessibility>{inner}</Iptc4xmpCore:AltTextAccessibility>"
            "</rdf:Description>"
        ).encode()
        return self._packet[: self._close] + new + self._packet[self._close :]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._just_opened = True
        if name == f"{_RDF} Description" and not self._about:
            self._about = attributes.get(f"{_RDF} about", attributes.get("about", ""))
        elif name == _NAME:
            self._inside = True
            self._old.start = self._parser.CurrentByteIndex
        elif name == f"{_RDF} li" and self._inside:
            self._said = []
            code = attributes.get("http://www.w3.org/XML/1998/namespace lang", "")
            self._languages.append((code, ""))

    def _text(self, text: str) -> None:
        self._just_opened = False
        if self._said is not None:
            self._said.append(text)

    def _end(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        # Of an element such as <a/>, the parser names the byte behind it.
        is_empty = self._just_opened and self._packet[at - 2 : at] == b"/>"
        self._just_opened = False
        if name == f"{_RDF} RDF" and not is_empty:
            self._close = at
        elif name == _NAME:
            self._inside = False
            self._old.end = at if is_empty else self._packet.index(b">", at) + 1
        elif name == f"{_RDF} li" and self._said is not None:
            code, _ = self._languages.pop()
            self._languages.append((code, "".join(self._said).strip()))
            self._said = None


def _refuse(*_: object) -> None:
    raise ValueError("XMP declares no document type")


def _not_understood() -> UnusableError:
    return UnusableError(
        "The picture's XMP metadata cannot be read.",
        next="Remove it with a metadata editor, or put the alt text into the page instead.",
    )
