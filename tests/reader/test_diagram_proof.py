"""What must hold before a diagram is believed: pictures that would be read wrongly without it."""

import io

import numpy as np
import pytest
from PIL import Image

from visiontools.answers.graph import SeenDiagram
from visiontools.errors import CannotTellError
from visiontools.evals.diagrams_pen import Pen, Placed, Style
from visiontools.reader.diagram import read_pixels

STYLE = Style("#ffffff", "#000000", "#000000", (), "dejavu", 16, 1.5, "block", 0.0, False)


def pixels(pen: Pen) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(pen.png())).convert("RGB"))


def decision(*labels: tuple[str, float, float]) -> np.ndarray:
    """A decision with one exit down and one to the right, and texts where they are put."""
    pen = Pen(640, 420, STYLE)
    pen.node(Placed("In stock?", ["In stock?"], "diamond", 180, 100, 180, 100))
    pen.node(Placed("Pack parcel", ["Pack parcel"], "box", 180, 330, 180, 60))
    pen.node(Placed("Order more", ["Order more"], "box", 500, 100, 160, 60))
    pen.arrow([(180, 150), (180, 300)])
    pen.arrow([(270, 100), (420, 100)])
    for label in labels:
        pen.label(*label)
    return pixels(pen)


def labels(rgb: np.ndarray) -> dict[str, str | None]:
    seen = SeenDiagram.model_validate(read_pixels(rgb).observation)
    names = {node.id: node.label for node in seen.nodes}
    return {names[edge.target]: edge.label for edge in seen.edges}


@pytest.mark.parametrize("texts", [(), (("Yes", 205, 220), ("No", 330, 82))])
def test_exits_that_are_all_labelled_or_none_are_read(texts):
    expected = (
        {"Pack parcel": "Yes", "Order more": "No"}
        if texts
        else dict.fromkeys(("Pack parcel", "Order more"))
    )
    assert labels(decision(*texts)) == expected


def test_a_decision_with_one_labelled_exit_of_two_is_refused():
    with pytest.raises(CannotTellError, match="one has a text and another none"):
        read_pixels(decision(("Yes", 205, 220)))


def test_a_decision_whose_exits_say_the_same_is_refused():
    with pytest.raises(CannotTellError, match="have the same text"):
        read_pixels(decision(("Yes", 205, 220), ("yes", 330, 82)))


def test_a_decision_with_one_exit_that_has_a_text_is_refused():
    pen = Pen(400, 420, STYLE)
    pen.node(Placed("In stock?", ["In stock?"], "diamond", 180, 100, 180, 100))
    pen.node(Placed("Pack parcel", ["Pack parcel"], "box", 180, 330, 180, 60))
    pen.arrow([(180, 150), (180, 300)])
    pen.label("Yes", 205, 220)
    with pytest.raises(CannotTellError, match="there should be another"):
        read_pixels(pixels(pen))


def side_by_side(*labels: tuple[str, float, float]) -> np.ndarray:
    """Two arrows down from one step, close to each other, and texts where they are put."""
    pen = Pen(480, 420, STYLE)
    pen.node(Placed("Sort parcels", ["Sort parcels"], "box", 230, 70, 220, 60))
    pen.node(Placed("Light", ["Light"], "box", 130, 330, 180, 60))
    pen.node(Placed("Heavy", ["Heavy"], "box", 330, 330, 180, 60))
    pen.arrow([(205, 100), (205, 300)])
    pen.arrow([(257, 100), (257, 300)])
    for label in labels:
        pen.label(*label)
    return pixels(pen)


def test_a_label_handed_to_a_farther_arrow_than_its_nearest_is_refused():
    assert labels(side_by_side(("Day", 180, 190), ("Post", 285, 190))) == {
        "Light": "Day",
        "Heavy": "Post",
    }
    with pytest.raises(CannotTellError, match="not clearly nearest"):
        read_pixels(side_by_side(("Day", 180, 190), ("No", 227, 190)))
