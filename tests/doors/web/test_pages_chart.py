"""A chart on the pages: one click, drawn anew, asked without a model, put right, saved as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from tests.doors.web.conftest import Keep, seen_in

from visiontools.doors.web.app import create_app
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer

HOSTILE = '=cmd|x <img src=x onerror=alert(1)> "'


def bars() -> dict[str, Any]:
    return seen_in("chart_bars")


def test_a_sample_is_drawn_anew_with_its_values_in_words(client: TestClient) -> None:
    led = client.post(
        "/tools/chart",
        data={"sample": "0", "looks": "person", "ask": "Which month sold best?"},
    )
    page = client.get(led.headers["location"]).text
    assert "Bicycles sold in 2025, drawn anew" in page
    assert page.count('class="vt-mark vt-hue-0"') == 6
    assert "<desc>6 values. The same in words is below.</desc>" in page
    assert "Largest: May (121)." in page


def test_it_is_asked_on_where_there_is_no_model(client: TestClient, keep: Keep) -> None:
    page = client.get("/tools/chart?looks=person").text
    assert 'id="ask"' in page
    assert 'id="ask"' not in client.get("/tools/fridge?looks=person").text
    record = keep("chart", bars(), ask="What is the smallest?")
    assert record["reply"] == {
        "text": "Smallest: Jan (42).",
        "grounds": ["/series/0/values/0/value"],
    }
    at = f"/records/{record['id']}"
    assert f'action="{at}/ask"' in client.get(at).text
    led = client.post(f"{at}/ask", data={"ask": "How much more was sold in May than in March?"})
    assert led.status_code == 303
    assert "May (121) and Mar (78) differ by 43" in client.get(led.headers["location"]).text


def test_what_is_put_right_is_computed_and_drawn_anew(client: TestClient, keep: Keep) -> None:
    wrong = seen_in("chart_receipt")
    wrong["receipt"]["items"][0]["amount"] = "8.00"
    record = keep("chart", wrong)
    assert record["outcome"] == "partly"
    form = client.get(f"/records/{record['id']}/correct").text
    assert 'name="seen.receipt.items.0.amount" value="8.00"' in form
    sent = {
        "seen.picture": "fits",
        "seen.kind": "receipt",
        "seen.receipt.currency": "GBP",
        "seen.receipt.items.0.text": "Apples",
        "seen.receipt.items.0.quantity": "2",
        "seen.receipt.items.0.unit_price": "1.50",
        "seen.receipt.items.0.amount": "3.00",
        "seen.receipt.totals.0.label": "TOTAL",
        "seen.receipt.totals.0.kind": "total",
        "seen.receipt.totals.0.amount": "3.00",
        "seen.table.rows.0.cells": "",
    }
    led = client.post(f"/records/{record['id']}/correct", data=sent)
    assert led.status_code == 303
    page = client.get(led.headers["location"]).text
    assert 'data-outcome="answered"' in page
    assert "total 3.00 GBP" in page


def test_a_table_is_filled_in_by_cells_of_one_line_each(client: TestClient, picture: bytes) -> None:
    sent = {
        "looks": "person",
        "seen.picture": "fits",
        "seen.kind": "table",
        "seen.table.columns": "Fruit\nKilos",
        "seen.table.rows.0.cells": "Apples\n12",
        "seen.table.rows.1.cells": "Pears\n7.5",
    }
    led = client.post("/tools/chart", files={"picture": ("t.png", picture)}, data=sent)
    assert led.status_code == 303
    record = client.get(f"/api/v1{led.headers['location']}").json()
    cells = [[cell["value"] for cell in row["cells"]] for row in record["answer"]["table"]["rows"]]
    assert cells == [[None, 12], [None, 7.5]]


def test_its_csv_is_its_data_and_no_formula(client: TestClient, keep: Keep) -> None:
    seen = bars()
    seen["series"][0]["values"][0]["category"] = HOSTILE
    record = keep("chart", seen)
    answered = client.get(f"/records/{record['id']}/csv")
    assert "attachment" in answered.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answered.text)))
    assert rows[1] == ["", f"'{HOSTILE}", "", "42", "", "printed", "42"]
    page = client.get(f"/records/{record['id']}").text
    assert "<img src=x" not in page


def test_a_model_puts_the_question_on_the_page(home: Path, picture: bytes) -> None:
    with ModelServer() as server:
        (home / "visiontools.toml").write_text(
            f'[endpoints.box]\nurl = "{server.url}"\nmodel = "scripted"\n'
        )
        server.say(bars())
        server.say({"query": {"operation": "largest"}})
        app = create_app(Settings.load())
        with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
            led = client.post(
                "/tools/chart",
                files={"picture": ("b.png", picture)},
                data={"looks": "box", "ask": "In welchem Monat lief es am besten?"},
            )
            page = client.get(led.headers["location"]).text
    assert "Largest: May (121). (A model read the question as: largest.)" in page
