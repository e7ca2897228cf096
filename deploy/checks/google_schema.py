"""Make the google provider's schema from a package that was generated from it.

    python google_schema.py WHEEL OUT TYPE...

Terraform checks names and types of arguments against the schema the provider gives it. Where the
provider itself cannot be fetched, the bindings made from it for the CDK (``cdktn-provider-google``
on PyPI, MPL-2.0) tell the same in JavaScript, class by class. TYPE is ``google_storage_bucket``,
``data.google_project`` and so on; ``provider`` is always there. The result is not kept in the
repository: it is made anew from the pinned package.
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypedDict

Block = dict[str, Any]
"""``{"attributes": {name: Attribute}, "blocks": {name: {"nesting", "min", "max", "block"}}}``"""


class Attribute(TypedDict):
    """One argument or result: ``type`` in Terraform's JSON notation, and who may set it."""

    type: Any
    required: bool
    optional: bool
    computed: bool
    write_only: bool


_CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(
    r"^    // (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n"
    r"(.*?)(?=^    // \w+ - computed|\Z)",
    re.MULTILINE | re.DOTALL,
)
_MADE = re.compile(r"^    _\w+ = new ([\w.]+)\(this, \"\w+\"(?:, (true|false))?\)", re.MULTILINE)
_PLAIN = {"string": "string", "number": "number", "boolean": "bool"}
_GOT = re.compile(r"return (?:cdktn\.Fn\.tolist\()?this\.get(\w+)Attribute\(")
_STORED = re.compile(
    r"^ +(\w+): \{\n +value: .*\n +isBlock: (\w+),\n +type: \"(\w+)\",\n"
    r" +storageClassType: \"(\w+)\"",
    re.MULTILINE,
)
"""How a value is written: name, whether as a block, ``list`` and the like, and its kind."""
_STRUCT = re.compile(
    r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL
)
_KINDS = {
    **_PLAIN,
    "list": ["list", "string"],
    **{f"{kind}List": ["list", name] for kind, name in _PLAIN.items()},
    **{f"{kind}Map": ["map", name] for kind, name in _PLAIN.items()},
}
"""Terraform's types by the bindings' names for them."""
_MAPS = {"cdktn.StringMap": ["map", "string"], "cdktn.BooleanMap": ["map", "bool"]}
_WRITE_ONLY = re.compile(r"_wo$")


