"""The pages for everybody: by keyboard, on a telephone, with a screen reader, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.doors.web.browser.conftest import Open

from visiontools.testing.model_server import ModelServer

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
TELEPHONE = {"width": 390, "height": 844}


def with_records(page: Page) -> str:
    """Make two records, and the address of the newest."""
    page.locator(".sample").first.click()
    expect(page.locator("#answer .vt-card")).to_be_visible()
    page.click('.tools [data-tool="car_damage"]')
    expect(page.locator('#run[data-tool="car_damage"]')).to_be_visible()
    page.locator(".sample").first.click()
    made = page.locator('#answer .vt-card[data-tool="car_damage"]')
    expect(made).to_be_visible()
    return f"/records/{made.get_attribute('data-record')}"


def everywhere(page: Page, record: str) -> list[str]:
    page.goto("/records")
    ids = page.locator(".records input").evaluate_all("all => all.map(each => each.value)")
    compared = f"/records/compare?a={ids[0]}&b={ids[1]}"
    tools = ["/tools/car_damage?looks=person", "/tools/diet?looks=person"]
    below = [f"{record}{page}" for page in ("", "/correct", "/report", "/delete")]
    nothing = ["/records?q=nothing", "/records/none", f"/{'nowhere' * 30}"]
    return [*tools, "/records", compared, *below, *nothing]


SETTLED = """() => Promise.all(
    document.getAnimations()
        .filter((each) => each.effect.getComputedTiming().endTime < Infinity)
        .map((each) => each.finished.catch(() => 0))
)"""


def faults(page: Page, *rules: str) -> list[str]:
    page.evaluate(SETTLED)  # half faded in, anything has too little contrast
    options: dict[str, object] = {"resultTypes": ["violations"], "runOnly": list(rules or RULES)}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url}: {each['id']}: {each['nodes'][0]['html']}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def test_axe_finds_no_serious_fault(opened: Open) -> None:
    page = opened("/tools/fridge")
    record = with_records(page)
    found = faults(page)
    page.emulate_media(color_scheme="dark")  # the same page in other colours
    found += faults(page, "color-contrast")
    page.emulate_media(color_scheme="light")
    for address in everywhere(page, record):
        if not address.endswith(("/report", "/none")):  # as the record, and as any problem
            page.goto(address)
            unfold(page)
            found += faults(page)
    assert found == []


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_nothing_is_wider_than_a_telephone(opened: Open, locale: str) -> None:
    """German has the longest words."""
    page = opened("/tools/flow_diagram", viewport=TELEPHONE, has_touch=True, locale=locale)
    assert page.locator("html").get_attribute("lang") == locale[:2]
    record = with_records(page)
    wide = []
    for address in everywhere(page, record):
        page.goto(address)
        unfold(page)
        if page.evaluate("document.documentElement.scrollWidth") > TELEPHONE["width"]:
            wide.append(address)
    assert wide == []


def test_another_language_is_one_press_away_and_stays(opened: Open) -> None:
    page = opened("/tools/diet")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert page.url.endswith("/tools/diet")
    page.get_by_role("button", name="Antwort holen").click()
    expect(page.get_by_role("alert")).to_contain_text("Noch ist nichts eingereicht.")
    page.get_by_role("link", name="Einträge").click()
    expect(page.get_by_role("heading", name="Einträge")).to_be_visible()
    assert faults(page) == []


def test_a_telephone_offers_its_camera(opened: Open) -> None:
    page = opened("/", viewport=TELEPHONE, has_touch=True, is_mobile=True)
    expect(page.get_by_text("Take a photo")).to_be_visible()
    assert page.locator("#photo").get_attribute("capture") == "environment"


def press_until(page: Page, key: str, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate("sought => document.activeElement.matches(sought)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by {key}")


def test_everything_can_be_done_by_keyboard(opened: Open, fridge: ModelServer) -> None:
    page = opened("/", model=fridge.url)
    press_until(page, "Tab", '.tools [data-tool="fridge"]')
    page.keyboard.press("Enter")
    expect(page.locator("#tray-title")).to_contain_text("an open fridge")
    press_until(page, "Tab", ".sample")
    page.keyboard.press("Enter")
    expect(page.locator("#answer .vt-card")).to_be_visible()
    expect(page.locator("#answer")).to_be_focused()
    press_until(page, "Tab", "#further")
    page.keyboard.type("What goes off first?")
    page.keyboard.press("Enter")
    expect(page.locator("#answer .vt-card")).to_have_count(2)
    press_until(page, "Tab", '.vt-actions a[href*="/records/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/*")
    press_until(page, "Tab", '.vt-actions a[href$="/delete"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/delete")
    press_until(page, "Tab", ".danger")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is deleted for good.")


SHIFTS = """() => new Promise(told => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { sum += each.value; }))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => told(sum)));
})"""


@pytest.mark.parametrize("size", [TELEPHONE, {"width": 1280, "height": 900}])
def test_nothing_jumps_while_the_first_page_loads(opened: Open, size: dict[str, int]) -> None:
    page = opened("/", viewport=size)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFTS) < 0.01


def test_too_large_an_upload_is_said_on_a_page_without_a_script_too(
    opened: Open, tmp_path: Path
) -> None:
    page = opened("/tools/diet", java_script_enabled=False)
    large = tmp_path / "large.png"
    large.write_bytes(bytes(21_000_000))
    page.locator("#picture").set_input_files(large)
    page.locator("#go").click()
    expect(page.get_by_role("heading", name="The request is too large")).to_be_visible()
    expect(page.get_by_text("Send fewer or smaller pictures.")).to_be_visible()
    page.get_by_role("link", name="To the workbench").click()
    expect(page.locator("#picture")).to_be_attached()
