"""Questions in English read into a query by rules; what is not understood is no query.

The names in the question are found first, as they stand in the data, and covered; what is left
tells the operation. A word that narrows the question and is not in the data ("in Bavaria", "in
2031", "without tax") makes it a question that was not understood, rather than half of one.
"""

from __future__ import annotations

import re

from visiontools.answers.chart_facts import Facts
from visiontools.answers.chart_named import Asked, asked_in, stem, words_in
from visiontools.answers.chart_numbers import Habit, figure
from visiontools.answers.chart_query import Operation, Query
from visiontools.answers.chart_words import (
    ABOVE,
    BELOW,
    BETTER,
    CATEGORY,
    FEW,
    GROWTH,
    LEAST,
    MOST,
    NAME,
    NARROWS,
    NUMBER,
    OPERATIONS,
    ORDINAL,
    RANKS,
    REFUSED,
    SERIES,
    SMALL,
)

_ENGLISH = Habit("point")
_AROUND = " .,?!"


def read(question: str, facts: Facts) -> Query | None:
    """The query a question is, or None where rules do not understand it."""
    asked = asked_in(question, facts)
    if looked_for := _find(question):
        return looked_for
    found = _beyond(asked)
    if found is None and not re.search(rf"\bhow many\b.*\b(?:{ABOVE}|{BELOW})\b", asked.words):
        found = _ranked(asked) or _plain(asked, facts)
    return found if found is not None and _is_all(asked, found, facts) else None


def numbers_in(question: str) -> set[float]:
    """The numbers that stand in a question, in either way of printing them."""
    found = (
        figure(match[0].strip(_AROUND), habit).value
        for match in NUMBER.finditer(question)
        for habit in (_ENGLISH, Habit("comma"))
    )
    return {value for value in found if value is not None}


def _number(written: str) -> float | None:
    return figure(written.strip(_AROUND), _ENGLISH).value


def _find(question: str) -> Query | None:
    match = re.fullmatch(
        r"(?:where does it (?:say|mention)|does it (?:say|mention)|what does it say (?:about|on)|"
        r"is there anything (?:about|on)|find)\s+[\"'“”]?(.+?)[\"'“”]?\s*[?.!]*",
        " ".join(question.split()),
        re.IGNORECASE,
    )
    return Query(operation="find", words=match[1][:100]) if match else None


def _beyond(asked: Asked) -> Query | None:
    """How many are above or below a number, or the average."""
    if re.search(rf"\bhow much\b|\bdifferen|\bthan [^?]*{NAME}", asked.words):
        return None
    match = re.search(rf"\b(?P<above>{ABOVE})|\b(?P<below>{BELOW})", asked.words)
    if match is None:
        return None
    rest = asked.words[match.end() :].strip()
    threshold = None
    if not re.match(r"(?:the )?(?:average|mean)\b", rest):
        number = NUMBER.match(rest)
        threshold = _number(number[0]) if number else None
        if number is None or threshold is None:
            return None
    operation: Operation = "above" if match["above"] else "below"
    return _query(operation, asked, threshold=threshold)


def _ranked(asked: Asked) -> Query | None:
    """The second largest, the three smallest, the top 3."""
    for words, operation in ((MOST, "largest"), (LEAST, "smallest")):
        ordinal = re.search(rf"\b{ORDINAL}[ -]{words}\b", asked.words)
        few = re.search(rf"\b{FEW} {words}\b|\btop {FEW}\b", asked.words)
        kind: Operation = "largest" if operation == "largest" else "smallest"
        if ordinal:
            return _query(kind, asked, rank=RANKS[ordinal[1]])
        if few and (operation == "largest" or "top" not in few[0]):
            return _query(kind, asked, top=RANKS[few[1] or few[2]])
    return None


def _plain(asked: Asked, facts: Facts) -> Query | None:
    if _counts(asked, facts):
        return _query("count", asked)
    for pattern, operation in OPERATIONS:
        if re.search(pattern, asked.words):
            return _suited(operation, asked, facts)
    two = 2 in (len(asked.categories), len(asked.series))
    if two and re.search(rf"\b{BETTER}\b.*\b(?:or|than)\b", asked.words):
        return _suited("difference", asked, facts)
    begins = rf"(?:what|how much|how many|show|and)\b|{NAME}"
    named = asked.categories or asked.series
    if not named or not re.match(begins, asked.words):
        return None
    stretch = rf"\b(?:from|between) {CATEGORY} (?:to|until|till|and) {CATEGORY}"
    if re.search(stretch, asked.words):
        return None  # of all between the two, perhaps
    found = _query("value", asked)
    if facts.receipt and not found.series:
        found.series = _of_item(asked)
    return found


