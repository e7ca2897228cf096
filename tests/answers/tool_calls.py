"""Five hundred strings as models write tool calls, each with the calls that are to be read in it.

Made from a seed and from families written by hand, so that they are the same on every machine:
``python -m tests.answers.tool_calls`` prints them, one JSON object a line.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from visiontools.answers.invite_calls import Call

FUNCTIONS = {"create_event": ("title", "start"), "cancel_event": ("title",), "no_event": ()}
MANY = 500
_TITLES = (
    "Tea",
    "Dinner (with Anna), 7 {sharp}",
    "Déjeuner à l'école",
    'The "big" one',
    "a\\b\\n c",
    "สวัสดี",
    "जन्मदिन 🎂",
    "line\nbreak",
    "[x] = {y: 'z'}",
    "create_event(title='no')",
    "</function> <|eot_id|",
    "```json",
    "f'{open(1)}'",
    "",
)
_STARTS = ("2027-03-14T17:00", "2027-12-31", "--05-01T09:30", "2028-02-29T23:59")


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote, of which family, and the calls in it in their order."""

    family: str
    text: str
    calls: tuple[Call, ...] = ()


def strings() -> list[Written]:
    """All of them, no two with the same text."""
    rng = random.Random(20261125)
    made: dict[str, Written] = {}
    for family in (_malformed(), _hostile(), _several(), _truncated(), _huge(), _valid(rng)):
        for each in family:
            made.setdefault(each.text, each)
            if len(made) == MANY:
                return list(made.values())
    raise AssertionError("the families are too small")


def _arguments(rng: random.Random) -> dict[str, object]:
    said: dict[str, object] = {"title": rng.choice(_TITLES), "start": rng.choice(_STARTS)}
    if rng.random() < 0.4:
        said["guests"] = [f"{name}@example.org" for name in rng.sample("abcdef", rng.randrange(4))]
    if rng.random() < 0.3:
        said["end"] = rng.choice((None, "PT2H"))
    if rng.random() < 0.2:
        said["sure"] = rng.choice((True, False, 1, -2.5, {"deep": [{"er": 0}]}))
    return said


def _pythonic(said: dict[str, object]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in said.items())


def _shapes(said: dict[str, object]) -> dict[str, str]:
    name = "create_event"
    told = json.dumps(said)
    plain = json.dumps(said, ensure_ascii=False)
    function = {"type": "function", "function": {"name": name, "arguments": told}}
    return {
        "pythonic list": f"[{name}({_pythonic(said)})]",
        "pythonic": f"{name}({_pythonic(said)})",
        "dotted": f"{name}.call({_pythonic(said)})",
        "over lines": f"{name}(\n    "
        + _pythonic(said).replace(", start", ",\n    start")
        + ",\n)",
        "keywords": f"{name}(**{said!r})",
        "parameters": json.dumps({"name": name, "parameters": said}),
        "unicode": f'{{"name": "{name}", "parameters": {plain}}}',
        "indented": json.dumps({"name": name, "arguments": said}, indent=2),
        "arguments as a text": json.dumps({"name": name, "arguments": told}),
        "a list": json.dumps([{"name": name, "parameters": said}]),
        "the server's": json.dumps({"tool_calls": [function]}),
        "by its name": json.dumps({name: said}),
        "Python's quotes": repr({"name": name, "parameters": said}),
        "tagged": f"<function={name}>{told}</function>",
        "tagged, open": f"<function={name}>{told}",
    }


_ROUND = (
    "CALL",
    "<|python_tag|>CALL",
    "<|python_tag|>CALL<|eom_id|>",
    "<|start_header_id|>assistant<|end_header_id|>\n\nCALL<|eot_id|>",
    "```json\nCALL\n```",
    "```python\nCALL\n```",
    "~~~\nCALL\n~~~",
    "Sure! Here is the call:\n\nCALL\n\nShall I go on?",
    "I'll use the tool {see below} (as asked):\nCALL",
    "<tool_call>\nCALL\n</tool_call>",
    "<think>no_event() or cancel_event(title='x')? {}</think>\nCALL",
    "Hier ist der Aufruf: CALL – fertig. นี่คือคำสั่ง",
)


def _valid(rng: random.Random) -> Iterator[Written]:
    """Every shape in every frame, over and over with other arguments."""
    while True:
        for around in _ROUND:
            said = _arguments(rng)
            shapes = _shapes(said)
            shape = rng.choice(list(shapes))
            text = around.replace("CALL", shapes[shape])
            yield Written(shape, text, (Call("create_event", said),))


