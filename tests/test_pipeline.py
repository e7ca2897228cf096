"""From a request to its record: the whole way, with a real server, a real reader and real files."""

from __future__ import annotations

import asyncio
import gc
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from visiontools.data import data_path
from visiontools.errors import UsageError
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.types import (
    Event,
    Finished,
    Outcome,
    Partial,
    Provenance,
    Record,
    Request,
    Step,
    Upload,
)

TOOL = """
from typing import Annotated
from pydantic import BaseModel, Field
from visiontools import (
    Answer, Case, Check, Decision, Observation, Options, Outcome, Proposal, Provenance, Tool
)

class Seen(Observation):
    birds: int | None = Field(default=None, ge=0)
    colour: str | None = None

class Settings(Options):
    names: bool = False
    crash: bool = False

class Names(BaseModel):
    names: list[str]

class Counted(Answer):
    birds: Annotated[int | None, Provenance.INFERRED]
    legs: int | None
    names: Annotated[list[str], Provenance.TYPICAL] = []

class Birds(Tool[Seen, Counted, Settings]):
    name = "birds"
    title = "Count birds"
    summary = "How many birds are there?"
    needs = "birds"
    observation = Seen
    answer = Counted
    options = Settings
    prompt = "Count the birds in this picture."

    def proposal(self, seen, options):
        return Proposal("Name the birds.", Names) if options.names else None

    def decide(self, seen, case):
        if case.options.crash:
            raise ZeroDivisionError
        if seen.picture == "other":
            return Decision(Outcome.WRONG_PICTURE, "There are no birds.", None)
        if seen.birds is None:
            return Decision(Outcome.CANNOT_TELL, "The birds cannot be counted.", None)
        names = case.proposed.names[: seen.birds] if case.proposed else []
        counted = Counted(birds=seen.birds, legs=2 * seen.birds, names=names)
        checks = (Check(name="even_legs", ok=True),)
        return Decision(Outcome.ANSWERED, f"{seen.birds} birds.", counted, checks)

    def show(self, answer):
        return []
"""


def photo(text: str = "two birds") -> bytes:
    """A JPEG that carries a place in its EXIF data."""
    image = Image.new("RGB", (320, 200), "skyblue")
    ImageDraw.Draw(image).text((20, 20), text, fill="black")
    exif = Image.Exif()
    exif[0x010E] = "garden of Elsa Quill"
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def pipeline(server: ModelServer, tmp_path: Path) -> AsyncIterator[Pipeline]:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "birds.py").write_text(TOOL)
    box = Endpoint(url=server.url, model="scripted", deadline_s=20)
    settings = Settings(
        data_folder=tmp_path / "kept",
        tools_folder=tools,
        endpoints={
            "box": box,
            "other": box,
            "nowhere": Endpoint(url="http://127.0.0.1:9/v1", model="scripted", deadline_s=1),
            "far": Endpoint(url="https://models.example/v1", model="scripted"),
        },
    )
    async with Pipeline.open(settings) as running:
        yield running


def birds(**more: Any) -> Request:
    given: dict[str, Any] = {"uploads": (Upload(photo(), "birds.jpg"),), "endpoint": "box"}
    return Request("birds", **(given | more))


async def _events(pipeline: Pipeline, request: Request) -> list[Event]:
    return [event async for event in pipeline.run(request)]


async def _record(pipeline: Pipeline, request: Request) -> Record:
    return await pipeline.run(request).record()


async def test_a_picture_becomes_a_checked_answer_and_a_record(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2, "colour": "red"})
    events = await _events(pipeline, birds())
    assert [e.name for e in events if isinstance(e, Step)] == ["prepare", "observe", "decide"]
    assert isinstance(events[-1], Finished)
    record = events[-1].record
    assert record.outcome is Outcome.ANSWERED
    assert record.answer == {"birds": 2, "legs": 4, "names": []}
    assert record.provenance == {"/birds": Provenance.INFERRED, "/legs": Provenance.COMPUTED}
    assert record.observation is not None
    assert record.observation["colour"] == "red"
    assert [check.name for check in record.checks] == ["even_legs"]
    assert record.attempts == 1
    assert record.observer is not None
    assert (record.observer.endpoint, record.observer.model) == ("box", "scripted")
    assert {"prepare", "observe", "decide"} <= set(record.timings_ms)
    assert await pipeline.records.find("local", record.id) == record
    assert Record.model_validate_json(record.model_dump_json()) == record


