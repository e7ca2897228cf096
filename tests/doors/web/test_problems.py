"""What a browser is shown where there is nothing to show, and what programs get there."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from visiontools.doors.web.app import create_app
from visiontools.settings import Settings

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
WHERE_NEXT = ('<a href="/">To the workbench</a>', '<a href="/records">To the records</a>')


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "said"),
    [
        ("GET", "/nowhere", {}, 404, "There is nothing at /nowhere."),
        ("GET", "/static/nothing.css", {}, 404, "There is nothing at /static/nothing.css."),
        ("PUT", "/records", {}, 405, "/records does not take PUT."),
        ("POST", "/tools/diet", {"Origin": "http://evil.example"}, 403, "page of another site"),
        ("POST", "/tools/diet", {"Content-Length": "999999999"}, 413, "larger than 20,000,000"),
        ("GET", "/<script>alert(1)</script>", {}, 404, "&lt;script&gt;"),
    ],
)
def test_a_browser_is_shown_a_page_that_leads_on(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int, said: str
) -> None:
    shown = client.request(method, path, headers={**BROWSER, **headers})
    assert shown.status_code == status
    assert shown.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in shown.headers["content-security-policy"]
    assert said in shown.text
    for link in WHERE_NEXT:
        assert link in shown.text
    assert "<script>" not in shown.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "*/*"},
        {"Accept": "application/json"},
        {"Accept": "application/json, text/html;q=0.5"},
        {"Accept": "text/html;q=0"},
        {**BROWSER, "Sec-Fetch-Mode": "cors"},
    ],
)
def test_who_is_no_browser_gets_a_sentence(client: TestClient, headers: dict[str, str]) -> None:
    told = client.get("/nowhere", headers=headers)
    assert told.headers["content-type"].startswith("text/plain")
    assert told.text == "There is nothing at /nowhere. Start at /"


def test_below_the_api_it_stays_a_problem_for_browsers_too(client: TestClient) -> None:
    for path in ("/api/v1/nowhere", "/metrics/nowhere"):
        told = client.get(path, headers=BROWSER)
        assert told.status_code == 404
        assert told.headers["content-type"] == "application/problem+json"


def test_what_a_browser_needs_to_know_is_in_the_headers(client: TestClient) -> None:
    wrong = client.put("/records", headers=BROWSER)
    assert wrong.headers["allow"] == "GET"
    large = client.post("/records", headers={**BROWSER, "Content-Length": "999999999"})
    assert large.headers["connection"] == "close"


def test_whom_a_wrong_name_led_here_gets_a_sentence(client: TestClient) -> None:
    told = client.get("/", headers={**BROWSER, "Host": "evil.example"})
    assert (told.status_code, told.headers["content-type"]) == (421, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("referer", "led_to"),
    [
        ("http://localhost/records?tool=diet", "/sign-in?to=/records%3Ftool%3Ddiet"),
        ("http://localhost/", "/sign-in"),
        ("http://evil.example/records", "/sign-in"),
        ("http://localhost//evil.example", "/sign-in"),
        ("http://localhost/sign-in?to=/x", "/sign-in"),
        ("http://[", "/sign-in"),
        ("", "/sign-in"),
    ],
)
def test_a_form_whose_sign_in_has_ended_leads_to_it_and_back(
    home: Path, referer: str, led_to: str
) -> None:
    app = create_app(Settings(web={"sign_in": "password"}))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        shown = client.post("/tools/diet", headers={**BROWSER, "Referer": referer})
    assert shown.status_code == 401
    assert "Your sign-in has ended" in shown.text
    assert f'<a class="button main" href="{led_to}">Sign in</a>' in shown.text
