"""A run over HTTP: its record, the events on the way, and what becomes of a client that leaves."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from tests.doors.api.wire import EVENTS, SEEN, Ask, Client, Open, events

from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site


def test_a_run_answers_with_its_record(api: Client, ask: Ask, model: ModelServer) -> None:
    done = ask(api)
    assert done.status_code == 200
    assert done.headers["content-type"] == "application/json"
    record = done.json()
    assert record["outcome"] == "answered"
    assert record["answer"]["total"] == 4
    assert record["observer"]["endpoint"] == "box"
    assert done.headers["content-location"] == f"/api/v1/records/{record['id']}"
    assert api.get(done.headers["content-location"]).json() == record
    assert model.requests[0].pictures == 1


def test_events_name_the_steps_show_what_is_seen_so_far_and_end_with_the_record(
    api: Client, ask: Ask, model: ModelServer
) -> None:
    model.say({**SEEN, "picture_shows": "a shelf"}, chunk=4, pause_s=0.01)
    ask(api)  # the script's first step
    done = ask(api, headers=EVENTS, again="true")
    assert done.headers["content-type"].startswith("text/event-stream")
    told = events(done.text)
    names = [name for name, _ in told]
    steps = [json.loads(data)["name"] for name, data in told if name == "step"]
    assert steps == ["prepare", "observe", "decide"]
    assert "partial" in names
    assert names[-1] == "finished"
    record = json.loads(told[-1][1])
    assert record["outcome"] == "answered"
    assert api.get(f"/api/v1/records/{record['id']}").json() == record


def test_the_same_request_is_answered_by_its_record_and_says_so(api: Client, ask: Ask) -> None:
    first = ask(api)
    assert "visiontools-reused" not in first.headers
    second = ask(api)
    assert second.json() == first.json()
    assert second.headers["visiontools-reused"] == "true"
    streamed = events(ask(api, headers=EVENTS).text)
    assert streamed[-2] == ("reused", json.dumps({"id": first.json()["id"]}))
    assert ask(api, again="true").json()["id"] != first.json()["id"]


def test_a_person_may_say_what_is_seen_as_a_field_or_as_a_file(
    api: Client, ask: Ask, png: bytes, model: ModelServer
) -> None:
    said = json.dumps(SEEN)
    as_field = ask(api, observation=said)
    files = {"picture": png, "observation": ("seen.json", said.encode())}
    as_file = api.post("/api/v1/tools/shelf/runs", files=files)
    for done in (as_field, as_file):
        assert done.json()["observer"]["profile"] == "person"
        assert done.json()["answer"]["total"] == 4
    assert not model.requests


def test_what_keeps_a_run_from_an_answer_is_an_outcome_not_a_problem(
    api: Client, ask: Ask, model: ModelServer
) -> None:
    dead = ask(api, endpoint="reader")
    assert (dead.status_code, dead.json()["outcome"]) == (200, "unavailable")
    broken = api.post("/api/v1/tools/shelf/runs", files={"picture": b"no picture at all"})
    assert (broken.status_code, broken.json()["outcome"]) == (200, "unusable")


@pytest.mark.parametrize("headers", [EVENTS, {}], ids=["events", "record"])
def test_a_client_that_leaves_stops_the_run_up_to_the_model(
    opened: Open,
    clients: Callable[[Site], Client],
    png: bytes,
    model: ModelServer,
    headers: dict[str, str],
) -> None:
    model.hang()
    site = opened()
    api = clients(site)
    request = api.build_request(
        "POST", "/api/v1/tools/shelf/runs", files={"picture": png}, headers=headers
    )
    body = request.read()
    head = [f"POST {request.url.path} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    with socket.create_connection(("127.0.0.1", site.port)) as leaving:
        leaving.sendall("\r\n".join([*head, "", ""]).encode() + body)
        assert model.arrived.wait(30)
    assert model.requests[0].closed.wait(30)
    site.idle()
    kept = api.get("/api/v1/records").json()["records"]
    assert [record["outcome"] for record in kept] == ["cancelled"]


def test_a_quiet_stream_shows_signs_of_life(
    opened: Open, clients: Callable[[Site], Client], ask: Ask, model: ModelServer
) -> None:
    api = clients(opened(keep_alive_s=0.02))
    model.say(SEEN, chunk=1000, pause_s=0.1)
    told = ask(api, headers=EVENTS).text
    assert "\n: ping\n" in told
    assert events(told)[-1][0] == "finished"


def test_asking_on_about_a_record_keeps_its_answer(
    api: Client, ask: Ask, model: ModelServer, png: bytes
) -> None:
    first = ask(api).json()
    model.say({"reply": "Four.", "grounds": ["/total"]})
    asked = api.post(
        f"/api/v1/records/{first['id']}/runs", files={"ask": (None, "How many are there?")}
    ).json()
    assert asked["parent"] == first["id"]
    assert asked["request"]["ask"] == "How many are there?"
    assert asked["answer"] == first["answer"]


def test_a_correction_stands_beside_the_record_it_corrects(api: Client, ask: Ask) -> None:
    first = ask(api).json()
    right = json.dumps({"things": [{"name": "apple", "count": 5}]})
    done = api.post(f"/api/v1/records/{first['id']}/runs", files={"observation": (None, right)})
    corrected = done.json()
    assert corrected["parent"] == first["id"]
    assert corrected["answer"]["total"] == 5
    assert corrected["corrections"]
    assert api.get(f"/api/v1/records/{first['id']}").json() == first


def test_a_record_replayed_asks_anew(api: Client, ask: Ask, model: ModelServer) -> None:
    first = ask(api).json()
    again = api.post(f"/api/v1/records/{first['id']}/runs", files={"endpoint": (None, "box")})
    assert again.json()["id"] != first["id"]
    assert again.json()["answer"] == first["answer"]
    assert len(model.requests) == 2


def test_what_is_to_stay_on_this_machine_stays_on_every_way(
    api: Client, ask: Ask, png: bytes
) -> None:
    path = f"/api/v1/records/{ask(api).json()['id']}/runs"
    away = {"endpoint": (None, "far"), "local_only": (None, "true")}
    further = {"ask": (None, "?")}
    right = {"observation": (None, json.dumps(SEEN))}
    for form in (away, {**away, **further}, {**away, **right}):
        assert "not on this machine" in _fails(api, 422, "unfit", path, files=form)["detail"]
    first = {**away, "picture": png}
    assert "not on this machine" in _fails(api, 422, "unfit", files=first)["detail"]


def test_any_process_goes_on_with_what_another_began(
    opened: Open, clients: Callable[[Site], Client], ask: Ask, model: ModelServer
) -> None:
    model.say(SEEN)
    one, other = clients(opened()), clients(opened())
    record = ask(one).json()
    assert other.get(f"/api/v1/records/{record['id']}").json() == record
    assert other.get(f"/api/v1/records/{record['id']}/pictures/1").status_code == 200
    assert ask(other).json() == record
    model.say({"reply": "Four.", "grounds": ["/total"]})
    path = f"/api/v1/records/{record['id']}/runs"
    further = other.post(path, files={"ask": (None, "How many?")}).json()
    assert one.get(f"/api/v1/records/{further['id']}").json() == further
    assert one.delete(f"/api/v1/records/{record['id']}").status_code == 204
    assert other.get(f"/api/v1/records/{record['id']}").status_code == 404


def _fails(
    api: Client, status: int, kind: str, path: str = "/api/v1/tools/shelf/runs", **given: Any
) -> Any:
    """The problem a request without a run is answered with."""
    done = api.post(path, **given)
    assert done.status_code == status, done.text
    assert done.headers["content-type"] == "application/problem+json"
    problem = done.json()
    assert problem["type"] == f"urn:visiontools:problem:{kind}"
    assert problem["status"] == status
    return problem


def test_no_run_begins_for_a_request_that_makes_no_sense(
    api: Client, png: bytes, model: ModelServer
) -> None:
    picture = {"picture": png}
    other = "/api/v1/tools/shelve/runs"
    assert "'shelf'" in _fails(api, 404, "unknown-tool", other, files=picture)["next"]
    assert "picture" in _fails(api, 422, "unfit", files={"ask": (None, "?")})["detail"]
    _fails(api, 422, "unfit", files={"picture": (None, "text")})
    _fails(api, 422, "unfit", files={"picture": ("", b"")}, data={"ask": "no picture"})
    _fails(api, 415, "unsupported-media-type", json={})
    _fails(api, 415, "unsupported-media-type", data={"ask": "x"})
    _fails(api, 406, "not-acceptable", files=picture, headers={"Accept": "image/png"})
    _fails(api, 422, "unfit", files=[("picture", png)], data={"endpoint": "nobody"})
    assert not model.requests
    assert api.get("/api/v1/records").json()["records"] == []


def test_what_does_not_fit_is_named_field_by_field(api: Client, png: bytes) -> None:
    def errors(**fields: str) -> dict[str, str]:
        problem = _fails(api, 422, "unfit", files={"picture": png}, data=fields)
        return {each["pointer"]: each["detail"] for each in problem["errors"]}

    assert "valid" in errors(again="perhaps")["/again"]
    assert "JSON" in errors(options="{")["/options"]
    assert "object" in errors(options="[1]")["/options"]
    assert "/options/colour" in errors(options='{"colour": "red"}')
    assert "/picures" in errors(picures="x")
    assert "20000" in errors(ask="x" * 20_001)["/ask"]


def test_no_field_is_given_twice(api: Client, png: bytes) -> None:
    files = [("picture", png), ("ask", (None, "a")), ("ask", (None, "b"))]
    problem = _fails(api, 422, "unfit", files=files)
    assert problem["errors"] == [{"pointer": "/ask", "detail": "it is given twice"}]


def test_an_option_may_not_name_a_file_of_the_server(api: Client, png: bytes, home: Any) -> None:
    rates = home / "rates.toml"
    rates.write_text("secret = 1")
    problem = _fails(
        api,
        422,
        "unfit",
        "/api/v1/tools/car_damage/runs",
        files={"picture": png},
        data={"options": json.dumps({"rates": str(rates)})},
    )
    assert "file on the server" in problem["detail"]
    assert "secret" not in json.dumps(problem)


def test_a_further_question_and_a_correction_are_not_one_request(
    api: Client, ask: Ask, png: bytes
) -> None:
    path = f"/api/v1/records/{ask(api).json()['id']}/runs"
    _fails(api, 422, "unfit", path, files={"ask": (None, "?"), "observation": (None, "{}")})
    _fails(api, 422, "unfit", path, files={"picture": png})
    nobody = f"/api/v1/records/{'0' * 8}-0000-4000-8000-{'0' * 12}/runs"
    _fails(api, 404, "unknown-record", nobody, files={"ask": (None, "?")})
