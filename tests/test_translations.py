"""The interface in eight languages: nothing is missing, nothing is lost, and every page says it."""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.languages import NAMES as SPOKEN_BY_LLAMA
from visiontools.doors.web.pages_look import environment
from visiontools.translations import ENGLISH, NAMES, catalogue, speaking, spoken, tr, trn
from visiontools.translations.choose import asked_for
from visiontools.translations.forms import figures, moment
from visiontools.translations.po import quoted, read

Texts = list[tuple[str, str | None]]
ROOT = Path(__file__).parents[1]
OTHERS = [language for language in NAMES if language != ENGLISH]
PLACES = re.compile(r"%\(\w+\)s|\{\}|%(?!\()")
MARKUP = re.compile(r"</?\w+[^>]*>|&#?\w+;")
SCRIPT_OF = {"hi": "\u0900-\u097f", "th": "\u0e00-\u0e7f"}
SAME_EVERYWHERE = re.compile(r"[\W\d]*(?:%\(\w+\)s[\W\d]*)*")


@pytest.fixture(scope="module")
def keeper() -> ModuleType:
    """The script that keeps the catalogues."""
    path = ROOT / "scripts" / "translations.py"
    spec = importlib.util.spec_from_file_location("keep_translations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts(keeper: ModuleType) -> Texts:
    found: Texts = keeper.texts()
    assert len(found) > 500
    return found


@pytest.fixture(scope="module")
def optional(keeper: ModuleType) -> Texts:
    found: Texts = keeper.optional()
    return found


def test_the_languages_are_those_of_the_text_models() -> None:
    assert set(NAMES) == set(SPOKEN_BY_LLAMA)


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_missing_and_none_is_left_over(
    language: str, keeper: ModuleType, texts: Texts, optional: Texts
) -> None:
    known = catalogue(language)
    missing = keeper.missing(language, known, texts)
    assert missing == [], "python scripts/translations.py adds them, for somebody to fill in"
    wanted = {one for one, _ in (*texts, *optional)}
    assert {*known.texts, *known.plurals} <= wanted, "python scripts/translations.py drops them"


@pytest.mark.parametrize("language", OTHERS)
def test_no_place_for_a_value_is_lost_or_added_and_nothing_is_markup(language: str) -> None:
    known = catalogue(language)
    said = [*known.texts.items()]
    said += [(one, form) for one, forms in known.plurals.items() for form in forms.values()]
    for text, translated in said:
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(translated)), translated
        assert not MARKUP.search(translated), translated
        assert translated.strip(), text
        assert text[-1:].isspace() == translated[-1:].isspace(), translated


@pytest.mark.parametrize("language", sorted(SCRIPT_OF))
def test_hindi_and_thai_are_written_in_their_own_script(language: str) -> None:
    own = re.compile(f"[{SCRIPT_OF[language]}]")
    foreign = [
        text
        for text, translated in catalogue(language).texts.items()
        if not own.search(translated) and text != translated and not PLACES.search(text)
    ]
    assert foreign == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_says_that_a_machine_made_it_and_is_written_as_the_script_writes_it(
    language: str, keeper: ModuleType, texts: Texts, optional: Texts
) -> None:
    path: Path = keeper.path_of(language)
    written = path.read_text("utf-8")
    assert "Made by a machine. Nobody has reviewed them" in written
    assert "X-Origin: machine-made, unreviewed" in written
    known = catalogue(language)
    more = [each for each in optional if each not in texts and each[0] in known.texts]
    assert keeper.written(language, known, sorted([*texts, *more])) == written


class _Literals(HTMLParser):
    """Texts and spoken attributes of a template in which values are blanked out."""

    SPOKEN = ("aria-label", "alt", "title", "placeholder")

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(source)

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in self.SPOKEN]


