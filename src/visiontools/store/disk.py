"""What a disk objects to, said in a sentence."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visiontools.errors import ConfigurationError, StorageError

_NO_WRITING = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ANOTHER = "Name another with VISIONTOOLS_DATA_FOLDER, or data_folder in visiontools.toml."


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """An OSError as StorageError where nothing can be written, else as ConfigurationError."""
    try:
        yield
    except OSError as error:
        raise unusable(
            folder, error.strerror or error, no_writing=error.errno in _NO_WRITING
        ) from None


def unusable(folder: Path, reason: object, *, no_writing: bool) -> ConfigurationError:
    """The error that says why a data folder cannot be used."""
    kind = StorageError if no_writing else ConfigurationError
    return kind(
        f"The data folder {folder} cannot be used: {str(reason).rstrip('.')}.", next=ANOTHER
    )
