"""The canvas plan of a tiled model."""

from hypothesis import given
from hypothesis import strategies as st

from visiontools.pictures.tiling import canvases, plan
from visiontools.types import LLAMA_3_2_PICTURES, READER_PICTURES, PictureRules

sides = st.integers(min_value=1, max_value=12_000)
rules = st.sampled_from(
    [LLAMA_3_2_PICTURES, READER_PICTURES, PictureRules(tiles=4, longest_side=1120), PictureRules()]
)


def test_a_photo_goes_onto_the_square_canvas_and_a_receipt_onto_the_tall_one() -> None:
    photo = plan(4032, 3024, LLAMA_3_2_PICTURES)
    assert (photo.width, photo.height, photo.columns, photo.rows) == (1120, 840, 2, 2)
    receipt = plan(900, 4000, LLAMA_3_2_PICTURES)
    assert (receipt.width, receipt.height, receipt.columns, receipt.rows) == (504, 2240, 1, 4)


def test_a_tie_goes_to_the_smallest_canvas() -> None:
    wide = plan(2000, 1000, LLAMA_3_2_PICTURES)
    assert (wide.columns, wide.rows, wide.width, wide.height) == (2, 1, 1120, 560)


def test_llama_has_eight_canvases_and_a_host_with_a_lower_limit_fewer() -> None:
    assert len(canvases(LLAMA_3_2_PICTURES)) == 8
    lower = PictureRules(tiles=4, longest_side=1120)
    assert set(canvases(lower)) == {(1, 1), (1, 2), (2, 1), (2, 2)}


def test_without_tiles_only_the_longest_side_counts() -> None:
    assert plan(4000, 100, PictureRules(longest_side=1000)).width == 1000
    assert plan(900, 1000, PictureRules(longest_side=1000)).scale == 1


@given(sides, sides, rules)
def test_what_is_sent_fits_its_canvas_is_never_enlarged_and_keeps_its_shape(
    width: int, height: int, given_rules: PictureRules
) -> None:
    sent = plan(width, height, given_rules)
    assert 1 <= sent.width <= width
    assert 1 <= sent.height <= height
    assert max(sent.width, sent.height) <= given_rules.longest_side
    if given_rules.tiles:
        assert sent.width <= sent.columns * given_rules.tile_side
        assert sent.height <= sent.rows * given_rules.tile_side
    assert abs(sent.width - width * sent.scale) <= 1
    assert abs(sent.height - height * sent.scale) <= 1


@given(sides, sides, rules)
def test_no_pixel_is_given_away_and_none_sent_that_would_not_be_used(
    width: int, height: int, given_rules: PictureRules
) -> None:
    sent = plan(width, height, given_rules)
    again = plan(sent.width, sent.height, given_rules)
    assert (again.width, again.height) == (sent.width, sent.height)
    if sent.scale < 1 and given_rules.tiles:
        best = max(
            min(c * given_rules.tile_side / width, r * given_rules.tile_side / height)
            for c, r in canvases(given_rules)
        )
        assert sent.scale == best
