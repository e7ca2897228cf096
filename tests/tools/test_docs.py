"""docs/tools.md tells of every tool, every option, every choice of one, and every check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from visiontools.registry import load_tools

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tools.md").read_text("utf-8")
TOOLS = load_tools()


def section(name: str) -> str:
    found = re.search(rf"^## {name}: .*?(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/tools.md has no section on {name}"
    return found[0]


@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_has_a_section_under_its_title(name: str) -> None:
    assert section(name).startswith(f"## {name}: {TOOLS[name].title}\n")


@pytest.mark.parametrize("name", TOOLS)
def test_every_option_and_choice_is_documented_and_no_other(name: str) -> None:
    properties = TOOLS[name].options.model_json_schema(by_alias=True)["properties"]
    text = section(name)
    for option, about in properties.items():
        assert f"`{option}`" in text, option
        for choice in about.get("enum", ()):
            assert f"`{choice}`" in text, choice
    table = text.partition("| option |")[2].partition("\n\n")[0]
    said = re.findall(r"`([^`]+)`", " ".join(row.split("|")[1] for row in table.splitlines()[2:]))
    assert set(said) == set(properties)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("diet", ["tools/diet.py", "answers/nutrition_checks.py"]),
        ("car_damage", ["tools/car_damage.py"]),
        ("fridge", ["tools/fridge.py"]),
        ("messages", ["tools/messages.py"]),
        ("invite", ["tools/invite.py", "answers/invite.py"]),
        ("caption", ["tools/caption.py"]),
        ("scene", ["tools/scene.py"]),
        ("chart", ["tools/chart.py", "answers/chart_checks.py", "answers/chart_receipt.py"]),
    ],
)
def test_every_check_is_documented(name: str, files: list[str]) -> None:
    source = "".join((ROOT / "src" / "visiontools" / file).read_text("utf-8") for file in files)
    made = r"(?:Check\(\s*name=|Finding\(|_none\(|_part\(|[_.]check\()"
    checks = set(re.findall(made + r'\s*"(\w+)"', source))
    assert len(checks) > 5
    for check in checks:
        assert f"`{check}`" in section(name), check


def test_every_check_of_a_diagram_is_documented() -> None:
    source = (ROOT / "src" / "visiontools" / "tools" / "flow_diagram.py").read_text("utf-8")
    checks = set(re.findall(r'"((?:the|every|everything|an end|nothing) [a-zA-Z ]+)"', source))
    assert len(checks) > 8
    for check in checks:
        assert f"`{check}`" in section("flow_diagram"), check


def test_the_regions_and_currencies_are_those_of_the_shipped_rates() -> None:
    from visiontools.answers.cost_rates import shipped_rates

    for name, region in shipped_rates().regions.items():
        assert f"`{name}`" in section("car_damage")
        assert f"`{region.currency}`" in section("car_damage")
