"""A form made from a schema carries everything there, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from visiontools.doors.web import forms
from visiontools.doors.web.forms import FormMaker
from visiontools.doors.web.forms_read import is_said, read
from visiontools.errors import UsageError
from visiontools.registry import AnyTool, load_tools

EXAMPLES = Path(__file__).parents[3] / "examples"
TOOLS = load_tools()


class Size(BaseModel):
    amount: float
    unit: Literal["g", "ml"]


class Thing(BaseModel):
    name: str
    count: int = 1
    sure: bool | None = None
    size: Size | None = None
    parts: list[Size] = []


class Shelf(BaseModel):
    picture: Literal["fits", "other"] = "fits"
    open: bool = True
    things: list[Thing] = []
    colours: list[Literal["red", "green"]] = []
    notes: list[str] = Field(default=[], description="one a line")
    extra: dict[str, int] = {}
    inner: Shelf | None = None


SHELF = FormMaker(Shelf)


def sent(fields: Iterable[forms.Field]) -> Iterator[tuple[str, list[str]]]:
    """What a browser sends of a form nobody touched."""
    for field in fields:
        if field.kind in ("group", "list"):
            yield from sent(field.inside)
        elif field.kind == "choices":
            if field.chosen:
                yield field.name, list(field.chosen)
        elif field.kind != "flag":
            yield field.name, [field.text]
        elif field.text == "true":
            yield field.name, ["true"]


def there_and_back(maker: FormMaker, value: dict[str, object] | None) -> dict[str, object]:
    return read(maker, "seen", dict(sent(maker.fields("seen", value))))


def samples() -> list[tuple[AnyTool, str]]:
    return [(tool, sample.picture) for tool in TOOLS.values() for sample in tool.samples]


def named(each: object) -> str:
    return str(getattr(each, "name", each))


@pytest.mark.parametrize(
    ("tool", "picture"), samples(), ids=lambda each: getattr(each, "name", each)
)
def test_every_sample_observation_goes_through_its_form(tool: AnyTool, picture: str) -> None:
    path = (EXAMPLES / picture).with_suffix(".observation.json")
    seen = tool.observation.model_validate(json.loads(path.read_text("utf-8")))
    value = seen.model_dump(mode="json", by_alias=True)
    back = there_and_back(FormMaker(tool.observation), value)
    assert tool.observation.model_validate(back) == seen


@pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)
def test_a_form_nobody_touched_says_nothing(tool: AnyTool) -> None:
    back = there_and_back(FormMaker(tool.observation), None)
    assert tool.observation.model_validate(back) == tool.observation()


@pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)
def test_options_left_alone_are_the_defaults(tool: AnyTool) -> None:
    defaults = tool.options().model_dump(mode="json", by_alias=True)
    assert tool.options.model_validate(there_and_back(FormMaker(tool.options), defaults)) == (
        tool.options()
    )


def test_everything_there_is_goes_there_and_back() -> None:
    value = {
        "picture": "other",
        "open": False,
        "things": [
            {"name": "a", "count": 3, "sure": True, "size": {"amount": 1.5, "unit": "ml"}},
            {"name": "b", "sure": False, "parts": [{"amount": 1234567.25, "unit": "g"}]},
        ],
        "colours": ["green"],
        "notes": ["one, with a comma", "two"],
        "extra": {"x": 1},
        "inner": {"picture": "other", "things": [{"name": "c"}]},
    }
    assert Shelf.model_validate(there_and_back(SHELF, value)) == Shelf.model_validate(value)


def test_entries_are_kept_in_their_order_whatever_their_numbers() -> None:
    said = {"seen.things.7.name": ["late"], "seen.things.2.name": ["early"]}
    assert [each["name"] for each in read(SHELF, "seen", said)["things"]] == ["late", "early"]


def test_an_entry_nobody_touched_is_left_out() -> None:
    said = {
        "seen.things.0.name": [""],
        "seen.things.0.count": ["1"],
        "seen.things.1.name": ["jar"],
        "seen.things.1.count": [""],
    }
    (thing,) = read(SHELF, "seen", said)["things"]
    assert Thing.model_validate(thing) == Thing(name="jar")


def test_what_may_be_null_is_null_when_it_is_left_empty() -> None:
    said = {
        "seen.things.0.name": ["jar"],
        "seen.things.0.size.amount": [""],
        "seen.things.0.size.unit": [""],
    }
    assert read(SHELF, "seen", said)["things"][0]["size"] is None


def test_a_comma_is_a_decimal_point_where_it_can_only_be_one() -> None:
    said = {"seen.things.0.size.amount": ["1,5"], "seen.things.0.size.unit": ["g"]}
    assert read(SHELF, "seen", said)["things"][0]["size"] == {"amount": 1.5, "unit": "g"}


def test_a_number_that_is_none_is_left_to_the_schema() -> None:
    said = {"seen.things.0.name": ["x"], "seen.things.0.count": ["many"]}
    assert read(SHELF, "seen", said)["things"][0]["count"] == "many"


def test_json_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="What stands in 'Extra' is not JSON"):
        read(SHELF, "seen", {"seen.extra": ["{"]})


def test_more_entries_than_anybody_fills_in_are_refused() -> None:
    said = {f"seen.things.{at}.name": ["x"] for at in range(501)}
    with pytest.raises(UsageError, match="at most 500"):
        read(SHELF, "seen", said)


def test_a_schema_that_contains_itself_ends() -> None:
    def deepest(fields: Iterable[forms.Field]) -> int:
        return 1 + max((deepest(field.inside) for field in fields if field.inside), default=0)

    assert deepest(SHELF.fields("seen")) < 10


def test_an_empty_entry_to_add_names_the_place_of_its_number() -> None:
    (things,) = [field for field in SHELF.fields("seen") if field.label == "Things"]
    assert things.entry is not None
    assert things.entry.inside[0].name == f"seen.things.{things.index}.name"
    (parts,) = [field for field in things.entry.inside if field.label == "Parts"]
    assert parts.entry is not None
    assert parts.entry.inside[0].name == f"seen.things.{things.index}.parts.{parts.index}.amount"


def test_fields_can_be_left_out() -> None:
    names = [field.name for field in SHELF.fields("seen", leave_out=["things", "inner"])]
    assert names == ["seen.picture", "seen.open", "seen.colours", "seen.notes", "seen.extra"]


def test_whether_a_form_was_sent_at_all() -> None:
    assert is_said("seen", {"seen.picture": ["fits"]})
    assert not is_said("seen", {"seeing.picture": ["fits"]})
