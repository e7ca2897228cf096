"""From a file's bytes to plain upright pixels; runs in a worker process only.

Everything a file carries besides its pixels (place, time, camera, profile, thumbnail) ends here:
the image handed on has an empty ``info`` and is encoded anew.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image, ImageCms, features

from visiontools.pictures.kinds import BadPicture

ORIENTATION = 0x0112
"""The EXIF (TIFF) tag that says which way up a picture is, 1 to 8."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WHITISH, _HALF, _DARK = 224, 128, (48, 48, 48)
_SIDEWAYS = {5, 6, 7, 8}
_AGAIN = "Copy or download it again, or take the picture anew."


@dataclass(frozen=True, slots=True)
class Decoded:
    """Pixels in mode ``RGB`` or ``L``, upright; ``width`` and ``height`` of the whole original.

    ``image`` may be smaller than that, at the scale that was called enough.
    """

    image: Image.Image
    width: int
    height: int
    notes: list[str] = field(default_factory=list)


Enough = Callable[[int, int], float]
"""From the upright width and height to the least scale (at most 1) worth decoding to."""


def decode(data: bytes, found: str, name: str, *, max_pixels: int, enough: Enough) -> Decoded:
    """Decode the first picture in ``data``, which was recognised as the format ``found``.

    Raises BadPicture for damaged files, for more than ``max_pixels`` pixels, and where this
    installation lacks the decoder; MemoryError where the pixels do not fit.
    """
    Image.MAX_IMAGE_PIXELS = max_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _decode(data, found, name, max_pixels, enough)
        except (BadPicture, MemoryError):
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _too_many(name, max_pixels) from error
        except Exception as error:  # whatever a decoder makes of a damaged file
            what = f"{name} is damaged or incomplete: its {found} data cannot be decoded."
            raise BadPicture(what, _AGAIN) from error


def _decode(data: bytes, found: str, name: str, max_pixels: int, enough: Enough) -> Decoded:
    with Image.open(io.BytesIO(data), formats=_decoders(found, name)) as opened:
        width, height = opened.size
        if width * height > max_pixels:  # for decoders that do not ask Pillow
            raise _too_many(name, max_pixels)
        notes = _animation(opened, name)
        orientation = _orientation(opened)
        if orientation in _SIDEWAYS:
            width, height = height, width
        scale = enough(width, height)
        if found == "JPEG" and scale < 1:
            # libjpeg decodes to 1/2, 1/4 or 1/8 in a fraction of the time.
            opened.draft(None, _at(opened.size, scale))
        opened.load()
        profile = opened.info.get("icc_profile")
        image = _reduced(opened, _at(_raw((width, height), orientation), scale))
        image = _plain(image, profile)
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    image.info = {}
    return Decoded(image, width, height, notes)


def _decoders(found: str, name: str) -> tuple[str, ...]:
    """Pillow's name for the one decoder allowed, after making sure that it is there."""
    if found == "HEIC":
        try:
            import pillow_heif
        except ImportError as error:
            raise _missing(name, found, "pip install pillow-heif") from error
        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.options.DEPTH_IMAGES = False
        pillow_heif.options.AUX_IMAGES = False
        pillow_heif.options.THUMBNAILS = False
        pillow_heif.register_heif_opener()
        return ("HEIF",)
    if found == "AVIF" and not features.check("avif"):
        raise _missing(name, found, "install a Pillow built with libavif")
    if found == "WebP" and not features.check("webp"):
        raise _missing(name, found, "install a Pillow built with libwebp")
    return (found.upper(),)


def _missing(name: str, found: str, cure: str) -> BadPicture:
    what = f"{name} is {'an' if found == 'AVIF' else 'a'} {found} picture, "
    return BadPicture(
        f"{what}and this installation cannot read those.", f"Save it as JPEG, or {cure}."
    )


def _too_many(name: str, most: int) -> BadPicture:
    return BadPicture(
        f"{name} has too many pixels; at most {most / 1e6:g} million can be used.",
        "Make it smaller or crop it.",
    )


def _animation(opened: Image.Image, name: str) -> list[str]:
    """The note that only the first of several frames is used."""
    try:
        moving = bool(getattr(opened, "is_animated", False))
    except Exception:  # a damaged second frame does not matter: only the first one is used
        moving = False
    if not moving or opened.format == "MPO":  # an MPO is a photo with a preview or a depth map
        return []
    if opened.format == "HEIF":
        return [f"{name} holds several pictures; only its main one is used."]
    return [f"{name} is animated; only its first frame is used."]


def _orientation(opened: Image.Image) -> int:
    """1 to 8; 1 where the file says nothing sensible."""
    try:
        value = opened.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged EXIF is no reason to refuse good pixels
        return 1
    return value if isinstance(value, int) and value in _TURNS else 1


def _raw(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation in _SIDEWAYS else size


def _at(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _reduced(image: Image.Image, needed: tuple[int, int]) -> Image.Image:
    """Averaged over whole blocks of pixels, never below ``needed``; other modes stay as is."""
    factor = min(image.width // needed[0], image.height // needed[1])
    if factor > 1 and image.mode in ("L", "RGB", "CMYK", "RGBA"):
        return image.reduce(factor)
    return image


def _plain(image: Image.Image, profile: object) -> Image.Image:
    """Mode RGB or L, in sRGB, with white where the picture was transparent."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    elif image.mode in ("I", "F"):
        image = image.convert("F").point(lambda value: value * (1 / 257)).convert("L")
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        image = _on_white(image)
    image = _in_srgb(image, profile)
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    """Laid on white paper; on dark paper if all that shows is white, as in night-mode drawings."""
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=alpha)
    shades, clear = paper.convert("L").histogram(), alpha.histogram()
    if not any(shades[:_WHITISH]) and any(clear[:_HALF]) and any(clear[_HALF:]):
        paper = Image.new("RGB", image.size, _DARK)
        paper.paste(image, mask=alpha)
    return paper


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Colours as the embedded profile means them; an unusable profile is passed over."""
    if not isinstance(profile, bytes) or image.mode not in ("RGB", "L", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return converted or image
