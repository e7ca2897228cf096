"""Which hosts are this machine itself."""

from __future__ import annotations

import ipaddress

LET_GO = "Leave out --local-only, or the setting local_only"
"""What a person can do, who is told that something would leave this machine."""


def is_loopback(host: str) -> bool:
    """Whether a host as ``urlsplit`` gives it is ``localhost`` or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
