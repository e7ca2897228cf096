"""Habits of models are put right where the meaning is plain, and named where it is not."""

import json
import math
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from visiontools.answers.mend import parse, parse_mended
from visiontools.answers.prose import meaning
from visiontools.answers.repair import UnfitError, fit, repair_turn


class Row(BaseModel):
    basis: Literal["per_serving", "per_100ml"]
    amount: float = Field(ge=0)


class Label(BaseModel):
    name: str | None = None
    rows: list[Row] = Field(default_factory=list)
    brand: str | None = Field(default=None, alias="maker")


ROW = {"basis": "per_100ml", "amount": 42}
LABEL = {"name": "Cola", "rows": [ROW]}
TEXT = json.dumps(LABEL)
EXPECTED = Label.model_validate(LABEL)

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), plain, max_size=4))
def test_mending_leaves_valid_json_as_it_is(value):
    text = json.dumps(value)
    assert parse_mended(text) == parse(text)


@given(plain, st.text(), st.sampled_from(['{"k": %s}', '{"k": [%s]}', '{"k": {"z": [{"y": %s}]}}']))
def test_closers_forgotten_at_the_end_are_added(first, last, frame):
    text = frame % f"[{json.dumps(first)}, {json.dumps(last)}]"
    expected = json.loads(text)
    while text[-1] in "]}":
        text = text[:-1]
        assert parse_mended(text, close=True) == expected
        with pytest.raises(ValueError):  # noqa: PT011
            parse_mended(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': True, 'b': None, 'c': False}", {"a": True, "b": None, "c": False}),
        ("{'a': 'say \"hi\"'}", {"a": 'say "hi"'}),
        ('{"a": [1, 2,],}', {"a": [1, 2]}),
        (r'{"a": "5\_000 \$ it\'s \n \u00e9"}', {"a": "5_000 $ it's \n é"}),
        ('{"a": "two\nlines"}', {"a": "two\nlines"}),
    ],
)
def test_a_plain_habit_is_put_right(text, value):
    assert parse_mended(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "{'a': 'it's'}",
        '{"a": 12g}',
        '{"a": unknown}',
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a" 1}',
        "{a: 1}",
        '{"a": 1, "b',
        '{"a": 12',
        '{"a": [1,',
        '{"a": ]}',
        "",
    ],
)
def test_what_is_in_doubt_is_left_to_the_model(text):
    with pytest.raises(ValueError):  # noqa: PT011
        parse_mended(text, close=True)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"```json\n{TEXT}\n```",
        f"Here is the label you asked for:\n\n{TEXT}\n\nLet me know {{if}} you need more!",
        f"* The answer is **{TEXT}**",
        f"<think>{{'name': 'Tea'}} no, wait</think>{TEXT}",
        f'{{"answer": {TEXT}}}',
        f"[{TEXT}]",
        f'{{"unrelated": 1}} {TEXT} {{"also": "unrelated"}}',
        f'{{"name": "draft"}} Sorry, corrected: {TEXT}',
        f"{TEXT} {{'rows': 'not a list'}}",
        TEXT[:-1],
        TEXT[:-2],
        TEXT.replace("per_100ml", "Per 100 ml"),
        TEXT.replace('"', "'"),
    ],
)
def test_the_answer_is_found_and_validated(text):
    assert fit(text, Label) == EXPECTED


def test_an_alias_counts_as_a_name():
    assert fit('{"maker": "Acme"}', Label).brand == "Acme"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{}", "none of the fields"),
        ('{"colour": "red"}', "none of the fields"),
        ("no object at all", "no complete JSON object"),
        ('{"name": "Cola", "rows": [{"basis": "per_cup", "amount": 1}]}', "rows.0.basis"),
        ('{"name": "Cola", "rows": [{"basis": "per_100ml", "amount": -1}]}', "rows.0.amount"),
        ('{"name": "Cola", "rows": [{"basis": "per_100ml", "amount": 9 g}]}', "no complete JSON"),
        ('[{"name": "Cola"}, {"name": "Tea"}]', "a list of objects"),
        ('{"name": "Cola", "name": "Tea"}', "not valid JSON"),
    ],
)
def test_what_cannot_be_used_says_why(text, what):
    with pytest.raises(UnfitError, match=what):
        fit(text, Label)


