"""Turn a picture upright by its text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from visiontools.reader.ocr import MIN_CONFIDENCE, Line, Pixels, Quad, cut, find_text, read_crops

PROBES = 6
SURE = 0.9
"""Long lines of upright text are read with more than this confidence, upside down with less."""


def read_upright(rgb: Pixels) -> tuple[Pixels, list[Line]]:
    """The picture turned by 0, 90, 180 or 270 degrees so that its text reads, and its lines."""
    quads = find_text(rgb)
    if _mostly_tall(quads):
        rgb = np.ascontiguousarray(np.rot90(rgb))
        quads = find_text(rgb)
    probes = sorted(quads, key=_width, reverse=True)[:PROBES]
    if probes and _upside_down(rgb, probes):
        rgb = np.ascontiguousarray(np.rot90(rgb, 2))
        size = np.array([rgb.shape[1], rgb.shape[0]], dtype=np.float64)
        quads = [(size - quad)[[2, 3, 0, 1]] for quad in quads]
    return rgb, _read(rgb, quads)


def _read(rgb: Pixels, quads: Sequence[Quad]) -> list[Line]:
    texts = read_crops([cut(rgb, quad) for quad in quads])
    return [
        Line(text.text, text.confidence, text.at, text.sure, quad)
        for quad, text in zip(quads, texts, strict=True)
        if text.text.strip() and text.confidence >= MIN_CONFIDENCE
    ]


def _mostly_tall(quads: Sequence[Quad]) -> bool:
    """Whether most of the writing runs up or down the picture."""
    tall = sum(_height(quad) for quad in quads if _height(quad) > 1.5 * _width(quad))
    wide = sum(_width(quad) for quad in quads if _width(quad) > 1.5 * _height(quad))
    return tall > wide


def _upside_down(rgb: Pixels, quads: Sequence[Quad]) -> bool:
    """Whether the longest lines read better turned by 180 degrees."""
    crops = [cut(rgb, quad) for quad in quads]
    as_is = np.mean([text.confidence for text in read_crops(crops)])
    if as_is > SURE:
        return False
    turned = [np.ascontiguousarray(np.rot90(crop, 2)) for crop in crops]
    return bool(np.mean([text.confidence for text in read_crops(turned)]) > as_is)


def _width(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def _height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))
