"""What the server writes to standard error, as whoever runs it reads it."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from visiontools.doors.web.logs import JsonLines
from visiontools.testing.model_server import ModelServer

Start = Callable[..., Any]

GUIDE = (Path(__file__).parents[2] / "docs" / "operate.md").read_text("utf-8")
QUESTION = "Where is the quince of Wilhelmina?"
FILE = "wilhelminas-kitchen.png"
SEEN = {"things": [{"name": "damson", "count": 3}]}
REPLY = {"text": "Among the damsons, Wilhelmina.", "grounds": ["/things/0/name"]}
SAID = ("quince", "ilhelmina", "damson", "key-of-the-box", "vt_wrong", "searched", "hunter2")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def _logged(
    home: Path, start: Start, picture: str, shelf: str, *args: str
) -> tuple[list[str], Any]:
    """Serve, do what people and strangers do, stop; the lines it wrote, and the record."""
    with ModelServer() as model:
        model.say(SEEN).say(REPLY)
        (home / "visiontools.toml").write_text(
            f'default_endpoint = "box"\n[endpoints.box]\nurl = "{model.url}"\n'
            'model = "scripted"\nkey_env = "BOX_KEY"\n'
        )
        with start("serve", "--port", "0", *args) as running:
            try:
                assert running.stderr is not None
                first: list[str] = []
                while not (address := re.findall(r"http://[0-9.:]+/", "".join(first))):
                    first.append(running.stderr.readline())
                    assert first[-1], first
                record = _visited(address[0], (home / picture).read_bytes(), shelf)
                running.send_signal(signal.SIGTERM)
                out, rest = running.communicate(timeout=30)
            finally:
                running.kill()
    assert (running.returncode, out) == (0, "")
    return "".join([*first, rest]).splitlines(), record


def _visited(address: str, picture: bytes, shelf: str) -> Any:
    form = {"picture": (FILE, picture), "ask": (None, QUESTION)}
    named = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    with httpx2.Client(base_url=address, timeout=30) as client:
        done = client.post(f"/api/v1/tools/{shelf}/runs", files=form, headers=named)
        assert done.status_code == 200, done.text
        assert re.fullmatch(r"[0-9a-f]{32}", done.headers["X-Request-Id"])
        record = done.json()
        for path in (
            "/healthz",
            "/records?words=searched-for-quince",
            f"/records/{record['id']}",
            f"/api/v1/records/{record['id']}/pictures/1",
            "/api/v1/records?words=searched-for-quince",
            "/nowhere/searched-for-quince",
            "/static/searched-for-quince",
        ):
            client.get(path)
        client.get("/api/v1/tools", headers={"Authorization": "Bearer vt_wrong"})
        client.post("/sign-in", data={"name": "Wilhelmina", "password": "hunter2"})
        client.post(f"/api/v1/tools/{shelf}/runs", content=b"quince")
        client.get("/", headers={"Host": "quince.example"})
    return record


@pytest.fixture(autouse=True)
def _a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOX_KEY", "key-of-the-box")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "some-project")


def test_json_is_one_object_a_line_with_what_an_operator_needs_and_no_content(
    home: Path, start: Start, picture: str, shelf: str
) -> None:
    lines, record = _logged(home, start, picture, shelf, "--log-format", "json")
    told = [json.loads(line) for line in lines]
    for each in told:
        assert each["severity"] in ("INFO", "WARNING", "ERROR")
        assert dt.datetime.fromisoformat(each["time"]).tzinfo is not None
        assert each["message"]
    assert any(each["message"].startswith("visiontools is at http://") for each in told)
    requests = [each for each in told if "httpRequest" in each]
    assert [(each["method"], each["route"], each["status"]) for each in requests] == [
        ("POST", "/api/v1/tools/{tool}/runs", 200),
        ("GET", "/records", 200),
        ("GET", "/records/{record_id}", 200),
        ("GET", "/api/v1/records/{record_id}/pictures/{number}", 200),
        ("GET", "/api/v1/records", 200),
        ("GET", "", 404),
        ("GET", "/static/{path}", 404),
        ("GET", "", 401),
        ("POST", "/sign-in", 404),
        ("POST", "/api/v1/tools/{tool}/runs", 415),
        ("GET", "", 421),
    ], "all but those who watch"
    [run] = [each for each in told if "outcome" in each]
    usage = record["usage"]
    assert {name: run[name] for name in ("tool", "outcome", "endpoint", "model", "user")} == {
        "tool": "shelf",
        "outcome": record["outcome"],
        "endpoint": "box",
        "model": "scripted",
        "user": "local",
    }
    assert (run["input_tokens"], run["output_tokens"]) == tuple(usage.values())
    assert 0 < run["duration_ms"] <= requests[0]["duration_ms"]
    assert run["request_id"] == requests[0]["request_id"] != requests[1]["request_id"]
    trace = f"projects/some-project/traces/{TRACE}"
    assert run["logging.googleapis.com/trace"] == trace
    assert requests[0]["logging.googleapis.com/trace"] == trace
    assert "logging.googleapis.com/trace" not in requests[1]
    assert requests[0]["httpRequest"]["requestMethod"] == "POST"
    assert requests[0]["httpRequest"]["latency"].endswith("s")
    assert any(each["logger"] == "uvicorn.error" for each in told), "its own lines go this way"
    _no_content("\n".join(lines), record)
    section = GUIDE.partition("### Logs")[2].partition("## 8.")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([\w./]+)`", "".join(rows))) == set().union(*told)


def test_text_is_for_people_and_holds_no_content_either(
    home: Path, start: Start, picture: str, shelf: str
) -> None:
    lines, record = _logged(home, start, picture, shelf, "--log-format", "text")
    text = "\n".join(lines)
    assert re.search(r"Z INFO Ran shelf: answered .*outcome=answered .*endpoint=box", text)
    assert re.search(r"Z INFO GET /records/\{record_id\}: 200 method=GET .*request_id=", text)
    _no_content(text, record)


def test_unless_asked_for_there_are_no_lines(
    home: Path, start: Start, picture: str, shelf: str
) -> None:
    lines, record = _logged(home, start, picture, shelf)
    assert len(lines) == 1, lines
    _no_content("\n".join(lines), record)


def _no_content(text: str, record: Any) -> None:
    for said in SAID:
        assert said not in text, said
    assert record["id"] not in text
    assert FILE not in text


def _line(name: str, message: Any, *args: Any, fault: BaseException | None = None) -> Any:
    info = (type(fault), fault, fault.__traceback__) if fault else None
    record = logging.LogRecord(name, logging.ERROR, "/x/socket.py", 315, message, args, info)
    return json.loads(JsonLines().format(record))


def test_a_fault_is_told_by_its_kind_and_place_never_by_its_words() -> None:
    words = "the quince of Wilhelmina"
    try:
        raise ValueError(words)
    except ValueError as error:
        told = _line("visiontools.doors", "It went wrong.", fault=error)
        foreign = _line("chainlit", error, fault=error)
    assert told["message"].startswith("It went wrong.\nValueError\n")
    assert "in test_a_fault_is_told" in told["message"]
    assert foreign["message"].startswith("chainlit logged something at socket.py:315\nValueError")
    assert "Wilhelmina" not in told["message"] + foreign["message"]


@pytest.mark.parametrize(
    ("name", "message", "args", "told"),
    [
        ("uvicorn.error", "Started server process [%d]", (7,), "Started server process [7]"),
        ("uvicorn.error", '%s - "WebSocket %s"', ("::1", "/q?quince"), '… - "WebSocket …"'),
        ("opentelemetry.sdk", "Failed: %(why)s", ({"why": "quince"},), "Failed: %(why)s"),
        ("uvicorn.error", "%d of %d", ("quince", 2), "%d of %d"),
        ("asyncio", "quince", (), "asyncio logged something at socket.py:315"),
    ],
)
def test_a_librarys_words_are_told_without_what_was_filled_in(
    name: str, message: str, args: tuple[Any, ...], told: str
) -> None:
    assert _line(name, message, *args)["message"] == told
