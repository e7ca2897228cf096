"""Every error visiontools raises on purpose.

    VisiontoolsError
    ├── UsageError                 the request itself makes no sense            exit 2
    │   └── ConfigurationError     the settings do
    │       └── StorageError       nothing can be kept now: read-only, full, or not answering
    │           └── DamagedError   what is there is not what was kept
    ├── CannotTellError            the observer is not sure enough to say       exit 10
    ├── WrongPictureError          not the kind of picture the tool needs       exit 11
    ├── RefusedError               the model will not answer                    exit 12
    ├── BlockedError               the guard stopped it                         exit 13
    ├── InvalidAnswerError         no valid observation came, after repairs     exit 14
    │   └── TruncatedError         the answer was cut off by the token limit
    ├── UnavailableError           nobody could answer                          exit 15
    │   ├── NeedsEyesError         the reader cannot see this; a model is needed
    │   ├── UnreachableError       no connection
    │   ├── CredentialsError       the server does not accept the key
    │   ├── UnknownModelError      the server has no such model (or no longer)
    │   ├── NoVisionError          the model takes no pictures
    │   ├── ContextFullError       picture, question and talk do not fit
    │   ├── OverloadedError        the server says: later
    │   ├── ServerFaultError       the server failed or spoke nonsense
    │   └── DeadlineError          no answer in the time allowed
    ├── UnusableError              the file is no picture we can use            exit 16
    └── CancelledError             somebody pressed Stop                        exit 17

Each says what happened, to what, and (``next``) what to do about it. ``outcome`` is how the
record of a run that met it ends; ``retryable`` whether asking again later may help.
"""

from __future__ import annotations

from typing import ClassVar

from visiontools.types import Outcome


class VisiontoolsError(Exception):
    """What happened, in one sentence for a person, and what to do next."""

    outcome: ClassVar[Outcome | None] = None
    retryable: ClassVar[bool] = False

    def __init__(self, what: str, *, next: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next = next

    @property
    def kind(self) -> str:
        """The error's name for programs: ``needs_eyes`` for NeedsEyesError."""
        name = type(self).__name__.removesuffix("Error")
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")

    def __str__(self) -> str:
        return f"{self.what} {self.next}".strip()


class UsageError(VisiontoolsError):
    """The request itself makes no sense: no such tool, no such option, no picture."""


class ConfigurationError(UsageError):
    """The settings make no sense."""


class StorageError(ConfigurationError):
    """Nothing can be kept or fetched now: the folder is read-only or full, or the bucket silent."""


class DamagedError(StorageError):
    """What was kept was changed or damaged since."""


class CannotTellError(VisiontoolsError):
    """The observer is not sure enough to say anything."""

    outcome = Outcome.CANNOT_TELL


class WrongPictureError(VisiontoolsError):
    """The picture is not of the kind the tool needs."""

    outcome = Outcome.WRONG_PICTURE


class RefusedError(VisiontoolsError):
    """The model will not answer."""

    outcome = Outcome.REFUSED


class BlockedError(VisiontoolsError):
    """The guard stopped what went in or what came out."""

    outcome = Outcome.BLOCKED


class InvalidAnswerError(VisiontoolsError):
    """No valid observation came, after the repairs allowed."""

    outcome = Outcome.INVALID


class TruncatedError(InvalidAnswerError):
    """The answer was cut off by the token limit, also after raising it once."""


class UnavailableError(VisiontoolsError):
    """Nobody could answer."""

    outcome = Outcome.UNAVAILABLE


class NeedsEyesError(UnavailableError):
    """The built-in reader cannot see this: a vision model, or a person, is needed."""


class UnreachableError(UnavailableError):
    """No connection to the server."""

    retryable = True


class CredentialsError(UnavailableError):
    """The server does not accept the key."""


class UnknownModelError(UnavailableError):
    """The server has no such model, or no longer."""


class NoVisionError(UnavailableError):
    """The model takes no pictures."""


class ContextFullError(UnavailableError):
    """Picture, question and talk so far do not fit the model's context."""


class OverloadedError(UnavailableError):
    """The server says: later."""

    retryable = True


class ServerFaultError(UnavailableError):
    """The server failed, or spoke nonsense."""

    retryable = True


class DeadlineError(UnavailableError):
    """No answer in the time allowed."""

    retryable = True


class UnusableError(VisiontoolsError):
    """The file is no picture we can use."""

    outcome = Outcome.UNUSABLE


class CancelledError(VisiontoolsError):
    """Somebody pressed Stop."""

    outcome = Outcome.CANCELLED
