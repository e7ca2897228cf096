"""Who says what a picture shows: the built-in reader, a person, or a model behind an endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from visiontools.errors import ConfigurationError, UsageError
from visiontools.misfits import misfits
from visiontools.models.client import Client
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.endpoint import LOCAL, is_local, local_endpoint
from visiontools.models.question import Question, Tally
from visiontools.models.registry import profile_of
from visiontools.models.secrets import variable_key
from visiontools.models.staying import check_stays
from visiontools.piecework import Given, Progress, Seen, read_pieces
from visiontools.registry import AnyTool
from visiontools.settings import Settings
from visiontools.tooling import Report
from visiontools.types import READER_PICTURES, ObserverName, PictureRules, Request

ModelT = TypeVar("ModelT", bound=BaseModel)
READER = "reader"
PERSON = "person"


class Observer(Protocol):
    """``name`` is for the record; ``client`` asks second turns, where there is a model."""

    @property
    def name(self) -> ObserverName: ...
    @property
    def rules(self) -> PictureRules: ...
    @property
    def client(self) -> Client | None: ...

    async def observe(
        self, tool: AnyTool, given: Given, tally: Tally, progress: Progress
    ) -> Seen: ...


class ReaderObserver:
    """Reads what is printed, in a thread."""

    name = ObserverName(endpoint=READER, profile=READER, model="PP-OCRv6 small + OpenCV")
    rules = READER_PICTURES
    client = None

    async def observe(self, tool: AnyTool, given: Given, tally: Tally, progress: Progress) -> Seen:
        try:
            reading = await asyncio.to_thread(tool.read, given.pictures)
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"The reader is not installed ({error.name} is missing).",
                next="Install it: pip install 'visiontools[reader]'",
            ) from None
        observation = tool.observation.model_validate(reading.observation)
        return Seen(observation, reading.unconfirmed, reading.notes)


class PersonObserver:
    """A person's own observation. A model, where one is named, is asked only second turns."""

    name = ObserverName(endpoint=PERSON, profile=PERSON, model=PERSON)

    def __init__(self, said: Mapping[str, Any], client: Client | None) -> None:
        self._said = dict(said)
        self._proposal = self._said.pop("proposal", None)
        self.client = client
        self.rules = client.profile.pictures if client else READER_PICTURES

    def check(self, tool: AnyTool) -> Report:
        """The observation, or UsageError that names every field that does not fit."""
        return _fitting(tool.observation, self._said, f"The observation for {tool.title}")

    async def observe(self, tool: AnyTool, given: Given, tally: Tally, progress: Progress) -> Seen:
        return Seen(self.check(tool), proposal=self._proposal)


class ModelObserver:
    """A model server behind an endpoint."""

    def __init__(self, endpoint: Endpoint, client: Client) -> None:
        self.name = ObserverName(
            endpoint=endpoint.name, profile=client.profile.name, model=endpoint.model
        )
        self.client = client
        self.rules = client.profile.pictures

    async def observe(self, tool: AnyTool, given: Given, tally: Tally, progress: Progress) -> Seen:
        if given.messages:
            return await read_pieces(tool, self.client, given, tally, progress)
        question = Question(
            tool.ask(given.options, given.at), tool.observation, given.pictures, plain=tool.plain
        )
        seen = await self.client.ask(
            question, tally, on_partial=progress.partial, on_repair=progress.repair
        )
        caution = self.client.profile.caution.format(model=self.name.model)
        return Seen(seen, notes=(caution,) if caution else ())


class Observers:
    """Chooses the observer of a request; one client an endpoint, made when first needed."""

    def __init__(self, settings: Settings) -> None:
        self._endpoints = settings.endpoints
        self._local = settings.local
        self._default = settings.default_endpoint
        self._local_only = settings.local_only
        self._kept = settings.kept
        self._clients: dict[str, Client] = {}

    def choose(self, request: Request, *, to_see: bool = True) -> tuple[Observer, ...]:
        """Who is asked, in this order: ``"gpu,vertex"`` asks the second where the first cannot.

        ``to_see`` says whether there is a picture to look at.

        Raises UsageError for an unknown endpoint, or one off this machine when told not to.
        """
        if request.local_only:
            self._kept.check_stays()
        names = self._names(request.endpoint or self._default)
        if request.observation is not None:
            said = request.observation
            models = [name for name in names if name != READER]
            clients = (self.client(name, request.local_only) for name in models)
            return tuple(PersonObserver(said, client) for client in clients) or (
                PersonObserver(said, None),
            )
        return tuple(self._observer(name, request.local_only, to_see) for name in names)

    def _names(self, endpoint: str) -> list[str]:
        names = list(dict.fromkeys(name.strip() for name in endpoint.split(",")))
        if "" in names:
            raise UsageError(
                f"The endpoints '{endpoint}' name one without a name.",
                next="Write them like gpu,vertex.",
            )
        return names

    def _observer(self, name: str, local_only: bool, to_see: bool) -> Observer:
        if name == READER:
            return ReaderObserver()
        return ModelObserver(self._endpoint(name, to_see), self.client(name, local_only))

    async def close(self) -> None:
        for client in self._clients.values():
            await client.close()

    def _endpoint(self, name: str, to_see: bool = True) -> Endpoint:
        if is_local(name):
            return local_endpoint(name, self._local, to_see=to_see)
        try:
            return self._endpoints[name]
        except KeyError:
            raise UsageError(
                f"There is no endpoint named '{name}'.",
                next=f"There are: {', '.join([READER, LOCAL, *self._endpoints])}. "
                "Add one with 'visiontools endpoints add'.",
            ) from None

    def client(self, name: str, local_only: bool) -> Client:
        """The client of a model's endpoint; raises what ``choose`` does."""
        endpoint = self._endpoint(name)
        if local_only or self._local_only:
            check_stays(endpoint)
        if name not in self._clients or self._clients[name].endpoint != endpoint:
            self._clients[name] = make_client(endpoint)
        return self._clients[name]


def make_client(endpoint: Endpoint) -> Client:
    """A client for one endpoint; ConfigurationError where its profile or key is missing."""
    return Client(endpoint, profile_of(endpoint), variable_key(endpoint))


def propose_by_person(schema: type[BaseModel], said: Any) -> BaseModel:
    """A person's own proposal, or UsageError that names every field that does not fit."""
    return _fitting(schema, said, "The proposal in the observation")


def _fitting(schema: type[ModelT], said: Any, what: str) -> ModelT:
    try:
        return schema.model_validate(said, extra="forbid")
    except ValidationError as error:
        raise UsageError(
            f"{what} does not fit: {misfits(error)}.",
            next="'--observation template' prints one that does.",
        ) from None
