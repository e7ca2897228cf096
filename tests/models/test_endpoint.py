"""Endpoints and profiles are data, checked when read."""

import importlib.metadata
import pkgutil

import pytest
from pydantic import ValidationError

from visiontools.errors import ConfigurationError
from visiontools.models import profiles as folder
from visiontools.models import registry
from visiontools.models.endpoint import Endpoint
from visiontools.models.profile import Profile
from visiontools.models.registry import ENTRY_POINTS, profiles


@pytest.fixture
def fresh():
    registry.found.cache_clear()
    yield
    registry.found.cache_clear()


class Package(importlib.metadata.PathDistribution):
    """An installed package, as far as its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        return self._name


def bring(monkeypatch, value: str, package: str = "theirs") -> None:
    point = importlib.metadata.EntryPoint("theirs", value, ENTRY_POINTS)
    point = point._for(Package(package))
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/v1",
        "http://localhost:8000/v1/",
        " http://localhost:8000/v1/chat/completions",
    ],
)
def test_the_url_is_brought_to_one_form(url):
    assert Endpoint(name="a", url=url, model="m").url == "http://localhost:8000/v1"


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x/v1", "http://", "http://me:pw@host/v1"])
def test_a_url_that_cannot_work_is_refused_without_repeating_a_password(url):
    with pytest.raises(ValidationError) as caught:
        Endpoint(name="a", url=url, model="m")
    assert "pw" not in str(caught.value.errors(include_input=False, include_context=False))


def test_an_endpoint_overrides_its_profile():
    endpoint = Endpoint(
        name="a",
        url="http://localhost/v1",
        model="m",
        max_tokens=7,
        json_mode="json_object",
        longest_side=640,
    )
    adapted = endpoint.adapt(Profile(name="p", title="P"))
    assert (adapted.max_tokens, adapted.json, adapted.pictures.longest_side) == (
        7,
        "json_object",
        640,
    )
    assert adapted.pictures.tiles == 4


def test_every_file_in_the_folder_is_a_profile_of_its_own_name():
    files = {module.name for module in pkgutil.iter_modules(folder.__path__)}
    assert set(profiles()) == files
    assert "openai_compatible" in files
    for name, profile in profiles().items():
        assert profile.name == name
        Endpoint(name=name, profile=name, url=profile.url, model=profile.model or "any")


def test_a_profile_from_outside_comes_through_the_same_door(monkeypatch, fresh, tmp_path):
    (tmp_path / "their_profile.py").write_text(
        "from visiontools.models.profile import Profile\n"
        "PROFILE = Profile(name='theirs', title='Theirs')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    bring(monkeypatch, "their_profile:PROFILE")
    assert profiles()["theirs"].title == "Theirs"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("no_such_module:PROFILE", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("json:dumps", "no Profile"),
        ("visiontools.models.profiles.vllm:PROFILE", "a profile named 'vllm' already"),
    ],
)
def test_a_broken_profile_from_outside_is_told_of_once_and_breaks_no_other(
    monkeypatch, fresh, caplog, value, words
):
    bring(monkeypatch, value, package="fishing-tools")
    assert set(profiles()) == {module.name for module in pkgutil.iter_modules(folder.__path__)}
    assert registry.find_profile("vllm").name == "vllm"
    [warning] = caplog.records
    said = warning.getMessage()
    assert "'theirs' of the package 'fishing-tools' cannot be used: " in said
    assert words in said
    with pytest.raises(ConfigurationError) as caught:
        registry.find_profile("theirs")
    assert str(caught.value) == said
    with pytest.raises(ConfigurationError, match="There is no profile 'their'"):
        registry.find_profile("their")
