"""What a browser does when somebody signs in: keeps cookies, sends forms, says where it is."""

from __future__ import annotations

import re
from typing import Any

import httpx2

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Browser(httpx2.Client):
    """Requests as a page of the server makes them."""

    def send_form(self, path: str, *, page: str | None = None, **fields: str) -> httpx2.Response:
        """Open the page with the form, fill it in and send it."""
        shown = self.get(page or path)
        token = _TOKEN.search(shown.text)
        assert token is not None, shown.text
        return self.post_form(path, token=token[1], **fields)

    def post_form(self, path: str, **fields: str) -> httpx2.Response:
        origin = str(self.base_url).rstrip("/")
        return self.post(path, data=fields, headers={"Origin": origin})

    def sign_in(self, name: str, password: str, **more: str) -> httpx2.Response:
        return self.send_form("/sign-in", name=name, password=password, **more)

    def sign_out(self) -> httpx2.Response:
        return self.post_form("/sign-out")

    def signed_in(self) -> bool:
        """Whether the records are shown, and not the way to sign in."""
        answer = self.get("/api/v1/records")
        assert answer.status_code in (200, 401), answer.text
        return answer.status_code == 200

    def walked(self, path: str, **headers: Any) -> httpx2.Response:
        """As a person who types the address, redirects followed."""
        return self.get(path, headers=headers, follow_redirects=True)
