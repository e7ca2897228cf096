"""Bar charts laid out: upright or lying, single or grouped, in several looks."""

from __future__ import annotations

import random
from dataclasses import dataclass

from visiontools.evals.charts_data import Chart
from visiontools.evals.charts_marks import Box, Page, Stroke, Words
from visiontools.evals.labels_draw import SANS, SERIF

LIGHT = (("#ffffff", "#222222"), ("#fafafa", "#444444"), ("#f7f3e8", "#332211"))
DARK = (("#1e1e1e", "#e8e8e8"), ("#0f2233", "#f4f4f4"))
PALETTES = (
    ("#1f77b4", "#ff7f0e", "#2ca02c"), ("#4c72b0", "#dd8452", "#55a868"),
    ("#e15759", "#76b7b2", "#edc948"), ("#5470c6", "#91cc75", "#fac858"),
    ("#3366cc", "#dc3912", "#ff9900"), ("#8da0cb", "#fc8d62", "#66c2a5"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is drawn; sizes in pixels. ``inside`` puts printed values into the bars."""

    paper: str
    ink: str
    faint: str
    colours: tuple[str, ...]
    family: str
    size: int
    lying: bool
    grid: bool
    dash: float
    frame: bool
    ticks: bool
    inside: bool
    share: float
    radius: float
    legend: str


def look_of(rng: random.Random, chart: Chart) -> Look:
    """A look that fits the chart: without printed values, ticks are always shown."""
    dark = rng.random() < 0.2
    paper, ink = rng.choice(DARK if dark else LIGHT)
    lying = rng.random() < 0.35
    return Look(
        paper=paper,
        ink=ink,
        faint=rng.choice(("#555555", "#444c55") if dark else ("#cccccc", "#dddddd", "#b8c0c8")),
        colours=rng.choice(PALETTES),
        family=rng.choice((*SANS, *SERIF)),
        size=rng.choice((13, 14, 16, 18)),
        lying=lying,
        grid=rng.random() < 0.7,
        dash=rng.choice((0, 0, 4)),
        frame=rng.random() < 0.3,
        ticks=not chart.printed or rng.random() < 0.65,
        inside=rng.random() < 0.2 and len(chart.series) == 1,
        share=rng.uniform(0.5, 0.85),
        radius=rng.choice((0, 0, 2, 4)),
        legend=rng.choice(("top", "right", "bottom")),
    )


class Layout:
    """Puts one chart on a page; the plot's edges are known once the words around it are measured.

    ``along`` runs from the first name to the last, ``value`` away from the base line.
    """

    def __init__(self, chart: Chart, look: Look, rng: random.Random) -> None:
        self.chart, self.look = chart, look
        per = max(0.9, 0.62 * len(chart.series)) * self._slot()
        length = max(340, int(per * len(chart.names)))
        span = rng.randint(260, 420)
        self.page = Page(0, 0, look.paper, look.family)
        self.x0 = 30 + self._left()
        self.y0 = 24 + self._above()
        self.x1 = self.x0 + (span + 120 if look.lying else length)
        self.y1 = self.y0 + (max(220, int(length * 0.75)) if look.lying else span)
        self.page.width = int(self.x1 + 40 + self._right())
        self.page.height = int(self.y1 + 20 + self._below())

    def _slot(self) -> float:
        """How much room a name needs along its axis."""
        if self.look.lying:
            return 2.6 * self.look.size
        names = (self.page_width(name) for name in self.chart.names)
        values = (self.page_width(self.chart.text(v)) for row in self.chart.values
                  for v in row if v is not None)  # fmt: skip
        return max(3 * self.look.size, 1.3 * max(names), 1.5 * max(values, default=0.0))

    def page_width(self, text: str) -> float:
        return Page(0, 0, "", self.look.family).measure(text, self.look.size)

    @property
    def _titled(self) -> str | None:
        title, unit = self.chart.axis
        return f"{title} ({unit})" if title and unit else title

    def _left(self) -> float:
        chart, look = self.chart, self.look
        words = (
            list(chart.names)
            if look.lying
            else [chart.tick(i) for i in range(chart.ticks + 1)] if look.ticks else []
        )  # fmt: skip
        width = max(map(self.page_width, words), default=0.0) + 12
        return width + (2 * look.size if self._titled and not look.lying else 0)

    def _above(self) -> float:
        size = self.look.size
        legend = len(self.chart.series) > 1 and self.look.legend == "top"
        return (3 * size if self.chart.title else size) + (2.2 * size if legend else 0)

    def _right(self) -> float:
        if len(self.chart.series) > 1 and self.look.legend == "right":
            return 40 + max(map(self.page_width, self.chart.series))
        return self.page_width(self.chart.tick(self.chart.ticks)) if self.look.lying else 0

    def _below(self) -> float:
        size = self.look.size
        title = 2 * size if self._titled and self.look.lying else 0
        legend = 2.4 * size if len(self.chart.series) > 1 and self.look.legend == "bottom" else 0
        return 2.2 * size + title + legend

    def draw(self) -> Page:
        self._ticks()
        self._bars()
        self._names()
        self._titles()
        if len(self.chart.series) > 1:
            self._legend()
        return self.page

    def _at(self, value: float) -> float:
        """The coordinate of a value on its axis."""
        share = value / self.chart.top
        if self.look.lying:
            return self.x0 + share * (self.x1 - self.x0)
        return self.y1 - share * (self.y1 - self.y0)

    def _text(self, x: float, y: float, text: str, **how: object) -> None:
        how.setdefault("colour", self.look.ink)
        how.setdefault("size", self.look.size)
        self.page.marks.append(Words(x, y, text, **how))  # type: ignore[arg-type]

    def _line(self, x0: float, y0: float, x1: float, y1: float, colour: str, dash: float) -> None:
        self.page.marks.append(Stroke(((x0, y0), (x1, y1)), colour, 1.0, dash))

    def _ticks(self) -> None:
        look = self.look
        for index in range(self.chart.ticks + 1):
            at = self._at(index * self.chart.step)
            if look.grid:
                ends = (at, self.y0, at, self.y1) if look.lying else (self.x0, at, self.x1, at)
                self._line(*ends, look.faint, look.dash)
            if look.ticks and look.lying:
                self._text(at, self.y1 + 0.9 * look.size, self.chart.tick(index), anchor="middle")
            elif look.ticks:
                self._text(self.x0 - 8, at, self.chart.tick(index), anchor="end")
        if look.frame:
            for ends in (
                (self.x0, self.y0, self.x1, self.y0),
                (self.x1, self.y0, self.x1, self.y1),
            ):
                self._line(*ends, look.ink, 0)

    def slots(self) -> list[tuple[float, float]]:
        start, end = (self.y0, self.y1) if self.look.lying else (self.x0, self.x1)
        step = (end - start) / len(self.chart.names)
        return [(start + i * step, step) for i in range(len(self.chart.names))]

    def _bars(self) -> None:
        look, chart = self.look, self.chart
        for name, (start, room) in enumerate(self.slots()):
            thick = room * look.share / len(chart.series)
            for number, row in enumerate(chart.values):
                value = row[name]
                if value is None:
                    continue
                at = start + room * (1 - look.share) / 2 + number * thick
                width = thick if len(chart.series) == 1 else thick * 0.94
                self._bar(at, width, value, look.colours[number])
        base = self._at(0)
        ends = (base, self.y0, base, self.y1) if look.lying else (self.x0, base, self.x1, base)
        self._line(*ends, look.ink, 0)
        if look.ticks and not look.grid:
            ends = (
                (self.x0, self.y1, self.x1, self.y1)
                if look.lying
                else (self.x0, self.y0, self.x0, self.y1)
            )
            self._line(*ends, look.ink, 0)

    def _bar(self, at: float, thick: float, value: float, colour: str) -> None:
        look, end, base = self.look, self._at(value), self._at(0)
        if look.lying:
            box = Box(base, at, end - base, thick, colour, radius=look.radius)
        else:
            box = Box(at, end, thick, base - end, colour, radius=look.radius)
        self.page.marks.append(box)
        if not self.chart.printed:
            return
        text, middle = self.chart.text(value), at + thick / 2
        room = abs(end - base)
        inside = look.inside and room > 2 * look.size + self.page_width(text)
        small = 1.0 if len(self.chart.series) == 1 else 0.9
        white = "#ffffff" if inside and _is_dark(colour) else "#111111" if inside else look.ink
        how = {"colour": white, "size": round(look.size * small)}
        if look.lying:
            x = end - 6 if inside else end + 6
            self._text(x, middle, text, anchor="end" if inside else "start", **how)
        else:
            y = end + 0.8 * look.size if inside else end - 0.75 * look.size
            self._text(middle, y, text, anchor="middle", **how)

    def _names(self) -> None:
        for name, (start, room) in zip(self.chart.names, self.slots(), strict=True):
            middle = start + room / 2
            if self.look.lying:
                self._text(self.x0 - 8, middle, name, anchor="end")
            else:
                self._text(middle, self.y1 + 0.9 * self.look.size, name, anchor="middle")

    def _titles(self) -> None:
        look, middle = self.look, (self.x0 + self.x1) / 2
        if self.chart.title:
            y = 20 + look.size / 2
            self._text(middle, y, self.chart.title, anchor="middle", size=round(1.3 * look.size),
                       bold=True)  # fmt: skip
        if self._titled and look.lying:
            self._text(middle, self.y1 + 2.5 * look.size, self._titled, anchor="middle")
        elif self._titled:
            self._text(20 + look.size / 2, (self.y0 + self.y1) / 2, self._titled, up=True)

    def _legend(self) -> None:
        look, size = self.look, self.look.size
        widths = [self.page_width(name) + 2.6 * size for name in self.chart.series]
        x: float
        if look.legend == "right":
            places = [(self.x1 + 18, self.y0 + (1 + 1.8 * i) * size) for i in range(len(widths))]
        else:
            x = (self.x0 + self.x1 - sum(widths)) / 2
            top = self.y0 - 2.2 * size
            y = top if look.legend == "top" else self.page.height - 1.2 * size
            places = [(x + sum(widths[:i]), y) for i in range(len(widths))]
        for (x, y), name, colour in zip(places, self.chart.series, look.colours, strict=False):
            self.page.marks.append(Box(x, y - size * 0.45, 0.9 * size, 0.9 * size, colour))
            self._text(x + 1.3 * size, y, name)


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 140
