"""Tool calls are read in every shape models write them, and nothing of them is ever run."""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.answers.tool_calls import FUNCTIONS as MORE_FUNCTIONS
from tests.answers.tool_calls import strings

from visiontools.answers.invite import SeenInvite
from visiontools.answers.invite_calls import Call, calls_in
from visiontools.answers.repair import UnfitError, fit
from visiontools.tooling import Case
from visiontools.tools.invite import Invite, InviteOptions
from visiontools.types import Message

FUNCTIONS = {"create_event": ("title", "start"), "no_event": ()}
WANTED = Call("create_event", {"title": "Tea (at 5), {really}", "start": "2027-03-14T17:00"})
ARGUMENTS = json.dumps(WANTED.arguments)
PYTHON = "title='Tea (at 5), {really}', start=\"2027-03-14T17:00\""

SHAPES = {
    "json": f'{{"name": "create_event", "parameters": {ARGUMENTS}}}',
    "arguments": f'{{"name": "create_event", "arguments": {ARGUMENTS}}}',
    "arguments as text": json.dumps({"name": "create_event", "arguments": ARGUMENTS}),
    "list": f'[{{"name": "create_event", "parameters": {ARGUMENTS}}}]',
    "openai": json.dumps(
        {
            "tool_calls": [
                {"type": "function", "function": {"name": "create_event", "arguments": ARGUMENTS}}
            ]
        }
    ),
    "type first": f'{{"type": "function", "name": "create_event", "parameters": {ARGUMENTS}}}',
    "function": f'{{"function": "create_event", "args": {ARGUMENTS}}}',
    "by name": f'{{"create_event": {ARGUMENTS}}}',
    "single quotes": f"{{'name': 'create_event', 'parameters': {ARGUMENTS}}}",
    "pythonic": f"[create_event({PYTHON})]",
    "bare": f"create_event({PYTHON})",
    "positional": "create_event('Tea (at 5), {really}', '2027-03-14T17:00')",
    "dotted": f"create_event.call({PYTHON})",
    "keywords": f"create_event(**{ARGUMENTS})",
    "lines": f"create_event(\n    {PYTHON},\n)",
    "tagged": f"<function=create_event>{ARGUMENTS}</function>",
}
ROUND = {
    "alone": "{}",
    "tag": "<|python_tag|>{}<|eom_id|>",
    "fence": "```json\n{}\n```",
    "python fence": "```python\n{}\n```",
    "prose": "Sure! Here is the call:\n\n{}\n\nShall I go on?",
    "xml": "<tool_call>\n{}\n</tool_call>",
    "end": "{}<|eot_id|>",
}
VALID = [
    (f"{shape}, {frame}", around.replace("{}", call))
    for (shape, call), (frame, around) in itertools.product(SHAPES.items(), ROUND.items())
]


@pytest.mark.parametrize("text", [text for _, text in VALID], ids=[name for name, _ in VALID])
def test_a_call_is_read_in_every_shape(text: str) -> None:
    assert calls_in(text, FUNCTIONS) == [WANTED]


def test_several_calls_are_read_in_their_order() -> None:
    text = "[create_event(title='a'), no_event(), create_event(title='b')]"
    assert [call.name for call in calls_in(text, FUNCTIONS)] == [
        "create_event",
        "no_event",
        "create_event",
    ]


def test_json_words_and_lists_are_values_in_a_python_call() -> None:
    (call,) = calls_in("create_event(title=null, start=[true, None, (1, 2.5)])", FUNCTIONS)
    assert call.arguments == {"title": None, "start": [True, None, [1, 2.5]]}


