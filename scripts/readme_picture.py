"""Draw docs/answer.svg: what the terminal shows for the two drinks in examples/.

.venv/bin/python scripts/readme_picture.py
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
COMMAND = ["run", "diet", "examples/diet_two_drinks.png"]
WIDTH = 92
ENDS_BEFORE = "Time"
"""What follows differs from run to run."""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [Path(sys.executable).with_name("visiontools"), *COMMAND],
            cwd=ROOT,
            env=os.environ
            | {
                "VISIONTOOLS_DATA_FOLDER": folder,
                "FORCE_COLOR": "1",
                "COLUMNS": str(WIDTH),
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
            },
            capture_output=True,
            text=True,
            check=True,
        )
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(f"[bold green]$[/] visiontools {' '.join(COMMAND)}\n")
    lines = done.stdout.strip().splitlines()
    lines = lines[: next(n for n, line in enumerate(lines) if ENDS_BEFORE in line)]
    console.print(Text.from_ansi("\n".join(lines)))
    drawing = console.export_svg(title="visiontools", unique_id="answer")
    # the fonts of the reader's machine serve as well; nothing is fetched from elsewhere
    drawing = re.sub(r"@font-face \{.*?\}\s*", "", drawing, flags=re.DOTALL)
    (ROOT / "docs" / "answer.svg").write_text(drawing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
