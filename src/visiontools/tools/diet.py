"""Diet Suggestion: reads nutrition labels, brings them to the same basis and says which is better.

The observer reports figures as printed; conversion, comparison, checks and Nutri-Score are code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from visiontools.answers.label import SeenLabels
from visiontools.answers.nutri_score import Category
from visiontools.answers.nutrition import MEASURES
from visiontools.answers.nutrition_answer import (
    GradeRange,
    Product,
    grade_of,
    product_of,
    read_pointers,
)
from visiontools.answers.nutrition_choice import GOALS, Goal
from visiontools.answers.nutrition_label import Label, label
from visiontools.answers.nutrition_verdict import SCORED, Compare, Comparison, alone_reason, compare
from visiontools.answers.nutrition_view import blocks
from visiontools.answers.nutrition_words import product_names
from visiontools.tooling import Answer, Case, Decision, GuardPolicy, Options, Reading, Sample, Tool
from visiontools.types import Check, Outcome, Picture
from visiontools.views.blocks import Block

PROMPT = """\
You look at one or more nutrition labels. Copy what is printed; another program does the arithmetic.

- One product for each label, from left to right. On a canvas of several pictures marked A, B, C,
  keep that order.
- Report every row of every column: the nutrient, the amount, the unit, and what the amount is for
  (per_serving, per_100ml, per_100g or per_container).
