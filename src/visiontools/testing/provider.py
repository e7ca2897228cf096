"""A real HTTP server that plays an OpenID Connect provider, and publishes IAP's keys.

    with IdentityProvider() as provider:
        provider.person = {"sub": "7", "email": "ada@example.com", "email_verified": True}
        ...                                   # web.oidc.issuer = provider.url
        url = provider.back(authorization_url)   # where the browser would be sent back to
        provider.changed["nonce"] = "another"    # what the next ID token says instead
        provider.rotate()                        # another key from now on

``iap_keys`` is where keys are published as IAP's are, and ``assertion`` a header as IAP sends it.
What is not changed is as it should be. ``requests`` are those that came, like "GET /keys".
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from visiontools.testing.local_http import Exchange, LocalServer

CLIENT_ID = "visiontools-test"
CLIENT_SECRET = "the client's own: % & +"  # noqa: S105
AUDIENCE = "/projects/12345/locations/europe-west1/services/visiontools"
_CODE = "code"


class IdentityProvider(LocalServer):
    """The server, on a free port of this machine, while it is entered.

    ``document`` changes what it says of itself, ``changed`` and ``header`` the claims and the
    header of the tokens it makes (None leaves one out); ``algorithm`` is what they are signed by,
    ``signed_by`` with another key than it publishes. ``down`` is a status answered to everything.
    """

    def __init__(self) -> None:
        super().__init__()
        self.person: dict[str, Any] = {
            "sub": "1001",
            "email": "ada@example.com",
            "email_verified": True,
        }
        self.more: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        self.changed: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.signed_by: Any = None
        self.error: str | None = None
        self.down: int | None = None
        self.now = time.time
        self.requests: list[str] = []
        self._keys: list[Any] = []
        self._iap = ECKey.generate_key("P-256", {"kid": "iap-1", "alg": "ES256", "use": "sig"})
        self._asked: dict[str, str] = {}
        self.rotate()

    @property
    def iap_keys(self) -> str:
        return f"{self.url}/iap"

    def rotate(self) -> None:
        """Sign with a new key, and publish that alone."""
        kid = f"key-{len(self._keys) + 1}"
        self._keys.append(RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}))

    def back(self, authorization_url: str) -> str:
        """Where the browser is sent after the person has signed in there."""
        asked = dict(parse_qsl(urlsplit(authorization_url).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        self._asked = asked
        answer = {"state": asked["state"], "iss": self.url}
        answer |= {"error": self.error} if self.error else {"code": _CODE}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def assertion(self, subject: str = "accounts.google.com:1001", **changed: Any) -> str:
        """IAP's header for this person."""
        now = int(self.now())
        claims = {
            "iss": "https://cloud.google.com/iap",
            "aud": AUDIENCE,
            "sub": subject,
            "email": "ada@example.com",
            "iat": now,
            "exp": now + 600,
        }
        header = {"alg": "ES256", "kid": "iap-1", "typ": "JWT"} | self.header
        return signed(header, claims | changed, self.signed_by or self._iap)

    def answer(self, exchange: Exchange) -> None:
        path = urlsplit(exchange.path).path
        self.requests.append(f"{exchange.command} {path}")
        if self.down is not None:
            return _send(exchange, self.down, {})
        if path == "/.well-known/openid-configuration":
            return _send(exchange, 200, _kept(self._said() | self.document))
        if path == "/keys":
            return _send(exchange, 200, KeySet(self._keys[-1:]).as_dict())
        if path == "/iap":
            return _send(exchange, 200, KeySet([self._iap]).as_dict())
        if path == "/token":
            return _send(exchange, *self._granted(exchange))
        if path == "/me" and exchange.headers.get("Authorization") == "Bearer access":
            return _send(exchange, 200, self.person | self.more)
        return _send(exchange, 404, {})

    def _said(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me",
            "authorization_response_iss_parameter_supported": True,
        }

    def _granted(self, exchange: Exchange) -> tuple[int, dict[str, Any]]:
        said = {name: values[0] for name, values in parse_qs(exchange.body.decode()).items()}
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = (
            said.get("code") == _CODE
            and said.get("redirect_uri") == self._asked.get("redirect_uri")
            and proof == self._asked.get("code_challenge")
        )
        if not right:
            return 400, {"error": "invalid_grant"}
        if not self._knows_client(exchange, said):
            return 401, {"error": "invalid_client"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self.token()}

    def _knows_client(self, exchange: Exchange, said: dict[str, str]) -> bool:
        given = exchange.headers.get("Authorization", "")
        if not given:
            named, secret = said.get("client_id"), said.get("client_secret")
            return (named, secret) == (CLIENT_ID, CLIENT_SECRET)
        text = base64.b64decode(given.removeprefix("Basic ")).decode()
        pair = [unquote_plus(half) for half in text.split(":")]  # RFC 6749, 2.3.1
        return pair == [CLIENT_ID, CLIENT_SECRET]

    def token(self) -> str:
        """An ID token for the sign-in that was begun last."""
        now = int(self.now())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": self._asked.get("nonce", secrets.token_hex()),
        }
        header = {"alg": self.algorithm, "kid": self._keys[-1].kid} | self.header
        return signed(
            _kept(header), claims | self.person | self.changed, self.signed_by or self._keys[-1]
        )


def signed(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    """A token with these claims, also of an algorithm nobody should believe."""
    claims = _kept(claims)
    if header["alg"] == "none":
        halves = (json.dumps(header), json.dumps(claims))
        parts = [base64.urlsafe_b64encode(half.encode()).rstrip(b"=") for half in halves]
        return b".".join([*parts, b""]).decode()
    registry = JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    return jwt.encode(header, claims, key, registry=registry)


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _send(exchange: Exchange, status: int, body: Any) -> None:
    exchange.send(status, json.dumps(body).encode(), {"Content-Type": "application/json"})
