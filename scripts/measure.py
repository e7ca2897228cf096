"""The full measurements: benchmarks, and the reader on drawn sets with exact truth.

    make measure          about an hour on two cores

Figures go to the screen and, with machine and date, to measured/ (not kept in the repository).
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUT = ROOT / "measured"
MODULE = [sys.executable, "-m"]
HELD_OUT_LABELS = "visiontools.evals.labels_html:render_html"

MEASUREMENTS = {
    "overhead": [sys.executable, "benchmarks/overhead.py"],
    "prepare": [sys.executable, "benchmarks/prepare.py"],
    "help": [sys.executable, "benchmarks/help.py"],
    "serve": [sys.executable, "benchmarks/serve.py"],
    "label": [sys.executable, "benchmarks/label.py"],
    "guard": [sys.executable, "benchmarks/guard.py"],
    "load": [sys.executable, "benchmarks/load.py"],
    "messages": [sys.executable, "benchmarks/messages.py"],
    "needles": [*MODULE, "visiontools.evals.needles"],
    "labels": [*MODULE, "visiontools.evals.labels", "measure", "--count", "200", "--jobs", "2"],
    "labels-digits": [*MODULE, "visiontools.evals.labels", "digits"],
    "labels-held-out": [
        *MODULE, "visiontools.evals.labels", "measure", "--count", "60", "--jobs", "2",
        "--renderer", HELD_OUT_LABELS,
    ],
    "charts": [*MODULE, "visiontools.evals.charts", "measure", "--count", "100", "--seed", "103"],
    "receipts": [
        *MODULE, "visiontools.evals.charts", "measure", "--count", "100", "--seed", "103",
        "--renderer", "receipt",
    ],
    "charts-other": [
        *MODULE, "visiontools.evals.charts", "measure", "--count", "48", "--seed", "103",
        "--renderer", "other",
    ],
    "charts-faults": [
        *MODULE, "visiontools.evals.charts", "measure", "--count", "40", "--seed", "103",
        "--renderer", "erased", "--renderer", "false_total",
    ],
    "charts-digits": [
        *MODULE, "visiontools.evals.charts", "digits", "--count", "24", "--seed", "103",
        "--renderer", "drawn", "--renderer", "table", "--renderer", "receipt",
    ],
    "charts-held-out": [
        *MODULE, "visiontools.evals.charts", "measure", "--count", "60", "--seed", "103",
        "--renderer", "vega", "--renderer", "table_html", "--renderer", "receipt_html",
    ],
    "diagrams": [*MODULE, "visiontools.evals.diagrams", "measure", "--count", "400", "--jobs", "2"],
    "diagrams-flowchart-js": [
        *MODULE, "visiontools.evals.diagrams", "measure", "--count", "120", "--jobs", "2",
        "--renderer", "flowchart_js",
    ],
    "diagrams-held-out": [
        *MODULE, "visiontools.evals.diagrams", "measure", "--count", "120", "--jobs", "2",
        "--renderer", "nomnoml",
    ],
}  # fmt: skip
SCRIPTS = ("mermaid", "flowchart.js", "nomnoml", "vega", "vega-lite", "vega-embed", "esbuild")


def main() -> int:
    chosen = sys.argv[1:] or list(MEASUREMENTS)
    if unknown := [name for name in chosen if name not in MEASUREMENTS]:
        print(f"There is no {', '.join(unknown)}; there are: {', '.join(MEASUREMENTS)}.")
        return 2
    if any(name.startswith(("diagrams", "charts-held")) for name in chosen) and not _scripts():
        return 1
    OUT.mkdir(exist_ok=True)
    missed = [name for name in chosen if not measure(name)]
    print("\nEvery bar held." if not missed else f"\nBars missed: {', '.join(missed)}.")
    return 1 if missed else 0


def measure(name: str) -> bool:
    """Run one measurement; its output goes to the screen and to a file."""
    print(f"\n== {name}: {' '.join(MEASUREMENTS[name][1:])}", flush=True)
    done = subprocess.run(
        MEASUREMENTS[name],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    print(done.stdout, end="")
    (OUT / f"{name}.txt").write_text(f"{_where()}\n{done.stdout}")
    return done.returncode == 0


def _scripts() -> bool:
    """The drawing libraries that the sets of diagrams and charts need, from the npm registry."""
    if all((ROOT / "node_modules" / name).is_dir() for name in SCRIPTS):
        return True
    try:
        done = subprocess.run(
            ["npm", "install", "--no-save", "--no-audit", "--no-fund", *SCRIPTS],
            cwd=ROOT,
            stdout=sys.stderr,
        )
    except FileNotFoundError:
        print(
            "Drawing diagrams and charts needs npm: install Node.js and run this again.",
            file=sys.stderr,
        )
        return False
    return done.returncode == 0


def _where() -> str:
    cores = os.cpu_count()
    when = dt.datetime.now().date().isoformat()
    return f"{when}, {platform.machine()}, {cores} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
