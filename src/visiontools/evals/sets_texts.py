"""Sets of texts: invitations in eight languages, messages about no event, long threads."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from visiontools.answers.calendar_words import DAYS, MONTHS
from visiontools.evals.cases import Card, Case, DataSet, Truth, held
from visiontools.evals.needles import thread
from visiontools.texts.tokens import most_tokens
from visiontools.types import Upload

_BUDDHIST = 543
_LENGTHS = (1_500, 6_000, 12_000, 24_000)
"""Tokens of the threads, in turn."""
_ZONES = ("Europe/Berlin", "Asia/Kolkata", "Asia/Bangkok", "America/Sao_Paulo", "Europe/London")
_PEOPLE = ("Anna", "Tom", "Priya", "Jürgen", "Sofía", "Somchai")


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language invites: what, where, and sentences round {day}, {title}, {place}."""

    titles: tuple[str, ...]
    places: tuple[str, ...]
    greeting: str
    invites: str
    when: str
    until: str
    nothing: tuple[str, ...]


_LANGUAGES = {
    "en": _Words(
        ("Team lunch", "Budget meeting", "Choir rehearsal", "Parents' evening"),
        ("Trattoria Sole", "room 4.12", "the town hall"),
        "Hello {who},",
        "you are invited: {title} at {place}.",
        "{weekday}, {day} {month} {year}, {start}",
        ", until {end}",
        ("The parcel has arrived and lies in the kitchen.", "Thanks for the photos, lovely dog!"),
    ),
    "de": _Words(
        ("Teamessen", "Budgetrunde", "Chorprobe", "Elternabend"),
        ("Gasthaus Linde", "Raum 4.12", "im Rathaus"),
        "Hallo {who},",
        "hiermit lade ich ein: {title}, {place}.",
        "{weekday}, {day}. {month} {year}, {start} Uhr",
        ", bis {end} Uhr",
        ("Das Paket ist da und liegt in der Küche.", "Danke für die Fotos, schöner Hund!"),
    ),
    "fr": _Words(
        ("Déjeuner d'équipe", "Réunion budget", "Répétition du chœur", "Réunion de parents"),
        ("Chez Marcel", "salle 4.12", "à la mairie"),
        "Bonjour {who},",
        "vous êtes invités : {title}, {place}.",
        "{weekday} {day} {month} {year}, {start}",
        ", jusqu'à {end}",
        ("Le colis est arrivé, il est dans la cuisine.", "Merci pour les photos, beau chien !"),
    ),
    "it": _Words(
        ("Pranzo di squadra", "Riunione di bilancio", "Prove del coro", "Incontro dei genitori"),
        ("Trattoria Sole", "aula 4.12", "in municipio"),
        "Ciao {who},",
        "sei invitato: {title}, {place}.",
        "{weekday} {day} {month} {year}, {start}",
        ", fino alle {end}",
        ("Il pacco è arrivato, è in cucina.", "Grazie per le foto, che bel cane!"),
    ),
    "pt": _Words(
        ("Almoço da equipa", "Reunião de orçamento", "Ensaio do coro", "Reunião de pais"),
        ("Restaurante Sol", "sala 4.12", "na câmara"),
        "Olá {who},",
        "estás convidado: {title}, {place}.",
        "{weekday}, {day} de {month} de {year}, {start}",
        ", até às {end}",
        ("A encomenda chegou e está na cozinha.", "Obrigado pelas fotos, que lindo cão!"),
    ),
    "hi": _Words(
        ("टीम का भोजन", "बजट बैठक", "संगीत अभ्यास", "अभिभावक बैठक"),
        ("होटल अशोक", "कमरा 4.12", "नगर भवन"),
        "नमस्ते {who},",
        "आप आमंत्रित हैं: {title}, {place}।",
        "{weekday}, {day} {month} {year}, {start}",
        ", {end} तक",
        ("पार्सल आ गया है और रसोई में है।", "तस्वीरों के लिए धन्यवाद, प्यारा कुत्ता!"),
    ),
    "es": _Words(
        ("Comida de equipo", "Reunión de presupuesto", "Ensayo del coro", "Reunión de padres"),
        ("Casa Sol", "sala 4.12", "en el ayuntamiento"),
        "Hola {who}:",
        "quedas invitado: {title}, {place}.",
        "{weekday}, {day} de {month} de {year}, {start}",
        ", hasta las {end}",
        ("Ha llegado el paquete, está en la cocina.", "Gracias por las fotos, ¡qué perro!"),
    ),
    "th": _Words(
        ("อาหารกลางวันของทีม", "ประชุมงบประมาณ", "ซ้อมประสานเสียง", "ประชุมผู้ปกครอง"),
        ("ร้านตะวัน", "ห้อง 4.12", "ศาลากลาง"),
        "สวัสดี {who}",
        "ขอเชิญร่วม {title} ที่ {place}",
        "{weekday}ที่ {day} {month} {year} เวลา {start}",
        " ถึง {end}",
        ("พัสดุมาถึงแล้ว อยู่ในครัว", "ขอบคุณสำหรับรูป หมาน่ารักมาก"),
    ),
}


