"""Who stands behind a request: a session, a key, IAP's header, or nobody."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection

from visiontools.doors.api.problems import KEY_REFUSED, SIGN_IN_NEEDED, ProblemError
from visiontools.doors.identity import LOCAL, Identity
from visiontools.doors.web.signin.cookies import SESSION, Cookies
from visiontools.doors.web.signin.flow import TokenError
from visiontools.doors.web.signin.passwords import Passwords
from visiontools.doors.web.signin.throttle import Throttle
from visiontools.errors import ConfigurationError
from visiontools.store.api_keys import ApiKeys
from visiontools.store.database import Database
from visiontools.store.sessions import Sessions
from visiontools.store.users import User, Users
from visiontools.web_settings import WebSettings

if TYPE_CHECKING:
    import httpx2
    from argon2 import PasswordHasher

    from visiontools.doors.web.signin.iap import Iap
    from visiontools.doors.web.signin.oidc import Oidc

_TRIES_OF_A_NAME, _NAME_EVERY_S = 5, 30
_TRIES_OF_AN_ADDRESS, _ADDRESS_EVERY_S = 20, 6
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What code, and no setting, may put in another's place."""

    clock: Callable[[], float] = time.time
    iap_keys_url: str | None = None
    argon2: PasswordHasher | None = None


class Reception:
    """What this process needs to know people by. Nobody is let in by default."""

    def __init__(
        self,
        web: WebSettings,
        database: Database,
        parts: Parts,
        oidc: Oidc | None,
        iap: Iap | None,
    ) -> None:
        clock = parts.clock

        def now() -> dt.datetime:
            return dt.datetime.fromtimestamp(clock(), dt.UTC)

        self.web = web
        self.cookies = Cookies(web.public_url)
        self.users = Users(database)
        self.sessions = Sessions(database, dt.timedelta(hours=web.session_idle_hours), now)
        self.lasts = dt.timedelta(hours=web.session_hours)
        self.names = Throttle(_TRIES_OF_A_NAME, _NAME_EVERY_S, clock)
        self.addresses = Throttle(_TRIES_OF_AN_ADDRESS, _ADDRESS_EVERY_S, clock)
        self.passwords = Passwords(parts.argon2) if web.sign_in == "password" else None
        self.oidc, self._iap = oidc, iap
        self._keys = ApiKeys(database, now)
        self._met: dict[str, User] = {}

    @classmethod
    @asynccontextmanager
    async def open(
        cls, web: WebSettings, database: Database, parts: Parts
    ) -> AsyncIterator[Reception]:
        """Open for the application's life. Raises ConfigurationError."""
        if web.sign_in not in ("oidc", "iap"):
            yield cls(web, database, parts, None, None)
            return
        from visiontools.doors.web.signin.fetching import http_client

        async with http_client() as http:
            yield cls(web, database, parts, _oidc(web, http, parts), _iap(web, http, parts))

    async def program(self, connection: HTTPConnection) -> Identity | None:
        """Whose key the request carries; None where it carries none.

        Raises ProblemError (401) for one that is not accepted.
        """
        given = connection.headers.get("authorization", "")
        scheme, _, secret = given.partition(" ")
        if scheme.lower() != "bearer" or self.web.sign_in == "iap":
            return None
        key = await self._keys.find(secret.strip())
        if key is None:
            raise ProblemError(
                KEY_REFUSED,
                "The API key is unknown, revoked or past its end, or its user is disabled.",
                "Make another on the server: visiontools keys add NAME",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        return Identity(key.owner, key.name, "key", key.scopes)

    async def person(self, connection: HTTPConnection) -> Identity | None:
        """Who uses the pages; None where nobody is signed in.

        Raises ProblemError (401) for what IAP does not vouch for, UnreachableError.
        """
        if self.web.sign_in == "none":
            return LOCAL
        if self.web.sign_in == "iap":
            return await self._vouched(connection)
        token = self.cookies.get(connection, SESSION)
        session = await self.sessions.find(token) if token else None
        user = await self.users.find(session.owner) if session else None
        return Identity(user.id, user.name, "session", session=token) if user else None

    async def _vouched(self, connection: HTTPConnection) -> Identity:
        assert self._iap is not None
        given = connection.headers.getlist(self._iap.header)
        if len(given) != 1:
            raise _not_vouched("The request did not come through Google's Identity-Aware Proxy.")
        try:
            subject, email = await self._iap.person(given[0])
        except TokenError as error:
            raise _not_vouched(
                f"What Google's Identity-Aware Proxy sent is not accepted: {error}."
            ) from None
        user = await self._user_of(subject, email)
        if user is None or user.disabled:
            raise _not_vouched("This account is disabled here.")
        return Identity(user.id, user.name, "iap")

    async def _user_of(self, subject: str, email: str) -> User | None:
        """The user, written down once and not at every request; disabled ones at once."""
        met = self._met.get(subject)
        if met is not None and met.name == email:
            return await self.users.find(met.id)
        assert self._iap is not None
        user = await self.users.from_provider(self._iap.issuer, subject, email)
        if len(self._met) >= _MOST_REMEMBERED:
            self._met.clear()
        self._met[subject] = user
        return user


async def owner_of(scope: Mapping[str, Any]) -> str | None:
    """Who is behind an ASGI scope now, by cookie or IAP's header; None where nobody is (any more).

    For connections that last: the gate asks once, before the connection is made, but sessions end
    and users are disabled while it stands.
    """
    reception: Reception = scope["visiontools.reception"]
    try:
        identity = await reception.person(HTTPConnection(dict(scope)))
    except ProblemError:
        return None
    return identity.owner if identity else None


def _not_vouched(what: str) -> ProblemError:
    return ProblemError(
        SIGN_IN_NEEDED, what, "Use the address that the proxy guards; programs sign in there, too."
    )


def _iap(web: WebSettings, http: httpx2.AsyncClient, parts: Parts) -> Iap | None:
    if web.sign_in != "iap" or web.iap is None:
        return None
    from visiontools.doors.web.signin.iap import Iap

    return Iap(web.iap.audience, http, parts.clock, parts.iap_keys_url)


def _oidc(web: WebSettings, http: httpx2.AsyncClient, parts: Parts) -> Oidc | None:
    if web.sign_in != "oidc" or web.oidc is None or web.public_url is None:
        return None
    variable = web.oidc.client_secret_env
    secret = os.environ.get(variable) if variable else None
    if variable and not secret:
        raise ConfigurationError(
            f"The client's secret for signing in is to be in the variable {variable}, which is "
            "not set.",
            next=f"Set it in the server's environment: export {variable}=...",
        )
    from visiontools.doors.web.signin.oidc import Oidc

    return Oidc(web.oidc, secret, web.public_url, http, parts.clock)
