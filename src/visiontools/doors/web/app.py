"""The application: pages at ``/``, the API below ``/api/v1``, static files below ``/static``."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from visiontools.doors.api import routes
from visiontools.doors.web import pages
from visiontools.doors.web.lifespan import lifespan_with
from visiontools.settings import Settings

_STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings) -> FastAPI:
    """The application on these settings; it opens its pipeline when it is started."""
    app = FastAPI(
        title="visiontools", lifespan=lifespan_with(settings), docs_url=None, redoc_url=None
    )
    app.include_router(routes.router, prefix="/api/v1")
    app.mount("/static", StaticFiles(directory=_STATIC, check_dir=False), name="static")
    app.include_router(pages.router)
    return app
