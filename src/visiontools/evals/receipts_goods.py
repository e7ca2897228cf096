"""Invented receipts: what was bought, how it is printed in several countries, and what adds up."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from visiontools.answers.chart_seen import (
    SeenChart,
    SeenItem,
    SeenReceipt,
    SeenTotal,
    TotalKind,
)
from visiontools.evals.charts_data import number


@dataclass(frozen=True, slots=True)
class Country:
    """How receipts are printed: words, marks, tax. ``added`` tax comes on top of the prices.

    ``words`` are those for subtotal, tax (with the rate), total, cash, card, change, discount.
    ``goods`` have a usual price in the currency.
    """

    name: str
    sign: str
    before: bool
    marks: tuple[str, str]
    added: bool
    rates: tuple[float, ...]
    words: tuple[str, str, str, str, str, str, str]
    goods: tuple[tuple[str, float], ...]
    shops: tuple[str, ...]
    date: str
    decimals: int = 2


COUNTRIES = (
    Country("us", "$", True, (".", ","), True, (8.875, 6.25, 7.0),
            ("SUBTOTAL", "TAX {}%", "TOTAL", "CASH", "VISA", "CHANGE", "COUPON"),
            (("WHOLE MILK 1GAL", 3.79), ("BANANAS", 1.49), ("WHEAT BREAD", 2.99),
             ("EGGS LARGE 12CT", 4.29), ("ORANGE JUICE", 5.49), ("CHICKEN BREAST", 9.85),
             ("PAPER TOWELS", 12.99), ("COFFEE BEANS", 11.5), ("GRANOLA BAR", 1.25)),
            ("CORNER MARKET", "GREEN VALLEY FOODS", "Harbor Grocery"), "%m/%d/%Y"),
    Country("uk", "£", True, (".", ","), False, (20.0, 5.0),
            ("SUBTOTAL", "VAT {}%", "TOTAL", "CASH", "CARD", "CHANGE DUE", "SAVING"),
            (("Semi Skimmed Milk", 1.45), ("Cheddar 400g", 3.75), ("Sourdough Loaf", 2.2),
             ("Baked Beans", 0.85), ("Tea Bags 80", 2.65), ("Apples 6pk", 1.9),
             ("Chocolate Bar", 1.1), ("Washing Up Liquid", 1.35)),
            ("Mill Lane Stores", "THE VILLAGE SHOP", "Riverside Cafe"), "%d/%m/%Y"),
    Country("de", "EUR", False, (",", "."), False, (19.0, 7.0),
            ("Zwischensumme", "MwSt {}%", "SUMME", "BAR", "Girocard", "Rückgeld", "Rabatt"),
            (("Vollmilch 3,5%", 1.19), ("Roggenbrot", 3.49), ("Butter", 2.29), ("Tomaten", 2.99),
             ("Apfelschorle", 0.89), ("Gouda jung", 2.79), ("Spülmittel", 1.45),
             ("Kaffee gemahlen", 6.99), ("Joghurt Natur", 0.69), ("Äpfel", 2.49)),
            ("Markthalle Süd", "BIO LADEN", "Kiosk am Park"), "%d.%m.%Y"),
    Country("fr", "€", False, (",", " "), False, (20.0, 5.5),
            ("SOUS-TOTAL", "TVA {}%", "TOTAL", "ESPECES", "CARTE BANCAIRE", "RENDU", "REMISE"),
            (("BAGUETTE", 1.1), ("LAIT DEMI ECREME", 1.25), ("CAMEMBERT", 2.8),
             ("POMMES", 2.95), ("YAOURT NATURE", 1.6), ("JAMBON BLANC", 3.45), ("CAFE MOULU", 4.2),
             ("EAU MINERALE", 0.65)),
            ("EPICERIE DU MARCHE", "LE PETIT PANIER"), "%d/%m/%Y"),
    Country("ch", "CHF", True, (".", "'"), False, (8.1, 2.6),
            ("Zwischentotal", "MWST {}%", "TOTAL", "BAR", "Karte", "Retour", "Aktion"),
            (("Vollmilch", 1.75), ("Gipfeli", 1.2), ("Bergkäse", 6.85), ("Schokolade", 2.4),
             ("Rivella rot", 1.95), ("Salat", 3.5), ("Kalbsbratwurst", 5.9)),
            ("Dorfladen Aare", "Quartierladen"), "%d.%m.%Y"),
    Country("se", "kr", False, (",", " "), False, (12.0, 25.0),
            ("Delsumma", "Moms {}%", "TOTALT", "KONTANT", "KORT", "VÄXEL", "RABATT"),
            (("MELLANMJÖLK", 16.9), ("KNÄCKEBRÖD", 24.5), ("ÄGG 12P", 42.0), ("BANANER", 18.95),
             ("KAFFE", 64.9), ("OST PRÄST", 89.0), ("SMÖR", 54.5)),
            ("LIVSMEDEL TORGET", "KVARTERSBUTIKEN"), "%Y-%m-%d"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One line bought: ``how`` is the printed "2 x 1.50" without the amount, where there is one."""

    text: str
    cents: int
    quantity: str | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    kind: TotalKind
    cents: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt's content; amounts in hundredths of the currency."""

    country: Country
    merchant: str
    date: str
    items: tuple[Item, ...]
    lines: tuple[Line, ...]
    signed: bool
    """Whether the currency's sign stands at every amount."""

    def money(self, cents: int, *, plain: bool = False) -> str:
        """An amount as printed; ``plain`` leaves the sign out."""
        text = number(abs(cents) / 100, 2, self.country.marks)
        minus = "-" if cents < 0 else ""
        if plain or not self.signed:
            return minus + text
        if self.country.before:
            space = " " if len(self.country.sign) > 1 else ""
            return f"{minus}{self.country.sign}{space}{text}"
        return f"{minus}{text} {self.country.sign}"

    def truth(self) -> SeenChart:
        items = [
            SeenItem(
                text=item.text,
                quantity=item.quantity,
                unit_price=None if item.price is None else self.money(item.price, plain=True),
                amount=self.money(item.cents),
            )
            for item in self.items
        ]
        totals = [
            SeenTotal(label=line.label, kind=line.kind, amount=self.money(line.cents))
            for line in self.lines
        ]
        receipt = SeenReceipt(
            merchant=self.merchant,
            date=self.date,
            currency=self.country.sign,
            items=items,
            totals=totals,
        )
        return SeenChart(kind="receipt", receipt=receipt)


