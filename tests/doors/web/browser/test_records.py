"""Records in the browser: found, put right, compared, deleted."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.doors.web.browser.conftest import Open


def sample(page: Page) -> str:
    page.locator(".sample").first.click()
    made = page.locator("#answer .vt-card")
    expect(made).to_be_visible()
    return str(made.get_attribute("data-record"))


def test_what_was_seen_is_put_right_and_compared(opened: Open) -> None:
    page = opened("/tools/car_damage")
    first = sample(page)
    page.locator("#answer").get_by_role("link", name="Put right").click()
    damages = page.get_by_role("group", name="Damage", exact=True)
    damages.nth(0).get_by_label("Depth").select_option("shallow")
    page.get_by_role("button", name="Decide anew").click()
    expect(page.get_by_text("What was put right")).to_be_visible()
    expect(page.locator(".evidence")).to_contain_text("damages 1, depth")
    assert first not in page.url
    page.get_by_role("link", name="Records").first.click()
    boxes = page.locator(".records input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("tbody").first).to_contain_text("shallow")
    expect(page.locator(".vt-card")).to_have_count(2)


def test_a_record_is_found_by_a_word_and_deleted(opened: Open) -> None:
    page = opened("/tools/fridge")
    made = sample(page)
    page.goto("/records")
    page.get_by_label("Words").fill("lettuce")
    page.keyboard.press("Enter")
    page.locator(f'.records a[href="/records/{made}"]').click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status")).to_contain_text("It is deleted for good.")
    expect(page.get_by_text("There are no records yet.")).to_be_visible()
