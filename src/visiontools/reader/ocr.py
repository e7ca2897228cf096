"""Printed text in a picture: RapidOCR's bundled models behind two functions, without a network.

``read_lines`` finds and reads every line; ``read_crops`` only reads, for a second look at a piece
somebody already cut out. The models are loaded once a process, at the first call.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from visiontools.errors import UnavailableError, UnusableError
from visiontools.types import Picture

Pixels = NDArray[np.uint8]
Quad = NDArray[np.float64]

THREADS = 1
DETECTION_PIXELS = 1_300_000
"""The detector's memory and time grow with its input: beyond this a picture is shrunk for it.
Recognition always reads from the full picture."""
DETECTION_SHORT_SIDE = 736
MIN_CONFIDENCE = 0.5

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Text:
    """What one crop says; ``confidence`` is the mean over its characters, from 0 to 1.

    ``at`` holds each character's centre as a fraction of the crop's width and ``sure`` each
    character's own confidence.
    """

    text: str
    confidence: float
    at: tuple[float, ...] = ()
    sure: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Line(Text):
    """A line of text; ``quad`` is its 4x2 corners in pixels, clockwise from the top left."""

    quad: Quad = field(default_factory=lambda: np.zeros((4, 2)))

    @property
    def x0(self) -> float:
        return float(self.quad[:, 0].min())

    @property
    def y0(self) -> float:
        return float(self.quad[:, 1].min())

    @property
    def x1(self) -> float:
        return float(self.quad[:, 0].max())

    @property
    def y1(self) -> float:
        return float(self.quad[:, 1].max())

    @property
    def height(self) -> float:
        """The height across the writing, in pixels, also where the line runs slanted."""
        left = np.linalg.norm(self.quad[3] - self.quad[0])
        right = np.linalg.norm(self.quad[2] - self.quad[1])
        return float((left + right) / 2)

    @property
    def width(self) -> float:
        """The length along the writing, in pixels."""
        top = np.linalg.norm(self.quad[1] - self.quad[0])
        bottom = np.linalg.norm(self.quad[2] - self.quad[3])
        return float((top + bottom) / 2)

    @property
    def center(self) -> tuple[float, float]:
        x, y = self.quad.mean(axis=0)
        return float(x), float(y)


def decode(picture: Picture) -> Pixels:
    """The picture's pixels as height x width x 3, red first. Raises UnusableError."""
    try:
        with Image.open(io.BytesIO(picture.data), formats=("JPEG", "PNG")) as image:
            return np.asarray(image.convert("RGB"), dtype=np.uint8)
    except (OSError, ValueError) as error:
        raise UnusableError(
            f"The prepared picture {picture.sha256[:12]} cannot be decoded.",
            next="Hand it in again as a JPEG or PNG file.",
        ) from error


def read_lines(rgb: Pixels, min_confidence: float = MIN_CONFIDENCE) -> list[Line]:
    """Every line of text found, top to bottom, in the coordinates of ``rgb``."""
    quads = find_text(rgb)
    texts = read_crops([cut(rgb, quad) for quad in quads])
    return [
        Line(text.text, text.confidence, text.at, text.sure, quad)
        for quad, text in zip(quads, texts, strict=True)
        if text.text.strip() and text.confidence >= min_confidence
    ]


def find_text(rgb: Pixels) -> list[Quad]:
    """Where lines of text are, without reading them."""
    scale = _detection_scale(*rgb.shape[:2])
    image = rgb if scale == 1 else _resize(rgb, scale)
    with _lock:
        found = _engine().text_det(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    if found.boxes is None:
        return []
    return [np.asarray(box, dtype=np.float64) / scale for box in found.boxes]


def read_crops(crops: Sequence[Pixels]) -> list[Text]:
    """Read several one-line pieces; empty text where nothing was recognised."""
    from rapidocr.ch_ppocr_rec import TextRecInput

    usable = [crop for crop in crops if crop.size]
    if not usable:
        return [Text("", 0.0) for _ in crops]
    images = [cv2.cvtColor(crop, cv2.COLOR_RGB2BGR) for crop in usable]
    with _lock:
        result = _engine().text_rec(TextRecInput(img=images, return_word_box=True))
    rows = zip(result.txts, result.scores, result.word_results, strict=True)
    texts = iter([_text(*row) for row in rows])
    return [next(texts) if crop.size else Text("", 0.0) for crop in crops]


def cut(rgb: Pixels, quad: Quad, pad: float = 0.0) -> Pixels:
    """The piece of the picture under a quad, straightened; ``pad`` in line heights around it."""
    grown = _grow(quad, pad) if pad else quad
    corners = grown.astype(np.float32)
    width = int(max(_far(corners[0], corners[1]), _far(corners[3], corners[2])))
    height = int(max(_far(corners[0], corners[3]), _far(corners[1], corners[2])))
    if width < 2 or height < 2:
        return np.zeros((0, 0, 3), dtype=np.uint8)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    piece = cv2.warpPerspective(
        rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    if height >= 1.5 * width:
        piece = np.rot90(piece)
    return np.ascontiguousarray(piece, dtype=np.uint8)


def _far(one: NDArray[Any], other: NDArray[Any]) -> float:
    return float(np.linalg.norm(one - other))


def _grow(quad: Quad, pad: float) -> Quad:
    """The quad, larger by ``pad`` times its height on every side."""
    along = quad[1] - quad[0]
    down = quad[3] - quad[0]
    height = float(np.linalg.norm(down)) or 1.0
    step_x = along / (float(np.linalg.norm(along)) or 1.0) * height * pad
    step_y = down * pad
    steps = [-step_x - step_y, step_x - step_y, step_x + step_y, step_y - step_x]
    return np.asarray(quad + np.array(steps), dtype=np.float64)


def _resize(rgb: Pixels, scale: float) -> Pixels:
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=how), dtype=np.uint8)


def _detection_scale(height: int, width: int) -> float:
    """Enlarge small pictures, shrink large ones, so that detection costs the same for all."""
    most = (DETECTION_PIXELS / (height * width)) ** 0.5
    wanted = max(1.0, DETECTION_SHORT_SIDE / min(height, width))
    return float(min(most, wanted))


def _text(text: str, confidence: float, info: Any) -> Text:
    """RapidOCR's columns of the recognised characters, turned into fractions of the width."""
    columns = [column for word in info.word_cols for column in word]
    length = info.line_txt_len or 1.0
    at, index, last = [], 0, 0.0
    for character in text:
        if not character.isspace() and index < len(columns):
            last = (columns[index] + 0.5) / length
            index += 1
        at.append(min(last, 1.0))
    sure = tuple(float(value) for value in info.confs[: len(text)])
    return Text(text, float(confidence), tuple(at), sure)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The recogniser and the detector, loaded. Call it holding the lock."""
    try:
        import rapidocr
    except ImportError as error:
        raise UnavailableError(
            "The built-in reader is not installed.",
            next="Install it with: pip install 'visiontools[reader]'",
        ) from error
    models = Path(rapidocr.__file__).parent / "models"
    engine: Any = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            # One crop at a time, little padding: 40 % less time, and as right as in batches.
            "Rec.rec_batch_num": 1,
            "Rec.rec_img_shape": [3, 48, 160],
            "Det.limit_type": "max",
            "Det.limit_side_len": 100_000,
        }
    )
    engine._load_det_model()
    engine._load_rec_model()
    return engine
