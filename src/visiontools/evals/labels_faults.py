"""Faults of a photographed label: each takes a PNG and a seed and gives a spoilt PNG."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from visiontools.evals.labels_draw import png

Fault = Callable[[Image.Image, random.Random], Image.Image]


def blur(image: Image.Image, rng: random.Random) -> Image.Image:
    """Slightly out of focus."""
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 1.4)))


def jpeg(image: Image.Image, rng: random.Random) -> Image.Image:
    """Sensor noise and strong compression."""
    grain = np.random.default_rng(rng.getrandbits(32)).normal(
        0, rng.uniform(4, 9), image.size[::-1]
    )
    pixels = np.asarray(image, dtype=np.float64) + grain[..., None]
    noisy = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    held = io.BytesIO()
    noisy.save(held, "JPEG", quality=rng.randint(25, 45))
    return Image.open(io.BytesIO(held.getvalue())).convert("RGB")


def rotated(image: Image.Image, rng: random.Random) -> Image.Image:
    """Turned by a quarter or by half."""
    return image.rotate(rng.choice((90, 180, 270)), expand=True)


def skew(image: Image.Image, rng: random.Random) -> Image.Image:
    """Held by hand: up to three degrees askew and a little in perspective."""
    paper = image.getpixel((2, 2))
    turned = image.rotate(
        rng.uniform(-3, 3), Image.Resampling.BICUBIC, expand=True, fillcolor=paper
    )
    w, h = turned.size
    pull = [rng.uniform(-0.02, 0.02) for _ in range(8)]
    corners = ((0, 0), (0, h), (w, h), (w, 0))
    quad = [
        c + pull[2 * i + k] * (w, h)[k] for i, xy in enumerate(corners) for k, c in enumerate(xy)
    ]
    return turned.transform(
        (w, h), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=paper
    )


FAULTS: dict[str, Fault] = {"blur": blur, "jpeg": jpeg, "rotated": rotated, "skew": skew}


def spoil(data: bytes, fault: str, seed: int) -> bytes:
    """The picture with one fault, always the same for the same seed."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return png(FAULTS[fault](image, random.Random(f"{fault}-{seed}")))
