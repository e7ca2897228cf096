"""An endpoint's key out of Google's Secret Manager, by its REST interface.

https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
"""

from __future__ import annotations

import base64
from typing import Any

import httpx2

from visiontools.errors import CredentialsError, ServerFaultError, UnreachableError
from visiontools.models.credentials import Credentials, checked
from visiontools.models.endpoint import Endpoint
from visiontools.models.google_credentials import GoogleCredentials
from visiontools.models.policy import FaultError

API = "https://secretmanager.googleapis.com/v1"
_TIMEOUT_S = 15
_LATER = (429, 500, 502, 503, 504)


class SecretManager:
    """Reads the secret that an endpoint's ``key_secret`` names.

    ``api`` is for tests: the settings cannot say where Google's secrets are asked for.
    """

    def __init__(
        self, endpoint: Endpoint, *, credentials: Credentials | None = None, api: str = API
    ) -> None:
        assert endpoint.key_secret is not None
        self._name = endpoint.key_secret
        self._endpoint = endpoint.name
        self._credentials = credentials or GoogleCredentials(endpoint.name)
        self._url = f"{api}/{self._name}:access"

    async def key(self) -> str:
        """The secret's text. Raises FaultError or ConfigurationError; never quotes an answer."""
        signed = await self._credentials.headers()
        response = await self._asked(signed)
        if response.status_code == 401 and await self._credentials.renew(signed):
            response = await self._asked(await self._credentials.headers())
        if response.status_code != 200:
            raise self._fault(response.status_code)
        try:
            data: Any = response.json()["payload"]["data"]
            key = base64.b64decode(data, validate=True).decode()
        except (ValueError, KeyError, TypeError):
            raise FaultError(
                ServerFaultError(
                    f"Secret Manager's answer for {self._name} holds no text.",
                    next="Store the key as plain text in a new version.",
                )
            ) from None
        return checked(key.rstrip("\r\n"), self._endpoint, self._name)

    async def _asked(self, signed: Any) -> httpx2.Response:
        try:
            async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as client:
                return await client.get(self._url, headers=dict(signed))
        except httpx2.HTTPError:
            raise FaultError(
                UnreachableError(
                    f"Secret Manager cannot be reached for the key of '{self._endpoint}'.",
                    next="Check the network and its proxy, then try again.",
                ),
                retry=True,
            ) from None

    def _fault(self, status: int) -> FaultError:
        project = self._name.split("/")[1]
        secret = self._name.rpartition("/versions/")[0]
        if status in _LATER:
            error = ServerFaultError(
                f"Secret Manager does not answer for {self._name} (HTTP {status}).",
                next="Try again later.",
            )
            return FaultError(error, retry=True)
        fixes = {
            401: GoogleCredentials.advice,
            403: f"Grant it: roles/secretmanager.secretAccessor on {secret}, and see that "
            f"secretmanager.googleapis.com is enabled in {project}.",
            404: "Correct key_secret, or add the secret.",
        }
        return FaultError(
            CredentialsError(
                f"Secret Manager does not hand out {self._name} for endpoint "
                f"'{self._endpoint}' (HTTP {status}).",
                next=fixes.get(status, "See that its version is enabled and not destroyed."),
            )
        )
