"""Google's Application Default Credentials: who this program is to Google Cloud.

google-auth finds them (a key file, ``gcloud auth application-default login``, the machine's own
service account) and fetches tokens, which live an hour at most. It blocks, so it works in a thread.
"""

from __future__ import annotations

import importlib.util
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import Any

from visiontools.errors import ConfigurationError, CredentialsError, UnreachableError
from visiontools.models.credentials import Once, bearer, in_thread
from visiontools.models.policy import FaultError

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_REQUEST_S = 10
_AHEAD_S = 225
"""A token this close to its end is replaced. Google's metadata server hands out the old one until
four minutes before, so that an earlier refresh would fetch the same token again."""
_SIGN_IN = "gcloud auth application-default login"


@dataclass(frozen=True, slots=True)
class _Signed:
    """A token's headers and until when they hold, in seconds since the epoch (None: for ever)."""

    headers: Mapping[str, str]
    until: float | None

    def left(self) -> float:
        return float("inf") if self.until is None else self.until - time.time()


class GoogleCredentials:
    """Signs requests to Google for one endpoint; one refresh at a time, whoever waits for it.

    Raises ConfigurationError at once where google-auth is not installed. What else goes wrong is
    found when a token is fetched: FaultError with CredentialsError or UnreachableError.
    """

    advice = f"Sign in again ({_SIGN_IN}), or check which account GOOGLE_APPLICATION_CREDENTIALS "
    advice += "names."

    def __init__(self, endpoint: str) -> None:
        if importlib.util.find_spec("google.auth") is None:
            raise ConfigurationError(
                f"Endpoint '{endpoint}' signs in to Google, and google-auth is not installed.",
                next="Install it: pip install 'visiontools[google]'",
            )
        # Its warnings about every attempt would come between us and the reader; ours say it once.
        logging.getLogger("google.auth").addHandler(logging.NullHandler())
        self._endpoint = endpoint
        self._google: Any = None
        self._signed: _Signed | None = None
        self._refresh = Once(self._refreshed)

    async def headers(self) -> Mapping[str, str]:
        """The token that holds; replaced in the background when it ends soon."""
        signed = self._signed
        if signed is None or signed.left() <= 0:
            signed = await self._refresh.result()
        elif signed.left() < _AHEAD_S:
            self._refresh.begin()
        return signed.headers

    async def renew(self, refused: Mapping[str, str]) -> bool:
        """A new token in place of a revoked one; of many who ask, the first fetches it."""
        if self._signed is None or self._signed.headers == refused:
            await self._refresh.result()
        return self._signed is not None and self._signed.headers != refused

    async def _refreshed(self) -> _Signed:
        self._signed = await in_thread(self._fetch)
        return self._signed

    def _fetch(self) -> _Signed:
        import google.auth
        from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, TransportError
        from google.auth.transport.requests import Request

        request = partial(Request(), timeout=_REQUEST_S)
        try:
            if self._google is None:
                self._google, _ = google.auth.default(scopes=[_SCOPE])
            self._google.refresh(request)
        except DefaultCredentialsError:
            raise FaultError(self._none_found()) from None
        except TransportError:
            raise self._away() from None
        except GoogleAuthError as error:
            raise self._refused(error) from None
        signed: dict[str, str] = dict(bearer(self._google.token))
        if self._google.quota_project_id:
            signed["x-goog-user-project"] = self._google.quota_project_id
        expiry = self._google.expiry
        return _Signed(signed, expiry and expiry.replace(tzinfo=UTC).timestamp())

    def _none_found(self) -> CredentialsError:
        return CredentialsError(
            f"No usable Google credentials were found for endpoint '{self._endpoint}'.",
            next=f"Sign in: {_SIGN_IN}, or set GOOGLE_APPLICATION_CREDENTIALS to the key file of "
            "a service account.",
        )

    def _away(self) -> FaultError:
        what = "Google's sign-in service cannot be reached"
        next = "Check the network and its proxy, then try again."
        if self._on_google_cloud():
            what = "The metadata server of this machine gives no token"
            next = "Give the machine or service a service account, then try again."
        error = UnreachableError(f"{what} (endpoint '{self._endpoint}').", next=next)
        return FaultError(error, retry=True)

    def _refused(self, error: Exception) -> FaultError:
        """Google's own words are not quoted: some carry the token's parts."""
        from google.oauth2 import service_account

        if self._on_google_cloud() or getattr(error, "retryable", False):
            return self._away()
        if isinstance(self._google, service_account.Credentials):
            account = self._google.service_account_email
            return FaultError(
                CredentialsError(
                    f"Google does not accept the key of {account} (endpoint '{self._endpoint}'): "
                    "it was deleted or disabled, or this machine's clock is wrong.",
                    next="Make a new key for it, and name its file in "
                    "GOOGLE_APPLICATION_CREDENTIALS.",
                )
            )
        return FaultError(
            CredentialsError(
                f"The Google login of endpoint '{self._endpoint}' has expired or was revoked.",
                next=f"Sign in again: {_SIGN_IN}",
            )
        )

    def _on_google_cloud(self) -> bool:
        from google.auth import compute_engine

        return isinstance(self._google, compute_engine.Credentials)
