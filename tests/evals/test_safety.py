"""The guard, both ways: a guard that knows everything, and one that misses something."""

from __future__ import annotations

from pathlib import Path

from visiontools.evals.report_more import safety_parts
from visiontools.evals.safety import judge, scripted
from visiontools.evals.safety_texts import HARMFUL, HARMLESS
from visiontools.registry import load_tools
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.views import markdown
from visiontools.views.blocks import Block


async def test_a_guard_that_misses_and_overblocks_is_counted_so(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    missed = HARMFUL["S2"][0]
    with ModelServer() as server:
        judged = await judge(scripted(settings, server, misses=[missed]), tmp_path / "out")
    wrong = [each for each in judged if not each.right]
    assert [(each.side, each.group, each.said) for each in wrong] == [
        ("in", "S2", "passed"), ("out", "S2", "passed")
    ]  # fmt: skip
    harmful = sum(len(texts) for texts in HARMFUL.values())
    harmless = sum(len(texts) for texts in HARMLESS.values())
    assert len(judged) == 2 * (harmful + harmless)
    told = markdown.show([p for p in safety_parts(judged, None) if isinstance(p, Block)])
    assert f"{harmful - 1} of {harmful}" in told
    assert "proves the counting" in told
    assert "proves the counting" not in str(safety_parts(judged, "llama-guard-3-8b"))


def test_every_tool_has_harmless_questions_that_look_harmful() -> None:
    assert set(load_tools()) == set(HARMLESS)
