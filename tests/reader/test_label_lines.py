"""Units found apart go back to their numbers."""

import numpy as np
import pytest

from visiontools.reader.label_lines import with_units
from visiontools.reader.ocr import Line


def line(x: float, text: str, slope: float = 0.0, y: float = 50.0) -> Line:
    right = x + 10.0 * len(text)
    quad = np.array([[x, y - 10], [right, y - 10], [right, y + 10], [x, y + 10]])
    quad[:, 1] += slope * quad[:, 0]
    at = tuple((index + 0.5) / len(text) for index in range(len(text)))
    return Line(text, 0.99, at, tuple(0.9 for _ in text), quad)


@pytest.mark.parametrize("slope", [0.0, 0.05])
def test_a_lone_unit_joins_the_number_on_its_left(slope: float) -> None:
    (joined,) = with_units([line(100, "per 100", slope), line(178, "g", slope)])
    assert joined.text == "per 100 g"
    assert len(joined.at) == len(joined.sure) == len(joined.text)
    assert joined.at[-1] == pytest.approx((183 - 100) / 88, abs=0.02)
    assert (joined.x0, joined.x1) == (pytest.approx(100), pytest.approx(188, abs=1))


@pytest.mark.parametrize(
    "unit", [line(220, "g"), line(178, "g", y=75), line(178, "%"), line(178, "good")]
)
def test_what_is_no_unit_or_stands_elsewhere_is_left(unit: Line) -> None:
    assert len(with_units([line(100, "per 100"), unit])) == 2


def test_a_unit_does_not_join_words_or_another_amount() -> None:
    assert len(with_units([line(100, "Protein"), line(172, "g")])) == 2
    assert len(with_units([line(100, "3.5 g"), line(152, "g")])) == 2
