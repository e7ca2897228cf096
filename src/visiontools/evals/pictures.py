"""Small pictures of cases, for reports that show what went wrong."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from visiontools.types import Upload

_LONGEST = 480


def keep_small(uploads: Sequence[Upload], folder: Path, name: str) -> str:
    """Write the first upload small and say under which name; empty where it is no picture."""
    for upload in uploads[:1]:
        try:
            with Image.open(io.BytesIO(upload.data)) as opened:
                small = opened.convert("RGB")
        except (OSError, ValueError, Image.DecompressionBombError):
            return ""
        small.thumbnail((_LONGEST, _LONGEST))
        folder.mkdir(parents=True, exist_ok=True)
        small.save(folder / f"{name}.jpg", "JPEG", quality=80)
        return f"{name}.jpg"
    return ""
