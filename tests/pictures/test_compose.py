"""Several pictures on one canvas: lettered, in order, as large as the model can use."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from visiontools.errors import UnusableError
from visiontools.pictures.compose import BAND, GAP, Layout, arrange
from visiontools.pictures.prepare import Preparer
from visiontools.pictures.tiling import plan
from visiontools.types import LLAMA_3_2_PICTURES, READER_PICTURES, PictureRules, Upload

sizes = st.lists(
    st.tuples(st.integers(8, 5000), st.integers(8, 5000)), min_size=2, max_size=9
)  # shapes up to 1:600


def overlap(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] - BAND < b[3] and b[1] - BAND < a[3]


@settings(max_examples=30, deadline=None)
@given(sizes, st.sampled_from([LLAMA_3_2_PICTURES, PictureRules(), PictureRules(tiles=4)]))
def test_pictures_and_their_bands_never_overlap_and_the_canvas_is_not_shrunk(
    given_sizes: list[tuple[int, int]], rules: PictureRules
) -> None:
    layout = arrange(given_sizes, rules)
    sent = plan(layout.width, layout.height, rules)
    assert (sent.width, sent.height) == (layout.width, layout.height)
    for i, (box, size) in enumerate(zip(layout.boxes, given_sizes, strict=True)):
        width, height = box[2] - box[0], box[3] - box[1]
        assert 0 <= box[0] < box[2] <= layout.width
        assert BAND <= box[1] < box[3] <= layout.height
        assert width <= size[0]
        assert height <= size[1]
        assert abs(width / size[0] - height / size[1]) <= 1 / min(size) + 1e-9
        assert not any(overlap(box, other) for other in layout.boxes[i + 1 :])


def used(layout: Layout) -> float:
    pixels = sum((b[2] - b[0]) * (b[3] - b[1]) for b in layout.boxes)
    return pixels / (4 * 560 * 560)


def test_two_phone_photos_use_most_of_the_canvas() -> None:
    assert used(arrange([(3000, 4000), (3000, 4000)], LLAMA_3_2_PICTURES)) > 0.6
    assert used(arrange([(4000, 3000)] * 4, LLAMA_3_2_PICTURES)) > 0.6
    assert used(arrange([(4000, 3000)] * 9, LLAMA_3_2_PICTURES)) > 0.5


def test_small_pictures_are_not_enlarged() -> None:
    layout = arrange([(100, 80), (60, 90)], LLAMA_3_2_PICTURES)
    assert [(b[2] - b[0], b[3] - b[1]) for b in layout.boxes] == [(100, 80), (60, 90)]


def test_three_pictures_become_one_with_letters_outside_them(made: Any, prepare: Any) -> None:
    colours = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]
    files = [made.file(Image.new("RGB", (1600, 1200), c)) for c in colours]
    picture = prepare(*files)
    assert [source.label for source in picture.sources] == ["A", "B", "C"]
    assert [(source.width, source.height) for source in picture.sources] == [(1600, 1200)] * 3
    assert len({source.sha256 for source in picture.sources}) == 3
    shown = made.opened(picture).convert("RGB")
    layout = arrange([(1120, 840)] * 3, LLAMA_3_2_PICTURES)
    assert shown.size == (layout.width, layout.height)
    for box, colour in zip(layout.boxes, colours, strict=True):
        inside = shown.crop(box)
        assert all(
            abs(low - c) <= 6 and abs(high - c) <= 6
            for (low, high), c in zip(inside.getextrema(), colour, strict=True)
        )
        letter = shown.crop((box[0], box[1] - BAND, box[0] + BAND, box[1]))
        assert min(letter.convert("L").tobytes()) < 60


def test_the_letters_differ_and_keep_the_order_of_the_uploads(made: Any, prepare: Any) -> None:
    same = made.file(Image.new("L", (300, 200), 128))
    shown = made.opened(prepare(*[same] * 9)).convert("L")
    boxes = arrange([(300, 200)] * 9, LLAMA_3_2_PICTURES).boxes
    letters = [shown.crop((b[0], b[1] - BAND, b[0] + BAND, b[1])).tobytes() for b in boxes]
    assert len(set(letters)) == 9
    assert boxes == tuple(sorted(boxes, key=lambda box: (box[1] // (BAND + GAP), box[0])))


def test_a_picture_that_becomes_a_sliver_beside_others_is_named(made: Any, prepare: Any) -> None:
    wide, tall = made.file(Image.new("L", (4000, 30))), made.file(Image.new("L", (30, 4000)))
    assert prepare(tall, rules=PictureRules()).width == 8
    with pytest.raises(UnusableError, match=r"^wide\.png would be"):
        prepare((wide, "wide.png"), (tall, "tall.png"), rules=PictureRules())


def test_where_the_observer_takes_several_each_picture_comes_alone(made: Any) -> None:
    async def both() -> int:
        async with Preparer() as preparer:
            uploads = [Upload(made.file(made.corner()))] * 2
            pictures = await preparer.prepare(uploads, READER_PICTURES, printed=False)
            assert all(p.sources[0].label is None for p in pictures)
            return len(pictures)

    assert asyncio.run(both()) == 2
