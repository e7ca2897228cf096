"""The application starts, shows its first page, and lets go of everything at the end."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from visiontools.doors.web.app import create_app
from visiontools.settings import Settings


def test_the_first_page_is_html(home: Path) -> None:
    with TestClient(create_app(Settings.load()), base_url="http://localhost") as client:
        page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