async def test_what_is_sent_is_the_prepared_picture_without_its_metadata(
    pipeline: Pipeline, server: ModelServer, tmp_path: Path
) -> None:
    server.say({"birds": 2})
    record = await _record(pipeline, birds())
    (request,) = server.requests
    first = request.body["messages"][-1]["content"][0]
    assert first["type"] == "image_url"
    (picture,) = await pipeline.records.pictures(record)
    assert b"Elsa Quill" in photo()
    assert b"Elsa Quill" not in picture.data
    (sent,) = record.inputs
    assert sent.sent is not None
    assert (sent.width, sent.height, sent.sent.bytes) == (320, 200, len(picture.data))
    kept = [p.read_bytes() for p in (tmp_path / "kept").rglob("*") if p.is_file()]
    assert not any(b"Elsa Quill" in data for data in kept)


async def test_the_same_request_is_answered_from_its_record(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2})
    first = await _record(pipeline, birds())
    last = (await _events(pipeline, birds(uploads=(Upload(photo(), "other name.jpg"),))))[-1]
    assert isinstance(last, Finished)
    assert last.reused
    assert last.record == first
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"again": True},
        {"endpoint": "other"},
        {"options": {"names": "false"}, "owner": "ann"},
        {"uploads": (Upload(photo("three birds")),)},
    ],
)
async def test_another_request_is_asked(
    pipeline: Pipeline, server: ModelServer, change: dict[str, Any]
) -> None:
    server.say({"birds": 2})
    first = await _record(pipeline, birds())
    second = await _record(pipeline, birds(**change))
    assert second.id != first.id
    assert len(server.requests) == 2


async def test_a_changed_file_of_the_users_makes_another_request(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    rates = tmp_path / "rates.toml"
    rates.write_bytes(data_path("rates.toml").read_bytes())
    damage = {"damage_visible": "no"}
    request = Request(
        "car_damage",
        uploads=(Upload(photo()),),
        observation=damage,
        endpoint=None,
        options={"rates": str(rates)},
    )
    first = await _record(pipeline, request)
    assert (await _record(pipeline, request)).id == first.id
    rates.write_text(rates.read_text() + "# changed")
    assert (await _record(pipeline, request)).id != first.id


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ('{"picture": "other"}', Outcome.WRONG_PICTURE),
        ('{"birds": null}', Outcome.CANNOT_TELL),
        ("I'm sorry, but I can't help with identifying birds.", Outcome.REFUSED),
        ('{"birds": "many"}', Outcome.INVALID),
    ],
)
async def test_every_end_is_an_outcome_with_a_sentence_and_a_record(
    pipeline: Pipeline, server: ModelServer, said: str, outcome: Outcome
) -> None:
    server.say_raw(said)
    record = await _record(pipeline, birds())
    assert record.outcome is outcome, record.message
    assert record.message.endswith((".", "!"))
    assert record.answer is None
    assert await pipeline.records.find("local", record.id) == record


async def test_a_server_that_is_not_there_is_unavailable(pipeline: Pipeline) -> None:
    record = await _record(pipeline, birds(endpoint="nowhere"))
    assert record.outcome is Outcome.UNAVAILABLE
    assert "nowhere" in record.message
    assert [(t.endpoint, t.error) for t in record.tried] == [("nowhere", "unreachable")]


async def test_a_file_that_is_no_picture_is_unusable_and_nobody_is_asked(
    pipeline: Pipeline, server: ModelServer
) -> None:
    bad = Upload(b"<html>not a picture</html>", "birds.jpg")
    record = await _record(pipeline, birds(uploads=(bad,)))
    assert record.outcome is Outcome.UNUSABLE
    assert "birds.jpg" in record.message
    assert server.requests == []


async def test_a_tool_that_needs_eyes_says_so_when_only_the_reader_is_there(
    pipeline: Pipeline,
) -> None:
    record = await _record(pipeline, birds(endpoint="reader"))
    assert record.outcome is Outcome.UNAVAILABLE
    assert "needs eyes" in record.message
    assert "--observation" in record.message


async def test_a_fault_in_a_tool_is_a_sentence_and_not_a_traceback(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2})
    record = await _record(pipeline, birds(options={"crash": "true"}))
    assert record.outcome is Outcome.INVALID
    assert "ZeroDivisionError" in record.message
    assert record.observation is not None, "what was seen is not lost"


