"""What stands under an answer: who observed, what failed, where the fields come from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from visiontools.pointers import resolve
from visiontools.types import Check, Outcome, Provenance, Record
from visiontools.views.blocks import Block, Facts, Notice, Section, Text

OUTCOME_WORDS = {
    Outcome.ANSWERED: "Answered",
    Outcome.PARTLY: "Partly answered",
    Outcome.CANNOT_TELL: "Cannot tell",
    Outcome.WRONG_PICTURE: "Not the right picture",
    Outcome.REFUSED: "The model refused",
    Outcome.BLOCKED: "Blocked",
    Outcome.INVALID: "No valid answer",
    Outcome.UNAVAILABLE: "Nobody could answer",
    Outcome.UNUSABLE: "The file cannot be used",
    Outcome.CANCELLED: "Stopped",
}
_LONGEST_VALUE = 200
SOURCE_WORDS = {
    Provenance.READ: "read in the picture",
    Provenance.INFERRED: "judged from the picture",
    Provenance.TYPICAL: "typical, not seen",
    Provenance.COMPUTED: "computed",
    Provenance.EDITED: "said by a person",
}


def headline(record: Record) -> Text:
    """The one sentence of a run, led by its outcome where that is not a plain answer."""
    if record.outcome is Outcome.ANSWERED:
        return Text(record.message, strong=True)
    return Text(f"{OUTCOME_WORDS[record.outcome]}: {record.message}", strong=True)


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
        blocks.append(Facts(rows, "It stands on"))
    return (Section(record.request.ask, tuple(blocks)),)


def _is_no_reply(check: Check) -> bool:
    return check.name == "reply_given" and not check.ok


def place(pointer: str) -> str:
    """A JSON pointer for a person: ``/parts/0/severity`` in words: "parts 1, severity"."""
    steps = pointer.strip("/").replace("~1", "/").replace("~0", "~").split("/")
    words = (f" {int(step) + 1}" if step.isdecimal() else f", {_words(step)}" for step in steps)
    return "".join(words).strip(", ") or "the whole answer"


def _value(record: Record, pointer: str) -> str:
    try:
        value = resolve(record.answer, pointer)
    except KeyError:
        return "there is no such field any more"
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
        ("Asked" if _is_only_asked(record) else "Observed by", _observed_by(record)),
        ("Tried in vain", _tried(record)),
        ("Fields", _sources(record)),
        ("Checks", _checks(record)),
        ("Guard", _guard(record)),
        ("Tokens", _tokens(record)),
        ("Cost", f"{record.cost.amount:g} {record.cost.currency}" if record.cost else ""),
        ("Time", f"{sum(record.timings_ms.values()) / 1000:.1f} s" if record.timings_ms else ""),
        ("Follows", record.parent or ""),
        ("Record", f"{record.id} of {record.created:%Y-%m-%d %H:%M} UTC"),
    ]
    return Facts(tuple(row for row in rows if row[1]))


def _is_only_asked(record: Record) -> bool:
    """Whether the observer saw nothing: it failed to, or only answered a further question."""
    return record.observation is None or record.parent is not None


def observer_words(record: Record) -> str:
    """Who said what the picture shows: a person, the built-in reader, or a model."""
    observer = record.observer
    if observer is None:
        return "nobody"
    if observer.profile == "person":
        return "a person"
    if observer.profile == "reader":
        return "the built-in reader"
    return f"{observer.model} at {observer.endpoint}"


def _observed_by(record: Record) -> str:
    who = observer_words(record)
    if record.observer is None or record.outcome is Outcome.UNUSABLE:
        return ""  # a file that cannot be used is shown to nobody
    return "a person's observation" if who == "a person" else who


def _tried(record: Record) -> str:
    """The endpoints asked before; of the last one the message tells."""
    last = record.observer.endpoint if record.observer else None
    vain = (t for t in record.tried if t.endpoint != last)
    return "; ".join(f"{t.endpoint} ({t.error.replace('_', ' ')})" for t in vain)


def _sources(record: Record) -> str:
    counted = Counter(record.provenance.values())
    said = ", ".join(
        f"{counted[source]} {words}" for source, words in SOURCE_WORDS.items() if counted[source]
    )
    kinds = {each.kind for each in record.inputs}
    return said.replace("the picture", "the text") if kinds == {"text"} else said


def _checks(record: Record) -> str:
    held = sum(check.ok for check in record.checks)
    return f"{held} of {len(record.checks)} held" if record.checks else ""


def _guard(record: Record) -> str:
    states = {"input": record.guard.input, "output": record.guard.output}
    return ", ".join(f"{side} {state}" for side, state in states.items() if state != "off")


def _tokens(record: Record) -> str:
    usage = record.usage
    if not usage.input_tokens and not usage.output_tokens:
        return ""
    calls = f" in {record.attempts} calls" if record.attempts > 1 else ""
    return f"{usage.input_tokens:,} in, {usage.output_tokens:,} out{calls}"
