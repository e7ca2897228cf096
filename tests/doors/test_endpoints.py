"""`visiontools endpoints`: set a server up, and learn what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from visiontools.testing.google import GoogleCloud
from visiontools.testing.model_server import ModelServer
from visiontools.testing.ring import Ring
from visiontools.testing.servers import LlamaCppRules, OllamaRules, VertexRules, VllmRules

READY = {"word": "ready"}
HALVES = {"left": "red", "right": "blue"}
CHECKS = ("reachable", "signed in", "model", "text", "json", "picture", "speed")
LLAMA = "meta-llama/Llama-3.2-11B-Vision-Instruct"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def lab(cli: Any, server: ModelServer) -> str:
    added = cli("endpoints", "add", "lab", "--url", server.url, "--model", "scripted")
    assert added.status == 0
    return "lab"


def findings(cli: Any, name: str) -> tuple[int, dict[str, str], str]:
    """Exit status, state by check, and every fix."""
    said = cli("endpoints", "check", name, "--json")
    [result] = said.json
    states = {each["name"]: each["state"] for each in result["checks"]}
    assert result["ok"] == ("failed" not in states.values())
    return said.status, states, " ".join(each["fix"] for each in result["checks"])


def test_the_reader_is_always_there_and_first(cli: Any) -> None:
    [reader] = cli("endpoints", "list", "--json").json
    assert reader["name"] == "reader"
    assert reader["default"] is True
    assert cli("endpoints", "list").out.startswith("reader (the default)")


def test_an_added_endpoint_is_listed(cli: Any, lab: str, server: ModelServer) -> None:
    listed = cli("endpoints", "list", "--json").json
    assert [each["name"] for each in listed] == ["reader", "lab"]
    assert listed[1]["url"] == server.url
    assert server.url in cli("endpoints", "list").out


def test_the_rest_of_the_file_stays_as_it_is_written(cli: Any, home: Path) -> None:
    path = home / "visiontools.toml"
    path.write_text('# mine\nreuse = false\n[endpoints.a]\nurl = "http://a/v1"\nmodel = "m"')
    before = path.read_text()
    odd = 'we"ird\\ id \x7f é'
    assert cli("endpoints", "add", "b", "--url", "http://b", "--model", odd).status == 0
    assert path.read_text().startswith(before)
    assert tomllib.loads(path.read_text())["endpoints"]["b"]["model"] == odd


def test_a_profile_brings_its_usual_values_and_its_notes(cli: Any, home: Path) -> None:
    said = cli("endpoints", "add", "home", "--profile", "ollama")
    assert "endpoints check home" in said.err
    assert "Note: " in said.err
    entry = tomllib.loads((home / "visiontools.toml").read_text())["endpoints"]["home"]
    assert entry["url"] == "http://localhost:11434/v1"


def test_what_is_missing_is_asked_for_on_a_terminal(cli: Any, home: Path) -> None:
    said = cli("endpoints", "add", "x", stdin=b"vllm\n\nmine\n\nn\n", typed=True)
    assert said.status == 0
    entry = tomllib.loads((home / "visiontools.toml").read_text())["endpoints"]["x"]
    assert entry == {"profile": "vllm", "url": "http://localhost:8000/v1", "model": "mine"}


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("reader",), "meaning of its own"),
        (("Bad Name",), "no endpoint name"),
        (("x", "--url", "ftp://x", "--model", "m"), "http://localhost:8000/v1"),
        (("x", "--url", "http://u:p@x/v1", "--model", "m"), "password"),
        (("x", "--profile", "nope"), "openai_compatible"),
        (("x",), "The Model id is missing"),
        (("x", "--profile", "vertex"), "The Google Cloud project (vertex) is missing"),
        (("x", "--profile", "ollama", "--key-secret", "lab"), "projects/P/secrets/S"),
        (("x", "--profile", "ollama", "--key-env", "A", "--key-keyring", "b"), "name one of"),
    ],
)
def test_a_bad_entry_is_refused_and_nothing_written(
    cli: Any, home: Path, args: tuple[str, ...], sentence: str
) -> None:
    said = cli("endpoints", "add", *args)
    assert (said.status, said.out) == (2, "")
    assert sentence in said.err
    assert (home / "visiontools.toml").read_text() == ""


def test_a_taken_name_is_refused(cli: Any, lab: str) -> None:
    said = cli("endpoints", "add", lab, "--url", "http://x/v1", "--model", "m")
    assert said.status == 2
    assert "already" in said.err


def test_a_taken_name_is_said_before_anything_is_asked(cli: Any, lab: str) -> None:
    said = cli("endpoints", "add", lab, stdin=b"vllm\n", typed=True)
    assert said.status == 2
    assert "already" in said.err
    assert "Kind of server" not in said.err


def test_a_broken_settings_file_is_left_alone(cli: Any, home: Path) -> None:
    (home / "visiontools.toml").write_text("not toml [")
    said = cli("endpoints", "add", "x", "--url", "http://x/v1", "--model", "m")
    assert said.status == 2
    assert "is not TOML" in said.err
    assert (home / "visiontools.toml").read_text() == "not toml ["


def test_the_file_is_made_where_there_is_none(
    cli: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_CONFIG", str(home / "new" / "visiontools.toml"))
    assert cli("endpoints", "add", "x", "--url", "http://x/v1", "--model", "m").status == 0
    assert cli("endpoints", "list").status == 0


def test_a_server_that_works_passes_every_check(cli: Any, lab: str, server: ModelServer) -> None:
    server.say(READY).say(HALVES)
    status, states, _ = findings(cli, lab)
    assert status == 0
    assert states == dict.fromkeys(CHECKS, "ok")


def test_a_model_that_does_not_see_is_found_out(cli: Any, lab: str, server: ModelServer) -> None:
    server.say(READY).say({"left": "blue", "right": "blue"})
    status, states, fix = findings(cli, lab)
    assert (status, states["json"], states["picture"]) == (15, "ok", "failed")
    assert "vision = false" in fix


def test_a_server_without_pictures_fails_that_check_only(
    cli: Any, lab: str, server: ModelServer
) -> None:
    server.say(READY).rules.most_pictures = 0
    status, states, fix = findings(cli, lab)
    assert (status, states["json"], states["picture"]) == (15, "ok", "failed")
    assert fix


def test_another_model_on_the_server_is_named(cli: Any, lab: str, server: ModelServer) -> None:
    server.rules.models = ("scripted-2",)
    status, states, fix = findings(cli, lab)
    assert (status, states["model"]) == (15, "failed")
    assert 'model = "scripted-2"' in fix


def test_a_wrong_key_is_told_from_no_connection(cli: Any, lab: str, server: ModelServer) -> None:
    server.rules.key = "secret"
    status, states, fix = findings(cli, lab)
    assert (status, states) == (15, {"signed in": "failed"})
    assert fix


def test_a_server_that_is_not_there(cli: Any) -> None:
    cli("endpoints", "add", "gone", "--url", "http://127.0.0.1:9/v1", "--model", "m")
    status, states, fix = findings(cli, "gone")
    assert (status, states) == (15, {"reachable": "failed"})
    assert fix


def test_a_key_that_is_not_set_is_a_matter_of_settings(cli: Any) -> None:
    url = "http://127.0.0.1:9/v1"
    cli("endpoints", "add", "k", "--url", url, "--model", "m", "--key-env", "LAB_KEY")
    status, states, fix = findings(cli, "k")
    assert (status, states) == (15, {"settings": "failed"})
    assert "LAB_KEY" in fix


def test_a_check_for_a_person_shows_what_to_do(cli: Any, lab: str, server: ModelServer) -> None:
    server.say(READY).say({"left": "blue", "right": "blue"})
    said = cli("endpoints", "check", lab)
    assert said.out.startswith("lab\n  ok     reachable")
    assert "  failed picture" in said.out


def test_the_reader_can_be_checked(cli: Any) -> None:
    status, states, _ = findings(cli, "reader")
    assert (status, states) == (0, {"installed": "ok", "picture": "ok"})


def test_an_unknown_endpoint_is_wrong_usage(cli: Any) -> None:
    said = cli("endpoints", "check", "nope")
    assert (said.status, said.out) == (2, "")
    assert "There are: reader." in said.err


def test_without_a_name_it_says_how_to_go_on(cli: Any) -> None:
    said = cli("endpoints", "add")
    assert (said.status, said.out) == (2, "")
    assert "visiontools endpoints add home" in said.err


def test_a_person_is_asked_for_what_is_missing(cli: Any, home: Path) -> None:
    typed = b"home\nollama\n\nmy-model\n\nn\n"
    assert cli("endpoints", "add", stdin=typed, typed=True).status == 0
    entry = tomllib.loads((home / "visiontools.toml").read_text())["endpoints"]["home"]
    assert (entry["profile"], entry["model"]) == ("ollama", "my-model")


def entry(home: Path, name: str) -> Any:
    return tomllib.loads((home / "visiontools.toml").read_text())["endpoints"][name]


def test_the_licence_is_shown_where_llama_3_2_vision_is_chosen_and_nowhere_else(cli: Any) -> None:
    vision = cli("endpoints", "add", "a", "--profile", "vllm", "--model", LLAMA)
    text = cli("endpoints", "add", "b", "--profile", "vllm", "--model", "meta-llama/Llama-3.2-1B")
    assert "European Union" in vision.err
    assert "European Union" not in text.err


def test_vertex_needs_a_project_and_no_url(cli: Any, home: Path) -> None:
    args = ("--project", "mine", "--region", "us-east5", "--bucket", "pics")
    assert cli("endpoints", "add", "cloud", "--profile", "vertex", *args).status == 0
    added = entry(home, "cloud")
    assert added == {
        "profile": "vertex",
        "project": "mine",
        "region": "us-east5",
        "bucket": "pics",
        "model": "meta/llama-3.2-90b-vision-instruct-maas",
    }
    shown = cli("endpoints", "list").out
    assert re.search(r"project +mine", shown)
    assert "1 a question, by gs://" in shown


def test_what_every_model_id_begins_with_need_not_be_known(cli: Any, home: Path) -> None:
    args = ("--profile", "vertex", "--project", "p", "--model", "llama-4-x-maas")
    said = cli("endpoints", "add", "cloud", *args)
    assert entry(home, "cloud")["model"] == "meta/llama-4-x-maas"
    assert "begin with meta/" in said.err


def test_vertex_asks_a_person_for_the_project_and_lets_the_rest_be_left_out(
    cli: Any, home: Path
) -> None:
    typed = b"vertex\nmine\n\npics\n\nn\n"
    said = cli("endpoints", "add", "cloud", stdin=typed, typed=True)
    assert said.status == 0, said.err
    added = entry(home, "cloud")
    assert (added["project"], added["bucket"]) == ("mine", "pics")
    assert "region" not in added
    assert "Where is its key?" not in said.err


def test_each_kind_of_server_is_shown_with_what_it_can_do(cli: Any) -> None:
    said = cli("endpoints", "add", "x", stdin=b"ollama\n\n\n\nn\n", typed=True)
    for words in ("transformers_serve", "Llama 3.2 Vision: up to 0.10.2", "GGUF models"):
        assert words in said.err


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    """A keyring, and a hidden prompt that somebody types a key into."""
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda prompt: "s3cret")
    with Ring() as ring:
        yield ring


def test_a_key_that_is_typed_goes_into_the_keyring_and_nowhere_else(
    cli: Any, home: Path, server: ModelServer, ring: Ring
) -> None:
    server.say(READY).say(HALVES).rules.key = "s3cret"
    typed = b"vllm\n" + server.url.encode() + b"\nscripted\nkeyring\ny\n"
    said = cli("endpoints", "add", "lab", stdin=typed, typed=True)
    assert said.status == 0, said.err
    assert entry(home, "lab")["key_keyring"] == "lab"
    assert ring.held == {("visiontools", "lab"): "s3cret"}
    assert "ok     signed in  The server accepts us." in said.out
    for text in (said.out, said.err, (home / "visiontools.toml").read_text()):
        assert "s3cret" not in text
    assert "in the keyring, as lab" in cli("endpoints", "list").out


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (b"variable\nLAB_KEY\n", {"key_env": "LAB_KEY"}),
        (
            b"secret\nprojects/p/secrets/s/versions/1\n",
            {"key_secret": "projects/p/secrets/s/versions/1"},
        ),
        (b"none\n", {}),
    ],
)
def test_a_key_can_be_somewhere_else(
    cli: Any, home: Path, typed: bytes, key: dict[str, str]
) -> None:
    said = cli("endpoints", "add", "x", stdin=b"vllm\n\nm\n" + typed + b"n\n", typed=True)
    assert said.status == 0, said.err
    added = entry(home, "x")
    assert {name: value for name, value in added.items() if name.startswith("key")} == key


def test_a_profile_of_ones_own_is_added_by_its_path(cli: Any, home: Path) -> None:
    own = home / "own.py"
    own.write_text(
        "from visiontools.models.profile import Profile\n"
        "PROFILE = Profile(name='own', title='Own', url='http://own/v1', notes=('Mind the step.',))"
    )
    said = cli("endpoints", "add", "x", "--profile", str(own), "--model", "m")
    assert "Note: Mind the step." in said.err
    assert entry(home, "x") == {"profile": str(own), "url": "http://own/v1", "model": "m"}


def test_no_option_takes_a_key(cli: Any) -> None:
    said = cli("endpoints", "add", "x", "--profile", "vllm", "--key", "s3cret")
    assert said.status == 2
    assert "s3cret" not in said.err + said.out


def checked(cli: Any, name: str) -> dict[str, dict[str, str]]:
    [result] = cli("endpoints", "check", name, "--json").json
    return {each["name"]: each for each in result["checks"]}


def behind(cli: Any, profile: str, rules: Any, script: list[Any], **more: str) -> Any:
    """What a check finds at a server with these rules."""
    with ModelServer(rules) as server:
        for answer in script:
            server.say_raw(answer) if isinstance(answer, str) else server.say(answer)
        given = {"model": rules.models[0], "url": server.url, "profile": profile, **more}
        options = [part for key, value in given.items() for part in (f"--{key}", value)]
        assert cli("endpoints", "add", "box", *options).status == 0
        return checked(cli, "box"), server.requests


def test_a_json_mode_that_is_not_enforced_is_found_out(cli: Any) -> None:
    found, requests = behind(cli, "vllm", VllmRules(), ["ready", READY, HALVES])
    assert found["json"]["state"] == "unknown"
    assert "does not enforce it" in found["json"]["detail"]
    assert 'json_mode = "prompted"' in found["json"]["fix"]
    assert found["picture"]["state"] == "ok"
    assert "Do not write JSON" in requests[1].text


def test_a_json_mode_that_is_cut_off_still_shows_that_it_is_enforced(
    cli: Any, lab: str, server: ModelServer
) -> None:
    server.say_raw('{"word": "ready, as I was say', finish="length").say(HALVES)
    assert checked(cli, lab)["json"]["state"] == "ok"


def test_a_server_that_refuses_json_modes_is_asked_in_words(
    cli: Any, lab: str, server: ModelServer
) -> None:
    server.rules.formats = ("json_object",)
    server.say(READY).say(HALVES)
    assert "it refuses json_schema" in checked(cli, lab)["json"]["detail"]
    server.rules.formats = ()
    found = checked(cli, lab)
    assert found["json"]["state"] == "failed", "HALVES is said for ever, which is no answer to this"
    assert found["text"]["state"] == "ok"


def test_a_model_of_many_gets_its_nearest_named(cli: Any, lab: str, server: ModelServer) -> None:
    server.rules.models = (*(f"other-{n}" for n in range(20)), "scripted-2", "my-scripted")
    model = checked(cli, lab)["model"]
    assert "Near to it: " in model["detail"]
    assert "scripted-2" in model["detail"]


@pytest.mark.parametrize(
    ("profile", "rules", "words"),
    [
        ("ollama", OllamaRules(broken=("llama3.2-vision:11b",)), "dropped Llama 3.2 Vision"),
        ("vllm", VllmRules(models=(LLAMA.replace("11B", "90B"),)), "0.10.2"),
    ],
)
def test_a_server_that_dropped_llama_3_2_vision_says_what_to_use_instead(
    cli: Any, profile: str, rules: Any, words: str
) -> None:
    model = LLAMA if profile == "vllm" else rules.models[0]
    with ModelServer(rules) as server:
        args = ("--url", server.url, "--profile", profile, "--model", model)
        cli("endpoints", "add", "box", *args)
        said = cli("endpoints", "check", "box")
    assert said.status == 15
    assert words in said.out
    assert re.search("qwen3-vl|SGLang", said.out)


def test_a_server_without_a_projector_is_told_how_to_start(cli: Any) -> None:
    found, _ = behind(cli, "llama_cpp", LlamaCppRules(most_pictures=0), [READY, HALVES])
    assert found["picture"]["state"] == "failed"
    assert "--mmproj" in found["picture"]["fix"]


def test_vertex_is_checked_without_a_list_of_models_and_says_how_pictures_travelled(
    cli: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "ya29.mine")
    with GoogleCloud() as google, ModelServer(VertexRules()) as server:
        google.buckets["pics"] = {}
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", google.url)
        server.say(READY).say(HALVES)
        base = ("--profile", "vertex", "--url", server.url, "--key-env", "TOKEN")
        cli("endpoints", "add", "plain", *base)
        cli("endpoints", "add", "pics", *base, "--bucket", "pics")
        plain = checked(cli, "plain")
        server.say(READY).say(HALVES)
        bucket = checked(cli, "pics")
        assert google.buckets["pics"] == {}
        assert all(each.path.endswith("completions") for each in server.requests)
    assert list(plain) == list(CHECKS)
    assert "Google documents gs:// only" in plain["picture"]["detail"]
    assert "by way of the bucket pics" in bucket["picture"]["detail"]


@pytest.mark.parametrize("denied", ["SERVICE_DISABLED", "IAM_PERMISSION_DENIED"])
def test_vertex_that_denies_us_is_a_matter_of_signing_in(
    cli: Any, monkeypatch: pytest.MonkeyPatch, denied: str
) -> None:
    monkeypatch.setenv("TOKEN", "ya29.mine")
    with ModelServer(VertexRules(denied=denied)) as server:
        base = ("--profile", "vertex", "--url", server.url, "--key-env", "TOKEN")
        cli("endpoints", "add", "cloud", *base, "--project", "p")
        found = checked(cli, "cloud")
    assert list(found) == ["signed in"]
    assert "project p" in found["signed in"]["detail"]


def test_speed_is_told_in_words_a_person_can_use(cli: Any, lab: str, server: ModelServer) -> None:
    server.say(READY).say(HALVES).say_raw("1, 2, 3, " * 30, pause_s=0.001)
    said = checked(cli, lab)["speed"]
    assert re.fullmatch(r"First words after \d+\.\d s, then \d+ tokens a second\.", said["detail"])


def test_a_server_that_hangs_is_not_waited_for_beyond_its_time(
    cli: Any, home: Path, server: ModelServer
) -> None:
    server.hang()
    (home / "visiontools.toml").write_text(
        f'[endpoints.slow]\nurl = "{server.url}"\nmodel = "scripted"\ndeadline_s = 0.3\n'
    )
    found = checked(cli, "slow")
    assert found["text"]["state"] == "failed"
    assert "within 0.3 s" in found["text"]["detail"]
    assert "picture" not in found


def test_a_server_without_a_list_of_models_is_asked_all_the_same(
    cli: Any, lab: str, server: ModelServer
) -> None:
    server.rules.listing = "[]"
    server.say(READY).say(HALVES)
    found = checked(cli, lab)
    assert {name: each["state"] for name, each in found.items()} == dict.fromkeys(CHECKS, "ok")
    assert found["model"]["detail"] == "It answers for scripted."


def test_a_list_open_to_anybody_does_not_say_that_the_key_is_good(
    cli: Any, lab: str, server: ModelServer
) -> None:
    server.fail(401, "Incorrect API key provided", code="invalid_api_key")
    done = cli("endpoints", "check", lab, "--json")
    told = [check["name"] for each in done.json if each["name"] == lab for check in each["checks"]]
    assert told == ["reachable", "signed in"]
    assert checked(cli, lab)["signed in"]["state"] == "failed"


def test_a_url_that_leads_nowhere_is_told_once(cli: Any, server: ModelServer) -> None:
    cli("endpoints", "add", "lost", "--url", server.url + "/nowhere", "--model", "scripted")
    found = checked(cli, "lost")
    assert list(found) == ["reachable"]
    assert found["reachable"]["state"] == "failed"
    assert "/v1" in found["reachable"]["fix"]


def test_what_an_endpoint_can_do_is_listed(cli: Any, lab: str, home: Path) -> None:
    can = cli("endpoints", "list", "--json").json[1]["can"]
    assert can["pictures"] == 1
    assert can["json"] == "json_schema"
    assert can["max_tokens"] == 2048
    with (home / "visiontools.toml").open("a") as file:
        file.write('[endpoints.odd]\nprofile = "nope"\nmodel = "m"\nurl = "http://x/v1"\n')
    assert cli("endpoints", "list", "--json").json[2]["can"] is None
    assert "'endpoints check' says why" in cli("endpoints", "list").out.replace("\n", " ")


def test_a_mistyped_kind_of_server_is_asked_for_again(cli: Any, home: Path) -> None:
    typed = b"Lab!\nlab\nolama\nollama\n\nmine\n\nn\n"
    said = cli("endpoints", "add", stdin=typed, typed=True)
    assert said.status == 0, said.err
    assert "'Lab!' is no endpoint name" in said.err
    assert "There is no profile 'olama'. There are: " in said.err
    assert entry(home, "lab")["profile"] == "ollama"


def test_a_program_gets_the_endpoint_it_added(cli: Any, home: Path) -> None:
    said = cli("endpoints", "add", "x", "--profile", "ollama", "--model", "m", "--json")
    assert said.json["file"] == str(home / "visiontools.toml")
    assert {key: said.json[key] for key in ("name", "profile", "model", "url")} == {
        "name": "x",
        "profile": "ollama",
        "model": "m",
        "url": "http://localhost:11434/v1",
    }


WRITTEN = """\
# mine
reuse = false  # for now

