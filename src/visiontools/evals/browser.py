"""Pages drawn by a real browser (headless Chromium), with drawing libraries bundled into them."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--virtual-time-budget=4000",
)  # fmt: skip
MARGIN = 24
BUNDLER = Path("node_modules/.bin/esbuild")


@cache
def bundled(package: str, name: str) -> str:
    """A package of npm, installed in the working folder, as one script that sets ``window.name``.

    Raises RuntimeError where it is not installed.
    """
    if not BUNDLER.is_file():
        raise RuntimeError(f"Run 'npm install --no-save {package} esbuild' here first.")
    entry = f'window.{name} = require("{package}");'
    command = [str(BUNDLER), "--bundle", "--minify", "--external:fs", "--external:path"]
    done = subprocess.run(command, input=entry, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{package} cannot be bundled: {done.stderr.strip()}")
    return done.stdout


def screenshot(html: str, *, width: int, height: int, scale: float) -> bytes:
    """The page as PNG, cut to what is drawn with a small margin. ``scale``: device pixels per px.

    Raises RuntimeError where there is no Chromium or it draws nothing.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise RuntimeError("There is no chromium here; install it (Debian: apt install chromium).")
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        page.write_text(html, "utf-8")
        subprocess.run(
            [
                program,
                *FLAGS,
                f"--user-data-dir={folder}/profile",
                f"--window-size={width},{height}",
                f"--force-device-scale-factor={scale}",
                f"--screenshot={shot}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )
        with Image.open(shot) as drawn:
            return _cut(drawn.convert("RGB"))


def _cut(drawn: Image.Image) -> bytes:
    paper = Image.new("RGB", drawn.size, drawn.getpixel((0, 0)))
    box = ImageChops.difference(drawn, paper).getbbox()
    if box is None:
        raise RuntimeError("Chromium drew an empty page.")
    left, top, right, bottom = box
    cut = drawn.crop(
        (
            max(0, left - MARGIN),
            max(0, top - MARGIN),
            min(drawn.width, right + MARGIN),
            min(drawn.height, bottom + MARGIN),
        )
    )
    buffer = io.BytesIO()
    cut.save(buffer, "PNG")
    return buffer.getvalue()