def _several() -> Iterator[Written]:
    """More than one call, and calls beside what is none."""
    first, second = Call("create_event", {"title": "a"}), Call("cancel_event", {"title": "b"})
    one, other = "create_event(title='a')", "cancel_event(title='b')"
    j_one = '{"name": "create_event", "parameters": {"title": "a"}}'
    j_other = '{"name": "cancel_event", "parameters": {"title": "b"}}'
    nothing = Call("no_event")
    for text in (
        f"[{one}, {other}]",
        f"{one}\n{other}",
        f"{one}; {other}",
        f"```python\n{one}\n```\nand then\n```python\n{other}\n```",
        f"<|python_tag|>{one}<|eom_id|><|python_tag|>{other}<|eom_id|>",
        f"{j_one}; {j_other}",
        f"[{j_one}, {j_other}]",
        f"{j_one}\n\n{j_other}",
        f'{{"tool_calls": [{j_one}, {j_other}]}}',
        '<function=create_event>{"title": "a"}</function>'
        '<function=cancel_event>{"title": "b"}</function>',
    ):
        yield Written("two calls", text, (first, second))
    for text in (
        f"{one} {{not: json at all",
        f"[{one}, unknown(title='b')]",
        f"[{one}, create_event(title=open('x'))]",
        f'[{j_one}, {{"name": "unknown", "parameters": {{}}}}]',
        f"print({one})",
        f"x = {one}  # then more",
        f"lambda: {one}",
    ):
        yield Written("one of two", text, (first,))
    for text in ("no_event()", "[no_event()]", '{"name": "no_event"}', '{"no_event": {}}'):
        yield Written("without arguments", text, (nothing,))
    yield Written("without arguments", '{"name": "no_event", "parameters": null}', (nothing,))
    yield Written("without arguments", '{"name": "no_event", "parameters": "none"}', (nothing,))


def _truncated() -> Iterator[Written]:
    """Cut off within a value: nothing may be made up, and brackets alone may be added to JSON."""
    pythonic = "[create_event(title='Tea', start='2027-03-14T17:00', guests=['a@example.org'])]"
    for at in range(5, len(pythonic) - 1, 3):
        yield Written("cut off", pythonic[:at])
    told = '{"name": "create_event", "parameters": {"title": "Tea", "start": "2027-03-14T17:00'
    for at in range(3, len(told), 3):
        if told[at - 1] not in '"' or told[:at].count('"') % 2:
            yield Written("cut off", told[:at])
    whole = Call("create_event", {"title": "Tea"})
    half = '{"name": "create_event", "parameters": {"title": "Tea"'
    for text in (half, half + "}", "[" + half, '{"tool_calls": [' + half, "```json\n" + half):
        yield Written("brackets left out", text, (whole,))


def _malformed() -> Iterator[Written]:
    for text in _MALFORMED:
        yield Written("malformed", text)


_MALFORMED = (
    "",
    " \n\t",
    "I would rather not.",
    "create_event",
    "create_event[title='x']",
    "create_event{title: 'x'}",
    "create_event)title='x'(",
    "create_event(title='x' start='y')",
    "create_event(=)",
    "create_event(title=)",
    "create_event('a', 'b', 'c')",
    "create_event(title='x', 'after')",
    "create_event(title='x', title='y')",
    "create_event(title=Tea)",
    "create_event(title=2027-03-14T17:00)",
    "create_event(**['x'])",
    "create_event(*['x', 'y'])",
    "recreate_event(title='x')",
    "x.create_event(title='x')",
    "create_events(title='x')",
    "Create_Event(title='x')",
    "create_event (title='x]",
    "create_event(title='x)",
    "create_event(title='''x)",
    "create_event(title='\\",
    "create_event(title=0777)",
    "create_event(title=1e999)",
    "create_event(title=b'bytes')",
    "create_event(title={1, 2})",
    "create_event(title=1j)",
    "create_event(title=...)",
    "create_event(title=NaN)",
    "create_event(title='\x00')",
    "create_event(\ud800)",
    '{"name": "unknown", "parameters": {"title": "x"}}',
    '{"name": 5, "parameters": {}}',
    '{"name": null}',
    '{"name": ["create_event"]}',
    '{"name": {"create_event": 1}}',
    '{"create_event": "x"}',
    '{"create_event": {"title": "x"}, "and": 1}',
    '{"tool_calls": {"tool_calls": {"tool_calls": []}}}',
    '{"tool_calls": "create"}',
    '{"name": "create_event" "parameters": {}}',
    '{"name": "create_event", "name": "no_event"}',
    '{"name": "create_event", "parameters": {"title": NaN}}',
    '"create_event"',
    '["create_event", {"title": "x"}]',
    "name: create_event\nparameters:\n  title: x",
    "<function=unknown>{}</function>",
    "<function=create_event>title is x</function>",
    "<function=create_event>[1, 2]</function>",
    "<function>create_event</function>",
    "<|python_tag|>",
    "<|python_tag|><|eom_id|>",
    "```json\n```",
    "{{{{{{",
    "}}}}))))]]]]",
    "ｃreate_event(title='x')",
    "create_event\u200b(title='x')",
    "سأنشئ حدثا",
)


