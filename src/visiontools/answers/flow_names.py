"""Names for a flow's steps in a generated program, made safe from any label."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata

from visiontools.answers.flow import Graph, Node
from visiontools.answers.flow_kinds import says_end, says_start

_LONGEST = 40
_OURS = frozenset({"run", "state", "start", "at", "other", "annotations", "main"})
_SPELT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"}
)
_SIGNS = {"%": " percent ", "&": " and ", "+": " plus ", "=": " equals "}


def identifier(label: str) -> str:
    """The label as a lower-case ASCII identifier, or nothing where none of it can be spelt."""
    text = label.casefold().translate(_SPELT)
    for sign, said in _SIGNS.items():
        text = text.replace(sign, said)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    letters = sum(c.isalpha() for c in text)
    slug = re.sub(r"[^a-z0-9]+", "_", text).strip("_")
    if 2 * sum(c.isalpha() for c in slug) < letters or not slug:
        return ""
    if len(slug) > _LONGEST:
        slug = slug[: _LONGEST + 1].rsplit("_", 1)[0][:_LONGEST]
    return slug if slug[0].isalpha() else f"step_{slug}"


def unused_name(wanted: str, taken: set[str]) -> str:
    """An identifier nobody has yet, near the wanted one; it is taken from now on."""
    name, count = wanted, 1
    while name in taken or _reserved(name):
        count += 1
        name = f"{wanted}_{count}" if not _reserved(wanted) else f"{wanted}_step_{count}"
        if _reserved(wanted) and count == 2:
            name = f"{wanted}_step"
    taken.add(name)
    return name


def _reserved(name: str) -> bool:
    return (
        keyword.iskeyword(name)
        or keyword.issoftkeyword(name)
        or hasattr(builtins, name)
        or name in _OURS
    )


def is_mark(graph: Graph, node: Node) -> bool:
    """Whether a node only marks where the flow begins or ends, and asks for no step of its own.

    "Start" is a mark; an oval that says "Customer calls" is not, nor is one on a loop.
    """
    if node.kind == "start" and says_start(node.label):
        return not graph.entering(node.id) and len(graph.leaving(node.id)) == 1
    return node.kind == "end" and says_end(node.label) and not graph.leaving(node.id)