def invented_receipt(rng: random.Random) -> Receipt:
    """Three to twelve lines that add up, with a discount, taxes and how it was paid."""
    country = rng.choice(COUNTRIES)
    items = _items(rng, country)
    bought = sum(item.cents for item in items)
    subtotal, tax, total, cash, card, change, discount = country.words
    lines: list[Line] = []
    if country.added or rng.random() < 0.4:
        lines.append(Line(subtotal, "subtotal", bought))
    off = 0
    if lines and rng.random() < 0.4 and bought > 500:
        off = rng.choice((50, 100, 200))
        lines.append(Line(discount, "discount", -off))
    due = bought - off
    rate = rng.choice(country.rates)
    label = tax.format(f"{rate:g}".replace(".", country.marks[0]))
    if country.added:
        taxed = round(due * rate / 100)
        lines.append(Line(label, "tax", taxed))
        due += taxed
    lines.append(Line(total, "total", due))
    lines += _paid(rng, due, cash, card, change)
    if not country.added and rng.random() < 0.7:
        lines.append(Line(label, "tax", round(due * rate / (100 + rate))))
    day = f"{rng.randint(1, 28):02d}", f"{rng.randint(1, 12):02d}", f"{rng.randint(2023, 2026)}"
    date = country.date.replace("%d", day[0]).replace("%m", day[1]).replace("%Y", day[2])
    shop = rng.choice(country.shops)
    return Receipt(country, shop, date, tuple(items), tuple(lines), rng.random() < 0.3)


def _items(rng: random.Random, country: Country) -> list[Item]:
    items: list[Item] = []
    for text, usual in rng.sample(country.goods, rng.randint(3, len(country.goods))):
        price = max(5, round(usual * rng.uniform(0.8, 1.3) * 100))
        if rng.random() < 0.2:
            grams = rng.randint(150, 1900)
            weight = number(grams / 1000, 3, (country.marks[0], ""))
            items.append(Item(text, round(price * grams / 1000), f"{weight} kg", price))
        elif rng.random() < 0.3:
            count = rng.randint(2, 6)
            items.append(Item(text, count * price, str(count), price))
        else:
            items.append(Item(text, price))
        if rng.random() < 0.07:
            items.append(Item(country.words[6], -min(round(price * 0.2), items[-1].cents)))
    return items


def _paid(rng: random.Random, due: int, cash: str, card: str, change: str) -> list[Line]:
    way = rng.random()
    if way < 0.4:
        given = -(-due // 500) * 500 + rng.choice((0, 500))
        back = [Line(change, "change", given - due)] if given > due else []
        return [Line(cash, "paid", given), *back]
    return [Line(card, "paid", due)] if way < 0.8 else []


def false_total(receipt: Receipt, rng: random.Random) -> Receipt:
    """The same receipt with a printed total that its lines do not add up to."""
    wrong = rng.choice((100, 1000, 30, -20))
    lines = [
        replace(line, cents=line.cents + wrong) if line.kind == "total" else line
        for line in receipt.lines
    ]
    return replace(receipt, lines=tuple(lines))
