"""Show what visiontools does: run each tool on a picture in examples/ and say what to type next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = Path(sys.executable).with_name("visiontools")

CAR = "examples/car_damage"
FRIDGE = "examples/fridge"
RUNS = [
    (
        "Which drink has fewer calories? The built-in reader reads the labels.",
        ["diet", "examples/diet_two_drinks.png"],
    ),
    (
        "A flow diagram becomes a program. The built-in reader reads the diagram.",
        ["flow_diagram", "examples/flow_order.png"],
    ),
    (
        "What is damaged on this car? It takes eyes: here a person wrote down what is seen.",
        [
            "car_damage",
            "examples/car_damage.png",
            "--observation",
            "examples/car_damage.observation.json",
        ],
    ),
    (
        "What can I cook? It takes eyes: here a person wrote down what is seen.",
        ["fridge", f"{FRIDGE}.png", "--observation", f"{FRIDGE}.observation.json"],
    ),
]

NEXT = """\
Type next
  .venv/bin/visiontools run diet YOUR_PHOTO_OF_A_LABEL.jpg
  .venv/bin/visiontools run diet examples/diet_two_drinks.png --option goal=less_sugar
  .venv/bin/visiontools run flow_diagram examples/flow_order.png --option try=true
  .venv/bin/visiontools tools               the tools, their options and who can look
  .venv/bin/visiontools endpoints add home  set up a vision model, for tools that need eyes
  .venv/bin/visiontools records list        what you ran so far, also just now
  .venv/bin/visiontools --help
"""


def main() -> int:
    for title, arguments in RUNS:
        command = ["run", *arguments, "--again"]
        print(f"\n\033[1m{title}\033[0m" if sys.stdout.isatty() else f"\n{title}")
        print(f"$ visiontools {' '.join(command)}\n", flush=True)
        done = subprocess.run([PROGRAM, *command], cwd=ROOT)
        if done.returncode != 0:
            return done.returncode
    print(f"\n{NEXT}", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
