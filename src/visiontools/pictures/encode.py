"""From pixels to the file that is sent: PNG for what was drawn, JPEG for what was photographed."""

from __future__ import annotations

import io
from typing import Literal

from PIL import Image, ImageChops

MediaType = Literal["image/jpeg", "image/png"]

QUALITY = 90
"""JPEG quality. Text and thin lines survive it; 85 would save a fifth of the bytes."""

_FLAT = 0.5
"""With at least this share of pixels equal to their left neighbour a picture may be drawn."""


def encode(image: Image.Image) -> tuple[bytes, MediaType]:
    """The file for an image in mode RGB or L, and its media type; the same bytes every time."""
    image.info = {}  # Pillow would write a comment or a profile it finds there
    if not _flat(image):
        return _saved(image, "JPEG", quality=QUALITY), "image/jpeg"
    jpeg = _saved(image, "JPEG", quality=QUALITY, subsampling=0)  # colours as sharp as the lines
    png = _saved(image, "PNG")
    # A PNG shows drawn text without JPEG's ripples, which is worth some bytes.
    return (png, "image/png") if len(png) <= 1.5 * len(jpeg) else (jpeg, "image/jpeg")


def _flat(image: Image.Image) -> bool:
    """Whether many neighbouring pixels are exactly equal, as in drawings and never in photos."""
    grey = image.convert("L")
    if grey.width < 2:
        return True
    left = grey.crop((0, 0, grey.width - 1, grey.height))
    right = grey.crop((1, 0, grey.width, grey.height))
    equal = ImageChops.difference(left, right).histogram()[0]
    return equal >= _FLAT * (grey.width - 1) * grey.height


def _saved(image: Image.Image, format: str, **options: int) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()
