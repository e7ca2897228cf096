"""The pictures room's door: uploads in, pictures an observer can use out."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self, cast

from visiontools.errors import UnusableError, UsageError
from visiontools.pictures.kinds import BadPicture, misnamed, recognise, safe_name
from visiontools.pictures.order import LETTERS, MOST, File, Job
from visiontools.pictures.pool import Pool, WorkerFailed
from visiontools.types import Picture, PictureRules, Source, Upload

_LONGEST_NOTE = 400
_MEDIA: dict[bytes, Literal["image/jpeg", "image/png"]] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PN": "image/png",
}


class Preparer:
    """Makes uploads into pictures, in worker processes with limits on time and memory.

    ``timeout_s`` is for one picture (or one canvas of several), ``memory_mb`` a worker's address
    space, ``max_bytes`` and ``max_pixels`` what one upload may have. Use it within one event
    loop, and close it: ``async with Preparer() as preparer: ...``.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        timeout_s: float = 20,
        memory_mb: int = 1024,
        max_bytes: int = 20_000_000,
        max_pixels: int = 80_000_000,
    ) -> None:
        self._pool = Pool(workers=workers, timeout_s=timeout_s, memory_mb=memory_mb)
        self._max_bytes = max_bytes
        self._max_pixels = max_pixels

    @property
    def max_bytes(self) -> int:
        """The largest upload accepted."""
        return self._max_bytes

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the workers; nothing is left behind."""
        await self._pool.close()

    async def prepare(
        self,
        uploads: Sequence[Upload],
        rules: PictureRules,
        *,
        printed: bool,
        grid: bool = False,
    ) -> tuple[Picture, ...]:
        """One picture for each upload, or one canvas for all where ``rules.most`` is less.

        ``printed`` says that small print matters; ``grid`` draws the labelled grid over the
        picture. Raises UnusableError, naming the file, for whatever is no picture we can use, and
        UsageError for too many or none.
        """
        if not uploads:
            raise UsageError("No picture was given.", next="Add one and try again.")
        if grid and len(uploads) > 1:
            raise UsageError(
                f"{len(uploads)} pictures cannot share one grid.",
                next="Hand in one picture at a time.",
            )
        together = 1 < len(uploads) > rules.most
        if together and len(uploads) > MOST:
            raise UsageError(
                f"{len(uploads)} pictures are too many for one request.",
                next=f"Choose the {MOST} that matter most.",
            )
        try:
            files = [self._admit(upload) for upload in uploads]
        except BadPicture as bad:
            raise UnusableError(bad.what, next=bad.next) from None
        if together:
            return (await self._one(uploads, self._job(files, rules, printed)),)
        jobs = (
            self._one([upload], self._job([file], rules, printed, grid))
            for upload, file in zip(uploads, files, strict=True)
        )
        done = await asyncio.gather(*jobs, return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome
        return tuple(cast("list[Picture]", done))

    def _admit(self, upload: Upload) -> File:
        """The file, if its first bytes say that it is a picture. Raises BadPicture."""
        name = safe_name(upload.name)
        if not upload.data:
            raise BadPicture(f"{name} is empty.", "Copy or download it again.")
        if len(upload.data) > self._max_bytes:
            raise BadPicture(
                f"{name} is larger than {self._max_bytes / 1e6:g} MB, the most that can be used.",
                "Make it smaller or crop it.",
            )
        return File(name, recognise(upload.data, name), upload.data)

    def _job(
        self, files: Sequence[File], rules: PictureRules, printed: bool, grid: bool = False
    ) -> Job:
        return Job(tuple(files), rules, printed, self._max_pixels, grid)

    async def _one(self, uploads: Sequence[Upload], job: Job) -> Picture:
        files = job.files
        names = " and ".join(file.name for file in files)
        try:
            head = job.head(self._pool.timeout_s)
            # Hashing lets go of the interpreter, and overlaps with the worker's decoding.
            hashing = asyncio.get_running_loop().run_in_executor(None, _hashes, uploads)
            answer, blobs = await self._pool.ask(head, [file.data for file in files])
            hashes = await hashing
        except WorkerFailed as failed:
            raise self._failure(names, failed) from None
        try:
            return self._understood(names, files, hashes, answer, blobs)
        except (KeyError, TypeError, ValueError, IndexError):  # the worker is out of its mind
            raise self._failure(names, WorkerFailed()) from None

    def _understood(
        self,
        names: str,
        files: Sequence[File],
        hashes: list[str],
        answer: dict[str, Any],
        blobs: list[bytes],
    ) -> Picture:
        if answer.get("memory"):
            what = f"{names} needs more memory to decode than is allowed."
            raise UnusableError(what, next="Make it smaller, or save it as JPEG.")
        if "error" in answer:
            what, next = answer["error"]
            raise UnusableError(str(what), next=str(next))
        notes = [note for file in files if (note := misnamed(file.name, file.found))]
        return _picture(answer["picture"], blobs[0], hashes, notes)

    def _failure(self, names: str, failed: WorkerFailed) -> UnusableError:
        if failed.late:
            what = f"{names} could not be decoded within {self._pool.timeout_s:g} seconds."
            return UnusableError(what, next="Make it smaller, or save it as JPEG.")
        what = f"{names} made the decoder fail."
        return UnusableError(what, next="Open it in an image program and save it anew.")


def _hashes(uploads: Sequence[Upload]) -> list[str]:
    return [hashlib.sha256(upload.data).hexdigest() for upload in uploads]


def _picture(
    told: dict[str, Any], data: bytes, hashes: Sequence[str], notes: Sequence[str]
) -> Picture:
    """The worker's answer as a Picture; what can be known without the worker is."""
    media = _MEDIA[data[:3]]
    letters = LETTERS if len(hashes) > 1 else (None,)
    sources = tuple(
        Source(sha256, int(width), int(height), letter)
        for sha256, (width, height), letter in zip(hashes, told["sizes"], letters, strict=False)
    )
    said = tuple(str(note)[:_LONGEST_NOTE] for note in told["notes"])
    return Picture(
        data=data,
        media_type=media,
        width=int(told["width"]),
        height=int(told["height"]),
        sha256=hashlib.sha256(data).hexdigest(),
        sources=sources,
        notes=(*notes, *said),
    )
