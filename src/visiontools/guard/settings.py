"""The ``[guard]`` table of the settings. Without it there is no guard, and every record says so."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from visiontools.tooling import GuardCategory

Action = Literal["block", "warn", "ignore"]
Kind = Literal["llama-guard-3-1b", "llama-guard-3-8b", "llama-guard-3-11b-vision", "llama-guard-4"]


class GuardSettings(BaseModel):
    """Which Llama Guard is asked, how, and what happens where it gives no verdict."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str = Field(min_length=1, description="the endpoint that serves it, by name")
    model: Kind = Field(description="which Llama Guard it is")
    format: Literal["chat", "prompt"] = Field(
        default="chat",
        description="'chat' where the server's chat template is Llama Guard's, 'prompt' where it "
        "is a plain one, so that the whole prompt must be sent",
    )
    input: bool = Field(default=True, description="check what goes in")
    output: bool = Field(default=True, description="check what comes out")
    on_failure: Literal["block", "allow"] = Field(
        default="block",
        description="without a verdict: 'block', or, on a private machine only, 'allow'",
    )
    allow_for_others: bool = Field(
        default=False, description="serve others although on_failure is 'allow'"
    )
    deadline_s: float = Field(default=15, gt=0, description="most seconds for one verdict")
    tools: dict[str, dict[GuardCategory, Action]] = Field(
        default_factory=dict, description="by tool: what a category means, where not as it says"
    )
