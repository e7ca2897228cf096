"""What ``visiontools endpoints check`` and a run say about ``transformers serve``."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.counterparts.program import visiontools
from tests.counterparts.service import Service

from visiontools.testing.local_http import free_port

from .conftest import ENDLESS, NAME, endpoint, serve

CAR = str(Path(__file__).parents[3] / "examples" / "car_damage.png")
ELSE = "visiontools-tests/another"


def test_the_check_finds_server_and_model_and_tells_that_it_cannot_answer(
    server: Service, tmp_path: Path
) -> None:
    said = visiontools(tmp_path, {"here": endpoint(server.url)}, "endpoints", "check", "--json")
    found = said.checks("here")
    assert said.status == 15
    assert found["reachable"]["state"] == "ok"
    assert found["model"]["state"] == "ok"
    assert NAME in found["model"]["detail"]
    assert found["text"]["state"] == "ok"
    assert found["json"]["state"] == "failed"
    assert NAME in found["json"]["detail"]
    assert found["json"]["fix"]


def test_the_check_names_the_models_there_are(server: Service, tmp_path: Path) -> None:
    given = {"here": endpoint(server.url, model=ELSE)}
    said = visiontools(tmp_path, given, "endpoints", "check", "here", "--json")
    model = said.checks("here")["model"]
    assert said.status == 15
    assert model["state"] == "failed"
    assert ELSE in model["detail"]
    assert NAME in model["detail"]
    assert ENDLESS in model["detail"]


def test_a_run_with_a_model_it_does_not_have_is_unavailable(
    server: Service, tmp_path: Path
) -> None:
    given = {"here": endpoint(server.url, model=ELSE)}
    said = visiontools(tmp_path, given, "run", "car_damage", CAR, "--endpoint", "here", "--json")
    assert said.status == 15
    assert said.json["outcome"] == "unavailable"
    assert f"cannot load '{ELSE}'" in said.json["message"]
    assert "endpoints check here" in said.json["message"]
    assert said.json["attempts"] == 1


@pytest.fixture(scope="module")
def pinned(programs: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    with serve(programs, models, tmp_path_factory.mktemp("pinned"), NAME) as running:
        yield running


def test_a_server_held_to_one_model_says_so(pinned: Service, tmp_path: Path) -> None:
    given = {"here": endpoint(pinned.url, model=ELSE)}
    said = visiontools(tmp_path, given, "run", "car_damage", CAR, "--endpoint", "here", "--json")
    assert said.status == 15
    assert said.json["outcome"] == "unavailable"
    assert f"started for another model than '{ELSE}'" in said.json["message"]
    assert said.json["attempts"] == 1


def test_a_server_that_is_not_running_is_named(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    said = visiontools(tmp_path, {"here": endpoint(url)}, "endpoints", "check", "here")
    assert said.status == 15
    assert url in said.out
    assert "Start the server" in said.out
