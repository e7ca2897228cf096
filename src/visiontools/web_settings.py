"""How the web application listens and what it takes: the ``[web]`` table of the settings."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class WebSettings(BaseModel):
    """Everything about ``visiontools serve`` that can be set, with its default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(default=8700, ge=0, le=65535, description="port; 0 takes any free one")
    public_hosts: tuple[str, ...] = Field(
        default=(), description="names browsers reach it by, beside those of this machine"
    )
    max_request_bytes: int = Field(
        default=20_000_000, gt=0, description="largest request in all, pictures included"
    )
    max_pictures: int = Field(default=16, ge=1, description="most pictures of one request")
    upload_timeout_s: float = Field(default=60, gt=0, description="most seconds for an upload")
    concurrent_runs: int = Field(default=256, ge=1, description="most runs at once, a process")
    runs_per_minute: int | None = Field(default=None, ge=1, description="most for each person")
    runs_per_day: int | None = Field(default=None, ge=1, description="most for each person, in UTC")
    keep_alive_s: float = Field(
        default=15, gt=0, description="seconds between signs of life on a stream of events"
    )
    grace_s: float = Field(
        default=5, ge=0, description="seconds running answers get when the server is stopped"
    )
