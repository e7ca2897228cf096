"""Cases through the pipeline against a real server: counted, kept, resumed, held to a budget."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from visiontools.errors import UsageError
from visiontools.evals.cases import Case, Truth, held
from visiontools.evals.planted_seen import picture
from visiontools.evals.results import JOURNAL, Journal, Result, read_journal
from visiontools.evals.runner import Measured, Plan, Progress, measure
from visiontools.evals.spending import Budget, Price, prices_of
from visiontools.models.endpoint import Endpoint
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer

CAR: dict[str, Any] = {
    "picture": "fits",
    "vehicles": [{"id": "A", "colour": "red"}],
    "damage_visible": "no",
    "damages": [],
    "views": ["left"],
}
DENT = {"vehicle": "A", "part": "front_door", "side": "left", "damage_type": "dent",
        "evidence": "A hollow in the lower half."}  # fmt: skip


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def settings(server: ModelServer, tmp_path: Path) -> Settings:
    box = Endpoint(url=server.url, model="scripted", deadline_s=20)
    return Settings(data_folder=tmp_path / "mine", endpoints={"box": box, "gpu": box})


def cases(count: int = 3) -> list[Case]:
    truth = Truth(observation=CAR)
    return [
        Case(f"car-{n}", "car_damage", held(picture()), truth, {"vehicle": f"{n}"})
        for n in range(count)
    ]  # fmt: skip


async def measured(settings: Settings, tmp_path: Path, listed: list[Case], **plan: Any) -> Measured:
    given = {"endpoints": ("box",), **plan}
    return await measure("cars", listed, Plan(settings=settings, out=tmp_path / "out", **given))


async def test_each_case_is_judged_and_counted(
    server: ModelServer, settings: Settings, tmp_path: Path
) -> None:
    server.say(CAR).say_raw("nothing of use").say(CAR).say(CAR | {"damages": [DENT]})
    told: list[Progress] = []
    found = await measured(settings, tmp_path, cases(), tell=told.append)
    right, repaired, wrong = found.results
    assert (right.verdict, right.repairs, right.attempts) == ("right", 0, 1)
    assert (repaired.verdict, repaired.repairs) == ("right", 1)
    assert (wrong.verdict, wrong.wrong) == ("wrong", 1)
    assert wrong.why == ("damage front_door left: not there",)
    assert wrong.caught, "the list and the word for it disagree, which a check says"
    assert wrong.picture
    assert (tmp_path / "out" / "pictures" / wrong.picture).is_file()
    assert not right.picture
    assert [(p.done, p.total) for p in told] == [(1, 3), (2, 3), (3, 3)]
    assert right.input_tokens == 100
    assert not (tmp_path / "mine").exists(), "nothing of it is among a person's records"


async def test_what_was_measured_is_not_asked_again(
    server: ModelServer, settings: Settings, tmp_path: Path
) -> None:
    server.say(CAR)
    first = await measured(settings, tmp_path, cases())
    again = await measured(settings, tmp_path, cases())
    assert again.results == first.results
    assert len(server.requests) == 3
    await measured(settings, tmp_path, cases(), again=True)
    assert len(server.requests) == 6


async def test_a_lost_journal_is_made_anew_from_the_records(
    server: ModelServer, settings: Settings, tmp_path: Path
) -> None:
    server.say(CAR)
    first = await measured(settings, tmp_path, cases())
    (tmp_path / "out" / JOURNAL).unlink()
    again = await measured(settings, tmp_path, cases())
    assert len(server.requests) == 3
    assert [each.record for each in again.results] == [each.record for each in first.results]


async def test_another_truth_is_judged_anew_without_asking(
    server: ModelServer, settings: Settings, tmp_path: Path
) -> None:
    server.say(CAR)
    await measured(settings, tmp_path, cases(1))
    other = Case("car-0", "car_damage", held(picture()), Truth(expected="none"), {"vehicle": "0"})
    found = await measured(settings, tmp_path, [other])
    assert found.results[0].verdict == "wrong"
    assert len(server.requests) == 1


async def test_several_endpoints_are_asked_the_same(
    server: ModelServer, settings: Settings, tmp_path: Path
) -> None:
    server.say(CAR)
    found = await measured(settings, tmp_path, cases(2), endpoints=("box", "gpu"), jobs=3)
    assert [each.endpoint for each in found.results] == ["box", "box", "gpu", "gpu"]


async def test_a_budget_stops_before_it_is_passed(
    server: ModelServer, settings: Settings, tmp_path: Path
) -> None:
    server.say(CAR)
    price = Price(10_000, 0, "EUR")  # each question has 100 tokens: 1 EUR
    budget = Budget(2.5, {"box": price})
    found = await measured(settings, tmp_path, cases(5), budget=budget, jobs=2)
    assert len(found.results) == 2
    assert found.left == 3
    assert budget.spent == pytest.approx(2.0)
    assert (found.results[0].cost, found.results[0].currency) == (1.0, "EUR")
    rest = await measured(settings, tmp_path, cases(5), budget=Budget(10, {"box": price}))
    assert len(rest.results) == 5
    assert len(server.requests) == 5, "what was paid for is not paid for twice"


async def test_an_unknown_endpoint_is_said_at_once(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'nobody'"):
        await measured(settings, tmp_path, cases(), endpoints=("nobody",))


def test_prices_are_read_as_they_are_written() -> None:
    assert prices_of(("box=0.35/0.40 EUR", "gpu=1/2")) == {
        "box": Price(0.35, 0.40, "EUR"), "gpu": Price(1, 2)
    }  # fmt: skip
    for wrong in ("box", "box=1", "=1/2", "box=a/b", "box=1/2 euros"):
        with pytest.raises(UsageError, match="cannot be read"):
            prices_of((wrong,))


def test_a_budget_without_a_price_is_refused() -> None:
    with pytest.raises(UsageError, match="what box costs is not known"):
        Budget(1).check(("reader", "box"), ("reader",))
    Budget().check(("box",), ())
    Budget(1, {"box": Price(1, 1)}).check(("reader", "box"), ("reader",))


def test_a_line_that_was_cut_off_costs_one_case(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    one = _result("one")
    journal.add(one)
    with journal.path.open("a") as file:
        file.write(json.dumps({"key": "tw"})[:7])
    again = Journal(tmp_path)
    assert again.get("one") == one
    again.add(_result("three"))
    assert [each.key for each in read_journal(again.path)] == ["one", "three"]
    assert Journal(tmp_path, fresh=True).get("one") is None


def _result(key: str) -> Result:
    return Result(
        key=key, case="c", data="d", tool="t", endpoint="e", model="m", condition="",
        expected="none", outcome="answered", verdict="wrong", right=0, wrong=1, missing=0,
        why=("so",), repairs=0, attempts=1, input_tokens=1, output_tokens=1, seconds=0.1,
        cost=None, currency="", checks_rightly=("a",), checks_falsely=(), caught=True, record="r",
    )  # fmt: skip


def _lines(path: Path) -> int:
    return path.read_text().count("\n") if path.exists() else 0


PROGRAM = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {folder!r})
from test_runner import cases
from visiontools.evals.runner import Plan, measure
from visiontools.models.endpoint import Endpoint
from visiontools.settings import Settings
box = Endpoint(url={url!r}, model="scripted")
out = Path({out!r})
settings = Settings(data_folder=out / "mine", endpoints={{"box": box}})
tell = lambda progress: print("measured", flush=True)
plan = Plan(settings=settings, out=out, endpoints=("box",), tell=tell)
asyncio.run(measure("cars", cases(8), plan))
"""


def test_a_killed_measurement_goes_on_where_it_was(
    server: ModelServer, settings: Settings, tmp_path: Path
) -> None:
    server.say(CAR, pause_s=0.05)
    out = tmp_path / "out"
    given = {"folder": str(Path(__file__).parent), "url": server.url, "out": str(out)}
    program = [sys.executable, "-c", PROGRAM.format(**given)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(3)] == ["measured\n"] * 3
        process.kill()
    assert _lines(out / JOURNAL) >= 3
    before = len(server.requests)
    assert 3 <= before < 8
    found = asyncio.run(measured(settings, tmp_path, cases(8)))
    assert [each.verdict for each in found.results] == ["right"] * 8
    assert len(server.requests) <= 9, "at most the one under way was asked for twice"
