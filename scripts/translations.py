"""Keeps the catalogues in step with the texts of the interface.

    python scripts/translations.py            add texts that are new, drop those that are gone
    python scripts/translations.py --check    only say what is missing; exit status 1 if anything is

A text is what stands in ``_()`` in a template, in ``tr()``, ``trn()`` or ``marked()`` in Python, in
``t()`` in a script, and what the built-in tools say of themselves and of the fields of their forms.
A new one is added without a translation, for somebody to fill in. The help of the fields that a
model fills in, too, is what the model is told; it may be translated, and need not be.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from visiontools import tools as builtin_tools
from visiontools.doors.api.problems import KINDS
from visiontools.doors.web.forms import Field
from visiontools.doors.web.pages_look import environment, said_by_scripts
from visiontools.doors.web.pages_seen import option_fields, seen_fields
from visiontools.registry import AnyTool, load_tools
from visiontools.translations import ENGLISH, NAMES
from visiontools.translations.cards import HEADINGS
from visiontools.translations.po import Catalogue, quoted, read

PACKAGE = Path(__file__).parents[1] / "src" / "visiontools"
CATALOGUES = PACKAGE / "translations"
SCRIPTS = (PACKAGE / "doors" / "web" / "static", PACKAGE / "doors" / "chat" / "assets")
CALLS = {"tr", "trn", "marked"}
Text = tuple[str, str | None]
"""An English text, and its plural where it has one."""
HEAD = """\
# {name} texts of visiontools.
# Made by a machine. Nobody has reviewed them: whoever does, please say so here.
# The terms are those of docs/languages.md; "python scripts/translations.py" adds what is new.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"X-Origin: machine-made, unreviewed\\n"
"""
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "hi": "nplurals=2; plural=(n > 1);",
    "th": "nplurals=1; plural=0;",
}
PLURAL = "nplurals=2; plural=(n != 1);"


def texts() -> list[Text]:
    """All texts there are, each once."""
    found = [*_of_templates(), *_of_python(), *_of_scripts(), *_of_tools()]
    found += [(said, None) for said in (*HEADINGS, *(kind.title for kind in KINDS))]
    return sorted(dict.fromkeys(each for each in found if each[0]))


def _of_templates() -> Iterator[Text]:
    made = environment()
    for name in made.list_templates():
        assert made.loader is not None
        source = made.loader.get_source(made, name)[0]
        for _, _, said in made.extract_translations(source):  # type: ignore[attr-defined]
            yield (said, None) if isinstance(said, str) else (said[0], said[1])


def _of_python() -> Iterator[Text]:
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text("utf-8")
        if "visiontools.translations" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call) or _name(node.func) not in CALLS:
                continue
            said = [each.value for each in node.args if isinstance(each, ast.Constant)]
            if said and isinstance(said[0], str):
                yield said[0], said[1] if _name(node.func) == "trn" else None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _of_scripts() -> Iterator[Text]:
    return ((text, None) for folder in SCRIPTS for text in said_by_scripts(folder))


def _of_tools() -> Iterator[Text]:
    ours = {f"{builtin_tools.__name__}.{each.name}" for each in _modules()}
    for tool in load_tools(None).values():
        if type(tool).__module__ in ours:
            yield from ((said, None) for said in of_tool(tool))


def _modules() -> Iterator[pkgutil.ModuleInfo]:
    return pkgutil.iter_modules(importlib.import_module(builtin_tools.__name__).__path__)


def of_tool(tool: AnyTool) -> Iterator[str]:
    """What a tool says of itself, and of the fields a person fills in."""
    yield from (tool.title, tool.summary, tool.needs)
    yield from (sample.title for sample in tool.samples)
    for field in every(option_fields(tool)):
        yield from (field.help, *_of_field(field))
    for field in every(seen_fields(tool)):
        yield from _of_field(field)


def every(fields: Iterable[Field]) -> Iterator[Field]:
    """Fields with those inside them."""
    for field in fields:
        yield field
        yield from every((*field.inside, *filter(None, [field.entry])))


def optional() -> list[Text]:
    """What a model is told of the fields it fills in: English where nobody translated it."""
    tools = load_tools(None).values()
    helps = {field.help for tool in tools for field in every(seen_fields(tool))}
    return sorted((said, None) for said in helps if said)


def _of_field(field: Field) -> Iterator[str]:
    yield field.label
    yield from (each.replace("_", " ") for each in field.choices if each not in NAMES)


def path_of(language: str) -> Path:
    return CATALOGUES / f"{language}.po"


def written(language: str, known: Catalogue, all_texts: list[Text]) -> str:
    """The catalogue as a file, with what is known of each text."""
    plural = PLURALS.get(language, PLURAL)
    entries = [HEAD.format(name=NAMES[language], code=language, plural=plural)]
    for one, many in all_texts:
        if many is None:
            entries.append(f"msgid {quoted(one)}\nmsgstr {quoted(known.texts.get(one, ''))}\n")
            continue
        forms = known.plurals.get(one, {})
        count = int(plural.removeprefix("nplurals=")[0])
        told = (f"msgstr[{n}] {quoted(forms.get(n, ''))}" for n in range(count))
        entries.append("\n".join((f"msgid {quoted(one)}", f"msgid_plural {quoted(many)}", *told)))
        entries[-1] += "\n"
    return "\n".join(entries)


def missing(language: str, known: Catalogue, all_texts: list[Text]) -> list[str]:
    """The texts that are not translated."""
    count = int(PLURALS.get(language, PLURAL).removeprefix("nplurals=")[0])
    return [
        one
        for one, many in all_texts
        if (one not in known.texts if many is None else len(known.plurals.get(one, {})) < count)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="The catalogues of translations.")
    parser.add_argument("--check", action="store_true", help="change nothing")
    given = parser.parse_args()
    all_texts = texts()
    more = [each for each in optional() if each not in all_texts]
    lacking = 0
    for language in (each for each in NAMES if each != ENGLISH):
        path = path_of(language)
        known = read(path.read_text("utf-8")) if path.exists() else Catalogue()
        if not given.check:
            translated = [each for each in more if each[0] in known.texts]
            path.write_text(written(language, known, sorted([*all_texts, *translated])), "utf-8")
        found = missing(language, known, all_texts)
        lacking += len(found)
        print(f"{NAMES[language]}: {len(all_texts) - len(found)} of {len(all_texts)} texts")
        for text in found if given.check else ():
            print(f"  {text}")
    return 1 if given.check and lacking else 0


if __name__ == "__main__":
    sys.exit(main())
