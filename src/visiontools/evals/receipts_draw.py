"""Renderers ``receipt`` and ``false_total``: narrow thermal paper, by Pillow."""

from __future__ import annotations

import random
from dataclasses import dataclass

from PIL import Image, ImageFilter

from visiontools.answers.chart_seen import SeenChart
from visiontools.evals.labels_draw import Colour, Sheet, png
from visiontools.evals.receipts_goods import Item, Receipt, false_total, invented_receipt

MONO = ("DejaVuSansMono", "LiberationMono", "NimbusMonoPS", "LiberationMono")
GREETING = {
    "us": "THANK YOU", "uk": "Thank you for your custom", "de": "Vielen Dank",
    "fr": "MERCI ET A BIENTOT", "ch": "Danke für Ihren Einkauf", "se": "VÄLKOMMEN ÅTER",
}  # fmt: skip
STREETS = ("12 Main Street", "Hauptstr. 7", "3 rue du Port", "Kirchgasse 21", "Storgatan 5")


@dataclass(frozen=True, slots=True)
class _Look:
    """``below`` prints quantity and price on a line of their own; ``letter`` ends lines with the
    tax class; ``rule`` parts the sections by dashes, a line or nothing."""

    below: bool
    letter: bool
    rule: str
    big: bool
    times: str


def render_receipt(seed: int) -> tuple[bytes, SeenChart]:
    """A receipt as a PNG and what is printed on it."""
    rng = random.Random(f"receipt-{seed}")
    content = invented_receipt(rng)
    return png(_drawn(content, rng)), content.truth()


def render_false_total(seed: int) -> tuple[bytes, SeenChart]:
    """A receipt whose printed total is not what its lines add up to."""
    rng = random.Random(f"false-{seed}")
    content = false_total(invented_receipt(rng), rng)
    return png(_drawn(content, rng)), content.truth()


def _drawn(receipt: Receipt, rng: random.Random) -> Image.Image:
    look = _Look(
        below=rng.random() < 0.6,
        letter=rng.random() < 0.3 and not receipt.signed,
        rule=rng.choice(("dashes", "line", "stars", "none")),
        big=rng.random() < 0.6,
        times=rng.choice((" x ", " X ", "x ", " * ")),
    )
    family, size = rng.choice(MONO), rng.choice((18, 20, 22, 24))
    shade = rng.choice((20, 20, 50, 80, 110))
    ink: Colour = (shade, shade, shade + rng.choice((0, 8, 20)))
    paper = rng.choice(((255, 255, 255), (248, 247, 242), (235, 232, 225)))
    sheet = Sheet(round(size * rng.uniform(21, 27)), family, size, ink, paper, margin=size)
    _head(sheet, receipt, rng)
    _rule(sheet, look)
    for item in receipt.items:
        _item(sheet, receipt, item, look)
    _rule(sheet, look)
    for line in receipt.lines:
        large = 1.25 if line.kind == "total" and look.big else 1.0
        if large > 1:
            sheet.down(0.3)
        amount = receipt.money(line.cents)
        if line.kind == "total" and not receipt.signed:
            label = f"{line.label} {receipt.country.sign}"
        else:
            label = line.label
        sheet.text(sheet.margin, label, scale=large, bold=large > 1)
        _right(sheet, amount, look, scale=large, bold=large > 1)
        sheet.down(1.3 * large)
    _rule(sheet, look)
    sheet.text(sheet.width / 2, GREETING[receipt.country.name], anchor="ms")
    sheet.down(1.5)
    return _faded(sheet.finish(), rng)


def _head(sheet: Sheet, receipt: Receipt, rng: random.Random) -> None:
    middle = sheet.width / 2
    big = rng.choice((1.0, 1.3, 1.5))
    sheet.text(middle, receipt.merchant, scale=big, bold=True, anchor="ms")
    sheet.down(1.4 * big)
    sheet.text(middle, rng.choice(STREETS), anchor="ms")
    sheet.down(1.3)
    if rng.random() < 0.6:
        sheet.text(
            middle, f"Tel. 0{rng.randint(10, 99)} {rng.randint(10_000, 99_999)}", anchor="ms"
        )
        sheet.down(1.3)
    time = f"{rng.randint(8, 20):02d}:{rng.randint(0, 59):02d}"
    sheet.text(sheet.margin, f"{receipt.date} {time}")
    if rng.random() < 0.5:
        sheet.text(sheet.right, f"#{rng.randint(100, 9999)}", anchor="rs")
    sheet.down(1.3)


def _item(sheet: Sheet, receipt: Receipt, item: Item, look: _Look) -> None:
    plain = None if item.price is None else receipt.money(item.price, plain=True)
    how = None if plain is None else f"{item.quantity}{look.times}{plain}"
    amount = receipt.money(item.cents)
    room = sheet.right - sheet.margin - 3 * sheet.size
    wide = sheet.measure(f"{item.text} {how}") + sheet.measure(amount)
    if how is None:
        sheet.text(sheet.margin, item.text)
    elif look.below or wide > room:
        sheet.text(sheet.margin, item.text)
        sheet.down(1.3)
        sheet.text(sheet.margin + 1.5 * sheet.size, how)
    else:
        sheet.text(sheet.margin, f"{item.text} {how}")
    _right(sheet, amount, look, letter="AB"[len(item.text) % 2])
    sheet.down(1.3)


def _right(
    sheet: Sheet, amount: str, look: _Look, *, letter: str = "", scale: float = 1,
    bold: bool = False,
) -> None:  # fmt: skip
    room = sheet.measure(" A") if look.letter else 0.0
    sheet.text(sheet.right - room, amount, scale=scale, bold=bold, anchor="rs")
    if look.letter and letter:
        sheet.text(sheet.right, letter, anchor="rs")


def _rule(sheet: Sheet, look: _Look) -> None:
    if look.rule == "line":
        sheet.y += round(sheet.size * 0.45)
        sheet.rule(2)
        sheet.down(0.4)
    elif look.rule != "none":
        sign = "-" if look.rule == "dashes" else "*"
        count = int((sheet.right - sheet.margin) / sheet.measure(sign))
        sheet.text(sheet.margin, sign * count)
        sheet.down(1.2)
    else:
        sheet.down(0.5)


def _faded(image: Image.Image, rng: random.Random) -> Image.Image:
    """A third are printed softly, as a worn print head does."""
    if rng.random() < 0.33:
        return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 0.8)))
    return image
