"""Completing names at a shell: tools, endpoints and records that exist."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


def tools(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The tools whose names begin with what is typed."""
    from visiontools.registry import load_tools
    from visiontools.settings import Settings

    found = load_tools(Settings.load().tools_folder).values()
    return [
        CompletionItem(tool.name, help=tool.title)
        for tool in found
        if tool.name.startswith(incomplete)
    ]


def endpoints(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The endpoints whose names begin with what is typed."""
    from visiontools.settings import Settings

    names = ["reader", *Settings.load().endpoints]
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
