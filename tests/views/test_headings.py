"""What the built-in tools call the parts of their answers is known to the translations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from visiontools.data import examples_folder
from visiontools.doors.web.pages_samples import observation_of, samples_of
from visiontools.registry import load_tools
from visiontools.texts.thread import messages_of, read_text
from visiontools.tooling import Case, Sample
from visiontools.translations import catalogue
from visiontools.types import Upload
from visiontools.views.blocks import Block, Facts, Section, Table

TOOLS = load_tools(None)
SAMPLES = [
    (tool, sample)
    for tool, known in TOOLS.items()
    for sample in samples_of(known)
    if sample.observation
]
HOLDING_DATA = ("Cost in ", "drawn anew")
"""Parts of headings that hold a currency or a title as it is printed."""


def headings(block: Block) -> Iterator[str]:
    """All but those that are printed in a picture, or are a dish's or another thing's name."""
    if isinstance(block, Section):
        for inner in block.blocks:
            yield from headings(inner)
        return
    if isinstance(block, Table) and block.printed:
        return
    yield getattr(block, "title", None) or ""
    if isinstance(block, Table):
        yield from block.columns
    if isinstance(block, Facts):
        yield from (name for name, _ in block.rows)


@pytest.mark.parametrize(
    ("tool", "sample"), SAMPLES, ids=lambda each: getattr(each, "picture", each)
)
def test_headings_of_a_samples_card_are_translated(tool: str, sample: Sample) -> None:
    told = TOOLS[tool]
    seen = observation_of(sample) or {}
    path = examples_folder() / sample.picture
    text = Upload(path.read_bytes(), path.name)
    messages = messages_of([read_text(text, path.name, 10**6)]) if path.suffix == ".txt" else ()
    seen.pop("proposal", None)
    case = Case(options=told.options(), messages=messages)
    answer = told.decide(told.observation.model_validate(seen), case).answer
    assert answer is not None
    found = {each for block in told.show(answer) for each in headings(block)} - {""}
    assert found or tool == "chart", "a table can be printed whole"
    unknown = found - set(catalogue("de").texts)
    assert [each for each in unknown if not any(part in each for part in HOLDING_DATA)] == []
