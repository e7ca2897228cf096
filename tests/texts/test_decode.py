"""Bytes become text, or a sentence that says why not; what hides in a text is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.errors import UnusableError
from visiontools.texts.decode import decoded, visible

WORDS = "Café à Zürich, 3 € — señor"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_in_every_form(encoding: str) -> None:
    assert decoded(WORDS.encode(encoding), "a.txt") == (WORDS, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(encoding: str) -> None:
    assert decoded(WORDS.encode(encoding), "a.txt")[0] == WORDS


def test_windows_1252_is_read_with_a_note() -> None:
    text, (note,) = decoded("Grüße aus Köln, bis später".encode("cp1252"), "a.txt")
    assert text == "Grüße aus Köln, bis später"
    assert "Windows-1252" in note


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"%PDF-1.7 ...", "PDF document"),
        (b"PK\x03\x04...", "ZIP archive"),
        (b"\x01\x02\x00\x00\x00\x07\x00\x00ab", "no text"),
        ("Привет, как дела".encode("cp1251"), "not UTF-8 text"),
        ("สวัสดีครับ".encode("cp874"), "not UTF-8 text"),
        (b"\xff\xfea", "damaged"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(UnusableError, match=said) as refused:
        decoded(data, "a.txt")
    assert refused.value.next


def test_what_hides_in_a_text_is_shown() -> None:
    assert visible("pay \u202eevil\x1b[2J") == ("pay [U+202E]evil[U+001B][2J", 2)
    assert visible("\U000e0049gnore") == ("[U+E0049]gnore", 1)


def test_marks_that_change_nothing_and_flags_stay_harmless() -> None:
    flag = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    assert visible(f"\u200eGo {flag}!\r\nnow\r") == (f"Go {flag}!\nnow\n", 0)
    assert visible("क्\u200dष") == ("क्\u200dष", 0), "Hindi needs its joiners"


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, _ = decoded(data, "x")
    except UnusableError:
        return
    shown, _ = visible(text)
    assert not {c for c in shown if ord(c) < 32} - {"\n", "\t"}
    shown.encode("utf-8")
