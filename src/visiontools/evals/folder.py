"""Your own pictures with their truth: a folder with ``cases.jsonl`` or ``cases.csv`` in it.

One case a line. ``file`` (or ``files``) are names in the folder. What is right is said by any of

- ``expected``: ``answer``, or ``none`` where "cannot tell" or "wrong picture" is right,
- ``observation``: what a person sees, as ``visiontools run TOOL --observation template`` prints it
  (in CSV: the name of a JSON file),
- a column whose name is a JSON pointer into the answer, such as ``/choice/index`` (in JSONL also
  together under ``answer``),
- ``reply``: what should be said to ``ask`` (several with ``|`` in CSV).

``tool``, ``id``, ``ask`` and ``condition`` are optional; ``options`` is an object (in CSV a column
each, such as ``option.goal``).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from visiontools.errors import UsageError
from visiontools.evals.cases import Case, Truth
from visiontools.evals.replies import MEASURES
from visiontools.misfits import misfits
from visiontools.registry import AnyTool, Tools
from visiontools.types import Upload

NAMES = ("cases.jsonl", "cases.csv")
_FIELDS = frozenset(
    {"file", "files", "tool", "id", "ask", "condition", "expected", "observation", "answer"}
    | {"reply", "by", "options"}
)
_MOST_FAULTS = 10


class FaultError(Exception):
    """What is wrong with one line."""


def read_folder(folder: Path, tools: Tools, tool: str | None) -> list[Case]:
    """The cases of a folder, for one tool or for all it names.

    Raises UsageError that says which lines do not fit and why; no line is silently left out, but
    those of other tools.
    """
    path = next((folder / name for name in NAMES if (folder / name).is_file()), None)
    if path is None:
        raise UsageError(
            f"{folder} has no {' or '.join(NAMES)}.",
            next="Write one line a picture: docs/evaluate.md shows how.",
        )
    cases: list[Case] = []
    faults: list[str] = []
    for number, row in _rows(path):
        try:
            case = _case(folder, row, tools, tool, number)
        except FaultError as error:
            faults.append(f"line {number}: {error}")
        else:
            cases += [case] if tool is None or case.tool == tool else []
    _check(path, cases, faults, tool)
    return cases


def _check(path: Path, cases: list[Case], faults: list[str], tool: str | None) -> None:
    if faults:
        more = f" And {len(faults) - _MOST_FAULTS} more." if len(faults) > _MOST_FAULTS else ""
        told = "; ".join(faults[:_MOST_FAULTS])
        raise UsageError(f"{path} does not fit: {told}.{more}", next="Correct these lines.")
    if not cases:
        what = f" for {tool}" if tool else ""
        raise UsageError(f"{path} has no case{what}.", next="Write one line a picture.")
    names = [case.id for case in cases]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(names) < 20_000 else []
    if twice:
        raise UsageError(
            f"{path} has two cases of one id: {', '.join(twice[:5])}.", next="Give each its own."
        )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read: {error}.", next="Save it as UTF-8 text."
        ) from None
    return _csv_rows(text) if path.suffix == ".csv" else _json_rows(path, text)


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(
                f"{path}, line {number}, is no JSON: {error}.", next="Write one object a line."
            ) from None
        if not isinstance(row, dict):
            raise UsageError(
                f"{path}, line {number}, is no object.", next="Write one object a line."
            )
        yield number, row


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """With what a cell cannot hold by itself put together: options, pointers, lists."""
    reader = csv.DictReader(io.StringIO(text), restkey="(too many cells)")
    for row in reader:
        told: dict[str, Any] = {key: value for key, value in row.items() if value not in ("", None)}
        for name in [name for name in told if name.startswith("/")]:
            told.setdefault("answer", {})[name] = _value(told.pop(name))
        for name in [name for name in told if name.startswith("option.")]:
            told.setdefault("options", {})[name.removeprefix("option.")] = told.pop(name)
        for name in ("files", "reply"):
            if name in told:
                told[name] = [each.strip() for each in told[name].split("|")]
        yield reader.line_num, told


def _value(cell: str) -> Any:
    """A number, true, false, null, or a JSON value; otherwise the words."""
    try:
        return json.loads(cell)
    except ValueError:
        return cell


def _case(
    folder: Path, row: Mapping[str, Any], tools: Tools, tool: str | None, number: int
) -> Case:
    row = {**row, "answer": {**row.get("answer", {}), **_pointers(row)}}
    row = {key: value for key, value in row.items() if not key.startswith("/")}
    if strange := sorted(set(row) - _FIELDS):
        raise FaultError(f"no such name is known here: {', '.join(strange)}")
    name = row.get("tool") or tool
    if name is None or name not in tools:
        raise FaultError(f"which tool? There are: {', '.join(tools)}")
    files = row.get("files") or ([row["file"]] if row.get("file") else [])
    paths = [_path(folder, each) for each in files]
    if not paths:
        raise FaultError("it names no file")
    return Case(
        id=str(row.get("id") or f"{number}-{'-'.join(path.name for path in paths)}"),
        tool=name,
        load=partial(_load, tuple(paths)),
        truth=_truth(folder, row, tools[name]),
        options=_options(row.get("options", {}), tools[name]),
        ask=row.get("ask"),
        condition=str(row.get("condition", "")),
    )


def _pointers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key.startswith("/")}


def _path(folder: Path, name: Any) -> Path:
    """A file in the folder, and nowhere else: a list from a stranger names no file of yours."""
    path = (folder / str(name)).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise FaultError(f"{name} is not in the folder")
    if not path.is_file():
        raise FaultError(f"there is no file {name}")
    return path


def _load(paths: tuple[Path, ...]) -> tuple[Upload, ...]:
    return tuple(Upload(path.read_bytes(), path.name) for path in paths)


def _options(given: Any, tool: AnyTool) -> dict[str, Any]:
    try:
        tool.options.model_validate(given)
    except ValidationError as error:
        raise FaultError(f"the options do not fit: {misfits(error)}") from None
    return dict(given)


def _truth(folder: Path, row: Mapping[str, Any], tool: AnyTool) -> Truth:
    observation = row.get("observation")
    if isinstance(observation, str):
        observation = _read_json(_path(folder, observation))
    if observation is not None:
        observation = _observation(observation, tool)
    expected = row.get("expected", "answer")
    if expected not in ("answer", "none"):
        raise FaultError(f"expected is 'answer' or 'none', not '{expected}'")
    said = row.get("reply", [])
    reply = tuple(str(each) for each in ([said] if isinstance(said, str) else said))
    if reply and not row.get("ask"):
        raise FaultError("it has a reply, but asks nothing")
    by = row.get("by", "exact")
    if by not in MEASURES:
        raise FaultError(f"'{by}' is no measure of replies: take {', '.join(MEASURES)}")
    answer = row.get("answer", {})
    if expected == "answer" and observation is None and not answer and not reply:
        raise FaultError("it does not say what is right")
    return Truth(expected, observation, answer, reply, by)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FaultError(f"{path.name} is no JSON: {error}") from None


def _observation(said: Any, tool: AnyTool) -> dict[str, Any]:
    told = {k: v for k, v in said.items() if k != "proposal"} if isinstance(said, dict) else said
    try:
        seen = tool.observation.model_validate(told, extra="forbid")
    except ValidationError as error:
        raise FaultError(f"the observation does not fit: {misfits(error)}") from None
    whole: dict[str, Any] = seen.model_dump(mode="json", by_alias=True)
    return whole
