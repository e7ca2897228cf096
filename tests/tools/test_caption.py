"""Caption: a sentence stands only on what was reported, and alt text keeps its conventions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.caption import SeenPicture
from visiontools.answers.caption_form import closed, opened, sentences, trimmed
from visiontools.answers.caption_names import guessed_names
from visiontools.answers.caption_translated import Translated
from visiontools.answers.caption_words import said_numbers
from visiontools.doors.cli.filled import filled_in
from visiontools.doors.cli.template import fields, template
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.tooling import Case, Decision
from visiontools.tools.caption import Caption, CaptionAnswer, CaptionOptions
from visiontools.types import Outcome, Request, Upload

EXAMPLES = Path(__file__).parents[2] / "examples"
TOOL = Caption()
SAID = json.loads((EXAMPLES / "caption.observation.json").read_text("utf-8"))
GERMAN = SAID.pop("proposal")
DOGS: dict[str, Any] = {
    "subjects": [{"what": "dogs", "count": 2, "attributes": ["brown", "wearing collars"]}],
    "setting": "in a park",
}


def decide(
    seen: dict[str, Any], proposed: dict[str, str] | None = None, pictures: int = 1, **options: Any
) -> Decision[CaptionAnswer]:
    translated = Translated.model_validate(proposed) if proposed else None
    case = Case(CaptionOptions.model_validate(options), pictures, proposed=translated)
    return TOOL.decide(SeenPicture.model_validate(seen), case)


def answer(decision: Decision[CaptionAnswer]) -> CaptionAnswer:
    assert decision.answer is not None
    return decision.answer


def failed(decision: Decision[CaptionAnswer]) -> dict[str, str]:
    return {check.name: check.detail for check in decision.checks if not check.ok}


def test_the_sample_is_what_its_script_writes_and_every_check_holds(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLES / "make_caption.py", tmp_path], check=True)
    for name in ("caption.png", "caption.observation.json"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()
    decision = decide(SAID)
    assert decision.outcome is Outcome.ANSWERED
    assert not failed(decision)
    told = answer(decision)
    assert (told.caption, told.alt) == (SAID["caption"], SAID["alt"])
    assert told.description.startswith(SAID["description"])
    assert told.description.endswith('Text in it: "HARBOUR FESTIVAL"; "12 June, 2 pm".')


def test_without_drafts_the_texts_are_composed_of_the_facts() -> None:
    told = answer(decide(DOGS))
    assert told.caption == "Two brown dogs wearing collars in a park."
    assert told.alt == told.caption
    assert told.drafted == []
    umbrella = {"kind": "drawing", "subjects": [{"what": "umbrella", "count": 1, "where": "left"}]}
    assert answer(decide(umbrella)).caption == "Drawing of an umbrella."
    assert answer(decide(umbrella)).description == "Drawing of an umbrella (left)."
    several = [{"what": "cup", "count": 1}, {"what": "plates", "count": 13}, {"what": "crumbs"}]
    assert answer(decide({"subjects": several})).caption == "A cup, 13 plates and crumbs."
    assert answer(decide({"setting": "beach"})).caption == "Beach."


@pytest.mark.parametrize(
    ("draft", "check", "detail"),
    [
        ("Three dogs play in a park.", "numbers_were_reported", "3"),
        ("2 dogs and 14 ducks.", "numbers_were_reported", "14"),
        ('Two dogs below a sign "No dogs".', "quotes_are_in_the_picture", "No dogs"),
        ("Two dogs with Barack Obama in a park.", "no_name_is_guessed", "Barack Obama"),
        ("Barack Obama walks two dogs.", "no_name_is_guessed", "Barack Obama"),
        ("Two dogs, dogs_final.jpg", "no_file_is_named", "dogs_final.jpg"),
    ],
)
def test_a_draft_that_says_what_was_not_reported_is_left_out(
    draft: str, check: str, detail: str
) -> None:
    decision = decide({**DOGS, "caption": draft, "alt": draft, "description": draft})
    assert list(failed(decision)) == [check]
    assert detail in failed(decision)[check]
    assert decision.outcome is Outcome.PARTLY
    told = answer(decision)
    assert told.caption == told.alt == "Two brown dogs wearing collars in a park."
    assert detail not in told.description


def test_a_name_is_told_only_where_it_is_printed() -> None:
    face = {"subjects": [{"what": "portrait of Ada Lovelace", "count": 1}], "caption": None}
    decision = decide(face)
    assert answer(decision).caption == "A portrait."
    assert "Ada Lovelace" in failed(decision)["no_name_is_guessed"]
    assert "Lovelace" not in answer(decision).model_dump_json()
    printed = {**face, "visible_text": ["ADA LOVELACE, 1843"]}
    assert not failed(decide(printed))
    assert answer(decide(printed)).caption == "A portrait of Ada Lovelace."
    nobody = decide({"subjects": [{"what": "Barack Obama"}]})
    assert nobody.outcome is Outcome.CANNOT_TELL


@pytest.mark.parametrize(
    "text",
    [
        "A German shepherd on a Monday.",
        "The Eiffel Tower at dusk.",
        "A bridge near Tower Bridge.",
        "Woman in a T-shirt. Tall trees behind her.",
        "I see TV screens; USB sticks lie below.",
    ],
)
def test_places_and_common_words_with_a_capital_are_no_names(text: str) -> None:
    assert guessed_names(text, frozenset()) == []


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        ("This image shows two dogs", "Two dogs."),
        ("A close-up photo of two brown dogs.", "Two brown dogs."),
        ("Alt text: Picture of two dogs", "Two dogs."),
        ("In this picture, we can see two dogs!", "Two dogs!"),
        ('**"Two dogs."**', "Two dogs."),
        ("Two dogs look at a photo of a cat.", "Two dogs look at a photo of a cat."),
    ],
)
def test_alt_text_does_not_say_that_it_is_a_picture_and_ends_with_a_stop(
    draft: str, text: str
) -> None:
    decision = decide({**DOGS, "alt": draft})
    assert answer(decision).alt == text
    assert decision.outcome is Outcome.ANSWERED
    said = opened(draft) != draft and "*" not in draft
    assert ("drafts_kept_their_form" in failed(decision)) is said


def test_a_caption_is_one_sentence() -> None:
    decision = decide({**DOGS, "caption": "Dr. Dog has 2 dogs. They bark."})
    assert answer(decision).caption == "Dr. Dog has 2 dogs."
    assert failed(decision) == {"drafts_kept_their_form": "repaired: caption: one sentence"}


def test_alt_text_that_is_too_long_is_cut_and_says_so() -> None:
    long = "Two brown dogs run over the grass, past a bench, a fountain and a row of old trees."
    decision = decide({**DOGS, "alt": f"{long} {long}"}, alt_length=60)
    assert answer(decision).alt == "Two brown dogs run over the grass, past a bench."
    assert "cut to 48" in failed(decision)["alt_fits"]
    assert decision.outcome is Outcome.ANSWERED
    two = decide({**DOGS, "alt": f"{long} {long}"})
    assert answer(two).alt == long


def test_of_a_picture_of_text_the_alt_text_is_the_text() -> None:
    seen = {"kind": "text", "visible_text": ["Summer sale", "50 % off!"], "alt": "A sign."}
    told = answer(decide(seen))
    assert told.alt == "Summer sale. 50 % off!"
    assert told.caption == 'Text that reads "Summer sale".'
    assert "alt" not in told.drafted


def test_what_is_printed_goes_into_a_composed_alt_text_where_there_is_room() -> None:
    sign = {**DOGS, "visible_text": ["NO DOGS"]}
    text = 'Two brown dogs wearing collars in a park, with the text "NO DOGS".'
    assert answer(decide(sign)).alt == text
    assert answer(decide(sign, alt_length=50)).alt == "Two brown dogs wearing collars in a park."
    only = answer(decide({"visible_text": ["NO DOGS"]}))
    assert (only.caption, only.alt) == ('Text that reads "NO DOGS".', "NO DOGS.")
    told = answer(decide({"relations": ["a dog chases a ball"]}))
    assert told.caption == told.alt == "A dog chases a ball."


def test_sentences_without_any_fact_behind_them_are_said_to_be_that() -> None:
    decision = decide({"caption": "A dog.", "alt": "A dog."})
    assert decision.outcome is Outcome.PARTLY
    assert list(failed(decision)) == ["facts_were_reported"]


def test_an_ornament_has_an_empty_alt_text_unless_it_tells_something() -> None:
    swirl = {"kind": "decorative", "subjects": [{"what": "swirls"}], "alt": "Swirls."}
    decision = decide(swirl)
    assert answer(decision).decorative
    assert answer(decision).alt == ""
    assert decision.outcome is Outcome.ANSWERED
    words = decide({**swirl, "visible_text": ["Menu"]})
    assert not answer(words).decorative
    assert answer(words).alt == "Swirls."
    assert failed(words) == {"ornament_tells_nothing": "it was called decorative, but shows: Menu"}


def test_what_is_not_clear_is_said_and_nothing_seen_is_no_caption() -> None:
    assert decide({"picture": "cannot_tell"}).outcome is Outcome.CANNOT_TELL
    dim = decide({**DOGS, "picture": "cannot_tell"})
    assert dim.outcome is Outcome.PARTLY
    assert "picture_is_clear" in failed(dim)
    assert "one_picture" in failed(decide(DOGS, pictures=2))


def test_a_translation_stands_where_numbers_and_words_do() -> None:
    decision = decide(SAID, GERMAN, language="de")
    assert not failed(decision)
    told = answer(decision)
    assert told.language == "de"
    assert told.caption == GERMAN["caption"]
    assert told.english is not None
    assert told.english.alt == SAID["alt"]


@pytest.mark.parametrize(
    ("change", "check", "detail"),
    [
        ({"caption": "Ein rotes Segelboot und drei Möwen."}, "translation_keeps_numbers", "3"),
        ({"caption": "Ein Segelboot und Möwen."}, "translation_keeps_numbers", "2 (caption)"),
        ({"alt": 'Boot: "HAFENFEST", 12. Juni, 2 Uhr.'}, "translation_keeps_words", "HARBOUR"),
        ({"alt": ""}, "translated", "alt"),
        (
            {"caption": SAID["caption"], "description": SAID["description"] + ' "12 June, 2 pm"'
             ' "HARBOUR FESTIVAL"'},
            "language_asked", "English",
        ),
    ],
)  # fmt: skip
def test_a_translation_that_lost_something_leaves_the_texts_in_english(
    change: dict[str, str], check: str, detail: str
) -> None:
    decision = decide(SAID, GERMAN | change, language="de")
    assert detail in failed(decision)[check]
    assert (answer(decision).language, answer(decision).caption) == ("en", SAID["caption"])
    assert decision.outcome is Outcome.PARTLY


def test_a_translation_that_is_too_long_is_cut_and_says_so() -> None:
    long = "Zwei braune Hunde laufen durch den Park, vorbei an einer Bank und an vielen Bäumen."
    said = {"caption": "Zwei Hunde.", "alt": long, "description": "Zwei Hunde im Park."}
    decision = decide(DOGS, said, language="de", alt_length=60)
    assert answer(decision).alt == "Zwei braune Hunde laufen durch den Park."
    assert failed(decision) == {"translation_fits": "shortened: alt"}
    assert decision.outcome is Outcome.ANSWERED


def test_without_anybody_to_translate_it_stays_in_english_and_says_so() -> None:
    decision = decide(SAID, language="th")
    assert answer(decision).language == "en"
    assert "Translating needs a language model" in decision.message
    assert "translated" in failed(decision)


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "Two of the 12 cats, one dog", {2, 12}),
        ("de", "Zwei Katzen, eine Dreiecksform, elf Hunde", {2, 11}),
        ("fr", "deux chats et trois chiens", {2, 3}),
        ("it", "due gatti", {2}),
        ("pt", "duas gatas e dois gatos", {2}),
        ("es", "doce gatos", {12}),
        ("hi", "दो बिल्लियाँ और पाँच कुत्ते", {2, 5}),
        ("th", "เก้าอี้สิบสองตัวและแมวสองตัว", {2, 12}),
    ],
)
def test_numbers_are_known_by_word_in_eight_languages(
    language: str, text: str, numbers: set[int]
) -> None:
    assert said_numbers(text, language) == numbers


@given(st.text(max_size=400), st.integers(40, 200))
def test_trimming_keeps_to_the_length_and_to_the_beginning(text: str, most: int) -> None:
    line = " ".join(text.split())
    short = trimmed(line, most)
    assert len(short) <= most
    assert trimmed(short, most) == short
    kept = short.rstrip(".!?…।").rstrip(" ,;:-–—")
    assert line.replace('"', "").startswith(kept.replace('"', ""))


@given(st.lists(st.sampled_from(["Dr. ", "It is 3.5 m. ", "A cat", "! ", '."', "? ", "x. y "])))
def test_sentences_lose_nothing_and_closing_twice_is_closing_once(parts: list[str]) -> None:
    line = " ".join("".join(parts).split())
    assert " ".join(sentences(line)).replace(" ", "") == line.replace(" ", "")
    assert closed(closed(line)) == closed(line)


async def test_a_model_is_asked_to_translate_without_the_picture(tmp_path: Path) -> None:
    upload = Upload((EXAMPLES / "caption.png").read_bytes(), "caption.png")
    with ModelServer() as server:
        server.say(SAID)
        server.say(GERMAN)
        endpoint = Endpoint(url=server.url, model="scripted")
        settings = Settings(data_folder=tmp_path, endpoints={"model": endpoint})
        async with Pipeline.open(settings) as pipeline:
            request = Request(
                "caption", (upload,), endpoint="model", options={"language": "de"}
            )  # fmt: skip
            record = await pipeline.run(request).record()
        pictures = [each.pictures for each in server.requests]
        second = server.requests[1].text
    assert pictures == [1, 0]
    assert "into German" in second
    assert "HARBOUR FESTIVAL" in second
    assert record.outcome is Outcome.ANSWERED
    assert record.answer is not None
    assert record.answer["alt"] == GERMAN["alt"]
    assert record.provenance["/visible_text/0"] == "read"
    assert record.provenance["/caption"] == "inferred"


def test_a_persons_template_asks_for_a_translation_where_one_is_wanted() -> None:
    assert "proposal" not in template(TOOL)
    german = template(TOOL, {"language": "de"})
    assert german["proposal"] == {"caption": "", "alt": "", "description": ""}
    assert ("/proposal/alt", "string", "") in fields(TOOL, {"language": "de"})
    said = {**SAID, "proposal": GERMAN}
    for options in ({"language": "de"}, {}):
        assert filled_in(TOOL, said, options) == (said, [])
