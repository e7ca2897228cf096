"""The pages people use."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home() -> HTMLResponse:
    """The workbench."""
    return HTMLResponse("<!doctype html><title>visiontools</title><h1>visiontools</h1>")
