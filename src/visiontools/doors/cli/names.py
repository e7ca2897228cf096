"""Completing names at a shell: tools, their options, endpoints and records that exist.

A shell shows whatever completing prints, so that nothing that goes wrong may be printed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import wraps

import click
from click.shell_completion import CompletionItem

Found = Callable[[click.Context], Iterator[tuple[str, str | None]]]
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
_SHORT = 8
_MOST_RECORDS = 50


def _completing(found: Found) -> Complete:
    """Names with a help text, held to what is typed; none where they cannot be found."""

    @wraps(found)
    def complete(
        ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        try:
            names = list(found(ctx))
        except Exception:
            return []
        before, comma, last = incomplete.rpartition(",")  # of a list, the last name is completed
        return [
            CompletionItem(before + comma + name, help=help)
            for name, help in names
            if name.startswith(last)
        ]

    return complete


@_completing
def tools(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The tools there are."""
    from visiontools.registry import load_tools
    from visiontools.settings import Settings

    for tool in load_tools(Settings.load().tools_folder).values():
        yield tool.name, tool.title


@_completing
def options(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The options of the tool named before, ``goal=less_sugar`` where there is a choice."""
    from visiontools.registry import load_tools
    from visiontools.settings import Settings

    known = load_tools(Settings.load().tools_folder)
    # Until an option has its value, click leaves what is before it unread.
    said = [str(each) for each in (ctx.params.get("tool"), *ctx.args)]
    tool = next(known[name] for name in said if name in known)
    for key, about in tool.options.model_json_schema(by_alias=True).get("properties", {}).items():
        values = about.get("enum") or (["true"] if about.get("type") == "boolean" else [""])
        for value in values:
            yield f"{key}={value}", about.get("description")


@_completing
def endpoints(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The reader, the models that are here, and the endpoints that are set up."""
    from visiontools.models.local.shelf import Shelf
    from visiontools.settings import Settings

    settings = Settings.load()
    yield "reader", "the built-in reader"
    for manifest in Shelf(settings.local.folder):
        yield f"local:{manifest.name}", "a model on this machine"
    for name, endpoint in settings.endpoints.items():
        yield name, endpoint.model


@_completing
def catalogue(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The models that can be pulled by name."""
    from visiontools.models.local.catalogue import known

    for model in known().values():
        yield model.name, model.about


@_completing
def pulled(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The models that are here."""
    from visiontools.models.local.shelf import Shelf
    from visiontools.settings import Settings

    for manifest in Shelf(Settings.load().local.folder):
        yield manifest.name, manifest.source


@_completing
def records(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The newest records."""
    from visiontools.doors.cli.opening import opened_records
    from visiontools.settings import Settings
    from visiontools.types import LOCAL_OWNER

    async def newest() -> list[tuple[str, str | None]]:
        async with opened_records(Settings.load()) as kept:
            found = await kept.list(LOCAL_OWNER, limit=_MOST_RECORDS)
        return [(r.id[:_SHORT], f"{r.tool}: {r.message}"[:60]) for r in found]

    yield from asyncio.run(newest())
