"""A configured model server, as ``visiontools.toml`` or the environment describes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from visiontools.models.profile import JsonMode, Profile

_CHAT = "/chat/completions"


class Endpoint(BaseModel):
    """Where a model is served, and what differs there from its profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="", description="how requests name it")
    profile: str = Field(default="openai_compatible", description="the kind of server")
    url: str = Field(default="", description="base URL, usually ending in /v1")
    model: str = Field(min_length=1, description="model id as the server knows it")
    key_env: str | None = Field(
        default=None, description="environment variable that holds the key, never the key itself"
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

    def adapt(self, profile: Profile) -> Profile:
        """The profile with what this endpoint overrides."""
        pictures = profile.pictures
        if self.longest_side:
            pictures = replace(pictures, longest_side=self.longest_side)
        return replace(
            profile,
            pictures=pictures,
            json=self.json_mode or profile.json,
            max_tokens=self.max_tokens or profile.max_tokens,
        )
