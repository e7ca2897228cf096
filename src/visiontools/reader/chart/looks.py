"""Second looks: a piece of a line is cut out again, enlarged in two ways, and read anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from visiontools.reader.ocr import Pixels, Quad, Text, cut, read_crops

ReadCrops = Callable[[Sequence[Pixels]], list[Text]]
TIGHT, WIDE = (0.06, 56), (0.22, 40)
"""Room around a piece in heights of the line, and the height in pixels it is brought to."""


def agrees_twice(rgb: Pixels, said: Sequence[tuple[Quad, str]]) -> list[bool]:
    """Whether both further looks at each piece say the same but for spaces."""
    looks = look_twice(rgb, [quad for quad, _ in said])
    return [
        all(same(text, look) for look in two) for (_, text), two in zip(said, looks, strict=True)
    ]


def look_twice(
    rgb: Pixels, quads: Sequence[Quad], read: ReadCrops = read_crops
) -> list[tuple[str, str]]:
    """What two further looks at each piece say."""
    crops = [
        _larger(cut(rgb, quad, pad), height) for quad in quads for pad, height in (TIGHT, WIDE)
    ]
    texts = [look.text for look in read(crops)]
    return list(zip(texts[::2], texts[1::2], strict=True))


def _larger(piece: Pixels, height: int) -> Pixels:
    if not piece.size:
        return piece
    scale = height / piece.shape[0]
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    grown = cv2.resize(piece, None, fx=scale, fy=scale, interpolation=how)
    return np.asarray(grown, dtype=np.uint8)


def same(one: str, other: str) -> bool:
    """Whether two readings agree but for spaces and the shape of signs."""
    return _bare(one) == _bare(other)


_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "x", "X": "x", "*": "x", "’": "'", "`": "'"})


def _bare(text: str) -> str:
    return "".join(text.translate(_SIGNS).split()).casefold()
