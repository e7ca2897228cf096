"""A workshop's own rate table: what is wrong with it is said by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from visiontools.answers.cost_rates import read_rates
from visiontools.data import data_path
from visiontools.errors import UsageError


@pytest.mark.parametrize(
    ("was", "now", "named"),
    [
        ("body_hour = [75, 105, 150]", "body_hour = [150, 105, 75]", "regions.europe.body_hour"),
        ('default_region = "europe"', 'default_region = "mars"', "'mars'"),
        ("[parts.bonnet]", "[parts.spoiler]", "parts.spoiler"),
        ("inspection_hours = 0.5", 'inspection_hours = "a while"', "inspection_hours"),
        ("inspection_hours = 0.5", "inspection_hours = nan", "inspection_hours"),
        ("inspection_hours = 0.5", "inspection_hours = -1", "inspection_hours"),
        ("blend_share", "blend_part", "blend_part"),
        ('currency = "GBP"', 'currency = "CHF"', "CHF"),
    ],
)
def test_a_fault_is_named_by_its_key(tmp_path: Path, was: str, now: str, named: str) -> None:
    text = data_path("rates.toml").read_text(encoding="utf-8")
    assert was in text
    own = tmp_path / "own.toml"
    own.write_text(text.replace(was, now), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_rates(str(own))
    assert named in caught.value.what
    assert "own.toml" in caught.value.what
    assert "\n" not in caught.value.what


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"not toml at all", "no valid TOML"), (b"\xff\xfe\x00", "not a text"), (b"", "label")],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read_rates(str(own))


def test_the_values_of_a_file_that_is_no_table_are_never_repeated(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('label = "x"\ndefault_region = "a"\nregions = "s3cret"\nparts = "s3cret"\n')
    with pytest.raises(UsageError) as caught:
        read_rates(str(own))
    assert "s3cret" not in str(caught.value)


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * 1_000_001)
    for path in (tmp_path / "none.toml", tmp_path, huge):
        with pytest.raises(UsageError, match="cannot be read"):
            read_rates(str(path))
