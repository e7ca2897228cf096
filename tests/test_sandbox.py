"""Code nobody has read can compute, and nothing else."""

from __future__ import annotations

import builtins

import pytest

from visiontools.errors import ConfigurationError
from visiontools.sandbox import Limits, run_sandboxed

SHORT = Limits(seconds=0.3, memory=5_000_000, output=1000, calls=20)


def test_it_computes_with_what_it_is_given() -> None:
    result = run_sandboxed(
        "print('sum')\ndouble(a) + 1", inputs={"a": 20}, functions={"double": lambda n: 2 * n}
    )
    assert result.ok
    assert result.value == 41
    assert result.printed == "sum\n"


def test_pieces_share_their_names() -> None:
    assert run_sandboxed(["def f():\n    return 1", "def f():\n    return 2", "f()"]).value == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("open('/etc/passwd').read()", "PermissionError"),
        ("open('/tmp/made', 'w')", "PermissionError"),
        ("import os\nos.system('id')", "AttributeError"),
        ("import os\nos.environ['HOME']", "RuntimeError"),
        ("import os\nos.listdir('/')", "PermissionError"),
        ("import pathlib\nlist(pathlib.Path('/').iterdir())", "PermissionError"),
        ("import socket", "ModuleNotFoundError"),
        ("from urllib.request import urlopen", "ModuleNotFoundError"),
        ("import subprocess", "ModuleNotFoundError"),
        ("import ctypes", "ModuleNotFoundError"),
        ("__import__('os')", "NameError"),
        ("().__class__.__base__.__subclasses__()", "AttributeError"),
        ("'a' * 10**12", "MemoryError"),
        ("x = [0]\nwhile True:\n    x = x + x", "MemoryError"),
        ("while True:\n    pass", "TimeoutError"),
        ("def f():\n    return f()\nf()", "RecursionError"),
        ("while True:\n    print('spam' * 100)", "MemoryError"),
        ("while True:\n    call()", "RuntimeError"),
        ("fail()", "ZeroDivisionError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def:", "identifier"),
    ],
)
def test_what_it_may_not_do_is_an_ordinary_error(code: str, error: str) -> None:
    functions = {"call": lambda: None, "fail": lambda: 1 // 0}
    result = run_sandboxed(code, functions=functions, limits=SHORT)
    assert not result.ok
    assert error in (result.error or "")
    assert "\n" not in (result.error or "")


def test_sleeping_takes_no_time_of_ours() -> None:
    assert run_sandboxed("import time\ntime.sleep(3600)\n'awake'").value == "awake"


def test_a_missing_sandbox_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **named: object) -> object:
        if name == "pydantic_monty":
            raise ImportError(name)
        return real(name, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigurationError, match="visiontools\\[sandbox\\]"):
        run_sandboxed("1")
