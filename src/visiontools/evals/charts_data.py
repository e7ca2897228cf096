"""Invented figures for bar charts, how they are printed, and the truth of a chart of them."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

from visiontools.answers.chart_seen import SeenAxis, SeenChart, SeenSeries, SeenValue

NAMES: tuple[tuple[str, ...], ...] = (
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ("Q1", "Q2", "Q3", "Q4"),
    ("2018", "2019", "2020", "2021", "2022", "2023", "2024", "2025"),
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("Berlin", "Paris", "Madrid", "Rome", "Vienna", "Lisbon", "Warsaw"),
    ("Apples", "Pears", "Plums", "Cherries", "Bananas", "Oranges"),
    ("North", "South", "East", "West", "Centre"),
    ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"),
    ("Bus", "Tram", "Bicycle", "Car", "On foot", "Train"),
    ("18-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    ("Norvège", "Suède", "Finlande", "Danemark", "Islande"),
    ("Team A", "Team B", "Team C", "Team D", "Team E", "Team F"),
)
TITLES = (
    "Sales by month", "Visitors in 2025", "Energy use", "Rainfall", "Bicycles sold",
    "Customer satisfaction", "Umsatz nach Region", "Number of members", "Hours of sunshine",
    "Average waiting time", "Marktanteile", "Tickets closed", "Population of the districts",
)  # fmt: skip
AXES = (
    ("Sales", "thousand EUR"), ("Visitors", None), ("Energy", "kWh"), ("Rain", "mm"),
    ("Pieces", None), ("Share", "%"), ("Umsatz", "Mio. €"), ("Members", None), ("Hours", "h"),
    ("Minutes", "min"), ("Population", None), (None, None),
)  # fmt: skip
SERIES = (
    ("2023", "2024", "2025"), ("North", "South", "West"), ("Online", "Shop", "Partner"),
    ("Plan", "Actual", "Forecast"), ("Women", "Men"), ("Model A", "Model B", "Model C"),
)  # fmt: skip
MARKS = ((".", ""), (".", ","), (",", "."), (",", " "), (",", ""))
"""Decimal mark and thousands' mark."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart's content. ``values`` has a row for each series; None where a bar is missing.

    ``step`` is from tick to tick, of which there are ``ticks`` above nought; ``suffix`` is what
    printed values and ticks end with.
    """

    title: str | None
    axis: tuple[str | None, str | None]
    names: tuple[str, ...]
    series: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    decimals: int
    marks: tuple[str, str]
    suffix: str
    step: float
    ticks: int
    printed: bool

    @property
    def top(self) -> float:
        return self.step * self.ticks

    def text(self, value: float) -> str:
        """A value as it is printed."""
        return number(value, self.decimals, self.marks) + self.suffix

    def tick(self, index: int) -> str:
        value = self.step * index
        decimals = next(d for d in range(4) if abs(round(self.step, d) - self.step) < 1e-9)
        return number(value, decimals, self.marks) + self.suffix

    def without(self, series: int, name: int) -> Chart:
        """The same chart with one bar missing."""
        rows = [list(row) for row in self.values]
        rows[series][name] = None
        return replace(self, values=tuple(map(tuple, rows)))

    def truth(self, *, axis: bool = True, legend: bool = True) -> SeenChart:
        """What is drawn; ``axis`` says whether ticks are, ``legend`` whether series are named."""
        title, unit = self.axis
        series = [
            SeenSeries(
                name=name if legend else None,
                values=[
                    SeenValue(
                        category=category,
                        printed=self.text(value) if self.printed else None,
                        estimated=value if axis else None,
                    )
                    for category, value in zip(self.names, row, strict=True)
                    if value is not None
                ],
            )
            for name, row in zip(self.series, self.values, strict=True)
        ]
        ticks = [self.tick(i) for i in range(self.ticks + 1)] if axis else []
        return SeenChart(
            kind="bar",
            title=self.title,
            y_axis=SeenAxis(title=title, unit=unit, ticks=ticks),
            series=series,
        )


def number(value: float, decimals: int, marks: tuple[str, str]) -> str:
    """A number with its marks: 1234.5 with (",", ".") is 1.234,5."""
    whole = f"{value:,.{decimals}f}"
    return whole.replace(",", "\0").replace(".", marks[0]).replace("\0", marks[1])


def invented(rng: random.Random, *, most_names: int = 8, grouped: bool = False) -> Chart:
    """A chart's content; ``grouped`` gives it two or three series."""
    pool = rng.choice(NAMES)
    first = rng.randrange(max(1, len(pool) - 3))
    names = pool[first : first + rng.randint(3, most_names)]
    names = names if len(names) >= 3 else pool[:4]
    choice = rng.choice(SERIES)
    series = choice[: rng.randint(2, len(choice))] if grouped else choice[:1]
    large = rng.choice((8, 30, 95, 100, 450, 1000, 2400, 9000, 36_000))
    decimals = rng.choice((0, 1)) if large < 500 else 0
    values = tuple(
        tuple(round(rng.uniform(0.08, 1) * large, decimals) for _ in names) for _ in series
    )
    highest = max(max(row) for row in values)
    step = nice(highest / rng.choice((4, 5, 6)))
    axis = rng.choice(AXES)
    suffix = rng.choice(("%", " %")) if axis[1] == "%" and large <= 100 else ""
    return Chart(
        title=rng.choice(TITLES) if rng.random() < 0.85 else None,
        axis=(axis[0], None) if axis[1] == "%" else axis,
        names=names,
        series=series,
        values=values,
        decimals=decimals,
        marks=rng.choice(MARKS),
        suffix=suffix,
        step=step,
        ticks=math.ceil(highest / step - 1e-9) + rng.choice((0, 0, 1)),
        printed=rng.random() < 0.6,
    )


def nice(step: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= step - 1e-9)
