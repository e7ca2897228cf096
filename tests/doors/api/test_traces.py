"""Traces as a collector receives them: named like the steps, one within the other, no content."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from tests.doors.api.wire import SEEN, Client, Open

from visiontools.doors.api.metrics import Metrics
from visiontools.doors.web.app import create_app
from visiontools.errors import ConfigurationError
from visiontools.settings import Settings
from visiontools.testing.collector import Collector, Seen
from visiontools.testing.model_server import ModelServer
from visiontools.types import Step

GUIDE = (Path(__file__).parents[3] / "docs" / "operate.md").read_text("utf-8")
QUESTION = "Where is the quince of Wilhelmina?"
FILE = "wilhelminas-kitchen.png"
REPLY = {"text": "There is no quince here, Wilhelmina.", "grounds": ["/things/0/name"]}
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with Collector() as running:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", running.url)
        yield running


@contextmanager
def served(opened: Open) -> Iterator[Client]:
    """A client of the site, which has ended afterwards and so has sent all its spans."""
    site = opened()
    try:
        with Client(base_url=site.url, timeout=30) as client:
            yield client
    finally:
        site.__exit__()


Run = Callable[..., dict[str, object]]


@pytest.fixture
def run(opened: Open, model: ModelServer, png: bytes) -> Run:
    """Serve, run ``shelf`` once with a question, and stop, so that all spans have been sent."""

    def once(headers: dict[str, str] | None = None) -> dict[str, object]:
        model.say(SEEN).say(REPLY)
        with served(opened) as client:
            done = client.post(
                "/api/v1/tools/shelf/runs",
                files=[("picture", (FILE, png)), ("ask", (None, QUESTION))],
                headers=headers,
            )
            assert done.status_code == 200
            assert client.get("/records", params={"words": "quince"}).status_code == 200
            assert client.get(f"/records/{done.json()['id']}").status_code == 200
            assert client.get("/healthz").status_code == 200
        record: dict[str, object] = done.json()
        return record

    return once


def inside(collector: Collector, outer: Seen) -> list[Seen]:
    return [span for span in collector.spans if span.parent == outer.id]


def test_a_run_is_a_span_within_its_request_and_its_steps_are_within_it(
    run: Run, collector: Collector
) -> None:
    record = run()
    request = collector.named("POST /api/v1/tools/{tool}/runs")
    assert (request.parent, request.kind) == ("", 2), "the span of a server, with none around it"
    [running] = inside(collector, request)
    assert running.name == "run"
    assert [span.name for span in inside(collector, running)] == [
        "prepare",
        "observe",
        "decide",
        "reply",
        "keep",
    ]
    assert {span.trace for span in (request, running, *inside(collector, running))} == {
        request.trace
    }
    usage = record["usage"]
    assert isinstance(usage, dict)
    assert running.facts == {
        "visiontools.tool": "shelf",
        "visiontools.outcome": record["outcome"],
        "visiontools.reused": False,
        "visiontools.attempts": 2,
        "visiontools.input_tokens": usage["input_tokens"],
        "visiontools.output_tokens": usage["output_tokens"],
        "visiontools.guard_input": "off",
        "visiontools.guard_output": "off",
        "visiontools.endpoint": "box",
        "visiontools.model": "scripted",
    }
    assert usage["input_tokens"] > 0
    assert collector.named("observe").facts == {"visiontools.detail": "box"}
    assert request.facts["http.route"] == "/api/v1/tools/{tool}/runs"
    assert request.facts["http.response.status_code"] == 200
    assert request.sender["service.name"] == "visiontools"
    assert {span.name for span in collector.spans if not span.parent} == {
        request.name,
        "GET /records",
        "GET /records/{record_id}",
    }, "those who watch would drown the others"


def test_the_operators_guide_names_every_span_and_what_a_run_carries(
    run: Run, collector: Collector
) -> None:
    run()
    section = GUIDE.partition("### Traces")[2].partition("### Logs")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`(\w+)`", " ".join(rows)))
    steps = set(get_args(get_type_hints(Step)["name"])) - {"repair"}  # which takes no time itself
    assert named == {"run", *steps}
    running = collector.named("run")
    assert {span.name for span in inside(collector, running)} <= steps
    carried = {name for span in collector.spans for name in span.facts}
    own = {name for name in carried if name.startswith("visiontools.")}
    assert set(re.findall(r"`(visiontools\.\w+)`", section)) == own


def test_the_operators_guide_names_every_metric() -> None:
    section = GUIDE.partition("### Metrics")[2].partition("### Traces")[0]
    named = re.findall(r"^\| `(visiontools_\w+)`", section, re.MULTILINE)
    told = Metrics(lambda: 0).exposition(None)[0].decode()
    counted = re.findall(r"^# TYPE (\w+) ", told, re.MULTILINE)
    assert sorted(named) == sorted(name for name in counted if not name.endswith("_created"))


def test_no_span_holds_what_a_person_or_a_model_said(
    run: Run, collector: Collector, png: bytes
) -> None:
    record = run()
    for secret in (QUESTION, "quince", "Wilhelmina", "wilhelmina", "apple", "not-to-be-told"):
        assert secret.encode() not in collector.raw, secret
    assert str(record["id"]).encode() not in collector.raw, "an address is told by its route"
    assert png[:64] not in collector.raw


def test_the_span_of_a_request_joins_the_callers(run: Run, collector: Collector) -> None:
    run({"traceparent": CALLER})
    request = collector.named("POST /api/v1/tools/{tool}/runs")
    assert (request.trace, request.parent) == (CALLER[3:35], CALLER[36:52])
    assert collector.named("GET /records").trace != request.trace


def test_what_fails_is_marked_by_its_kind_alone(
    opened: Open, model: ModelServer, png: bytes, collector: Collector
) -> None:
    model.say_raw("I see a quince.")
    with served(opened) as client:
        client.post("/api/v1/tools/shelf/runs", files=[("picture", (FILE, png))])
        client.get("/nowhere/quince")
    assert collector.named("observe").failed
    assert collector.named("observe").facts["error.type"] == "InvalidAnswerError"
    assert collector.named("run").facts["visiontools.outcome"] == "invalid"
    assert not collector.named("run").failed, "it has its record, as it should"
    lost = collector.named("GET")
    assert (lost.failed, lost.facts["http.response.status_code"]) == (False, 404)
    assert b"quince" not in collector.raw


def test_a_collector_that_is_gone_keeps_nobody_from_an_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")
    assert run()["outcome"] == "answered"


def test_without_a_collector_nothing_of_it_is_imported() -> None:
    code = (
        "import sys\n"
        "from fastapi.testclient import TestClient\n"
        "from visiontools.doors.web.app import create_app\n"
        "from visiontools.settings import Settings\n"
        "with TestClient(create_app(Settings()), base_url='http://localhost') as client:\n"
        "    assert client.get('/healthz').status_code == 200\n"
        "names = ('opentelemetry.sdk', 'opentelemetry.exporter', 'visiontools.telemetry.otlp')\n"
        "print([name for name in sys.modules if name.startswith(names)])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_protocol_that_is_not_spoken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    app = create_app(Settings())
    with pytest.raises(ConfigurationError, match="http/protobuf only"):
        async with app.router.lifespan_context(app):
            raise AssertionError("it must not begin to serve")


def test_where_everything_stays_here_spans_do_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318")
    with pytest.raises(ConfigurationError, match="names a collector elsewhere"):
        create_app(Settings(local_only=True))


async def test_a_missing_extra_is_said_and_served_without(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    monkeypatch.delitem(sys.modules, "visiontools.telemetry.otlp", raising=False)
    app = create_app(Settings())
    async with app.router.lifespan_context(app):
        assert not app.state.tracing.on
    assert "pip install 'visiontools[telemetry]'" in caplog.text
