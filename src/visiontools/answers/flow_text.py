"""Texts from a diagram as Python literals that hold them and nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

_WIDTH = 88


def literal(text: str) -> str:
    """A one-line string literal, in double quotes unless that needs more escapes."""
    quoted = repr(text)
    if quoted.startswith("'") and '"' not in quoted:
        return f'"{quoted[1:-1]}"'
    return quoted


def return_type(answers: Sequence[str], *, wrapped: bool = False) -> str:
    """``Literal`` of the answers; ``wrapped`` puts one on each line."""
    literals = [literal(answer) for answer in answers]
    if not wrapped:
        return f"Literal[{', '.join(literals)}]"
    return "Literal[\n" + "".join(f"    {one},\n" for one in literals) + "]"


def docstring(text: str) -> str:
    """An indented docstring with the text, wrapped where it is long."""
    safe = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text.replace("\\", "\\\\"))
    if '"""' in safe or '"' in (safe[:1], safe[-1:]):
        safe = safe.replace('"', '\\"')
    lines = textwrap.wrap(safe, _WIDTH - 10, break_long_words=False, break_on_hyphens=False) or [""]
    if len(lines) == 1:
        return f'    """{lines[0]}"""'
    body = "\n".join(f"    {line}" for line in lines[1:])
    return f'    """{lines[0]}\n{body}\n    """'
