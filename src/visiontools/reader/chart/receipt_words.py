"""The words receipts are made of, in the languages of western Europe, and their amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from visiontools.answers.chart_seen import TotalKind
from visiontools.reader.label_words import plain

_WORDS: dict[TotalKind, str] = {
    "subtotal": "subtotal|sub total|sub-total|sous-total|sous total|zwischensumme|zwischentotal"
    "|subtotale|subtotaal|tussentotaal|delsumma|total ht|net total|merchandise",
    "tax": "sales tax|tax|vat|gst|hst|pst|mwst|ust|mehrwertsteuer|tva|iva|moms|btw|incl vat"
    "|inkl mwst|dont tva|di cui iva|varav moms|including vat|state tax|city tax",
    "discount": "discount|coupon|savings?|rabatt|nachlass|remise|reduction|sconto|descuento"
    "|desconto|korting|promotion|promo|aktion|gutschein",
    "tip": "tip|gratuity|trinkgeld|pourboire|mancia|propina|service charge|service",
    "change": "change due|change|ruckgeld|wechselgeld|rendu|monnaie|retour|vaxel|cambio|resto"
    "|troco|wisselgeld|zuruck",
    "paid": "cash|card|visa|mastercard|amex|maestro|girocard|ec-?cash|ec|debit|credit|bar|gegeben"
    "|karte|kartenzahlung|carte bancaire|carte|cb|especes|kontant|kort|efectivo|tarjeta|contanti"
    "|carta|pin|paid|bezahlt|tendered|amount tendered|payment|twint|swish|contant",
    "total": "grand total|total ttc|total due|totale|totalt|totaal|total|summe|gesamtbetrag"
    "|gesamt|gesamtsumme|endbetrag|zu zahlen|a payer|montant du|amount due|balance due|balance"
    "|te betalen|att betala|importe|importo|betrag",
}
_LABEL = {kind: re.compile(rf"(?:{words})(?![a-z])") for kind, words in _WORDS.items()}
CURRENCY = r"(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CAD|AUD|kr|Kr|Fr\.?|zł|R\$|[€$£])"
_DIGITS = r"\d{1,3}(?:[.,' ’]\d{3})*[.,]\s?\d{2}|\d+[.,]\s?\d{2}"
MONEY = re.compile(
    rf"(?<![\d.,])(?P<minus>[-−–]\s?)?(?P<before>{CURRENCY}\s?|[fFE](?=\d))?(?P<minus2>[-−–]\s?)?"
    rf"(?P<digits>{_DIGITS})(?![\d])(?P<after>\s?{CURRENCY}(?![a-z]))?(?P<minus3>[-−–](?!\d))?"
)
AMOUNT_END = re.compile(rf"{MONEY.pattern}(?P<class>\s?(?:[A-F]|\*|[A-F]\*))?\s*$")
COUNTED = re.compile(
    rf"(?P<quantity>\d+(?:[.,]\d{{1,3}})?\s?(?:kg|g|l|lb|st\.?|stk\.?|pcs|ea)?)\s?[xX×*@]\s?"
    rf"(?:{CURRENCY}\s?)?(?P<price>{_DIGITS})(?:\s?{CURRENCY})?(?:\s?/\s?[a-z]+)?\s*$"
)
EACH = re.compile(rf"@\s?(?:{CURRENCY}\s?)?(?P<price>{_DIGITS})\s*$")
RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
DATE = re.compile(
    r"(?<!\d)(\d{4}-\d{2}-\d{2}|\d{4}/\d{2}/\d{2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))"
    r"(?=$|\D|\d\d:)"
)


@lru_cache(maxsize=512)
def kind_of(label: str) -> TotalKind | None:
    """What a line's words say it is; None for what was bought."""
    words = re.sub(r"\s*-\s*", "-", plain(label)).strip(" .:*-")
    found: tuple[int, TotalKind] | None = None
    for kind, pattern in _LABEL.items():
        match = pattern.match(words)
        if match and (found is None or match.end() > found[0]):
            found = (match.end(), kind)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as printed, in hundredths; ``start`` and ``end`` are its characters."""

    text: str
    cents: int
    sign: str | None
    start: int
    end: int


def amount_at_end(text: str) -> Money | None:
    """The amount a line ends with, a letter for the tax class after it left out."""
    match = AMOUNT_END.search(text)
    return money(match) if match else None


def money(match: re.Match[str]) -> Money:
    minus = any(match[name] for name in ("minus", "minus2", "minus3"))
    cents = cents_of(match["digits"])
    sign = (match["before"] or match["after"] or "").strip() or None
    end = max(match.end("digits"), match.end("after"), match.end("minus3"))
    text = re.sub(r"([.,])\s", r"\1", " ".join(match.string[match.start() : end].split()))
    if sign in ("f", "F", "E"):
        # A pound sign, taken for a letter: which one it is, is not said.
        sign, text = None, ("-" if minus else "") + match["digits"]
    return Money(text, -cents if minus else cents, sign, match.start(), end)


def cents_of(digits: str) -> int:
    """Hundredths of an amount printed with two decimals."""
    return int("".join(c for c in digits if c.isdigit()))


def rate_in(label: str) -> float | None:
    """The tax rate in a label, in percent."""
    match = RATE.search(label)
    return float(match[1].replace(",", ".")) if match else None
