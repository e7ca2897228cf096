"""What reaches the chat over HTTP: what its page needs, within our limits, and nothing else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from socketio.exceptions import ConnectionError as RefusedError
from starlette.types import Scope
from tests.doors.chat.conftest import Served
from tests.doors.chat.wire import Browser, chat_of, connected, until

from visiontools.testing.site import Site

NOTHING = (
    ("POST", "/login"),
    ("POST", "/logout"),
    ("POST", "/auth/jwt"),
    ("POST", "/auth/header"),
    ("GET", "/auth/oauth/google"),
    ("POST", "/mcp"),
    ("DELETE", "/mcp"),
    ("POST", "/project/action"),
    ("PUT", "/project/element"),
    ("DELETE", "/project/element"),
    ("PUT", "/project/thread/share"),
    ("GET", "/project/share/11111111-1111-4111-8111-111111111111"),
    ("GET", "/project/thread/11111111-1111-4111-8111-111111111111"),
    ("GET", "/public/elements/x.jsx"),
    ("GET", "/copilot/index.js"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/health"),
    ("GET", "/env"),
    ("GET", "/share/11111111-1111-4111-8111-111111111111"),
    ("GET", "/assets/../index.html"),
    ("GET", "/ours/../page.py"),
    ("GET", "/thread/no-uuid"),
    ("GET", "/ws/socket.io/?EIO=4&transport=polling"),
    ("POST", "/ws/socket.io/?EIO=4&transport=polling"),
)


@pytest.fixture
async def browser(site: Site) -> Browser:
    """A person whose chat is loaded, without a socket."""
    browser = Browser(site)
    await browser.request("POST", "/project/threads", json={})  # what is no page waits for that
    return browser


async def test_the_page_asks_nobody_else(browser: Browser) -> None:
    page = await browser.request("GET", "/")
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert page.status_code == 200
    assert all(address.startswith("/") for address in addresses)
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    for address in addresses:
        part = await browser.request("GET", address.removeprefix("/chat"))
        if address.startswith("/chat/"):
            assert part.status_code == 200, address


async def test_scripts_are_kept_by_browsers_and_come_compressed(browser: Browser) -> None:
    page = await browser.request("GET", "/")
    (script,) = re.findall(r'src="/chat(/assets/[^"]*)"', page.text)
    sent = await browser.request("GET", script)
    assert sent.headers["content-encoding"] == "gzip"
    assert "immutable" in sent.headers["cache-control"]
    assert (await browser.request("GET", f"{script}.map")).status_code == 404


async def test_what_the_page_does_not_need_is_not_there(browser: Browser) -> None:
    answers = [(each, (await browser.request(*each)).status_code) for each in NOTHING]
    assert [each for each, status in answers if status != 404] == []


async def test_who_it_is_we_say_and_no_cookie(browser: Browser) -> None:
    signed_in = await browser.request("GET", "/auth/config")
    user = await browser.request("GET", "/user", headers={"Cookie": "access_token=forged"})
    sticky = await browser.request("POST", "/set-session-cookie", json={"session_id": "x"})
    assert signed_in.json()["requireLogin"] is True
    assert user.json()["identifier"] == "local"
    assert all("set-cookie" not in answer.headers for answer in (signed_in, user, sticky))


async def test_settings_leave_nothing_open(browser: Browser) -> None:
    told = (await browser.request("GET", "/project/settings?language=en-US")).json()
    features = told["features"]
    assert features["mcp"]["enabled"] is False
    assert features["unsafe_allow_html"] is False
    assert features["edit_message"] is False
    assert features["latex"] is False
    assert told["dataPersistence"] is True
    assert told["threadResumable"] is True


async def nobody(scope: Scope) -> None:
    return None


async def test_who_signs_out_is_heard_no_more(site: Site) -> None:
    """A connection stands for hours: that somebody was known when it was made is not enough."""
    here: list[str | None] = ["ann"]

    async def owner_of(scope: Scope) -> str | None:
        return here[0]

    chat_of(site).owner_of = owner_of
    async with Browser(site) as browser:
        await browser.say("Still here.")
        here[0] = None
        since = await browser.begin("And now?")
        await until(lambda: browser.gone)
    assert "new_message" not in [name for name, _ in browser.events[since:]]


async def test_nobody_is_served_who_is_not_signed_in(browser: Browser) -> None:
    chat_of(browser.site).owner_of = nobody
    assert (await browser.request("GET", "/")).headers["location"] == "/"
    assert (await browser.request("GET", "/user")).status_code == 401
    assert (await browser.request("POST", "/project/file")).status_code == 401
    with pytest.raises(RefusedError):
        await browser.__aenter__()


async def test_pages_of_others_cannot_open_the_socket(site: Site) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        with pytest.raises(RefusedError):
            await Browser(site, origin=origin).__aenter__()


async def test_our_own_page_can_open_it(site: Site) -> None:
    async with Browser(site, origin=site.url) as browser:
        await browser.heard("set_modes")


async def test_the_socket_is_a_websocket_from_the_start(site: Site) -> None:
    with pytest.raises(RefusedError):
        async with connected(site, transport="polling"):
            pass


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


NO_PICTURES = {
    b"": "empty",
    b"\x00\x01\x02": "no picture",
    SVG: "SVG drawing",
    b"<html><script>alert(1)</script>": "web page",
    b"%PDF-1.4": "PDF",
}


async def test_what_is_no_picture_is_refused_whatever_it_is_called(browser: Browser) -> None:
    for data, why in NO_PICTURES.items():
        file = {"file": ("photo.png", data, "image/png")}
        answer = await browser.request("POST", "/project/file", files=file)
        assert answer.status_code == 422
        assert why in answer.json()["detail"]


FORM = "multipart/form-data; boundary=x"
NO_UPLOADS = (
    (b"", FORM),
    (b"--x\r\nnonsense", FORM),
    (b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n', FORM),
    (b"{}", "application/json"),
    (b"file=1", "application/x-www-form-urlencoded"),
    (b"--x--\r\n", "multipart/form-data"),
)


async def test_uploads_that_are_none_are_refused(browser: Browser) -> None:
    for body, kind in NO_UPLOADS:
        headers = {"Content-Type": kind}
        answer = await browser.request("POST", "/project/file", content=body, headers=headers)
        assert 400 <= answer.status_code < 500, body


async def test_an_upload_is_held_to_its_limit_while_it_is_read(served: Served, png: bytes) -> None:
    browser = Browser(served(max_request_bytes=50_000))

    async def pieces() -> AsyncIterator[bytes]:
        """So that nothing says beforehand how long it will be."""
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        yield png + bytes(50_000)
        yield b"\r\n--x--\r\n"

    headers = {"Content-Type": FORM}
    answer = await browser.request("POST", "/project/file", content=pieces(), headers=headers)
    assert answer.status_code == 413


async def test_a_file_is_held_to_the_limit_of_one(
    served: Served, png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_MAX_UPLOAD_BYTES", "500")
    file = {"file": ("photo.png", png, "image/png")}
    answer = await Browser(served()).request("POST", "/project/file", files=file)
    assert answer.status_code == 413


async def test_an_attached_picture_is_shown_as_nothing_but_a_picture(
    browser: Browser, png: bytes
) -> None:
    file = await browser.attach(png, "../../<b>.html")
    shown = await browser.request("GET", f"/project/file/{file}")
    assert shown.content == png
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]


async def test_ratings_that_are_none_are_refused(browser: Browser) -> None:
    for body in (b"", b"[]", b"{}", b'{"feedback": {"forId": "x", "value": 7}}', b"x" * 100_001):
        assert (await browser.request("PUT", "/feedback", content=body)).status_code == 422
        assert (await browser.request("DELETE", "/feedback", content=body)).status_code == 422


async def test_a_cursor_that_is_none_is_refused(browser: Browser) -> None:
    page = {"pagination": {"first": 9, "cursor": "' OR 1=1"}, "filter": {}}
    assert (await browser.request("POST", "/project/threads", json=page)).status_code == 422
