"""The OpenAPI document says what the API does, and the API does nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import Phase, given, settings
from hypothesis.strategies import sampled_from
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.doors.api.wire import Ask, Client

from visiontools.testing.site import Site

_EXAMPLES = 25
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_it_is_openapi_3_1_and_describes_the_api_alone(api: Client) -> None:
    document = api.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    paths = document["paths"]
    assert set(paths) == {
        "/api/v1/tools",
        "/api/v1/tools/{tool}",
        "/api/v1/tools/{tool}/runs",
        "/api/v1/endpoints",
        "/api/v1/records",
        "/api/v1/records/{record_id}",
        "/api/v1/records/{record_id}/runs",
        "/api/v1/records/{record_id}/pictures/{number}",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    for path in paths.values():
        for operation in path.values():
            problems = {key: told for key, told in operation["responses"].items() if key >= "400"}
            assert "500" in problems
            assert all("application/problem+json" in told["content"] for told in problems.values())
    assert "HTTPValidationError" not in json.dumps(document)


def test_every_reference_in_it_leads_somewhere(api: Client) -> None:
    document = api.get("/api/v1/openapi.json").json()
    for reference in _references(document):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [ref for each in value.values() for ref in _references(each)]
    if isinstance(value, list):
        return [ref for each in value for ref in _references(each)]
    return []


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_asked_the_answer_is_one_the_document_foresees(
    site: Site, api: Client, ask: Ask, mode: GenerationMode
) -> None:
    """No fault of ours, and statuses, media types, headers and bodies as described."""
    there = {"tool": "shelf", "record_id": ask(api).json()["id"], "number": 1}
    described = schemathesis.openapi.from_url(f"{site.url}/api/v1/openapi.json")
    for found in described.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.POSITIVE or operation.query or operation.body:
            _explored(operation, mode, there)


def _explored(operation: Any, mode: GenerationMode, there: dict[str, Any]) -> None:
    """Ask mostly of what there is, and now and then of what was made up."""

    @given(
        case=operation.as_strategy(generation_mode=mode),
        real=sampled_from([True, True, True, False]),
    )
    @settings(max_examples=_EXAMPLES, database=None, phases=(Phase.generate,))
    def explore(case: schemathesis.Case, *, real: bool) -> None:
        if real:
            for name in case.path_parameters:
                case.path_parameters[name] = there[name]
        case.call_and_validate(checks=_CHECKS)

    explore()
