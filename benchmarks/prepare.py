"""What the safety of a worker process costs: preparing a photo against Pillow alone.

Both shrink the same 12-megapixel JPEG to the same size and encode it, taking turns in one run,
with a warm worker. Pillow's side is the quickest honest program: open, ``thumbnail`` with a
``reducing_gap`` of 1 (libjpeg decodes no more than is needed), save. By default Pillow decodes
more and takes about twice as long. Exits 1 if preparing takes more than BAR times the quick way.
"""

from __future__ import annotations

import asyncio
import io
import random
import statistics
import sys
import time

from PIL import Image

from visiontools.pictures.encode import QUALITY
from visiontools.pictures.prepare import Preparer
from visiontools.types import LLAMA_3_2_PICTURES, Upload

BAR = 1.3
ROUNDS = 15


def photo(width: int = 4032, height: int = 3024) -> bytes:
    """A JPEG of about 4 MB, as a phone makes them: smooth shapes with fine grain."""
    chance = random.Random(1)
    shapes = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    grain = Image.frombytes("RGB", (1008, 756), chance.randbytes(1008 * 756 * 3))
    smooth = shapes.resize((width, height), Image.Resampling.BICUBIC)
    fine = grain.resize((width, height), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    Image.blend(smooth, fine, 0.25).save(file, "JPEG", quality=93)
    return file.getvalue()


def by_pillow(data: bytes) -> bytes:
    """Decode, resize and encode in this process, with nothing checked."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.thumbnail((1120, 1120), Image.Resampling.LANCZOS, reducing_gap=1.0)
        image.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


async def measure() -> float:
    """The median ratio of the pairs, after printing the medians of both."""
    data = photo()
    ours: dict[bool, list[float]] = {False: [], True: []}
    pillow: list[float] = []
    async with Preparer() as preparer:
        for _ in range(ROUNDS + 1):
            started = time.perf_counter()
            by_pillow(data)
            pillow.append(time.perf_counter() - started)
            for printed, times in ours.items():
                started = time.perf_counter()
                await preparer.prepare([Upload(data)], LLAMA_3_2_PICTURES, printed=printed)
                times.append(time.perf_counter() - started)
    pairs = [mine / theirs for mine, theirs in zip(ours[False][1:], pillow[1:], strict=True)]
    print(f"picture: 12.2 megapixels, {len(data) / 1e6:.1f} MB; {ROUNDS} rounds, medians")
    print(f"first picture, with starting the worker: {ours[False][0] * 1000:.0f} ms")
    print(f"Pillow alone:             {statistics.median(pillow[1:]) * 1000:.0f} ms")
    print(f"prepared:                 {statistics.median(ours[False][1:]) * 1000:.0f} ms")
    print(f"prepared, print examined: {statistics.median(ours[True][1:]) * 1000:.0f} ms")
    return statistics.median(pairs)


def main() -> int:
    """Print the ratio; 1 if it is over the bar."""
    ratio = asyncio.run(measure())
    print(f"ratio: {ratio:.2f} (at most {BAR})")
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
