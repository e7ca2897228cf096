"""What ``make container`` builds, tried from outside."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from tests.container.conftest import BASE, IMAGE, LIMITS, UID, Container, Ran, Start, podman

from visiontools.testing.model_server import ModelServer

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
LIMIT_MB = 600


def short(*command: str, given: str | None = None) -> Ran:
    """A container that does one thing and goes."""
    how = ("--rm", "--interactive", "--network", "none", "--no-healthcheck", *LIMITS)
    return podman("run", *how, IMAGE, *command, given=given)


def key_of(container: Container) -> dict[str, str]:
    made = container.do("visiontools", "keys", "add", "test", "--user", "local", "--json")
    assert made.returncode == 0, made.stderr
    return {"Authorization": f"Bearer {json.loads(made.stdout)['key']}"}


def run(container: Container, key: dict[str, str], **form: str) -> httpx2.Response:
    return httpx2.post(
        f"{container.url}/api/v1/tools/diet/runs",
        headers=key,
        files={"picture": (EXAMPLES / "diet_two_drinks.png").read_bytes()},
        data=form,
        timeout=60,
    )


def test_it_reads_a_picture_as_a_user_without_rights_on_a_read_only_root(start: Start) -> None:
    container = start()
    assert container.do("id", "-u").stdout.strip() == str(UID)
    refused = container.do("touch", "/opt/visiontools/new", "/tmp/new", "/etc/new")
    assert refused.returncode != 0
    assert refused.stderr.count("Read-only file system") == 3
    record = run(container, key_of(container)).json()
    assert record["outcome"] == "answered"
    assert record["observer"]["endpoint"] == "reader"
    assert record["answer"]["choice"]
    assert (container.data / "records.sqlite3").stat().st_uid == UID


def test_the_chat_loads(start: Start) -> None:
    container = start(
        *("sh", "-c", 'exec visiontools serve --host 0.0.0.0 --port "$PORT" --without-sign-in'),
        VISIONTOOLS_WEB__SIGN_IN="none",
    )
    until = time.monotonic() + 60
    while 'id="root"' not in (page := httpx2.get(f"{container.url}/chat/")).text:
        assert time.monotonic() < until, page.text
        time.sleep(0.2)
    assert not [line for line in container.log() if line["severity"] in ("ERROR", "CRITICAL")]


def test_it_refuses_to_be_open_to_all_unless_told() -> None:
    ran = short()
    assert ran.returncode != 0
    assert "there is no sign-in" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_running_answer_is_recorded_when_it_is_stopped(start: Start) -> None:
    with ModelServer() as model, ThreadPoolExecutor(1) as threads:
        model.hang()
        container = start(
            VISIONTOOLS_ENDPOINTS__BOX__URL=model.url,
            VISIONTOOLS_ENDPOINTS__BOX__MODEL="scripted",
            VISIONTOOLS_WEB__GRACE_S="1",
        )
        key = key_of(container)
        waiting = threads.submit(run, container, key, endpoint="box")
        assert model.arrived.wait(30)
        began = time.monotonic()
        status = container.stop()
        assert time.monotonic() - began < 10
        assert status in (0, 143)
        assert waiting.result().json()["outcome"] == "cancelled"
    again = start()
    (record,) = httpx2.get(f"{again.url}/api/v1/records", headers=key).json()["records"]
    assert record["outcome"] == "cancelled"


def test_the_same_image_upgrades_a_database() -> None:
    ran = short("visiontools", "database", "upgrade")
    assert ran.returncode == 0, ran.stderr


def test_its_own_health_check_tells_a_live_one_from_a_dead_one(start: Start) -> None:
    container = start()
    assert podman("healthcheck", "run", container.name).returncode == 0
    told = podman("inspect", "--format", "{{json .Config.Healthcheck.Test}}", container.name)
    kind, *check = json.loads(told.stdout)
    assert kind == "CMD"
    assert container.do("env", "PORT=1", *check).returncode != 0


@pytest.fixture(scope="module")
def added() -> list[str]:
    """Every file and folder the image adds to its base, or changes there."""
    told = podman("image", "diff", IMAGE, BASE)
    assert told.returncode == 0, told.stderr
    return [line.partition(" ")[2] for line in told.stdout.splitlines()]


def test_it_adds_itself_and_its_user_to_the_base_and_nothing_else(added: list[str]) -> None:
    others = [name for name in added if not name.startswith("/opt/visiontools")]
    accounts = {f"/etc/{name}" for name in ("passwd", "group", "shadow", "gshadow")}
    assert {name.removesuffix("-") for name in others} == {"/etc", "/opt", "/data", *accounts}


def test_nothing_is_in_it_that_does_not_serve(added: list[str]) -> None:
    assert any(name.endswith("visiontools/pipeline.py") for name in added)
    unwanted = re.compile(
        r"/(tests?|\.cache|pip|setuptools|poetry|xllamacpp|pytest|\.git)/"
        r"|/bin/(pip|gcc|cc|c\+\+|g\+\+|ld|make)[^/]*$|\.(map|key|p12|env|sqlite3|whl)$"
    )
    assert [name for name in added if unwanted.search(name)] == []
    certificates = ("/certifi/cacert.pem", "/grpc/_cython/_credentials/roots.pem")
    assert [n for n in added if n.endswith(".pem") and not n.endswith(certificates)] == []
    assert short("sh", "-c", "command -v gcc cc g++ make ld pip").stdout == ""


def test_it_is_no_larger_than_we_say_and_says_of_what() -> None:
    assert int(short("du", "-sm", "/opt/visiontools").stdout.split()[0]) <= LIMIT_MB
    script = (ROOT / "scripts" / "image_sizes.py").read_text("utf-8")
    told = short("python", "-", given=script)
    assert told.returncode == 0, told.stderr
    size = {
        what: int(mb) for mb, what in re.findall(r"^ *(\d+)  (.+?)(?:  .*)?$", told.stdout, re.M)
    }
    parts = ("for reader", "for sandbox", "for web", "for chat", "for postgres", "for google")
    assert all(f"only {part}" in size for part in parts)
    assert size["for none"] == 0, "a package nobody asked for"
    assert size["in all"] <= LIMIT_MB
    assert size["of it the reader's models (*.onnx)"] < size["only for reader"]
