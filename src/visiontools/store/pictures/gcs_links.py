"""Addresses that show one picture to whoever has them, for minutes, without a key file.

A service account signs them: where its key is at hand (a key file, or an impersonated account) by
itself, and elsewhere, as on Cloud Run, by asking IAM (signBlob), for which the account needs the
role Service Account Token Creator on itself. Type and disposition are part of what is signed.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import requests
from google.auth import credentials as google_credentials
from google.auth import iam
from google.auth.exceptions import TransportError
from google.auth.transport.requests import Request

from visiontools.errors import ConfigurationError

_LONGEST_S = 3600
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def signed_link(blob: Any, client: Any, download_as: str | None, seconds: int, until: float) -> str:
    """A V4 signed address that answers GET for ``seconds`` (one hour at most).

    The picture is shown in place, or downloaded as a file named ``download_as``. Raises
    ConfigurationError where the credentials are a person's, who cannot sign.
    """
    if not 1 <= seconds <= _LONGEST_S:
        raise ValueError(f"a link lives for 1 to {_LONGEST_S} seconds")
    with requests.Session() as session:
        signer = _signer(client._credentials, _bounded(Request(session), until))
        link: str = blob.generate_signed_url(
            version="v4",
            method="GET",
            expiration=dt.timedelta(seconds=seconds),
            credentials=signer,
            response_disposition=_disposition(download_as),
        )
    return link


def _disposition(download_as: str | None) -> str:
    if download_as is None:
        return "inline"
    return f'attachment; filename="{_UNSAFE.sub("_", download_as)[:100] or "picture"}"'


def _signer(credentials: Any, request: Any) -> Any:
    if isinstance(credentials, google_credentials.Signing):
        return credentials
    if not credentials.valid:
        credentials.refresh(request)  # the account's address is known after it
    email = getattr(credentials, "service_account_email", None)
    if not email:
        raise ConfigurationError(
            "Links to pictures need a service account, and these Google credentials are a "
            "person's.",
            next="Run as a service account, or act as one: gcloud auth application-default login "
            "--impersonate-service-account=ACCOUNT",
        )
    return _ByIam(request, credentials, email)


class _ByIam(google_credentials.Signing):
    """Signs by asking IAM, in the account's own name."""

    def __init__(self, request: Any, credentials: Any, email: str) -> None:
        self._email = email
        self._iam = iam.Signer(request, credentials, email)  # type: ignore[no-untyped-call]

    def sign_bytes(self, message: bytes) -> bytes:
        try:
            signature: bytes = self._iam.sign(message)
        except TransportError as error:
            if isinstance(error.args[0], Exception):  # no answer at all
                raise
            raise ConfigurationError(
                "A link to a picture could not be signed: IAM does not allow it.",
                next="Give the service account the role Service Account Token Creator "
                "(roles/iam.serviceAccountTokenCreator) on itself, and enable "
                "iamcredentials.googleapis.com in its project.",
            ) from None
        return signature

    @property
    def signer_email(self) -> str:
        return self._email

    @property
    def signer(self) -> Any:
        return self._iam


def _bounded(request: Request, until: float) -> Any:
    """The request with no more time than is left; IAM's own patience is two minutes each."""

    def ask(*given: Any, **named: Any) -> Any:
        named["timeout"] = min(named.get("timeout") or 10.0, max(until - time.monotonic(), 0.1))
        return request(*given, **named)

    return ask
