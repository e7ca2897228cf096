"""Finding tools: the built-in ones, a package's (entry points) and the user's own folder.

All three come in by the same door: a Python module that defines subclasses of ``Tool``.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from visiontools import tools as builtin_tools
from visiontools.errors import ConfigurationError, UsageError
from visiontools.tooling import Tool

AnyTool = Tool[Any, Any, Any]
ENTRY_POINTS = "visiontools.tools"
TOOL_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
"""What a tool may be called."""
_DECLARED = ("name", "title", "summary", "needs", "observation", "answer", "prompt")


class Tools(Mapping[str, AnyTool]):
    """The tools by name; ``problems`` says which files could not be loaded, and why."""

    def __init__(self, tools: Mapping[str, AnyTool], problems: tuple[str, ...] = ()) -> None:
        self._tools = dict(sorted(tools.items()))
        self.problems = problems

    def __getitem__(self, name: str) -> AnyTool:
        return self._tools[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def __len__(self) -> int:
        return len(self._tools)

    def find(self, name: str) -> AnyTool:
        """The tool of that name; UsageError that names the nearest ones otherwise."""
        if name in self._tools:
            return self._tools[name]
        import difflib

        near = difflib.get_close_matches(name, self._tools, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(self._tools)}."
        broken = " ".join(p for p in self.problems if name in p)
        raise UsageError(f"There is no tool named '{name}'.", next=f"{hint} {broken}".strip())


def load_tools(folder: Path | None = None) -> Tools:
    """Load every tool. A file that fails to load is reported in ``problems``, not raised."""
    tools: dict[str, AnyTool] = {}
    problems: list[str] = []
    for origin, load in _modules(folder):
        try:
            for tool in _tools_in(load()):
                if tool.name in tools:
                    raise ConfigurationError(f"a tool named '{tool.name}' exists already.")
                tools[tool.name] = tool
        except (Exception, SystemExit) as error:  # whatever a user's file does, the others load
            problems.append(f"{origin} was left out: {type(error).__name__}: {error}")
    return Tools(tools, tuple(problems))


def _modules(folder: Path | None) -> Iterator[tuple[str, Any]]:
    for found in pkgutil.iter_modules(builtin_tools.__path__):
        name = f"{builtin_tools.__name__}.{found.name}"
        yield name, lambda name=name: importlib.import_module(name)
    for point in entry_points(group=ENTRY_POINTS):
        yield f"{point.name} ({point.value})", point.load
    if folder is not None and folder.is_dir():
        for path in sorted(folder.glob("[!_.]*.py")):
            yield str(path), lambda path=path: _load_file(path)


def _load_file(path: Path) -> ModuleType:
    name = f"visiontools_user_tools.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"{path} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic looks annotations up here
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _tools_in(module: ModuleType) -> list[AnyTool]:
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, Tool)
        and value.__module__ == module.__name__
        and not inspect.isabstract(value)
    ]
    if not classes:
        raise ConfigurationError("it defines no tool (a subclass of visiontools.Tool).")
    return [_checked(cls) for cls in classes]


def _checked(cls: type[AnyTool]) -> AnyTool:
    missing = [field for field in _DECLARED if not hasattr(cls, field)]
    if missing:
        raise ConfigurationError(f"{cls.__name__} does not say its {', '.join(missing)}.")
    if not TOOL_NAME.fullmatch(cls.name):
        raise ConfigurationError(
            f"'{cls.name}' is no tool name: 2 to 40 small letters, digits and underscores."
        )
    return cls()
