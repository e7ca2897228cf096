"""Pictures whose content is known, drawn to find out who sees it."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from visiontools.types import Picture, Source

if TYPE_CHECKING:
    from PIL.Image import Image

PRINTED = "Energy 180 kJ"


def halves() -> Picture:
    """Red on the left, blue on the right: nobody says so without having looked."""
    from PIL import Image

    image = Image.new("RGB", (224, 224), (220, 30, 30))
    image.paste((30, 50, 220), (112, 0, 224, 224))
    return _picture(image)


def printed() -> Picture:
    """PRINTED, in letters large enough for any reader."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (640, 160), "white")
    font = ImageFont.load_default(size=56)
    ImageDraw.Draw(image).text((40, 44), PRINTED, fill="black", font=font)
    return _picture(image)


def _picture(image: Image) -> Picture:
    file = io.BytesIO()
    image.save(file, "PNG")
    data = file.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    source = Source(sha256, image.width, image.height)
    return Picture(data, "image/png", image.width, image.height, sha256, (source,))