async def test_stop_ends_the_upstream_call_and_the_record_says_so(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.hang()
    run = pipeline.run(birds())
    record = None
    async for event in run:
        if isinstance(event, Step) and event.name == "observe":
            await asyncio.to_thread(server.arrived.wait, 5)
            run.cancel()
        if isinstance(event, Finished):
            record = event.record
    assert record is not None
    assert record.outcome is Outcome.CANCELLED
    assert await asyncio.to_thread(server.requests[0].closed.wait, 5)
    assert await pipeline.records.find("local", record.id) == record


async def test_partials_come_as_they_stream(pipeline: Pipeline, server: ModelServer) -> None:
    server.say({"colour": "a very long red and blue and green", "birds": 2})
    events = await _events(pipeline, birds(partials=True))
    partials = [event.observation for event in events if isinstance(event, Partial)]
    assert partials
    assert all(isinstance(seen, dict) for seen in partials)
    assert partials[-1].get("colour")


async def test_a_persons_observation_takes_the_observers_place(
    pipeline: Pipeline, server: ModelServer
) -> None:
    request = birds(observation={"birds": 3}, endpoint=None)
    record = await _record(pipeline, request)
    assert record.outcome is Outcome.ANSWERED
    assert record.observer is not None
    assert record.observer.profile == "person"
    assert record.provenance == {"/birds": Provenance.EDITED, "/legs": Provenance.COMPUTED}
    assert server.requests == []


async def test_an_observation_that_does_not_fit_names_the_field(pipeline: Pipeline) -> None:
    for said, field in (
        ({"brids": 3}, "brids"),
        ({"birds": "x"}, "birds"),
        ({"birds": -1}, "birds"),
    ):
        with pytest.raises(UsageError, match=field):
            await _events(pipeline, birds(observation=said, endpoint=None))


async def test_what_only_an_observer_can_invent_is_asked_without_the_picture(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 1}).say({"names": ["Ada", "Bob"]})
    record = await _record(pipeline, birds(options={"names": "true"}))
    assert record.answer is not None
    assert record.answer["names"] == ["Ada"], "code holds the proposal to what was seen"
    assert record.provenance["/names/0"] is Provenance.TYPICAL
    assert [request.pictures for request in server.requests] == [1, 0]


async def test_a_proposal_that_fails_does_not_lose_what_was_seen(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 1}).say_raw("I'm sorry, I can't help with that.")
    record = await _record(pipeline, birds(options={"names": "true"}))
    assert record.outcome is Outcome.ANSWERED
    assert [(c.name, c.ok) for c in record.checks] == [("proposal", False), ("even_legs", True)]


async def test_a_person_may_propose_too(pipeline: Pipeline) -> None:
    said = {"birds": 2, "proposal": {"names": ["Ada", "Bob", "Cleo"]}}
    request = birds(observation=said, options={"names": "true"}, endpoint=None)
    record = await _record(pipeline, request)
    assert record.answer is not None
    assert record.answer["names"] == ["Ada", "Bob"]
    assert record.provenance["/names/1"] is Provenance.EDITED


async def test_a_question_is_answered_from_the_checked_answer(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2}).say({"text": "They have 4 legs.", "grounds": ["/legs"]})
    record = await _record(pipeline, birds(ask="How many legs?"))
    assert record.reply is not None
    assert record.reply.text == "They have 4 legs."
    assert record.reply.grounds == ("/legs",)
    assert all(check.ok for check in record.checks)
    assert '"legs":4' in server.requests[1].text


async def test_a_reply_with_strange_figures_or_grounds_fails_in_public(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2}).say({"text": "They have 17 legs.", "grounds": ["/wings"]})
    record = await _record(pipeline, birds(ask="How many legs?"))
    failed = {check.name: check.detail for check in record.checks if not check.ok}
    assert set(failed) == {"reply_grounds_exist", "reply_figures_known"}
    assert "17" in failed["reply_figures_known"]


async def test_a_question_nobody_can_answer_leaves_the_answer_standing(
    pipeline: Pipeline,
) -> None:
    record = await _record(pipeline, birds(observation={"birds": 2}, endpoint=None, ask="Why?"))
    assert record.outcome is Outcome.PARTLY
    assert record.answer is not None
    assert record.reply is None
    (failed,) = [check for check in record.checks if not check.ok]
    assert "needs a model" in failed.detail


async def test_a_further_question_resends_picture_and_talk_but_looks_only_once(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2}).say({"text": "They have 4 legs.", "grounds": ["/legs"]})
    server.say({"text": "There are 2.", "grounds": ["/birds"]})
    first = await _record(pipeline, birds(ask="How many legs?"))
    second = await (await pipeline.follow_up("local", first.id, "And birds?")).record()
    assert second.parent == first.id
    assert second.answer == first.answer
    assert second.reply is not None
    assert second.reply.text == "There are 2."
    assert second.request.talk == ({"ask": "How many legs?", "reply": "They have 4 legs."},)
    last = server.requests[-1]
    assert len(server.requests) == 3
    assert last.pictures == 1
    assert "How many legs?" in last.text
    assert "They have 4 legs." in last.text


