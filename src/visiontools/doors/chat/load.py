"""Loading Chainlit, once a process, and closing what it leaves open."""

from __future__ import annotations

import logging
import threading
import time
import warnings
from importlib.util import find_spec
from pathlib import Path

from visiontools.doors.chat.inside import Inside
from visiontools.doors.chat.setup import environment, make_folder
from visiontools.errors import ConfigurationError
from visiontools.settings import Settings

VERSION = "2.12.0"
_log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()
_loaded: list[Inside] = []


def load(settings: Settings) -> Inside:
    """Chainlit set up for us. Raises ConfigurationError where it is not installed.

    What it is told of limits is those of the first settings it is loaded with: they are hints for
    its page, the gate has the last word.
    """
    with _one_at_a_time:
        if not _loaded:
            _loaded.append(_load(settings))
        return _loaded[0]


def _load(settings: Settings) -> Inside:
    found = find_spec("chainlit")
    if found is None or not found.submodule_search_locations:
        raise ConfigurationError(
            "The chat is not installed.", next="Install it: pip install 'visiontools[chat]'"
        )
    began = time.monotonic()
    most_bytes = min(settings.max_upload_bytes, settings.web.max_request_bytes)
    logging.getLogger("chainlit").setLevel(logging.WARNING)
    folder = make_folder(most_files=settings.web.max_pictures, most_bytes=most_bytes)
    try:
        with environment(folder), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a release that nobody mends any more
            import chainlit

            if chainlit.__version__ != VERSION:
                raise ConfigurationError(
                    f"The chat works with Chainlit {VERSION}, and {chainlit.__version__} is here.",
                    next="Install that one: pip install 'visiontools[chat]'",
                )
            from visiontools.doors.chat.closed import closed
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("visiontools"):
            raise
        raise ConfigurationError(
            f"The chat cannot be loaded: {error.name} is missing.",
            next="Install it: pip install 'visiontools[chat]'",
        ) from None
    _log.info("The chat was loaded in %.1f s.", time.monotonic() - began)
    build = Path(next(iter(found.submodule_search_locations))) / "frontend" / "dist"
    return Inside(closed(), build, folder / ".chainlit" / "translations")
