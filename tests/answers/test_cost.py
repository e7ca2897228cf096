"""The arithmetic of a damage estimate, on any damage and any valid rate table."""

from __future__ import annotations

from itertools import cycle
from typing import Any, get_args

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from visiontools.answers.cost import Spread, estimate
from visiontools.answers.cost_rates import PartRates, Rates, Region, shipped_rates
from visiontools.answers.damage import (
    PARTS,
    DamageTypeName,
    Depth,
    Paint,
    PartName,
    SeenDamage,
    SideName,
    Size,
    Visibility,
    YesNo,
)
from visiontools.answers.damage_rules import fits, judge

ORDER: dict[str, tuple[str, ...]] = {
    "size": ("small", "medium", "large", "whole_part"),
    "depth": ("none", "shallow", "deep"),
    "paint": ("intact", "broken"),
    "opened": ("no", "yes"),
}
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
KINDS = st.sampled_from(get_args(DamageTypeName))

triples = st.tuples(*[st.floats(0, 5_000)] * 3).map(lambda t: tuple(sorted(t)))
hours = st.floats(0, 20)
part_rates = st.builds(
    PartRates,
    replace_hours=hours,
    repair_hours=hours,
    paint_hours=hours,
    price=st.fixed_dictionaries({"EUR": triples}),
)


def spread_over_parts(few: list[PartRates]) -> dict[PartName, PartRates]:
    """Neighbouring parts differ, without drawing figures for all of them."""
    return dict(zip(PARTS, cycle(few), strict=False))


tables = st.builds(
    Rates,
    label=st.just("any"),
    default_region=st.just("here"),
    inspection_hours=hours,
    paint_setup_hours=hours,
    blend_share=st.floats(0, 1),
    regions=st.builds(Region, currency=st.just("EUR"), body_hour=triples, paint_hour=triples).map(
        lambda region: {"here": region}
    ),
    parts=st.lists(part_rates, min_size=3, max_size=3).map(spread_over_parts),
)


@st.composite
def damages(draw: st.DrawFn, **fixed: Any) -> SeenDamage:
    facts = {
        "part": st.sampled_from(PARTS),
        "side": st.sampled_from(get_args(SideName)),
        "damage_type": KINDS,
        "size": st.sampled_from(get_args(Size)),
        "depth": st.sampled_from(get_args(Depth)),
        "paint": st.sampled_from(get_args(Paint)),
        "opened": st.sampled_from(get_args(YesNo)),
        "visibility": st.sampled_from(get_args(Visibility)),
    }
    drawn = {name: fixed.get(name, draw(strategy)) for name, strategy in facts.items()}
    return SeenDamage(evidence="It is seen.", **drawn)


def total_of(seen: list[SeenDamage], rates: Rates) -> Spread:
    region = rates.regions[rates.default_region]
    return estimate([(damage, judge(damage)) for damage in seen], rates, region).total


def no_more(one: Spread, other: Spread) -> bool:
    return one.low <= other.low and one.expected <= other.expected and one.high <= other.high


@relaxed
@given(st.lists(damages(), max_size=8), tables)
def test_low_expected_and_high_rise_in_the_total_and_in_every_line(
    seen: list[SeenDamage], rates: Rates
) -> None:
    made = estimate([(d, judge(d)) for d in seen], rates, rates.regions["here"])
    for amount in (made.total, *(line.amount for line in made.lines)):
        assert 0 <= amount.low <= amount.expected <= amount.high


@relaxed
@given(st.lists(damages(), max_size=8), tables)
def test_the_total_is_the_sum_of_whole_lines(seen: list[SeenDamage], rates: Rates) -> None:
    made = estimate([(d, judge(d)) for d in seen], rates, rates.regions["here"])
    for name in ("low", "expected", "high"):
        amounts = [getattr(line.amount, name) for line in made.lines]
        assert all(amount == int(amount) for amount in amounts)
        assert getattr(made.total, name) == sum(amounts)


@relaxed
@given(st.data(), tables)
def test_worse_facts_never_cost_less(data: st.DataObject, rates: Rates) -> None:
    fact = data.draw(st.sampled_from(sorted(ORDER)))
    lesser, greater = sorted(data.draw(st.tuples(*[st.sampled_from(range(len(ORDER[fact])))] * 2)))
    mild = data.draw(damages(visibility="clear", **{fact: ORDER[fact][lesser]}))
    worse = mild.model_copy(update={fact: ORDER[fact][greater]})
    assert judge(mild).severity <= judge(worse).severity
    assert no_more(total_of([mild], rates), total_of([worse], rates))


@relaxed
@given(st.lists(damages(), max_size=6), damages(), tables)
def test_one_more_damage_never_costs_less(
    seen: list[SeenDamage], more: SeenDamage, rates: Rates
) -> None:
    # a second look that makes an unclear part clear may lower its range: that is not more damage
    assume(all(d.visibility != "unclear" for d in (*seen, more)))
    before, after = total_of(seen, rates), total_of([*seen, more], rates)
    # the blend into a neighbour and that neighbour's own paint are rounded separately
    assert after.low >= before.low
    assert after.expected >= before.expected
    assert after.high >= before.high - 1


@relaxed
@given(damages(), damages(), tables)
def test_one_part_is_never_charged_above_replacing_it_and_one_look(
    one: SeenDamage, other: SeenDamage, rates: Rates
) -> None:
    both = [one, other.model_copy(update={"part": one.part, "side": one.side})]
    gone = one.model_copy(update={"damage_type": "missing", "visibility": "clear", "opened": "yes"})
    region = rates.regions["here"]
    made = estimate([(d, judge(d)) for d in both], rates, region).lines[0].amount
    whole = estimate([(gone, judge(gone))], rates, region).lines[0].amount
    look = rates.inspection_hours * 1.3 * region.body_hour[2]
    assert made.high <= whole.high + look + 1


def test_two_damages_on_a_door_are_painted_once() -> None:
    rates = shipped_rates()
    facts = {"part": "front_door", "side": "left", "paint": "broken", "evidence": "It is seen."}
    scratch = SeenDamage(damage_type="scratch", size="small", depth="none", **facts)
    chip = SeenDamage(damage_type="paint_chip", size="small", depth="none", **facts)
    assert total_of([scratch], rates) == total_of([scratch, chip], rates)


def test_a_painted_neighbour_is_not_blended_as_well() -> None:
    rates = shipped_rates()
    door = SeenDamage(
        part="front_door", side="left", damage_type="scratch", paint="broken", evidence="Seen."
    )
    wing = door.model_copy(update={"part": "front_wing"})
    region = rates.regions["europe"]

    def blended(*seen: SeenDamage) -> set[str]:
        lines = estimate([(d, judge(d)) for d in seen], rates, region).lines
        return {line.what for line in lines if line.what.startswith("blending")}

    assert "blending into the left front wing" in blended(door)
    both = blended(door, wing)
    assert "blending into the left front wing" not in both
    assert "blending into the left front door" not in both


@relaxed
@given(damages())
def test_severity_is_one_to_five_and_an_operation_follows(seen: SeenDamage) -> None:
    judged = judge(seen)
    assert 1 <= judged.severity <= 5
    assert judged.why
    if seen.visibility == "unclear" or not fits(seen):
        assert judged.operation == "inspect"


def test_the_shipped_table_has_every_part_but_the_unknown_one() -> None:
    rates = shipped_rates()
    assert set(rates.parts) == set(PARTS) - {"other"}
    assert rates.example
    assert "example" in rates.label
