"""Conversations come back as they were, to their owner alone, and go with what they tell of."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from visiontools.errors import UsageError
from visiontools.store.conversations import (
    Conversations,
    Feedback,
    Shown,
    ThreadSearch,
    cursor_of,
)
from visiontools.store.database import Database
from visiontools.store.paging import after
from visiontools.store.records import Kept, Records
from visiontools.store.schema import metadata
from visiontools.types import Asked, Outcome, Record


def _id() -> str:
    return str(uuid.uuid4())


THREAD, STEP, ELEMENT, RECORD = (_id() for _ in range(4))


@pytest.fixture
def chat(database: Database) -> Conversations:
    return Conversations(database)


async def _names(chat: Conversations, wanted: ThreadSearch, limit: int = 50) -> list[str | None]:
    return [thread.name for thread in await chat.threads("ann", wanted, limit)]


async def test_a_conversation_comes_back_as_it_was(chat: Conversations) -> None:
    body = {"output": "Größe: 7 \x00 \ud800", "metadata": {"favorite": True}, "end": None}
    await chat.save_thread("ann", THREAD, name="Which?", body={"tags": ["a"]})
    await chat.save_step("ann", THREAD, STEP, {"output": "..."}, record_id=RECORD)
    await chat.save_step("ann", THREAD, STEP, body)
    shows = Shown(RECORD, 0)
    await chat.save_element("ann", THREAD, ELEMENT, {"name": "card"}, step_id=STEP, shows=shows)
    await chat.save_feedback("ann", STEP, 0, "no")
    await chat.save_feedback("ann", STEP, 1, "yes")
    found = await chat.open("ann", THREAD.upper())
    assert (found.thread.name, found.thread.body) == ("Which?", {"tags": ["a"]})
    (step,), (element,) = found.steps, found.elements
    assert (step.id, step.body, step.record_id) == (STEP, body, RECORD)
    assert step.feedback == Feedback(1, "yes")
    assert await chat.step("ann", STEP) == step
    assert (element.record_id, element.position, element.step_id) == (RECORD, 0, STEP)
    assert await chat.element("ann", THREAD, ELEMENT) == element
    await chat.save_thread("ann", THREAD, name="Renamed")
    assert (await chat.open("ann", THREAD)).thread.body == {"tags": ["a"]}
    await chat.delete_feedback("ann", STEP)
    assert (await chat.step("ann", STEP)).feedback is None


async def test_steps_and_elements_are_in_the_order_they_came(chat: Conversations) -> None:
    steps, elements = [_id() for _ in range(6)], [_id() for _ in range(4)]
    for step in steps:
        await chat.save_step("ann", THREAD, step, {"output": "?"})
    for element in elements:
        await chat.save_element("ann", THREAD, element, {})
    await chat.save_step("ann", THREAD, steps[0], {"output": "changed later"})
    found = await chat.open("ann", THREAD)
    assert [step.id for step in found.steps] == steps
    assert [element.id for element in found.elements] == elements


Attempt = Callable[[Conversations, str], Awaitable[Any]]
ATTEMPTS: dict[str, Attempt] = {
    "open": lambda chat, who: chat.open(who, THREAD),
    "rename": lambda chat, who: chat.save_thread(who, THREAD, name="mine"),
    "delete": lambda chat, who: chat.delete_thread(who, THREAD),
    "add a step": lambda chat, who: chat.save_step(who, THREAD, _id(), {}),
    "change a step": lambda chat, who: chat.save_step(who, _id(), STEP, {}),
    "read a step": lambda chat, who: chat.step(who, STEP),
    "add an element": lambda chat, who: chat.save_element(who, THREAD, _id(), {}),
    "change an element": lambda chat, who: chat.save_element(who, _id(), ELEMENT, {}),
    "read an element": lambda chat, who: chat.element(who, THREAD, ELEMENT),
    "judge a step": lambda chat, who: chat.save_feedback(who, STEP, 0),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_nobody_reaches_anothers_conversation(chat: Conversations, attempt: str) -> None:
    await chat.save_step("ann", THREAD, STEP, {"output": "hers"})
    await chat.save_element("ann", THREAD, ELEMENT, {"name": "hers"})
    await chat.save_feedback("ann", STEP, 1)
    before = await chat.open("ann", THREAD)
    with pytest.raises(UsageError, match="There is no such"):
        await ATTEMPTS[attempt](chat, "bob")
    await chat.delete_step("bob", STEP)
    await chat.delete_element("bob", ELEMENT)
    await chat.delete_feedback("bob", STEP)
    assert await chat.open("ann", THREAD) == before
    assert await chat.threads("bob", ThreadSearch(), 50) == []
    assert await chat.owner_of(THREAD) == "ann"
    assert await chat.owner_of(_id()) is None


@pytest.mark.parametrize(
    "bad", ["", "x", "' OR 1=1 --", "../../etc/passwd", f"{THREAD}x", "\x00"], ids=range(6)
)
async def test_only_uuids_are_ids(chat: Conversations, bad: str) -> None:
    for asked in (
        chat.open("ann", bad),
        chat.save_thread("ann", bad),
        chat.owner_of(bad),
        chat.save_step("ann", THREAD, bad, {}),
        chat.save_step("ann", THREAD, STEP, {}, record_id=bad),
        chat.save_element("ann", THREAD, bad, {}),
        chat.save_feedback("ann", bad, 1),
    ):
        with pytest.raises(UsageError, match="is no UUID"):
            await asked


async def test_a_deleted_conversation_takes_all_along(
    chat: Conversations, database: Database
) -> None:
    await chat.save_step("ann", THREAD, STEP, {"output": "marmalade"})
    await chat.save_element("ann", THREAD, ELEMENT, {"name": "marmalade"}, step_id=STEP)
    await chat.save_feedback("ann", STEP, 1, "marmalade")
    assert await database.read(_mentions, "marmalade") == 3
    await chat.delete_thread("ann", THREAD)
    assert await database.read(_mentions, "marmalade") == 0


async def test_a_deleted_step_takes_what_is_shown_beside_it_along(chat: Conversations) -> None:
    other = _id()
    for step in (STEP, other):
        await chat.save_step("ann", THREAD, step, {})
        await chat.save_element("ann", THREAD, _id(), {}, step_id=step)
        await chat.save_feedback("ann", step, 1)
    await chat.delete_step("ann", STEP)
    found = await chat.open("ann", THREAD)
    assert [step.id for step in found.steps] == [other]
    assert [element.step_id for element in found.elements] == [other]


def _mentions(connection: Connection, word: str) -> int:
    rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return sum(word in str(tuple(row)) for row in rows)


async def test_what_tells_of_a_record_is_deleted_with_it(
    chat: Conversations, database: Database, tmp_path: Path
) -> None:
    records = Records(tmp_path, database=database)
    record = Record(
        id=RECORD, created=dt.datetime.now(dt.UTC), owner="ann", tool="diet", tool_version="1",
        request=Asked(ask="marmalade?"), outcome=Outcome.ANSWERED, message="It is marmalade.",
    )  # fmt: skip
    await records.keep(Kept(record))
    other = _id()
    await chat.save_step("ann", THREAD, _id(), {"input": "marmalade?"}, record_id=RECORD)
    await chat.save_step("ann", THREAD, STEP, {"output": "It is marmalade."}, record_id=RECORD)
    await chat.save_step("ann", THREAD, other, {"output": "Hello."})
    await chat.save_element("ann", THREAD, _id(), {"alt": "marmalade"}, shows=Shown(RECORD, 0))
    await chat.save_element("ann", THREAD, _id(), {"alt": "marmalade"}, step_id=STEP)
    assert await database.read(_mentions, "marmalade") == 5
    await records.delete("ann", RECORD)
    assert await database.read(_mentions, "marmalade") == 0
    assert await database.read(_mentions, RECORD) == 0
    assert [step.id for step in (await chat.open("ann", THREAD)).steps] == [other]


async def test_threads_are_listed_last_changed_first_page_after_page(chat: Conversations) -> None:
    ids = [_id() for _ in range(7)]
    for number, thread in enumerate(ids):
        await chat.save_thread("ann", thread, name=str(number))
    await chat.save_thread("bob", _id(), name="his")
    await chat.save_step("ann", ids[2], _id(), {})
    seen: list[str | None] = []
    wanted = ThreadSearch()
    while page := await chat.threads("ann", wanted, 3):
        seen += [thread.name for thread in page]
        wanted = ThreadSearch(after=after(cursor_of(page[-1])))
    assert seen == ["2", "6", "5", "4", "3", "1", "0"]


async def test_threads_are_found_by_words_and_by_feedback(chat: Conversations) -> None:
    fridge, label, hello = _id(), _id(), _id()
    await chat.save_thread("ann", fridge, name="My FRIDGE 100%")
    await chat.save_thread("ann", label, name="A label")
    await chat.save_step("ann", label, STEP, {"output": "Äpfel in the fridge"})
    await chat.save_thread("ann", hello)
    await chat.save_step("ann", hello, _id(), {"output": "hello"})
    assert await _names(chat, ThreadSearch(words=("fridge",))) == ["A label", "My FRIDGE 100%"]
    assert await _names(chat, ThreadSearch(words=("fridge", "äpfel"))) == ["A label"]
    assert await _names(chat, ThreadSearch(words=("100%",))) == ["My FRIDGE 100%"]
    assert await _names(chat, ThreadSearch(words=("output",))) == []
    assert await _names(chat, ThreadSearch(words=("HELLO",))) == [None]
    assert await _names(chat, ThreadSearch(words=("\x00",))) == []
    await chat.save_feedback("ann", STEP, 1)
    assert await _names(chat, ThreadSearch(feedback=1)) == ["A label"]
    assert await _names(chat, ThreadSearch(feedback=0)) == []


async def test_a_step_saved_twenty_times_at_once_is_one_step(chat: Conversations) -> None:
    saving = [chat.save_step("ann", THREAD, STEP, {"output": str(n)}) for n in range(20)]
    await asyncio.gather(*saving)
    assert len((await chat.open("ann", THREAD)).steps) == 1
