"""A text goes the way of a picture: prepared, read, kept, known again, and deleted for good."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.errors import UsageError
from visiontools.guard.settings import GuardSettings
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer, Received, Rules
from visiontools.testing.script import Say
from visiontools.types import Finished, Outcome, Record, Request, Step, Upload

EXAMPLES = Path(__file__).parents[1] / "examples"
CHAT = Upload((EXAMPLES / "messages.txt").read_bytes(), "messages.txt")
READ = json.loads((EXAMPLES / "messages.observation.json").read_text("utf-8"))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def pipeline(server: ModelServer, tmp_path: Path) -> AsyncIterator[Pipeline]:
    async with Pipeline.open(_settings(server, tmp_path)) as running:
        yield running


def _settings(server: ModelServer, folder: Path, **more: Any) -> Settings:
    box = Endpoint(url=server.url, model="scripted", deadline_s=20, vision=False)
    small = box.model_copy(update={"context": 3000, "max_tokens": 600})
    return Settings(data_folder=folder, endpoints={"box": box, "small": small}, **more)


async def ask(pipeline: Pipeline, *uploads: Upload, tool: str = "messages", **more: Any) -> Record:
    given: dict[str, Any] = {"endpoint": "box", **more}
    return await pipeline.run(Request(tool, uploads or (CHAT,), **given)).record()


async def test_a_text_is_read_by_a_model_that_sees_no_pictures(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(READ)
    record = await ask(pipeline)
    assert record.outcome is Outcome.ANSWERED, record.message
    (request,) = server.requests
    assert request.pictures == 0
    assert "[8] Tom, Tuesday 2026-03-03 08:30: Who orders the cables?" in request.text
    (text,) = record.inputs
    assert text.kind == "text"
    assert text.width is None
    assert text.sent is not None
    assert text.sent.sha256 != text.sha256, "what was read is not the file itself"


async def test_the_same_text_is_answered_from_its_record_and_another_is_not(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(READ)
    first = await ask(pipeline)
    assert (await ask(pipeline, Upload(CHAT.data, "copy.txt"))).id == first.id
    assert (await ask(pipeline, Upload(CHAT.data + b"13/03/2026, 18:03 - Tom: !"))).id != first.id
    assert len(server.requests) == 2


async def test_a_text_can_be_replayed_corrected_and_asked_about(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(READ).say(READ).say({"text": "Tom asked.", "grounds": ["/questions/0/message"]})
    record = await ask(pipeline)
    again = await (await pipeline.replay("local", record.id)).record()
    assert again.answer == record.answer
    further = await (await pipeline.follow_up("local", record.id, "Who asked?")).record()
    assert further.reply is not None
    assert further.reply.text == "Tom asked."
    assert "about this text" in server.requests[2].text
    assert "Who orders the cables?" in server.requests[2].text
    righted = {**READ, "decisions": []}
    corrected = await (await pipeline.correct("local", record.id, righted)).record()
    assert corrected.answer is not None
    assert corrected.answer["decisions"] == []
    assert corrected.corrections


async def test_deleting_leaves_nothing_of_the_text(
    pipeline: Pipeline, server: ModelServer, tmp_path: Path
) -> None:
    server.say(READ)
    record = await ask(pipeline)
    (kept,) = await pipeline.records.texts(record)
    assert b"supplier" in kept.data
    assert await pipeline.records.pictures(record) == ()
    await pipeline.records.delete("local", record.id)
    left = _bytes_below(tmp_path)
    assert left
    assert b"supplier" not in left


def _bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _picture() -> Upload:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "tan").save(buffer, "PNG")
    return Upload(buffer.getvalue(), "photo.png")


@pytest.mark.parametrize(
    ("tool", "upload", "said"),
    [
        ("messages", _picture(), "photo.png is a picture; Messages needs a text"),
        ("fridge", CHAT, "messages.txt is a text file"),
        ("messages", Upload(b"\x00\x01\x00\x07"), "upload is no text"),
        ("messages", Upload("Привет, друзья".encode("cp1251"), "a.txt"), "not UTF-8 text"),
    ],
)
async def test_the_wrong_file_gets_one_sentence_and_a_record(
    pipeline: Pipeline, server: ModelServer, tool: str, upload: Upload, said: str
) -> None:
    record = await ask(pipeline, upload, tool=tool)
    assert record.outcome is Outcome.UNUSABLE
    assert said in record.message
    assert record.inputs[0].kind == ("text" if tool == "messages" else "picture")
    assert not server.requests


async def test_without_anything_handed_in_no_run_begins(pipeline: Pipeline) -> None:
    with pytest.raises(UsageError, match="Messages needs a text: mails"):
        await pipeline.run(Request("messages")).record()


async def test_without_a_model_it_says_what_to_set_up(pipeline: Pipeline) -> None:
    record = await ask(pipeline, endpoint="reader")
    assert record.outcome is Outcome.UNAVAILABLE
    assert "visiontools models pull llama-3.2-3b" in record.message
    assert "--endpoint local" in record.message


def _long(count: int) -> Upload:
    """A chat in which every tenth message holds a fact."""
    lines = [
        f"{1 + n % 28:02}/03/2026, 09:{n % 60:02} - Anna: "
        + (f"Fact {n}: the code of room {n} is {n * 37}." if n % 10 == 0 else "Nothing to report.")
        for n in range(count)
    ]
    return Upload("\n".join(sorted(lines)).encode(), "long.txt")


def _finds_facts(request: Received) -> Say:
    """Answers like a model that reports every fact it is shown, or joins summaries."""
    if "read in parts" in request.text:
        return Say(json.dumps({"summary": "Codes of rooms."}))
    shown = request.text.partition("<messages>\n")[2].split("\n")
    points = []
    for line in shown:
        number, _, words = line.partition("] ")
        if "Fact" in words:
            quote = words[words.index("Fact") :]
            points.append({"text": quote, "quote": quote, "message": int(number[1:])})
    return Say(json.dumps({"summary": "Codes.", "decisions": points}))


async def _events(pipeline: Pipeline, upload: Upload) -> tuple[Record, list[Step]]:
    request = Request("messages", (upload,), endpoint="small")
    events = [event async for event in pipeline.run(request)]
    assert isinstance(events[-1], Finished)
    return events[-1].record, [event for event in events if isinstance(event, Step)]


async def test_a_long_text_is_read_in_pieces_and_every_fact_is_found_once(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.then(_finds_facts)
    record, steps = await _events(pipeline, _long(300))
    assert record.outcome is Outcome.ANSWERED, [c for c in record.checks if not c.ok]
    assert record.answer is not None
    quotes = [point["quote"] for point in record.answer["decisions"]]
    assert len(quotes) == len(set(quotes)) == 30
    assert record.answer["summary"] == "Codes of rooms."
    told = [step.detail for step in steps if "part" in step.detail]
    assert told[0] == f"part 1 of {len(told)}"
    assert "in pieces" in " ".join(record.notes) or f"in {len(told)} pieces" in record.notes[0]


def _numbers(request: Received) -> list[int]:
    """The numbers of the messages a request shows, in their order."""
    shown = request.text.partition("<messages>\n")[2].split("\n")
    return [int(line[1 : line.index("]")]) for line in shown if line.startswith("[")]


@pytest.mark.parametrize(("concurrency", "at_once"), [(1, 1), (2, 2), (8, 4)])
async def test_every_piece_is_asked_about_once_some_at_a_time_and_overlaps_the_next(
    server: ModelServer, tmp_path: Path, concurrency: int, at_once: int
) -> None:
    server.then(lambda request: replace(_finds_facts(request), pause_s=0.002))
    settings = _settings(server, tmp_path)
    more = {"concurrency": concurrency, "context": 4500}
    box = settings.endpoints["small"].model_copy(update=more)
    settings = settings.model_copy(update={"endpoints": {"small": box}})
    async with Pipeline.open(settings) as pipeline:
        record, _ = await _events(pipeline, _long(300))
    shown = sorted(filter(None, map(_numbers, server.requests)))
    gathered = [request for request in server.requests if not _numbers(request)]
    assert record.attempts == len(server.requests) == len(shown) + len(gathered)
    assert len({request.text for request in server.requests}) == len(server.requests)
    assert len(shown) > 4
    assert 1 <= len(gathered) < len(shown)
    assert shown[0][0] == 1
    assert shown[-1][-1] == 300
    for piece, following in pairwise(shown):
        assert following[0] <= piece[-1] < following[-1], "a piece begins within the one before"
    assert server.most_at_once == at_once


async def test_a_piece_the_server_finds_too_long_is_cut_again(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.rules = Rules(context=5000)
    server.then(_finds_facts)
    record, _ = await _events(pipeline, _long(200))
    assert record.answer is not None, record.message
    assert len(record.answer["decisions"]) == 20


async def test_a_piece_nobody_can_read_is_named_and_the_rest_is_kept(
    pipeline: Pipeline, server: ModelServer
) -> None:
    def sulks(request: Received) -> Say:
        return Say("I'd rather not.") if "Fact 20:" in request.text else _finds_facts(request)

    server.then(sulks)
    record, _ = await _events(pipeline, _long(300))
    assert record.outcome is Outcome.PARTLY, record.message
    (failed,) = [check for check in record.checks if not check.ok]
    assert failed.name == "everything_read"
    assert "messages " in failed.detail
    assert record.answer is not None
    assert len(record.answer["decisions"]) >= 20


async def test_the_guard_reads_the_text_in_parts_before_anything_is_shown(
    server: ModelServer, tmp_path: Path
) -> None:
    with ModelServer(Rules(models=("guard",))) as llama:
        llama.then(lambda r: Say("unsafe\nS9" if "room 670" in r.text else "safe"))
        settings = _settings(server, tmp_path)
        judge = Endpoint(name="judge", url=llama.url, model="guard", vision=False)
        settings = settings.model_copy(
            update={
                "endpoints": {**settings.endpoints, "judge": judge},
                "guard": GuardSettings(endpoint="judge", model="llama-guard-3-1b"),
            }
        )
        server.then(_finds_facts)
        async with Pipeline.open(settings) as pipeline:
            record = await ask(pipeline, _long(700))
        asked = _inputs(llama.requests)
    assert record.outcome is Outcome.BLOCKED
    assert record.guard.input == "blocked"
    assert "The text or what was asked" in record.message
    assert len(asked) > 1
    assert all(len(text) < 9000 for text in asked)
    assert not _bytes_below(tmp_path / "pictures")


def _inputs(requests: Sequence[Received]) -> list[str]:
    return [request.text for request in requests]