def test_a_text_cut_off_by_the_limit_is_never_completed():
    with pytest.raises(UnfitError):
        fit(TEXT[:-1], Label, finished=False)


def test_an_infinite_number_is_no_amount():
    with pytest.raises(UnfitError):
        fit('{"rows": [{"basis": "per_100ml", "amount": Infinity}]}', Label)
    assert math.isfinite(EXPECTED.rows[0].amount)


def test_the_repair_turn_shows_the_answer_and_each_error_with_what_was_given():
    bad = '{"rows": [{"basis": "per cup", "amount": -3}]}'
    with pytest.raises(UnfitError) as caught:
        fit(bad, Label)
    shown, asked = repair_turn(bad, caught.value)
    assert (shown["role"], shown["content"]) == ("assistant", bad)
    assert "rows.0.basis" in asked["content"]
    assert "'per cup'" in asked["content"]
    assert "-3" in asked["content"]


def test_the_error_for_a_person_does_not_repeat_what_the_model_wrote():
    with pytest.raises(UnfitError) as caught:
        fit('{"rows": [{"basis": "SECRET WORDS", "amount": 3}]}', Label)
    assert "SECRET" not in str(caught.value)


def test_many_errors_are_counted_rather_than_listed():
    rows = [{"basis": "cup", "amount": -1}] * 30
    with pytest.raises(UnfitError) as caught:
        fit(json.dumps({"rows": rows}), Label)
    assert len(caught.value.problems) == 9
    assert "52 more" in str(caught.value)


@given(st.data())
def test_no_damage_to_an_answer_raises_anything_else(data):
    text = TEXT
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(at, min(len(text), at + 5)))
        text = (
            text[:at]
            + data.draw(st.text(alphabet="{}[]\"',:\\ 9enu\ud800", max_size=4))
            + text[end:]
        )
    turn = None
    try:
        result = fit(text, Label, finished=data.draw(st.booleans()))
    except UnfitError as error:
        turn = repair_turn(text, error)
    assert turn or isinstance(result, Label)


@pytest.mark.parametrize(
    "text",
    ['{"rows": ' * 3000, '{"rows": ' * 3000 + "1" + "}" * 3000, '{"name": %s}' % ("9" * 6000)],
)
def test_monsters_are_turned_down_like_any_other(text):
    with pytest.raises(UnfitError):
        fit(text, Label)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm not able to help with that.", "refused"),
        ("I’m sorry, but I can’t assist with this request.", "refused"),
        ("I cannot provide information about the people in the picture.", "refused"),
        ("I won't be able to help with this image.", "refused"),
        ("I don't see an image attached to your message.", "no_picture"),
        ("As a text-based AI, I can't view images.", "no_picture"),
        ("No image was provided. Please upload the picture.", "no_picture"),
        ("I'm not able to process images of people.", "refused"),
        ("I cannot see the label in the picture.", "cannot_tell"),
        ("I cannot tell from this picture.", "cannot_tell"),
        ("I'm unable to determine the calories from the image.", "cannot_tell"),
        ("The image is too blurry to read the label.", "cannot_tell"),
        ("It is not possible to determine the brand.", "cannot_tell"),
        ("The label shows a can of cola with 42 kcal per 100 ml.", None),
        ("* Energy: 42 kcal\n* Sugars: 10.6 g", None),
    ],
)
def test_prose_is_understood_as_it_is_meant(text, expected):
    assert meaning(text) == expected


class Described(BaseModel):
    """A schema whose own description has the name of a field."""

    description: str | None = None
    kind: str = "photo"


def test_a_schema_said_again_is_no_answer():
    schema = Described.model_json_schema()
    with pytest.raises(UnfitError, match="the schema itself"):
        fit(json.dumps(schema), Described)
    said = json.dumps(schema) + '\n{"description": "A dog.", "kind": "drawing"}'
    assert fit(said, Described).description == "A dog."
