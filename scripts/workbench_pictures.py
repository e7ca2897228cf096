"""Draw docs/pictures/: the workbench as a browser shows it, on the pictures in examples/.

.venv/bin/python scripts/workbench_pictures.py
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
INTO = ROOT / "docs" / "pictures"
WIDE = {"width": 1120, "height": 860}
NARROW = {"width": 390, "height": 844}
HIGHEST = 1000
TOOLS = {
    "diet": "diet",
    "flow_diagram": "diagram",
    "car_damage": "damage",
    "fridge": "fridge",
    "messages": "messages",
    "invite": "invite",
    "caption": "caption",
    "scene": "scene",
    "chart": "chart",
}
"""Each tool's picture, of its first sample."""
COLOURS = 96
"""Enough for these pages, and a quarter of the bytes."""


def main() -> int:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("There is no Chromium; install it: apt install chromium", file=sys.stderr)
        return 1
    INTO.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VISIONTOOLS_DATA_FOLDER"] = folder
        os.environ["VISIONTOOLS_CONFIG"] = str(Path(folder) / "visiontools.toml")
        Path(folder, "visiontools.toml").touch()
        from visiontools.settings import Settings
        from visiontools.testing.site import Site

        with Site(Settings.load()) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = browser.new_page(base_url=site.url, viewport=WIDE)
            draw(page)
            dark = browser.new_page(base_url=site.url, viewport=NARROW, color_scheme="dark")
            answered(dark, "car_damage")
            keep("telephone", dark.screenshot())
            browser.close()
    return 0


def draw(page: Page) -> None:
    page.goto("/")
    page.wait_for_load_state("networkidle")
    keep("workbench", page.screenshot())
    for tool, name in TOOLS.items():
        answered(page, tool)
        keep(name, page.locator("#answer .vt-card").screenshot())
    answered(page, "car_damage")
    page.locator("#answer").get_by_role("link", name="Evidence").click()
    page.get_by_text("What was sent to whom").click()
    keep("evidence", page.locator(".evidence").screenshot())
    page.goto("/records")
    keep("records", page.screenshot())


def answered(page: Page, tool: str) -> None:
    page.goto(f"/tools/{tool}")
    page.locator(".sample").first.click()
    page.wait_for_selector("#answer .vt-card")
    page.wait_for_load_state("networkidle")


def keep(name: str, shot: bytes) -> None:
    """Write what was taken, cut off where it gets long."""
    with Image.open(io.BytesIO(shot)) as taken:
        drawn = taken.convert("RGB").crop((0, 0, taken.width, min(taken.height, HIGHEST)))
    small = drawn.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(INTO / f"{name}.png", optimize=True)
    print(f"docs/pictures/{name}.png", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
