"""The settings: read once at a door, passed down. Nothing happens at import.

They come from ``VISIONTOOLS_*`` variables and from ``visiontools.toml`` in the user's
configuration folder, or the file ``VISIONTOOLS_CONFIG`` names. A file in the working folder is
deliberately not read: a stranger's folder must not choose where pictures and keys are sent.
"""

from __future__ import annotations

import os
import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from visiontools.errors import ConfigurationError
from visiontools.guard.settings import GuardSettings
from visiontools.misfits import misfits
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.endpoint import PROFILE as LOCAL_PROFILE
from visiontools.models.local.endpoint import Wanted
from visiontools.store.whereabouts import Upgrade, Whereabouts
from visiontools.variables import PREFIX, warn_of_strangers
from visiontools.web_settings import WebSettings

MODELS = "models"
CONFIG_VARIABLE = "VISIONTOOLS_CONFIG"
_MERMAID = "VISIONTOOLS_MERMAID"
"""Where the evaluation finds the program that draws its diagrams."""
_RESERVED = ("reader", "person", "local")
_ENDPOINT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def config_file() -> Path:
    """Where the user's ``visiontools.toml`` is, whether or not it exists."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named).expanduser()
    return Path(platformdirs.user_config_dir("visiontools", appauthor=False)) / "visiontools.toml"


def _leaves(endpoint: Endpoint) -> bool:
    from visiontools.models.staying import leaving

    with suppress(ConfigurationError):  # said when it is asked
        return leaving(endpoint) is not None
    return False


class Settings(BaseSettings):
    """Everything that can be set, with its default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    data_folder: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("visiontools", appauthor=False)),
        description="where records and pictures are kept",
    )
    tools_folder: Path = Field(
        default_factory=lambda: config_file().parent / "tools",
        description="where your own tools are",
    )
    default_endpoint: str = Field(default="reader", description="who is asked unless told")
    endpoints: dict[str, Endpoint] = Field(
        default_factory=dict, description="model servers by name"
    )
    local_model: str | None = Field(default=None, description="the pulled model 'local' means")
    local_context: int | None = Field(default=None, ge=512, description="its context in tokens")
    local_threads: int | None = Field(default=None, ge=1, description="processors it may use")
    local_deadline_s: float = Field(default=600, gt=0, description="most seconds for its answer")
    guard: GuardSettings | None = Field(
        default=None, description="the Llama Guard that stands over every run; none unless set"
    )
    web: WebSettings = Field(default=WebSettings(), description="the web application")
    picture_workers: int = Field(default=1, ge=1, le=64, description="decoding processes")
    picture_timeout_s: float = Field(default=20, gt=0, description="most time to decode one")
    picture_memory_mb: int = Field(default=1024, ge=256, description="most memory to decode one")
    max_upload_bytes: int = Field(default=20_000_000, gt=0, description="largest file accepted")
    max_pixels: int = Field(default=80_000_000, gt=0, description="largest picture accepted")
    pictures: str | None = Field(
        default=None, description="gs://bucket/prefix to keep pictures in, not the data folder"
    )
    database: SecretStr = Field(
        default=SecretStr(""),
        description="postgresql://user:password@host/name; SQLite in the data folder unless set",
    )
    database_upgrade: Upgrade = Field(
        default="auto", description="manual: tables change by 'visiontools database upgrade' only"
    )
    retention_days: int | None = Field(
        default=None, ge=1, description="how old records become before 'records prune' deletes them"
    )
    reuse: bool = Field(default=True, description="answer the same request from its record")
    local_only: bool = Field(
        default=False, description="ask nobody, and keep nothing, outside this machine"
    )

    @field_validator("data_folder", "tools_folder", mode="before")
    @classmethod
    def _somewhere(cls, folder: Any) -> Any:
        """Not the working folder, which an empty name would be; with ~ as a shell reads it."""
        if folder == "":
            raise ValueError("name a folder")
        return Path(folder).expanduser() if isinstance(folder, str) else folder

    @field_validator("endpoints")
    @classmethod
    def _named(cls, endpoints: dict[str, Endpoint], info: ValidationInfo) -> dict[str, Endpoint]:
        shelf = {"folder": info.data["data_folder"] / MODELS} if "data_folder" in info.data else {}
        for name in endpoints:
            if name in _RESERVED or not _ENDPOINT_NAME.fullmatch(name):
                raise ValueError(
                    f"'{name}' cannot name an endpoint: use letters, digits, - and _, "
                    f"and not {' or '.join(_RESERVED)}"
                )
        return {
            name: e.model_copy(
                update={"name": name, **(shelf if e.profile == LOCAL_PROFILE else {})}
            )
            for name, e in endpoints.items()
        }

    @property
    def kept(self) -> Whereabouts:
        """Where records and pictures are kept.

        Raises ConfigurationError where that is outside this machine, against ``local_only``.
        """
        database = self.database.get_secret_value()
        where = Whereabouts(self.data_folder, database, self.pictures, self.database_upgrade)
        if self.local_only:
            where.check_stays()
        return where

    @property
    def local(self) -> Wanted:
        """How the endpoint that is built in as 'local' runs a model."""
        return Wanted(
            self.data_folder / MODELS,
            self.local_model,
            self.local_context,
            self.local_threads,
            self.local_deadline_s,
        )

    @property
    def servers(self) -> dict[str, Endpoint]:
        """The endpoints that may be asked: those of this machine only, where ``local_only``."""
        if not self.local_only:
            return self.endpoints
        return {name: each for name, each in self.endpoints.items() if not _leaves(each)}

    def staying(self, *, local_only: bool) -> Settings:
        """These settings, held to this machine where that is said; they are never let off it."""
        return self.model_copy(update={"local_only": self.local_only or local_only})

    @classmethod
    def load(cls) -> Settings:
        """Read file and environment. Raises ConfigurationError that names the setting."""
        path = config_file()
        if os.environ.get(CONFIG_VARIABLE) and not path.is_file():
            raise ConfigurationError(
                f"{CONFIG_VARIABLE} names {path}, which is not a file.",
                next="Make it (it may be empty), correct the variable, or unset it.",
            )
        warn_of_strangers(cls, (CONFIG_VARIABLE, _MERMAID))
        try:
            return cls()
        except SettingsError as error:
            raise ConfigurationError(
                f"A VISIONTOOLS_* variable does not fit: {error}.",
                next="Write lists and tables in it as JSON.",
            ) from None
        except UnicodeDecodeError as error:
            raise ConfigurationError(
                f"{path} cannot be read: it is not UTF-8 text (byte {error.start}).",
                next="Save it as UTF-8.",
            ) from None
        except OSError as error:
            raise ConfigurationError(
                f"{path} cannot be read: {error.strerror or error}.",
                next="Look at the file and its permissions.",
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(
                f"{path} cannot be read: {error}.", next="Correct the file: it is TOML."
            ) from None
        except ValidationError as error:
            raise ConfigurationError(
                f"The settings ({path} and VISIONTOOLS_* variables) do not fit: {misfits(error)}.",
                next="Correct them, or remove the entry to use its default.",
            ) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What code says wins over the environment, which wins over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())
