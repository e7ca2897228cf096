"""The pages hold together: every one is listed, links lead somewhere, commands are as shown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from visiontools.doors.cli import cli
from visiontools.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "benchmarks" / "README.md",
    ROOT / "tests" / "counterparts" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:\.venv/bin/)?visiontools [^`]+)`")


def _anchors(page: Path) -> set[str]:
    """The names of a page's headings, as they are made for links."""
    headings = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


def _commands(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    yield from _INLINE.findall(text)
    for block in _SHELL.findall(text):
        for line in block.splitlines():
            if re.match(r"(\.venv/bin/)?visiontools ", line):
                yield line


def _shown(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## More\n")[2]
    listed = set(_LINK.findall(readme))
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= listed


def test_every_setting_is_explained() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = "".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`", rows)) == set(Settings.model_fields)


@pytest.mark.parametrize("page", PAGES, ids=_shown)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=_shown)
def test_commands_and_options_that_are_shown_exist(page: Path) -> None:
    for line in _commands(page):
        words = shlex.split(line, comments=True)[1:]
        found: click.Command = cli
        context = click.Context(found)
        while isinstance(found, click.Group) and words and not words[0].startswith("-"):
            group, name = found, words.pop(0)
            if re.fullmatch(r"\w+(\|\w+)+", name):  # list|pull|remove
                assert set(name.split("|")) <= set(group.list_commands(context)), line
                break
            command = group.get_command(context, name)
            assert command is not None, line
            found, context = command, click.Context(command, parent=context)
        options = {each for option in found.get_params(context) for each in option.opts}
        options |= {each for option in found.get_params(context) for each in option.secondary_opts}
        used = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert used <= options, line
