"""The observers of one run in the order they are asked: where one cannot answer, the next is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from visiontools.errors import NeedsEyesError, UnavailableError
from visiontools.models.client import Client
from visiontools.observers import Observer
from visiontools.types import ObserverName, Picture, PictureRules, Tried

T = TypeVar("T")

Prepare = Callable[[PictureRules], Awaitable[tuple[Picture, ...]]]
"""Makes the pictures of the run fit an observer's rules."""


class Candidates:
    """Who may answer, who did, and why those before did not.

    ``observer`` is who answered, or who is being asked; ``pictures`` are as that one got them,
    and ``tried`` those asked in vain. Whoever answered is asked first what comes after. How
    pictures are prepared is told with each call and not kept: it belongs to the run that holds
    this, and the two would keep each other, and the uploads, in memory long after its end.
    """

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = observers
        self._prepared: dict[PictureRules, tuple[Picture, ...]] = {}
        self._next = 0
        self.observer = observers[0]
        self.pictures: tuple[Picture, ...] = ()
        self.tried: list[Tried] = []

    @property
    def names(self) -> tuple[ObserverName, ...]:
        """All of them, in their order."""
        return tuple(observer.name for observer in self._observers)

    async def prepare(self, prepare: Prepare) -> tuple[Picture, ...]:
        """The pictures for the observer that is asked first; raises UnusableError."""
        self.pictures = await self._fitting(self.observer.rules, prepare)
        return self.pictures

    async def observe(
        self, observe: Callable[[Observer, tuple[Picture, ...]], Awaitable[T]], prepare: Prepare
    ) -> T:
        """What the first observer that can says. Raises UnavailableError if none of them can."""
        failed: list[UnavailableError] = []
        for at, observer in enumerate(self._observers):
            self._next, self.observer = at, observer
            self.pictures = await self._fitting(observer.rules, prepare)
            try:
                return await observe(observer, self.pictures)
            except UnavailableError as error:
                self._note(observer.name.endpoint, error)
                failed.append(error)
        raise self._nobody(failed)

    async def ask(
        self, ask: Callable[[Client, tuple[Picture, ...]], Awaitable[T]], prepare: Prepare
    ) -> T:
        """What the first model that can says, from the one that answered on.

        Raises NeedsEyesError where no model is among them, UnavailableError if none can.
        """
        failed: list[UnavailableError] = []
        for at in range(self._next, len(self._observers)):
            client = self._observers[at].client
            if client is None:
                continue
            self._next = at
            try:
                return await ask(client, await self._fitting(client.profile.pictures, prepare))
            except UnavailableError as error:
                self._note(client.endpoint.name, error)
                failed.append(error)
        if not failed:
            raise NeedsEyesError(
                "Your question needs a model to answer it; the rest of the answer stands.",
                next="Set one up with 'visiontools endpoints add' and name it with --endpoint.",
            )
        raise self._nobody(failed)

    @property
    def have_models(self) -> bool:
        """Whether one of them can be asked anything further."""
        return any(observer.client for observer in self._observers[self._next :])

    async def _fitting(self, rules: PictureRules, prepare: Prepare) -> tuple[Picture, ...]:
        if rules not in self._prepared:
            self._prepared[rules] = await prepare(rules)
        return self._prepared[rules]

    def _note(self, endpoint: str, error: UnavailableError) -> None:
        self.tried.append(Tried(endpoint=endpoint, error=error.kind, detail=error.what))

    def _nobody(self, failed: Sequence[UnavailableError]) -> UnavailableError:
        if len(failed) == 1:
            return failed[0]
        return UnavailableError(
            f"None of the {len(failed)} endpoints asked could answer. "
            + " ".join(error.what for error in failed),
            next=failed[-1].next,
        )