EVIL = (
    "__import__('os').system('touch {mark}')",
    "open('{mark}', 'w')",
    "exec(\"open('{mark}','w')\")",
    "eval('1+1')",
    "(lambda: open('{mark}', 'w'))()",
    "[open('{mark}', 'w') for _ in [1]]",
    'f\'{{open("{mark}", "w")}}\'',
    "().__class__.__bases__[0].__subclasses__()",
    "globals()",
    "print",
    "1 if open('{mark}','w') else 2",
    "(x := open('{mark}','w'))",
    "await_it",
    "{{**open('{mark}','w').__dict__}}",
    "9 ** 9 ** 9",
    "'a' * 10 ** 10",
    "b'bytes'",
    "{{1, 2}}",
    "...",
    "1e999",
)


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize(
    "call",
    [
        "[create_event(title={})]",
        "create_event({})",
        "<|python_tag|>create_event(title='x', start=[{}])",
        "create_event(**{})",
        "create_event(*{})",
        "create_event(title='a')({})",
        "{}.create_event()",
        "create_event(title={})[0]",
    ],
)
def test_code_among_the_values_is_never_run(
    evil: str, call: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mark = tmp_path_factory.getbasetemp() / "was_run"
    found = calls_in(call.replace("{}", evil.format(mark=mark)), FUNCTIONS)
    assert not mark.exists()
    json.dumps([each.arguments for each in found])


MALFORMED = [
    "",
    "no call at all",
    "create_event",
    "create_event(",
    "create_event(title=",
    "create_event(title='x'",
    "create_event(title='x]",
    "create_event)title='x'(",
    "create_event(title='x' start='y')",
    "create_event(=)",
    "create_event('a', 'b', 'c')",
    "create_event(title='x', 'positional after')",
    "other_event(title='x')",
    "recreate_event(title='x')",
    "x.create_event(title='x')",
    '{"name": "other", "parameters": {}}',
    '{"name": 5}',
    '{"name": "create_event"',
    '[{"name": ["create_event"]}]',
    '{"tool_calls": {"tool_calls": {"tool_calls": []}}}',
    "<function=other>{}</function>",
    "<function=create_event>not json</function>",
    "create_event(title='\\",
    "create_event(title='''x)",
    "create_event(" + "(" * 5000 + ")" * 5000 + ")",
    "create_event(title=" + "[" * 39 + "]" * 39 + ")" * 3,
    "create_event(title=" + "-" * 40000 + "1)",
    "create_event(title=" + "not " * 10000 + "1)",
    "create_event(title=" + "1+" * 10000 + "1)",
    "create_event(title=" + "a." * 10000 + "b)",
    "create_event(title=" + "9" * 20000 + ")",
    '{"a":' * 5000 + "1" + "}" * 5000,
    "[" * 40000,
    "create_event(title='\x00')",
    "create_event(title='\\ud800')",
    "create_event(title='\\d \\q')",
    "create_event(title=0777)",
    "create_event(\ud800)",
    "<|python_tag|>" * 3000,
]


@pytest.mark.parametrize("text", MALFORMED, ids=[str(number) for number in range(len(MALFORMED))])
def test_what_is_no_call_raises_nothing(text: str) -> None:
    for call in calls_in(text, FUNCTIONS):
        assert call.name in FUNCTIONS


STRINGS = strings()
MOST_S = 2.0
"""CPU for the slowest string; a third of a second on an idle machine."""


def test_the_strings_are_five_hundred_and_the_same_everywhere() -> None:
    assert len({each.text for each in STRINGS}) == 500
    assert strings() == STRINGS
    assert sum(not each.calls for each in STRINGS) > 200
    assert sum(bool(each.calls) for each in STRINGS) > 200


def test_five_hundred_strings_are_read_as_they_are_meant_in_bounded_time() -> None:
    wrong = []
    for each in STRINGS:
        began = time.process_time()
        found = calls_in(each.text, MORE_FUNCTIONS)
        assert time.process_time() - began < MOST_S, each.text[:200]
        if found != list(each.calls):
            wrong.append((each.family, each.text[:200], found))
    assert wrong == []


@pytest.fixture(scope="module")
def events() -> Iterator[list[str]]:
    """What the interpreter does while ``events`` is watched; a hook can never be taken away."""
    seen: list[str] = []
    watching = [True]

    def note(event: str, _: object) -> None:
        if watching[0]:
            seen.append(event)

    sys.addaudithook(note)
    yield seen
    watching[0] = False


def test_nothing_in_them_is_imported_opened_or_run(events: list[str]) -> None:
    eval(compile("1", "a probe", "eval"))
    assert "exec" in events, "the hook sees code that is run"
    calls_in("create_event(title='x')", MORE_FUNCTIONS)  # imports what it needs itself
    for each in STRINGS:
        events.clear()
        calls_in(each.text, MORE_FUNCTIONS)
        assert set(events) <= {"compile"}, (each.text[:200], events)  # to a tree: nothing to run


def test_whatever_is_written_becomes_an_answer_or_a_reason() -> None:
    tool = Invite()
    for each in STRINGS:
        try:
            seen = fit(tool.plain(each.text), SeenInvite)
        except UnfitError:  # which the model is told, and asked again
            continue
        tool.decide(seen, Case(options=InviteOptions(), messages=(Message(each.text),)))


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    for around in ("{}", "create_event({})", "[create_event(title={})]", '{"name": {}}'):
        calls_in(around.replace("{}", text), FUNCTIONS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["title", "start", "place"]), JSON, min_size=1))
def test_what_python_writes_down_is_read_back(arguments: dict[str, object]) -> None:
    written = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    (call,) = calls_in(f"<|python_tag|>[create_event({written})]", FUNCTIONS)
    assert call == Call("create_event", arguments)
