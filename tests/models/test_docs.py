"""docs/models.md tells of every profile, every setting and every check, as they are."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from visiontools.checkup_findings import Name
from visiontools.doors.cli import main
from visiontools.models.endpoint import Endpoint
from visiontools.models.profile import Profile
from visiontools.models.registry import profiles

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text("utf-8")
ADDED = re.findall(r"^visiontools (endpoints add \S.*?)(?: +#.*)?$", PAGE, re.MULTILINE)
CARRIED = {"data": "in the request", "gs": "by gs://"}


def row(profile: Profile) -> str:
    """What the table of capabilities must say of it."""
    rules = next(
        (each for each in profile.models if each.pictures and each.pictures.most > 1), None
    )
    most = str(profile.pictures.most)
    if rules is not None and rules.pictures is not None:
        most += f" (Llama 4: {rules.pictures.most})"
    cells = (
        f"`{profile.name}`",
        profile.llama_3_2_vision,
        most,
        CARRIED[profile.carried],
        profile.json,
        "yes" if profile.tools else "no",
    )
    return f"| {' | '.join(cells)} |"


def test_the_table_of_capabilities_is_what_the_profiles_say() -> None:
    table = PAGE.partition("## What each can do")[2].partition("\n\n")[0].splitlines()
    assert sorted(table[3:]) == sorted(row(each) for each in profiles().values())


def test_every_setting_of_an_endpoint_is_told() -> None:
    table = PAGE.partition("| setting |")[2].partition("\n\n")[0]
    told = set(
        re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:]))
    )
    assert told == set(Endpoint.model_fields) - {"name"}


def test_every_check_is_told() -> None:
    table = PAGE.partition("| check |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert told == [name for name in get_args(Name) if name not in ("installed", "settings")]


@pytest.mark.parametrize("command", ADDED)
def test_every_endpoint_that_is_added_can_be(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    (tmp_path / "visiontools.toml").write_text("")
    monkeypatch.setenv("VISIONTOOLS_CONFIG", str(tmp_path / "visiontools.toml"))
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(command))
    assert ended.value.code in (0, None), capsys.readouterr().err
    assert tomllib.loads((tmp_path / "visiontools.toml").read_text())["endpoints"]


def test_something_is_added_for_every_kind_of_server() -> None:
    added = " ".join(ADDED)
    kinds = set(re.findall(r"--profile (\w+)", added)) | {"openai_compatible", "local"}
    assert kinds == set(profiles())


def test_the_profile_it_shows_is_one() -> None:
    [shown] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(shown, namespace)
    assert isinstance(namespace["PROFILE"], Profile)


def test_its_links_lead_somewhere() -> None:
    docs = Path(__file__).parents[2] / "docs"
    heads = {
        re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-")
        for head in re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        if target.startswith("#"):
            assert target[1:] in heads, target
        else:
            assert (docs / target).exists(), target
