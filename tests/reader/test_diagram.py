"""The diagram reader on small diagrams drawn here, whole and with faults."""

import hashlib
import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from visiontools.answers.graph import SeenDiagram
from visiontools.errors import CannotTellError, UsageError, WrongPictureError
from visiontools.evals.diagrams_pen import Pen, Placed, Style
from visiontools.reader.diagram import read_diagram, read_pixels
from visiontools.types import Picture

STYLE = Style("#ffffff", "#000000", "#000000", (), "dejavu", 16, 1.5, "block", 0.0, False)


def two_steps(draw_more=lambda pen: None, head: bool = True, arrow: bool = True) -> np.ndarray:
    """Start -> Send report, one below the other, and what ``draw_more`` adds."""
    pen = Pen(420, 330, STYLE)
    pen.node(Placed("Start", ["Start"], "oval", 150, 60, 120, 60))
    pen.node(Placed("Send report", ["Send report"], "box", 150, 240, 180, 60))
    if arrow:
        pen.arrow([(150, 90), (150, 210)], head)
    draw_more(pen)
    return np.asarray(Image.open(io.BytesIO(pen.png())).convert("RGB"))


def edges(rgb: np.ndarray) -> list[tuple[str, str, str | None]]:
    seen = SeenDiagram.model_validate(read_pixels(rgb).observation)
    names = {node.id: node.label for node in seen.nodes}
    return [(names[e.source], names[e.target], e.label) for e in seen.edges]


def test_shapes_and_the_arrow_between_them_are_read():
    rgb = two_steps()
    assert edges(rgb) == [("Start", "Send report", None)]
    nodes = SeenDiagram.model_validate(read_pixels(rgb).observation).nodes
    assert [(n.label, n.shape) for n in nodes] == [("Start", "oval"), ("Send report", "box")]


def test_the_text_beside_an_arrow_is_its_label():
    assert edges(two_steps(lambda pen: pen.label("Yes", 172, 140))) == [
        ("Start", "Send report", "Yes")
    ]


def test_a_label_may_hide_the_bend_of_its_arrow():
    def draw(pen):
        pen.arrow([(240, 240), (330, 240), (330, 60), (210, 60)])
        box = [3 * v for v in (300, 228, 360, 252)]
        pen.draw.rectangle(box, STYLE.page)
        pen.label("again", 330, 240)

    assert ("Send report", "Start", "again") in edges(two_steps(draw))


def test_an_arrow_that_is_not_drawn_is_not_read():
    assert edges(two_steps(arrow=False)) == []


def test_a_line_without_a_head_is_refused():
    with pytest.raises(CannotTellError, match="no arrowhead"):
        read_pixels(two_steps(head=False))


def test_a_small_gap_in_a_straight_shaft_is_bridged():
    rgb = two_steps().copy()
    rgb[140:148, 140:160] = 255
    assert edges(rgb) == [("Start", "Send report", None)]


def test_a_line_and_its_shadow_are_not_two_arrows():
    with pytest.raises(CannotTellError):
        read_pixels(two_steps(lambda pen: pen.arrow([(158, 90), (158, 210)])))


def test_a_line_that_ends_in_nowhere_is_refused():
    with pytest.raises(CannotTellError, match="ends in nowhere"):
        read_pixels(two_steps(lambda pen: pen.arrow([(240, 240), (330, 240), (330, 120)], False)))


def test_an_arrow_that_points_at_nothing_is_refused():
    with pytest.raises(CannotTellError):
        read_pixels(two_steps(lambda pen: pen.arrow([(240, 240), (330, 240), (330, 120)])))


def test_text_that_belongs_to_no_arrow_is_refused():
    with pytest.raises(CannotTellError, match="belongs to no arrow"):
        read_pixels(two_steps(lambda pen: pen.label("Maybe", 340, 150)))


def test_plain_text_is_the_wrong_picture():
    image = Image.new("RGB", (500, 200), "white")
    draw = ImageDraw.Draw(image)
    for row in range(4):
        draw.text((30, 20 + 40 * row), "Nothing but words", "black", ImageFont.load_default(22))
    with pytest.raises(WrongPictureError):
        read_pixels(np.asarray(image))


def test_noise_is_the_wrong_picture():
    noise = np.random.default_rng(1).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    photo = cv2.resize(noise, (640, 480), interpolation=cv2.INTER_CUBIC)
    with pytest.raises(WrongPictureError):
        read_pixels(photo)


def picture(rgb: np.ndarray) -> Picture:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "PNG")
    data = buffer.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    return Picture(data, "image/png", rgb.shape[1], rgb.shape[0], digest, ())


def test_a_prepared_picture_is_read():
    reading = read_diagram([picture(two_steps())])
    assert SeenDiagram.model_validate(reading.observation).picture == "fits"
    assert len(reading.observation["edges"]) == 1


def test_several_pictures_are_refused():
    one = picture(two_steps())
    with pytest.raises(UsageError):
        read_diagram([one, one])
