"""Import what the service imports, so that the image holds the bytecode of that and no more.

The file system it runs on is read only, so that what is not compiled now is compiled at every
start; compiling everything would make the image a tenth larger.
"""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from pathlib import Path

import visiontools
from visiontools.doors.chat.load import load
from visiontools.settings import Settings

SELDOM = ("visiontools.evals.", "visiontools.testing.", "visiontools.doors.cli.eval")
"""What measures, and the servers it measures with: there for 'visiontools eval', never served."""
LAZY = (  # imported by others where they are first used
    "rapidocr.main",
    "rapidocr.inference_engine.onnxruntime",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "uvicorn.lifespan.on",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "google.auth.transport.requests",
    "google.cloud.storage",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.sdk.trace.export",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        load(Settings(data_folder=Path(folder)))  # Chainlit looks round where it is first imported
    for module in pkgutil.walk_packages(visiontools.__path__, "visiontools."):
        unwanted = module.name.endswith(("__main__", "migrations.env"))
        if not unwanted and not module.name.startswith(SELDOM):
            importlib.import_module(module.name)
    for name in LAZY:
        importlib.import_module(name)


if __name__ == "__main__":
    main()