def _of_item(asked: Asked) -> list[str]:
    """What of a receipt's line is asked: how many, the price of one, or else the amount."""
    if re.search(r"\bhow many\b", asked.words):
        return ["quantity"]
    return ["unit price"] if re.search(r"\b(?:one|each|apiece|single)\b", asked.words) else []


def _counts(asked: Asked, facts: Facts) -> bool:
    """Whether it is how many museums there are, of a table of museums."""
    match = re.match(r"how many (\w+) (?:are|is|were)(?: there)?\b", asked.words)
    across = {stem(word) for word in words_in(facts.across)}
    named = asked.categories or asked.series
    return match is not None and not named and stem(match[1]) in across


def _suited(operation: Operation, asked: Asked, facts: Facts) -> Query | None:
    """The operation where the data and the names in the question suit it."""
    if operation == "total":
        if asked.categories or asked.series or not facts.receipt:
            return _query("sum", asked)
        return _query("total", asked)
    if operation == "paid":
        return _query("paid" if any(k == "paid" for k, _ in facts.sums) else "total", asked)
    if operation == "growth" or (operation == "share" and re.search(GROWTH, asked.words)):
        return _grown(asked, facts)
    if operation in ("tax", "discount", "tip", "subtotal", "tax_share") and not facts.receipt:
        return None
    if operation == "count" and (asked.categories or asked.series):
        return None
    if operation == "share" and asked.series and asked.categories:
        return _part(asked)
    if operation in ("difference", "ratio") and len(asked.categories) != 2 != len(asked.series):
        return None
    if operation in ("largest", "smallest") and not _is_about(asked, facts):
        return None
    return _query(operation, asked)


def _grown(asked: Asked, facts: Facts) -> Query | None:
    """Growth from the one named to the other, to the last, or from the first "until" one."""
    if facts.receipt:
        return _query("change", asked) if "change" in asked.words else None
    which = rf"\bwhen\b|\b(?:{MOST}|{LEAST}|{BETTER})\b"
    if re.search(rf"{which}|\b(?:in|at|on|during) {CATEGORY}", asked.words):
        return None
    found = _query("growth", asked)
    only_to = re.search(rf"\b(?:to|until|till|by) {CATEGORY}", asked.words)
    if only_to and len(found.categories) == 1:
        found.categories.insert(0, facts.categories[0])
    return found


def _part(asked: Asked) -> Query | None:
    """May's share of South ("What share of South is May?"), or South's share of May."""
    whole = re.search(rf"\bof (?:the )?({NAME})", asked.words)
    if whole is None:
        return None
    return _query("share", asked, whole="series" if whole[1] == SERIES else "category")


def _is_about(asked: Asked, facts: Facts) -> bool:
    """Whether "which region sold most" asks for the categories, where there are several series."""
    several = len(facts.series) > 1 and not facts.receipt
    if not several or asked.series or len(asked.categories) == 1:
        return True
    match = re.match(r"(?:in )?(?:which|what) (\w+)", asked.words)
    across = " ".join(facts.across).casefold()
    return match is not None and stem(match[1]) in {stem(word) for word in across.split()}


def _query(operation: Operation, asked: Asked, **more: str | float | None) -> Query:
    return Query.model_validate(
        {
            "operation": operation,
            "series": list(asked.series),
            "categories": list(asked.categories),
            **more,
        }
    )


def _is_all(asked: Asked, query: Query, facts: Facts) -> bool:
    """Whether nothing in the question narrows it that the query leaves out."""
    both = all(re.search(rf"\b{words}\b", asked.words) for words in (MOST, LEAST))
    if both or REFUSED.search(asked.words):
        return False
    known = {stem(word) for word in words_in(facts.words)} | {stem(word) for word in SMALL}
    left = asked.left
    if query.threshold is not None:
        left = NUMBER.sub(lambda m: " " if _number(m[0]) == query.threshold else m[0], left)
    spare = {word for word, rank in RANKS.items() if rank in (query.rank, query.top)}
    for word in re.findall(r"[^\W_][\w'-]*", left)[1:]:
        name = word != "I" and (word[0].isupper() or word[0].isdigit())
        letter = len(word) == 1 and not word.isdigit()
        if name and (letter or stem(word) not in known) and word.casefold() not in spare:
            return False
    for match in NARROWS.finditer(left.casefold()):
        word = match[2]
        if stem(word) not in known and word not in spare and not word[0].isdigit():
            return False
    return True
