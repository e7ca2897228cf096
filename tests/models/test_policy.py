"""One policy says when to ask again and when to stop."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.errors import OverloadedError
from visiontools.models.policy import FaultError, Policy, retry_after, retrying

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Attempts:
    """Fails as scripted, then succeeds; notes the waits."""

    def __init__(self, *faults: FaultError) -> None:
        self.faults = list(faults)
        self.made = 0
        self.waits: list[float] = []

    async def attempt(self) -> str:
        self.made += 1
        if self.faults:
            raise self.faults.pop(0)
        return "done"

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def run(self, seconds: float = 100, policy: Policy | None = None) -> str:
        deadline = time.monotonic() + seconds
        return await retrying(self.attempt, deadline, policy or Policy(), self.sleep)


def fault(*, retry: bool = True, after_s: float | None = None) -> FaultError:
    return FaultError(OverloadedError("later"), retry=retry, after_s=after_s)


async def test_waits_double_and_are_never_the_same_for_everybody():
    attempts = Attempts(*(fault() for _ in range(4)))
    assert await attempts.run() == "done"
    for wait, longest in zip(attempts.waits, (0.5, 1, 2, 4), strict=True):
        assert longest / 2 <= wait <= longest


async def test_the_servers_own_wait_wins():
    attempts = Attempts(fault(after_s=7))
    assert await attempts.run() == "done"
    assert attempts.waits == [7]


async def test_a_wait_beyond_the_deadline_is_not_begun():
    attempts = Attempts(fault(after_s=200))
    with pytest.raises(OverloadedError):
        await attempts.run(seconds=100)
    assert (attempts.made, attempts.waits) == (1, [])


async def test_what_will_not_pass_is_not_tried_again():
    attempts = Attempts(fault(retry=False))
    with pytest.raises(OverloadedError):
        await attempts.run()
    assert attempts.made == 1


async def test_the_retries_are_counted():
    attempts = Attempts(*(fault() for _ in range(9)))
    with pytest.raises(OverloadedError):
        await attempts.run(policy=Policy(retries=3))
    assert attempts.made == 4


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("-3", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_no_header_raises(value):
    wait = retry_after(value, NOW)
    assert wait is None or wait >= 0
