"""The program as a whole: help, completion, pipes, and how little it loads."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from visiontools.doors.cli import COMMANDS
from visiontools.doors.cli import cli as group
from visiontools.doors.cli.exits import OF_OUTCOME
from visiontools.doors.cli.spelling import spell
from visiontools.types import Outcome

HEAVY = ("pydantic", "rich", "sqlalchemy", "openai", "httpx2", "numpy", "cv2", "rapidocr", "PIL")


def commands(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, *path, name)


ALL = dict(commands(group))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_and_option_has_help(cli: Any, path: tuple[str, ...]) -> None:
    assert ALL[path].help
    for parameter in ALL[path].params:
        if isinstance(parameter, click.Option) and parameter.name != "limit":
            assert parameter.help, parameter.name
    said = cli(*path, "--help")
    assert said.status == 0
    assert said.out.startswith("Usage: visiontools")


def test_the_short_help_of_a_command_agrees_with_its_own(cli: Any) -> None:
    listed = cli("--help").out
    for name, (_, short) in COMMANDS.items():
        assert f"{name} " in listed
        assert short in listed


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from visiontools.doors.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stderr.split())
    assert "click" in loaded
    assert not loaded & set(HEAVY)


def test_every_outcome_has_a_status_and_no_two_failures_share_one() -> None:
    assert set(OF_OUTCOME) == set(Outcome)
    failures = [status for status in OF_OUTCOME.values() if status]
    assert sorted(failures) == list(range(10, 18))


def test_a_near_command_is_suggested(cli: Any) -> None:
    said = cli("tolls")
    assert said.status == 2
    assert "Did you mean 'tools'?" in said.err


@pytest.mark.parametrize("args", [("--nope",), ("run",), ("records", "nope"), ("completion", "x")])
def test_wrong_usage_prints_nothing_on_standard_output(cli: Any, args: tuple[str, ...]) -> None:
    said = cli(*args)
    assert (said.status, said.out) == (2, "")
    assert "Usage:" in said.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(cli: Any, shell: str) -> None:
    said = cli("completion", shell)
    assert said.status == 0
    assert "_VISIONTOOLS_COMPLETE" in said.out
    assert shell in said.err


def test_the_shell_is_guessed_or_asked_for(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "fish" in cli("completion").err
    monkeypatch.setenv("SHELL", "/bin/unheard-of")
    assert cli("completion").status == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("visiontools re", "records"),
        ("visiontools run sh", "shelf"),
        ("visiontools run shelf x.png --endpoint re", "reader"),
        ("visiontools records sh", "show"),
    ],
)
def test_names_are_completed(
    cli: Any, shelf: str, monkeypatch: pytest.MonkeyPatch, words: str, expected: str
) -> None:
    monkeypatch.setenv("_VISIONTOOLS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    assert f"plain,{expected}" in cli().out.split()


@pytest.mark.parametrize("args", [("tools", "--json"), ("tools",), ("--help",)])
def test_a_reader_that_left_ends_the_program_quietly(home: Path, args: tuple[str, ...]) -> None:
    code = "from visiontools.doors.cli import main; main()"
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [sys.executable, "-c", code, *args],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert ran.returncode == 1
    assert ran.stderr == ""


def test_an_output_without_unicode_gets_ascii(home: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    code = "from visiontools.doors.cli import main; main(['tools', *__import__('sys').argv[1:]])"
    for args in ([], ["--json"]):
        ran = subprocess.run(
            [sys.executable, "-c", code, *args], capture_output=True, env=environment, check=True
        )
        assert ran.stdout.isascii()
        assert ran.stderr == b""


def test_bad_settings_are_explained(cli: Any, home: Path) -> None:
    (home / "visiontools.toml").write_text("reuse = 'perhaps'")
    said = cli("tools")
    assert (said.status, said.out) == (2, "")
    assert "reuse" in said.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_one_sentence(home: Path) -> None:
    code = "from visiontools.doors.cli import main; main()"
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-c", code, "tools"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 1
    assert ran.stderr == "Error: The output cannot be written: No space left on device.\n"


@pytest.mark.parametrize(
    ("text", "encoding", "spelt"),
    [
        ("“Größe” ≥ 3…", "ascii", '"Groesse" >= 3...'),
        ("café", "ascii", "cafe"),
        ("“Größe”", "latin-1", '"Größe"'),
        ("在庫", "ascii", "??"),
        ("5 €", "cp1252", "5 €"),
    ],
)
def test_what_a_terminal_cannot_show_is_spelt(text: str, encoding: str, spelt: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    spell(stream)
    stream.write(text)
    stream.flush()
    assert raw.getvalue().decode(encoding) == spelt