async def test_a_further_picture_is_looked_at_beside_the_earlier_one(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2}).say({"birds": 5}).say({"text": "B.", "grounds": []})
    first = await _record(pipeline, birds())
    more = (Upload(photo("three birds"), "more.jpg"),)
    run = await pipeline.follow_up("local", first.id, "Which has more?", uploads=more)
    both = await run.record()
    assert both.answer is not None
    assert both.answer["birds"] == 5
    assert both.request.talk == ()
    assert any("together with the earlier one, which is A" in note for note in both.notes)
    (canvas,) = await pipeline.records.pictures(both)
    assert [source.label for source in canvas.sources] == ["A", "B"]
    assert server.requests[1].pictures == 1


async def test_a_third_picture_is_looked_at_on_its_own(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2}).say({"birds": 5}).say({"text": "Few.", "grounds": []})
    both = (Upload(photo(), "a.jpg"), Upload(photo("two more"), "b.jpg"))
    first = await _record(pipeline, birds(uploads=both))
    more = (Upload(photo("three birds"), "more.jpg"),)
    run = await pipeline.follow_up("local", first.id, "How many here?", uploads=more)
    alone = await run.record()
    assert any("on its own" in note for note in alone.notes)
    (picture,) = await pipeline.records.pictures(alone)
    assert len(picture.sources) == 1


async def test_a_record_can_be_replayed_against_another_endpoint(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"birds": 2}).say({"birds": 5})
    first = await _record(pipeline, birds())
    second = await (await pipeline.replay("local", first.id, "other")).record()
    assert second.id != first.id
    assert second.answer is not None
    assert second.answer["birds"] == 5
    assert second.observer is not None
    assert second.observer.endpoint == "other"
    assert second.inputs == first.inputs


async def test_a_persons_record_is_replayed_with_the_same_observation(pipeline: Pipeline) -> None:
    said = {"birds": 2, "proposal": {"names": ["Ada"]}}
    request = birds(observation=said, options={"names": "true"}, endpoint=None)
    first = await _record(pipeline, request)
    second = await (await pipeline.replay("local", first.id)).record()
    assert second.answer == first.answer
    assert second.provenance == first.provenance


async def test_local_only_asks_nobody_off_this_machine(pipeline: Pipeline) -> None:
    with pytest.raises(UsageError, match="not on this machine"):
        await _events(pipeline, birds(endpoint="far", local_only=True))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tool": "brids"}, "Did you mean 'birds'"),
        ({"endpoint": "bx"}, "no endpoint named 'bx'"),
        ({"options": {"name": "true"}}, "Its options are: names, crash"),
        ({"uploads": ()}, "needs a picture of birds"),
    ],
)
async def test_a_request_that_makes_no_sense_leaves_no_record(
    pipeline: Pipeline, change: dict[str, Any], said: str
) -> None:
    request = birds(**change) if "tool" not in change else Request(**change)
    with pytest.raises(UsageError, match=said):
        await _events(pipeline, request)
    assert await pipeline.records.list("local") == []


async def test_a_deleted_run_leaves_nothing_of_it(
    pipeline: Pipeline, server: ModelServer, tmp_path: Path
) -> None:
    server.say({"birds": 2, "colour": "vermilion-4711"})
    record = await _record(pipeline, birds())
    (picture,) = await pipeline.records.pictures(record)
    await pipeline.records.delete("local", record.id)
    for path in (tmp_path / "kept").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"vermilion-4711" not in data, path
            assert picture.data not in data, path


async def test_many_runs_at_once_keep_apart(pipeline: Pipeline, server: ModelServer) -> None:
    server.say({"birds": 2})
    requests = [birds(uploads=(Upload(photo(f"{n} birds")),), owner=f"o{n}") for n in range(12)]
    records = await asyncio.gather(*(_record(pipeline, request) for request in requests))
    assert [record.owner for record in records] == [f"o{n}" for n in range(12)]
    assert len({record.inputs[0].sha256 for record in records}) == 12
    assert json.dumps([r.outcome for r in records]).count("answered") == 12


async def test_a_run_that_is_over_lets_go_of_its_pictures(
    pipeline: Pipeline, server: ModelServer
) -> None:
    """At once, not when the collector next looks at all of memory, which may be minutes later."""
    server.say({"birds": 2}).say({"names": ["Ada", "Bo"]}).say({"text": "Two.", "grounds": []})
    name = "let-go-4711.jpg"

    def held() -> list[str]:
        return [o.name for o in gc.get_objects() if type(o) is Upload and o.name == name]

    gc.disable()
    try:
        uploads = (Upload(photo(), name),)
        record = await _record(
            pipeline, birds(uploads=uploads, options={"names": True}, ask="How many?")
        )
        assert record.outcome is Outcome.ANSWERED
        assert held() == [name]
        del uploads
        assert held() == []
    finally:
        gc.enable()
