"""``visiontools keys`` and ``visiontools users`` as an operator uses them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

PASSWORD = b"correct horse battery staple\n"


@pytest.fixture
def ada(cli: Any) -> None:
    assert cli("users", "add", "Ada Lovelace", "--password-stdin", stdin=PASSWORD).status == 0


def test_a_key_is_printed_once_and_kept_nowhere(cli: Any, home: Any) -> None:
    made = cli("keys", "add", "nightly")
    assert made.status == 0
    key = made.out.strip()
    assert re.fullmatch(r"vt_[0-9a-f]{8}_[A-Za-z0-9_-]{43}", key)
    assert "not shown again" in made.err
    assert "read and run" in made.err
    files = [path for path in (home / "data").rglob("*") if path.is_file()]
    assert files
    assert all(key.encode() not in path.read_bytes() for path in files)
    listed = cli("keys", "list")
    assert key not in listed.out
    assert key.split("_")[1] in listed.out  # which key it is can be told from the key


def test_a_key_as_json(cli: Any, ada: None) -> None:
    made = cli(
        "keys", "add", "n", "--user", "ada lovelace", "--scope", "delete", "--days", "3", "--json"
    ).json
    assert made["key"].startswith(f"vt_{made['id'][:8]}_")
    assert (made["user"], made["scopes"]) == ("Ada Lovelace", ["delete"])
    ends = dt.datetime.fromisoformat(made["expires"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=2, hours=23) < ends < dt.timedelta(days=3)
    (listed,) = cli("keys", "list", "--json").json
    assert "key" not in listed
    assert listed["id"] == made["id"]


def test_keys_are_listed_by_user_and_say_what_they_are_worth(cli: Any, ada: None) -> None:
    assert "no keys yet" in cli("keys", "list").out
    cli("keys", "add", "mine", "--forever")
    made = cli("keys", "add", "hers", "--user", "Ada Lovelace", "--json").json
    assert [key["name"] for key in cli("keys", "list", "--json").json] == ["mine", "hers"]
    only = cli("keys", "list", "--user", "local", "--json").json
    assert [(key["name"], key["expires"]) for key in only] == [("mine", None)]
    revoked = cli("keys", "revoke", made["id"])
    assert "The key 'hers' is revoked" in revoked.err
    assert "good for ever" in cli("keys", "list").out
    assert "revoked" in cli("keys", "list", "--user", "Ada Lovelace").out


def test_with_sign_in_a_key_needs_to_be_somebodys(cli: Any, ada: None, home: Any) -> None:
    (home / "visiontools.toml").write_text('[web]\nsign_in = "password"\n')
    nobodys = cli("keys", "add", "n")
    assert nobodys.status == 2
    assert "--user NAME" in nobodys.err
    assert cli("keys", "add", "n", "--user", "local").status == 0
    cli("users", "disable", "Ada Lovelace")
    disabled = cli("keys", "add", "n", "--user", "Ada Lovelace")
    assert disabled.status == 2
    assert "users enable" in disabled.err


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("revoke", "1f2e3d4c"), "names no key"),
        (("add", ""), "1 to 200 characters"),
        (("add", "n", "--user", "nobody"), "There is no user 'nobody'"),
        (("add", "n", "--scope", "everything"), "'everything' is not one of"),
        (("add", "n", "--days", "0"), "0 is not in the range"),
        (("list", "--user", "nobody"), "There is no user 'nobody'"),
    ],
)
def test_what_makes_no_sense_is_said(cli: Any, args: tuple[str, ...], told: str) -> None:
    done = cli("keys", *args)
    assert done.status == 2
    assert told in done.err


def test_behind_iap_it_is_said_that_keys_are_not_looked_at(cli: Any, home: Any) -> None:
    audience = "/projects/1/locations/europe-west1/services/v"
    (home / "visiontools.toml").write_text(
        f'[web]\nsign_in = "iap"\n[web.iap]\naudience = "{audience}"\n'
    )
    assert "no key is looked at" in cli("keys", "add", "n", "--user", "local").err


def test_users_are_added_listed_and_named(cli: Any) -> None:
    assert "no users yet" in cli("users", "list").out
    added = cli("users", "add", "Ada", "--password-stdin", stdin=PASSWORD)
    assert added.status == 0
    assert 'sign_in = "password"' in added.err
    (user,) = cli("users", "list", "--json").json
    assert (user["name"], user["login"], user["disabled"]) == ("Ada", "ada", False)
    assert "password" not in "".join(user)
    assert "active" in cli("users", "list").out
    assert cli("users", "disable", user["id"]).status == 0
    assert "disabled" in cli("users", "list").out
    taken = cli("users", "add", " ADA ", "--password-stdin", stdin=PASSWORD)
    assert taken.status == 2
    assert "already" in taken.err


@pytest.mark.parametrize(
    ("args", "stdin", "told"),
    [
        (("add", "ada"), b"", "--password-stdin"),
        (("add", "ada", "--password-stdin"), b"", "12 characters or more"),
        (("add", "ada", "--password-stdin"), b"short\n", "12 characters or more"),
        (("add", "ada", "--password-stdin"), b"aaaaaaaaaaaaaaaa\n", "same few characters"),
        (("add", "local", "--password-stdin"), PASSWORD, "Choose another name"),
        (("add", "", "--password-stdin"), PASSWORD, "1 to 200 characters"),
        (("password", "ada", "--password-stdin"), PASSWORD, "There is no user 'ada'"),
        (("disable", "ada"), b"", "There is no user 'ada'"),
    ],
)
def test_users_that_cannot_be_are_said(
    cli: Any, args: tuple[str, ...], stdin: bytes, told: str
) -> None:
    done = cli("users", *args, stdin=stdin)
    assert done.status == 2
    assert told in done.err
    assert cli("users", "list", "--json").json == []


def test_a_password_is_typed_unseen(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return PASSWORD.decode().strip()

    monkeypatch.setattr("click.termui.hidden_prompt_func", typed)
    assert cli("users", "add", "ada", typed=True).status == 0
    assert len(asked) == 2
    done = cli("users", "password", "ada", typed=True)
    assert "every session of theirs ended" in done.err
    assert PASSWORD.decode().strip() not in done.err + done.out
