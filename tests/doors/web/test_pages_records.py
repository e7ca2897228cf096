"""The records: found again, shown with their evidence, compared, put right, deleted for good."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.doors.web.conftest import Keep, seen_in

from visiontools.doors.api.depends import owner

Kept = dict[str, Any]
PAGES = ("", "/card", "/report", "/csv", "/delete", "/correct")


def listed(page: str) -> list[str]:
    """The ids on a page of records, in their order."""
    return re.findall(r'name="id" value="([^"]+)"', page)


def test_where_there_are_none_the_page_says_where_to_begin(client: TestClient) -> None:
    assert "There are no records yet." in client.get("/records").text


def test_the_newest_is_first(client: TestClient, car: Kept, fridge: Kept) -> None:
    assert listed(client.get("/records").text) == [fridge["id"], car["id"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=headlight", ["car"]),
        ("q=HEADLIGHT+bumper", ["car"]),
        ("q=nowhere", []),
        ("tool=fridge", ["fridge"]),
        ("outcome=answered", ["fridge", "car"]),
        ("outcome=blocked", []),
        ("since=2001-01-01", ["fridge", "car"]),
        ("until=2001-01-01", []),
    ],
)
def test_records_are_found_by_words_tool_outcome_and_date(
    client: TestClient, car: Kept, fridge: Kept, query: str, found: list[str]
) -> None:
    ids = {"car": car["id"], "fridge": fridge["id"]}
    page = client.get(f"/records?{query}").text
    assert listed(page) == [ids[name] for name in found]
    assert ("No record fits." in page) == (not found)


def test_the_day_it_ends_on_is_part_of_the_search(client: TestClient, car: Kept) -> None:
    day = car["created"][:10]
    assert listed(client.get(f"/records?since={day}&until={day}").text) == [car["id"]]


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=0000-00-00", "until=9999-12-31", "outcome=x", "cursor=x"]
)
def test_a_search_that_makes_no_sense_is_said_in_words(client: TestClient, query: str) -> None:
    page = client.get(f"/records?{query}")
    assert page.status_code == 422
    assert "The search does not fit" in page.text


def test_many_records_are_shown_a_page_at_a_time(client: TestClient, keep: Keep) -> None:
    made = [
        keep("fridge", {"inventory": [{"name": f"food {n}", "seen": "seen"}]})["id"]
        for n in range(27)
    ]
    first = client.get("/records?tool=fridge").text
    assert listed(first) == made[:1:-1]
    (older,) = re.findall(r'href="(/records\?[^"]*cursor=[^"]*)"', first)
    second = client.get(older.replace("&amp;", "&")).text
    assert listed(second) == [made[1], made[0]]
    assert 'href="/records?tool=fridge">Newest' in second


def test_the_evidence_tells_what_was_sent_to_whom(client: TestClient, car: Kept) -> None:
    page = client.get(f"/records/{car['id']}").text
    assert "Nobody was asked what it shows: a person said so." in page
    assert car["inputs"][0]["sha256"][:16] in page
    assert car["inputs"][0]["sent"]["sha256"][:16] in page
    assert "320 × 240" in page
    for name in (check["name"] for check in car["checks"]):
        assert name.replace("_", " ") in page
    assert "said by a person" in page
    assert "computed" in page


def test_the_card_is_the_same_alone_and_on_its_page(client: TestClient, fridge: Kept) -> None:
    alone = client.get(f"/records/{fridge['id']}/card").text
    assert alone.startswith('<article class="vt-card vt-answered"')
    assert alone in client.get(f"/records/{fridge['id']}").text


def test_the_regions_of_a_scene_are_drawn_over_the_picture_that_was_looked_at(
    client: TestClient, keep: Keep
) -> None:
    scene = keep("scene", seen_in("scene"))
    card = client.get(f"/records/{scene['id']}/card").text
    served = f"/api/v1/records/{scene['id']}/pictures/1"
    assert f'<image href="{served}" width="320" height="240"' in card
    assert card.count("vt-region") == len(scene["answer"]["regions"])
    assert "(unverified)" in card
    shown = client.get(served)
    assert hashlib.sha256(shown.content).hexdigest() == scene["inputs"][0]["sent"]["sha256"]
    assert scene["inputs"][0]["sha256"] != scene["inputs"][0]["sent"]["sha256"]


def test_the_report_has_all_and_offers_nothing_to_press(client: TestClient, car: Kept) -> None:
    page = client.get(f"/records/{car['id']}/report").text
    assert car["message"] in page
    assert "vt-actions" not in page
    assert "<details><summary>" not in page


def test_every_field_is_a_line_of_the_csv(client: TestClient, car: Kept) -> None:
    answered = client.get(f"/records/{car['id']}/csv")
    assert "attachment" in answered.headers["content-disposition"]
    rows = {row["field"]: row for row in csv.DictReader(io.StringIO(answered.text))}
    assert rows["/cost/expected"]["value"] == str(car["answer"]["cost"]["expected"])
    assert rows["/cost/expected"]["source"] == "computed"
    assert rows["/parts/0/evidence"]["source"] == "edited"


def test_no_cell_is_a_formula(client: TestClient, keep: Keep) -> None:
    names = ["=cmd()", "+1", "-1", "@x", "milk"]
    record = keep("fridge", {"inventory": [{"name": name, "seen": "seen"} for name in names]})
    written = client.get(f"/records/{record['id']}/csv").text
    values = [row["value"] for row in csv.DictReader(io.StringIO(written))]
    assert "'=cmd()" in values
    assert "milk" in values
    assert not [value for value in values if value.startswith(("=", "+", "@"))]


def test_what_a_picture_says_is_never_markup(client: TestClient, keep: Keep) -> None:
    bad = "<img src=//evil.example/x onerror=alert(1)>"
    record = keep("fridge", {"inventory": [{"name": bad, "seen": "seen"}], "unknown": [bad]})
    for each in PAGES:
        page = client.get(f"/records/{record['id']}{each}")
        assert "<img src=//evil" not in page.text or each == "/csv"
    assert "text/csv" in client.get(f"/records/{record['id']}/csv").headers["content-type"]


def test_two_ticked_records_are_compared(client: TestClient, keep: Keep, car: Kept) -> None:
    seen = seen_in("car_damage")
    seen["damages"][0]["depth"] = "shallow"
    other = keep("car_damage", seen)
    led = client.get(f"/records/compare?id={car['id']}&id={other['id']}")
    assert led.headers["location"] == f"/records/compare?a={car['id']}&b={other['id']}"
    page = client.get(led.headers["location"]).text
    assert re.search(r">observation, damages 1, depth</th>.*>deep</td>.*>shallow</td>", page)
    assert page.count("<article") == 2


def test_the_same_record_twice_does_not_differ(client: TestClient, car: Kept) -> None:
    page = client.get(f"/records/compare?a={car['id']}&b={car['id']}").text
    assert "They were asked, saw and answered the same." in page


@pytest.mark.parametrize("query", ["", "?a=1", "?id=1", "?id=1&id=2&id=3"])
def test_to_compare_it_takes_two(client: TestClient, query: str) -> None:
    led = client.get(f"/records/compare{query}")
    assert "Tick two records to compare them." in client.get(led.headers["location"]).text


def test_a_record_is_deleted_for_good_once_that_is_confirmed(client: TestClient, car: Kept) -> None:
    asked = client.get(f"/records/{car['id']}/delete").text
    assert "Delete this for good?" in asked
    assert car["message"] in asked
    assert client.get(f"/records/{car['id']}").status_code == 200
    led = client.post(f"/records/{car['id']}/delete")
    assert "It is deleted for good." in client.get(led.headers["location"]).text
    assert client.get(f"/records/{car['id']}").status_code == 404


def test_what_was_seen_is_put_right_and_both_records_stand(client: TestClient, car: Kept) -> None:
    form = client.get(f"/records/{car['id']}/correct").text
    assert "A wide hollow with a sharp crease" in form
    led = client.post(
        f"/records/{car['id']}/correct",
        data={
            "seen.picture": "fits",
            "seen.damage_visible": "yes",
            "seen.vehicles.0.id": "A",
            "seen.damages.0.vehicle": "A",
            "seen.damages.0.part": "headlight",
            "seen.damages.0.side": "left",
            "seen.damages.0.damage_type": "broken",
            "seen.damages.0.evidence": "The lens is broken.",
        },
    )
    assert led.status_code == 303
    page = client.get(led.headers["location"]).text
    assert "What was put right" in page
    assert f'href="/records/{car["id"]}"' in page
    assert "One part is damaged: left headlight" in page
    assert client.get(f"/records/{car['id']}").status_code == 200


def test_a_correction_that_does_not_fit_is_said_and_kept(client: TestClient, fridge: Kept) -> None:
    page = client.post(
        f"/records/{fridge['id']}/correct",
        data={"seen.inventory.0.name": "eggs", "seen.inventory.0.quantity": "a few"},
    )
    assert page.status_code == 422
    assert "quantity" in page.text
    assert 'value="a few"' in page.text


def test_nothing_can_be_put_right_where_nothing_was_kept(client: TestClient) -> None:
    led = client.post(
        "/tools/diet", files={"picture": ("x.txt", b"no picture")}, data={"looks": "reader"}
    )
    record = led.headers["location"]
    assert f"{record}/correct" not in client.get(record).text
    page = client.get(f"{record}/correct")
    assert page.status_code == 422
    assert "Nothing of what was handed in was kept" in page.text


def test_a_question_that_says_nothing_is_refused(client: TestClient, car: Kept) -> None:
    page = client.post(f"/records/{car['id']}/ask", data={"ask": "  "})
    assert page.status_code == 422
    assert "The question is empty." in page.text


@pytest.mark.parametrize("page", PAGES)
def test_another_persons_record_is_as_if_it_were_not_there(
    client: TestClient, car: Kept, page: str
) -> None:
    client.app.dependency_overrides[owner] = lambda: "somebody else"  # type: ignore[attr-defined]
    missing = client.get(f"/records/{'0' * 8}-0000-4000-8000-{'0' * 12}{page}")
    other = client.get(f"/records/{car['id']}{page}")
    assert other.status_code == missing.status_code == 404
    assert car["message"] not in other.text
    assert listed(client.get("/records").text) == []


@pytest.mark.parametrize("page", ["/delete", "/correct", "/ask"])
def test_another_persons_record_cannot_be_changed(client: TestClient, car: Kept, page: str) -> None:
    client.app.dependency_overrides[owner] = lambda: "somebody else"  # type: ignore[attr-defined]
    assert client.post(f"/records/{car['id']}{page}", data={"ask": "x"}).status_code == 404
    client.app.dependency_overrides.clear()  # type: ignore[attr-defined]
    assert client.get(f"/records/{car['id']}").status_code == 200


@pytest.mark.parametrize("page", ["/records/x", "/records/compare?a=x&b=y", "/samples/x/0"])
def test_what_is_not_there_is_said_on_a_page(client: TestClient, page: str) -> None:
    answered = client.get(page)
    assert answered.status_code == 404
    assert answered.text.lstrip().startswith("<!doctype html>")
    assert "/api/" not in answered.text
