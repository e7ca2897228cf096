"""visiontools turns a picture into a checked, typed answer: the model sees, code decides.

::

    import visiontools

    record = visiontools.run("diet", "label.png", options={"goal": "less_sugar"})
    print(record.outcome, record.message)
    print(record.answer["choice"])

``run`` is for scripts; in async code open a ``Pipeline`` once and start many runs. The names below
are the public ones; they load when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from visiontools.api import run as run
    from visiontools.errors import UnavailableError as UnavailableError
    from visiontools.errors import UnusableError as UnusableError
    from visiontools.errors import UsageError as UsageError
    from visiontools.errors import VisiontoolsError as VisiontoolsError
    from visiontools.pipeline import Pipeline as Pipeline
    from visiontools.settings import Settings as Settings
    from visiontools.tooling import Answer as Answer
    from visiontools.tooling import Case as Case
    from visiontools.tooling import Decision as Decision
    from visiontools.tooling import GuardPolicy as GuardPolicy
    from visiontools.tooling import Observation as Observation
    from visiontools.tooling import Options as Options
    from visiontools.tooling import Proposal as Proposal
    from visiontools.tooling import Reading as Reading
    from visiontools.tooling import Replied as Replied
    from visiontools.tooling import Report as Report
    from visiontools.tooling import Sample as Sample
    from visiontools.tooling import Tool as Tool
    from visiontools.types import Check as Check
    from visiontools.types import Outcome as Outcome
    from visiontools.types import Provenance as Provenance
    from visiontools.types import Record as Record
    from visiontools.types import Request as Request
    from visiontools.types import Upload as Upload

_HOME = {
    "run": "api",
    "UnavailableError": "errors",
    "UnusableError": "errors",
    "UsageError": "errors",
    "VisiontoolsError": "errors",
    "Pipeline": "pipeline",
    "Settings": "settings",
    "Answer": "tooling",
    "Case": "tooling",
    "Decision": "tooling",
    "GuardPolicy": "tooling",
    "Observation": "tooling",
    "Options": "tooling",
    "Proposal": "tooling",
    "Reading": "tooling",
    "Replied": "tooling",
    "Report": "tooling",
    "Sample": "tooling",
    "Tool": "tooling",
    "Check": "types",
    "Outcome": "types",
    "Provenance": "types",
    "Record": "types",
    "Request": "types",
    "Upload": "types",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'visiontools' has no attribute '{name}'")
    value = getattr(import_module(f"visiontools.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
