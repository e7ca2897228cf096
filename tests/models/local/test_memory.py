"""How much memory there is: the machine's, or what its container allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from visiontools.models.local import memory

MEMINFO = "MemTotal:       16000000 kB\nMemAvailable:    8000000 kB\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that says nothing yet."""
    for name in ("_MEMINFO", "_LIMIT", "_USED", "_PARTS"):
        monkeypatch.setattr(memory, name, tmp_path / name)
    return tmp_path


def test_a_linux_machine_says_what_is_available(machine: Path) -> None:
    (machine / "_MEMINFO").write_text(MEMINFO)
    assert memory.available_bytes() == 8_000_000 * 1024


@pytest.mark.parametrize(("limit", "left"), [("3000000000", 2_500_000_000), ("max", 8_192_000_000)])
def test_a_container_allows_its_limit_less_what_cannot_be_dropped(
    machine: Path, limit: str, left: int
) -> None:
    (machine / "_MEMINFO").write_text(MEMINFO)
    (machine / "_LIMIT").write_text(f"{limit}\n")
    (machine / "_USED").write_text("2000000000\n")
    (machine / "_PARTS").write_text("anon 500000000\nfile 1500000000\n")
    assert memory.available_bytes() == left


def test_where_nothing_is_said_all_that_is_built_in_counts(machine: Path) -> None:
    found = memory.available_bytes()
    assert found is None or found > 100_000_000
