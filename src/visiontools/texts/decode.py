"""Bytes become text: the encoding is found or refused, and what hides in a text is made visible."""

from __future__ import annotations

import codecs
import re
import unicodedata

from visiontools.errors import UnusableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Longer ones first: UTF-32's little-endian mark begins with UTF-16's."""
_NO_TEXT = (
    (b"%PDF", "a PDF document", "Copy its words into a text file, or hand in a picture of it."),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Unpack it, or save it as plain text."),
    (b"\xd0\xcf\x11\xe0", "an office document or an Outlook message", "Save it as .txt or .eml."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"{\\rtf", "a rich-text document", "Save it as plain text."),
)
_ALONE = re.compile(rb"[\x80-\xff]+")
_LONGEST_FOREIGN = 3
"""Bytes beyond ASCII that follow each other in Western European words: "où", "Åäö"."""
_HARMLESS = re.compile("[\u200e\u200f\u061c\ufeff\u00ad]")
"""Marks that change nothing of what is read: of direction, of the byte order, of hyphens."""
_BLACK_FLAG, _FLAG_END = "\U0001f3f4", "\U000e007f"
_FLAG = re.compile(f"{_BLACK_FLAG}[\U000e0061-\U000e007a]{{2,6}}{_FLAG_END}")
_MAY_HIDE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_FEWEST_WORDS = 10
"""Fewer characters than this for each control character are the sign of a program's file."""
_LINE_ENDS = re.compile("\r\n|\r|\u2028|\x85")


def decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text in some bytes, and notes for a person. Raises UnusableError for what is none."""
    text, notes = _decoded(data, name)
    if len(_CONTROLS.findall(text)) * _FEWEST_WORDS > len(text):
        raise UnusableError(
            f"{name} is no text: it is full of control characters.", next="Hand in a text file."
        )
    return text, notes


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    for magic, what, next in _NO_TEXT:
        if data.startswith(magic):
            raise UnusableError(f"{name} is {what}, not a text.", next=next)
    if not data.strip():
        raise UnusableError(f"{name} is empty.", next="Copy or save it again.")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding, name), ()
    if b"\x00" in data:
        return _strictly(data, _utf16(data, name), name), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        return _western(data, name, error.start)


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnusableError(
            f"{name} begins like {encoding.upper()} text but is damaged at byte {error.start}.",
            next="Save it again, as UTF-8.",
        ) from None


def _utf16(data: bytes, name: str) -> str:
    """Without a mark, UTF-16 of mostly Latin words has a zero in every other byte."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    half = len(data) // 2
    if odd * 2 > half and even * 10 < half:
        return "utf-16-le"
    if even * 2 > half and odd * 10 < half:
        return "utf-16-be"
    raise UnusableError(f"{name} is no text: it has bytes of zero.", next="Hand in a text file.")


def _western(data: bytes, name: str, at: int) -> tuple[str, tuple[str, ...]]:
    """Windows-1252, where single accented letters stand among ASCII; else nobody can tell."""
    foreign = _ALONE.findall(data)
    lone = all(len(each) <= _LONGEST_FOREIGN for each in foreign)
    if lone and sum(map(len, foreign)) * 5 < len(data):
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            note = f"{name} is not UTF-8 and was read as Windows-1252: look at its accents."
            return text, (note,)
    raise UnusableError(
        f"{name} is not UTF-8 text (byte {at}), and which encoding it has cannot be told.",
        next="Save it as UTF-8 and try again.",
    )


def visible(text: str) -> tuple[str, int]:
    """The text in composed form, with what hides in it shown, and how many characters that were.

    Control characters, direction overrides, lone surrogates and invisible tags, by which a text
    can read otherwise to a model than to a person, become their names, such as ``[U+202E]``.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    text = _HARMLESS.sub("", unicodedata.normalize("NFC", text))
    if not _MAY_HIDE.search(text):
        return text, 0
    shown = 0
    parts = []
    for part, flag in _with_flags(text):
        if flag:
            parts.append(part)
            continue
        named, number = _MAY_HIDE.subn(_named, part)
        parts.append(named)
        shown += number
    return "".join(parts), shown


def _with_flags(text: str) -> list[tuple[str, bool]]:
    """The text cut round the flags of England, Scotland and Wales, whose tags are meant."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for flag in _FLAG.finditer(text):
        cut += [(text[at : flag.start()], False), (flag[0], True)]
        at = flag.end()
    return [*cut, (text[at:], False)]


def _named(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"
