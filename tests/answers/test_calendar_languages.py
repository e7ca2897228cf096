"""Days, months and times as people write them in the eight languages, whatever the date."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.calendar_words import (
    days_off_in,
    minutes_in,
    months_in,
    tells_of_a_time,
    weekdays_in,
)
from visiontools.answers.languages import NAMES

DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "hi": "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "th": "จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์",
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
}
WRITTEN = {
    "en": "Let us meet on {day}, {n} {month} {year} at {h}:{m}.",
    "de": "Wir treffen uns am {day}, dem {n}. {month} {year}, um {h}.{m} Uhr.",
    "fr": "On se voit {day} {n} {month} {year} à {h}h{m} ?",
    "it": "Ci vediamo {day} {n} {month} {year} alle {h}:{m}.",
    "pt": "Encontramo-nos na {day}, {n} de {month} de {year}, às {h}h{m}.",
    "hi": "हम {day}, {n} {month} {year} को {h}:{m} बजे मिलेंगे।",
    "es": "Nos vemos el {day} {n} de {month} de {year} a las {h}:{m}.",
    "th": "เจอกันวัน{day}ที่ {n} {month} {year} เวลา {h}.{m} น.",
}
TOMORROW = {
    "en": "We meet tomorrow.",
    "de": "Wir treffen uns morgen früh.",
    "fr": "On se voit demain.",
    "it": "Ci vediamo domani.",
    "pt": "Vemo-nos amanhã.",
    "hi": "हम कल मिलेंगे।",
    "es": "Nos vemos mañana.",
    "th": "เจอกันพรุ่งนี้",
}


@pytest.mark.parametrize("language", NAMES)
@given(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2037, 12, 31)))
def test_a_written_date_says_its_weekday_month_and_time(language: str, at: dt.datetime) -> None:
    year = at.year + 543 if language == "th" else at.year
    said = WRITTEN[language].format(
        day=DAYS[language].split()[at.weekday()],
        n=at.day,
        month=MONTHS[language].split()[at.month - 1],
        year=year,
        h=at.hour,
        m=f"{at.minute:02}",
    )
    assert weekdays_in(said) == {at.weekday()}, said
    assert months_in(said) == {at.month}, said
    minute = at.hour * 60 + at.minute
    half_a_day = {minute, (minute + 720) % 1440} if at.hour <= 12 else {minute}
    assert minutes_in(said) == half_a_day, said
    assert tells_of_a_time(said)
    assert weekdays_in(said.upper()) == weekdays_in(said)
    assert months_in(said.upper()) == months_in(said)


@pytest.mark.parametrize("language", NAMES)
def test_tomorrow_is_one_day_off_where_it_means_nothing_else(language: str) -> None:
    found = days_off_in(TOMORROW[language])
    assert tells_of_a_time(TOMORROW[language])
    ambiguous = ("de", "es", "hi")  # also "morning"; also "yesterday"
    assert found == (set() if language in ambiguous else {1})


@pytest.mark.parametrize("digits", ["०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙"])
@given(st.integers(13, 23), st.integers(0, 59))
def test_times_are_read_in_hindi_and_thai_digits_too(digits: str, hour: int, minute: int) -> None:
    said = f"{hour}:{minute:02}".translate(str.maketrans("0123456789", digits))
    assert minutes_in(said) == {hour * 60 + minute}
