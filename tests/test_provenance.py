"""Each value of an answer says where it comes from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from visiontools.provenance import provenance_of
from visiontools.tooling import Answer
from visiontools.types import Provenance


class Part(Answer):
    name: Annotated[str, Provenance.INFERRED]
    price: float
    note: str | None = None


class Car(Answer):
    plate: Annotated[str | None, Provenance.READ]
    parts: list[Part]
    seen: Annotated[list[Part], Provenance.INFERRED] = Field(default_factory=list)
    total: float


CAR = Car(
    plate="AB 12",
    parts=[Part(name="door", price=100)],
    seen=[Part(name="roof", price=1)],
    total=101,
)


def test_marks_on_the_schema_are_found_and_the_rest_is_computed() -> None:
    assert provenance_of(CAR, {}, by_person=False) == {
        "/plate": Provenance.READ,
        "/parts/0/name": Provenance.INFERRED,
        "/parts/0/price": Provenance.COMPUTED,
        "/seen/0/name": Provenance.INFERRED,
        "/seen/0/price": Provenance.INFERRED,
        "/total": Provenance.COMPUTED,
    }


def test_an_override_holds_for_all_below_it() -> None:
    found = provenance_of(CAR, {"/parts/0": Provenance.TYPICAL}, by_person=False)
    assert found["/parts/0/price"] == Provenance.TYPICAL
    assert found["/parts/0/name"] == Provenance.INFERRED


def test_what_a_person_saw_is_edited_and_what_code_made_of_it_is_computed() -> None:
    found = provenance_of(CAR, {}, by_person=True)
    assert found["/plate"] == found["/parts/0/name"] == Provenance.EDITED
    assert found["/total"] == Provenance.COMPUTED


def test_null_has_no_source() -> None:
    car = Car(plate=None, parts=[], total=0)
    assert provenance_of(car, {}, by_person=False) == {"/total": Provenance.COMPUTED}
