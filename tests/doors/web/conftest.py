"""The pages in this process, and records to show on them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from visiontools.doors.web.app import create_app
from visiontools.settings import Settings

EXAMPLES = Path(__file__).parents[3] / "examples"
Keep = Callable[..., dict[str, Any]]


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """A browser without a script, that does not follow where it is led."""
    with TestClient(
        create_app(Settings.load()), base_url="http://localhost", follow_redirects=False
    ) as client:
        yield client


@pytest.fixture
def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "tan").save(file, "PNG")
    return file.getvalue()


def seen_in(sample: str) -> dict[str, Any]:
    """What a person sees in a sample picture."""
    found: dict[str, Any] = json.loads((EXAMPLES / f"{sample}.observation.json").read_text("utf-8"))
    return found


@pytest.fixture
def keep(client: TestClient, picture: bytes) -> Keep:
    """Make a record by a person's observation: of an empty picture, as nobody else looks."""

    def run(tool: str, seen: dict[str, Any], **fields: str) -> dict[str, Any]:
        answered = client.post(
            f"/api/v1/tools/{tool}/runs",
            files={"picture": ("shelf.png", picture)},
            data={"observation": json.dumps(seen), **fields},
        )
        assert answered.status_code == 200, answered.text
        record: dict[str, Any] = answered.json()
        return record

    return run


@pytest.fixture
def car(keep: Keep) -> dict[str, Any]:
    return keep("car_damage", seen_in("car_damage"))


@pytest.fixture
def fridge(keep: Keep) -> dict[str, Any]:
    return keep("fridge", seen_in("fridge"))