def _hostile() -> Iterator[Written]:
    """Code where a value belongs: no call is read, in any wrapping."""
    for evil in _EVIL:
        yield Written("hostile", f"[create_event(title={evil})]")
        yield Written("hostile", f"<|python_tag|>create_event(start=['x', {evil}])")
        yield Written("hostile", f"create_event(**{{'title': {evil}}})")
        yield Written("hostile", f'{{"name": "create_event", "parameters": {{"title": {evil}}}}}')
    deep = 3000
    for text in (
        "create_event(title=" + "(" * deep + ")" * deep + ")",
        "create_event(title=" + "[" * 60 + "]" * 60 + ")",
        "create_event(title=" + "-" * 40_000 + "1)",
        "create_event(title=" + "not " * 10_000 + "1)",
        "create_event(title=" + "1+" * 10_000 + "1)",
        "create_event(title=" + "a." * 10_000 + "b)",
        "create_event(title=" + "a if b else " * 3000 + "c)",
        "create_event(title=" + "9" * 20_000 + ")",
        "create_event(title=0x" + "f" * 40_000 + ")",
        "create_event(" * 4000,
        "create_event('\"" * 3000,
        "create_event(\"'" + "create_event('\"" * 3000,
        '{"name": ' * 5000,
        '{"tool_calls": [' * 3000 + "]}" * 3000,
        "[" * 49_000,
        '{"' * 24_000,
        "{'\"" * 16_000,
        "<function=create_event>" * 2000,
        "<function=create_event>" + "{" * 40_000,
        "<|python_tag|>" * 3500,
        "<|" * 24_000,
        "\\" * 49_000,
        "create_event(title='" + "\\" * 49_000,
    ):
        yield Written("hostile, long", text)


_EVIL = (
    "__import__('os').system('id')",
    "open('/etc/passwd').read()",
    'exec("import os")',
    "eval('1+1')",
    "compile('1', 'x', 'exec')",
    "(lambda: open('x', 'w'))()",
    "lambda: 1",
    "[open(n) for n in 'ab']",
    "{n: 1 for n in 'ab'}",
    "(n for n in 'ab')",
    "f'{open(1)}'",
    "f'{1}'",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__",
    "globals()['x']",
    "print",
    "1 if open('x') else 2",
    "(x := open('x', 'w'))",
    "9 ** 9 ** 9",
    "'a' * 10 ** 10",
    "'a'.join(['b'])",
    "not open('x')",
    "{**open('x').__dict__}",
    "`id`",
    "$(id)",
)


def _huge() -> Iterator[Written]:
    title = "x" * 45_000
    said = Call("create_event", {"title": title})
    yield Written("huge", f"create_event(title='{title}')", (said,))
    yield Written(
        "huge", json.dumps({"name": "create_event", "parameters": said.arguments}), (said,)
    )
    listed = Call("create_event", {"guests": ["a@example.org"] * 2000})
    yield Written("huge", f"create_event(guests={listed.arguments['guests']!r})", (listed,))
    yield Written("huge", "word " * 9000 + "[no_event()]", (Call("no_event"),))
    yield Written("huge, cut off", f"create_event(title='{'x' * 60_000}')")
    yield Written("huge, cut off", "word " * 11_000 + "no_event()")
    many = tuple(Call("create_event", {"title": str(n)}) for n in range(1000))
    yield Written("huge", ", ".join(f"create_event(title='{n}')" for n in range(1000)), many)


def main() -> None:
    for each in strings():
        calls = [{"name": call.name, "arguments": call.arguments} for call in each.calls]
        told = {"family": each.family, "text": each.text, "calls": calls}
        sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
