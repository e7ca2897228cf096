"""What an observation states, fact by fact: by names, not by places in lists. Pure.

Two observations are compared by their facts, so that the order of a list, the ids a model made up
and free sentences do not count. A fact is a name that can be read in a report, and a value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from visiontools.answers.chart_seen import SeenChart
from visiontools.answers.graph import SeenDiagram
from visiontools.answers.grid import Grid, name_of
from visiontools.answers.inventory_words import key_of
from visiontools.answers.label import SeenLabels
from visiontools.answers.messages_quotes import squeezed
from visiontools.evals.charts_score import facts as chart_facts
from visiontools.evals.diagrams_score import ALIKE
from visiontools.evals.diagrams_score import squeezed as without_spaces
from visiontools.evals.labels_score import facts as label_facts
from visiontools.pointers import leaves

Facts = Mapping[str, Any]
_NOT_FACTS = ("picture", "picture_shows", "proposal")
_LARGEST_GRID = Grid.over(1, 1)


def facts_of(
    tool: str, observation: Mapping[str, Any], leave_out: Collection[str] = ()
) -> dict[str, Any]:
    """The facts of one observation; what is null was not stated, and is no fact.

    ``leave_out`` are JSON pointers to what was read only once, and is not stated as a fact either.
    A tool that is not known here has a fact for each leaf.
    """
    if tool == "diet":
        return _labels(observation, leave_out)
    if tool == "chart":
        return _chart(observation, leave_out)
    found = _TOOLS.get(tool, _leaves)(observation)
    return {name: value for name, value in found.items() if value is not None}


def _labels(seen: Mapping[str, Any], leave_out: Collection[str]) -> dict[str, Any]:
    found = label_facts(SeenLabels.model_validate(seen), leave_out)
    return {
        " ".join(("label", str(index + 1), *filter(None, what))): value
        for (index, *what), value in found.items()
    }


def _chart(seen: Mapping[str, Any], leave_out: Collection[str]) -> dict[str, Any]:
    found = chart_facts(SeenChart.model_validate(seen), leave_out)
    return {" / ".join(filter(None, key)): value for key, value in found.items()}


def _diagram(seen: Mapping[str, Any]) -> Facts:
    diagram = SeenDiagram.model_validate(seen)
    names = {node.id: without_spaces(node.label) for node in diagram.nodes}
    facts: dict[str, Any] = {}
    for node in diagram.nodes:
        _put(facts, f"node {names[node.id]}", _shape(node.shape))
    for edge in diagram.edges:
        ends = names.get(edge.source, "?"), names.get(edge.target, "?")
        _put(facts, f"arrow {ends[0]} -> {ends[1]}", without_spaces(edge.label))
    return facts


def _shape(shape: str) -> str:
    return next((min(alike) for alike in ALIKE if shape in alike), shape)


def _car(seen: Mapping[str, Any]) -> Facts:
    facts: dict[str, Any] = {"damage visible": seen.get("damage_visible")}
    for damage in seen.get("damages", ()):
        where = f"{damage['part']} {damage.get('side', 'cannot_tell')}"
        _put(facts, f"damage {where}", damage["damage_type"])
    for hazard in seen.get("hazards", ()):
        facts[f"hazard {hazard}"] = True
    return facts


def _fridge(seen: Mapping[str, Any]) -> Facts:
    facts: dict[str, Any] = {}
    for item in seen.get("inventory", ()):
        name = _put(facts, f"food {key_of(item['name']) or item['name']}", True)
        facts[f"{name}, how many"] = item.get("quantity")
    return facts


def _caption(seen: Mapping[str, Any]) -> Facts:
    facts: dict[str, Any] = {"kind": seen.get("kind")}
    for subject in seen.get("subjects", ()):
        name = _put(facts, f"subject {key_of(subject['what']) or subject['what']}", True)
        facts[f"{name}, how many"] = subject.get("count")
    for line in seen.get("visible_text", ()):
        facts[f"text {squeezed(line).casefold()}"] = True
    return facts


def _scene(seen: Mapping[str, Any]) -> Facts:
    facts: dict[str, Any] = {"kind": seen.get("kind")}
    for region in seen.get("regions", ()):
        cells = {name_of(cell) for said in region["cells"] for cell in _LARGEST_GRID.read(said)}
        _put(facts, f"region {region['name'].casefold()}", sorted(cells))
    return facts


def _thread(seen: Mapping[str, Any]) -> Facts:
    facts: dict[str, Any] = {}
    for kind in ("decisions", "questions", "todos"):
        for point in seen.get(kind, ()):
            name = f"{kind[:-1]} “{squeezed(point['quote'])}”"
            facts[name] = True
            if kind == "todos":
                facts |= {f"{name} {key}": point.get(key) for key in ("owner", "due")}
    return facts


def _invite(seen: Mapping[str, Any]) -> Facts:
    said = seen.get("parameters", {})
    facts: dict[str, Any] = {"function": seen.get("name", "create_event")}
    for key in ("start", "end", "timezone", "location"):
        facts[key] = said.get(key) or None
    for guest in said.get("guests", ()):
        facts[f"guest {guest.casefold()}"] = True
    return facts


def _leaves(seen: Mapping[str, Any]) -> Facts:
    rest = {key: value for key, value in seen.items() if key not in _NOT_FACTS}
    return {pointer: value for pointer, value in leaves(rest) if value not in (None, {}, [])}


def _put(facts: dict[str, Any], name: str, value: Any) -> str:
    """Under a name of its own, which it returns: what is said twice is two facts."""
    number = 1
    wanted = name
    while name in facts:
        number += 1
        name = f"{wanted} ({number})"
    facts[name] = value
    return name


_TOOLS: dict[str, Callable[[Mapping[str, Any]], Facts]] = {
    "flow_diagram": _diagram,
    "car_damage": _car,
    "fridge": _fridge,
    "caption": _caption,
    "scene": _scene,
    "messages": _thread,
    "invite": _invite,
}
