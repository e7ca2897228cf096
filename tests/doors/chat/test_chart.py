"""A chart in a conversation: what is asked further is computed, and nobody is asked for it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.doors.chat.wire import Browser, record_in

from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site

EXAMPLES = Path(__file__).parents[3] / "examples"


async def test_a_further_question_is_computed_without_a_model(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(json.loads((EXAMPLES / "chart_bars.observation.json").read_text("utf-8")))
    async with Browser(site) as browser:
        await browser.say("", await browser.attach(png), tool="chart", endpoint="box")
        further = await browser.say("Which month sold best?", tool="chart", endpoint="reader")
        record = await browser.request("GET", f"/api/v1/records/{record_in(further)}")
    assert further["output"].startswith("[Largest\\: May (121).](")
    assert record.json()["reply"]["grounds"] == ["/series/0/values/4/value"]
    assert len(model.requests) == 1
