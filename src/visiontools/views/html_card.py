"""The card of a record: one HTML fragment, the same on every page and in the chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from visiontools.translations import tr
from visiontools.types import Outcome, Record
from visiontools.views.account import OUTCOME_WORDS, account
from visiontools.views.blocks import Block, Facts, Regions, Table
from visiontools.views.html import own, show
from visiontools.views.html_regions import over
from visiontools.views.html_text import Html, element, joined

_GOOD = (Outcome.ANSWERED, Outcome.PARTLY)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the record: where it is served, its size in pixels and what to call it."""

    address: str
    width: int
    height: int
    name: str


@dataclass(frozen=True, slots=True)
class Action:
    """A link below the card; ``saves`` names the file it is saved as."""

    words: str
    address: str
    saves: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows beside the record itself; ``tool`` is the tool's title."""

    record: Record
    tool: str
    answer: Sequence[Block]
    warnings: Sequence[Block]
    further: bool = False
    pictures: Sequence[Shown] = ()
    actions: Sequence[Action] = ()


def card(of: Card) -> Html:
    """The whole card."""
    record = of.record
    return element(
        "article",
        _head(of),
        _body(of),
        _account(record),
        _actions(of.actions),
        class_=f"vt-card vt-{record.outcome.value}",
        data_record=record.id,
        data_tool=record.tool,
        data_outcome=record.outcome.value,
    )


def _head(of: Card) -> Html:
    outcome = of.record.outcome
    kind = "vt-badge vt-good" if outcome in _GOOD else "vt-badge vt-bad"
    badge = element("span", tr(OUTCOME_WORDS[outcome]), class_=kind)
    title = element("h2", tr(of.tool), class_="vt-tool")
    said = "" if of.further else element("p", own(of.record.message), class_="vt-headline")
    return element("header", element("div", title, badge, class_="vt-top"), said)


def _body(of: Card) -> Html:
    inside = joined(show(of.answer), show(of.warnings))
    answer = element("div", inside, class_="vt-answer")
    if not of.pictures:
        return answer
    outlined = next((block for block in of.answer if isinstance(block, Regions)), None)
    shown = (_picture(picture, outlined) for picture in of.pictures)
    pictures = element("div", *shown, class_="vt-pictures")
    return element("div", pictures, answer, class_="vt-beside")


def _picture(shown: Shown, outlined: Regions | None) -> Html:
    if outlined is not None:
        return element("a", over(outlined, shown.address, shown.name), href=shown.address)
    image = element(
        "img",
        src=shown.address,
        alt=shown.name,
        width=float(shown.width),
        height=float(shown.height),
        loading="lazy",
        decoding="async",
    )
    return element("a", image, href=shown.address)


def _account(record: Record) -> Html:
    """Folded up: one line of what matters, the rest below it."""
    rows = account(record).rows
    told = dict(rows)
    wanted = (
        (tr("By {}"), "Observed by"),
        (tr("Asked: {}"), "Asked"),
        ("{}", "Fields"),
        (tr("Checks: {}"), "Checks"),
        (tr("Guard: {}"), "Guard"),
    )
    line = " · ".join(words.format(told[name]) for words, name in wanted if name in told)
    inside = show([Facts(rows), *checks_of(record)])
    summary = element("summary", line or tr("About this run"))
    return element("details", summary, inside, class_="vt-account")


def checks_of(record: Record) -> Sequence[Table]:
    """Every check with how it went: those that failed first."""
    ordered = sorted(record.checks, key=lambda check: check.ok)
    rows = tuple(
        (check.name.replace("_", " "), tr("held") if check.ok else tr("failed"), check.detail)
        for check in ordered
    )
    return (Table(("Check", "Result", "Detail"), rows, "Checks"),) if rows else ()


def _actions(actions: Sequence[Action]) -> Html:
    if not actions:
        return joined()
    links = (
        element("li", element("a", tr(one.words), href=one.address, download=one.saves))
        for one in actions
    )
    return element("ul", *links, class_="vt-actions")
