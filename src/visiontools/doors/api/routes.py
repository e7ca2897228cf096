"""The API's routes, in one router."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
