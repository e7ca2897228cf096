"""Threads, steps, elements and feedback as rows of the database; the statements about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, delete, exists, func, or_, select, type_coerce

from visiontools.errors import UsageError
from visiontools.store.paging import Mark, newest_first, pattern, says
from visiontools.store.schema import elements, feedback, steps, threads

Insert = Callable[[Any], Any]
"""The database's own INSERT."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation; ``body`` is the chat's own affair."""

    id: str
    owner: str
    name: str | None
    created: dt.datetime
    changed: dt.datetime
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a step was worth to its reader."""

    value: int
    comment: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A message, or a step on the way to one."""

    id: str
    thread_id: str
    created: dt.datetime
    record_id: str | None
    body: dict[str, Any]
    feedback: Feedback | None


@dataclass(frozen=True, slots=True)
class Element:
    """Something shown beside a step: a record's picture by its position, or anything else."""

    id: str
    thread_id: str
    step_id: str | None
    created: dt.datetime
    record_id: str | None
    position: int | None
    body: dict[str, Any]


_ELEMENT = (
    elements.c.id,
    elements.c.thread_id,
    elements.c.step_id,
    elements.c.created,
    elements.c.record_id,
    elements.c.position,
    elements.c.body,
)
_STEP = select(steps, feedback.c.value, feedback.c.comment).outerjoin(
    feedback, feedback.c.step_id == steps.c.id
)


def save_thread(
    connection: Connection,
    insert: Insert,
    owner: str,
    thread_id: str,
    name: str | None,
    body: Mapping[str, Any] | None,
) -> None:
    """Make or change a thread. UsageError where it is another owner's."""
    now = dt.datetime.now(dt.UTC)
    given = {"changed": now, "name": name, "body": None if body is None else dict(body)}
    new = {**given, "id": thread_id, "owner": owner, "created": now, "body": dict(body or {})}
    changed = {key: value for key, value in given.items() if value is not None}
    _upsert(connection, insert, threads, new, changed, "conversation")


def _upsert(
    connection: Connection,
    insert: Insert,
    table: Any,
    new: Mapping[str, Any],
    changed: Mapping[str, Any],
    what: str,
) -> None:
    """Insert a row, or change the one of that id, if it is the same owner's."""
    statement = insert(table).values(**new)
    done = connection.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.id], set_=dict(changed), where=table.c.owner == new["owner"]
        ).returning(table.c.id)
    )
    if done.first() is None:
        raise UsageError(f"There is no such {what}.")


def threads_like(
    connection: Connection,
    owner: str,
    words: tuple[str, ...],
    value: int | None,
    after: Mark | None,
    limit: int,
) -> list[Thread]:
    """The first so many that match, last changed first."""
    query = select(threads).where(threads.c.owner == owner)
    if value is not None:
        judged = exists().where(
            steps.c.thread_id == threads.c.id,
            feedback.c.step_id == steps.c.id,
            feedback.c.value == value,
        )
        query = query.where(judged)
    for written in filter(None, map(pattern, words)):
        query = query.where(_contains(written))
    found: list[Thread] = []
    ordered = newest_first(query, threads.c.changed, threads.c.id, after)
    for row in connection.execute(ordered):
        if says(words, [row.name, *_said(connection, row.id, words)]):
            found.append(_thread(row))
            if len(found) == limit:
                break
    return found


def _contains(written: str) -> Any:
    """Whether a thread may have the word; ``says`` has the last one."""
    body = type_coerce(steps.c.body, Text)
    told = exists().where(
        steps.c.thread_id == threads.c.id, body.icontains(written, autoescape=True)
    )
    return or_(func.coalesce(threads.c.name, "").icontains(written, autoescape=True), told)


def _said(connection: Connection, thread_id: str, words: tuple[str, ...]) -> list[Any]:
    if not words:
        return []
    return list(connection.scalars(select(steps.c.body).where(steps.c.thread_id == thread_id)))


def whole(
    connection: Connection, owner: str, thread_id: str
) -> tuple[Thread, list[Step], list[Element]]:
    """A thread with all that is in it. UsageError where the owner has none of that id."""
    mine = select(threads).where(threads.c.id == thread_id, threads.c.owner == owner)
    thread = connection.execute(mine).first()
    if thread is None:
        raise UsageError("There is no such conversation.")
    said = _STEP.where(steps.c.thread_id == thread_id).order_by(steps.c.created, steps.c.id)
    shown = select(*_ELEMENT).where(elements.c.thread_id == thread_id)
    shown = shown.order_by(elements.c.created, elements.c.id)
    return (
        _thread(thread),
        [_step(row) for row in connection.execute(said)],
        [Element(*row) for row in connection.execute(shown)],
    )


