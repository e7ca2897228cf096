"""Completion of commands, options and tool names in a shell."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")
_INSTALL = {
    "bash": "visiontools completion bash >> ~/.bashrc",
    "zsh": "visiontools completion zsh >> ~/.zshrc",
    "fish": "visiontools completion fish > ~/.config/fish/completions/visiontools.fish",
}


@click.command()
@click.argument("shell", required=False, type=click.Choice(_SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print a script that completes commands, options and tool names.

    SHELL is bash, zsh or fish; without it, the one you use. To install it for bash:
    visiontools completion bash >> ~/.bashrc
    """
    shell = shell or Path(os.environ.get("SHELL", "")).name
    if shell not in _SHELLS:
        raise click.UsageError("Name the shell: bash, zsh or fish.")
    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    program = made(ctx.find_root().command, {}, "visiontools", "_VISIONTOOLS_COMPLETE")
    click.echo(program.source())
    click.echo(f"To install it: {_INSTALL[shell]}", err=True)
