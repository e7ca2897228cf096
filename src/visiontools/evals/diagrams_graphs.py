"""Random flow charts as people draw them: the truth that the diagram renderers draw."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from visiontools.answers.graph import SeenDiagram, SeenEdge, SeenNode, Shape

VERBS = (
    "Check", "Send", "Print", "Load", "Validate", "Update", "Create", "Collect", "Sort",
    "Compress", "Archive", "Approve", "Review", "Assign", "Measure", "Register", "Pack",
    "Inspect", "Record", "Close", "Fetch", "Merge", "Parse", "Weigh", "Charge", "Notify",
)  # fmt: skip
THINGS = (
    "order", "invoice", "payment", "stock level", "customer data", "report", "ticket", "parcel",
    "sensor values", "backup", "request", "form", "queue entry", "delivery note", "contract",
    "user account", "log file", "price list", "sample", "battery", "warehouse slot", "email",
)  # fmt: skip
ENDINGS = ("", "", "", " again", " by hand", " for team 3", " in system B", " within 24 h")
QUESTIONS = (
    "Payment received?", "In stock?", "Is it valid?", "Amount > 500?", "Retry count < 3?",
    "Approved?", "File exists?", "Temperature >= 70?", "More items?", "User signed in?",
    "Weight > 20 kg?", "All tests passed?", "Battery low?", "Address complete?", "Error found?",
)  # fmt: skip
ANSWERS = (("Yes", "No"),) * 6 + (("yes", "no"), ("True", "False"), ("OK", "Failed"))
STARTS = ("Start", "Begin", "New order", "Order received")
ENDS = ("End", "Stop", "Done", "Finished")
INPUTS = ("Read input file", "Enter amount", "Show result", "Scan barcode", "Display total")


@dataclass(slots=True)
class Plan:
    """A flow chart with its backbone (node indexes, first to last) and side steps.

    ``side`` maps a side step to the backbone decision it leaves from; renderers that lay out by
    themselves need to know it, graphviz does not.
    """

    labels: list[str] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    edges: list[tuple[int, int, str | None]] = field(default_factory=list)
    backbone: list[int] = field(default_factory=list)
    side: dict[int, int] = field(default_factory=dict)

    def add(self, label: str, shape: Shape) -> int:
        self.labels.append(label)
        self.shapes.append(shape)
        return len(self.labels) - 1

    def truth(self, without: int | None = None) -> SeenDiagram:
        """What is drawn, without the edge of that index."""
        return SeenDiagram(
            nodes=[
                SeenNode(id=f"n{i}", label=label, shape=shape)
                for i, (label, shape) in enumerate(zip(self.labels, self.shapes, strict=True))
            ],
            edges=[
                SeenEdge(source=f"n{a}", target=f"n{b}", label=label)
                for i, (a, b, label) in enumerate(self.edges)
                if i != without
            ],
        )


def random_plan(seed: int, most: int = 12) -> Plan:
    """A chart of 3 to ``most`` nodes with decisions, loops, merges and side steps."""
    draw = random.Random(seed)
    plan = Plan()
    fresh = _unused(draw)
    terminal: Shape = draw.choice(("oval", "oval", "rounded"))
    size = draw.randint(3, most)
    decisions = 0 if size < 4 else draw.randint(1 if size > 4 else 0, max(1, size // 3))
    inner = size - 2
    kinds = ["decision"] * min(decisions, max(0, inner - 1))
    kinds += ["step"] * (inner - len(kinds))
    draw.shuffle(kinds)
    sides = sum(k == "decision" for k in kinds) // 2 if size > 6 else 0
    for _ in range(sides):
        if "step" in kinds:
            kinds.remove("step")
    plan.backbone.append(plan.add(draw.choice(STARTS), terminal))
    for kind in kinds:
        plan.backbone.append(_add_inner(plan, kind, draw, fresh))
    plan.backbone.append(plan.add(draw.choice(ENDS), terminal))
    _connect(plan, draw, sides, fresh)
    return plan


def _unused(draw: random.Random) -> Callable[[str], str]:
    """Labels without repetition, so that a mixed-up edge cannot look right."""
    used: set[str] = set()

    def fresh(kind: str) -> str:
        while True:
            if kind == "decision":
                label = draw.choice(QUESTIONS)
            elif kind == "io":
                label = draw.choice(INPUTS)
            else:
                label = f"{draw.choice(VERBS)} {draw.choice(THINGS)}{draw.choice(ENDINGS)}"
            if label not in used:
                used.add(label)
                return label

    return fresh


def _add_inner(plan: Plan, kind: str, draw: random.Random, fresh: Callable[[str], str]) -> int:
    if kind == "decision":
        return plan.add(fresh("decision"), "diamond")
    shape: Shape = draw.choices(("box", "rounded", "parallelogram", "double_box"), (7, 2, 1, 0.6))[
        0
    ]
    return plan.add(fresh("io" if shape == "parallelogram" else "step"), shape)


def _connect(plan: Plan, draw: random.Random, sides: int, fresh: Callable[[str], str]) -> None:
    spine = plan.backbone
    for place, node in enumerate(spine[:-1]):
        follower = spine[place + 1]
        if plan.shapes[node] != "diamond":
            plan.edges.append((node, follower, None))
            continue
        yes, no = draw.choice(ANSWERS)
        if draw.random() < 0.3:
            yes, no = no, yes
        plan.edges.append((node, follower, yes))
        _second_exit(plan, place, no, draw, sides, fresh)
        sides -= 1


def _second_exit(
    plan: Plan, place: int, label: str, draw: random.Random, sides: int,
    fresh: Callable[[str], str],
) -> None:  # fmt: skip
    """The other answer: a step at the side, a loop back or a way past."""
    spine, node = plan.backbone, plan.backbone[place]
    later, earlier = spine[place + 2 :], spine[1:place]
    if sides > 0:
        step = plan.add(fresh("step"), "box")
        plan.side[step] = node
        plan.edges.append((node, step, label))
        back = earlier and draw.random() < 0.4
        target = draw.choice(earlier) if back else draw.choice(later or spine[place + 1 :])
        plan.edges.append((step, target, None))
    elif later and (not earlier or draw.random() < 0.4):
        plan.edges.append((node, draw.choice(later), label))
    elif earlier:
        plan.edges.append((node, draw.choice(earlier), label))
    elif draw.random() < 0.5:
        plan.edges.append((node, node, label))
    else:
        plan.edges.append((node, spine[-1], label))