def owner_of(connection: Connection, thread_id: str) -> str | None:
    return connection.scalar(select(threads.c.owner).where(threads.c.id == thread_id))


def delete_thread(connection: Connection, owner: str, thread_id: str) -> None:
    """Delete a thread with all that is in it. UsageError where the owner has none of that id."""
    mine = (threads.c.id == thread_id, threads.c.owner == owner)
    if not connection.execute(delete(threads).where(*mine)).rowcount:
        raise UsageError("There is no such conversation.")


def save_step(
    connection: Connection,
    insert: Insert,
    owner: str,
    thread_id: str,
    step_id: str,
    record_id: str | None,
    body: dict[str, Any],
) -> None:
    save_thread(connection, insert, owner, thread_id, None, None)
    new = {
        "id": step_id,
        "thread_id": thread_id,
        "owner": owner,
        "created": dt.datetime.now(dt.UTC),
        "record_id": record_id,
        "body": body,
    }
    changed = {"body": body} | ({"record_id": record_id} if record_id else {})
    _upsert(connection, insert, steps, new, changed, "step")


def step(connection: Connection, owner: str, step_id: str) -> Step:
    """One step. UsageError where the owner has none of that id."""
    row = connection.execute(_STEP.where(steps.c.id == step_id, steps.c.owner == owner)).first()
    if row is None:
        raise UsageError("There is no such step.")
    return _step(row)


def delete_steps(connection: Connection, owner: str, ids: Sequence[str]) -> None:
    """Delete steps of the owner with their elements and feedback."""
    connection.execute(
        delete(elements).where(elements.c.step_id.in_(ids), elements.c.owner == owner)
    )
    connection.execute(delete(steps).where(steps.c.id.in_(ids), steps.c.owner == owner))


def save_element(
    connection: Connection, insert: Insert, owner: str, thread_id: str, element: dict[str, Any]
) -> None:
    save_thread(connection, insert, owner, thread_id, None, None)
    now = dt.datetime.now(dt.UTC)
    new = {**element, "thread_id": thread_id, "owner": owner, "created": now}
    changed = {key: value for key, value in element.items() if key != "id" and value is not None}
    _upsert(connection, insert, elements, new, changed, "element")


def element(connection: Connection, owner: str, thread_id: str, element_id: str) -> Element:
    """One element. UsageError where the owner has none of that id in that thread."""
    query = select(*_ELEMENT).where(
        elements.c.id == element_id,
        elements.c.thread_id == thread_id,
        elements.c.owner == owner,
    )
    row = connection.execute(query).first()
    if row is None:
        raise UsageError("There is no such element.")
    return Element(*row)


def delete_element(connection: Connection, owner: str, element_id: str) -> None:
    mine = (elements.c.id == element_id, elements.c.owner == owner)
    connection.execute(delete(elements).where(*mine))


def save_feedback(
    connection: Connection,
    insert: Insert,
    owner: str,
    step_id: str,
    value: int,
    comment: str | None,
) -> None:
    """Say what a step was worth. UsageError where the owner has none of that id."""
    step(connection, owner, step_id)
    said = {"value": value, "comment": comment, "changed": dt.datetime.now(dt.UTC)}
    statement = insert(feedback).values(step_id=step_id, owner=owner, **said)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[feedback.c.step_id], set_=said)
    )


def delete_feedback(connection: Connection, owner: str, step_id: str) -> None:
    mine = (feedback.c.step_id == step_id, feedback.c.owner == owner)
    connection.execute(delete(feedback).where(*mine))


def forget_records(connection: Connection, owner: str, ids: Sequence[str]) -> None:
    """Delete what tells of these records of the owner: steps, and what is shown beside them."""
    told: Select[Any] = select(steps.c.id).where(steps.c.owner == owner, steps.c.record_id.in_(ids))
    delete_steps(connection, owner, list(connection.scalars(told)))
    mine = (elements.c.owner == owner, elements.c.record_id.in_(ids))
    connection.execute(delete(elements).where(*mine))


def _thread(row: Row[Any]) -> Thread:
    return Thread(row.id, row.owner, row.name, row.created, row.changed, row.body)


def _step(row: Row[Any]) -> Step:
    judged = None if row.value is None else Feedback(row.value, row.comment)
    return Step(row.id, row.thread_id, row.created, row.record_id, row.body, judged)
