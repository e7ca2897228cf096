"""The quirks of the model servers there are, as rules for a scripted one.

Each says where it is known from. None of them is complete: they refuse what the real one was seen
to refuse, in its words, and take everything else::

    with ModelServer(SERVERS["ollama"]()) as server: ...
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from visiontools.testing.model_server import Received, Rules
from visiontools.testing.script import Send

_MLLAMA = "meta-llama/Llama-3.2-11B-Vision-Instruct"


def _told(status: int, body: Any) -> Send:
    return Send(status, json.dumps(body).encode())


@dataclass(slots=True)
class VertexRules(Rules):
    """Vertex AI: errors are a list of one (litellm's report in rhel-lightspeed#450; genkit#4688).

    Google's page "Llama models": one picture, at the beginning. Its samples have no
    ``response_format``, which is refused here so that nobody comes to lean on it.
    """

    models: tuple[str, ...] = ("meta/llama-3.2-90b-vision-instruct-maas",)
    denied: str = ""

    def objection(self, received: Received) -> Send | None:
        body = received.body
        if self.key and received.headers.get("Authorization") != f"Bearer {self.key}":
            words = "Request had invalid authentication credentials."
            return self._error(401, words, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED")
        if self.denied == "SERVICE_DISABLED":  # GoogleCloudPlatform/vertex-ai-samples#476
            words = "Vertex AI API has not been used in project p before or it is disabled."
            return self._error(403, words, "PERMISSION_DENIED", self.denied)
        if self.denied:  # rhel-lightspeed/linux-mcp-server#450
            words = "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform."
            words += (
                "googleapis.com/projects/p/locations/r/endpoints/openapi' (or it may not exist)."
            )
            return self._error(403, words, "PERMISSION_DENIED", self.denied)
        if body["model"] not in self.models:
            words = f"Publisher Model `projects/p/locations/r/publishers/{body['model']}` was not "
            words += (
                "found or your project does not have access to it. Please ensure you are using "
            )
            words += "a valid model version."
            return self._error(404, words, "NOT_FOUND")
        if "max_tokens" not in body or "response_format" in body:
            return self._error(400, "Request contains an invalid argument.", "INVALID_ARGUMENT")
        if received.pictures > self.most_pictures or not _first(received):
            return self._error(400, "Only one image, first, is supported.", "INVALID_ARGUMENT")
        return None

    def _error(self, code: int, message: str, status: str, reason: str = "") -> Send:
        told: dict[str, Any] = {"code": code, "message": message, "status": status}
        if reason:
            kind = "type.googleapis.com/google.rpc.ErrorInfo"
            told["details"] = [{"@type": kind, "reason": reason}]
        return _told(code, [{"error": told}])


@dataclass(slots=True)
class OllamaRules(Rules):
    """Ollama: it names what to pull; 0.30 and newer cannot load Llama 3.2 Vision (ollama#18486)."""

    models: tuple[str, ...] = ("llama3.2-vision:11b", "qwen3-vl:8b")
    broken: tuple[str, ...] = ()

    def objection(self, received: Received) -> Send | None:
        model = received.body["model"]
        if model not in self.models:
            words = f'model "{model}" not found, try pulling it first'
            return _told(404, {"error": {"message": words, "type": "not_found_error"}})
        if model in self.broken:
            failed = "error loading model: unknown model architecture: 'mllama'"
            words = f"llama-server process has terminated: exit status 1: {failed}\n{failed}"
            return _told(500, {"error": {"message": words, "type": "api_error", "code": None}})
        return None


@dataclass(slots=True)
class VllmRules(Rules):
    """vLLM, by its page "OpenAI-Compatible Server" and its entry points' error class."""

    models: tuple[str, ...] = (_MLLAMA,)

    def objection(self, received: Received) -> Send | None:
        model, given = received.body["model"], received.pictures
        if model not in self.models:
            words = f"The model `{model}` does not exist."
            return self._error(404, words, "NotFoundError")
        if given > self.most_pictures:
            words = f"At most {self.most_pictures} image(s) may be provided in one prompt."
            return self._error(400, words, "BadRequestError")
        return None

    def _error(self, code: int, message: str, kind: str) -> Send:
        told = {"message": message, "type": kind, "param": None, "code": code}
        return _told(code, {"error": told})


@dataclass(slots=True)
class LlamaCppRules(Rules):
    """llama.cpp's server: any model id will do, pictures only with a projector (#13566)."""

    models: tuple[str, ...] = ("ggml-org/SmolVLM-500M-Instruct-GGUF",)

    def objection(self, received: Received) -> Send | None:
        if received.pictures > self.most_pictures:
            words = "image input is not supported by this server"
            return _told(500, {"error": {"code": 500, "message": words, "type": "server_error"}})
        return None


@dataclass(slots=True)
class TransformersRules(Rules):
    """transformers serve: 5.23 ignores fields it does not use, 5.x before refused them.

    Both by their source (``cli/serving``); held to one model, it says so (``utils.py`` of 5.23).
    """

    models: tuple[str, ...] = (_MLLAMA,)
    refuses: tuple[str, ...] = ("response_format", "stream_options", "tool_choice")

    def objection(self, received: Received) -> Send | None:
        if unused := {name for name in self.refuses if name in received.body}:
            return _told(422, {"detail": f"Unsupported fields in the request: {unused}"})
        if (model := received.body["model"]) not in self.models:
            words = f"Server is pinned to '{self.models[0]}'; requested '{model}'."
            return _told(400, {"detail": words})
        return None


@dataclass(slots=True)
class LlamaStackRules(Rules):
    """Llama Stack 0.7.3: its ``llama_stack_api/common/errors.py``, and what it answers in truth."""

    models: tuple[str, ...] = (f"vllm/{_MLLAMA}",)

    def objection(self, received: Received) -> Send | None:
        model = received.body["model"]
        if model not in self.models:
            words = f"Model '{model}' not found. Use 'client.models.list()' to list available "
            return _told(404, {"error": {"message": f"{words}Models."}})
        return None


@dataclass(slots=True)
class SglangRules(Rules):
    """SGLang: one model, whatever the request calls it; nothing else is known to differ."""

    models: tuple[str, ...] = (_MLLAMA,)

    def objection(self, received: Received) -> Send | None:
        return None


SERVERS: dict[str, Callable[[], Rules]] = {
    "vertex": VertexRules,
    "ollama": OllamaRules,
    "vllm": VllmRules,
    "llama_cpp": LlamaCppRules,
    "transformers_serve": TransformersRules,
    "llama_stack": LlamaStackRules,
    "sglang": SglangRules,
    "openai_compatible": Rules,
}
"""By the profile that is made for them; the in-process one needs no server."""


def _first(received: Received) -> bool:
    """Whether pictures come before the words, in the first turn only."""
    for number, message in enumerate(received.body["messages"]):
        parts = message["content"] if isinstance(message["content"], list) else []
        kinds = [part["type"] for part in parts]
        if "image_url" in kinds and (number or kinds[0] != "image_url"):
            return False
    return True
