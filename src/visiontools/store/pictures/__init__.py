"""Keeping prepared pictures: in a folder, or in a bucket of Cloud Storage."""

from __future__ import annotations

from pathlib import Path

from visiontools.store.pictures.folder import PictureFolder
from visiontools.store.pictures.places import PictureStore, bucket_of

__all__ = ["PictureFolder", "PictureStore", "bucket_of", "open_pictures"]


def open_pictures(place: str | None, data_folder: Path) -> PictureStore:
    """The store that ``place`` names (``gs://bucket/prefix``), or the folder ``pictures``.

    Nothing is asked of anybody yet. Raises ConfigurationError where ``place`` is not such a name,
    or where Google's library is not installed.
    """
    if place is None:
        return PictureFolder(data_folder / "pictures")
    from visiontools.store.pictures.cloud import CloudPictures

    return CloudPictures(bucket_of(place))
