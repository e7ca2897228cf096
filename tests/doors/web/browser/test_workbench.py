"""The workbench as a person uses it: each tool from the first click to the export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.doors.web.browser.conftest import FRIDGE, QUESTION, SAID, Open

from visiontools.testing.model_server import ModelServer

TOOLS = ("diet", "flow_diagram", "car_damage", "fridge", "messages", "chart")


def card(page: Page) -> None:
    expect(page.locator("#answer .vt-card").last).to_be_visible()


def run(page: Page, file: Path) -> None:
    page.set_input_files("#picture", file)
    page.click("#go")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_from_the_first_click_to_the_export(opened: Open, tool: str) -> None:
    page = opened("/")
    page.click(f'.tools [data-tool="{tool}"]')
    expect(page.locator(f'.tools [data-tool="{tool}"]')).to_have_attribute("aria-current", "true")
    page.locator(".sample").first.click()
    made = page.locator('#answer .vt-card[data-outcome="answered"]')
    expect(made).to_be_visible()
    expect(page.locator("#progress")).to_be_empty()
    with page.expect_download() as saved:
        made.get_by_role("link", name="JSON").click()
    record = json.loads(saved.value.path().read_text("utf-8"))
    assert record["id"] == made.get_attribute("data-record")
    assert saved.value.suggested_filename == f"{tool}-{record['id'][:8]}.json"
    expect(made.locator(".vt-headline")).to_have_text(record["message"])
    with page.expect_download() as saved:
        made.get_by_role("link", name="CSV").click()
    columns = "series,category,x" if tool == "chart" else "field,value,source"
    assert saved.value.path().read_text("utf-8").startswith(columns)
    if tool == "flow_diagram":
        code_can_be_copied_and_saved(page)
    if tool == "chart":
        it_is_drawn_and_asked_on_without_a_model(page)
    made.first.get_by_role("link", name="Report").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()


def it_is_drawn_and_asked_on_without_a_model(page: Page) -> None:
    expect(page.locator(".vt-plot svg rect")).to_have_count(6)
    page.fill("#further", "Which month sold best?")
    page.press("#further", "Enter")
    expect(page.locator("#answer")).to_contain_text("Largest: May (121).")


def code_can_be_copied_and_saved(page: Page) -> None:
    expect(page.locator(".vt-diagram svg")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save Python").click()
    source = saved.value.path().read_text("utf-8")
    compile(source, "flow.py", "exec")
    assert saved.value.suggested_filename == "python.py"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy Python").click()
    expect(page.get_by_role("button", name="Copy Python")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == source


def test_what_is_seen_is_shown_while_it_streams_in(
    opened: Open, model: ModelServer, photo: Path
) -> None:
    model.say(FRIDGE, pause_s=0.05).hang()
    page = opened("/tools/fridge", model=model.url)
    run(page, photo)
    expect(page.locator("#partial")).to_contain_text("eggs")
    expect(page.locator("#progress")).to_contain_text("Asking for ideas, box")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#partial")).to_be_hidden()


def test_a_further_question_is_asked_about_the_same_picture(
    opened: Open, fridge: ModelServer, photo: Path
) -> None:
    page = opened("/tools/fridge", model=fridge.url)
    run(page, photo)
    card(page)
    page.fill("#further", QUESTION)
    page.click("#on button")
    expect(page.locator("#answer .vt-card")).to_have_count(2)
    expect(page.locator("#answer .vt-card").last).to_contain_text(str(SAID["text"]))
    expect(page.locator("#further")).to_have_value("")
    assert fridge.requests[-1].pictures == 1


def test_a_question_goes_along_with_the_picture(
    opened: Open, fridge: ModelServer, photo: Path
) -> None:
    page = opened("/tools/fridge", model=fridge.url)
    page.fill("#ask", QUESTION)
    run(page, photo)
    expect(page.locator("#answer")).to_contain_text(str(SAID["text"]))


def test_stop_stops_and_the_work_stays(opened: Open, model: ModelServer, photo: Path) -> None:
    model.hang()
    page = opened("/tools/fridge", model=model.url)
    page.fill("#ask", QUESTION)
    run(page, photo)
    assert model.arrived.wait(20)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#progress")).to_have_text("Stopped.")
    assert model.requests[0].closed.wait(20)
    expect(page.locator(".previews li")).to_have_count(1)
    expect(page.locator("#ask")).to_have_value(QUESTION)
    expect(page.locator("#go")).to_be_enabled()


def test_a_wrong_file_is_said_and_stays_to_be_exchanged(opened: Open, tmp_path: Path) -> None:
    notes = tmp_path / "notes.pdf"
    notes.write_bytes(b"%PDF-1.7 no picture")
    page = opened("/")
    run(page, notes)
    made = page.locator('#answer .vt-card[data-outcome="unusable"]')
    expect(made).to_be_visible()
    expect(made).to_contain_text("The file cannot be used")
    expect(page.locator(".previews")).to_contain_text("notes.pdf")
    page.get_by_role("button", name="Take notes.pdf away").click()
    expect(page.locator(".previews")).to_be_hidden()


def test_a_dead_endpoint_is_said_and_the_work_stays(opened: Open, photo: Path) -> None:
    page = opened("/tools/fridge", model="http://127.0.0.1:9/v1")
    page.fill("#ask", QUESTION)
    run(page, photo)
    made = page.locator('#answer .vt-card[data-outcome="unavailable"]')
    expect(made).to_contain_text("127.0.0.1:9")
    expect(page.locator(".previews li")).to_have_count(1)
    expect(page.locator("#ask")).to_have_value(QUESTION)


def test_without_a_picture_it_says_what_is_needed(opened: Open) -> None:
    page = opened("/tools/car_damage")
    page.click("#go")
    expect(page.get_by_role("alert")).to_contain_text("A picture of a damaged car is needed.")


def test_what_is_too_large_is_said_before_it_is_sent(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_WEB__MAX_REQUEST_BYTES", "100000")
    large = tmp_path / "large.png"
    large.write_bytes(bytes(200_000))
    page = opened("/")
    run(page, large)
    expect(page.get_by_role("alert")).to_contain_text("0.2 MB together, and at most 0.1 MB")


def test_an_option_that_does_not_fit_is_said_beside_the_button(opened: Open, photo: Path) -> None:
    page = opened("/tools/diet")
    page.get_by_text("Options").click()
    page.get_by_label("Fruit percent").fill("many")
    run(page, photo)
    expect(page.get_by_role("alert")).to_contain_text("'many' is no percentage")


def test_another_tool_keeps_the_picture_and_the_question(
    opened: Open, fridge: ModelServer, photo: Path
) -> None:
    page = opened("/tools/car_damage", model=fridge.url)
    page.set_input_files("#picture", photo)
    page.fill("#ask", QUESTION)
    page.click('.tools [data-tool="fridge"]')
    expect(page.locator("#tray-title")).to_contain_text("an open fridge")
    expect(page.locator(".previews li")).to_have_count(1)
    expect(page.locator("#ask")).to_have_value(QUESTION)
    page.click("#go")
    card(page)
    page.go_back()
    expect(page.locator("#tray-title")).to_contain_text("a damaged car")


DROP = """(kind) => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "dropped.png", { type: "image/png" }));
  const how = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...how, clipboardData: data })
    : new DragEvent("drop", { ...how, dataTransfer: data });
  document.querySelector("#chosen").dispatchEvent(event);
}"""


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_can_be_dropped_and_pasted(opened: Open, how: str) -> None:
    page = opened("/")
    page.evaluate(DROP, how)
    expect(page.locator(".previews")).to_contain_text("dropped.png")


def test_the_same_again_is_told_and_can_be_asked_anew(
    opened: Open, fridge: ModelServer, photo: Path
) -> None:
    page = opened("/tools/fridge", model=fridge.url)
    run(page, photo)
    card(page)
    first = page.locator("#answer .vt-card").get_attribute("data-record")
    page.click("#go")
    expect(page.locator("#progress")).to_contain_text("Answered from an earlier record.")
    page.get_by_role("button", name="Ask anew").click()
    expect(page.locator("#progress")).to_be_empty()
    expect(page.locator("#answer .vt-card")).not_to_have_attribute("data-record", str(first))


def test_what_was_answered_is_found_again_below(opened: Open) -> None:
    page = opened("/tools/fridge")
    page.locator(".sample").first.click()
    card(page)
    page.reload()
    page.get_by_role("link", name="Know Your Fridge: 8 foods found").click()
    expect(page.locator(".vt-card")).to_be_visible()


def test_a_person_says_what_is_seen(opened: Open, photo: Path) -> None:
    page = opened("/tools/fridge")
    page.set_input_files("#picture", photo)
    page.get_by_role("button", name="Add entry").click()
    second = page.get_by_role("group", name="Entry").nth(1)
    expect(second.get_by_label("Name")).to_be_focused()
    page.keyboard.type("milk")
    page.get_by_role("group", name="Entry").nth(0).get_by_label("Name").fill("eggs")
    second.get_by_label("Unit").fill("carton")
    page.get_by_role("button", name="Add dish").click()
    page.get_by_role("button", name="Remove this dish").last.click()
    page.click("#go")
    expect(page.locator("#answer")).to_contain_text("2 foods found")


def test_the_reader_can_be_replaced_by_a_person(opened: Open, photo: Path) -> None:
    page = opened("/tools/flow_diagram")
    page.set_input_files("#picture", photo)
    page.select_option("#looks", "person")
    page.get_by_role("group", name="Node").get_by_label("Id").fill("a")
    page.get_by_role("group", name="Node").get_by_label("Label").fill("Only step")
    page.click("#go")
    expect(page.locator("#answer .vt-diagram")).to_contain_text("Only step")


def test_a_server_that_went_away_is_said(opened: Open, photo: Path) -> None:
    page = opened("/tools/fridge")
    page.set_input_files("#picture", photo)
    page.route("**/said", lambda route: route.abort())
    page.click("#go")
    expect(page.get_by_role("alert")).to_contain_text("The connection to the server was lost.")


def test_without_a_script_a_sample_leads_to_its_record(opened: Open) -> None:
    page = opened("/tools/fridge", java_script_enabled=False)
    page.locator(".sample").first.click()
    expect(page.locator('.vt-card[data-outcome="answered"]')).to_be_visible()
    assert "/records/" in page.url
