"""What the preparer asks of a worker and what comes back, as plain data; imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from visiontools.pictures.tiling import Limits

LETTERS = "ABCDEFGHI"
"""The letters that pictures carry on a canvas they share."""

MOST = len(LETTERS)
"""Pictures on one canvas; with more, each would be smaller than a thumbnail."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The worker's copy of PictureRules, which lives among heavier imports."""

    longest_side: int
    tiles: int | None
    tile_side: int


@dataclass(frozen=True, slots=True)
class File:
    """A file to decode: its safe name, and the format it was recognised as."""

    name: str
    found: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Job:
    """What the pool asks of a worker."""

    files: tuple[File, ...]
    rules: Limits
    printed: bool
    max_pixels: int
    grid: bool = False

    def head(self, seconds: float) -> dict[str, Any]:
        """The JSON half of the message that carries this job."""
        rules = self.rules
        return {
            "files": [[file.name, file.found] for file in self.files],
            "rules": [rules.longest_side, rules.tiles, rules.tile_side],
            "printed": self.printed,
            "max_pixels": self.max_pixels,
            "grid": self.grid,
            "seconds": seconds,
        }

    @classmethod
    def from_head(cls, head: dict[str, Any], files: list[bytes]) -> Job:
        """The job that such a message carries."""
        named = zip(head["files"], files, strict=True)
        return cls(
            files=tuple(File(name, found, data) for (name, found), data in named),
            rules=Rules(*head["rules"]),
            printed=head["printed"],
            max_pixels=head["max_pixels"],
            grid=head["grid"],
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """The picture to send; ``sizes`` are the uploads' upright sizes in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int
    sizes: tuple[tuple[int, int], ...]
    notes: tuple[str, ...] = ()

    def head(self) -> dict[str, Any]:
        """The JSON half of the message that carries this picture."""
        return {
            "media_type": self.media_type,
            "width": self.width,
            "height": self.height,
            "sizes": self.sizes,
            "notes": self.notes,
        }
