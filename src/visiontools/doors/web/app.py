"""The application: pages at ``/``, the API below ``/api/v1``, static files below ``/static``."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware

from visiontools.doors.api import handlers, routes
from visiontools.doors.api.documented import complete
from visiontools.doors.chat.mount import add_chat
from visiontools.doors.web import language, pages
from visiontools.doors.web.headers import SecurityHeaders
from visiontools.doors.web.hosts import TrustedHosts
from visiontools.doors.web.incidents import Incidents
from visiontools.doors.web.language import Languages
from visiontools.doors.web.lifespan import lifespan_with
from visiontools.doors.web.limits import RequestLimit
from visiontools.doors.web.pages_look import problem_page
from visiontools.doors.web.requests import Accounted
from visiontools.doors.web.signin import account as signin_account
from visiontools.doors.web.signin import pages as signin_pages
from visiontools.doors.web.signin.gate import Gate
from visiontools.doors.web.signin.reception import owner_of
from visiontools.errors import ConfigurationError
from visiontools.settings import Settings

_STATIC = Path(__file__).parent / "static"
_SILENT: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""FastAPI's own spans hold whole addresses, with what was searched for; ours do not."""


def create_app(settings: Settings) -> FastAPI:
    """The application on these settings; it opens its pipeline when it is started.

    Raises ConfigurationError where the guard would let others through without a verdict.
    """
    _check_guard(settings)
    app = _Application(
        title="visiontools",
        summary="A picture comes in, a checked and typed answer comes out.",
        version=version("visiontools"),
        lifespan=lifespan_with(settings),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_SILENT,
        middleware=_guards(settings),
    )
    handlers.install(app, problem_page)
    app.include_router(routes.router)
    app.include_router(routes.watching)
    app.mount("/static", StaticFiles(directory=_STATIC, check_dir=False), name="static")
    app.include_router(signin_pages.router)
    app.include_router(signin_account.router)
    app.include_router(pages.router)
    app.include_router(language.router)
    add_chat(app, settings, owner_of)
    return app


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi())
        return self.openapi_schema


def _check_guard(settings: Settings) -> None:
    guard = settings.guard
    if guard is None or guard.on_failure == "block" or guard.allow_for_others:
        return
    if settings.web.serves_others:
        raise ConfigurationError(
            "The guard's on_failure is 'allow', so that for as long as the guard is down nothing "
            "would be checked of what others ask, and others can reach this server.",
            next="Set guard.on_failure to 'block', or say guard.allow_for_others = true if that "
            "is what you want.",
        )


def _guards(settings: Settings) -> list[Middleware]:
    """What every request passes through, from the outside inwards."""
    web = settings.web
    return [
        Middleware(Accounted),
        Middleware(SecurityHeaders),
        Middleware(Languages),
        Middleware(Incidents),
        Middleware(TrustedHosts, listens_on=web.host, public=web.hosts),
        Middleware(Gate),
        Middleware(RequestLimit, most_bytes=web.max_request_bytes),
    ]
