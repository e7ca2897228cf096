"""Mail, exported chats and pasted talk become messages with their sender and time."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.errors import UnusableError
from visiontools.texts.thread import MOST_MESSAGES, messages_of, read_text
from visiontools.types import Message, TextInput, Upload

MAIL = b"""\
From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>
To: anna@example.org
Date: Mon, 02 Mar 2026 09:15:00 +0100
Subject: The
 launch
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Sch=F6ne Gr=FC=DFe
--x
Content-Type: application/pdf
Content-Disposition: attachment; filename="a.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--x--
"""


def read(data: bytes | str, name: str = "thread.txt") -> TextInput:
    raw = data.encode() if isinstance(data, str) else data
    return read_text(Upload(raw, name), name, 20_000_000)


def messages(data: bytes | str, name: str = "thread.txt") -> list[Message]:
    return list(messages_of([read(data, name)]))


@pytest.mark.parametrize("name", ["a.eml", "pasted.txt"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_mail_is_read_with_its_headers(name: str, end: bytes) -> None:
    (message,) = messages(MAIL.replace(b"\n", end), name)
    assert message.text == "Schöne Grüße"
    assert message.sender == "Jürgen <j@example.org>"
    assert message.subject == "The launch"
    assert message.at == dt.datetime(2026, 3, 2, 8, 15, tzinfo=dt.UTC)


def test_an_attachment_is_said_to_be_unread() -> None:
    assert read(MAIL, "a.eml").notes == ("One attachment was not read.",)


def test_mail_in_html_is_read_as_words_without_what_is_unseen() -> None:
    html = (
        "From: a@b.c\nDate: Mon, 2 Mar 2026 09:15:00 +0000\nSubject: x\n"
        "Content-Type: text/html; charset=utf-8\n\n"
        "<style>p{}</style><p>Come &amp; see</p><script>evil()</script><div>at<br>nine</div>"
    )
    assert messages(html)[0].text == "Come & see\n\nat\nnine"


def mail(sender: str, day: int) -> str:
    """The headers of a mail in a mailbox."""
    return (
        f"From a@b.c Tue Mar  {day} 09:00:00 2026\nFrom: {sender} <a@b.c>\n"
        f"Date: {day} Mar 2026 09:00:00 +0000\n\n"
    )


def test_a_mailbox_is_read_in_order_without_what_mails_quote() -> None:
    first, second = mail("Tom", 3), mail("Ann", 2)
    box = f"{first}Yes.\n> Shall we?\n>From here on\n\n{second}Shall we?\n>From now\n"
    text = read(box, "in.mbox")
    told = messages_of([text])
    assert [each.sender for each in told] == ["Ann <a@b.c>", "Tom <a@b.c>"]
    assert told[0].text == "Shall we?\nFrom now"
    assert told[1].text == "Yes.\nFrom here on"
    assert "begin with >" in text.notes[0]


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("[13.03.26, 09:15:22] Anna: Hi", dt.datetime(2026, 3, 13, 9, 15, 22)),
        ("\u200e[3/13/26, 9:15:22\u202fPM] Anna: Hi", dt.datetime(2026, 3, 13, 21, 15, 22)),
        ("13/03/2026, 09:15 - Anna: Hi", dt.datetime(2026, 3, 13, 9, 15)),
        ("2026-03-13, 09:15 - Anna: Hi", dt.datetime(2026, 3, 13, 9, 15)),
        ("13/3/2569 09:15 - Anna: Hi", dt.datetime(2026, 3, 13, 9, 15)),
        ("3/13/26, 12:05 a.m. - Anna: Hi", dt.datetime(2026, 3, 13, 0, 5)),
    ],
)
def test_whatsapps_export_is_read_in_its_forms(line: str, at: dt.datetime) -> None:
    found = messages(f"{line}\nsecond line\n")
    assert found == [Message("Hi\nsecond line", "Anna", at)]


def test_time_that_never_runs_backwards_tells_day_from_month() -> None:
    told = messages("03/04/2026, 09:00 - A: x\n04/03/2026, 09:00 - B: y\n")
    assert [each.at and each.at.month for each in told] == [3, 4]


def test_dates_that_cannot_be_told_are_left_out_and_said() -> None:
    text = read("03/04/2026, 09:00 - A: x\n05/06/2026, 09:00 - B: y\n")
    assert [each.at for each in messages_of([text])] == [None, None]
    assert "day or month" in text.notes[0]


def test_notices_of_the_chat_are_no_messages() -> None:
    told = messages("13/03/2026, 09:15 - Anna was added\n13/03/2026, 09:16 - Anna: Hi\n")
    assert [each.text for each in told] == ["Hi"]


@pytest.mark.parametrize(
    "told",
    [
        [{"from": "Anna", "at": "2026-03-02T09:15:00+00:00", "text": "Hi"}],
        {
            "messages": [
                {"from": "Anna", "date": "2026-03-02T09:15:00Z", "text": ["H", {"text": "i"}]}
            ]
        },
        [{"user": {"name": "Anna"}, "ts": "1772442900.0", "text": "Hi"}],
        [{"sender_name": "Anna", "timestamp": 1772442900000, "content": "Hi"}, {"type": "join"}],
    ],
)
def test_chats_exported_as_json_are_read_in_the_usual_words(told: object) -> None:
    (message,) = messages(json.dumps(told), "chat.json")
    at = dt.datetime(2026, 3, 2, 9, 15, tzinfo=dt.UTC)
    assert message == Message("Hi", "Anna", at)


@pytest.mark.parametrize(
    ("text", "said"), [('{"a": 1}', "no list of messages"), ("[1, 2", "damaged"), ("[]", "no list")]
)
def test_other_json_is_refused_with_an_example(text: str, said: str) -> None:
    with pytest.raises(UnusableError, match=said):
        read(text, "chat.json")


def test_pasted_talk_is_split_by_who_speaks_and_prose_is_not() -> None:
    talk = "Anna: Shall we?\nTom: Yes\nAnna: Good\nthen at nine\n"
    assert [(each.sender, each.text) for each in messages(talk)] == [
        ("Anna", "Shall we?"),
        ("Tom", "Yes"),
        ("Anna", "Good\nthen at nine"),
    ]
    prose = "Dear all,\nNote: we meet at nine.\nBest, Anna"
    assert messages(prose) == [Message(prose)]


def test_what_is_kept_is_read_back_the_same() -> None:
    text = read(MAIL, "a.eml")
    assert json.loads(text.data)["messages"][0]["from"] == "Jürgen <j@example.org>"
    assert messages_of([text, text]) == messages_of([text]) * 2


def test_too_many_messages_are_refused() -> None:
    lines = "13/03/2026, 09:15 - A: x\n" * (MOST_MESSAGES + 1)
    with pytest.raises(UnusableError, match="messages; 20,000 are the most"):
        read(lines)
    with pytest.raises(UnusableError, match=r"larger than 1e-05 MB"):
        read_text(Upload(b"a longer text"), "a.txt", 10)


@given(st.binary(max_size=300), st.sampled_from(["a.eml", "a.json", "a.mbox", "a.txt"]))
def test_any_bytes_are_messages_or_refused(data: bytes, name: str) -> None:
    for raw in (data, b"From: x\nDate: y\nSubject: z\n\n" + data, b"From a 09:00\n" + MAIL + data):
        with suppress(UnusableError):
            assert messages(raw, name)


@given(st.text(max_size=200))
def test_any_text_is_messages_or_refused(text: str) -> None:
    for raw in (text, f"13/03/2026, 09:15 - {text}", f"[{text}", f"A: {text}\nB: x\nA: y"):
        with suppress(UnusableError):
            assert messages(raw.encode("utf-8", "replace"))
