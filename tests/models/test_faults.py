"""What a server's words mean, where the model's own name could be mistaken for a part of them."""

import pytest

from visiontools.errors import NoVisionError, UnknownModelError, VisiontoolsError
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import Faults

VISION = "meta-llama/Llama-3.2-11B-Vision-Instruct"


def told(model: str, said: str, status: int = 404) -> VisiontoolsError:
    """The error for what a server says about a model."""
    faults = Faults(Endpoint(name="here", url="http://here/v1", model=model), None)
    return faults.of_status(status, {"error": {"message": said}}, None).error


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (VISION, f"The model `{VISION}` does not exist."),
        ("llama3.2-vision:11b", "model 'llama3.2-vision:11b' not found"),
        (f"vllm/{VISION}", f"Error code: 404 - The model `{VISION}` does not exist"),
        ("my/tiny-mllama", "The model `my/tiny-mllama` does not exist"),
    ],
)
def test_a_name_does_not_tell_what_the_server_takes(model: str, said: str) -> None:
    error = told(model, said)
    assert isinstance(error, UnknownModelError)
    assert f"'{model}' is unknown" in error.what


@pytest.mark.parametrize(
    "said",
    [
        "unknown model architecture: 'mllama'",
        "MllamaForConditionalGeneration was supported in vLLM until v0.10.2",
    ],
)
def test_an_architecture_a_server_dropped_is_told_apart(said: str) -> None:
    assert "no longer runs" in told(VISION, said, 500).what


def test_a_model_without_eyes_is_still_told() -> None:
    error = told(VISION, f"{VISION} does not support image input", 400)
    assert isinstance(error, NoVisionError)
