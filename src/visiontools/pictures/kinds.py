"""What a file is, judged by its first bytes and never by its name.

Pure byte comparisons, safe to do in the program itself: a file that is no picture never gets as
far as a decoder.
"""

from __future__ import annotations

import unicodedata

FORMATS = {
    "JPEG": ("jpg", "jpeg", "jpe", "jfif"),
    "PNG": ("png", "apng"),
    "WebP": ("webp",),
    "GIF": ("gif",),
    "HEIC": ("heic", "heif", "hif"),
    "AVIF": ("avif",),
}
"""The formats that can be prepared, with the file extensions each goes by."""

_LONGEST_NAME = 60
_SAVE_AS = "Save it as JPEG or PNG and try again."
_EXPORT = "Export the page you mean as a JPEG or PNG picture, or take a photo of it."

_PICTURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_OTHERS = (
    (b"%PDF", "a PDF document", _EXPORT),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Unpack it and pick one picture."),
    (b"PK\x05\x06", "an empty ZIP archive", "Pick a picture instead."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and pick one picture."),
    (b"Rar!", "a RAR archive", "Unpack it and pick one picture."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and pick one picture."),
    (b"II*\x00", "a TIFF or raw camera picture, which is not supported", _SAVE_AS),
    (b"MM\x00*", "a TIFF or raw camera picture, which is not supported", _SAVE_AS),
    (b"BM", "a BMP picture, which is not supported", _SAVE_AS),
    (b"8BPS", "a Photoshop document, which is not supported", _SAVE_AS),
    (b"\xff\x0a", "a JPEG XL picture, which is not supported", _SAVE_AS),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture, which is not supported", _SAVE_AS),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture, which is not supported", _SAVE_AS),
    (b"\x00\x00\x01\x00", "an icon file, which is not supported", _SAVE_AS),
    (b"%!PS", "a PostScript document", _EXPORT),
    (b"{\\rtf", "a text document", _EXPORT),
    (b"\xd0\xcf\x11\xe0", "an office document", _EXPORT),
    (b"\x1aE\xdf\xa3", "a video", "Pick one still picture from it."),
    (b"MZ", "a Windows program", "Pick a picture instead."),
    (b"\x7fELF", "a program", "Pick a picture instead."),
)


class BadPicture(Exception):  # noqa: N818  (the worker's half of UnusableError)
    """The file is no picture we can use: ``what`` happened, and what to do ``next``.

    The worker process raises this instead of ``UnusableError``, which lives among heavier
    imports; the preparer turns one into the other.
    """

    def __init__(self, what: str, next: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next = next


def safe_name(name: str) -> str:
    """The base name of an uploaded file, fit to be shown: no folders, no control characters."""
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip()
    if len(shown) > _LONGEST_NAME:
        half = _LONGEST_NAME // 2
        shown = f"{shown[: half - 1]}…{shown[-half:]}"
    return shown or "upload"


def recognise(data: bytes, name: str) -> str:
    """The format of a picture, one of FORMATS. ``name`` is a safe name, for the sentence.

    Raises BadPicture for everything else, saying what the file is where that can be told.
    """
    for magic, found in _PICTURES:
        if data.startswith(magic):
            return found
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _in_boxes(data, name)
    for magic, what, next in _OTHERS:
        if data.startswith(magic):
            raise BadPicture(f"{name} is {what}.", next)
    what, next = _as_text(data[:4096])
    raise BadPicture(f"{name} is {what}.", next)


def misnamed(name: str, found: str) -> str | None:
    """A note when the name promises another format than the file has, else None."""
    _, dot, extension = name.lower().rpartition(".")
    if not dot or extension in FORMATS[found]:
        return None
    known = {e for extensions in FORMATS.values() for e in extensions}
    if extension not in known | {"bmp", "tif", "tiff", "svg", "pdf", "txt", "html", "zip"}:
        return None
    return f"{name} is a {found} picture in spite of its name, and was read as one."


def _in_boxes(data: bytes, name: str) -> str:
    """HEIC or AVIF by the brands in an ISO media file's first box; it may as well be a video."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12]] + [data[i : i + 4] for i in range(16, size, 4)]
    if _AVIF_BRANDS.intersection(brands):
        return "AVIF"
    if _HEIC_BRANDS.intersection(brands):
        return "HEIC"
    if brands[0].startswith(b"crx"):
        raise BadPicture(f"{name} is a raw camera picture, which is not supported.", _SAVE_AS)
    raise BadPicture(f"{name} is a video.", "Pick one still picture from it.")


def _as_text(start: bytes) -> tuple[str, str]:
    """What a file is that no magic number knows, and what to do about it."""
    lower = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in lower and lower.startswith(b"<"):
        return "an SVG drawing, which is not supported", "Export it as PNG and try again."
    if b"<html" in lower or lower.startswith(b"<!doctype html"):
        return "a web page", "Save the picture itself, not the page it is shown on."
    if lower.startswith(b"<?xml"):
        return "an XML document", "Pick a picture instead."
    if not start.strip(b"\x00"):
        return "full of zeros where a picture should begin", "Copy or download it again."
    text = start.decode("utf-8", errors="replace")
    odd = sum(c not in "\t\r\n" and unicodedata.category(c) in ("Cc", "So") for c in text)
    if odd <= 2:  # a cut at 4096 bytes may split one character
        return "a text file", "Take a photo or a screenshot of what it says, and hand that in."
    return (
        "no picture in a known format",
        "Pick a JPEG, PNG, WebP, GIF, HEIC or AVIF file; if it is one, it is damaged.",
    )
