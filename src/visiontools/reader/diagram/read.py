"""One diagram from picture to observation, stage by stage, each of which may refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2

from visiontools.answers.graph import SeenDiagram, SeenEdge, SeenNode
from visiontools.errors import CannotTellError, WrongPictureError
from visiontools.reader.diagram.canvas import Canvas, Mask, make_canvas
from visiontools.reader.diagram.contacts import find_contacts, nearest_nodes
from visiontools.reader.diagram.follow import Arrow, Net
from visiontools.reader.diagram.ink import Ink, find_ink, unread_ink
from visiontools.reader.diagram.labels import ADVICE, assign, captions, confirm, without_strokes
from visiontools.reader.diagram.links import find_hubs, scene
from visiontools.reader.diagram.proof import check_exits, check_owners
from visiontools.reader.diagram.shapes import Node, find_nodes
from visiontools.reader.diagram.thin import thin, trace
from visiontools.reader.ocr import Line, Pixels
from visiontools.tooling import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was measured before it is put into words."""

    canvas: Canvas
    nodes: list[Node]
    arrows: list[Arrow]
    ink: Ink


def read_pixels(rgb: Pixels) -> Reading:
    """Read one flow diagram. Raises CannotTellError or WrongPictureError."""
    canvas = make_canvas(rgb)
    nodes, patches = find_nodes(canvas)
    if len(nodes) < 2:
        raise WrongPictureError(
            "No flow diagram was found: fewer than two shapes with text in them.",
            next="Give a picture of a flow diagram drawn by a computer.",
        )
    for node in nodes:
        if unread_ink(canvas, node) > (0.15 * canvas.em) ** 2:
            raise CannotTellError(
                f"Part of the text in the shape '{node_text(canvas, node)}' could not be read.",
                next=ADVICE,
            )
    ink = find_ink(canvas, nodes, patches)
    arrows = find_arrows(canvas, nodes, ink)
    return put_into_words(Found(canvas, nodes, arrows, ink))


def find_arrows(canvas: Canvas, nodes: list[Node], ink: Ink) -> list[Arrow]:
    """Every arrow drawn between the nodes, or a refusal where one cannot be followed."""
    near = nearest_nodes(ink.owner)
    contacts, rest = find_contacts(ink, near, canvas.em)
    middle = thin(rest)
    _check_explained(ink, rest, middle, canvas.em)
    seen = scene(trace(middle, ink.width), near, ink.width, canvas.em)
    hubs = find_hubs(seen, contacts)
    net = Net(seen, hubs, [node_text(canvas, node) for node in nodes])
    net.bridge(ink.owner, [line.quad for line in ink.texts])
    return net.arrows()


def _check_explained(ink: Ink, rest: Mask, middle: Mask, em: float) -> None:
    """Every stroke pixel must lie by a line that is followed or in a head; else refuse."""
    far = cv2.distanceTransform(1 - (middle | (ink.strokes & (1 - rest))), cv2.DIST_L2, 5)
    left = int(((ink.strokes > 0) & (far > ink.width + 0.15 * em)).sum())
    if left > (0.2 * em) ** 2:
        raise CannotTellError("Something drawn between the shapes is no line.", next=ADVICE)


def node_text(canvas: Canvas, node: Node) -> str:
    return " ".join(line.text.strip() for line in in_order([canvas.lines[i] for i in node.lines]))


def in_order(lines: Sequence[Line]) -> list[Line]:
    """Top to bottom, and from left to right what stands on one height."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda n: n.center[1]):
        if rows and line.center[1] - rows[-1][0].center[1] < 0.5 * line.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda n: n.x0)]


def put_into_words(found: Found) -> Reading:
    """The observation, every text of it read twice."""
    canvas = found.canvas
    texts = captions(found.ink.texts, canvas.em)
    owners = assign(texts, found.arrows, found.nodes, canvas.em)
    check_owners(texts, owners, found.arrows, canvas.em)
    nodes = [
        SeenNode(
            id=f"n{i + 1}", shape=node.shape,
            label=_twice(canvas.rgb, in_order([canvas.lines[k] for k in node.lines])),
        )
        for i, node in enumerate(found.nodes)
    ]  # fmt: skip
    bare = without_strokes(canvas, found.ink.strokes)
    labels = {arrow: _twice(bare, texts[t].lines, free=True) for t, arrow in owners.items()}
    check_exits(found.nodes, found.arrows, labels, [node.label for node in nodes])
    edges = [
        SeenEdge(source=f"n{a.source + 1}", target=f"n{a.target + 1}", label=labels.get(i))
        for i, a in enumerate(found.arrows)
    ]
    seen = SeenDiagram(picture="fits", picture_shows="a flow diagram", nodes=nodes, edges=edges)
    return Reading(seen.model_dump(by_alias=True))


def _twice(rgb: Pixels, lines: Sequence[Line], *, free: bool = False) -> str:
    words = []
    for text, agreed in confirm(rgb, lines, free=free):
        if not agreed:
            raise CannotTellError(f"The text '{text}' could not be read twice alike.", next=ADVICE)
        words.append(text)
    return " ".join(words)
