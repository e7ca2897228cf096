"""The picture in the README shows what the program says today."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from visiontools.registry import load_tools
from visiontools.tooling import Case
from visiontools.views.blocks import Bars, Facts, Notice, Section, Table, Text

ROOT = Path(__file__).parents[2]


def drawn() -> str:
    svg = (ROOT / "docs" / "answer.svg").read_text("utf-8")
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return " ".join(" ".join(html.unescape(text) for text in texts).split())


def test_every_word_of_the_answer_is_in_it() -> None:
    """Redraw it with scripts/readme_picture.py where this fails."""
    diet = load_tools()["diet"]
    truth = json.loads((ROOT / "examples" / "diet_two_drinks.observation.json").read_text("utf-8"))
    decision = diet.decide(diet.observation.model_validate(truth), Case(diet.options(), pictures=1))
    assert decision.answer is not None
    said = drawn()
    blocks = [*diet.show(decision.answer)]
    blocks += [inner for block in blocks if isinstance(block, Section) for inner in block.blocks]
    for block in blocks:
        for text in words(block):
            assert all(word in said for word in text.split()), text


def words(block: object) -> list[str]:
    match block:
        case Text(text) | Notice(text):
            return [text]
        case Facts(rows) | Table(rows=rows):
            return [cell for row in rows for cell in row]
        case Bars(title, bars):
            return [title, *(f"{bar.label} {bar.text}" for bar in bars)]
        case Section(title):
            return [title]
    return []
