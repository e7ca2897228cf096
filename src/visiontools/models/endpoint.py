"""A configured model server, as ``visiontools.toml`` or the environment describes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from visiontools.errors import ConfigurationError
from visiontools.models.profile import JsonMode, ModelRules, Profile

_CHAT = "/chat/completions"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,221}")
_SECRET = re.compile(r"projects/[^/\s?#]+/secrets/[^/\s?#]+/versions/[^/\s?#]+")


class Endpoint(BaseModel):
    """Where a model is served, and what differs there from its profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="", description="how requests name it")
    profile: str = Field(
        default="openai_compatible",
        description="the kind of server: a profile's name, or the path of its file",
    )
    url: str = Field(default="", description="base URL, usually ending in /v1")
    model: str = Field(min_length=1, description="model id as the server knows it")
    key_env: str | None = Field(
        default=None, description="environment variable that holds the key, never the key itself"
    )
    key_keyring: str | None = Field(
        default=None, description="name the key has in this machine's keyring"
    )
    key_secret: str | None = Field(
        default=None, description="the key in Secret Manager: projects/P/secrets/S/versions/latest"
    )
    project: str | None = Field(default=None, description="Google Cloud project (vertex)")
    region: str | None = Field(default=None, description="its region, or global (vertex)")
    api_version: str | None = Field(default=None, description="v1 or v1beta1 (vertex)")
    bucket: str | None = Field(
        default=None, description="Cloud Storage bucket pictures travel through (vertex)"
    )
    keep_pictures: bool = Field(
        default=False, description="leave pictures in that bucket instead of deleting them"
    )
    server_guard: bool = Field(
        default=False, description="have the server's own guard check, too (vertex)"
    )
    vision: bool = Field(default=True, description="whether the model takes pictures")
    max_tokens: int | None = Field(default=None, ge=1, description="most tokens of one answer")
    deadline_s: float = Field(default=120, gt=0, description="most seconds for one question")
    concurrency: int = Field(default=256, ge=1, description="most questions at once")
    json_mode: JsonMode | None = Field(default=None, description="how to ask for JSON")
    longest_side: int | None = Field(
        default=None, ge=64, le=8192, description="longest side of a picture, pixels"
    )
    folder: Path | None = Field(default=None, description="where a model of this machine is kept")
    context: int | None = Field(
        default=None, ge=512, description="tokens of context to load a model of this machine with"
    )
    threads: int | None = Field(default=None, ge=1, description="processors it may use")

    @field_validator("url")
    @classmethod
    def _base_url(cls, url: str) -> str:
        """Without the path the client adds, and without credentials, which belong in the key."""
        url = url.strip().rstrip("/").removesuffix(_CHAT)
        if not url:
            return ""  # a model in this process has none
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write it like http://localhost:8000/v1")
        if parts.username or parts.password:
            raise ValueError("leave the user and password out; name the key's variable in key_env")
        return url

    @field_validator("project", "region", "api_version", "bucket")
    @classmethod
    def _part_of_a_url(cls, value: str | None) -> str | None:
        """These become parts of addresses, and nothing else may come with them."""
        if value is not None and not _PART.fullmatch(value):
            raise ValueError("use letters, digits, '.', ':', '-' and '_' only")
        return value

    @field_validator("key_env")
    @classmethod
    def _variable(cls, name: str | None) -> str | None:
        """Many a key pasted here by mistake is no such name, and is not shown then."""
        if name is not None and not _VARIABLE.fullmatch(name):
            raise ValueError("name the variable that holds the key, such as BOX_KEY; not the key")
        return name

    @field_validator("key_secret")
    @classmethod
    def _secret(cls, name: str | None) -> str | None:
        if name is not None and not _SECRET.fullmatch(name):
            raise ValueError("write it like projects/P/secrets/S/versions/latest")
        return name

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if sum(map(bool, (self.key_env, self.key_keyring, self.key_secret))) > 1:
            raise ValueError("name one of key_env, key_keyring and key_secret only")
        return self

    def adapt(self, profile: Profile) -> Profile:
        """The profile as it is for this endpoint's model, with what the endpoint overrides.

        Raises ConfigurationError where it turns something on that this kind of server has not.
        """
        rules = profile.rules_for(self.model) or ModelRules("")
        pictures = rules.pictures or profile.pictures
        if self.longest_side:
            pictures = replace(pictures, longest_side=self.longest_side)
        return replace(
            profile,
            pictures=pictures,
            context=rules.context or profile.context,
            languages=rules.languages or profile.languages,
            json=self.json_mode or profile.json,
            max_tokens=self.max_tokens or profile.max_tokens,
            extra={**profile.extra, **self._guard(profile)},
        )

    def _guard(self, profile: Profile) -> Mapping[str, Any]:
        if self.server_guard and not profile.guard_extra:
            raise ConfigurationError(
                f"Endpoint '{self.name}' sets server_guard, but {profile.title} has no guard of "
                "its own that is known here.",
                next="Remove server_guard from its settings.",
            )
        return profile.guard_extra if self.server_guard else {}
