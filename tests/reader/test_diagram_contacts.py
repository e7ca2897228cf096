"""Where strokes touch shapes, on arrays and pictures drawn by hand."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.areas import find_areas, flatness
from visiontools.reader.diagram.canvas import Canvas
from visiontools.reader.diagram.contacts import Contact, find_contacts, nearest_nodes
from visiontools.reader.diagram.ink import Ink, stroke_width
from visiontools.reader.diagram.patches import find_patches
from visiontools.reader.diagram.rims import rims
from visiontools.reader.diagram.spread import spread
from visiontools.reader.ocr import Line

EM = 32.0


def contacts(draw) -> list[Contact]:
    """A shape along the bottom, and what ``draw`` adds above it."""
    strokes, owner = np.zeros((200, 300), np.uint8), np.zeros((200, 300), np.uint8)
    owner[150:] = 1
    draw(strokes)
    strokes[owner > 0] = 0
    ink = Ink(strokes, stroke_width(strokes), owner, ())
    found, _ = find_contacts(ink, nearest_nodes(owner), EM)
    return found


def shaft(mask: np.ndarray, x: int, foot: int = 149) -> None:
    cv2.line(mask, (x, 10), (x, foot), 1, 3)


def head(mask: np.ndarray, x: int) -> None:
    cv2.fillPoly(mask, [np.array([[x, 151], [x - 9, 128], [x + 9, 128]], np.int32)], 1)


def test_a_line_that_ends_at_a_shape_is_a_plain_contact():
    found = contacts(lambda mask: shaft(mask, 100))
    assert [(c.node, c.head) for c in found] == [(0, False)]


def test_a_line_that_leaves_at_a_slant_is_a_plain_contact():
    found = contacts(lambda mask: cv2.line(mask, (20, 118), (120, 150), 1, 3))
    assert [c.head for c in found] == [False]


def test_a_filled_head_is_a_head_and_its_line_begins_behind_it():
    def draw(mask):
        shaft(mask, 100)
        head(mask, 100)

    (found,) = contacts(draw)
    assert found.head
    (begin,) = found.entries
    assert begin[0] == pytest.approx(100, abs=2)
    assert 110 < begin[1] < 130


def test_two_barbs_are_a_head():
    def draw(mask):
        shaft(mask, 100)
        cv2.line(mask, (100, 149), (88, 126), 1, 3)
        cv2.line(mask, (100, 149), (112, 126), 1, 3)

    assert [c.head for c in contacts(draw)] == [True]


def test_a_head_and_the_line_beside_it_are_two_contacts():
    def draw(mask):
        shaft(mask, 100)
        head(mask, 100)
        shaft(mask, 86)

    found = sorted(contacts(draw), key=lambda c: c.at[0])
    assert [c.head for c in found] == [False, True]


def test_what_touches_a_line_further_on_is_no_head():
    def draw(mask):
        shaft(mask, 100)
        cv2.rectangle(mask, (100, 118), (106, 124), 1, -1)

    assert [c.head for c in contacts(draw)] == [False]


def test_a_lump_without_a_line_is_no_head():
    assert not any(c.head for c in contacts(lambda mask: head(mask, 100)))


def test_a_bar_at_the_end_of_a_line_is_no_arrowhead():
    def draw(mask):
        shaft(mask, 100)
        cv2.rectangle(mask, (75, 143), (125, 149), 1, -1)

    with pytest.raises(CannotTellError, match="no arrowhead"):
        contacts(draw)


def test_a_line_that_only_passes_by_touches_nothing():
    way = np.array([[10, 60], [60, 144], [240, 144], [290, 60]], np.int32)
    assert not contacts(lambda mask: cv2.polylines(mask, [way], False, 1, 3))


def test_distances_run_along_the_stroke_and_not_across_the_page():
    mask = np.zeros((40, 40), np.uint8)
    mask[5, 5:35] = mask[5:35, 34] = mask[34, 5:35] = 1
    reached = spread(mask, [np.array([5.0, 5.0])], 1000)
    far = {(x, y): d for x, y, d in zip(reached.xs, reached.ys, reached.d, strict=True)}
    assert len(far) == mask.sum()
    assert far[5, 34] == pytest.approx(87, abs=2)


def test_every_pixel_belongs_to_the_nearest_seed_and_the_border_is_known():
    mask = np.zeros((5, 41), np.uint8)
    mask[2] = 1
    reached = spread(mask, [np.array([0.0, 2.0]), np.array([40.0, 2.0])], 100)
    owner = dict(zip(reached.xs.tolist(), reached.owner.tolist(), strict=True))
    assert owner[5] == 0
    assert owner[35] == 1
    assert set(np.abs(reached.xs[reached.meets] - 20).tolist()) <= {0, 1}
    assert reached.meets.any()


def test_nothing_beyond_the_reach_is_walked():
    mask = np.ones((3, 50), np.uint8)
    reached = spread(mask, [np.array([0.0, 1.0])], 10)
    assert reached.xs.max() == 10


PAGE, FILL, PEN = (247, 243, 232), (255, 253, 245), (74, 63, 47)


def canvas(draw, text: str, at: tuple[int, int, int, int]) -> Canvas:
    """A picture with one line of text whose box is ``at`` (x0, y0, x1, y1)."""
    image = Image.new("RGB", (300, 200), PAGE)
    pen = ImageDraw.Draw(image)
    draw(pen)
    x0, y0, x1, y1 = at
    pen.text(((x0 + x1) / 2, (y0 + y1) / 2), text, PEN, ImageFont.load_default(24), anchor="mm")
    quad = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float64)
    line = Line(text, 1.0, (), (), quad)
    return Canvas(np.asarray(image), (line,), 30.0, np.array(PAGE, np.float64))


def outlines(draw) -> list[float]:
    """The rims of the shape with the text."""
    drawn = canvas(draw, "Weigh", (110, 85, 190, 115))
    areas = [a for a in find_areas(drawn, flatness(drawn.rgb)) if a.lines]
    area = min(areas, key=lambda a: a.area)
    return rims(area, drawn.off_page(), drawn.em)


def test_one_outline_is_one_rim():
    assert len(outlines(lambda pen: pen.rectangle((60, 60, 240, 140), FILL, PEN, 4))) == 1


def test_two_outlines_are_two_rims():
    def draw(pen):
        pen.rectangle((50, 50, 250, 150), PAGE, PEN, 4)
        pen.rectangle((60, 60, 240, 140), FILL, PEN, 4)

    assert len(outlines(draw)) == 2


def test_a_pale_rim_beside_the_outline_is_no_outline():
    def draw(pen):
        pen.rectangle((55, 55, 245, 145), PAGE, PEN, 4)
        pen.rectangle((62, 62, 238, 138), FILL, (220, 214, 204), 2)

    assert len(outlines(draw)) == 1


def test_a_rim_half_as_strong_as_the_outline_is_refused():
    def draw(pen):
        pen.rectangle((50, 50, 250, 150), PAGE, PEN, 4)
        pen.rectangle((60, 60, 240, 140), FILL, (182, 176, 165), 4)

    with pytest.raises(CannotTellError, match="one line or two"):
        outlines(draw)


@pytest.mark.parametrize("colour", [(232, 228, 217), (200, 200, 200)])
def test_the_plain_box_behind_a_label_is_a_patch_however_pale(colour):
    def draw(pen):
        pen.line((150, 10, 150, 190), PEN, 3)
        pen.rectangle((126, 84, 174, 116), colour)

    drawn = canvas(draw, "Yes", (124, 82, 176, 118))
    (patch,) = find_patches(find_areas(drawn, flatness(drawn.rgb)), drawn)
    x, y, w, h = patch.box
    assert [x, y, x + w, y + h] == pytest.approx([126, 84, 174, 116], abs=4)


def test_a_box_with_an_outline_is_no_patch():
    def draw(pen):
        pen.rectangle((122, 80, 178, 120), (232, 228, 217), PEN, 3)

    drawn = canvas(draw, "Yes", (126, 84, 174, 116))
    assert not find_patches(find_areas(drawn, flatness(drawn.rgb)), drawn)


def test_text_on_the_page_has_no_patch():
    drawn = canvas(lambda pen: pen.line((90, 10, 90, 190), PEN, 3), "Yes", (126, 84, 174, 116))
    assert not find_patches(find_areas(drawn, flatness(drawn.rgb)), drawn)
