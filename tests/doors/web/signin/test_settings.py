"""Settings of signing in that make no sense are said before anything is served."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from visiontools.doors.identity import SCOPES
from visiontools.doors.web.signin.passwords import SHORTEST
from visiontools.errors import ConfigurationError
from visiontools.settings import Settings

_OIDC = """
[web]
sign_in = "oidc"
public_url = "https://vision.example.com"
[web.oidc]
issuer = "https://login.example.com"
client_id = "visiontools"
domains = ["example.com"]
"""


def _load(home: Any, text: str) -> Settings:
    (home / "visiontools.toml").write_text(text)
    return Settings.load()


def test_sensible_ones_are_taken(home: Any) -> None:
    web = _load(home, _OIDC).web
    assert web.oidc is not None
    assert web.hosts == ("vision.example.com",)
    assert _load(home, '[web]\nsign_in = "password"\n').web.sign_in == "password"
    audience = "/projects/123/locations/europe-west1/services/vision"
    web = _load(home, f'[web]\nsign_in = "iap"\n[web.iap]\naudience = "{audience}"\n').web
    assert web.iap is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[web]\nsign_in = "magic"\n', "'none', 'password', 'oidc' or 'iap'"),
        ('[web]\nsign_in = "oidc"\n', "needs a table [web.oidc]"),
        (_OIDC.replace('public_url = "https://vision.example.com"', ""), "and public_url"),
        (_OIDC.replace("https://login", "http://login"), "must begin with https://"),
        (_OIDC.replace("login.example.com", "login.example.com?a=b"), "must have no ?"),
        (_OIDC.replace("https://login.example.com", "https://[x"), "is not an address"),
        (_OIDC.replace('domains = ["example.com"]', ""), "say who may come in"),
        (_OIDC + "anybody = true\n", "say who may come in"),
        (_OIDC.replace("vision.example.com", "vision.example.com/path"), "must end after the host"),
        ('[web]\nsign_in = "iap"\n', "needs a table [web.iap]"),
        ('[web.iap]\naudience = "my-project"\n', "is no audience of IAP"),
        ('[web]\ntrusted_proxies = ["proxy"]\n', "is no address or network"),
        ('[web]\ntrusted_proxies = ["*"]\n', "is no address or network"),
        ("[web]\nsession_hours = 0\n", "greater than 0"),
    ],
)
def test_others_are_refused_with_what_to_put_right(home: Any, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        _load(home, text)
    assert told in str(refused.value)


def test_with_sign_in_other_machines_may_be_listened_for(cli: Any, home: Any, start: Any) -> None:
    refused = cli("serve", "--host", "0.0.0.0")
    assert refused.status == 2
    assert "Set web.sign_in" in refused.err
    (home / "visiontools.toml").write_text('[web]\nsign_in = "password"\n')
    with start("serve", "--host", "0.0.0.0", "--port", "0") as running:
        assert running.stderr is not None
        assert "visiontools is at http://0.0.0.0:" in running.stderr.readline()
        running.terminate()


def test_every_example_in_the_guide_is_taken(home: Any) -> None:
    text = (Path(__file__).parents[4] / "docs" / "sign-in.md").read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert [_load(home, block).web.sign_in for block in blocks] == ["password", "oidc", "iap"]
    web = _load(home, "").web
    assert (web.session_idle_hours, web.session_hours) == (2, 12)
    assert f"It needs {SHORTEST} characters" in text
    assert all(f"| `{scope}` |" in text for scope in SCOPES)
