"""From a model's words to a validated observation, or to what it must put right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Generic, TypeVar

from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic_core import ErrorDetails

from visiontools.answers.find import Span, candidates
from visiontools.answers.mend import parse, parse_mended

T = TypeVar("T", bound=BaseModel)

_MOST_PROBLEMS = 8
_MOST_ANSWER = 6000
_QUOTED = re.compile(r"'([^']*)'")
_LIST_GAP = re.compile(r"[\s,]*\Z")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, for anyone to read; ``given`` is the model's own words, for the model."""

    what: str
    given: str = ""


class UnfitError(Exception):
    """No object in the text fits the schema. ``found`` says whether there was any object."""

    def __init__(self, problems: tuple[Problem, ...], *, found: bool) -> None:
        super().__init__("; ".join(p.what for p in problems))
        self.problems = problems
        self.found = found


@dataclass(frozen=True, slots=True)
class _Fit(Generic[T]):
    """A candidate that validates, and how many of the schema's names it uses."""

    value: T
    score: int
    span: Span


def fit(text: str, schema: type[T], *, finished: bool = True) -> T:
    """The validated object in ``text``; raises UnfitError.

    Of several that validate, the one with most of the schema's names wins, then the later: models
    correct themselves forwards. ``finished`` says the model stopped by itself.
    """
    stripped = text.strip()
    if stripped.startswith("{") and stripped.endswith("}"):
        try:
            return _validate(parse(stripped), schema)[0]
        except (ValueError, UnfitError):
            pass  # the long way finds more, or says what is wrong
    return _search(text, schema, finished=finished)


def _search(text: str, schema: type[T], *, finished: bool) -> T:
    fits: list[_Fit[T]] = []
    unfit: list[tuple[int, UnfitError]] = []
    for candidate, span in candidates(text):
        if not span.closed and (fits or not finished):
            continue
        try:
            value, score = _validate(_parse(candidate, close=not span.closed), schema)
        except UnfitError as error:
            unfit.append((_names_in(candidate, schema), error))
        except ValueError as error:
            unfit.append((_names_in(candidate, schema), _unreadable(error)))
        else:
            fits.append(_Fit(value, score, span))
    if fits:
        return _best(text, fits)
    if unfit:
        raise max(unfit, key=lambda pair: pair[0])[1]
    raise UnfitError((Problem("there is no complete JSON object in it"),), found=False)


def _unreadable(error: ValueError) -> UnfitError:
    return UnfitError((Problem(f"it is not valid JSON ({error})"),), found=True)


def _best(text: str, fits: list[_Fit[T]]) -> T:
    top = max(fit.score for fit in fits)
    best = [fit for fit in fits if fit.score == top]
    for one, other in pairwise(best):
        if _LIST_GAP.match(text, one.span.end, other.span.start) and one.value != other.value:
            what = "it is a list of objects where one object was asked for"
            raise UnfitError((Problem(what),), found=True)
    return best[-1].value


def _parse(candidate: str, *, close: bool) -> Any:
    try:
        return parse(candidate)
    except ValueError:
        return parse_mended(candidate, close=close)


def _validate(data: Any, schema: type[T]) -> tuple[T, int]:
    """The value and its score. An object without any of the schema's names is no answer."""
    known = _names(schema)
    data, score = _unwrap(data, known)
    if _is_a_schema(data, known):
        raise UnfitError((Problem("it is the schema itself, not an answer by it"),), found=True)
    if known and not score:
        names = ", ".join(list(known)[:_MOST_PROBLEMS])
        what = f"it has none of the fields asked for ({names})"
        raise UnfitError((Problem(what),), found=True)
    try:
        return schema.model_validate(data), score
    except ValidationError as error:
        first = error
    if _respell(data, first.errors(include_url=False)):
        try:
            return schema.model_validate(data), score
        except ValidationError as error:
            first = error
    raise UnfitError(_problems(first), found=True) from None


def _is_a_schema(data: Any, known: frozenset[str]) -> bool:
    """Whether a model said its instructions again; a "description" is in both."""
    if not isinstance(data, dict) or "properties" in known:
        return False
    return data.get("type") == "object" and isinstance(data.get("properties"), dict)


def _unwrap(data: Any, known: frozenset[str]) -> tuple[Any, int]:
    """Look inside a wrapper such as ``{"answer": {...}}``."""
    score = len(known & data.keys()) if isinstance(data, dict) else 0
    if not score and isinstance(data, dict) and len(data) == 1:
        (inner,) = data.values()
        if isinstance(inner, dict) and known & inner.keys():
            return inner, len(known & inner.keys())
    return data, score


@lru_cache(maxsize=256)
def _names(schema: type[BaseModel]) -> frozenset[str]:
    names = set(schema.model_fields)
    for field in schema.model_fields.values():
        alias = field.validation_alias
        if isinstance(alias, AliasChoices):
            names.update(choice for choice in alias.choices if isinstance(choice, str))
        elif isinstance(alias, str):
            names.add(alias)
    return frozenset(names)


def _names_in(candidate: str, schema: type[BaseModel]) -> int:
    return sum(name in candidate for name in _names(schema))


def _respell(data: Any, errors: list[ErrorDetails]) -> bool:
    """Put right choices that differ only in case and spacing ("Per 100 ml" for per_100ml)."""
    changed = False
    for error in errors:
        if error["type"] not in ("literal_error", "enum") or not isinstance(error["input"], str):
            return False
        allowed = _QUOTED.findall(str(error.get("ctx", {}).get("expected", "")))
        meant = [choice for choice in allowed if _bare(choice) == _bare(error["input"])]
        if len(meant) != 1 or not _put(data, error["loc"], error["input"], meant[0]):
            return False
        changed = True
    return changed


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _put(data: Any, loc: tuple[int | str, ...], was: str, now: str) -> bool:
    """Replace the value at ``loc``; False where the path is not one of plain names and indexes."""
    try:
        for key in loc[:-1]:
            data = data[key]
        if data[loc[-1]] != was:
            return False
        data[loc[-1]] = now
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _problems(error: ValidationError) -> tuple[Problem, ...]:
    errors = error.errors(include_url=False)
    problems = [
        Problem(
            f"{'.'.join(map(str, e['loc'])) or 'the object'}: {e['msg']}",
            "" if e["type"] == "missing" else repr(e["input"])[:80],
        )
        for e in errors[:_MOST_PROBLEMS]
    ]
    if len(errors) > _MOST_PROBLEMS:
        problems.append(Problem(f"and {len(errors) - _MOST_PROBLEMS} more like these"))
    return tuple(problems)


def repair_turn(answer: str, error: UnfitError) -> list[dict[str, str]]:
    """The two messages that show a model its answer and what is wrong with it."""
    lines = [f"- {p.what}" + (f" (you wrote {p.given})" if p.given else "") for p in error.problems]
    ask = "\n".join(
        (
            "That answer cannot be used:",
            *lines,
            "Answer again with the whole corrected JSON object and nothing else. Change only what "
            "is wrong; where the picture does not show a value, use null if the schema allows it.",
        )
    )
    return [
        {"role": "assistant", "content": answer[:_MOST_ANSWER]},
        {"role": "user", "content": ask},
    ]
