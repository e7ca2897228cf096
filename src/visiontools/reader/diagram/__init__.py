"""Flow diagrams drawn by a computer: shapes, arrows and labels, measured and never guessed."""

from __future__ import annotations

from collections.abc import Sequence

from visiontools.errors import UsageError
from visiontools.reader.diagram.read import read_pixels
from visiontools.reader.ocr import decode
from visiontools.tooling import Reading
from visiontools.types import Picture

__all__ = ["read_diagram", "read_pixels"]


def read_diagram(pictures: Sequence[Picture]) -> Reading:
    """The shapes, arrows and labels of the one diagram handed in, as a ``SeenDiagram``.

    Raises CannotTellError where anything drawn could not be explained, WrongPictureError where
    the picture shows no diagram, UsageError for several pictures.
    """
    if len(pictures) != 1:
        raise UsageError("The built-in reader takes one diagram at a time.")
    return read_pixels(decode(pictures[0]))
