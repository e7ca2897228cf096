"""Know Your Fridge behind a model server: two turns, and only the first one carries the picture."""

from __future__ import annotations

import json
from pathlib import Path

from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.types import Finished, Outcome, Record, Request, Upload

EXAMPLES = Path(__file__).parents[2] / "examples"


async def run(settings: Settings) -> Record:
    upload = Upload((EXAMPLES / "fridge.png").read_bytes(), "fridge.png")
    async with Pipeline.open(settings) as pipeline:
        request = Request(tool="fridge", uploads=(upload,), endpoint="model")
        events = [event async for event in pipeline.run(request)]
    assert isinstance(events[-1], Finished)
    return events[-1].record


async def test_the_second_turn_asks_for_dishes_without_the_picture(tmp_path: Path) -> None:
    said = json.loads((EXAMPLES / "fridge.observation.json").read_text(encoding="utf-8"))
    proposal = said.pop("proposal")
    with ModelServer() as server:
        server.say(said)
        server.say(proposal)
        endpoint = Endpoint(url=server.url, model="scripted")
        record = await run(Settings(data_folder=tmp_path, endpoints={"model": endpoint}))
        pictures = [request.pictures for request in server.requests]
        second = server.requests[1].text
    assert pictures == [1, 0]
    assert "orange juice" in second
    assert record.outcome is Outcome.ANSWERED
    assert record.answer is not None
    at_hand = {item["name"] for item in record.answer["inventory"]}
    assert len(record.answer["dishes"]) == 2
    assert all(set(dish["uses"]) <= at_hand for dish in record.answer["dishes"])
    assert record.provenance["/inventory/0/name"] == "inferred"
    assert record.provenance["/dishes/0/name"] == "typical"
    assert record.provenance["/dishes/0/uses/0"] == "computed"
