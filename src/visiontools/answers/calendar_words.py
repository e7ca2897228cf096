"""Days and months as the eight languages name them, to hold a date to the words it stands for.

Only full names count: short ones ("Sat", "mar") are too often other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

DAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "de": "montag dienstag mittwoch donnerstag freitag samstag,sonnabend sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "it": "lunedì,lunedi martedì,martedi mercoledì,mercoledi giovedì,giovedi venerdì,venerdi "
    "sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "hi": "सोमवार मंगलवार बुधवार गुरुवार,बृहस्पतिवार,वीरवार शुक्रवार शनिवार रविवार,इतवार",
    "es": "lunes martes miércoles,miercoles jueves viernes sábado domingo",
    "th": "วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี,วันพฤหัส วันศุกร์ วันเสาร์ วันอาทิตย์",
}
"""From Monday to Sunday; other spellings after a comma."""
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar,jänner februar märz april mai juni juli august september oktober november "
    "dezember",
    "fr": "janvier février,fevrier mars avril mai juin juillet août,aout septembre octobre "
    "novembre décembre,decembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "hi": "जनवरी फ़रवरी,फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर,सितम्बर अक्टूबर,अक्तूबर "
    "नवंबर,नवम्बर दिसंबर,दिसम्बर",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre,setiembre octubre "
    "noviembre diciembre",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
}
_NEAR = {
    0: "today heute aujourd'hui oggi hoje hoy आज วันนี้",
    1: "tomorrow demain domani amanhã พรุ่งนี้",
    2: "übermorgen après-demain dopodomani มะรืน",
}
"""Words for a day by how far off it is; those that mean two days, as Hindi's कल, are left out."""
_TWO_WORDS = {
    2: ("day after tomorrow", "depois de amanhã", "pasado mañana"),
}
_LOOSELY = (
    "week month year end morning evening noon night tonight weekend soon asap "
    "woche monat jahr ende morgen abend mittag nacht wochenende bald "
    "semaine mois année fin matin soir midi nuit bientôt "
    "settimana mese anno fine mattina sera mezzogiorno notte presto "
    "semana mês ano fim manhã tarde noite breve mes año mañana noche pronto fin "
    "सप्ताह हफ़्ते हफ्ते महीने साल अंत सुबह शाम दोपहर रात कल परसों "
    "สัปดาห์ อาทิตย์ เดือน ปี สิ้น เช้า เย็น เที่ยง คืน"
)
"""Words besides that a date may stand for."""


def weekdays_in(words: str) -> set[int]:
    """The weekdays named, Monday as 0."""
    return _named(words, _table("days"))


def months_in(words: str) -> set[int]:
    """The months named, January as 1."""
    return {number + 1 for number in _named(words, _table("months"))}


def days_off_in(words: str) -> set[int]:
    """How many days off the days are that are named: tomorrow is 1."""
    plain = words.casefold().replace("’", "'")
    found: set[int] = set()
    for days, phrases in _TWO_WORDS.items():
        for phrase in phrases:
            if phrase in plain:
                found.add(days)
                plain = plain.replace(phrase, " ")
    return found | _named(plain, _table("near"))


def tells_of_a_time(words: str) -> bool:
    """Whether anything in the words may stand for a date or a time: a digit, a day, "soon"."""
    plain = words.casefold()
    return bool(
        any(character.isdecimal() for character in plain)
        or weekdays_in(plain)
        or months_in(plain)
        or days_off_in(plain)
        or _pattern(tuple(_LOOSELY.split())).search(plain)
    )


@cache
def _table(name: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    if name == "near":
        return tuple((days, _pattern(tuple(words.split()))) for days, words in _NEAR.items())
    named = DAYS if name == "days" else MONTHS
    by_number: dict[int, list[str]] = {}
    for words in named.values():
        for number, spellings in enumerate(words.split()):
            by_number.setdefault(number, []).extend(spellings.split(","))
    return tuple((number, _pattern(tuple(each))) for number, each in by_number.items())


def _named(words: str, table: Iterable[tuple[int, re.Pattern[str]]]) -> set[int]:
    plain = words.casefold().replace("’", "'")
    return {number for number, pattern in table if pattern.search(plain)}


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words, with a plural's or genitive's "s"; Thai puts no spaces between words."""
    thai = [re.escape(word) for word in words if "\u0e00" <= word[0] <= "\u0e7f"]
    other = [re.escape(word) for word in words if not "\u0e00" <= word[0] <= "\u0e7f"]
    # \b does not hold round Devanagari's vowel signs, which are no word characters to it.
    bounded = rf"(?<![\w\u0900-\u097f-])(?:{'|'.join(other)})s?(?![\w\u0900-\u097f])"
    return re.compile("|".join([bounded, *thai]) if other else "|".join(thai))


_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<hour>\d{1,2})"
    r"(?:(?::|h|H)(?P<minute>\d{2})?(?!\d)\s*(?P<half>[ap]\.?m\.?)?"
    r"|\s*(?P<half2>[ap]\.?m\.?)(?!\w)|(?:[.](?P<minute2>\d{2}))?\s*(?:Uhr|heures?|horas?|ore|บาท|น\.|बजे))",
    re.IGNORECASE,
)
_NOON = 12


def minutes_in(words: str) -> set[int]:
    """The times of day named, in minutes from midnight; a time of twelve hours stands for both."""
    found: set[int] = set()
    for time in _CLOCK.finditer(words):
        hour = int(time["hour"])
        minute = int(time["minute"] or time["minute2"] or 0)
        if hour > 24 or minute > 59:
            continue
        half = (time["half"] or time["half2"] or "").lower()
        if half:
            found.add((hour % _NOON + (_NOON if half.startswith("p") else 0)) * 60 + minute)
        else:
            found.add(hour % 24 * 60 + minute)
            if hour <= _NOON:
                found.add((hour + _NOON) % 24 * 60 + minute)
    return found
