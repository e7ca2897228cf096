"""Faults of a photographed label: each takes a PNG and a seed and gives a spoilt PNG."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import cv2
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


def curved(image: Image.Image, rng: random.Random) -> Image.Image:
    """Around a can or a bottle, seen from a little above or below its middle."""
    pixels = np.asarray(image)
    width = image.width
    half = rng.uniform(0.5, 0.9)
    angle = np.arcsin(np.linspace(-np.sin(half), np.sin(half), width))
    sag = rng.uniform(-0.06, 0.06) * width
    room = int(abs(sag)) + 4
    taller = cv2.copyMakeBorder(pixels, room, room, 0, 0, cv2.BORDER_REPLICATE)
    from_x = np.broadcast_to((angle / half + 1) / 2 * (width - 1), taller.shape[:2])
    lower = sag * (1 - np.cos(angle)) / (1 - np.cos(half))
    from_y = np.arange(taller.shape[0])[:, None] + lower
    bent = cv2.remap(taller, from_x.astype(np.float32), from_y.astype(np.float32), cv2.INTER_CUBIC)
    return Image.fromarray(bent)


def shadow(image: Image.Image, rng: random.Random) -> Image.Image:
    """Dark on one side, with a lamp's reflection somewhere."""
    height, width = image.height, image.width
    fall = np.linspace(rng.uniform(0.3, 0.6), 1, width)[None, :, None]
    y, x = np.mgrid[0:height, 0:width]
    apart = np.hypot(y - rng.uniform(0, height), x - rng.uniform(0, width)) / (0.15 * width)
    lamp = rng.uniform(40, 110) * np.exp(-(apart**2))[..., None]
    lit = np.asarray(image, dtype=np.float64) * fall + lamp
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def small(image: Image.Image, rng: random.Random) -> Image.Image:
    """Taken from further away."""
    share = rng.uniform(0.55, 0.7)
    size = (round(image.width * share), round(image.height * share))
    return image.resize(size, Image.Resampling.BOX)


FAULTS: dict[str, Fault] = {
    "blur": blur,
    "jpeg": jpeg,
    "rotated": rotated,
    "skew": skew,
    "curved": curved,
    "shadow": shadow,
    "small": small,
}


def spoil(data: bytes, fault: str, seed: int) -> bytes:
    """The picture with one fault, always the same for the same seed."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return png(FAULTS[fault](image, random.Random(f"{fault}-{seed}")))
