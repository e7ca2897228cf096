"""``visiontools endpoints check``: whether each endpoint does what it is there for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text as Line

from visiontools.doors.cli import names
from visiontools.doors.cli.exits import OF_OUTCOME
from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, stdout, warn
from visiontools.errors import UsageError
from visiontools.guard.settings import GuardSettings
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.endpoint import LOCAL, local_endpoint, local_endpoints
from visiontools.models.staying import check_stays
from visiontools.settings import Settings
from visiontools.types import Outcome
from visiontools.views.plain import clean

if TYPE_CHECKING:
    from visiontools.checkup_findings import Finding

_READER = "reader"
_MARKS = {"ok": ("ok", "green"), "failed": ("failed", "bold red"), "unknown": ("?", "yellow")}


@click.command()
@click.argument("wanted", metavar="[NAME]...", nargs=-1, shell_complete=names.endpoints)
@json_option
def check(wanted: tuple[str, ...], as_json: bool) -> int:
    """Check endpoints, all of them if none is named: does it answer, and does it see?

    The exit status is 0 if they work and 15 if one does not. A model is asked up to four short
    questions, one of them with a small picture; none is waited for longer than two minutes. The
    guard's endpoint is asked for two verdicts.
    """
    settings = Settings.load()
    known = {_READER: None, **local_endpoints(settings.local), **settings.endpoints}
    if LOCAL in wanted:
        known[LOCAL] = local_endpoint(LOCAL, settings.local)
    for name in wanted:
        if name not in known:
            raise UsageError(
                f"There is no endpoint named '{name}'.", next=f"There are: {', '.join(known)}."
            )
    chosen = {name: known[name] for name in wanted or known}
    if settings.local_only:
        chosen = _staying(chosen, named=bool(wanted))
    found = check_all(chosen, None if as_json else stdout(), settings.guard)
    if as_json:
        print_json(found)
    return 0 if all(each["ok"] for each in found) else OF_OUTCOME[Outcome.UNAVAILABLE]


def _staying(chosen: dict[str, Endpoint | None], *, named: bool) -> dict[str, Endpoint | None]:
    """Those of this machine; of the others it is said that they are not asked."""
    staying = {}
    for name, endpoint in chosen.items():
        try:
            if endpoint is not None:
                check_stays(endpoint)
            staying[name] = endpoint
        except UsageError as error:
            if named:
                raise
            warn(str(error))
    return staying


def check_all(
    chosen: Mapping[str, Endpoint | None],
    console: Console | None,
    guard: GuardSettings | None = None,
) -> list[dict[str, Any]]:
    """Check each (None is the reader), one after the other; print findings as they come."""
    return asyncio.run(_check_all(chosen, console, guard))


async def _check_all(
    chosen: Mapping[str, Endpoint | None], console: Console | None, guard: GuardSettings | None
) -> list[dict[str, Any]]:
    results = []
    for name, endpoint in chosen.items():
        if console:
            console.print(Line(name, "bold"))
        findings = []
        async for finding in _check_one(name, endpoint, guard):
            findings.append(finding)
            if console:
                _print_finding(finding, console)
        ok = all(finding.state != "failed" for finding in findings)
        results.append({"name": name, "ok": ok, "checks": [asdict(f) for f in findings]})
    return results


def _check_one(
    name: str, endpoint: Endpoint | None, guard: GuardSettings | None
) -> AsyncIterator[Finding]:
    from visiontools.checkup import check_endpoint, check_reader

    if endpoint is None:
        return check_reader()
    mine = guard if guard and guard.endpoint == name else None
    return check_endpoint(endpoint.model_copy(update={"name": name}), guard=mine)


def _print_finding(finding: Finding, console: Console) -> None:
    mark, style = _MARKS[finding.state]
    line = Line("  ")
    line.append(f"{mark:7}", style)
    line.append(f"{finding.name:10} {clean(finding.detail)}")
    console.print(line, soft_wrap=True)
    if finding.fix:
        console.print(Line(f"{' ' * 20}{clean(finding.fix)}", "cyan"), soft_wrap=True)
