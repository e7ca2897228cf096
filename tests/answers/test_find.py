"""JSON objects are found in whatever surrounds them, in time proportional to the text."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from visiontools.answers.find import Finder, PartialReader, candidates

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(st.text(), values, max_size=5)
prose = st.text(alphabet="abc \n\t.,:;'\"\\`}]-é💥", max_size=40)
wild = st.text(alphabet="ab {}[]\"':,\\\n`1é", max_size=60)


def found(text: str) -> list[str]:
    return [candidate for candidate, span in candidates(text) if span.closed]


def whole(text: str) -> Finder:
    finder = Finder()
    finder.feed(text)
    return finder


@given(prose, objects, prose, st.booleans(), st.sampled_from([None, 2]))
def test_any_object_is_found_in_any_prose(before, value, after, ascii, indent):
    encoded = json.dumps(value, ensure_ascii=ascii, indent=indent)
    assert encoded in found(before + encoded + after)


@given(wild, objects)
def test_any_object_is_found_after_prose_with_braces_unless_the_prose_left_one_open(before, value):
    assume(whole(before).open_at is None)
    encoded = json.dumps(value)
    assert encoded in found(before + encoded)


@given(
    objects, st.sampled_from(["```json\n%s\n```", "**%s**", "- %s\n- more", "<think>%s</think>"])
)
def test_fences_and_lists_do_not_hide_an_object(value, frame):
    encoded = json.dumps(value)
    expected = [] if "think" in frame else [encoded]
    assert found(frame % encoded) == expected


@given(wild | prose, objects, wild, st.data())
def test_feeding_pieces_equals_feeding_the_whole(before, value, after, data):
    text = before + json.dumps(value) + after
    finder = Finder()
    rest = text
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        finder.feed(rest[:size])
        rest = rest[size:]
    one = whole(text)
    assert (finder.spans, finder.open_at) == (one.spans, one.open_at)
    assert finder.finish() == one.finish()


@given(st.text())
def test_no_text_raises(text):
    assert all(text[s.start] == "{" for _, s in candidates(text))


@pytest.mark.parametrize(
    "pattern",
    [
        "{",
        '{"',
        '{"a":',
        '{"{":',
        '{"a":[{"b":"{\'',
        "{'{\"{",
        '{"k":{"{":"',
        "{'a':\"{'b':",
        '{"a":{"b":1} x',
        "\\{\"'",
        "{}",
        "<think>{",
        "<think></think>{",
    ],
)
def test_the_work_grows_with_the_text_and_not_faster(pattern):
    def steps(times: int) -> int:
        text = pattern * times
        finder = whole(text)
        finder.finish()
        return finder.steps

    assert steps(4000) < 5 * max(20, steps(1000))


@given(
    st.lists(
        st.sampled_from(['{"', '":', "{'", "':", '"', "'", "{", "}", "[", "]", ",", "1", "\\"])
    )
)
def test_no_character_is_read_more_than_a_few_times(tokens):
    text = "".join(tokens)
    finder = whole(text)
    finder.finish()
    assert finder.steps <= 8 * len(text) + 8


def test_feeding_one_character_at_a_time_costs_no_more_than_twice_the_whole():
    text = json.dumps({f"key{i}": ["some words " * 3, i] for i in range(200)})
    finder = Finder()
    for char in text:
        finder.feed(char)
    assert finder.steps <= 2 * len(text)
    assert found(text) == [text]


def test_a_string_may_hold_braces_quotes_and_fences():
    text = r'So: {"a": "} \" { ``` ]", "b": {}} Hope that helps {really}!'
    assert found(text) == [r'{"a": "} \" { ``` ]", "b": {}}']


def test_pieces_of_a_broken_object_are_not_offered():
    assert found('{"products": [{"name": "Cola"}, oh no {"name": "Tea"}]}') == ['{"name": "Tea"}']


def test_an_object_the_text_ends_in_is_offered_as_open():
    ((_, span),) = candidates('Here: {"a": {"b": 1}')
    assert (span.start, span.closed) == (6, False)


def test_what_was_thought_is_not_the_answer():
    assert found('<think>maybe {"a": 1}</think> {"a": 2}') == ['{"a": 2}']
    assert found('maybe {"a": 1}</think> {"a": 2}') == ['{"a": 2}']
    assert found('<think>still thinking {"a": 1}') == []


def test_partials_grow_until_the_object_is_there():
    text = json.dumps(
        {"picture": "fits", "rows": [{"n": i, "text": "word " * 5} for i in range(20)]}
    )
    reader = PartialReader()
    seen = [p for char in f"Sure! ```{text}" if (p := reader.feed(char)) is not None]
    assert seen[0] == {"picture": "fits"} or "picture" in seen[0]
    assert [len(p.get("rows", [])) for p in seen] == sorted(len(p.get("rows", [])) for p in seen)
    assert 5 < len(seen) < 60


def test_partials_are_parsed_in_proportion_to_the_text(monkeypatch):
    parsed = []
    reader = PartialReader()
    real = reader._news
    monkeypatch.setattr(reader, "_news", lambda text: parsed.append(len(text)) or real(text))
    text = json.dumps({"a": "x" * 50_000})
    for char in text:
        reader.feed(char)
    assert sum(parsed) < 12 * len(text)


@given(st.lists(st.text(max_size=8)))
def test_partials_never_raise(chunks):
    reader = PartialReader()
    for chunk in chunks:
        reader.feed("{" + chunk)


def test_spaces_that_stream_in_without_an_end_cost_no_more_than_they_are_long():
    """Models held to JSON by force are known to fall into this."""
    finder = Finder()
    for _ in range(20_000):
        finder.feed(" " * 50)
    finder.feed('{"a": 1}')
    assert [finder.text[s.start : s.end] for s in finder.finish()] == ['{"a": 1}']
    assert finder.steps < 100
