"""What goes wrong with a model on this machine, worded so that a person knows what to do."""

from __future__ import annotations

import re

from visiontools.errors import (
    ConfigurationError,
    ContextFullError,
    NoVisionError,
    ServerFaultError,
    UnavailableError,
    UnknownModelError,
)
from visiontools.models.faults import RejectedError
from visiontools.models.local.catalogue import seeing
from visiontools.models.local.shelf import Manifest, shown_size
from visiontools.models.policy import FaultError

_LESS = "Close other programs, give it less context (local_context), or pull a smaller model."
_MEMORY = re.compile(
    r"insufficient memory|out of memory|bad_alloc|(?:failed|unable) to (?:allocate|reserve)", re.I
)
_ARCHITECTURE = re.compile(r"unknown model architecture: '?([\w.-]{1,40})")
_PROJECTOR = re.compile(r"CLIP model|multimodal model|mmproj|projector", re.I)
_BROKEN = re.compile(
    r"corrupted|incomplete|file bounds|invalid magic|failed to read|missing tensor|"
    r"gguf_init|error loading model",
    re.I,
)
_CONTEXT = re.compile(r"exceeds? the available context|context size|exceed_context_size", re.I)
_PICTURE = re.compile(
    r"(?:decode|load|process|invalid|bitmap).{0,40}image|image.{0,40}(?:decode|invalid|bitmap)",
    re.I,
)
_NO_PICTURES = re.compile(r"image input is not supported", re.I)
_SCHEMA = re.compile(r"json.?schema|grammar|automatic parser generation", re.I)


def not_installed() -> ConfigurationError:
    """The extra is missing."""
    return ConfigurationError(
        "Models on this machine need xllamacpp, which is not installed.",
        next="Install it: pip install 'visiontools[local]'",
    )


def gone(name: str) -> UnknownModelError:
    """The model was removed, or its files were."""
    return UnknownModelError(
        f"The model '{name}' is not on this machine, or not all of it.",
        next="'visiontools models list' shows what is; 'visiontools models pull' fetches one.",
    )


def takes_no_pictures(name: str) -> NoVisionError:
    """A text model was asked about a picture."""
    return NoVisionError(
        f"The model '{name}' reads text only and takes no pictures.",
        next=f"Pull one that sees, with 'visiontools models pull NAME': {seeing()}.",
    )


def bad_picture(name: str) -> UnavailableError:
    """A picture llama.cpp cannot decode, or one that is not sent along."""
    return UnavailableError(
        f"llama.cpp could not take the picture in for '{name}'.", next="Use another picture."
    )


def too_large(manifest: Manifest, wanted: int, free: int) -> UnavailableError:
    """It would not fit; found out before it is loaded."""
    return UnavailableError(
        f"The model '{manifest.name}' needs about {shown_size(wanted)} of memory, and "
        f"{shown_size(free)} are free.",
        next=_LESS,
    )


def of_load(manifest: Manifest, log: str) -> UnavailableError:
    """What llama.cpp's log says about a model that could not be loaded."""
    again = f"Remove it ('visiontools models remove {manifest.name}') and pull it again."
    if found := _ARCHITECTURE.search(log):
        return UnknownModelError(
            f"llama.cpp does not run models like '{manifest.name}' (architecture {found[1]}).",
            next="Pull another one: 'visiontools models list' names some.",
        )
    if _MEMORY.search(log):
        return UnavailableError(
            f"There is not enough memory to load '{manifest.name}'.",
            next=_LESS,
        )
    if manifest.projector and _PROJECTOR.search(log):
        return UnavailableError(
            f"The projector {manifest.projector} does not work with '{manifest.name}'.", next=again
        )
    if _BROKEN.search(log):
        return UnavailableError(f"A file of the model '{manifest.name}' is broken.", next=again)
    return UnavailableError(f"llama.cpp could not load the model '{manifest.name}'.", next=again)


def died(manifest: Manifest, status: int | None) -> UnavailableError:
    """The process with the model ended: killed for its memory, most likely, or crashed."""
    if status == -9:
        return UnavailableError(
            f"The system ended the process with the model '{manifest.name}', most likely because "
            "memory ran out.",
            next=_LESS,
        )
    return ServerFaultError(
        f"llama.cpp crashed while '{manifest.name}' was answering (status {status}).",
        next="Try again; if it stays, pull another model.",
    )


def of_answer(manifest: Manifest, said: str, context: int) -> FaultError | RejectedError:
    """An error in place of an answer; RejectedError where other words may do."""
    name = manifest.name
    error: UnavailableError
    if _CONTEXT.search(said):
        error = ContextFullError(
            f"Picture, question and talk do not fit the {context} tokens of context that "
            f"'{name}' has.",
            next="Give it more context (local_context), start a new talk, or send less.",
        )
    elif _NO_PICTURES.search(said):
        error = takes_no_pictures(name)
    elif _PICTURE.search(said):
        error = bad_picture(name)
    else:
        error = ServerFaultError(
            f"llama.cpp reports a failure of '{name}': '{' '.join(said.split())[:120]}'.",
            next="Try again; if it stays, pull another model.",
        )
    fault = FaultError(error)
    return RejectedError(said, fault) if _SCHEMA.search(said) else fault
