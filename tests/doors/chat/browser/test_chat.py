"""The chat as a person uses it: from the first click to coming back another day."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.doors.web.browser.conftest import QUESTION, SAID, Open
from tests.doors.web.browser.test_everybody import faults

from visiontools.testing.model_server import ModelServer

_LOADS_WITHIN_MS = 60_000


def pick(page: Page, mode: str, option: str) -> None:
    page.click(f"#mode-picker-trigger-{mode}")
    page.locator(f"#mode-picker-popover-{mode}").get_by_text(option, exact=True).click()


def send(page: Page, text: str) -> None:
    page.fill("#chat-input", text) if text else None
    page.click("#chat-submit:not([disabled])")


def test_from_the_first_click_to_coming_back(
    opened: Open, fridge: ModelServer, photo: Path
) -> None:
    page = opened("/chat", model=fridge.url)
    page.locator("#chat-input").wait_for(timeout=_LOADS_WITHIN_MS)
    pick(page, "tool", "Know Your Fridge")
    page.set_input_files("#upload-button-input", photo)
    pick(page, "endpoint", "box")  # what is attached stays attached
    page.locator("#chat-submit:not([disabled])").wait_for()
    page.click("#chat-submit")

    card = page.locator(".vt-card")
    expect(card).to_have_attribute("data-tool", "fridge")
    expect(card.get_by_text("Cheese omelette").first).to_be_visible()
    expect(page.locator(".inline-image")).to_have_attribute("src", re.compile("^/api/v1/records/"))

    page.locator("#chat-input").click()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(card).to_have_count(2)
    expect(card.last.get_by_text(SAID["text"])).to_be_visible()
    page.locator(".positive-feedback-off").last.click()
    page.get_by_role("button", name="Submit feedback").click()
    expect(page.locator("#thread-history")).to_contain_text("Know Your Fridge")

    expect(page.locator(".positive-feedback-on")).to_be_visible()

    page.reload()
    expect(card).to_have_count(2)
    expect(card.first.get_by_text("Cheese omelette").first).to_be_visible()
    expect(page.locator("#mode-picker-trigger-tool")).to_have_text("Know Your Fridge")
    expect(page.locator(".positive-feedback-on")).to_be_visible()
    width = page.locator(".inline-image").evaluate("image => image.naturalWidth")
    assert width == 640


def test_a_text_is_attached_read_and_comes_back(
    opened: Open, model: ModelServer, tmp_path: Path
) -> None:
    model.say_raw("{}")
    thread = tmp_path / "thread.eml"
    thread.write_text("From: Ann <ann@example.org>\nSubject: Friday\n\nShall we meet on Friday?\n")
    page = opened("/chat/", model=model.url)
    page.locator("#chat-input").wait_for(timeout=_LOADS_WITHIN_MS)
    pick(page, "tool", "Messages")
    pick(page, "endpoint", "box")
    page.set_input_files("#upload-button-input", thread)
    page.locator("#chat-submit:not([disabled])").click()
    expect(page.locator(".vt-card")).to_have_attribute("data-tool", "messages")
    file = page.get_by_role("link", name="thread.eml")
    expect(file).to_have_attribute("href", re.compile("^/records/"))
    page.reload()
    expect(page.locator(".vt-card")).to_be_visible()
    expect(file).to_have_attribute("href", re.compile("^/records/"))
    with page.expect_popup() as opened_beside:
        file.click()
    expect(opened_beside.value.get_by_role("heading", name="Messages").first).to_be_visible()
    assert "Shall we meet on Friday?" in model.requests[0].text


def test_it_fits_a_telephone_and_stops(opened: Open, model: ModelServer, photo: Path) -> None:
    model.hang()
    page = opened("/chat/", model=model.url, viewport={"width": 390, "height": 780})
    page.locator("#chat-input").wait_for(timeout=_LOADS_WITHIN_MS)
    pick(page, "tool", "Know Your Fridge")
    pick(page, "endpoint", "box")
    page.set_input_files("#upload-button-input", photo)
    page.locator("#chat-submit:not([disabled])").click()
    expect(page.get_by_text("Looking at the picture, box")).to_be_visible()
    assert model.arrived.wait(30)
    page.click("#stop-button")
    expect(page.locator(".vt-card")).to_have_attribute("data-outcome", "cancelled")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_axe_finds_no_serious_fault(opened: Open, fridge: ModelServer, photo: Path) -> None:
    page = opened("/chat/", model=fridge.url)
    page.locator("#chat-input:not([disabled])").wait_for(timeout=_LOADS_WITHIN_MS)
    found = faults(page)
    pick(page, "tool", "Know Your Fridge")
    pick(page, "endpoint", "box")
    page.set_input_files("#upload-button-input", photo)
    submit = page.locator("#chat-submit:not([disabled])")
    submit.wait_for()
    found += faults(page)  # with a picture to take off again
    submit.click()
    expect(page.locator(".vt-card")).to_be_visible()
    expect(page.locator(".positive-feedback-off")).to_be_visible()
    page.locator(".vt-card").hover()
    page.mouse.wheel(0, -3000)
    expect(page.get_by_role("button", name="To the end")).to_be_visible()
    page.locator("#chat-input:not([disabled])").wait_for()
    assert [*found, *faults(page)] == []
