"""What one server turned out to understand; learned from its refusals and kept."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from visiontools.models.profile import JsonMode, Profile
from visiontools.models.wire import Message, response_format

_STEP_DOWN: dict[JsonMode, JsonMode] = {"json_schema": "json_object", "json_object": "prompted"}
_FORMAT = re.compile(
    r"response_?format|json_?schema|json_?object|structured output|grammar|guided|json mode",
    re.IGNORECASE,
)


class Dialect:
    """Builds request bodies, and steps down where the server refuses a part of one."""

    def __init__(self, profile: Profile, model: str) -> None:
        self._profile = profile
        self._model = model
        self.json: JsonMode = profile.json
        self._stream_usage = profile.stream_usage
        self._tokens_name = "max_tokens"
        self._temperature = True

    def body(
        self, said: list[Message], schema: type[BaseModel] | None, max_tokens: int, *, stream: bool
    ) -> dict[str, Any]:
        """One request's body. Temperature 0: the same picture is to give the same answer."""
        body: dict[str, Any] = {"model": self._model, "messages": said, **self._profile.extra}
        body[self._tokens_name] = max_tokens
        if self._temperature:
            body["temperature"] = 0
        if schema and (wanted := response_format(schema, self.json)):
            body["response_format"] = wanted
        if stream:
            body["stream"] = True
            if self._stream_usage:
                body["stream_options"] = {"include_usage": True}
        return body

    def step_down(self, body: dict[str, Any], complaint: str) -> bool:
        """Do without what the server complains of; False where that is nothing of ours.

        Looks at the body that was refused, not at what is sent now: of fifty questions under way
        at once, all fifty are refused, and only the first changes anything.
        """
        if "stream_options" in body and "stream_options" in complaint:
            self._stream_usage = False
        elif "max_tokens" in body and "max_completion_tokens" in complaint:
            if "instead" not in complaint:
                return False
            self._tokens_name = "max_completion_tokens"
        elif "temperature" in body and "temperature" in complaint:
            self._temperature = False
        elif "response_format" in body and _FORMAT.search(complaint):
            refused: JsonMode = body["response_format"]["type"]
            if self.json == refused:
                self.json = _STEP_DOWN[refused]
        else:
            return False
        return True
