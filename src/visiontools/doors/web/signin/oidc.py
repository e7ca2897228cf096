"""OpenID Connect: the authorization code flow with PKCE, and who of a provider's people may in.

After "OpenID Connect Core 1.0" (3.1, code flow; 3.1.3.7, what to check of an ID token), RFC 7636
(PKCE) and RFC 9207 (the answer's ``iss``).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx2

from visiontools.doors.web.signin.fetching import Clock, Keys, Published, fetched, unreachable
from visiontools.doors.web.signin.flow import Flow, TokenError, answered, refused
from visiontools.doors.web.signin.provider import Provider, discovered
from visiontools.doors.web.signin.tokens import Claims, Expected, verified
from visiontools.sign_in_settings import OidcSettings

BACK = "/sign-in/back"
"""Where the provider sends people back to; register it there below ``public_url``."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key only the provider has: never ``none``, never one by a shared secret."""
_GOOGLE = "https://accounts.google.com"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a provider vouches for; ``subject`` is theirs for good, ``name`` is for showing."""

    issuer: str
    subject: str
    name: str


class Oidc:
    """One provider, asked at its own addresses only."""

    def __init__(
        self,
        settings: OidcSettings,
        secret: str | None,
        public_url: str,
        http: httpx2.AsyncClient,
        clock: Clock,
    ) -> None:
        self._settings, self._secret, self._http, self._clock = settings, secret, http, clock
        self._back = f"{public_url}{BACK}"
        self._provider = Published(lambda: discovered(http, settings.issuer), clock)
        self._keys = Keys(http, self._keys_url, clock)
        self._expected = Expected(settings.issuer, settings.client_id, ALGORITHMS)

    async def _keys_url(self) -> str:
        provider: Provider = await self._provider()
        return provider.keys_url

    async def begin(self, to: str) -> tuple[str, Flow]:
        """Where to send the browser, and what to remember of it until it is back.

        Raises UnreachableError.
        """
        provider: Provider = await self._provider()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(state, nonce, verifier, to)
        digest = hashlib.sha256(flow.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._back,
            "scope": " ".join(self._settings.scopes),
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in provider.authorization_url else "?"
        return f"{provider.authorization_url}{joint}{urlencode(asked)}", flow

    async def finish(self, flow: Flow, query: Mapping[str, str]) -> Person:
        """Who came back. Raises ProblemError, TokenError or UnreachableError."""
        provider: Provider = await self._provider()
        code = answered(flow, query, provider)
        granted = await self._granted(provider, code, flow.verifier)
        token = granted.get("id_token")
        if not isinstance(token, str):
            raise TokenError("the provider sent none")
        claims = await verified(token, self._keys, self._expected, self._clock)
        self._check(claims, flow)
        claims = await self._completed(provider, claims, granted.get("access_token"))
        if (objection := self._objection(claims)) is not None:
            raise refused(objection, "Ask whoever runs this server to let you in.")
        return Person(self._settings.issuer, claims["sub"], _name(claims))

    def _check(self, claims: Claims, flow: Flow) -> None:
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not secrets.compare_digest(
            nonce.encode(), flow.nonce.encode()
        ):
            raise TokenError("it belongs to another sign-in")
        audience, party = claims["aud"], claims.get("azp")
        several = isinstance(audience, list) and len(audience) > 1
        if (party is not None or several) and party != self._settings.client_id:
            raise TokenError("it was made for another application")

    async def _granted(self, provider: Provider, code: str, verifier: str) -> dict[str, Any]:
        """What the provider gives for the code."""
        said = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        client_id = self._settings.client_id
        if self._secret is not None and provider.takes_basic:
            pair = f"{quote_plus(client_id)}:{quote_plus(self._secret)}"  # RFC 6749, 2.3.1
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            said["client_id"] = client_id
            said |= {"client_secret": self._secret} if self._secret is not None else {}
        request = self._http.build_request("POST", provider.token_url, data=said, headers=headers)
        status, granted = await fetched(self._http, request)
        if status >= 500:
            raise unreachable(request.url.host, f"status {status}")
        if status != 200 or not isinstance(granted, dict):
            raise TokenError("the provider gave none for this sign-in")
        return granted

    async def _completed(self, provider: Provider, claims: Claims, access: Any) -> Claims:
        """With what the provider tells of the person elsewhere, where the token lacks it."""
        wanted = ["email"] if self._settings.domains else []
        wanted += [self._settings.groups_claim] if self._settings.groups else []
        if provider.person_url is None or all(name in claims for name in wanted):
            return claims
        headers = {"Authorization": f"Bearer {access}"}
        request = self._http.build_request("GET", provider.person_url, headers=headers)
        status, more = await fetched(self._http, request)
        if status != 200 or not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            return claims
        return {**more, **claims}

    def _objection(self, claims: Claims) -> str | None:
        """Why this person may not come in."""
        if self._settings.domains and _domain(claims) not in self._settings.domains:
            return "This account has no e-mail address of those that may come in here."
        groups = claims.get(self._settings.groups_claim)
        member = [groups] if isinstance(groups, str) else groups
        wanted = set(self._settings.groups)
        if wanted and not (
            isinstance(member, list) and wanted & {g for g in member if isinstance(g, str)}
        ):
            return "This account is in none of the groups that may come in here."
        return None


def _domain(claims: Claims) -> str | None:
    """The domain of an address the provider has verified.

    Google also knows people by addresses of companies they left; ``hd`` says who is in one
    (https://developers.google.com/identity/openid-connect/openid-connect).
    """
    if claims["iss"] == _GOOGLE:
        hosted = claims.get("hd")
        return hosted.lower() if isinstance(hosted, str) else None
    email = claims.get("email")
    if claims.get("email_verified") not in (True, "true") or not isinstance(email, str):
        return None
    return email.rpartition("@")[2].lower()


def _name(claims: Claims) -> str:
    for claim in ("email", "preferred_username", "name"):
        if isinstance(claims.get(claim), str) and claims[claim].strip():
            return str(claims[claim]).strip()
    return str(claims["sub"])
