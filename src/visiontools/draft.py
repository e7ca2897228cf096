"""What will be the record of a run: filled step by step, and forgotten where a guard says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

from visiontools.corrections import corrections, provenance_after, still_unconfirmed
from visiontools.errors import UsageError
from visiontools.guard.words import words_of
from visiontools.piecework import Seen
from visiontools.provenance import provenance_of
from visiontools.tooling import Decision, Replied
from visiontools.types import Check, Correction, Outcome, Provenance, Record, Reply, Request

_OF_ONE_QUESTION = ("reply_", "guard_")


@dataclass(slots=True)
class Draft:
    """The fields of a record that the steps of a run fill."""

    outcome: Outcome = Outcome.INVALID
    message: str = ""
    answer: dict[str, Any] | None = None
    reply: Reply | None = None
    observation: dict[str, Any] | None = None
    provenance: dict[str, Provenance] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unconfirmed: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    def see(self, seen: Seen, request: Request, at: dt.datetime) -> Seen:
        """Take an observation; of a corrected one, what a person left stands as it stood."""
        self.observation = seen.observation.model_dump(mode="json", by_alias=True)
        self.notes += seen.notes
        corrected = request.corrects
        if corrected is not None:
            was = {key: v for key, v in (corrected.observation or {}).items() if key != "proposal"}
            made = corrections(was, self.observation, request.owner, at)
            self.corrections = (*corrected.corrections, *made)
            seen = replace(seen, unconfirmed=still_unconfirmed(corrected, self.observation))
        self.unconfirmed = tuple(sorted(seen.unconfirmed))
        return seen

    def propose(self, proposed: BaseModel | None) -> None:
        """Keep a proposal with the observation, where a person's own file has it too."""
        if proposed is not None and self.observation is not None:
            self.observation["proposal"] = proposed.model_dump(mode="json", by_alias=True)

    def decide(self, decision: Decision[Any], corrected: Record | None, *, by_person: bool) -> None:
        """Take a tool's decision, with where each field of its answer comes from."""
        self.outcome, self.message = decision.outcome, decision.message
        self.checks += decision.checks
        if decision.answer is None:
            return
        self.answer = decision.answer.model_dump(mode="json", by_alias=True)
        self.provenance = provenance_of(
            decision.answer,
            decision.provenance,
            by_person=by_person and corrected is None,
        )
        if corrected is not None:
            self.provenance = provenance_after(corrected, self.answer, self.provenance)

    def reply_by_code(self, said: Replied) -> None:
        """Take a reply that code worked out, or that says why it could not."""
        self.reply = Reply(text=said.text, grounds=said.grounds)
        detail = "" if said.ok else "the data gives no answer to the question"
        self.checks.append(Check(name="reply_computed", ok=said.ok, detail=detail))
        if not said.ok and self.outcome is Outcome.ANSWERED:
            self.outcome = Outcome.PARTLY

    def miss(self, unread: Sequence[str]) -> None:
        """Say which parts of a text nobody could read."""
        if unread:
            detail = f"left out: {'; '.join(unread)}"
            self.checks.append(Check(name="everything_read", ok=False, detail=detail))
            if self.outcome is Outcome.ANSWERED:
                self.outcome = Outcome.PARTLY

    def carry_on(self, record: Record) -> None:
        """Take what an earlier record answers. Raises UsageError where it answers nothing."""
        if record.answer is None:
            raise UsageError(
                f"Record {record.id} has no answer to ask about.", next="Run the tool first."
            )
        self.outcome, self.message = record.outcome, record.message
        self.answer, self.observation = record.answer, record.observation
        self.provenance = dict(record.provenance)
        self.checks = [c for c in record.checks if not c.name.startswith(_OF_ONE_QUESTION)]
        self.notes = list(record.notes)
        self.unconfirmed, self.corrections = record.unconfirmed, record.corrections

    def words(self) -> str:
        """All words an observer said or code made of them; "" where nothing was seen."""
        if self.observation is None:
            return ""
        reply = self.reply.text if self.reply else None
        told = [check.detail for check in self.checks] + self.notes
        corrected = [[each.was, each.now] for each in self.corrections]
        return words_of([self.message, reply, self.observation, self.answer, told, corrected])

    def withhold(self) -> None:
        """Forget all of them."""
        self.observation = self.answer = self.reply = None
        self.provenance, self.checks, self.notes = {}, [], []
        self.unconfirmed, self.corrections = (), ()
