"""What docs/deploy.md says a month costs is what deploy/costs.py reckons."""

from __future__ import annotations

import runpy

import pytest
from tests.deploy.bench import ROOT

COSTS = runpy.run_path(str(ROOT / "deploy" / "costs.py"))


def test_the_page_has_the_tables_and_their_date() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text()
    assert COSTS["table"]() in page
    assert COSTS["DATE"] in page
    assert COSTS["prices"]() in page


def test_the_sums_are_those_of_the_prices() -> None:
    assert COSTS["service"]("small", 1000) == pytest.approx(1000 * 10 * (0.000024 + 2 * 0.0000025))
    assert COSTS["service"]("standard", 1000) == pytest.approx(730 * 3600 * 0.000044)
    assert COSTS["database"]("small") == pytest.approx(730 * (0.0105 + 10 * 0.000232877))
    assert COSTS["l4_hours"](1000) == pytest.approx(1000 * 20 / 3600 + 100 * 0.25)
    assert COSTS["l4_hours"](1_000_000) == 730
    assert COSTS["managed"](1000) == pytest.approx(2.5 * 0.35 + 0.6 * 1.15)
