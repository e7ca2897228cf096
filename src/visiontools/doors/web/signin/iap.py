"""Google's Identity-Aware Proxy: its signed header, verified on every request.

As "Securing your app with signed headers" tells it
(https://docs.cloud.google.com/iap/docs/signed-headers-howto): ES256, keys at ``KEYS_URL``, issuer
and audience, 30 seconds of skew, ten minutes at most. The headers ``X-Goog-Authenticated-User-*``
are not signed, and never looked at.
"""

from __future__ import annotations

import httpx2

from visiontools.doors.web.signin.fetching import Clock, Keys
from visiontools.doors.web.signin.flow import TokenError
from visiontools.doors.web.signin.tokens import SKEW_S, Expected, verified

KEYS_URL = "https://www.gstatic.com/iap/verify/public_key-jwk"
_LONGEST_LIFE_S = 600 + 2 * SKEW_S


class Iap:
    """Verifies the header; ``keys_url`` is another one in tests only, and no setting."""

    header = "x-goog-iap-jwt-assertion"
    issuer = "https://cloud.google.com/iap"

    def __init__(
        self, audience: str, http: httpx2.AsyncClient, clock: Clock, keys_url: str | None
    ) -> None:
        async def url() -> str:
            return keys_url or KEYS_URL

        self._expected = Expected(self.issuer, audience, ("ES256",))
        self._keys = Keys(http, url, clock)
        self._clock = clock

    async def person(self, assertion: str) -> tuple[str, str]:
        """Subject and e-mail address of whom IAP vouches for.

        Raises TokenError where it does not, UnreachableError where its keys cannot be had.
        """
        claims = await verified(assertion, self._keys, self._expected, self._clock)
        if claims["aud"] != self._expected.audience:  # IAP names one audience, never a list
            raise TokenError("it is for somebody else, too")
        if claims["exp"] - claims["iat"] > _LONGEST_LIFE_S:
            raise TokenError("it is valid for longer than IAP's are")
        email = claims.get("email")
        return claims["sub"], email if isinstance(email, str) and email else claims["sub"]
