"""Each stage of the diagram reader on arrays drawn by hand."""

import cv2
import numpy as np
import pytest

from visiontools.reader.diagram import labels
from visiontools.reader.diagram.outlines import classify
from visiontools.reader.diagram.thin import thin, trace
from visiontools.reader.ocr import Line, Text


def filled(draw) -> np.ndarray:
    mask = np.zeros((200, 300), np.uint8)
    draw(mask)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return max(contours, key=cv2.contourArea)


def polygon(*corners):
    return filled(lambda mask: cv2.fillPoly(mask, [np.array(corners, np.int32)], 1))


SHAPES = {
    "box": polygon((40, 50), (260, 50), (260, 130), (40, 130)),
    "diamond": polygon((150, 20), (270, 100), (150, 180), (30, 100)),
    "parallelogram": polygon((80, 50), (270, 50), (230, 130), (40, 130)),
    "oval": filled(lambda mask: cv2.ellipse(mask, (150, 100), (120, 50), 0, 0, 360, 1, -1)),
    "circle": filled(lambda mask: cv2.circle(mask, (150, 100), 60, 1, -1)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_known_by_its_outline(shape):
    fit = classify(SHAPES[shape])
    assert fit is not None
    assert fit.shape == shape


def test_a_box_with_round_corners_is_rounded():
    def draw(mask):
        cv2.rectangle(mask, (60, 40), (240, 140), 1, -1)
        cv2.rectangle(mask, (40, 60), (260, 120), 1, -1)
        for x in (60, 240):
            for y in (60, 120):
                cv2.circle(mask, (x, y), 20, 1, -1)

    fit = classify(filled(draw))
    assert fit is not None
    assert fit.shape == "rounded"


@pytest.mark.parametrize(
    ("radius", "shape", "sure"), [(30, "rounded", True), (42, "rounded", False), (50, "oval", True)]
)
def test_corners_between_those_of_a_rounded_box_and_an_oval_are_not_sure(radius, shape, sure):
    def draw(mask):
        cv2.rectangle(mask, (40 + radius, 50), (260 - radius, 150), 1, -1)
        cv2.rectangle(mask, (40, 50 + radius), (260, 150 - radius), 1, -1)
        for x in (40 + radius, 260 - radius):
            for y in (50 + radius, 150 - radius):
                cv2.circle(mask, (x, y), radius, 1, -1)

    fit = classify(filled(draw))
    assert fit is not None
    assert (fit.shape, fit.sure) == (shape, sure)


def test_the_face_between_lines_is_no_shape():
    assert (
        classify(polygon((20, 20), (280, 20), (280, 180), (200, 180), (200, 60), (20, 60))) is None
    )
    assert classify(polygon((20, 20), (280, 60), (120, 180))) is None


def test_a_thinned_line_is_one_pixel_wide_and_in_one_piece():
    mask = np.zeros((120, 200), np.uint8)
    cv2.line(mask, (10, 20), (180, 100), 1, 5)
    skeleton = trace(thin(mask), 5)
    assert len(skeleton.pieces) == 1
    assert not skeleton.junctions
    ends = sorted(tuple(p) for p in skeleton.pieces[0].points[[0, -1]])
    assert np.abs(np.array(ends) - [(10, 20), (180, 100)]).max() < 5


def test_crossing_lines_are_four_pieces_at_one_place():
    mask = np.zeros((200, 200), np.uint8)
    cv2.line(mask, (20, 100), (180, 100), 1, 3)
    cv2.line(mask, (100, 20), (100, 180), 1, 3)
    skeleton = trace(thin(mask), 3)
    assert len(skeleton.pieces) == 4
    assert len(skeleton.junctions) == 1
    assert np.linalg.norm(skeleton.junctions[0] - [100, 100]) < 3


def test_a_piece_says_which_way_it_leads():
    mask = np.zeros((100, 200), np.uint8)
    cv2.line(mask, (20, 50), (180, 50), 1, 3)
    piece = trace(thin(mask), 3).pieces[0]
    outward = [piece.direction(end, 0, 20) for end in (0, 1)]
    assert outward[0] @ outward[1] == pytest.approx(-1)
    right = int(piece.points[-1][0] > piece.points[0][0])
    assert outward[right] @ [1, 0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("first", "later", "believed"),
    [
        ("Pack form", "Pack form", "Pack form"),
        ("Pack f0rm", "Pack form", "Pack form"),  # two of three looks
        ("Pack form", "Pack for", None),  # what was seen once is not denied by two that are alike
    ],
)
def test_a_text_is_believed_when_two_looks_agree_and_none_saw_more(
    monkeypatch, first, later, believed
):
    monkeypatch.setattr(labels, "read_crops", lambda crops: [Text(later, 1.0) for _ in crops])
    quad = np.array([[5, 5], [95, 5], [95, 25], [5, 25]], np.float64)
    blank = np.full((30, 100, 3), 255, np.uint8)
    ((text, agreed),) = labels.confirm(blank, [Line(first, 1.0, (), (), quad)])
    assert (text if agreed else None) == believed
