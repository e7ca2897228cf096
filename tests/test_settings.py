"""Settings come from the environment and the user's file; mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from visiontools.errors import ConfigurationError
from visiontools.settings import Settings, config_file


def _write(text: str) -> Path:
    path = config_file()
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def test_without_any_the_reader_answers() -> None:
    settings = Settings.load()
    assert settings.default_endpoint == "reader"
    assert settings.endpoints == {}


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    _write('default_endpoint = "box"\nmax_pixels = 1000\n')
    monkeypatch.setenv("VISIONTOOLS_MAX_PIXELS", "2000")
    settings = Settings.load()
    assert settings.default_endpoint == "box"
    assert settings.max_pixels == 2000


def test_an_endpoint_knows_its_name() -> None:
    _write('[endpoints.box]\nurl = "http://127.0.0.1:8000/v1"\nmodel = "llama"\n')
    assert Settings.load().endpoints["box"].name == "box"


def test_an_endpoint_can_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISIONTOOLS_ENDPOINTS__BOX__URL", "http://127.0.0.1:8000/v1")
    monkeypatch.setenv("VISIONTOOLS_ENDPOINTS__BOX__MODEL", "llama")
    assert Settings.load().endpoints["box"].model == "llama"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max_pixels = -1", "max_pixels"),
        ("colour = 1", "colour: no such name is known here"),
        ('data_folder = ""', "data_folder: name a folder"),
        ("[endpoints.box]\nmodel = 1", "endpoints.box"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_mistake_in_the_file_is_named(text: str, said: str) -> None:
    path = _write(text)
    with pytest.raises(ConfigurationError) as caught:
        Settings.load()
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_in_another_encoding_says_how_to_save_it() -> None:
    _write("").write_bytes(b'default_endpoint = "caf\xe9"')
    with pytest.raises(ConfigurationError, match="Save it as UTF-8"):
        Settings.load()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISIONTOOLS_DATA_FOLDER", raising=False)
    usual = Settings.load().data_folder
    monkeypatch.setenv("VISIONTOOLS_DATA_FOLDER", "")
    assert Settings.load().data_folder == usual
    assert usual.is_absolute()


def test_a_folder_may_begin_at_home() -> None:
    _write('tools_folder = "~/my-tools"\n')
    assert Settings.load().tools_folder == Path.home() / "my-tools"


def test_a_named_file_must_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VISIONTOOLS_CONFIG", str(tmp_path / "nowhere.toml"))
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        Settings.load()


def test_a_file_in_the_working_folder_is_not_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "visiontools.toml").write_text('default_endpoint = "stranger"')
    monkeypatch.chdir(tmp_path)
    assert Settings.load().default_endpoint == "reader"


def test_the_web_application_is_set_by_file_and_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VISIONTOOLS_WEB__PORT", "9000")
    monkeypatch.setenv("VISIONTOOLS_WEB__PUBLIC_HOSTS", '["vision.example"]')
    web = Settings.load().web
    assert (web.host, web.port, web.public_hosts) == ("127.0.0.1", 9000, ("vision.example",))
    monkeypatch.setenv("VISIONTOOLS_WEB__PORT", "70000")
    with pytest.raises(ConfigurationError, match=r"web\.port"):
        Settings.load()


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("VISIONTOOLS_DATA_FOLDR", "Did you mean VISIONTOOLS_DATA_FOLDER?"),
        ("VISIONTOOLS_WEB_PORT", "Did you mean VISIONTOOLS_WEB__PORT?"),
        ("visiontools_reues", "Did you mean VISIONTOOLS_REUSE?"),
        ("VISIONTOOLS_CONFG", "Did you mean VISIONTOOLS_CONFIG?"),
        ("VISIONTOOLS_QQQ", "docs/settings.md lists"),
    ],
)
def test_a_mistyped_variable_is_named_once_with_the_nearest_and_without_its_value(
    slip: str, meant: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(slip, "s3cret")
    Settings.load()
    Settings.load()
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert f"The variable {slip} is no setting" in record.getMessage()
    assert meant in record.getMessage()
    assert "s3cret" not in record.getMessage()


def test_what_is_a_setting_or_empty_is_not_warned_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _write("")
    for name, value in {
        "VISIONTOOLS_REUSE": "true",
        "VISIONTOOLS_WEB__PORT": "1",
        "VISIONTOOLS_ENDPOINTS__BOX__URL": "http://127.0.0.1/v1",
        "VISIONTOOLS_ENDPOINTS__BOX__MODEL": "m",
        "VISIONTOOLS_CONFIG": str(config_file()),
        "VISIONTOOLS_REUSES": "",
    }.items():
        monkeypatch.setenv(name, value)
    Settings.load()
    assert caplog.records == []
