"""Read nutrition labels, and refuse rather than guess.

Lines of text become rows and columns by where they stand; each figure is looked at twice more
and must agree with the others (see ``label_gates``); what is left is reported as printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from visiontools.answers.label import PrintedRow, SeenLabels, SeenProduct
from visiontools.errors import CannotTellError, VisiontoolsError, WrongPictureError
from visiontools.reader.label_facts import Fact, Table
from visiontools.reader.label_gates import check, drop
from visiontools.reader.label_level import crooked, levelled
from visiontools.reader.label_lines import with_units
from visiontools.reader.label_looks import look_again
from visiontools.reader.label_pieces import Page, page_of
from visiontools.reader.label_sizes import Sizes, agree, confirm_sizes, sizes_of
from visiontools.reader.label_table import has_title, tables_of, without_doubles
from visiontools.reader.ocr import Line, Pixels, decode
from visiontools.reader.upright import read_upright
from visiontools.tooling import Reading
from visiontools.types import Picture

FEWEST_ROWS = 3
LEGIBLE = 0.5
"""Where less than this share of a table's figures is confirmed, none is."""
ReadText = Callable[[Pixels], tuple[Pixels, list[Line]]]
_BETTER = "Take it straight on, in good light, with the whole table in the picture."


@dataclass(slots=True)
class _Found:
    """Products of one picture; ``doubtful`` are (product, row) indexes read only once."""

    products: list[SeenProduct] = field(default_factory=list)
    doubtful: list[tuple[int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_labels(pictures: Sequence[Picture], read_text: ReadText = read_upright) -> Reading:
    """The labels on one or several pictures, in their order, as ``SeenLabels``.

    Raises WrongPictureError where there is no nutrition table, CannotTellError where there is
    one that cannot be read well enough. ``read_text`` turns the pixels upright and reads them.
    """
    found, problems = _Found(), []
    for number, picture in enumerate(pictures, 1):
        try:
            one = _read_one(decode(picture), read_text)
        except (CannotTellError, WrongPictureError) as error:
            problems.append(error)
            found.notes.append(f"picture {number}: {error.what}")
        else:
            _append(found, one)
    if not found.products:
        raise _worst(problems)
    seen = SeenLabels(products=found.products)
    pointers = frozenset(f"/products/{p}/rows/{r}/amount" for p, r in found.doubtful)
    return Reading(seen.model_dump(mode="json"), pointers, tuple(found.notes))


def _append(found: _Found, one: _Found) -> None:
    offset = len(found.products)
    found.products.extend(one.products)
    found.doubtful.extend((offset + product, row) for product, row in one.doubtful)
    found.notes.extend(one.notes)


def _worst(problems: Sequence[VisiontoolsError]) -> VisiontoolsError:
    """A table that cannot be read says more than a picture without one."""
    unsure = [problem for problem in problems if isinstance(problem, CannotTellError)]
    return [*unsure, *problems, WrongPictureError("There is no picture to read.")][0]


def _read_one(rgb: Pixels, read_text: ReadText) -> _Found:
    rgb, lines = read_text(rgb)
    lines = with_units(lines)
    level = levelled(lines)
    page = page_of(lines, level)
    tables = tables_of(page)
    if not tables:
        raise _no_table(page)
    if crooked(lines, level):
        raise CannotTellError("The label is bent too much to tell its rows apart.", next=_BETTER)
    found = _Found()
    for table in tables:
        _product(rgb, page, table, tables, found)
    if all(len(product.rows) < FEWEST_ROWS for product in found.products):
        reason = next((note for table in tables for note in table.notes), "too little is legible")
        raise CannotTellError(
            f"The nutrition table cannot be read well enough: {reason}.", next=_BETTER
        )
    return found


def _no_table(page: Page) -> VisiontoolsError:
    if not page.lines:
        return WrongPictureError(
            "There is no text in the picture.", next="Hand in a picture of a nutrition label."
        )
    if has_title(page) or len({label.nutrient for label in page.labels}) >= 3:
        return CannotTellError(
            "There is a nutrition label, but its figures cannot be read.", next=_BETTER
        )
    return WrongPictureError(
        "There is text in the picture, but no nutrition table.",
        next="Hand in a picture of the label's nutrition table.",
    )


def _product(rgb: Pixels, page: Page, table: Table, tables: Sequence[Table], found: _Found) -> None:
    """Look again, check, and add the product, in its place even where little of it is left."""
    sizes = sizes_of(page, table, tables)
    look_again(rgb, table.facts)
    tried = len(table.facts)
    table.facts = without_doubles(table, table.facts)
    _confirm(rgb, table, sizes)
    contradiction = agree(sizes)
    if contradiction:
        table.notes.append(contradiction)
    fits = check(table, sizes.serving[0] if sizes.serving else None)
    if not fits:
        sizes.serving = None
    facts = [fact for fact in table.facts if fact.dropped is None]
    if sum(fact.confirmed for fact in facts) < LEGIBLE * tried:
        # Where most figures read differently each time, the others agree by chance.
        table.notes.append("most figures are hardly legible, so none is sure")
        for fact in facts:
            fact.confirmed = False
    index = len(found.products)
    found.doubtful.extend((index, row) for row, fact in enumerate(facts) if not fact.confirmed)
    found.notes.extend(table.notes)
    found.products.append(_seen(sizes, facts))


def _confirm(rgb: Pixels, table: Table, sizes: Sizes) -> None:
    """Look at the sizes again; a column whose heading reads differently then is not believed.

    "Per 100 ml" misread as "per 180 ml" would otherwise turn into another basis.
    """
    before = sizes.serving
    table.notes.extend(confirm_sizes(rgb, sizes))
    headed = before and any(heading.source is before[1] for heading in table.headings)
    if headed and sizes.serving is None:
        for fact in table.facts:
            if fact.basis == "per_serving":
                drop(table, fact, "its column's heading reads differently at a second look")


def _seen(sizes: Sizes, facts: Sequence[Fact]) -> SeenProduct:
    return SeenProduct(
        name=sizes.name,
        serving=sizes.serving[0] if sizes.serving else None,
        container=sizes.container[0] if sizes.container else None,
        servings_per_container=sizes.servings[0] if sizes.servings else None,
        rows=[_row(fact) for fact in facts],
    )


def _row(fact: Fact) -> PrintedRow:
    return PrintedRow.model_validate(
        {
            "nutrient": fact.nutrient,
            "amount": fact.amount,
            "unit": fact.unit,
            "basis": fact.basis,
            "less_than": fact.less_than,
        }
    )
