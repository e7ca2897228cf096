"""``visiontools eval`` as a person meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.evals.planted_seen import picture
from visiontools.testing.model_server import ModelServer

CAR: dict[str, Any] = {
    "picture": "fits", "vehicles": [{"id": "A"}], "damage_visible": "no", "damages": [],
    "views": ["left"],
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def photos(home: Path, server: ModelServer) -> Path:
    """A folder of one's own with three cases, and two endpoints that can be asked."""
    box = f'url = "{server.url}"\nmodel = "scripted"\n'
    (home / "visiontools.toml").write_text(f"[endpoints.box]\n{box}[endpoints.gpu]\n{box}")
    folder = home / "photos"
    folder.mkdir()
    rows = ["file,expected,/damage_visible"]
    for name in ("a", "b", "c"):
        Image.new("RGB", (64, 40 + ord(name)), "tan").save(folder / f"{name}.png")
        rows.append(f"{name}.png,{'none,' if name == 'c' else ',no'}")
    (folder / "cases.csv").write_text("\n".join(rows) + "\n")
    return folder


def test_ones_own_pictures_are_measured_by_ones_own_model(
    cli: Any, home: Path, photos: Path, server: ModelServer
) -> None:
    server.say(CAR)
    said = cli("eval", "car_damage", "--data", "photos", "--endpoint", "box", "--out", "o")
    assert said.status == 0, said.err
    assert "of 3 facts it stated, 1 was wrong" in " ".join(said.out.split())
    assert "there was nothing to answer" in " ".join(said.out.split())
    assert "o/report.html" in said.err
    assert {each.name for each in (home / "o").iterdir()} >= {
        "report.html", "report.md", "figures.json", "charts", "results.jsonl"
    }  # fmt: skip
    again = cli(
        "eval", "car_damage", "--data", "photos", "--endpoint", "box", "--out", "o", "--json"
    )
    assert len(server.requests) == 3
    (row,) = again.json["figures"]
    assert (row["cases"], row["wrong_cases"]["hits"], row["data"]) == (3, 1, "photos")
    assert cli("records", "list", "--json").json == [], "measuring leaves no records among mine"


def test_two_endpoints_are_compared(cli: Any, photos: Path, server: ModelServer) -> None:
    server.say(CAR)
    said = cli("eval", "car_damage", "--data", "photos", "--compare", "box", "gpu", "--json")
    found = said.json["comparison"]
    assert (found["a"], found["b"], found["cases"], found["both"]) == ("box", "gpu", 3, 2)
    assert len(said.json["results"]) == 6


def test_a_budget_ends_it_with_what_was_measured(
    cli: Any, photos: Path, server: ModelServer
) -> None:
    server.say(CAR)
    args = ("eval", "car_damage", "--data", "photos", "--endpoint", "box", "--budget", "1.5")
    told = cli(*args)
    assert told.status == 2
    assert "--price box=" in told.err
    said = cli(*args, "--price", "box=10000/0")
    assert said.status == 0
    assert "The budget ended before 2 cases" in said.out
    assert len(server.requests) == 1


def test_corrections_become_cases(cli: Any, home: Path, photos: Path, server: ModelServer) -> None:
    (home / "car.png").write_bytes(picture().data)
    server.say(CAR)
    record = cli("run", "car_damage", "car.png", "--endpoint", "box", "--json").json
    assert "Nothing was put right" in cli("eval", "--save-corrections", "mine").err
    _correct(home, record["id"])
    said = cli("eval", "car_damage", "--save-corrections", "mine")
    assert "Saved 1 case in mine" in said.err
    (line,) = (home / "mine" / "cases.jsonl").read_text().splitlines()
    assert json.loads(line)["observation"]["vehicles"][0]["colour"] == "red"
    found = cli("eval", "car_damage", "--data", "mine", "--endpoint", "box", "--json")
    assert found.json["figures"][0]["cases"] == 1


def _correct(home: Path, record: str) -> None:
    """As the workbench does it."""
    import asyncio

    from visiontools.pipeline import Pipeline
    from visiontools.settings import Settings

    async def correct() -> None:
        async with Pipeline.open(Settings.load()) as pipeline:
            seen = {**CAR, "vehicles": [{"id": "A", "colour": "red"}]}
            await (await pipeline.correct("local", record, seen)).record()

    asyncio.run(correct())


def test_the_sets_are_described(cli: Any) -> None:
    said = cli("eval", "--describe")
    assert said.status == 0
    assert "Drawn nutrition labels" in said.out
    named = cli("eval", "--data", "invites", "--describe", "--json").json
    assert [each["name"] for each in named] == ["invites"]
    assert named[0]["tools"] == ["invite"]
    assert cli("eval", "diet", "--describe").out.count("Licence") == 3
    assert cli("eval", "--describe", "--data", "nothing").status == 2


def test_garbled_replies_of_one_tool(cli: Any, home: Path) -> None:
    said = cli("eval", "invite", "--data", "planted", "--limit", "1", "--json")
    assert said.status == 0
    assert all(each["invented"] == 0 for each in said.json["replies"])
    assert "planted observation" in (home / "evaluation" / "report.md").read_text()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("eval",), "Which tool is to be measured?"),
        (("eval", "birds"), "There is no tool named 'birds'"),
        (("eval", "diet", "--data", "nowhere"), "There is no data set or folder named 'nowhere'"),
        (("eval", "diet", "--data", "planted", "--data", "labels"), "measured by themselves"),
        (("eval", "diet", "--price", "x"), "cannot be read"),
        (("eval", "diet", "--data", "hf:lmms-lab/DocVQA"), "pip install datasets"),
        (("eval", "caption"), "reader does not serve caption"),
        (("eval", "caption", "--endpoint", "local"), "There is no data set for caption"),
    ],
)
def test_what_makes_no_sense_is_said(cli: Any, args: tuple[str, ...], said: str) -> None:
    told = cli(*args)
    assert told.status == 2
    assert said in told.err
    assert "Traceback" not in told.err


def test_everything_offline_in_small(cli: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from visiontools.evals import offline

    few = offline.Sizes({"labels": 1}, {"invites": 2, "threads": 1}, 1, ("messages",))
    monkeypatch.setattr(offline.Sizes, "held_to", classmethod(lambda cls, limit: few))
    said = cli("eval", "all", "--json")
    assert said.status == 0, said.err
    assert said.json["replies"] == said.json["as_planned"] > 30
    assert said.json["judged"] == said.json["judged_rightly"] > 60
    assert {row["endpoint"] for row in said.json["figures"]} == {"reader", "scripted"}
    told = (home / "evaluation" / "reliability.md").read_text()
    for name in ("reader", "wrong", "scripted", "planted"):
        assert f"](reliability/{name}.svg)" in told
        assert (home / "evaluation" / "reliability" / f"{name}.svg").is_file()
    assert "## Measure it yourself" in told
