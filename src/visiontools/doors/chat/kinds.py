"""What can be attached: pictures, and texts by the ends of their names."""

from __future__ import annotations

from pathlib import PurePath

from visiontools.pictures.kinds import BadPicture, recognise
from visiontools.types import Upload

TEXT_ENDS = (".txt", ".eml", ".mbox", ".json")
"""As the workbench offers them to be picked."""


def is_text_file(file: Upload) -> bool:
    """Whether it is to be read as a text: called one, and no picture by its first bytes."""
    if PurePath(file.name).suffix.lower() not in TEXT_ENDS:
        return False
    try:
        recognise(file.data, file.name)
    except BadPicture:
        return True
    return False
