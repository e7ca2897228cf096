"""Pictures made on the spot, and a preparer that a whole module of tests shares."""

import asyncio
import io
import random
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageDraw, ImageFont

from visiontools.pictures.prepare import Preparer
from visiontools.types import LLAMA_3_2_PICTURES, Picture, PictureRules, Upload

Prepare = Callable[..., Picture]


class Made:
    """Makers of test pictures; the same every time."""

    @staticmethod
    def photo(width: int = 400, height: int = 300) -> Image.Image:
        """Smooth shapes with some grain: what JPEG is good at."""
        noise = random.Random(7).randbytes(3 * 40 * 30)
        rough = Image.frombytes("RGB", (40, 30), noise).resize((width, height))
        grain = Image.frombytes("L", (97, 97), random.Random(8).randbytes(97 * 97))
        grain = grain.resize((width, height), Image.Resampling.NEAREST).convert("RGB")
        return Image.blend(rough, grain, 0.1)

    @staticmethod
    def corner(width: int = 120, height: int = 80) -> Image.Image:
        """White with a red upper left, a blue upper right and a green lower left corner."""
        image = Image.new("RGB", (width, height), "white")
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, 30, 20), fill=(255, 0, 0))
        draw.rectangle((width - 31, 0, width, 20), fill=(0, 0, 255))
        draw.rectangle((0, height - 21, 30, height), fill=(0, 200, 0))
        return image

    @staticmethod
    def label(
        letters: int, *, size: tuple[int, int], at: tuple[int, int], lines: int = 14
    ) -> Image.Image:
        """A nutrition table in letters of so many points, printed at a place on white."""
        image = Image.new("RGB", size, "white")
        draw = ImageDraw.Draw(image)
        font = ImageFont.load_default(size=letters)
        rows = ("Energy 180 kJ / 42 kcal per 100 ml", "of which sugars 10.6 g per serving")
        for line in range(lines):
            place = (at[0], at[1] + int(line * letters * 1.5))
            draw.text(place, rows[line % 2], fill="black", font=font)
        return image

    @staticmethod
    def file(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
        out = io.BytesIO()
        image.save(out, format, **options)
        return out.getvalue()

    @staticmethod
    def opened(picture: Picture) -> Image.Image:
        return Image.open(io.BytesIO(picture.data))


@pytest.fixture(scope="session")
def made() -> Made:
    return Made()


@pytest.fixture(scope="module")
def prepare() -> Iterator[Prepare]:
    """Prepare files, given as bytes or as (bytes, name), and return the one picture."""
    with asyncio.Runner() as runner:
        preparer = Preparer()

        def run(
            *files: bytes | tuple[bytes, str],
            rules: PictureRules = LLAMA_3_2_PICTURES,
            printed: bool = False,
        ) -> Picture:
            uploads = [Upload(f) if isinstance(f, bytes) else Upload(*f) for f in files]
            (picture,) = runner.run(preparer.prepare(uploads, rules, printed=printed))
            return picture

        yield run
        runner.run(preparer.close())