[endpoints.a]
url = "http://a/v1"
model = "m"
# about b
[ endpoints . "b" ]  # the second
url = "http://b/v1"
model = "m"
key_keyring = "kb"

# about c

[endpoints.c]
url = "http://c/v1"
model = "m"
"""


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("a", WRITTEN[: WRITTEN.index("[endpoints.a]")] + WRITTEN[WRITTEN.index("# about b") :]),
        ("b", WRITTEN[: WRITTEN.index("[ endpoints")] + WRITTEN[WRITTEN.index("# about c") :]),
        ("c", WRITTEN[: WRITTEN.index("[endpoints.c]")]),
    ],
)
def test_a_removed_endpoint_is_gone_and_the_rest_stays_as_it_is_written(
    cli: Any, home: Path, name: str, left: str
) -> None:
    (home / "visiontools.toml").write_text(WRITTEN)
    said = cli("endpoints", "remove", name)
    assert said.status == 0, said.err
    assert f"Removed '{name}' from" in said.err
    assert (home / "visiontools.toml").read_text() == left
    assert name not in [each["name"] for each in cli("endpoints", "list", "--json").json]


@pytest.mark.parametrize(
    "odd",
    [
        'endpoints.b = {url = "http://b/v1", model = "m"}\n',
        "[endpoints.b]\nurl = 'http://b/v1'\nmodel = '''\n[web]'''\n",
        "[endpoints.a]\nurl = 'http://a/v1'\nmodel = '''\n[endpoints.b]\n'''\n"
        "[endpoints.b]\nurl = 'http://b/v1'\nmodel = 'm'\n",
    ],
)
def test_what_cannot_be_taken_out_safely_is_left_to_a_person(
    cli: Any, home: Path, odd: str
) -> None:
    (home / "visiontools.toml").write_text(odd)
    said = cli("endpoints", "remove", "b")
    assert (said.status, said.out) == (2, "")
    assert "by hand" in said.err
    assert (home / "visiontools.toml").read_text() == odd


def test_removing_says_what_still_names_it(cli: Any, home: Path) -> None:
    path = home / "visiontools.toml"
    path.write_text('default_endpoint = "lab,reader"\n[guard]\nendpoint = "lab"\n')
    with path.open("a") as file:
        file.write('model = "llama-guard-4"\n[endpoints.lab]\nurl = "http://a"\nmodel = "m"\n')
        file.write('key_keyring = "mine"\n')
    said = cli("endpoints", "remove", "lab", "--json")
    assert said.json == {"name": "lab", "file": str(path)}
    assert "keyring del visiontools mine" in said.err
    assert "still the default_endpoint" in said.err
    assert "still the guard's endpoint" in said.err


def test_an_endpoint_that_variables_set_is_not_in_the_file(
    cli: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_ENDPOINTS__BOX__URL", "http://box/v1")
    monkeypatch.setenv("VISIONTOOLS_ENDPOINTS__BOX__MODEL", "m")
    said = cli("endpoints", "remove", "box")
    assert said.status == 2
    assert "set by variables: VISIONTOOLS_ENDPOINTS__BOX__MODEL, VISION" in said.err
    said = cli("endpoints", "remove", "bix")
    assert said.status == 2
    assert "has no endpoint named 'bix'. It has none." in said.err