NOT_WORDS = re.compile(r"aria-describedby|-help|visiontools(?: endpoints add)?|doctype html")
TEMPLATES = sorted((ROOT / "src/visiontools/doors/web/templates").glob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_text_that_is_not_marked(path: Path) -> None:
    tokens = environment().lex(path.read_text("utf-8"))
    plain = "".join(token if kind == "data" else " " for _, kind, token in tokens)
    left = [NOT_WORDS.sub("", text) for text in _Literals(plain).found]
    assert [text for text in left if re.search(r"[^\W\d_]{2}", text)] == []


def test_what_is_not_marked_in_a_template_is_found() -> None:
    assert _Literals('<p>Hello <b title="A title"></b></p>').found == ["Hello ", "A title"]


SCRIPTS = [
    path
    for folder in ("web/static", "chat/assets")
    for path in sorted((ROOT / "src/visiontools/doors" / folder).glob("*.js"))
]
SENTENCE = re.compile(r'(?<!t\()["`]([A-Z][a-z]+ [a-z][^"`]*)["`]')


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_holds_a_sentence_that_is_not_marked(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    code = "\n".join(line for line in lines if not line.strip().startswith("//"))
    assert SENTENCE.findall(code) == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-CH,de;q=0.9,en;q=0.8", "de"),
        ("nl, th;q=0.3, fr;q=0.5", "fr"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("pt-BR", "pt"),
        ("HI", "hi"),
        ("es;q=0, it;q=0.1", "it"),
        ("es;q=x", "en"),
        ("de;q=2", "en"),
        ("", "en"),
        ("*", "en"),
        ("xx," * 5000 + "de", "en"),
    ],
)
def test_the_language_is_the_one_a_browser_likes_best(header: str, language: str) -> None:
    assert asked_for(header) == language


@given(st.text(max_size=200))
def test_any_header_gives_a_language(header: str) -> None:
    assert asked_for(header) in NAMES


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_can_stand_in_a_catalogue(text: str) -> None:
    assert read(f'msgid ""\nmsgstr ""\n\nmsgid "k"\nmsgstr {quoted(text)}\n').texts == {"k": text}


def test_a_line_that_is_no_catalogues_is_refused() -> None:
    for wrong in ("msgid", 'msgstr[x] "a"', "anything", '"before any entry"'):
        with pytest.raises(ValueError, match="is no line of a catalogue"):
            read(wrong)


def test_numbers_choose_the_form_and_english_needs_no_catalogue() -> None:
    one, many = "in %(num)s call", "in %(num)s calls"
    assert (trn(one, many, 1), trn(one, many, 2)) == ("in 1 call", "in 2 calls")
    with speaking("de"):
        assert (trn(one, many, 1), trn(one, many, 2)) == ("in 1 Aufruf", "in 2 Aufrufen")
        assert tr("Records") == "Einträge"
        assert tr("nobody has translated this") == "nobody has translated this"
    with speaking("th"):
        assert trn(one, many, 1).partition("1")[::2] == trn(one, many, 2).partition("2")[::2]
    with speaking("tlh"):
        assert spoken() == ENGLISH


WHEN = dt.datetime(2026, 3, 5, 9, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "day", "figure"),
    [
        ("en", "2026-03-05 09:04 UTC", "1,234,567.8 g"),
        ("de", "05.03.2026 09:04 UTC", "1.234.567,8 g"),
        ("es", "5/3/2026 09:04 UTC", "1.234.567,8 g"),
        ("fr", "05/03/2026 09:04 UTC", "1\u202f234\u202f567,8 g"),
        ("it", "05/03/2026 09:04 UTC", "1.234.567,8 g"),
        ("pt", "05/03/2026 09:04 UTC", "1.234.567,8 g"),
        ("hi", "5/3/2026 09:04 UTC", "12,34,567.8 g"),
        ("th", "5/3/2569 09:04 UTC", "1,234,567.8 g"),
    ],
)
def test_dates_and_numbers_have_the_languages_form(language: str, day: str, figure: str) -> None:
    with speaking(language):
        assert moment(WHEN) == day
        assert figures("1,234,567.8 g") == figure


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize(
    "text", ["2026-11-25 12:30", "v1.2.3", "1.2.3", "10.0.0.1", "A4.5", "3/4", "12:30.5", "a.5"]
)
def test_what_is_no_number_is_left_alone(language: str, text: str) -> None:
    with speaking(language):
        assert figures(text) == text


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_a_figure_says_the_same_in_every_language(number: int, digits: int) -> None:
    value = number / 10**digits
    english = f"{value:,.{digits}f}"
    for language in NAMES:
        with speaking(language):
            said = figures(english)
        between, point = {
            "fr": ("\u202f", ","),
            "en": (",", "."),
            "hi": (",", "."),
            "th": (",", "."),
        }.get(language, (".", ","))
        assert said.replace(between, "").replace(point, ".") == f"{value:.{digits}f}"
