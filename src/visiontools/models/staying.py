"""Whether an endpoint is on this machine, and all that asking it takes is, too."""

from __future__ import annotations

from urllib.parse import urlsplit

from visiontools.errors import UsageError
from visiontools.loopback import LET_GO, is_loopback
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.endpoint import PROFILE as LOCAL_PROFILE
from visiontools.models.registry import profile_of


def leaving(endpoint: Endpoint) -> str | None:
    """What leaves this machine when it is asked, as a sentence's middle; None where nothing does.

    Raises ConfigurationError where its profile cannot be used.
    """
    if endpoint.profile == LOCAL_PROFILE:
        return None
    if not is_loopback(urlsplit(endpoint.url).hostname or ""):
        return "is not on this machine"
    if endpoint.key_secret:
        return "has its key in Secret Manager, which is not on this machine"
    if profile_of(endpoint).transport is not None:  # it signs in, or fetches, wherever it likes
        return f"is asked in a way of its own ({endpoint.profile}), which may leave this machine"
    return None


def check_stays(endpoint: Endpoint) -> None:
    """Raise UsageError where asking it would leave this machine."""
    if what := leaving(endpoint):
        raise UsageError(
            f"Endpoint '{endpoint.name}' {what}, and everything is to stay here.",
            next=f"{LET_GO}; or name an endpoint on this machine.",
        )
