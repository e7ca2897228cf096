"""Answering one message: what it asks for, the steps in words while it is worked on, the card."""

from __future__ import annotations

import datetime as dt
import logging

import chainlit as cl
from chainlit.context import context

from visiontools.doors.api.incidents import incident
from visiontools.doors.api.problems import ProblemError
from visiontools.doors.chat.attached import Attached
from visiontools.doors.chat.caller import Caller, caller
from visiontools.doors.chat.layer import keep_step
from visiontools.doors.chat.shown import written
from visiontools.doors.chat.turns import turn
from visiontools.doors.chat.wanted import NothingWanted, wanted_run
from visiontools.doors.chat.words import answer_words, safe
from visiontools.doors.steps import ANSWERING, step_words
from visiontools.errors import VisiontoolsError
from visiontools.running import Run
from visiontools.translations import tr
from visiontools.types import Finished, Partial, Record, Step

_log = logging.getLogger(__name__)


async def answer(message: cl.Message) -> None:
    """Work on a message, and answer with the card of the record that came of it."""
    reply = cl.Message(content="")
    reply.created_at = written(dt.datetime.now(dt.UTC))
    try:
        await _answered(message, reply)
    except NothingWanted as why:
        reply.content = str(why)
    except ProblemError as problem:
        reply.content = _said(problem)
    except VisiontoolsError as error:
        reply.content = safe(str(error))
    except Exception as error:
        reply.content = _said(incident(error, _log))
    try:
        await _keep(reply)
    except VisiontoolsError as error:
        reply.content += (
            f"\n\n{safe(tr('This conversation could not be kept:'))} {safe(str(error))}"
        )
    await reply.send()  # type: ignore[no-untyped-call]


def _said(problem: ProblemError) -> str:
    return safe(f"{problem.detail} {problem.next or ''}")


async def _answered(message: cl.Message, reply: cl.Message) -> None:
    who = caller()
    await context.emitter.send_window_message({"visiontools-thread": message.thread_id})
    attached = await Attached.of(who, message)
    with who.desk.running.place():
        run = await wanted_run(who, message, attached)
        await who.desk.charge(who.owner)
        await _work(who, message, reply, run, attached)


async def _work(
    who: Caller, message: cl.Message, reply: cl.Message, run: Run, attached: Attached
) -> None:
    """Tell the steps, then the answer, which is kept before the run counts as over."""
    answering = False
    with who.desk.running.hold(run), turn(context.session, run):
        async for event in run:
            if isinstance(event, Step):
                answering = False
                await _say(reply, step_words(event))
            elif isinstance(event, Partial) and not answering:
                answering = True
                await _say(reply, tr(ANSWERING))
            elif isinstance(event, Finished):
                who.desk.ended(who.owner, run, event)
                await _tell(message, reply, event.record, attached)


async def _say(reply: cl.Message, words: str) -> None:
    """Say what is being done now, after what was done before."""
    lead = " " if reply.content else ""
    await reply.stream_token(f"{lead}{safe(words)}...")


async def _tell(message: cl.Message, reply: cl.Message, record: Record, attached: Attached) -> None:
    reply.content = answer_words(record)
    reply.metadata = {"record": record.id}
    await _keep(reply)
    message.metadata = {**(message.metadata or {}), "record": record.id}
    await keep_step(message.to_dict())
    if (run := context.current_run) is not None:
        run.metadata = {"record": record.id}
    await attached.belong_to(record)


async def _keep(reply: cl.Message) -> None:
    """Keep it now: Chainlit would do so some time later, and forget what goes wrong with it."""
    if not reply.persisted:
        reply.persisted = True
        await keep_step(reply.to_dict())
