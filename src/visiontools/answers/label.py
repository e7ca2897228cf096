"""The vocabulary of nutrition labels: what the reader or a model reports from one."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, Field

from visiontools.tooling import Observation

Nutrient = Literal[
    "energy",
    "fat",
    "saturated_fat",
    "trans_fat",
    "monounsaturated_fat",
    "polyunsaturated_fat",
    "cholesterol",
    "carbohydrate",
    "sugars",
    "added_sugars",
    "polyols",
    "starch",
    "fibre",
    "protein",
    "salt",
    "sodium",
    "caffeine",
    "alcohol",
    "vitamin_a",
    "vitamin_c",
    "vitamin_d",
    "vitamin_b12",
    "calcium",
    "iron",
    "potassium",
    "magnesium",
]
NUTRIENTS: tuple[str, ...] = get_args(Nutrient)
RowUnit = Literal["kcal", "kJ", "g", "mg", "µg"]
Basis = Literal["per_serving", "per_100ml", "per_100g", "per_container"]
QuantityUnit = Literal["ml", "cl", "l", "fl_oz", "g", "kg", "oz"]


class Quantity(BaseModel):
    """An amount as printed, such as 330 ml or 1.5 l."""

    amount: float = Field(gt=0, allow_inf_nan=False)
    unit: QuantityUnit


class PrintedRow(BaseModel):
    """One figure of the table as printed; energy in kJ and in kcal are two rows."""

    nutrient: Nutrient
    amount: float = Field(ge=0, allow_inf_nan=False)
    unit: RowUnit
    basis: Basis
    less_than: bool = Field(default=False, description="true where '<' or 'less than' is printed")


class SeenProduct(BaseModel):
    """One product's label; null where nothing is printed, never a guess."""

    name: str | None = None
    serving: Quantity | None = Field(default=None, description="the size of one serving")
    container: Quantity | None = Field(default=None, description="the content of the whole pack")
    servings_per_container: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    rows: list[PrintedRow] = Field(default_factory=list)


class SeenLabels(Observation):
    """The nutrition labels in a picture, left to right, or in the order of the pictures."""

    products: list[SeenProduct] = Field(default_factory=list)
