"""Records over HTTP: found, shown with their pictures, deleted for good, each owner's apart."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from tests.doors.api.wire import Ask, Client, Open

from visiontools.doors.api.depends import owner
from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site


@pytest.fixture
def made(api: Client, ask: Ask) -> list[Any]:
    """Three records, the newest first."""
    said = [{"ask": "Any quince?"}, {"options": '{"at_least": 9}'}, {}]
    return [ask(api, **fields).json() for fields in said][::-1]


def _listed(api: Client, **given: Any) -> list[str]:
    page = api.get("/api/v1/records", params=given)
    assert page.status_code == 200, page.text
    return [record["id"] for record in page.json()["records"]]


def test_records_are_listed_newest_first_and_narrowed_down(api: Client, made: list[Any]) -> None:
    ids = [record["id"] for record in made]
    assert _listed(api) == ids
    assert _listed(api, tool="shelf") == ids
    assert _listed(api, tool="diet") == []
    assert _listed(api, outcome="cannot_tell") == [ids[1]]
    assert _listed(api, q="QUINCE any") == [ids[2]]
    assert _listed(api, q="quince pear plum") == []
    assert _listed(api, since=made[1]["created"]) == ids[:2]
    assert _listed(api, until=made[1]["created"]) == ids[2:]
    assert _listed(api, since="2000-01-01T00:00:00+05:30", until="2000-01-02T00:00:00Z") == []


def test_pages_follow_each_other(api: Client, made: list[Any]) -> None:
    seen, cursor = [], None
    for _ in made:
        given = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = api.get("/api/v1/records", params=given).json()
        seen += page["records"]
        cursor = page["next"]
    assert seen == made
    assert cursor is None


@pytest.mark.parametrize(
    "given",
    [
        {"limit": 0},
        {"limit": 10_000},
        {"outcome": "splendid"},
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00:00"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"cursor": "made-up"},
        {"q": "x" * 201},
    ],
)
def test_what_cannot_be_searched_for_is_a_problem(api: Client, given: dict[str, Any]) -> None:
    done = api.get("/api/v1/records", params=given)
    assert done.status_code == 422
    assert done.headers["content-type"] == "application/problem+json"


def test_a_picture_is_shown_as_it_was_sent(api: Client, made: list[Any]) -> None:
    record = made[0]
    path = f"/api/v1/records/{record['id']}/pictures/1"
    shown = api.get(path)
    assert shown.headers["content-type"] in ("image/jpeg", "image/png")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["content-disposition"].startswith(
        f'inline; filename="shelf-{record["id"][:8]}'
    )
    assert len(shown.content) == record["inputs"][0]["sent"]["bytes"]
    assert Image.open(io.BytesIO(shown.content)).size == (320, 240)
    saved = api.get(path, params={"download": "true"})
    assert saved.headers["content-disposition"].startswith("attachment;")
    for number, status in (("0", 404), ("2", 404), ("-1", 404), ("one", 422), ("9" * 40, 404)):
        assert api.get(f"/api/v1/records/{record['id']}/pictures/{number}").status_code == status


def test_a_record_that_is_deleted_is_gone_with_its_picture(api: Client, made: list[Any]) -> None:
    path = f"/api/v1/records/{made[0]['id']}"
    gone = api.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    for method, address in (("GET", path), ("GET", f"{path}/pictures/1"), ("DELETE", path)):
        problem = api.request(method, address)
        assert problem.status_code == 404
        assert problem.json()["type"] == "urn:visiontools:problem:unknown-record"
    assert api.get(f"/api/v1/records/{made[1]['id']}").json() == made[1]


def test_a_part_of_an_id_names_no_record(api: Client, made: list[Any]) -> None:
    for name in (made[0]["id"][:8], "x", "%25", "%00", made[0]["id"] + "x"):
        assert api.get(f"/api/v1/records/{name}").status_code == 404
        assert api.delete(f"/api/v1/records/{name}").status_code == 404
    assert len(_listed(api)) == len(made)


def test_nobody_reaches_what_is_somebody_elses(
    opened: Open, clients: Callable[[Site], Client], ask: Ask, model: ModelServer
) -> None:
    who = {"name": "ada"}
    model.say({"things": [{"name": "apple", "count": 3}]})
    site = opened(lambda site: site.app.dependency_overrides.update({owner: lambda: who["name"]}))
    api = clients(site)
    record = ask(api, headers={"Idempotency-Key": "k"}).json()
    assert record["owner"] == "ada"

    who["name"] = "eve"
    path = f"/api/v1/records/{record['id']}"
    form = {"ask": (None, "What is it?")}
    for reach in (
        lambda: api.get(path),
        lambda: api.get(f"{path}/pictures/1"),
        lambda: api.delete(path),
        lambda: api.post(f"{path}/runs", files=form),
    ):
        assert reach().status_code == 404
    assert _listed(api) == []
    mine = ask(api, headers={"Idempotency-Key": "k"}).json()
    assert mine["owner"] == "eve"
    assert mine["id"] != record["id"]

    who["name"] = "ada"
    assert api.get(path).json() == record
