"""Drawing helpers the label renderers share: fonts, a sheet that grows downwards, PNG bytes."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from visiontools.errors import ConfigurationError

FONT_ROOTS = (Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts/opentype"))
SANS = ("LiberationSans", "NimbusSansNarrow", "DejaVuSans", "DejaVuSansCondensed", "NimbusSans")
SERIF = ("LiberationSerif", "DejaVuSerif")
Colour = tuple[int, int, int]


@lru_cache(maxsize=1)
def _font_files() -> dict[str, Path]:
    files = (p for root in FONT_ROOTS for p in root.rglob("*") if p.suffix in (".ttf", ".otf"))
    return {path.stem.removesuffix("-Regular"): path for path in sorted(files)}


@lru_cache(maxsize=256)
def font(family: str, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """An installed font. Raises ConfigurationError where the fonts packages are missing."""
    path = _font_files().get(f"{family}-Bold" if bold else family)
    if path is None:
        raise ConfigurationError(
            f"The font {family} is not installed.",
            next="Install the packages fonts-dejavu, fonts-liberation and fonts-urw-base35.",
        )
    return ImageFont.truetype(str(path), size)


@dataclass
class Sheet:
    """A page written from top to bottom; ``y`` is where the next line goes."""

    width: int
    family: str
    size: int
    ink: Colour = (0, 0, 0)
    paper: Colour = (255, 255, 255)
    margin: int = 24
    y: int = 20
    image: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.width, 3000), self.paper)
        self.draw = ImageDraw.Draw(self.image)

    @property
    def right(self) -> int:
        return self.width - self.margin

    def text(
        self, x: float, text: str, *, scale: float = 1, bold: bool = False, anchor: str = "ls"
    ) -> float:
        """Write on the current line's baseline; returns the width written."""
        face = font(self.family, max(8, round(self.size * scale)), bold)
        self.draw.text((x, self.y + self.size), text, fill=self.ink, font=face, anchor=anchor)
        return self.measure(text, scale=scale, bold=bold)

    def measure(self, text: str, *, scale: float = 1, bold: bool = False) -> float:
        return float(font(self.family, max(8, round(self.size * scale)), bold).getlength(text))

    def down(self, lines: float = 1) -> None:
        self.y += round(self.size * lines)

    def rule(self, thickness: int, left: int | None = None, right: int | None = None) -> None:
        """A line across, a little below the current baseline."""
        x0, x1 = self.margin if left is None else left, self.right if right is None else right
        self.draw.rectangle((x0, self.y, x1, self.y + thickness - 1), fill=self.ink)
        self.y += thickness

    def paragraph(self, text: str, scale: float = 0.85) -> None:
        """Running text, wrapped at the margins."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if self.measure(longer, scale=scale) > self.right - self.margin:
                self.text(self.margin, line, scale=scale)
                self.down(1.25 * scale)
                longer = word
            line = longer
        self.text(self.margin, line, scale=scale)
        self.down(1.25 * scale)

    def finish(self) -> Image.Image:
        """The page, cut below what was written."""
        return self.image.crop((0, 0, self.width, min(self.y + 24, self.image.height)))


def png(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


def colours(rng: random.Random) -> tuple[Colour, Colour]:
    """Ink and paper with enough contrast to be legal on a pack."""
    return rng.choice(
        (
            ((0, 0, 0), (255, 255, 255)),
            ((0, 0, 0), (255, 255, 255)),
            ((20, 40, 80), (245, 240, 225)),
            ((60, 20, 20), (230, 235, 225)),
            ((255, 255, 255), (30, 60, 40)),
            ((250, 245, 230), (40, 30, 90)),
        )
    )
