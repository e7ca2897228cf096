"""Each profile behind a server with that server's quirks: all tools answer, and faults are told.

Where a quirk is known from stands with the server's rules, and with the profile.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.models.conftest import GOOD, ask
from tests.test_four_tools import PROPOSAL, SEEN, TOOLS, picture

import visiontools
from visiontools.errors import (
    ConfigurationError,
    CredentialsError,
    NoVisionError,
    UnknownModelError,
    VisiontoolsError,
)
from visiontools.models import registry
from visiontools.models.endpoint import Endpoint
from visiontools.models.profile import Profile, Says, is_llama_3_2_vision
from visiontools.models.profiles import vertex
from visiontools.models.registry import profiles
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.google import GoogleCloud
from visiontools.testing.model_server import ModelServer
from visiontools.testing.servers import (
    SERVERS,
    LlamaCppRules,
    OllamaRules,
    TransformersRules,
    VertexRules,
)
from visiontools.types import Outcome, Record, Request

LLAMA_3_2 = "meta-llama/Llama-3.2-11B-Vision-Instruct"
LLAMA_4 = "meta/llama-4-maverick-17b-128e-instruct-maas"


@pytest.fixture(params=list(SERVERS))
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def running(kind: str) -> Iterator[ModelServer]:
    with ModelServer(SERVERS[kind]()) as server:
        yield server


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "ya29.mine")


def endpoint(kind: str, server: ModelServer, **more: Any) -> Endpoint:
    given = {"url": server.url, "model": server.rules.models[0], "deadline_s": 20, **more}
    if kind == "vertex":
        given.setdefault("key_env", "TOKEN")
    return Endpoint(name="box", profile=kind, **given)


@asynccontextmanager
async def pipeline(folder: Path, endpoint: Endpoint) -> Any:
    settings = Settings(data_folder=folder, endpoints={"box": endpoint})
    async with Pipeline.open(settings) as running:
        yield running


async def run(folder: Path, endpoint: Endpoint, tool: str = "diet", **more: Any) -> Record:
    async with pipeline(folder, endpoint) as opened:
        request = Request(tool, endpoint="box", **{"uploads": (picture(),), **more})
        record: Record = await opened.run(request).record()
        return record


def test_every_profile_with_a_server_has_its_quirks_here() -> None:
    assert set(SERVERS) == {name for name in profiles() if name != "local"}


@pytest.mark.parametrize(
    ("tool", "partials"),
    [*((tool, False) for tool in TOOLS), ("diet", True)],
    ids=[*TOOLS, "diet-streamed"],
)
async def test_all_tools_answer_through_every_profile(
    kind: str, running: ModelServer, tool: str, partials: bool, tmp_path: Path
) -> None:
    running.say(SEEN[tool])
    if tool == "fridge":
        running.say(PROPOSAL)
    record = await run(tmp_path, endpoint(kind, running), tool, partials=partials)
    assert record.outcome in (Outcome.ANSWERED, Outcome.PARTLY), record.message
    assert record.observer is not None
    assert record.observer.profile == kind
    assert record.attempts == len(running.requests), "nothing is tried that the server refuses"
    assert record.attempts == (2 if tool == "fridge" else 1)
    assert all("max_tokens" in each.body for each in running.requests)


async def test_a_second_question_is_asked_in_the_shape_the_server_takes(
    kind: str, running: ModelServer, tmp_path: Path
) -> None:
    running.say(SEEN["diet"]).say({"text": "As said.", "grounds": ["/choice/index"]})
    record = await run(tmp_path, endpoint(kind, running), ask="Is it so?")
    assert record.reply is not None, record.message
    assert all(each.pictures <= 1 for each in running.requests)


async def test_json_is_asked_for_as_strongly_as_the_server_is_known_to_take_it(
    kind: str, running: ModelServer
) -> None:
    running.say(GOOD)
    await ask(running, profile=profiles()[kind], **told(endpoint(kind, running)))
    given = running.requests[0].body.get("response_format", {}).get("type", "prompted")
    assert given == profiles()[kind].json


def told(endpoint: Endpoint) -> dict[str, Any]:
    """Its settings, and the key of its variable, for ``ask``."""
    settings = endpoint.model_dump(exclude={"name", "url", "profile"}, exclude_none=True)
    return {**settings, "name": "box", "key": "ya29.mine" if endpoint.key_env else None}


async def fault(kind: str, rules: Any, **more: Any) -> VisiontoolsError:
    with ModelServer(rules) as server:
        server.say(GOOD)
        here = endpoint(kind, server, **more)
        asked = await ask(server, profile=profiles()[kind], **told(here))
        assert asked.error is not None
        assert asked.error.next
        return asked.error


@pytest.mark.parametrize(
    ("kind", "rules", "model", "words"),
    [
        ("ollama", OllamaRules(broken=("llama3.2-vision:11b",)), "llama3.2-vision:11b", "0.24"),
        ("ollama", OllamaRules(), "gemma3:4b", "ollama pull gemma3:4b"),
        ("vllm", SERVERS["vllm"](), "meta-llama/Llama-3.2-90B-Vision-Instruct", "SGLang"),
        ("vllm", SERVERS["vllm"](), "Qwen/Qwen3-VL-8B-Instruct", "endpoints check box"),
        ("llama_stack", SERVERS["llama_stack"](), LLAMA_3_2, f"vllm/{LLAMA_3_2}"),
        ("vertex", VertexRules(), "meta/llama-3.2-11b-vision-instruct-maas", LLAMA_4),
        ("vertex", VertexRules(), LLAMA_4, "Model Garden"),
    ],
)
async def test_a_model_that_is_gone_or_unknown_says_what_to_use_instead(
    kind: str, rules: Any, model: str, words: str
) -> None:
    error = await fault(kind, rules, model=model, project="p")
    assert isinstance(error, UnknownModelError)
    assert model in str(error)
    assert words in error.next


async def test_dropped_is_not_said_of_a_model_that_is_another() -> None:
    dropped = await fault("vllm", SERVERS["vllm"](), model=LLAMA_3_2.replace("11B", "90B"))
    other = await fault("vllm", SERVERS["vllm"](), model="Qwen/Qwen3-VL-8B-Instruct")
    assert "0.10.2" in dropped.what
    assert "0.10.2" not in str(other)


async def test_a_stack_says_that_the_server_behind_it_dropped_the_model() -> None:
    with ModelServer(SERVERS["llama_stack"]()) as server:
        server.fail(500, "Model architecture Mllama was supported in vLLM until v0.10.2")
        here = endpoint("llama_stack", server)
        asked = await ask(server, profile=profiles()["llama_stack"], **told(here))
    assert isinstance(asked.error, UnknownModelError)
    assert "behind the stack" in asked.error.what


async def test_a_server_without_a_projector_takes_no_pictures() -> None:
    error = await fault("llama_cpp", LlamaCppRules(most_pictures=0))
    assert isinstance(error, NoVisionError)
    assert "--mmproj" in error.next


@pytest.mark.parametrize(
    ("denied", "words"),
    [
        ("SERVICE_DISABLED", "gcloud services enable aiplatform.googleapis.com --project p"),
        ("IAM_PERMISSION_DENIED", "roles/aiplatform.user"),
    ],
)
async def test_what_google_denies_says_what_to_grant(denied: str, words: str) -> None:
    error = await fault("vertex", VertexRules(denied=denied), project="p")
    assert isinstance(error, CredentialsError)
    assert words in error.next
    assert "project p" in error.what


async def test_a_bucket_google_itself_cannot_read_is_not_taken_for_ours_to_vertex() -> None:
    with ModelServer(VertexRules()) as server:
        words = "Permission 'storage.objects.get' denied on resource (or it may not exist)."
        server.fail(403, words, code=403, as_list=True)
        here = endpoint("vertex", server, project="p")
        asked = await ask(server, profile=profiles()["vertex"], **told(here))
    assert isinstance(asked.error, CredentialsError)
    assert "service agent" in asked.error.next


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "("},
        {"words": "gone", "models": "["},
        {"words": "gone", "what": "{nobody} is out."},
        {"words": "gone", "next": "Come back {"},
    ],
)
def test_a_profile_that_could_not_say_what_it_means_is_not_loaded(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used"):
        Says(**{"what": "It is out.", "next": "Come back.", **wrong})


async def test_transformers_serve_is_never_sent_what_it_refuses() -> None:
    with ModelServer(TransformersRules()) as server:
        server.say(GOOD)
        here = endpoint("transformers_serve", server)
        asked = await ask(
            server, stream=True, profile=profiles()["transformers_serve"], **told(here)
        )
    assert asked.answer is not None
    assert asked.tally.attempts == 1


async def test_llama_4_on_vertex_gets_several_pictures_and_llama_3_2_one_canvas(
    tmp_path: Path,
) -> None:
    rules = VertexRules(models=(LLAMA_4, VertexRules().models[0]), most_pictures=3)
    uploads = (picture("red"), picture("navy"))
    with ModelServer(rules) as server:
        server.say(SEEN["diet"])
        await run(tmp_path / "a", endpoint("vertex", server), uploads=uploads)
        older = endpoint("vertex", server, model=rules.models[1])
        await run(tmp_path / "b", older, uploads=uploads)
        assert [each.pictures for each in server.requests] == [2, 1]


async def test_googles_own_guard_is_asked_for_where_the_operator_turns_it_on(
    tmp_path: Path,
) -> None:
    with ModelServer(VertexRules()) as server:
        server.say(SEEN["diet"])
        await run(tmp_path / "a", endpoint("vertex", server))
        await run(tmp_path / "b", endpoint("vertex", server, server_guard=True))
        off, on = (each.body for each in server.requests)
    assert "extra_body" not in off
    assert on["extra_body"]["google"]["model_safety_settings"]["enabled"] is True


def test_a_guard_the_server_has_not_cannot_be_turned_on() -> None:
    box = Endpoint(name="box", url="http://x/v1", model="m", server_guard=True)
    with pytest.raises(ConfigurationError, match="server_guard"):
        box.adapt(profiles()["vllm"])


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        (
            {"project": "p"},
            "https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/"
            "us-central1/endpoints/openapi",
        ),
        (
            {"project": "p", "region": "us-east5", "api_version": "v1"},
            "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/"
            "endpoints/openapi",
        ),
        (
            {"project": "p", "region": "global"},
            "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/"
            "endpoints/openapi",
        ),
        ({"url": "https://proxy/openapi/"}, "https://proxy/openapi"),
    ],
)
def test_vertex_finds_its_address(settings: dict[str, str], url: str) -> None:
    assert vertex._base_url(Endpoint(name="v", model="m", **settings)) == url


def test_vertex_without_a_project_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    with pytest.raises(ConfigurationError, match="no project"):
        vertex._base_url(Endpoint(name="v", model="m"))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "mine")
    assert "/projects/mine/" in vertex._base_url(Endpoint(name="v", model="m"))


@pytest.mark.parametrize(
    ("model", "is_one"),
    [
        (LLAMA_3_2, True),
        ("llama3.2-vision:11b", True),
        ("meta/llama-3.2-90b-vision-instruct-maas", True),
        ("vllm/meta-llama/Llama-3.2-90B-Vision-Instruct", True),
        ("llama3.2:3b", False),
        ("meta-llama/Llama-3.2-1B-Instruct", False),
        (LLAMA_4, False),
        ("qwen3-vl:8b", False),
    ],
)
def test_llama_3_2_vision_is_known_by_its_ids(model: str, is_one: bool) -> None:
    assert is_llama_3_2_vision(model) is is_one


async def test_the_record_says_which_model_is_gone_and_which_bucket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GoogleCloud() as google, ModelServer(VertexRules()) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", google.url)
        server.say(SEEN["diet"])
        gone = endpoint("vertex", server, model="meta/llama-3.2-11b-vision-instruct-maas")
        retired = await run(tmp_path / "a", gone)
        bucket = await run(tmp_path / "b", endpoint("vertex", server, bucket="deleted"))
    assert retired.outcome is bucket.outcome is Outcome.UNAVAILABLE
    assert "Google's present pages list Llama 4 only" in retired.message
    assert "There is no bucket 'deleted'" in bucket.message
    assert retired.attempts == 1
    assert len(server.requests) == 1


NEW_PROFILE = """
from visiontools.errors import UnknownModelError
from visiontools.models.profile import Profile, Says

