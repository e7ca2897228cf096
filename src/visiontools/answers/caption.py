"""What can be seen in any picture, and the facts that sentences about it are held to."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from visiontools.answers.caption_names import PEOPLE, guessed_names, without_names
from visiontools.answers.caption_words import said_numbers, words_of
from visiontools.answers.fields import lines, one_line, said
from visiontools.answers.messages_quotes import squeezed
from visiontools.tooling import Observation

PictureKind = Literal["photo", "drawing", "chart", "screenshot", "text", "decorative"]
_LONGEST_PHRASE = 200
_LONGEST_DRAFT = 6000


Phrase = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=_LONGEST_PHRASE)]
Phrases = Annotated[list[Phrase], BeforeValidator(lines), Field(max_length=60)]
MaybePhrase = Annotated[
    Annotated[str, Field(max_length=_LONGEST_PHRASE)] | None, BeforeValidator(said)
]
Draft = Annotated[Annotated[str, Field(max_length=_LONGEST_DRAFT)] | None, BeforeValidator(said)]


class SeenSubject(BaseModel):
    """One kind of thing or being that is visible."""

    what: Phrase = Field(
        description="what it is, in the plural where there are several: 'dog', 'gulls', 'woman'; "
        "never who somebody is"
    )
    count: int | None = Field(
        default=None, ge=1, le=10_000, description="how many can be counted; null if not"
    )
    attributes: Phrases = Field(
        default_factory=list, description="how it looks: 'red', 'wooden', 'wearing a hat'"
    )
    where: MaybePhrase = Field(
        default=None, description="where in the picture: 'left', 'in the background'"
    )


class SeenPicture(Observation):
    """What is visible, and the sentences its observer would write about it."""

    kind: PictureKind = Field(
        default="photo",
        description="'text' if the picture is mostly words; 'decorative' if it is an ornament, a "
        "divider or a pattern that tells a reader nothing",
    )
    subjects: list[SeenSubject] = Field(default_factory=list, max_length=60)
    setting: MaybePhrase = Field(
        default=None, description="where it all is, with its preposition: 'on a beach at dusk'"
    )
    visible_text: Annotated[list[str], BeforeValidator(lines), Field(max_length=200)] = Field(
        default_factory=list, description="every line of text that can be read, letter by letter"
    )
    relations: Phrases = Field(
        default_factory=list,
        description="what is where, or does what to what: 'the dog sits left of the chair'",
    )
    caption: Draft = Field(default=None, description="one sentence that could stand below it")
    alt: Draft = Field(
        default=None, description="what somebody who cannot see it must know, in one sentence"
    )
    description: Draft = Field(
        default=None, description="everything above in two to eight sentences"
    )


class Seen:
    """The facts of an observation: the numbers, the printed words, and the subjects.

    ``names`` are those that were left out of the subjects, since they are not printed.
    """

    def __init__(self, seen: SeenPicture) -> None:
        self.kind: PictureKind = seen.kind
        self.text = seen.visible_text
        self.printed = squeezed(" ".join(seen.visible_text)).casefold()
        self.printed_words = words_of(self.printed)
        self.names: list[str] = []
        self.subjects = [each for subject in seen.subjects if (each := self._cleaned(subject))]
        self.setting = self._nameless(seen.setting) if seen.setting else None
        told = (self._nameless(relation) for relation in seen.relations)
        self.relations = [relation for relation in told if relation]

    @property
    def is_empty(self) -> bool:
        return not (self.subjects or self.text or self.setting or self.relations)

    @property
    def informative(self) -> list[str]:
        """What an ornament would not show: people, and words to read."""
        people = (each.what for each in self.subjects if words_of(each.what) & PEOPLE)
        return [*self.text, *people]

    def _cleaned(self, subject: SeenSubject) -> SeenSubject | None:
        """The subject without names that are not printed; None where nothing else is left."""
        what = self._nameless(subject.what)
        if not what:
            return None
        attributes = [kept for each in subject.attributes if (kept := self._nameless(each))]
        where = self._nameless(subject.where) if subject.where else None
        return SeenSubject(what=what, count=subject.count, attributes=attributes, where=where)

    def _nameless(self, phrase: str) -> str | None:
        names = guessed_names(phrase, self.printed_words)
        if not names:
            return phrase
        self.names += [name for name in names if name not in self.names]
        return without_names(phrase, names)

    @cached_property
    def numbers(self) -> set[int]:
        """Those that were counted or read, and the sums of two counts and of all."""
        counts = [subject.count for subject in self.subjects if subject.count]
        sums = {a + b for a, b in combinations(counts, 2)} | {sum(counts)}
        phrases = [self.setting or "", *self.relations, self.printed]
        for subject in self.subjects:
            phrases += [subject.what, *subject.attributes, subject.where or ""]
        return sums | set(counts) | {n for phrase in phrases for n in said_numbers(phrase)}

    def says(self, words: str) -> bool:
        """Whether words stand in the picture, in any case."""
        return squeezed(words).casefold().strip(" .,…") in self.printed
