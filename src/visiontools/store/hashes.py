"""Hashes of random secrets. They are long and random, so that a plain hash tells nothing."""

from __future__ import annotations

import hashlib


def sha256_of(secret: str) -> str:
    """What the database keeps in a secret's stead; whatever a stranger sends has one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