PROFILE = Profile(
    name="theirs",
    title="Their server",
    json="json_object",
    max_tokens=512,
    says=(Says("gone fishing", what="'{model}' is out.", next="Come back on Monday."),),
)
"""


@pytest.mark.parametrize("way", ["named by its path", "brought by a package"])
async def test_a_new_profile_is_one_file(
    way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "fishing_profile.py").write_text(NEW_PROFILE)
    name = str(own / "fishing_profile.py")
    if way == "brought by a package":
        name = "theirs"
        monkeypatch.syspath_prepend(own)
        point = importlib.metadata.EntryPoint("theirs", "fishing_profile", registry.ENTRY_POINTS)
        monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    registry.found.cache_clear()
    try:
        with ModelServer() as server:
            server.say(SEEN["diet"]).fail(404, "gone fishing")
            box = endpoint(name, server)
            answered = await run(tmp_path / "data", box)
            told = await run(tmp_path / "data", box, again=True)
            body = server.requests[0].body
    finally:
        registry.found.cache_clear()
    assert answered.outcome is Outcome.ANSWERED, answered.message
    assert (body["response_format"]["type"], body["max_tokens"]) == ("json_object", 512)
    assert told.message.startswith("'scripted' is out. Come back on Monday.")
    assert [path.name for path in own.iterdir() if path.is_file()] == ["fishing_profile.py"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("x = 1", "no Profile"), ("raise RuntimeError('no')", "RuntimeError: no"), (None, "FileNot")],
)
def test_a_profile_file_that_cannot_be_used_is_named(
    text: str | None, words: str, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / "own.py").write_text(text)
    with pytest.raises(ConfigurationError, match=words) as caught:
        registry.find_profile(str(tmp_path / "own.py"))
    assert str(tmp_path / "own.py") in caught.value.what


def test_a_profile_file_is_named_with_its_whole_path() -> None:
    with pytest.raises(ConfigurationError, match="without its folder"):
        registry.find_profile("own.py")


def test_no_other_file_of_the_program_knows_a_profile_by_its_name() -> None:
    source = Path(visiontools.__file__).parent
    names = set(profiles()) - {"local", "openai_compatible"}  # a mode of ours, and the default
    knowing = {
        (path.relative_to(source).as_posix(), node.value)
        for path in source.rglob("*.py")
        if "profiles" not in path.parts and "testing" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    }
    assert knowing == set()


def test_every_profile_says_what_it_is_and_where_that_is_known_from() -> None:
    for name, profile in profiles().items():
        assert profile.summary, name
        assert profile.llama_3_2_vision, name
        for each in profile.says:
            re.compile(each.words)
            re.compile(each.models)
            assert each.what.endswith(".")
    folder = Path(vertex.__file__).parent
    for path in folder.glob("[!_]*.py"):
        words = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        known = re.search(r"Source|Run here|no profile of its own|within this program", words)
        assert known, f"{path.name} does not say where its facts are from"


def test_a_profile_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Profile(name="a", title="A").json = "prompted"  # type: ignore[misc]
