"""CPU seconds of ``visiontools --help`` (user and system of the child, median of 7); bar 0.4.

Exits with 1 over the bar.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

RUNS = 7
BAR_S = 0.4


def cpu_s(command: list[str]) -> float:
    """CPU seconds of one run of a command, with everything it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> int:
    """Measure, print, judge."""
    program = Path(sys.executable).with_name("visiontools")
    command = [str(program), "--help"]
    cpu_s(command)  # the first run compiles the modules
    median = statistics.median(cpu_s(command) for _ in range(RUNS))
    print(f"visiontools --help: {median:.3f} s CPU (median of {RUNS}), bar {BAR_S} s")
    return 0 if median <= BAR_S else 1


if __name__ == "__main__":
    sys.exit(main())
