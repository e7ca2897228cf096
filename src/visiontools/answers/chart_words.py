"""The words questions on data are asked in, and those that make them another question."""

from __future__ import annotations

import re

from visiontools.answers.chart_query import Operation

SERIES, CATEGORY = "\ue000", "\ue001"
"""What stands in a question where a name of the data stood."""
NAME = f"[{SERIES}{CATEGORY}]"
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RANKS = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
    "two": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4, "5": 5,
}  # fmt: skip
ORDINAL = r"(second|third|fourth|fifth|2nd|3rd|4th|5th)"
FEW = r"(two|three|four|five|[2-5])"
MOST = r"(?:largest|highest|most|best|maximum|max|biggest|greatest|top|peak\w*|leading|dearest)"
LEAST = r"(?:smallest|lowest|least|worst|minimum|min|fewest|weakest|cheapest)"
ABOVE = r"(?:above|over|more than|greater than|higher than|larger than|exceed\w*)"
BELOW = r"(?:below|under|less than|fewer than|lower than|smaller than)"
BETTER = r"(?:larger|bigger|higher|more|better|greater|smaller|lower|less|worse|fewer)"
GROWTH = (
    r"(?:gr[eo]w\w*|growth|increas\w+|rise|rose|risen|chang\w+|declin\w+|f[ae]ll\w*|drop\w*|"
    r"decreas\w+|gain\w*|shr[aiu]nk\w*)"
)
OPERATIONS: tuple[tuple[str, Operation], ...] = (
    (r"\btrends?\b|\b(?:rising|falling|increasing|decreasing|going (?:up|down))\b", "trend"),
    (r"\bshare of (?:the )?(?:tax|vat)\b|\b(?:tax|vat) (?:share|percentage|rate)\b", "tax_share"),
    (r"\b(?:percentage|share|part|per ?cent) of the (?:total|bill) is (?:tax|vat)\b", "tax_share"),
    (r"\b(?:share|percentage|proportion|fraction|per ?cent)\b", "share"),
    (r"\bratio\b|\bhow many times\b|\bdivided by\b|\btimes (?:as|more|larger|bigger)\b", "ratio"),
    (r"\bdifference\b|\bdiffer\w*\b|\bhow (?:much|many) (?:\w+ ){0,3}?(?:more|less|fewer|higher|"
     r"lower|larger|smaller)\b.*\bthan\b", "difference"),
    (r"\bsub ?total\b", "subtotal"),
    (r"\b(?:tax|vat|mwst)\b", "tax"),
    (r"\b(?:discount|rebate|saved)\b", "discount"),
    (r"\b(?:tip|gratuity)\b", "tip"),
    (r"\b(?:average|mean)\b", "average"),
    (r"\bmedian\b", "median"),
    (r"\bhow many (?:items|categories|bars|slices|points|rows|entries|products|fields|months|years|"
     r"quarters|days|weeks)\b", "count"),
    (r"\b(?:sum|total|totals|altogether|combined|together|in all|overall)\b", "total"),
    (r"\b(?:spend|spent)\b", "total"),
    (r"\b(?:paid|pay)\b", "paid"),
    (rf"\b{GROWTH}\b", "growth"),
    (rf"\b{MOST}\b", "largest"),
    (rf"\b{LEAST}\b", "smallest"),
)  # fmt: skip
REFUSED = re.compile(
    r"\b(?:not|no|without|except|excluding|other than|besides|why|will|would|could|should|next|"
    r"predict\w*|forecast\w*|colou?r\w*|if|per (?!cent)|correlat\w*|before|after|who|whose|"
    r"at most|at least|first|last|latest|recent|previous|this (?:year|month|week|quarter)|"
    r"factor|fastest|slowest|steepest|and (?:which|what|how)|"
    rf"(?<!{NAME} )or)\b"
)
SMALL = frozenset({
    "the", "a", "an", "all", "its", "this", "that", "these", "those", "each", "every", "any",
    "which", "what", "of", "in", "it", "them", "chart", "graph", "table", "picture", "diagram",
    "data", "figure", "plot", "receipt", "bill", "form", "page", "slide", "total", "sum",
    "average", "mean", "tax", "vat", "per", "percent", "cent", "percentage", "share", "value",
    "values", "number", "numbers", "amount", "amounts", "item", "items", "month", "months",
    "year", "years", "quarter", "quarters", "day", "days", "week", "weeks", "category",
    "categories", "series", "bar", "bars", "slice", "slices", "point", "points", "line",
    "lines", "column", "columns", "row", "rows", "time", "largest", "smallest", "highest",
    "lowest", "best", "worst", "most", "least", "other", "whole", "everything", "was", "were",
    "did", "how", "i", "there",
})  # fmt: skip
NARROWS = re.compile(
    r"\b(?:in|of|for|from|to|between|than|since|until|till|at|on|with|among|by|during|and|or|vs)\s+"
    r"((?:(?:the|all|its|this|a|each|these|any)\s+)*)([^\W_][\w'-]*)"
)
NUMBER = re.compile(r"[-−]?[$€£]?\d[\d.,' ]*(?:%|\s?(?:k|m|bn|thousand|million|billion)\b)?", re.I)
