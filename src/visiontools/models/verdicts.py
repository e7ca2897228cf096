"""Answers that are none: what they mean, and the error that says so."""

from __future__ import annotations

from visiontools.answers.prose import meaning
from visiontools.answers.repair import UnfitError
from visiontools.errors import (
    BlockedError,
    CannotTellError,
    InvalidAnswerError,
    NoVisionError,
    RefusedError,
    TruncatedError,
    VisiontoolsError,
)
from visiontools.models.endpoint import Endpoint


def meant(endpoint: Endpoint, text: str, *, shown: bool) -> VisiontoolsError | None:
    """What prose without any object means, if it means anything; ``shown`` a picture or not."""
    said = meaning(text)
    if said == "no_picture" and shown:
        return NoVisionError(
            f"'{endpoint.model}' at endpoint '{endpoint.name}' says that it got no picture: the "
            "server left it out.",
            next="Serve a vision model there, or name another endpoint with --endpoint.",
        )
    if said == "refused":
        return refused(endpoint)
    if said == "cannot_tell":
        if not shown:
            return CannotTellError(
                f"'{endpoint.model}' says that it cannot tell from this text.",
                next="Hand in more of it, or name a larger model with --endpoint.",
            )
        return CannotTellError(
            f"'{endpoint.model}' says that it cannot tell from this picture.",
            next="Try a sharper, brighter or closer picture.",
        )
    return None


def filtered(endpoint: Endpoint) -> BlockedError:
    return BlockedError(
        f"The server of endpoint '{endpoint.name}' stopped the answer with its own guard.",
        next="Hand in something else, or ask something else.",
    )


def refused(endpoint: Endpoint) -> RefusedError:
    return RefusedError(
        f"'{endpoint.model}' declined to answer.",
        next="Hand in something else, ask another question, or use another endpoint.",
    )


def truncated(endpoint: Endpoint, max_tokens: int) -> TruncatedError:
    return TruncatedError(
        f"The answer of '{endpoint.model}' was cut off at {max_tokens} tokens.",
        next=f"Raise max_tokens of endpoint '{endpoint.name}', or send less at once.",
    )


def invalid(endpoint: Endpoint, unfit: UnfitError, repairs: int) -> InvalidAnswerError:
    return InvalidAnswerError(
        f"'{endpoint.model}' gave no usable answer, also after {repairs} corrections: {unfit}.",
        next="Try again, hand in something else, or use a larger model.",
    )
