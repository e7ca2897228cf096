"""What tools and endpoints there are, and what whoever watches the server gets to know."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from tests.doors.api.wire import Ask, Client, Open

from visiontools.doors.api.depends import pipeline
from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site


def test_tools_come_with_their_schemas_options_and_samples(api: Client, cli: Any) -> None:
    listed = {tool["name"]: tool for tool in api.get("/api/v1/tools").json()}
    assert listed["diet"]["samples"][0]["picture"].endswith(".png")
    assert listed["diet"]["reader"] is True
    assert listed["shelf"]["options_schema"]["properties"]["at_least"]["minimum"] == 1
    told = {tool["name"]: tool for tool in cli("tools", "--json").json}
    for name, tool in listed.items():
        assert tool == {**told[name], "samples": tool["samples"]}
        assert api.get(f"/api/v1/tools/{name}").json() == tool
    assert api.get("/api/v1/tools/diett").json()["next"] == "Did you mean 'diet'?"


def test_endpoints_tell_nothing_of_addresses_and_keys(api: Client, model: ModelServer) -> None:
    listed = api.get("/api/v1/endpoints")
    assert [each["name"] for each in listed.json()] == ["reader", "box", "far"]
    assert [each["default"] for each in listed.json()] == [False, True, False]
    assert listed.json()[1]["model"] == "scripted"
    for secret in (str(model.port), "192.0.2.1", "BOX_KEY", "not-to-be-told"):
        assert secret not in listed.text


def test_an_address_that_is_none_is_a_problem_never_a_page(api: Client) -> None:
    for path in ("/api", "/api/v1", "/api/v1/", "/api/v2/tools", "/api/v1/tools/"):
        done = api.get(path)
        assert done.status_code == 404, path
    assert done.headers["content-type"] == "application/problem+json"
    wrong = api.put("/api/v1/tools")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert wrong.json()["type"] == "urn:visiontools:problem:method-not-allowed"


def test_what_was_done_is_counted_without_content_or_owners(api: Client, ask: Ask) -> None:
    ask(api, ask="Where is the quince?")
    ask(api, ask="Where is the quince?")
    ask(api, endpoint="nobody")
    told = api.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    for line in (
        'visiontools_runs_total{outcome="partly",tool="shelf"} 2.0',
        "visiontools_runs_reused_total 1.0",
        'visiontools_step_seconds_count{step="observe"} 1.0',
        'visiontools_problems_total{type="unfit"} 1.0',
        "visiontools_runs_in_progress 0.0",
    ):
        assert f"\n{line}\n" in told.text
    assert "quince" not in told.text
    assert "local" not in told.text


def test_it_is_ready_until_it_stops(site: Site, api: Client) -> None:
    assert api.get("/healthz").json() == {"status": "ok"}
    assert api.get("/readyz").json() == {"status": "ok"}
    site.app.state.desk.running.stopping = True
    assert api.get("/readyz").status_code == 503
    assert api.get("/healthz").status_code == 200


def test_a_fault_of_ours_is_an_incident_that_the_log_explains(
    opened: Open,
    clients: Callable[[Site], Client],
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = "the answer is in the picture of Ada's kitchen"

    async def fail() -> None:
        raise RuntimeError(words)

    site = opened(lambda site: site.app.dependency_overrides.update({pipeline: fail}))
    with caplog.at_level(logging.ERROR):
        done = clients(site).get("/api/v1/tools")
    assert done.status_code == 500
    assert done.headers["content-type"] == "application/problem+json"
    assert done.headers["x-content-type-options"] == "nosniff"
    problem = done.json()
    assert problem["type"] == "urn:visiontools:problem:incident"
    assert "Traceback" not in done.text
    [line] = [one for one in caplog.records if problem["incident"] in one.getMessage()]
    assert "RuntimeError" in line.getMessage()
    assert "in fail" in line.getMessage()
    assert "kitchen" not in caplog.text + done.text
