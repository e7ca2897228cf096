"""What a label says beside its table: serving, servings, content of the pack, the name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from visiontools.answers.label import Quantity
from visiontools.reader.label_amounts import AMOUNT, base_amount, number_of, quantities
from visiontools.reader.label_facts import Table
from visiontools.reader.label_pieces import Page, Place, Placed
from visiontools.reader.label_words import (
    HUNDRED,
    SERVING_WORDS,
    has_word,
    is_title,
    letters,
    nutrient_of,
    plain,
)
from visiontools.reader.ocr import Pixels, Text, cut, read_crops

_SERVING_SIZE = re.compile(
    r"serv(ing|\.)?\s*size|portion\s*size|portionsgrosse|tamano\s*de\s*(la\s*)?(porcion|racion)"
    r"|taille\s*de\s*(la\s*)?portion|portiegrootte|tamanho\s*da\s*porcao|dimensione\s*porzione"
)
_PHRASE_END = re.compile(r"[,;]\s|amount|servings|calor")
_COUNT_FIRST = re.compile(r"(\d+(?:[.,]\d+)?)\s*servings?\s*per")
_COUNT_LAST = re.compile(
    r"servings?\s*per\s*[a-z]+\s*:?\s*(?:about|approx\.?)?\s*(\d+(?:[.,]\d+)?)"
)
_CONTENT = re.compile(
    r"(net\s*(wt|weight|content|contents|vol|volume)|netto(gewicht|inhalt)?|contents?|inhalt"
    r"|(nenn)?fullmenge"
    r"|contenu(\s*net)?|poids\s*net|contenuto|peso\s*(netto|neto|liquido)|contenido(\s*neto)?"
    r"|conteudo(\s*liquido)?|inhoud|volume)?[\s.:]*e?\s*"
)
_AMOUNT = r"\d+(?:[.,]\d+)?\s*(?:fl\.?\s*oz\.?|oz\.?|ml|m1|cl|l|kg|g)"
_ONLY_SIZE = re.compile(rf"{_CONTENT.pattern}{_AMOUNT}\s*(?:[(/]?\s*{_AMOUNT}\s*\)?)?\s*e?\W*")

SMALLEST_PACK = 10.0
"""In g or ml: less than this, without a word, is no content of a pack."""


@dataclass(slots=True)
class Sizes:
    """What was found, each with the line it was read from."""

    serving: tuple[Quantity, Placed] | None = None
    container: tuple[Quantity, Placed] | None = None
    servings: tuple[float, Placed] | None = None
    name: str | None = None


def sizes_of(page: Page, table: Table, tables: Sequence[Table]) -> Sizes:
    """The sizes printed around one table, looked for only where no other table is nearer."""
    zone = [line for line in page.lines if _nearest(line, tables) is table]
    return Sizes(
        serving=_from_headings(table) or _serving(zone, table),
        container=_container(page, zone, table),
        servings=_servings(zone),
        name=_name(zone, table),
    )


def _nearest(line: Placed, tables: Sequence[Table]) -> Table:
    def apart(table: Table) -> float:
        x, y = line.place.middle, line.place.y
        aside = max(table.left - x, x - table.right, 0.0)
        # What stands above a table is more often its own than what stands below it.
        away = max(table.top - y, (y - table.bottom) * 1.5, 0.0)
        return aside + away

    return min(tables, key=apart)


def _from_headings(table: Table) -> tuple[Quantity, Placed] | None:
    found = ((h.size, h.source) for h in table.headings if h.basis == "per_serving")
    return next(((size, source) for size, source in found if size and source), None)


def _serving(zone: Sequence[Placed], table: Table) -> tuple[Quantity, Placed] | None:
    for line in zone:
        text = plain(line.text)
        said = _SERVING_SIZE.search(text)
        if said:
            # In running text, figures of nutrients follow on the same line.
            sizes = quantities(_PHRASE_END.split(text[said.end() :])[0])
            if sizes:
                return sizes[0], line
            for candidate in _beside_or_below(line, zone):
                sizes = quantities(candidate.text)
                if sizes:
                    return sizes[0], candidate
        elif re.search(r"=|:", text) and has_word(text, SERVING_WORDS) and _outside(line, table):
            sizes = quantities(line.text)
            if sizes and not HUNDRED.search(text) and len(text) < 45:
                return sizes[0], line
    return None


def _beside_or_below(line: Placed, zone: Sequence[Placed]) -> list[Placed]:
    """What stands right of a line, else just below it; figures of nutrients are no sizes."""
    here = line.place
    free = [other for other in zone if not _names_nutrient(other)]
    right = [
        other
        for other in free
        if other.place.x0 > here.x0 and abs(other.place.y - here.y) < 0.6 * here.height
    ]
    below = [
        other
        for other in free
        if 0.6 * here.height < other.place.y - here.y < 2 * here.height
        and abs(other.place.x0 - here.x0) < 2 * here.height
    ]
    return [*sorted(right, key=lambda other: other.place.x0), *below]


def _names_nutrient(line: Placed) -> bool:
    words = (nutrient_of(part) for part in AMOUNT.split(line.text) if part)
    return any(words)


def _outside(line: Placed, table: Table) -> bool:
    half = table.height / 2
    return line.place.y < table.top - half or line.place.y > table.bottom + half


def _servings(zone: Sequence[Placed]) -> tuple[float, Placed] | None:
    for line in zone:
        text = plain(line.text)
        match = _COUNT_FIRST.search(text) or _COUNT_LAST.search(text)
        if match:
            value, _ = number_of(match[1], None)
            if value:
                return value, line
    return None


def _container(page: Page, zone: Sequence[Placed], table: Table) -> tuple[Quantity, Placed] | None:
    """A line that is nothing but a quantity, perhaps after "Net wt", outside the table."""
    names = [label.place for label in page.labels if label.source in zone]
    for line in zone:
        text = plain(line.text).strip()
        if not _ONLY_SIZE.fullmatch(text) or not _outside(line, table):
            continue
        said = _CONTENT.match(text)
        sizes = quantities(line.text)
        if not sizes or _heads_a_column(line, table):
            continue
        if (said and said[1]) or not _perhaps_figure(line, sizes[0], names, table):
            return sizes[0], line
    return None


def _heads_a_column(line: Placed, table: Table) -> bool:
    return any(
        abs(h.place.y - line.place.y) < 2.2 * line.place.height and line.place.overlaps(h.place)
        for h in table.headings
    )


def _perhaps_figure(line: Placed, size: Quantity, names: Sequence[Place], table: Table) -> bool:
    """Whether a quantity without a word may be a figure of a row whose name was not read."""
    place = line.place
    rows = [*names, *(heading.place for heading in table.headings)]
    in_row = any(abs(row.y - place.y) < 0.6 * place.height for row in rows)
    columns = [cell.place for _, cells in table.rows for cell in cells]
    below = 0 < place.y - table.bottom < 2.2 * place.height and any(map(place.overlaps, columns))
    return in_row or below or base_amount(size)[0] < SMALLEST_PACK


def _name(zone: Sequence[Placed], table: Table) -> str | None:
    """The tallest line above the table, where it stands out and is made of words."""
    if not zone:
        return None
    usual = median(line.place.height for line in zone)
    tall = [
        line
        for line in zone
        if line.place.y < table.top
        and line.place.height > 1.2 * usual
        and len(letters(line.text)) > 3
        and not re.search(r"\d", line.text)
        and not is_title(line.text)
        and not nutrient_of(line.text)
    ]
    best = max(tall, key=lambda line: line.place.height, default=None)
    return best.text.strip() if best else None


def confirm_sizes(
    rgb: Pixels, sizes: Sizes, read: Callable[[Sequence[Pixels]], list[Text]] = read_crops
) -> list[str]:
    """Look at each size again; one that reads differently is taken out, with a note."""
    notes = []
    for field in ("serving", "container", "servings"):
        found = getattr(sizes, field)
        if found is None:
            continue
        value, line = found
        looks = read([cut(rgb, line.line.quad, pad=pad) for pad in (0.08, 0.16)])
        if not any(_repeats(value, look.text) for look in looks):
            setattr(sizes, field, None)
            notes.append(f"the {field} size reads differently at a second look")
    return notes


def _repeats(value: Quantity | float, text: str) -> bool:
    if isinstance(value, Quantity):
        return value in quantities(text)
    match = _COUNT_FIRST.search(plain(text)) or _COUNT_LAST.search(plain(text))
    return match is not None and number_of(match[1], None)[0] == value


def agree(sizes: Sizes) -> str | None:
    """A sentence where serving, servings and container contradict each other, and drop them."""
    if not (sizes.serving and sizes.container):
        return None
    serving, unit = base_amount(sizes.serving[0])
    container, other = base_amount(sizes.container[0])
    if unit != other:
        return None
    count = sizes.servings[0] if sizes.servings else None
    too_small = container < 0.9 * serving
    off = count is not None and not np.isclose(serving * count, container, rtol=0.3)
    if not too_small and not off:
        return None
    sizes.container = None
    if too_small:
        return f"the content {container:g} {unit} is less than one serving of {serving:g} {unit}"
    return f"{count:g} servings of {serving:g} {unit} do not make the content {container:g} {unit}"