class _Module:
    """One generated file: a resource, a data source or the provider."""

    def __init__(self, text: str) -> None:
        self._classes = {name: (base, body) for name, base, body in _CLASS.findall(text)}
        self._structs = {
            name.lower(): {key: rest for key, *rest in _STORED.findall(body)}
            for name, body in _STRUCT.findall(text)
        }

    def block(self) -> Block:
        """The block of what the file is about."""
        name = next(
            name
            for name, (base, _) in self._classes.items()
            if base in ("TerraformResource", "TerraformDataSource", "TerraformProvider")
        )
        base, body = self._classes[name]
        stored = {key: rest for key, *rest in _STORED.findall(body)}
        if base == "TerraformProvider":
            return _provider(stored)
        return self._block(body, stored)

    def _block(self, body: str, stored: dict[str, list[str]]) -> Block:
        attributes: dict[str, Attribute] = {}
        blocks: dict[str, Any] = {}
        for name, computed, optional, required, text in _MEMBER.findall(body):
            made = _MADE.search(text)
            is_block = stored.get(name, ["false"])[0] == "true"
            if is_block and made:
                blocks[name] = self._nested(name, made, required == "true", stored[name])
                continue
            attributes[name] = {
                "type": self._type(name, text, made, stored),
                "required": required == "true",
                "optional": optional == "true",
                "computed": computed == "true",
                "write_only": bool(_WRITE_ONLY.search(name)),
            }
        return {"attributes": attributes, "blocks": blocks}

    def _nested(self, name: str, made: re.Match[str], required: bool, stored: list[str]) -> Any:
        """A block within: one (``OutputReference``), or many in a list or a set."""
        inner = made[1].removesuffix("List").removesuffix("OutputReference")
        many = made[1].endswith("List")
        kind = "single" if name == "timeouts" else stored[1]
        return {
            "nesting": {"list": "list", "set": "set", "single": "single"}[kind],
            "min": int(required),
            "max": 0 if many or kind == "single" else 1,
            "block": self._of(inner),
        }

    def _of(self, struct: str) -> Block:
        _, body = self._classes[f"{struct}OutputReference"]
        return self._block(body, self._structs.get(struct.lower(), {}))

    def _type(
        self, name: str, text: str, made: re.Match[str] | None, stored: dict[str, list[str]]
    ) -> Any:
        if made and made[1] in _MAPS:
            return _MAPS[made[1]]
        if made and made[1].startswith("cdktn."):  # a list of maps
            return ["list", ["map", "string"]]
        if made:
            fields = self._of(made[1].removesuffix("List").removesuffix("OutputReference"))
            shape = {key: each["type"] for key, each in fields["attributes"].items()}
            shape |= {key: ["list", _shape(each)] for key, each in fields["blocks"].items()}
            return ["set" if made[2] == "true" else "list", ["object", shape]]
        if name in stored:
            kind = _KINDS.get(stored[name][2])
            if kind is not None:
                return ["set", kind[1]] if stored[name][1] == "set" else kind
        got = _GOT.search(text)
        if got is None:
            raise ValueError(f"The bindings tell no type for {name}.")
        kind = _KINDS[got[1][0].lower() + got[1][1:]]
        return ["set", "string"] if "Fn.tolist(" in text and got[1] == "List" else kind


def _shape(block: Block) -> Any:
    inner = block["block"]
    fields = {key: each["type"] for key, each in inner["attributes"].items()}
    return ["object", fields | {k: ["list", _shape(v)] for k, v in inner["blocks"].items()}]


def _provider(stored: dict[str, list[str]]) -> Block:
    """The provider's own arguments; its blocks are not used here."""
    return {
        "attributes": {
            name: {
                "type": _KINDS[kind],
                "required": False,
                "optional": True,
                "computed": False,
                "write_only": False,
            }
            for name, (is_block, _, kind) in stored.items()
            if is_block == "false" and name != "alias"
        },
        "blocks": {},
    }


def folder(type: str) -> str:
    """Where the package keeps a type: ``google_x_y`` in ``x-y``, data in ``data-google-x-y``."""
    if type == "provider":
        return "provider"
    if type.startswith("data."):
        return "data-" + type.removeprefix("data.").replace("_", "-")
    return type.removeprefix("google_").replace("_", "-")


def read(wheel: Path, types: Iterable[str]) -> dict[str, Block]:
    """The blocks of these types; one the provider does not have is left out."""
    wanted = {f"package/lib/{folder(each)}/index.js": each for each in {*types, "provider"}}
    found: dict[str, Block] = {}
    with zipfile.ZipFile(wheel) as outer:
        inner = next(name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        with outer.open(inner) as packed, tarfile.open(fileobj=packed, mode="r|gz") as files:
            for entry in files:
                file = files.extractfile(entry) if entry.name in wanted else None
                if file is not None:
                    found[wanted[entry.name]] = _Module(file.read().decode()).block()
    return found


def used(folder: Path) -> set[str]:
    """The types that Terraform files below a folder name."""
    text = "\n".join(path.read_text() for path in sorted(folder.rglob("*.tf")))
    types = set(re.findall(r'^resource "(google_\w+)"', text, re.MULTILINE))
    return types | {f"data.{t}" for t in re.findall(r'^data "(google_\w+)"', text, re.MULTILINE)}


def main(wheel: str, out: str, *types: str) -> None:
    """Write the schema of these types as JSON."""
    Path(out).write_text(json.dumps(read(Path(wheel), types)))


if __name__ == "__main__":
    main(*sys.argv[1:])
