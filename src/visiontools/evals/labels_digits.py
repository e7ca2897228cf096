"""Digits in the recogniser's output changed one at a time: how many pass as facts?"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence

from visiontools.answers.label import SeenLabels
from visiontools.errors import CannotTellError, WrongPictureError
from visiontools.evals.labels_score import Key, Value, facts
from visiontools.reader.label import read_labels
from visiontools.reader.ocr import Line, Pixels
from visiontools.reader.upright import read_upright
from visiontools.types import Picture

MISREAD = {"0": "8", "1": "7", "2": "7", "3": "8", "4": "1", "5": "6", "6": "5", "7": "1",
           "8": "3", "9": "4", ".": "", ",": ""}  # fmt: skip
PER_LABEL = 12


def misread(text: str, at: int, lose: bool) -> str:
    """The text with the character at ``at`` read as another one, or lost."""
    return text[:at] + ("" if lose else MISREAD[text[at]]) + text[at + 1 :]


def spoilt(line: Line, at: int, lose: bool) -> Line:
    """The line as if the recogniser had made that mistake, and was sure of it."""
    text = misread(line.text, at, lose)
    gone = len(text) < len(line.text)
    keep = [i for i in range(len(line.text)) if not (gone and i == at)]
    places = tuple(line.at[i] for i in keep)
    return dataclasses.replace(line, text=text, at=places, sure=tuple(0.99 for _ in keep))


def passed(picture: Picture, rgb: Pixels, lines: Sequence[Line]) -> dict[Key, Value]:
    """The facts accepted when the recogniser reports ``lines``."""
    try:
        reading = read_labels([picture], read_text=lambda _: (rgb, list(lines)))
    except (CannotTellError, WrongPictureError):
        return {}
    seen = SeenLabels.model_validate(reading.observation)
    return dict(facts(seen, reading.unconfirmed))


def faults_on(picture: Picture, rgb: Pixels, rng: random.Random) -> dict[str, int]:
    """Spoil a dozen digits of one label, one at a time, and count what becomes of them."""
    _, lines = read_upright(rgb)
    before = passed(picture, rgb, lines)
    places = [
        (number, at)
        for number, line in enumerate(lines)
        for at, character in enumerate(line.text)
        if character in MISREAD and any(c.isdigit() for c in line.text)
    ]
    counts = {"changed": 0, "passed_silently": 0}
    for number, at in rng.sample(places, min(PER_LABEL, len(places))):
        bad = [*lines]
        bad[number] = spoilt(lines[number], at, rng.random() < 0.4)
        after = passed(picture, rgb, bad)
        counts["changed"] += 1
        counts["passed_silently"] += any(before.get(key) != fact for key, fact in after.items())
    return counts


def measure_digits(renderers: Sequence[object], count: int, seed: int) -> dict[str, int]:
    """Totals over ``count`` labels; ``passed_silently`` changed a fact that was accepted."""
    from visiontools.evals.labels import picture_of
    from visiontools.reader.ocr import decode

    totals = {"changed": 0, "passed_silently": 0}
    for index in range(count):
        renderer = renderers[index % len(renderers)]
        assert callable(renderer)
        data, _ = renderer(seed * 10_000 + index)
        picture = picture_of(data)
        counts = faults_on(picture, decode(picture), random.Random(f"digits-{seed}-{index}"))
        totals = {name: totals[name] + counts[name] for name in totals}
    return totals