def invites(count: int, seed: int) -> Iterator[Case]:
    """The languages in turn; every sixth message is about no event."""
    languages = list(_LANGUAGES)
    for index in range(count):
        draw = random.Random(f"invite-{seed}-{index}")
        language = languages[index % len(languages)]
        if index % 6 == 5:
            yield _nothing(draw, language, index)
        else:
            yield _invite(draw, language, index)


def _invite(draw: random.Random, language: str, index: int) -> Case:
    words = _LANGUAGES[language]
    start = dt.datetime(
        draw.randint(2037, 2044), draw.randint(1, 12), draw.randint(1, 28),
        draw.randint(8, 20), draw.choice((0, 15, 30, 45)),
    )  # fmt: skip
    end = start + dt.timedelta(minutes=draw.choice((45, 60, 90, 120)))
    said_end = draw.random() < 0.6
    title, place = draw.choice(words.titles), draw.choice(words.places)
    quote = words.when.format(**_date(start, language))
    line = quote + (words.until.format(end=f"{end:%H:%M}") if said_end else "")
    guest = f"{draw.choice(('anna', 'tom', 'lee'))}@example.org" if draw.random() < 0.4 else None
    body = [words.greeting.format(who=draw.choice(_PEOPLE)), "",
            words.invites.format(title=title, place=place), f"{line}."]  # fmt: skip
    body += [f"Cc: {guest}"] if guest else []
    parameters = {
        "title": title,
        "start": f"{start:%Y-%m-%dT%H:%M}",
        "end": f"{end:%Y-%m-%dT%H:%M}" if said_end else None,
        "location": place,
        "guests": [guest] if guest else [],
        "quote": quote,
    }
    return Case(
        id=f"{language}-{index}",
        tool="invite",
        load=held(Upload(_mail(body, draw).encode(), "invite.txt")),
        truth=Truth(observation={"name": "create_event", "parameters": parameters}),
        options={"zone": draw.choice(_ZONES)},
        condition=language,
    )


def _nothing(draw: random.Random, language: str, index: int) -> Case:
    words = _LANGUAGES[language]
    body = [words.greeting.format(who=draw.choice(_PEOPLE)), "", draw.choice(words.nothing)]
    return Case(
        id=f"{language}-{index}-nothing",
        tool="invite",
        load=held(Upload(_mail(body, draw).encode(), "message.txt")),
        truth=Truth(expected="none"),
        options={"zone": draw.choice(_ZONES)},
        condition=f"{language}, no event",
    )


def _mail(body: list[str], draw: random.Random) -> str:
    sender = draw.choice(_PEOPLE)
    head = [f"From: {sender} <{sender.encode('ascii', 'ignore').decode().lower()}@example.org>",
            "Date: Mon, 02 Mar 2037 09:15:00 +0100", "Subject: -", ""]  # fmt: skip
    return "\n".join([*head, *body, ""])


def _date(start: dt.datetime, language: str) -> dict[str, str]:
    """The parts of a date as the language writes them."""
    day = DAYS[language].split()[start.weekday()].split(",")[0]
    month = MONTHS[language].split()[start.month - 1].split(",")[0]
    capital = language in ("en", "de")
    return {
        "weekday": day.capitalize() if capital else day,
        "day": str(start.day),
        "month": month.capitalize() if capital else month,
        "year": str(start.year + (_BUDDHIST if language == "th" else 0)),
        "start": f"{start:%H:%M}",
    }


def threads(count: int, seed: int) -> Iterator[Case]:
    """Threads of some lengths in turn, with ten decisions from the first message to the last."""
    for index in range(count):
        length = _LENGTHS[index % len(_LENGTHS)]
        text, needles = thread(length, seed * 10_000 + index)
        lines = text.split("\n")
        places = {n.code: i for i, line in enumerate(lines, 1) for n in needles if n.code in line}
        decisions = [
            {"text": "A code.", "quote": needle.text, "message": places[needle.code]}
            for needle in needles
        ]
        yield Case(
            id=f"thread-{length}-{index}",
            tool="messages",
            load=held(Upload(text.encode(), "thread.txt")),
            truth=Truth(observation={"summary": "Small talk.", "decisions": decisions}),
            condition=f"about {most_tokens(text) // 1000},000 tokens",
        )


INVITES = DataSet(
    "invites",
    ("invite",),
    Card(
        "Invitations in eight languages",
        "Short mails in English, German, French, Italian, Portuguese, Hindi, Spanish and Thai; "
        "every sixth is about no event.",
        "Sentences put together from a seed, with days and years drawn by chance.",
        "The function to call, with start, end, place and guests. Titles are not compared.",
        "Full dates only, and one event a mail; the sentences are few and plain.",
        "Made by this program.",
    ),
    invites,
    48,
)
THREADS = DataSet(
    "threads",
    ("messages",),
    Card(
        "Long threads with needles",
        "Chats of 1,500 to 24,000 tokens of small talk with ten decisions in them.",
        "Sentences drawn by chance from a seed; each decision names a code of its own.",
        "The ten decisions with their quotes. Anything else that is reported counts as wrong.",
        "Decisions all worded alike: it tests reading to the end, not understanding.",
        "Made by this program.",
    ),
    threads,
    8,
)
