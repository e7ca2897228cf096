"""Reading .po files: the part of gettext's format that our catalogues use."""

from __future__ import annotations

import ast
import gettext
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_LINE = re.compile(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*(".*")')
_PLURAL = re.compile(r"plural=([^;\n]+)")


def _never(_: int) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language by the English ones, and those that depend on a number."""

    texts: dict[str, str] = field(default_factory=dict)
    plurals: dict[str, dict[int, str]] = field(default_factory=dict)
    which: Callable[[int], int] = _never

    def form(self, one: str, number: int) -> str | None:
        """The text for a number; None where there is none."""
        forms = self.plurals.get(one)
        return forms.get(self.which(number)) if forms else None


def read(po: str) -> Catalogue:
    """A catalogue from the text of a file. Raises ValueError for a line that is none of one."""
    texts: dict[str, str] = {}
    plurals: dict[str, dict[int, str]] = {}
    which: Callable[[int], int] = _never
    for entry in _entries(po):
        key = entry["msgid"]
        if not key:
            rule = _PLURAL.search(entry["msgstr"])
            which = gettext.c2py(rule[1]) if rule else _never
        elif "msgid_plural" in entry:
            forms = {int(name[7]): said for name, said in entry.items() if name[6:7] == "["}
            plurals[key] = {number: said for number, said in forms.items() if said}
        elif entry["msgstr"]:
            texts[key] = entry["msgstr"]
    return Catalogue(texts, plurals, which)


def _entries(po: str) -> Iterator[dict[str, str]]:
    """Each entry by the names of its parts; comments are passed over."""
    entry: dict[str, str] = {}
    part = ""
    for number, line in enumerate(po.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None or not (found[1] or part):
            raise ValueError(f"line {number} is no line of a catalogue: {line[:60]}")
        if found[1] == "msgid" and entry:
            yield entry
            entry = {}
        part = found[1] or part
        entry[part] = entry.get(part, "") + ast.literal_eval(found[2])
    if entry:
        yield entry


def quoted(text: str) -> str:
    """A text as a .po file holds it."""
    return json.dumps(text, ensure_ascii=False)
