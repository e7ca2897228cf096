"""What the HTML shows is the text, whatever it looks like; it needs no script and no style."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.views import html
from visiontools.views.blocks import (
    Arrow,
    Bar,
    Bars,
    Block,
    Code,
    Diagram,
    Facts,
    Items,
    Notice,
    Range,
    Scale,
    Section,
    Step,
    Table,
    Text,
)
from visiontools.views.html_text import Html, element
from visiontools.views.plain import clean, one_line

tricky = st.text(
    st.one_of(st.sampled_from("<>&\"'`=/ \n\tscriptonaherf:;()#x"), st.characters()), max_size=40
)
EMPTY = {"br", "hr", "img", "input"}


class Page(HTMLParser):
    """What a browser would make of it: elements with their attributes, and the text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def every_kind(said: str) -> list[Block]:
    return [
        Text(said),
        Text(said, strong=True),
        Notice(said, "warning"),
        Facts(((said, said),), said),
        Table((said, said), ((said, said),), said, frozenset({1})),
        Table((said,) * 5, ((said,) * 5,), said),
        Bars(said, (Bar(said, 1.0, said, best=True), Bar(said, 2.0, said))),
        Scale(said, 2, 1, 5, said),
        Range(said, 1.0, 2.0, 4.0, said),
        Items((said,), said, numbered=True),
        Code(said, "python", said),
        Diagram(said, (Step("a", said, said), Step("b", said, said)), (Arrow("a", "b", said),)),
        Section(said, (Text(said),)),
    ]


@given(tricky)
def test_a_text_is_never_markup(said: str) -> None:
    plain = Page(html.show(every_kind("plain")))
    page = Page(html.show(every_kind(said)))
    spans = ("span", "text", "a")  # how much is highlighted, folded or titled depends on the text
    shape = [tag for tag, _ in page.elements if tag not in spans]
    assert set(shape) <= {tag for tag, _ in plain.elements}
    assert Page(html.show([Text(said)])).text == clean(said)


@given(tricky)
def test_nothing_leads_elsewhere_and_nothing_runs(said: str) -> None:
    for tag, attributes in Page(html.show(every_kind(said))).elements:
        assert tag not in ("script", "style", "link", "a", "img", "iframe", "form")
        for name in attributes:
            assert not name.startswith("on")
            assert name not in ("style", "href", "src", "xlink:href")


@given(tricky, st.sampled_from(["python", "mermaid", "json", "no such language"]))
def test_code_can_be_copied_as_it_is(source: str, language: str) -> None:
    assert Page(html.show([Code(source, language)])).text == clean(source).rstrip("\n")


def test_markup_made_here_is_not_escaped_twice() -> None:
    made = element("p", element("b", "a < b"), " & c", class_="x", hidden=True, title=None)
    assert made == '<p class="x" hidden><b>a &lt; b</b> &amp; c</p>'
    assert isinstance(made, Html)


def test_headings_go_down_by_one_in_a_section() -> None:
    page = Page(html.show([Section("Out", (Table(("a",), (("1",),), "In"),))]))
    headings = [tag for tag, _ in page.elements if tag in ("h2", "h3", "h4")]
    assert headings == ["h3", "h4"]


def test_a_table_of_words_names_its_cells_for_a_narrow_window() -> None:
    columns = ("Part", "Damage", "Severity", "Operation")
    page = Page(html.show([Table(columns, (("door", "dent", "3", "repair"),))]))
    assert page.all("table")[0]["class"] == "vt-table vt-stack"
    assert [cell["data-label"] for cell in page.all("td")] == ["Damage", "Severity", "Operation"]


def test_a_wide_table_of_figures_can_be_scrolled_by_keyboard() -> None:
    table = Table(("", "A", "B", "C"), (("Fat", "1", "2", "3"),), "Per 100 g", frozenset({1, 2, 3}))
    (region,) = [a for a in Page(html.show([table])).all("div") if a.get("role") == "region"]
    assert (region["tabindex"], region["aria-label"]) == ("0", "Per 100 g")


def test_only_a_word_too_long_for_any_column_is_broken() -> None:
    cells = ("2026-03-06", "two words", "x" * 40)
    row = Page(html.show([Table(("a", "b", "c"), (cells,))]))
    classes = [row.all("th")[-1].get("class"), *(cell.get("class") for cell in row.all("td"))]
    assert classes == ["vt-word", None, "vt-long"]


def test_bars_are_on_one_scale() -> None:
    bars = Bars("Energy", (Bar("A", 50.0, "50 kcal", best=True), Bar("B", 200.0, "200 kcal")))
    page = Page(html.show([bars]))
    assert [bar["width"] for bar in page.all("rect")] == ["25", "100"]
    assert page.text == "EnergyA50 kcalbestB200 kcal"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -3.0])
def test_a_bar_of_no_length_is_drawn_empty(value: float) -> None:
    page = Page(html.show([Bars("x", (Bar("A", value, "?"), Bar("B", 1.0, "1")))]))
    assert [bar["width"] for bar in page.all("rect")] == ["0", "100"]


def test_a_scale_shows_as_many_dots_as_it_has_steps() -> None:
    page = Page(html.show([Scale("Severity", 3, 1, 5, "moderate")]))
    assert [dot["class"] for dot in page.all("circle")] == ["vt-dot vt-full"] * 3 + ["vt-dot"] * 2
    assert page.text == "Severity3 of 5, moderate"


def test_a_range_marks_what_is_expected() -> None:
    page = Page(html.show([Range("Cost", 100.0, 150.0, 300.0, "EUR 100 to 300")]))
    assert page.all("rect")[1]["x"] == "24.4"
    assert "EUR 100 to 300" in page.text


def test_a_range_that_makes_no_sense_is_only_told() -> None:
    assert Page(html.show([Range("Cost", 5.0, 1.0, 2.0, "?")])).all("svg") == []


def test_line_breaks_stay() -> None:
    assert one_line("a\nb") == "a b"
    assert Page(html.show([Text("a\nb")])).text == "a\nb"
