"""The labelled grid, drawn over a picture for an observer that is to say what is where."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from visiontools.answers.grid import Grid, name_of

_LINE = (200, 0, 90, 190)
_HALO = (255, 255, 255, 70)
_PAPER = (255, 255, 255, 215)
_SMALLEST, _LARGEST = 9, 18
"""Pixels of the labels, which take about a sixth of their cell's height."""


def with_grid(image: Image.Image, grid: Grid) -> Image.Image:
    """The picture in mode RGB with the grid over it, whatever size it was shrunk to.

    What is drawn lets the picture through, so that print below a line can still be read.
    """
    over = Grid(grid.columns, grid.rows, *image.size)
    drawn = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(drawn)
    for colour, width in ((_HALO, 3), (_LINE, 1)):
        for column in range(1, grid.columns):
            x = over.box((column, 0))[0]
            draw.line((x, 0, x, image.height), fill=colour, width=width)
        for row in range(1, grid.rows):
            y = over.box((0, row))[1]
            draw.line((0, y, image.width, y), fill=colour, width=width)
    size = max(_SMALLEST, min(_LARGEST, image.height // grid.rows // 6))
    font = ImageFont.load_default(size=size)
    for cell in ((column, row) for row in range(grid.rows) for column in range(grid.columns)):
        left, top, _, _ = over.box(cell)
        at = (left + 3, top + 2)
        around = draw.textbbox(at, name_of(cell), font=font)
        draw.rectangle((around[0] - 2, around[1] - 1, around[2] + 2, around[3] + 1), fill=_PAPER)
        draw.text(at, name_of(cell), fill=_LINE[:3], font=font)
    return Image.alpha_composite(image.convert("RGBA"), drawn).convert("RGB")
