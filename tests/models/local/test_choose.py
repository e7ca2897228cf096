"""Which files make up a model."""

from __future__ import annotations

import pytest

from visiontools.errors import UsageError
from visiontools.models.local.catalogue import QUANTISATIONS
from visiontools.models.local.choose import choose
from visiontools.models.local.sources import offered


def chosen(*names: str, pattern: str | None = None) -> tuple[list[str], str | None]:
    choice = choose([offered(name) for name in names], QUANTISATIONS, pattern, "/models")
    return [each.path for each in choice.weights], choice.projector and choice.projector.path


def test_four_bits_come_first_and_a_form_is_a_whole_word() -> None:
    assert chosen("m-f16.gguf", "m-Q4_K_M.gguf", "m-Q8_0.gguf") == (["m-Q4_K_M.gguf"], None)
    assert chosen("m-Q4_0_4_4.gguf", "m-q8_0.gguf") == (["m-q8_0.gguf"], None)
    assert chosen("m-BF16.gguf", "m-F16.gguf") == (["m-F16.gguf"], None)


def test_a_projector_is_found_in_its_own_order() -> None:
    names = ("m-Q4_K_M.gguf", "mmproj-m-f32.gguf", "mmproj-m-f16.gguf", "mmproj-odd.gguf")
    assert chosen(*names)[1] == "mmproj-m-f16.gguf"
    assert chosen("m.gguf", "mmproj-odd.gguf")[1] == "mmproj-odd.gguf"


def test_the_parts_of_a_model_belong_together() -> None:
    parts = [f"a/m-Q8_0-0000{n}-of-00003.gguf" for n in (1, 2, 3)]
    assert chosen(*reversed(parts)) == (parts, None)
    with pytest.raises(UsageError, match=r"Not all parts of a/m-Q8_0\.gguf are there: 2 of 3"):
        chosen(*parts[1:])


def test_a_pattern_names_the_file() -> None:
    names = ("a/m-Q4_K_M.gguf", "b/m-Q4_K_M.gguf", "c.gguf")
    assert chosen(*names, pattern="c.gguf")[0] == ["c.gguf"]
    assert chosen(*names, pattern="b/*")[0] == ["b/m-Q4_K_M.gguf"]
    assert chosen(*names, pattern="C.")[0] == ["c.gguf"]


def test_where_there_is_no_telling_a_person_is_asked() -> None:
    with pytest.raises(UsageError, match=r"several model files in /models: a\.gguf, b\.gguf"):
        chosen("a.gguf", "b.gguf")
    with pytest.raises(UsageError, match="There is no GGUF model in /models"):
        chosen("mmproj-alone.gguf")
    with pytest.raises(UsageError, match="No model file in /models fits 'z'"):
        chosen("a.gguf", pattern="z")
