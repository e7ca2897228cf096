"""The chat in a person's language: Chainlit's words, ours, and what is said in a conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.doors.chat.wire import Browser

from visiontools.testing.site import Site
from visiontools.translations import NAMES, speaking, tr

PLACEHOLDER = "Attach a picture or a text, ask a question..."
NEVER_MET = ("auth.", "apiKeys.", "alerts.", "components.", "chat.speech.", "chat.favorites.")
NEVER_MET += ("chat.settings.", "navigation.header.", "navigation.user.", ".share")


def flat(words: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in words.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


async def test_the_page_and_its_words_are_in_the_language_asked_for(site: Site) -> None:
    """Whatever Chainlit's script asks for itself, which is the browser's language alone."""
    words: dict[str, dict[str, str]] = {}
    await Browser(site).request("POST", "/project/threads", json={})  # waits until it is loaded
    for language in NAMES:
        browser = Browser(site, language=f"{language},en;q=0.2")
        answer = await browser.request("GET", "/project/translations?language=ja")
        words[language] = dict(flat(answer.json()["translation"]))
        page = await browser.request("GET", "/")
        assert f'<html lang="{language}"' in page.text
        with speaking(language):
            assert words[language]["chat.input.placeholder"] == tr(PLACEHOLDER)
            assert f">{tr('Workbench')}</a>" in page.text
    assert all(set(said) == set(words["en"]) for said in words.values())
    met = [key for key in words["en"] if not any(part in key for part in NEVER_MET)]
    assert len(met) > 50
    for language in ("hi", "th"):
        english = [key for key in met if re.search("[a-z]{3}", words[language][key])]
        assert english == [], language


@pytest.mark.parametrize("language", ["de", "th"])
async def test_a_conversation_is_in_the_language_asked_for(site: Site, language: str) -> None:
    async with Browser(site, language=language) as browser:
        modes = await browser.heard("set_modes")
        answer = await browser.say("", tool="diet")
    with speaking(language):
        assert [mode["name"] for mode in modes] == [tr("Tool"), tr("Who looks")]
        assert tr("Diet Suggestion") in str(modes)
        assert answer["output"].endswith(tr("Attach one, and send."))
