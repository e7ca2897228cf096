"""The card of a record, for every page that shows one."""

from __future__ import annotations

from visiontools.doors.told import is_further, told
from visiontools.doors.web.pages_who import able
from visiontools.pipeline import Pipeline
from visiontools.registry import AnyTool
from visiontools.translations import marked, tr
from visiontools.types import Record
from visiontools.views.html_card import Action, Card, Shown, card
from visiontools.views.html_text import Html


def card_of(pipeline: Pipeline, record: Record, *, acting: bool = True) -> Html:
    """The card, with what can be done with the record below it where ``acting``."""
    tool = pipeline.tools.get(record.tool)
    found = told(record, tool)
    return card(
        Card(
            record=record,
            tool=title_of(tool, record),
            answer=found.answer,
            warnings=found.warnings,
            further=is_further(record),
            pictures=pictures_of(record),
            actions=_actions(record) if acting else (),
        )
    )


def title_of(tool: AnyTool | None, record: Record) -> str:
    """What a tool is called, also where it is not there any more."""
    return tool.title if tool else record.tool


def pictures_of(record: Record) -> list[Shown]:
    """The pictures that were looked at; none where none was kept."""
    sent = dict.fromkeys(each.sent for each in record.inputs if each.sent)
    several = len(sent) > 1
    return [
        Shown(
            address=f"/api/v1/records/{record.id}/pictures/{number}",
            width=each.width,
            height=each.height,
            name=tr("Picture %(number)s that was looked at", number=number)
            if several
            else tr("The picture looked at"),
        )
        for number, each in enumerate(sent, 1)
        if each.width and each.height
    ]


def was_kept(record: Record) -> bool:
    """Whether what was handed in could be used, and so can be asked about again."""
    return any(each.sent for each in record.inputs)


def can_be_put_right(record: Record) -> bool:
    """Whether somebody could say better what is seen: there is something to look at."""
    return was_kept(record) and not is_further(record)


def _actions(record: Record) -> list[Action]:
    at = f"/records/{record.id}"
    name = f"{record.tool}-{record.id[:8]}"
    actions = [Action(marked("Evidence"), at)]
    if can_be_put_right(record):
        begun = record.observation is not None
        words = marked("Put right") if begun else marked("Say what is seen")
        actions.append(Action(words, f"{at}/correct"))
    return [
        *actions,
        Action(marked("Report"), f"{at}/report"),
        Action("JSON", f"/api/v1{at}", f"{name}.json"),
        Action("CSV", f"{at}/csv", f"{name}.csv"),
        Action(marked("Delete"), f"{at}/delete"),
    ]


def can_be_asked(pipeline: Pipeline, record: Record) -> bool:
    """Whether somebody, or the tool's own code, answers a further question about the record."""
    tool = pipeline.tools.get(record.tool)
    by_code = tool is not None and tool.replies
    return bool(record.answer) and (by_code or asks_whom(pipeline, record) is not None)


def asks_whom(pipeline: Pipeline, record: Record) -> str | None:
    """Who is asked a further question about the record: who answered it, else the first model."""
    answered = record.observer.endpoint if record.observer else None
    models = able(pipeline, to_see=bool(pictures_of(record)))
    return answered if answered in models else next(iter(models), None)
