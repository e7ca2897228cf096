"""Signing in, changing the password and signing out in a real browser, by keyboard alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.doors.web.browser.conftest import Open
from tests.doors.web.browser.test_everybody import TELEPHONE, faults

PASSWORD = "correct horse battery staple"
ANOTHER = "another horse battery"


def _users(*args: str) -> None:
    """The command in a process of its own: the browser's driver has this one's event loop."""
    program = "from visiontools.doors.cli import main; main()"
    command = [sys.executable, "-c", program, "users", *args]
    subprocess.run(command, input=PASSWORD, text=True, check=True, timeout=60)


@pytest.fixture
def ada(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Somebody who signs in by password."""
    monkeypatch.setenv("VISIONTOOLS_WEB", '{"sign_in": "password"}')
    name = "ada.lovelace@analytical-engine.example.com"
    _users("add", name, "--password-stdin")
    return name


def test_a_person_signs_in_changes_the_password_and_leaves(opened: Open, ada: str) -> None:
    page = opened("/records?tool=diet", viewport=TELEPHONE)

    def types(*words: str) -> None:
        for word in words[:-1]:
            page.keyboard.type(word)
            page.keyboard.press("Tab")
        page.keyboard.type(words[-1])
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert faults(page) == []
    types(ada, "not the password")
    expect(page.get_by_role("alert")).to_have_text("The name or the password is not right.")
    assert faults(page) == []
    types(PASSWORD)  # the name is still there
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    assert page.url.endswith("/records?tool=diet")
    page.get_by_role("link", name=ada).press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    assert faults(page) == []
    page.get_by_label("The one you have").focus()
    types(PASSWORD, ANOTHER, ANOTHER)
    expect(page.get_by_role("status")).to_contain_text("The password is changed.")
    assert page.evaluate("document.cookie") == ""  # out of reach of scripts
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_workbench_works_for_whoever_is_signed_in(opened: Open, ada: str) -> None:
    page = opened("/tools/diet")
    page.get_by_label("Name").fill(ada)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/tools/diet")
    page.locator(".sample").first.click()
    expect(page.locator("#answer .vt-card")).to_be_visible()
    _users("disable", ada)
    page.locator(".sample").first.click()
    expect(page.locator("#problem")).to_contain_text("Your sign-in has ended.")
    again = page.get_by_role("link", name="Sign in again")
    expect(again).to_have_attribute("href", "/sign-in?to=%2Ftools%2Fdiet")


def test_a_form_sent_after_the_sign_in_has_ended_leads_back_to_its_page(
    opened: Open, ada: str
) -> None:
    page = opened("/tools/diet", java_script_enabled=False)
    page.get_by_label("Name").fill(ada)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/tools/diet")
    page.context.clear_cookies()
    page.locator(".sample").first.click()
    expect(page.get_by_role("heading", name="Your sign-in has ended")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill(ada)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/tools/diet")
