"""From what a server says went wrong to the error that says what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from visiontools.errors import (
    BlockedError,
    ContextFullError,
    CredentialsError,
    NoVisionError,
    OverloadedError,
    ServerFaultError,
    UnavailableError,
    UnknownModelError,
    UnreachableError,
)
from visiontools.models import fault_words as words
from visiontools.models.endpoint import Endpoint
from visiontools.models.policy import FaultError
from visiontools.models.profile import Says

_MOST_QUOTED = 160
_SECRET = re.compile(r"data:[^\s\"']+|[A-Za-z0-9+/=_-]{40,}|(?:sk|hf|gsk|pk)-\S+")

_SPEAKING = frozenset({400, 404, 410, 413, 415, 422, 500, 501})
"""Statuses whose words tell more than the number."""
_TELLING = (
    "error",
    "message",
    "msg",
    "detail",
    "code",
    "type",
    "status",
    "param",
    "details",
    "reason",
)
"""Where an error's body says what is wrong; the last two are Google's."""
_LATER = frozenset({408, 425, 429, 503, 529})


def complaint(body: Any) -> str:
    """The message and codes in an error's body: an object, a list of one, or plain text."""
    return " ".join(_said(body))


def _said(body: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(body, str):
        yield body[:2000]
    elif isinstance(body, list) and depth < 4:
        for part in body[:3]:
            yield from _said(part, depth + 1)
    elif isinstance(body, dict) and depth < 4:
        for key in _TELLING:
            yield from _said(body.get(key), depth + 1)


class RejectedError(Exception):
    """The server refused the request itself (400 or 422, or 500 from those that know no better).

    ``complaint`` is what it said, ``fault`` what to raise where nothing can be left out.
    """

    def __init__(self, complaint: str, fault: FaultError) -> None:
        super().__init__(complaint)
        self.complaint = complaint
        self.fault = fault


class Faults:
    """Words the errors of one endpoint. Never quotes a key or a picture."""

    def __init__(
        self, endpoint: Endpoint, key: str | None, says: tuple[Says, ...] = (), advice: str = ""
    ) -> None:
        """``says`` are the profile's, and ``advice`` what to do where the key is refused."""
        self._endpoint = endpoint
        self._key = key
        self._says = says
        self._advice = advice
        self._who = f"The server of endpoint '{endpoint.name}'"
        self._check = f"'visiontools endpoints check {endpoint.name}' lists what it has."

    def of_status(self, status: int, body: Any, after_s: float | None) -> FaultError:
        """An answer with an error status."""
        said = complaint(body)
        if told := self._of_profile(status, said):
            return told
        if status in (401, 403):
            return self.credentials(status)
        if status == 429 and words.QUOTA.search(said):
            return FaultError(
                OverloadedError(f"{self._who} says the quota is used up.", next="Check its plan.")
            )
        if status in _SPEAKING and (fault := self._of_words(said)):
            return fault
        if status in _LATER:
            return FaultError(self._later(status, after_s), retry=True, after_s=after_s)
        if status in (404, 405, 410):
            return self._wrong_url(status)
        return self._of_number(status, said, after_s)

    def of_body(self, body: Any) -> FaultError | None:
        """An error told in an answer whose status says all is well; None where it tells none."""
        told = body[0] if isinstance(body, list) and body else body
        error = told.get("error") if isinstance(told, dict) else None
        if not error:
            return None
        code = error.get("code") if isinstance(error, dict) else None
        if isinstance(code, int) and 400 <= code < 600:
            return self.of_status(code, body, None)
        said = complaint(body)
        quoted = f": {self._quote(said)}" if said else "."
        failed = ServerFaultError(
            f"{self._who} reports a failure{quoted}",
            next="Look into the server's log, or try again later.",
        )
        meant = self._of_profile(200, said) or self._of_words(said)
        return meant or FaultError(failed, retry=True)

    def elsewhere(self, status: int, location: str) -> FaultError:
        """A redirect: never followed, since key and picture are for the server that was named."""
        parts = urlsplit(location)
        host = self._clean(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")[:_MOST_QUOTED]
        named = f" to {host}" if parts.netloc else ""
        return FaultError(
            UnreachableError(
                f"{self._who} sends us on{named} (HTTP {status}), which is not followed: key and "
                "picture are for the server that was named.",
                next="If that is where the model is served, set the endpoint's url to it.",
            )
        )

    def credentials(self, status: int) -> FaultError:
        """The server's own words are not quoted: some repeat the key."""
        variable = self._endpoint.key_env
        if self._key is None:
            next = "Name where its key is: key_env, key_keyring or key_secret in its settings."
        elif self._advice:
            next = self._advice
        elif status == 401:
            next = f"Put a valid key into {variable or 'the variable named by key_env'}."
        else:
            next = f"Ask for access to '{self._endpoint.model}', or use another key."
        wants = "wants a key" if self._key is None else "does not accept the key"
        return FaultError(CredentialsError(f"{self._who} {wants} (HTTP {status}).", next=next))

    def unreachable(self, reason: str) -> FaultError:
        return FaultError(
            UnreachableError(
                f"No connection to {self._endpoint.url} (endpoint '{self._endpoint.name}'): "
                f"{reason}.",
                next="Start the server, or correct the endpoint's url.",
            )
        )

    def no_list(self) -> FaultError:
        """There is nothing where the list of models should be."""
        return FaultError(
            UnavailableError(
                f"{self._who} keeps no list of its models.",
                next="Ask whoever runs it for their names.",
            )
        )

    def broken(self, what: str) -> FaultError:
        """The server failed in a way that may pass."""
        return FaultError(
            ServerFaultError(
                f"{self._who} {what}.",
                next="Try again; if it stays, look into the server's log and check the url.",
            ),
            retry=True,
        )

    def hide(self, key: str) -> None:
        """Keep the key that is used now out of everything that is quoted."""
        self._key = key

    def _of_profile(self, status: int, said: str) -> FaultError | None:
        """What the profile knows of this server's words; never the words themselves."""
        here = self._endpoint
        for each in self._says:
            if each.fits(status, said, here.model):
                names = {
                    "model": here.model,
                    "endpoint": here.name,
                    "project": here.project or "PROJECT",
                    "region": here.region or "REGION",
                    "bucket": here.bucket or "BUCKET",
                }
                return FaultError(
                    each.error(each.what.format(**names), next=each.next.format(**names))
                )
        return None

    def _of_words(self, said: str) -> FaultError | None:
        error: UnavailableError | BlockedError | None = None
        said = self._unnamed(said)
        if words.CONTEXT.search(said):
            error = ContextFullError(
                f"Picture, question and talk do not fit the context of '{self._endpoint.model}'.",
                next="Start a new talk, send fewer or smaller pictures, or lower max_tokens.",
            )
        elif words.RETIRED.search(said):
            error = self._model("is retired or no longer served")
        elif words.DROPPED.search(said):
            error = self._model("is of an architecture this server no longer runs")
        elif words.UNKNOWN.search(said) and not re.search("image|vision", said, re.IGNORECASE):
            error = self._model("is unknown")
        elif words.TOO_BIG.search(said):
            error = UnavailableError(
                f"{self._who} will not take the picture: {self._quote(said)}",
                next="Lower longest_side in the endpoint's settings.",
            )
        elif words.NO_IMAGES.search(said):
            error = NoVisionError(
                f"'{self._endpoint.model}' at endpoint '{self._endpoint.name}' takes no pictures.",
                next="Serve a vision model there, or name another endpoint with --endpoint.",
            )
        elif words.FILTERED.search(said):
            error = BlockedError(
                f"{self._who} stopped the request with its own guard.",
                next="Hand in something else, or ask something else.",
            )
        return FaultError(error) if error else None

    def _unnamed(self, said: str) -> str:
        """Without the model's name, whose "Vision" tells nothing about what the server takes."""
        name = self._endpoint.model
        for part in (name, name.partition("/")[2], name.rpartition("/")[2]):
            said = re.sub(re.escape(part), "it", said, flags=re.IGNORECASE) if part else said
        return said

    def _model(self, what: str) -> UnknownModelError:
        return UnknownModelError(
            f"The model '{self._endpoint.model}' {what} at endpoint '{self._endpoint.name}'.",
            next=f"Set another model: {self._check}",
        )

    def _later(self, status: int, after_s: float | None) -> OverloadedError:
        asked = f" and asks to wait {after_s:.0f} s" if after_s is not None else ""
        return OverloadedError(
            f"{self._who} is overloaded or not ready (HTTP {status}){asked}.",
            next="Try again later, or name another endpoint with --endpoint.",
        )

    def _wrong_url(self, status: int) -> FaultError:
        return FaultError(
            UnreachableError(
                f"{self._endpoint.url} has no chat completions (HTTP {status}).",
                next="Correct the endpoint's url: it usually ends in /v1.",
            )
        )

    def _of_number(self, status: int, said: str, after_s: float | None) -> FaultError:
        if status == 413:
            return FaultError(
                ContextFullError(
                    f"{self._who} finds the request too large (HTTP 413).",
                    next="Lower longest_side in the endpoint's settings.",
                )
            )
        quoted = f": {self._quote(said)}" if said and "<" not in said else "."
        return FaultError(
            ServerFaultError(
                f"{self._who} answered HTTP {status}{quoted}",
                next="Look into the server's log, or try again later.",
            ),
            retry=status >= 500 and status not in (501, 505),
            after_s=after_s,
        )

    def _quote(self, said: str) -> str:
        """The server's words, short, without anything that looks like a key or a picture."""
        said = self._clean(said)
        short = said if len(said) <= _MOST_QUOTED else said[:_MOST_QUOTED].rstrip() + " ..."
        return f"'{short}'."

    def _clean(self, said: str) -> str:
        if self._key:
            said = said.replace(self._key, "...")
        shown = "".join(c if c.isprintable() else " " for c in _SECRET.sub("...", said))
        return " ".join(shown.split())
