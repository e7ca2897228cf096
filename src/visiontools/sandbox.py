"""Runs Python nobody has read, without files, network or processes.

The code runs in pydantic-monty's own interpreter, in a worker process with limits on time,
memory and calls to the outside; what is not offered to it by name does not exist for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visiontools.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of execution, bytes of memory and of output, calls to the given functions."""

    seconds: float = 2.0
    memory: int = 32_000_000
    output: int = 100_000
    calls: int = 1000
    depth: int = 200


@dataclass(frozen=True, slots=True)
class SandboxResult:
    """What came of a run: a value and what was printed, or an error in one line."""

    ok: bool
    value: Any = None
    printed: str = ""
    error: str | None = None


DEFAULT_LIMITS = Limits()


def run_sandboxed(
    code: str | Sequence[str],
    *,
    inputs: Mapping[str, Any] | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> SandboxResult:
    """Run code, or several pieces one after the other, and return the last one's value.

    ``inputs`` are its global names; ``functions`` are the only way out, called in this process
    with plain values. Whatever the code does ends as a result. Raises ConfigurationError where
    the sandbox is not installed.
    """
    try:
        import pydantic_monty as monty
    except ImportError as error:
        raise ConfigurationError(
            "The sandbox is not installed, so nothing can be run.",
            next="Install it with: pip install 'visiontools[sandbox]'",
        ) from error
    pieces = [code] if isinstance(code, str) else list(code)
    printed = monty.CollectString(max_bytes=limits.output)
    value = None
    pool = monty.Monty(max_processes=1, request_timeout=limits.seconds + 5)
    try:
        with pool, pool.checkout(limits=_limits(limits), os_policy={"sleep": "zero"}) as session:
            for number, piece in enumerate(pieces):
                value = session.feed_run(
                    piece,
                    inputs=dict(inputs or {}) if number == 0 else None,
                    external_lookup=dict(functions or {}),
                    print_callback=printed,
                )
    except monty.MontyError as error:
        return SandboxResult(False, printed=printed.output, error=_one_line(error))
    return SandboxResult(True, value, printed.output)


def _limits(limits: Limits) -> Any:
    return {
        "max_feed_duration_secs": limits.seconds,
        "max_memory": limits.memory,
        "max_recursion_depth": limits.depth,
        "max_suspensions": limits.calls,
    }


def _one_line(error: BaseException) -> str:
    display = getattr(error, "display", None)
    said = str(display("type-msg")) if display and hasattr(error, "traceback") else str(error)
    return " ".join(said.split())
