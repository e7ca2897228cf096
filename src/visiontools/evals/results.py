"""What came of each case, one line a case in a journal: what was measured is never measured twice.

The journal is written as cases end and read when a measurement begins again, also after its process
was killed. A line holds no picture, no prompt and no key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from visiontools.errors import StorageError
from visiontools.evals.scorers import Verdict

JOURNAL = "results.jsonl"


@dataclass(frozen=True, slots=True)
class Result:
    """One case by one observer.

    ``key`` names case, observer and version together; ``repairs`` counts the corrections asked for,
    ``seconds`` are those of the run's steps, ``cost`` is in ``currency``, and ``picture`` is the
    name of a small picture in the folder ``pictures`` beside the journal.
    """

    key: str
    case: str
    data: str
    tool: str
    endpoint: str
    model: str
    condition: str
    expected: str
    outcome: str
    verdict: Verdict
    right: int
    wrong: int
    missing: int
    why: tuple[str, ...]
    repairs: int
    attempts: int
    input_tokens: int
    output_tokens: int
    seconds: float
    cost: float | None
    currency: str
    checks_rightly: tuple[str, ...]
    checks_falsely: tuple[str, ...]
    caught: bool
    record: str
    picture: str = ""

    @classmethod
    def of(cls, told: dict[str, Any]) -> Result:
        """From a line of the journal. Raises TypeError where it is not one."""
        lists = ("why", "checks_rightly", "checks_falsely")
        given: dict[str, Any] = {k: tuple(v) if k in lists else v for k, v in told.items()}
        return cls(**given)


class Journal:
    """The results in a folder, the last of each key; raises StorageError where it cannot be used.

    ``fresh`` measures anew: what was written before is not looked at.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.path = folder / JOURNAL
        self._known: dict[str, Result] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not fresh and self.path.exists():
                self._known = {each.key: each for each in read_journal(self.path)}
            self._end_line()
        except OSError as error:
            raise _unusable(self.path, error) from None

    def get(self, key: str) -> Result | None:
        """What was measured before."""
        return self._known.get(key)

    def add(self, result: Result) -> None:
        """Write a line, whole: a process that is killed loses the one it was writing at most."""
        line = json.dumps(asdict(result), ensure_ascii=False) + "\n"
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:
            raise _unusable(self.path, error) from None
        self._known[result.key] = result

    def _end_line(self) -> None:
        """After a line that was cut off, the next begins on its own."""
        if self.path.exists() and self.path.stat().st_size:
            with self.path.open("rb+") as file:
                file.seek(-1, os.SEEK_END)
                if file.read() != b"\n":
                    file.write(b"\n")


def read_journal(path: Path) -> Iterable[Result]:
    """The results of a journal; a line that was cut off, or is of another version, is passed by."""
    names = {field.name for field in fields(Result)}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and told.keys() == names:
            yield Result.of(told)


def _unusable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} cannot be used: {error.strerror or error}.",
        next="Name another folder with --out.",
    )