- Energy in kJ and energy in kcal are two separate rows. "Calories" are kcal.
- Copy amounts digit by digit, with the decimal point. Never convert, never round, never calculate.
- Where "<" or "less than" stands before an amount, set less_than to true.
- Give the serving size and the content of the pack with their units when they are printed.
- Leave out percentages of a daily value.
- A row that you cannot read with certainty is left out. Anything not printed is null.
- If the picture shows no nutrition label, set picture to "other"; if it is too blurred, dark or
  small to read, set it to "cannot_tell"."""

_OTHER_NAMES: dict[str, Goal] = {
    "less_energy": "lower_energy",
    "fewer_calories": "lower_energy",
    "lower_sugar": "less_sugar",
    "lower_salt": "less_salt",
    "lower_saturated_fat": "less_saturated_fat",
    "nutri_score": "better_nutri_score",
}
_SWEETENERS: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}


class DietOptions(Options):
    """What to compare by, and what the labels do not print but Nutri-Score needs."""

    goal: Goal = Field(default="lower_energy", description="what the better product has")
    compare: Compare = Field(
        default="per_100", description="compare per 100 ml or g, per serving, or per whole pack"
    )
    category: Literal["auto", "drink", "water", "food", "cheese", "red_meat"] = Field(
        default="auto",
        description="the Nutri-Score rules to use; 'auto' takes labels per 100 ml for drinks and "
        "does not grade the others (fats, oils and nuts have rules that are not offered)",
    )
    fruit_percent: str = Field(
        default="unknown",
        description="share of fruit, vegetables and legumes in percent of the weight, for "
        "Nutri-Score: one for all products, or one for each ('0, 100'), or 'unknown'",
    )
    sweeteners: str = Field(
        default="unknown",
        description="whether non-nutritive sweeteners are in it, for Nutri-Score: 'yes', 'no' or "
        "'unknown', one for all products, or one for each ('no, yes')",
    )

    @field_validator("goal", mode="before")
    @classmethod
    def _called(cls, value: object) -> object:
        word = re.sub(r"[\s-]+", "_", value.strip().lower()) if isinstance(value, str) else value
        return _OTHER_NAMES.get(word, word) if isinstance(word, str) else word

    @field_validator("fruit_percent", mode="before")
    @classmethod
    def _shares(cls, value: object) -> str:
        for part in _parts(str(value)):
            number = re.fullmatch(r"\d+(\.\d+)?", part)
            if part != "unknown" and not (number and float(part) <= 100):
                raise ValueError(f"'{part}' is no percentage: give 0 to 100, or 'unknown'.")
        return str(value)

    @field_validator("sweeteners", mode="before")
    @classmethod
    def _known(cls, value: object) -> str:
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        for part in _parts(text):
            if part not in _SWEETENERS:
                raise ValueError(f"'{part}' is none of 'yes', 'no' and 'unknown'.")
        return text

    def fruit_of(self, index: int) -> float | None:
        part = _for_product(self.fruit_percent, index)
        return None if part == "unknown" else float(part)

    def sweeteners_of(self, index: int) -> bool | None:
        return _SWEETENERS[_for_product(self.sweeteners, index)]


def _parts(text: str) -> list[str]:
    return [part.strip().lower() for part in text.split(",")]


def _for_product(text: str, index: int) -> str:
    """One value holds for all; of a list, each holds for its product and the rest is unknown."""
    parts = _parts(text)
    if len(parts) == 1:
        return parts[0]
    return parts[index] if index < len(parts) else "unknown"


class Ranked(BaseModel):
    """A product in the order found, with the amount compared (or its Nutri-Score points)."""

    model_config = ConfigDict(extra="forbid")
    index: int
    value: float


class Choice(BaseModel):
    """The product that serves the goal best; ``index`` counts from 0."""

    model_config = ConfigDict(extra="forbid")
    index: int | None
    goal: Goal
    reason: str
    compare: Compare
    tied: list[int] = Field(description="the products that are equally good")
    ranking: list[Ranked] = Field(description="best first, only figures that can be relied on")


class DietAnswer(Answer):
    """The products side by side, and the choice."""

    products: list[Product]
    choice: Choice


class Diet(Tool[SeenLabels, DietAnswer, DietOptions]):
    name = "diet"
    title = "Diet Suggestion"
    summary = "Compares nutrition labels and says which product is better for a goal."
    needs = "one or more nutrition labels, straight and sharp, such as two drinks side by side"
    printed = True
    quick = True
    observation = SeenLabels
    answer = DietAnswer
    options = DietOptions
    prompt = PROMPT
    samples = (Sample("diet_two_drinks.png", "Two drinks side by side"),)
    guard = GuardPolicy(ignore=("S6",))  # advice on food is what it is asked for

    def read(self, pictures: Sequence[Picture]) -> Reading:
        from visiontools.reader.label import read_labels

        return read_labels(pictures)

    def decide(self, seen: SeenLabels, case: Case[DietOptions]) -> Decision[DietAnswer]:
        if seen.picture == "other" or not any(product.rows for product in seen.products):
            return _nothing(seen)
        if seen.picture == "cannot_tell":
            return _nothing(seen)
        labels = _labels(seen, case)
        grades = [_grade(found, case.options) for found in labels]
        compared = _compared(labels, grades, case.options)
        checks = tuple(_checks(labels, compared, case))
        return Decision(
            outcome=_outcome(labels, compared),
            message=compared.reason,
            answer=_answer(labels, grades, compared, case.options),
            checks=checks,
            provenance={p: s for found in labels for p, s in read_pointers(found).items()},
        )

    def show(self, answer: DietAnswer) -> Sequence[Block]:
        choice = answer.choice
        return blocks(
            answer.products,
            goal=choice.goal,
            basis=choice.compare,
            reason=choice.reason,
            best=choice.index,
        )


def _nothing(seen: SeenLabels) -> Decision[DietAnswer]:
    if seen.picture == "other":
        shows = f" It shows {seen.picture_shows}." if seen.picture_shows else ""
        message = f"There is no nutrition label in the picture.{shows}"
        return Decision(Outcome.WRONG_PICTURE, message, None)
    message = "No figure of a nutrition label could be read; try a sharper, closer picture."
    return Decision(Outcome.CANNOT_TELL, message, None)


def _labels(seen: SeenLabels, case: Case[DietOptions]) -> list[Label]:
    names = product_names([product.name for product in seen.products])
    return [
        label(index, names[index], product, case.unconfirmed)
        for index, product in enumerate(seen.products)
    ]


def _grade(found: Label, options: DietOptions) -> GradeRange | None:
    if any(found.doubt(name, found.facts.per_100.get(name)) for name in SCORED):
        return None  # a grade from a doubtful figure would be a doubtful grade
    category: Category | None = None if options.category == "auto" else options.category
    return grade_of(
        found.facts,
        category,
        fruit_percent=options.fruit_of(found.index),
        sweeteners=options.sweeteners_of(found.index),
    )


def _compared(
    labels: Sequence[Label], grades: Sequence[GradeRange | None], options: DietOptions
) -> Comparison:
    if len(labels) > 1:
        return compare(labels, grades, options.goal, options.compare)
    return Comparison(None, alone_reason(labels[0], GOALS[options.goal]))


def _outcome(labels: Sequence[Label], compared: Comparison) -> Outcome:
    failed = any(found.failed() for found in labels)
    alone = len(labels) == 1
    doubtful = alone and any(
        labels[0].doubt(name, labels[0].facts.per_100.get(name)) for name in MEASURES
    )
    unsettled = not alone and not compared.settled
    return Outcome.PARTLY if failed or doubtful or unsettled else Outcome.ANSWERED


def _checks(
    labels: Sequence[Label], compared: Comparison, case: Case[DietOptions]
) -> Iterator[Check]:
    """One check for each name, over all products that have the figures for it."""
    names = dict.fromkeys(finding.name for found in labels for finding in found.findings)
    for name in names:
        mine = [(found, f) for found in labels for f in found.findings if f.name == name]
        told = [pair for pair in mine if not pair[1].ok] or mine
        detail = "; ".join(f"{found.name}: {f.detail}" for found, f in told)
        yield Check(name=name, ok=all(f.ok for _, f in mine), detail=detail)
    if case.unconfirmed:
        once = [
            f"{found.name}: {found.told(pointer)}"
            for found in labels
            for pointer in sorted(found.unconfirmed)
        ]
        detail = (
            f"read only once: {', '.join(once)}"
            if once
            else "what was read once agrees with the rest"
        )
        yield Check(name="read_twice", ok=not once, detail=detail)
    if len(labels) > 1:
        detail = compared.comparable or "on the same basis"
        yield Check(name="comparable", ok=compared.comparable is None, detail=detail)


def _answer(
    labels: Sequence[Label],
    grades: Sequence[GradeRange | None],
    compared: Comparison,
    options: DietOptions,
) -> DietAnswer:
    products = [product_of(found, grade) for found, grade in zip(labels, grades, strict=True)]
    ranking = [Ranked(index=c.index, value=round(c.value or 0.0, 3)) for c in compared.ranking]
    choice = Choice(
        index=compared.index,
        goal=options.goal,
        reason=compared.reason,
        compare=options.compare,
        tied=list(compared.tied),
        ranking=ranking,
    )
    return DietAnswer(products=products, choice=choice)
