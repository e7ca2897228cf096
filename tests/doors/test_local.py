"""``--endpoint local``: a pulled model answers about a picture on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from visiontools.doors.cli import main
from visiontools.models.local.gguf import read_header
from visiontools.testing.eyes import write_eyes
from visiontools.testing.smollm2 import smollm2

TOOL = '''
"""Colours: a tool whose every field is a choice, so that any model comes to an end."""

from typing import Annotated, Literal

from pydantic import Field

from visiontools.tooling import Answer, Decision, Observation, Options, Tool
from visiontools.types import Outcome, Provenance
from visiontools.views.blocks import Text


class Seen(Observation):
    picture: Literal["fits"]
    picture_shows: Literal["a colour"] = Field(description="what it shows")
    colour: Literal["red", "green", "blue"] = Field(description="the colour of the picture")


class Colour(Answer):
    colour: Annotated[str, Provenance.INFERRED]


class Colours(Tool[Seen, Colour, Options]):
    name = "colours"
    title = "Colours"
    summary = "Says which colour a picture has."
    needs = "one colour"
    observation = Seen
    answer = Colour
    options = Options
    prompt = "Which colour is it?"

    def decide(self, seen, case):
        return Decision(Outcome.ANSWERED, f"It is {seen.colour}.", Colour(colour=seen.colour))

    def show(self, answer):
        return [Text(answer.colour)]


TOOL = Colours()
'''


@pytest.fixture
def tool(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (home / "tools").mkdir()
    (home / "tools" / "colours.py").write_text(TOOL)
    monkeypatch.setenv("VISIONTOOLS_LOCAL_THREADS", "1")
    return "colours"


def placed(cli: Any, home: Path, name: str, *, sees: bool) -> None:
    """Pull the real text model, with eyes or without, from a folder."""
    folder = home / f"{name}-from"
    folder.mkdir()
    weights = smollm2()
    (folder / weights.name).symlink_to(weights)
    if sees:
        width = read_header(weights).values["llama.embedding_length"]
        write_eyes(folder / "mmproj-tiny.gguf", width)
    said = cli("models", "pull", name, "--from", str(folder), "--accept-licence")
    assert said.status == 0, said.err


def test_a_model_with_eyes_answers_about_a_picture_and_says_what_it_is(
    cli: Any, home: Path, tool: str, picture: str
) -> None:
    placed(cli, home, "tiny", sees=True)
    said = cli("run", tool, picture, "--endpoint", "local", "--local-only", "--json")
    assert said.status == 0, said.err
    record = said.json
    assert record["answer"]["colour"] in ("red", "green", "blue")
    assert record["observer"] == {"endpoint": "local", "profile": "local", "model": "tiny"}
    caution = "tiny looked at the picture on this machine. It is not Llama 3.2 Vision."
    assert caution in record["notes"]
    assert record["usage"]["input_tokens"] > 50
    assert caution in cli("records", "show", record["id"]).out


def test_a_text_model_says_which_models_see(cli: Any, home: Path, tool: str, picture: str) -> None:
    placed(cli, home, "words", sees=False)
    said = cli("run", tool, picture, "--endpoint", "local:words")
    assert said.status == 15
    text = " ".join((said.out + said.err).split())
    assert "'words' reads text only and takes no pictures." in text
    assert "smolvlm-500m, smolvlm2-2.2b, qwen3-vl-2b" in text


def test_without_a_model_it_is_said_how_to_get_one(cli: Any, tool: str, picture: str) -> None:
    said = cli("run", tool, picture, "--endpoint", "local")
    assert said.status == 2
    assert "No model is on this machine yet." in said.err
    assert "visiontools models pull smolvlm-500m" in said.err
    said = cli("run", tool, picture, "--endpoint", "local:gemma-3-4b")
    assert said.status == 2
    assert "visiontools models pull gemma-3-4b" in said.err


def test_for_a_text_a_model_that_reads_is_named_and_for_a_picture_one_that_sees(
    cli: Any, home: Path, tool: str, picture: str
) -> None:
    (home / "thread.txt").write_text("Ann: shall we meet on Friday?")
    for text_tool in ("messages", "invite"):
        said = cli("run", text_tool, "thread.txt", "--endpoint", "local")
        assert said.status == 2
        assert "visiontools models pull llama-3.2-3b (llama-3.2-1b, llama-3.2-3b)" in said.err
    said = cli("run", "invite", picture, "--endpoint", "local")
    assert "visiontools models pull smolvlm-500m" in said.err
    placed(cli, home, "eyes", sees=True)
    placed(cli, home, "words", sees=False)
    assert "--endpoint local:eyes" in cli("run", tool, picture, "--endpoint", "local").err
    said = cli("run", "messages", "thread.txt", "--endpoint", "local")
    assert "--endpoint local:words" in said.err


def test_of_several_models_one_is_to_be_named(
    cli: Any, home: Path, tool: str, picture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(cli, home, "one", sees=False)
    placed(cli, home, "two", sees=False)
    said = cli("run", tool, picture, "--endpoint", "local")
    assert said.status == 2
    assert "Several models are pulled: one, two." in said.err
    assert "--endpoint local:one" in said.err
    monkeypatch.setenv("VISIONTOOLS_LOCAL_MODEL", "two")
    said = cli("run", tool, picture, "--endpoint", "local")
    assert said.status == 15
    assert "'two' reads text only" in " ".join((said.out + said.err).split())


def test_local_cannot_name_another_endpoint(home: Path, cli: Any, picture: str) -> None:
    (home / "visiontools.toml").write_text(
        '[endpoints.local]\nurl = "http://127.0.0.1:1/v1"\nmodel = "m"\n'
    )
    said = cli("tools")
    assert said.status == 2
    assert "'local' cannot name an endpoint" in said.err


def test_an_endpoint_of_the_settings_may_be_a_model_of_this_machine(
    cli: Any, home: Path, tool: str, picture: str
) -> None:
    placed(cli, home, "tiny", sees=True)
    (home / "visiontools.toml").write_text(
        '[endpoints.lap]\nprofile = "local"\nmodel = "tiny"\ncontext = 2048\nthreads = 1\n'
    )
    said = cli("run", tool, picture, "--endpoint", "lap", "--local-only", "--json")
    assert said.status == 0, said.err
    assert said.json["observer"]["endpoint"] == "lap"


def test_models_of_this_machine_are_endpoints_that_can_be_checked(
    cli: Any, home: Path, tool: str
) -> None:
    assert "No model is on this machine yet." in cli("endpoints", "check", "local").err
    placed(cli, home, "words", sees=False)
    listed = cli("endpoints", "list", "--json").json[1]
    assert (listed["name"], listed["model"], listed["vision"]) == ("local:words", "words", False)
    (checked,) = cli("endpoints", "check", "local:words", "--json").json
    states = {each["name"]: each["state"] for each in checked["checks"]}
    assert states["reachable"] == states["model"] == states["json"] == "ok"
    said = cli("endpoints", "add", "local", "--url", "http://127.0.0.1:1/v1", "--model", "m")
    assert "'local' has a meaning of its own." in said.err


def test_names_of_models_are_completed(
    cli: Any, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    placed(cli, home, "tiny", sees=False)
    monkeypatch.setenv("_VISIONTOOLS_COMPLETE", "bash_complete")

    def completed(words: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", f"visiontools {words}")
        monkeypatch.setenv("COMP_CWORD", str(len(words.split()) + words.endswith(" ")))
        with pytest.raises(SystemExit):
            main()
        return [line.partition(",")[2] for line in capsys.readouterr().out.split()]

    assert completed("models remove ") == ["tiny"]
    assert completed("models pull smolvlm-5") == ["smolvlm-500m"]
    assert completed("endpoints check local:") == ["local:tiny"]
