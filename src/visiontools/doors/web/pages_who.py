"""Who can be asked to look, as a person chooses among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from visiontools.doors.describe import reader_can
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.endpoint import local_endpoints
from visiontools.models.profile import LLAMA_3_2_LICENCE, is_llama_3_2_vision
from visiontools.observers import PERSON, READER
from visiontools.pipeline import Pipeline
from visiontools.registry import AnyTool
from visiontools.translations import tr


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to ask: ``name`` is what a request says, ``words`` what a person reads.

    ``talks`` says that a question of a person's own is answered, too, by a model or by code.
    """

    name: str
    words: str
    can: bool = True
    chosen: bool = False
    talks: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """Everybody there is, for one tool; ``licence`` is what to know before choosing."""

    choices: tuple[Choice, ...]
    licence: str | None

    @property
    def is_a_person(self) -> bool:
        """Whether the person at the keyboard is the one chosen."""
        return any(choice.chosen and choice.name == PERSON for choice in self.choices)

    @property
    def talks(self) -> bool:
        """Whether a question of a person's own can be answered."""
        return any(choice.talks for choice in self.choices)

    @property
    def models(self) -> tuple[Choice, ...]:
        """The models that can be asked."""
        others = (READER, PERSON)
        return tuple(each for each in self.choices if each.talks and each.name not in others)


def who_can_look(pipeline: Pipeline, tool: AnyTool, chosen: str | None = None) -> Who:
    """The built-in reader where it can, the models, and the person at the keyboard."""
    models = _models(pipeline)
    reads = reader_can(tool)
    default = chosen or _default(pipeline, tool)
    reader = Choice(READER, tr("The built-in reader"), chosen=default == READER, talks=tool.replies)
    choices = [reader] if reads else []
    names = dict.fromkeys([*_orders(pipeline, models), *models])
    sees = "picture" in tool.takes
    choices += [_model(name, models, chosen=default == name, sees=sees) for name in names]
    by_person = default == PERSON
    choices.append(Choice(PERSON, tr("I say what is seen"), chosen=by_person, talks=tool.replies))
    licensed = any(is_llama_3_2_vision(endpoint.model) for endpoint in models.values())
    return Who(tuple(choices), LLAMA_3_2_LICENCE if licensed else None)


def able(pipeline: Pipeline, *, to_see: bool) -> list[str]:
    """The models that can be asked about a picture, or about a text, which all can."""
    models = _models(pipeline).items()
    return [name for name, endpoint in models if endpoint.vision or not to_see]


def _models(pipeline: Pipeline) -> Mapping[str, Endpoint]:
    settings = pipeline.settings
    return {**settings.servers, **local_endpoints(settings.local)}


def _orders(pipeline: Pipeline, models: Mapping[str, Endpoint]) -> list[str]:
    """The default, where it names several to be asked in turn."""
    default = pipeline.settings.default_endpoint
    names = [name.strip() for name in default.split(",")]
    return [default] if len(names) > 1 and all(n in models or n == READER for n in names) else []


def _model(name: str, models: Mapping[str, Endpoint], *, chosen: bool, sees: bool) -> Choice:
    endpoint = models.get(name)
    if endpoint is None:  # several, in turn
        return Choice(name, name.replace(",", tr(", then ")), chosen=chosen, talks=True)
    if sees and not endpoint.vision:
        return Choice(name, f"{name}: {endpoint.model} {tr('(text only, cannot see)')}", can=False)
    return Choice(name, f"{name}: {endpoint.model}", chosen=chosen, talks=True)


def _default(pipeline: Pipeline, tool: AnyTool) -> str:
    wanted = pipeline.settings.default_endpoint
    if wanted != READER or reader_can(tool):
        return wanted
    return next(iter(able(pipeline, to_see="picture" in tool.takes)), PERSON)
