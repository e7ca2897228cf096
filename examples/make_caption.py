"""Draw caption.png, a boat at sea below a banner, and write down what a person sees in it.

Run: python make_caption.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SCALE = 3
WIDTH, HEIGHT = 900, 600
BANNER = ("HARBOUR FESTIVAL", "12 June, 2 pm")
Point = tuple[float, float]
SEEN = {
    "picture": "fits",
    "kind": "drawing",
    "subjects": [
        {
            "what": "sailing boat",
            "count": 1,
            "attributes": ["red", "with white sails"],
            "where": "in the middle",
        },
        {"what": "gulls", "count": 2, "attributes": ["white"], "where": "top left"},
        {"what": "banner", "count": 1, "attributes": ["yellow"], "where": "at the top"},
    ],
    "setting": "on a calm blue sea",
    "visible_text": list(BANNER),
    "relations": [
        "the gulls fly to the left of the sails",
        "the banner hangs above the boat",
    ],
    "caption": "A red sailing boat and two gulls on a calm sea announce a harbour festival.",
    "alt": 'Red sailing boat at sea below a banner: "HARBOUR FESTIVAL", 12 June, 2 pm.',
    "description": "A red boat with white sails lies on a calm blue sea. Two white gulls fly to "
    "the left of the sails. Above, a yellow banner announces a festival.",
    "proposal": {
        "caption": "Ein rotes Segelboot und zwei Möwen auf ruhiger See kündigen ein Hafenfest an.",
        "alt": 'Rotes Segelboot auf See unter einem Banner: "HARBOUR FESTIVAL", 12. Juni, 2 Uhr '
        "nachmittags.",
        "description": "Ein rotes Boot mit weißen Segeln liegt auf der ruhigen blauen See. Zwei "
        "weiße Möwen fliegen links von den Segeln. Darüber kündigt ein gelbes Banner ein Fest an. "
        'Text darin: "HARBOUR FESTIVAL"; "12 June, 2 pm".',
    },
}


def at(*points: Point) -> list[Point]:
    """Points of the picture, on the large canvas."""
    return [(x * SCALE, y * SCALE) for x, y in points]


def draw_gull(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    for side in (-1, 1):
        wing = at((x, y), (x + side * 18, y - 16), (x + side * 42, y - 6))
        draw.line(wing, fill=(255, 255, 255), width=6 * SCALE, joint="curve")


def draw_picture() -> Image.Image:
    """The picture, drawn at three times its size so that edges come out smooth."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), (176, 214, 240))
    draw = ImageDraw.Draw(image)
    draw.rectangle(at((0, 430), (WIDTH, HEIGHT)), fill=(44, 110, 176))
    for y in (470, 520, 570):
        draw.line(at((60, y), (840, y)), fill=(84, 146, 204), width=3 * SCALE)
    draw.polygon(at((320, 420), (600, 420), (550, 490), (370, 490)), fill=(196, 40, 40))
    draw.line(at((455, 420), (455, 150)), fill=(110, 80, 54), width=7 * SCALE)
    draw.polygon(at((466, 160), (466, 405), (590, 405)), fill=(255, 255, 255))
    draw.polygon(at((444, 190), (444, 405), (350, 405)), fill=(244, 246, 250))
    draw_gull(draw, 180, 220)
    draw_gull(draw, 270, 280)
    draw.rectangle(at((190, 24), (710, 126)), fill=(250, 212, 80))
    for line, y, size in ((BANNER[0], 58, 44), (BANNER[1], 102, 30)):
        font = ImageFont.load_default(size * SCALE)
        draw.text((450 * SCALE, y * SCALE), line, fill=(40, 44, 60), font=font, anchor="mm")
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def write(folder: Path) -> None:
    """The picture and the observation."""
    draw_picture().save(folder / "caption.png", optimize=True)
    told = json.dumps(SEEN, indent=2, ensure_ascii=False) + "\n"
    (folder / "caption.observation.json").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
