"""The pictures of a load, no two of them alike, so that nothing is answered from before."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

_SIDE = 560
_LARGE = (4000, 3000)
_GRAIN = 60
_BITS = 16
_BLOCK = 16


def small(number: int) -> bytes:
    """A photo of the size a model takes: 560 by 560 pixels, about 130 kB."""
    return _numbered(_grainy(_SIDE, _SIDE), number, quality=85)


def large(number: int) -> bytes:
    """As a camera makes them: 12 megapixels, 5 to 8 MB."""
    return _numbered(_grainy(*_LARGE), number, quality=90)


def _grainy(width: int, height: int) -> Image.Image:
    """As little alike from pixel to pixel as in a photo, and no less."""
    return Image.effect_noise((width // 2, height // 2), _GRAIN).resize((width, height))


def _numbered(image: Image.Image, number: int, *, quality: int) -> bytes:
    """The picture with its number in black and white blocks, which no preparation takes away."""
    drawn = image.convert("RGB")
    pen = ImageDraw.Draw(drawn)
    for bit in range(_BITS):
        colour = "white" if number >> bit & 1 else "black"
        pen.rectangle((bit * _BLOCK, 0, (bit + 1) * _BLOCK - 1, _BLOCK - 1), fill=colour)
    file = io.BytesIO()
    drawn.save(file, "JPEG", quality=quality)
    return file.getvalue()
