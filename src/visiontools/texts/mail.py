"""Mail: one message (.eml), or many in one file (.mbox), with nothing fetched and nothing run."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser

from visiontools.types import Message

_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]")
_CONTINUED = re.compile(rb"[ \t]")
_TELLING = (b"from", b"date", b"subject", b"message-id", b"received", b"return-path", b"to")
_MBOX = re.compile(rb"From \S+ .*\d{2}:\d{2}")
_NEXT_MAIL = re.compile(rb"(?:\A|\r?\n)From [^\r\n]*\r?\n(?=[A-Za-z][A-Za-z0-9-]*:)")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_QUOTED = re.compile(r"(?:^>.*(?:\n|\Z))+", re.MULTILINE)
_BLOCK = re.compile(r"p|div|br|tr|li|[uo]l|h[1-6]|blockquote|table|hr|pre")
_UNSEEN = frozenset(("script", "style", "head", "title", "template", "noscript"))


def is_mbox(data: bytes) -> bool:
    """Whether a file begins as a mailbox does: "From ", a sender and a time, then a header."""
    first, _, rest = data.partition(b"\n")
    return bool(_MBOX.match(first) and _HEADER.match(rest))


def is_mail(data: bytes, name: str) -> bool:
    """Whether a file begins with mail's headers: at least two that tell of a mail, or an .eml."""
    head = re.split(rb"\r?\n\r?\n", data.lstrip(b"\xef\xbb\xbf\r\n")[:64_000], maxsplit=1)[0]
    lines = head.splitlines()
    if not lines or not _HEADER.match(lines[0]):
        return False
    if not all(_HEADER.match(line) or _CONTINUED.match(line) for line in lines[:-1]):
        return False
    names = {line.partition(b":")[0].lower() for line in lines}
    return len(names & set(_TELLING)) >= (1 if name.lower().endswith(".eml") else 3)


def read_mail(data: bytes) -> tuple[list[Message], tuple[str, ...]]:
    """The one message of a mail, and a note on what of it was not read."""
    message, attached = _read(data.lstrip(b"\xef\xbb\xbf\r\n"))
    return [message], _not_read(attached)


def read_mbox(data: bytes) -> tuple[list[Message], tuple[str, ...]]:
    """The messages of a mailbox by their time; what each quotes of earlier ones is left out."""
    read = [_read(part) for part in _parts(data)]
    notes = _not_read(sum(attached for _, attached in read))
    messages = [message for message, _ in read]
    if len(messages) > 1:
        unquoted = [_without_quotes(message) for message in messages]
        if unquoted != messages:
            notes = (*notes, "What mails quote of others (lines that begin with >) was left out.")
        messages = unquoted
    if all(message.at for message in messages):
        messages.sort(key=lambda message: _instant(message.at))
    return messages, notes


def _parts(data: bytes) -> Iterator[bytes]:
    starts = list(_NEXT_MAIL.finditer(data))
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        part = data[start.end() : end.start() if end else None]
        yield _ESCAPED.sub(rb"\1", part)


def _instant(at: dt.datetime | None) -> dt.datetime:
    assert at is not None
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _without_quotes(message: Message) -> Message:
    left = _QUOTED.sub("", message.text).strip()
    return Message(left or message.text, message.sender, message.at, message.subject)


def _not_read(attached: int) -> tuple[str, ...]:
    if not attached:
        return ()
    many = "One attachment was" if attached == 1 else f"{attached} attachments were"
    return (f"{many} not read.",)


def _read(data: bytes) -> tuple[Message, int]:
    """A message, and how many attachments it has. Mail of any shape is read; none is refused."""
    mail = message_from_bytes(data, policy=policy.default)
    body = mail.get_body(preferencelist=("plain", "html"))
    attached = sum(part.is_attachment() for part in mail.walk() if isinstance(part, EmailMessage))
    text = _words(body) if body is not None else ""
    return Message(text, _header(mail, "From"), _date(mail), _header(mail, "Subject")), attached


def _words(body: MIMEPart) -> str:
    try:
        content = body.get_content()
    except (LookupError, KeyError, ValueError):  # a character set nobody knows
        payload = body.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    text = content if isinstance(content, str) else ""
    return _Plain.of(text) if body.get_content_subtype() == "html" else text


def _header(mail: EmailMessage, name: str) -> str | None:
    try:
        return str(mail.get(name) or "") or None
    except Exception:  # the parser fails in many ways on headers made to break it
        return None


def _date(mail: EmailMessage) -> dt.datetime | None:
    try:
        found = getattr(mail.get("Date"), "datetime", None)
    except Exception:
        return None
    return found if isinstance(found, dt.datetime) else None


class _Plain(HTMLParser):
    """The words of a mail in HTML; addresses behind links are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._unseen = 0

    @classmethod
    def of(cls, html: str) -> str:
        parser = cls()
        parser.feed(html)
        parser.close()
        lines = (" ".join(line.split()) for line in "".join(parser._parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif _BLOCK.fullmatch(tag):
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif _BLOCK.fullmatch(tag):
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(re.sub(r"\s+", " ", data))
