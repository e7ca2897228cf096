"""One job of a worker: some files in, one prepared picture out."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from visiontools.answers.grid import Grid
from visiontools.pictures.compose import Layout, arrange, compose
from visiontools.pictures.decode import Decoded, decode
from visiontools.pictures.encode import encode
from visiontools.pictures.kinds import BadPicture
from visiontools.pictures.legibility import LEGIBLE, NARROWEST, best_crop, look
from visiontools.pictures.order import LETTERS, File, Job, Prepared
from visiontools.pictures.overlay import with_grid
from visiontools.pictures.tiling import Limits, plan

LEAST_SIDE = 8
"""Pixels; a picture with a shorter side shows nothing, before or after shrinking."""

_HARD = 0.6


def prepare(job: Job) -> Prepared:
    """Decode, fit and encode; several files become one canvas. Raises BadPicture, MemoryError."""
    if len(job.files) == 1:
        return _alone(job, job.files[0])
    return _together(job)


def _alone(job: Job, file: File) -> Prepared:
    # Up to three times the pixels a side, for judging the print and cropping to it.
    decoded = _decode(job, file, room=3)
    image, notes = decoded.image, decoded.notes
    fitted = plan(image.width, image.height, job.rules)
    if job.printed and fitted.scale < 1:
        image, print_notes = _keep_legible(file.name, image, fitted.scale, job.rules)
        notes = notes + print_notes
        fitted = plan(image.width, image.height, job.rules)
    size = (fitted.width, fitted.height)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    if job.grid:
        image = with_grid(image, Grid.over(decoded.width, decoded.height))
    return _finish(image, [decoded], notes)


def _together(job: Job) -> Prepared:
    # Twice and a half the pixels a picture could get alone: enough to judge and crop its print.
    decoded = [_decode(job, file, room=2.5) for file in job.files]
    images = [each.image for each in decoded]
    notes = [note for each in decoded for note in each.notes]
    layout = arrange([image.size for image in images], job.rules)
    if job.printed:
        images, print_notes = _keep_all_legible(job, images, layout)
        notes += print_notes
        layout = arrange([image.size for image in images], job.rules)
    for file, (left, top, right, bottom) in zip(job.files, layout.boxes, strict=True):
        _refuse_slivers(file.name, right - left, bottom - top)
    return _finish(compose(images, layout), decoded, notes)


def _finish(image: Image.Image, decoded: list[Decoded], notes: list[str]) -> Prepared:
    data, media_type = encode(image)
    sizes = tuple((each.width, each.height) for each in decoded)
    return Prepared(data, media_type, image.width, image.height, sizes, tuple(notes))


def _decode(job: Job, file: File, room: float) -> Decoded:
    """Decode to the size that is sent; for print to ``room`` times that, as far as there is."""

    def enough(width: int, height: int) -> float:
        fitted = plan(width, height, job.rules)
        _refuse_slivers(file.name, width, height)
        _refuse_slivers(file.name, fitted.width, fitted.height)
        return min(1.0, fitted.scale * (room if job.printed else 1.0))

    return decode(file.data, file.found, file.name, max_pixels=job.max_pixels, enough=enough)


def _refuse_slivers(name: str, width: int, height: int) -> None:
    if min(width, height) < LEAST_SIDE:
        raise BadPicture(
            f"{name} would be {width} x {height} pixels for the model, too few to show anything.",
            "Crop it to what matters, or take a larger picture.",
        )


def _keep_legible(
    name: str, image: Image.Image, scale: float, rules: Limits
) -> tuple[Image.Image, list[str]]:
    """Crop to the print where that keeps it legible, and say what remains too small."""
    return _crop(name, image, scale, lambda width, height: plan(width, height, rules).scale)


def _keep_all_legible(
    job: Job, images: list[Image.Image], layout: Layout
) -> tuple[list[Image.Image], list[str]]:
    cropped: list[Image.Image] = []
    notes: list[str] = []
    for index, (file, image) in enumerate(zip(job.files, images, strict=True)):
        left, top, right, bottom = layout.boxes[index]

        def scale_of(w: int, h: int, across: int = right - left, down: int = bottom - top) -> float:
            return min(1.0, across / w, down / h)

        scale = layout.scale(index, image.size)
        name = f"{file.name} ({LETTERS[index]})"
        closer, said = _crop(name, image, scale, scale_of) if scale < 1 else (image, [])
        cropped.append(closer)
        notes += said
    return cropped, notes


def _crop(
    name: str, image: Image.Image, scale: float, scale_of: Callable[[int, int], float]
) -> tuple[Image.Image, list[str]]:
    seen = look(image, scale)
    if seen is None and scale < _HARD and min(image.size) < NARROWEST:
        size = " x ".join(str(round(side * scale)) for side in image.size)
        note = f"{name} is a narrow strip and was shrunk to {size} pixels; "
        return image, [note + "if its print matters, crop it to that."]
    if seen is None or seen.height * scale >= LEGIBLE:
        return image, []
    notes: list[str] = []
    if crop := best_crop(seen, scale, scale_of):
        box, scale = crop
        image = image.crop(box)
        notes.append(f"{name} was cropped to its print, so that the print stays larger.")
    if (height := seen.height * scale) < LEGIBLE:
        notes.append(
            f"The small print in {name} is only about {height:.0f} px high after shrinking; "
            "photograph it closer."
        )
    return image, notes
