"""What Cloud Storage objects to, as sentences. What Google says itself is never passed on: it may
name accounts, pictures and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import urllib3
from google.api_core import exceptions as api
from google.auth import exceptions as auth
from google.cloud.storage.exceptions import (  # type: ignore[import-untyped]
    DataCorruption,
    InvalidResponse,
)

from visiontools.errors import ConfigurationError, StorageError, VisiontoolsError
from visiontools.store.pictures.places import Bucket

_ANY = (
    api.GoogleAPIError,
    auth.GoogleAuthError,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    DataCorruption,
    InvalidResponse,
    OSError,
)
_SIGN_IN = "Sign in: gcloud auth application-default login; on Google Cloud, give the service a "
_SIGN_IN += "service account."
_ROLE = "Give the account you run as the role Storage Object User (roles/storage.objectUser) on "
_ROLE += "that bucket."


@contextmanager
def explained(bucket: Bucket, done: str) -> Iterator[None]:
    """Google's exceptions as ConfigurationError or StorageError; ``done``: "kept", "read", ..."""
    try:
        yield
    except (VisiontoolsError, FileNotFoundError):
        raise
    except _ANY as error:
        raise _sentence(error, bucket, f"A picture could not be {done}") from None


def _sentence(error: Any, bucket: Bucket, what: str) -> ConfigurationError:
    while isinstance(error, api.RetryError) and error.cause is not None:
        error = error.cause
    if isinstance(error, DataCorruption):
        return StorageError(f"{what}: it was damaged on the way.", next="Try again.")
    if isinstance(error, auth.DefaultCredentialsError):
        return ConfigurationError(f"{what}: there are no Google credentials.", next=_SIGN_IN)
    if isinstance(error, auth.GoogleAuthError) and not isinstance(error, auth.TransportError):
        return ConfigurationError(
            f"{what}: Google does not accept the credentials any more.", next=_SIGN_IN
        )
    return _of_status(_status(error), bucket, what)


def _status(error: Any) -> int | None:
    """The HTTP status in it, or None where no answer came at all."""
    if isinstance(error, InvalidResponse):
        return int(error.response.status_code)
    code = getattr(error, "code", None)
    return int(code) if isinstance(error, api.GoogleAPICallError) and code else None


def _of_status(status: int | None, bucket: Bucket, what: str) -> ConfigurationError:
    if status is None:
        return StorageError(
            f"{what}: no connection to Cloud Storage.",
            next="Check the network, or try again later.",
        )
    if status == 404:
        return ConfigurationError(
            f"{what}: there is no bucket gs://{bucket.name}; it was deleted, or never made.",
            next=f"Make it (gcloud storage buckets create gs://{bucket.name}), or name another, or "
            "none, as pictures in the settings.",
        )
    if status == 401:
        return ConfigurationError(f"{what}: Cloud Storage asks who you are.", next=_SIGN_IN)
    if status == 403:
        return ConfigurationError(
            f"{what}: {bucket} does not allow it, by its permissions, a retention policy or its "
            "billing.",
            next=_ROLE,
        )
    if status == 429 or status >= 500 or status < 400:
        return StorageError(
            f"{what}: Cloud Storage failed or is overloaded ({status}), each time it was asked.",
            next="Try again later.",
        )
    return ConfigurationError(
        f"{what}: Cloud Storage refused it ({status}).",
        next="Check the bucket's settings: it must take plain uploads of images.",
    )
