"""The upper bound of a measured rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.evals.bounds import upper_bound


def test_the_upper_bound_is_clopper_and_pearsons() -> None:
    # With no wrong one of n the bound is 1 - 0.05 ** (1 / n).
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05**0.01, abs=1e-6)
    assert upper_bound(2, 50) == pytest.approx(0.1206, abs=1e-3)
    assert upper_bound(3, 100) == pytest.approx(0.0757, abs=2e-4)
    assert upper_bound(0, 0) == 1.0


def test_the_upper_bound_of_a_large_sample_is_found() -> None:
    assert upper_bound(20, 5000) == pytest.approx(0.0058, abs=2e-4)


@given(st.integers(0, 50), st.integers(1, 2000))
def test_the_upper_bound_lies_above_the_share(wrong: int, more: int) -> None:
    total = wrong + more
    assert wrong / total < upper_bound(wrong, total) <= 1
