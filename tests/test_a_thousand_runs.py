"""A thousand runs at a server that takes fifty at once and fails now and then: none is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer, Rules
from visiontools.types import Outcome, Picture, Request

RUNS = 1000
PICTURE = Picture(b"\xff\xd8 not really a JPEG", "image/jpeg", 4, 4, "0" * 64, ())
SEEN = {"picture": "fits", "vehicles": [{"id": "A"}], "damage_visible": "no", "views": ["front"]}


async def test_none_is_lost_and_hardly_a_call_is_wasted(tmp_path: Path) -> None:
    with ModelServer(Rules(at_once=50, every=20)) as server:
        server.say(SEEN, pause_s=0.25)
        box = Endpoint(url=server.url, model="scripted")
        settings = Settings(data_folder=tmp_path, endpoints={"box": box})
        asked = Request("car_damage", prepared=(PICTURE,), endpoint="box", again=True)
        async with Pipeline.open(settings) as pipeline:
            runs = [pipeline.run(asked).record() for _ in range(RUNS)]
            records = await asyncio.gather(*runs)
            kept = await pipeline.records.list("local", limit=RUNS + 1)
        assert {record.outcome for record in records} == {Outcome.ANSWERED}
        assert len(kept) == RUNS
        assert len(server.requests) >= RUNS / 0.95
        assert server.refused <= 0.01 * len(server.requests)
        assert sum(record.attempts for record in records) == len(server.requests)
