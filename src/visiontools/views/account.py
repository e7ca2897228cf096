"""What stands under an answer: who observed, what failed, where the fields come from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from visiontools.pointers import resolve
from visiontools.translations import marked, tr, trn
from visiontools.translations.forms import figures, moment
from visiontools.types import Check, Outcome, Provenance, Record
from visiontools.views.blocks import Block, Facts, Notice, Section, Text

OUTCOME_WORDS = {
    Outcome.ANSWERED: marked("Answered"),
    Outcome.PARTLY: marked("Partly answered"),
    Outcome.CANNOT_TELL: marked("Cannot tell"),
    Outcome.WRONG_PICTURE: marked("Not the right picture"),
    Outcome.REFUSED: marked("The model refused"),
    Outcome.BLOCKED: marked("Blocked"),
    Outcome.INVALID: marked("No valid answer"),
    Outcome.UNAVAILABLE: marked("Nobody could answer"),
    Outcome.UNUSABLE: marked("The file cannot be used"),
    Outcome.CANCELLED: marked("Stopped"),
}
_LONGEST_VALUE = 200
SOURCE_WORDS = {
    Provenance.READ: marked("read in the picture"),
    Provenance.INFERRED: marked("judged from the picture"),
    Provenance.TYPICAL: marked("typical, not seen"),
    Provenance.COMPUTED: marked("computed"),
    Provenance.EDITED: marked("said by a person"),
}


_OF_A_TEXT = {
    Provenance.READ: marked("read in the text"),
    Provenance.INFERRED: marked("judged from the text"),
}


def headline(record: Record) -> Text:
    """The one sentence of a run, led by its outcome where that is not a plain answer."""
    if record.outcome is Outcome.ANSWERED:
        return Text(record.message, strong=True)
    return Text(f"{tr(OUTCOME_WORDS[record.outcome])}: {record.message}", strong=True)


def replied(record: Record) -> Sequence[Block]:
    """The person's question with its reply, or why there is none."""
    if record.request.ask is None:
        return ()
    if record.reply is None:
        unsaid = [check.detail for check in record.checks if _is_no_reply(check)]
        return tuple(Section(record.request.ask, (Notice(why, "warning"),)) for why in unsaid)
    blocks: list[Block] = [Text(record.reply.text)]
    if record.reply.grounds:
        rows = tuple((place(at), _value(record, at)) for at in record.reply.grounds)
        blocks.append(Facts(rows, marked("It stands on")))
    return (Section(record.request.ask, tuple(blocks)),)


def _is_no_reply(check: Check) -> bool:
    return check.name == "reply_given" and not check.ok


def place(pointer: str) -> str:
    """A JSON pointer for a person: ``/parts/0/severity`` in words: "parts 1, severity"."""
    steps = pointer.strip("/").replace("~1", "/").replace("~0", "~").split("/")
    words = (f" {int(step) + 1}" if step.isdecimal() else f", {_words(step)}" for step in steps)
    return "".join(words).strip(", ") or tr("the whole answer")


def _value(record: Record, pointer: str) -> str:
    try:
        value = resolve(record.answer, pointer)
    except KeyError:
        return tr("there is no such field any more")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."


def warnings(record: Record) -> Sequence[Block]:
    """Every failed check and every note of the preparation or the reading."""
    failed = [check for check in record.checks if not check.ok and not _is_no_reply(check)]
    return (
        *(
            Notice(f'Failed check "{_words(check.name)}": {check.detail}'.rstrip(": "), "warning")
            for check in failed
        ),
        *(Notice(note) for note in record.notes),
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def account(record: Record) -> Facts:
    """Who observed, how many checks hold, where the fields come from, what it took."""
    rows = [
        (
            marked("Asked") if _is_only_asked(record) else marked("Observed by"),
            _observed_by(record),
        ),
        (marked("Tried in vain"), _tried(record)),
        (marked("Fields"), _sources(record)),
        (marked("Checks"), _checks(record)),
        (marked("Guard"), _guard(record)),
        (marked("Tokens"), _tokens(record)),
        (
            marked("Cost"),
            figures(f"{record.cost.amount:g} {record.cost.currency}") if record.cost else "",
        ),
        (
            marked("Time"),
            figures(f"{sum(record.timings_ms.values()) / 1000:.1f} s") if record.timings_ms else "",
        ),
        (marked("Follows"), record.parent or ""),
        (marked("Record"), tr("%(id)s of %(when)s", id=record.id, when=moment(record.created))),
    ]
    return Facts(tuple(row for row in rows if row[1]))


def _is_only_asked(record: Record) -> bool:
    """Whether the observer saw nothing: it failed to, or only answered a further question."""
    return record.observation is None or record.parent is not None


def observer_words(record: Record) -> str:
    """Who said what the picture shows: a person, the built-in reader, or a model."""
    observer = record.observer
    if observer is None:
        return tr("nobody")
    if observer.profile == "person":
        return tr("a person")
    if observer.profile == "reader":
        return tr("the built-in reader")
    return tr("%(model)s at %(endpoint)s", model=observer.model, endpoint=observer.endpoint)


def _observed_by(record: Record) -> str:
    who = observer_words(record)
    if record.observer is None or record.outcome is Outcome.UNUSABLE:
        return ""  # a file that cannot be used is shown to nobody
    return tr("a person's observation") if record.observer.profile == "person" else who


def _tried(record: Record) -> str:
    """The endpoints asked before; of the last one the message tells."""
    last = record.observer.endpoint if record.observer else None
    vain = (t for t in record.tried if t.endpoint != last)
    return "; ".join(f"{t.endpoint} ({t.error.replace('_', ' ')})" for t in vain)


def _sources(record: Record) -> str:
    counted = Counter(record.provenance.values())
    of_a_text = {each.kind for each in record.inputs} == {"text"}
    words = SOURCE_WORDS | _OF_A_TEXT if of_a_text else SOURCE_WORDS
    return ", ".join(
        f"{counted[source]} {tr(said)}" for source, said in words.items() if counted[source]
    )


def _checks(record: Record) -> str:
    held = sum(check.ok for check in record.checks)
    every = len(record.checks)
    return tr("%(held)s of %(every)s held", held=held, every=every) if every else ""


def _guard(record: Record) -> str:
    states = {"input": record.guard.input, "output": record.guard.output}
    return ", ".join(f"{tr(side)} {tr(state)}" for side, state in states.items() if state != "off")


def _tokens(record: Record) -> str:
    usage = record.usage
    if not usage.input_tokens and not usage.output_tokens:
        return ""
    told = tr(
        "%(input)s in, %(output)s out",
        input=figures(f"{usage.input_tokens:,}"),
        output=figures(f"{usage.output_tokens:,}"),
    )
    if record.attempts < 2:
        return told
    return f"{told} {trn('in %(num)s call', 'in %(num)s calls', record.attempts)}"
