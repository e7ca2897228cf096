"""What stands behind an answer: the checks, where each field comes from, what was sent to whom."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from visiontools.observers import PERSON, READER
from visiontools.pointers import leaves
from visiontools.registry import AnyTool
from visiontools.translations import marked, tr
from visiontools.translations.forms import figures
from visiontools.types import Correction, Input, Record, Sent
from visiontools.views.account import SOURCE_WORDS, account, observer_words, place
from visiontools.views.blocks import Block, Code, Facts, Table, Text
from visiontools.views.html import show
from visiontools.views.html_card import checks_of
from visiontools.views.html_text import Html

_LONGEST = 300


def evidence_of(record: Record, tool: AnyTool | None) -> Sequence[tuple[str, Html]]:
    """Everything the record knows, by titles, most wanted first."""
    parts = {
        marked("What was put right"): _corrections(record.corrections),
        marked("Checks"): _untitled(checks_of(record)),
        marked("What was sent to whom"): _sent(record, tool),
        marked("What was seen"): _seen(record),
        marked("Where each field comes from"): _fields(record),
        marked("This run"): (account(record), *_timings(record)),
    }
    shown = ((title, show(tuple(blocks))) for title, blocks in parts.items())
    return [(title, html) for title, html in shown if html]


def _untitled(tables: Sequence[Table]) -> Sequence[Block]:
    return [replace(table, title=None) for table in tables]


def _corrections(changes: Sequence[Correction]) -> Iterator[Block]:
    if changes:
        rows = tuple((place(c.pointer), _said(c.was), _said(c.now)) for c in changes)
        yield Table((marked("Field"), marked("It was"), marked("A person says")), rows)


def _fields(record: Record) -> Iterator[Block]:
    rows = tuple(
        (place(pointer), _said(value), tr(SOURCE_WORDS[record.provenance[pointer]]))
        for pointer, value in leaves(record.answer or {})
        if pointer in record.provenance
    )
    if rows:
        yield Table((marked("Field"), marked("Value"), marked("Where it comes from")), rows)


def _said(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _sent(record: Record, tool: AnyTool | None) -> Iterator[Block]:
    observer = record.observer
    if observer is None:
        yield Text(tr("Nothing was sent to anybody."))
    elif observer.endpoint == READER:
        yield Text(tr("Nothing left this machine: the built-in reader read it here."))
    elif observer.endpoint == PERSON:
        yield Text(tr("Nobody was asked what it shows: a person said so."))
    else:
        yield Text(
            tr(
                "It went to %(who)s (%(profile)s).",
                who=observer_words(record),
                profile=observer.profile,
            )
        )
    for each in record.tried:
        yield Text(f"{tr('Tried in vain')}: {each.endpoint}. {each.detail}")
    yield from _files(record)
    if record.request.ask:
        yield Facts(((marked("Question"), record.request.ask),))
    chosen = {name: value for name, value in record.request.options.items() if value is not None}
    if chosen:
        options = tuple((name, _said(value)) for name, value in chosen.items())
        yield Facts(options, marked("Options"))
    yield from _prompt(record, tool)


def _files(record: Record) -> Iterator[Block]:
    rows = tuple(
        (
            _size(each)
            or (tr("a text") if each.kind == "text" and each.sent else tr("unreadable")),
            _short(each.sha256),
            (_size(each.sent) or tr("a text")) if each.sent else tr("nothing"),
            f"{each.sent.bytes:,}" if each.sent else "",
            _short(each.sent.sha256) if each.sent else "",
        )
        for each in record.inputs
    )
    if rows:
        columns = (
            marked("Handed in"),
            "SHA-256",
            marked("Looked at as"),
            marked("Bytes"),
            marked("SHA-256 of that"),
        )
        yield Table(columns, rows, marked("Files"), frozenset({3}))


def _size(of: Input | Sent) -> str:
    return f"{of.width} × {of.height}" if of.width else ""


def _short(sha256: str) -> str:
    """Enough of a hash to know it by; the record as JSON has the whole."""
    return f"{sha256[:16]}…"


def _prompt(record: Record, tool: AnyTool | None) -> Iterator[Block]:
    """What a model was told to look for; it is the tool's, and the record names its version."""
    asked = record.observer and record.observer.profile not in (READER, PERSON)
    if not asked or tool is None:
        return
    if tool.version != record.tool_version:
        yield Text(
            tr(
                "Its words were those of version %(was)s of the tool; now it is version %(now)s.",
                was=record.tool_version,
                now=tool.version,
            )
        )
        return
    schema = json.dumps(tool.observation.model_json_schema(by_alias=True), indent=1)
    yield Code(tool.prompt, "text", marked("The words"))
    yield Code(schema, "json", marked("The form the answer had to have"))


def _seen(record: Record) -> Iterator[Block]:
    if record.observation is not None:
        text = json.dumps(record.observation, indent=2, ensure_ascii=False)
        yield Code(text, "json")


def _timings(record: Record) -> Iterator[Block]:
    rows = tuple((name, figures(f"{ms:,.0f} ms")) for name, ms in record.timings_ms.items())
    if rows:
        yield Facts(rows, marked("Time"))
