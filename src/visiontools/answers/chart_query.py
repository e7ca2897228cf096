"""One small question over the cells of a chart, and what an answer to it is.

A question is read into a :class:`Query` by rules (``chart_question``) or by a model, and code
alone answers it (``chart_work``): every number comes from the data or is computed from it, and the
cells it stands on are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from visiontools.answers.chart_facts import Fact

Operation = Literal[
    "value", "largest", "smallest", "sum", "average", "median", "difference", "ratio", "growth",
    "share", "above", "below", "trend", "count", "total", "subtotal", "tax", "tax_share",
    "discount", "tip", "paid", "change", "find",
]  # fmt: skip
MOST = 20
"""Names in a query, and cells shown in an answer."""


class Query(BaseModel):
    """What is to be worked out, over which series and categories; empty means all of them."""

    model_config = ConfigDict(extra="ignore")
    operation: Operation
    series: list[str] = Field(
        default_factory=list, max_length=MOST, description="names of series, as listed"
    )
    categories: list[str] = Field(
        default_factory=list,
        max_length=MOST,
        description="names of categories, as listed, in order",
    )
    rank: int = Field(default=1, ge=1, le=50, description="2 for the second largest, and so on")
    top: int = Field(default=1, ge=1, le=50, description="3 for the three largest, and so on")
    threshold: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="the number in the question, for above and below; null is the average",
    )
    whole: Literal["series", "category"] = Field(
        default="series", description="for share: what the one named is a part of"
    )
    words: str = Field(default="", max_length=100, description="what to look for, for find")


@dataclass(frozen=True, slots=True)
class Result:
    """``facts`` are the cells it stands on; ``ok`` is false where the data gives no answer."""

    text: str
    facts: tuple[Fact, ...] = ()
    pointers: tuple[str, ...] = ()
    ok: bool = True

    @property
    def grounds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(fact.pointer for fact in self.facts), *self.pointers]))


class NoAnswerError(Exception):
    """The data gives no answer; says why."""
