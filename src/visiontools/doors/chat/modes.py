"""The two pickers beside the message: which tool, and who looks."""

from __future__ import annotations

from collections.abc import Mapping

from chainlit.context import context
from chainlit.emitter import ChainlitEmitter
from chainlit.mode import Mode, ModeOption

from visiontools.doors.chat.caller import Caller
from visiontools.doors.describe import reader_can
from visiontools.models.local.endpoint import local_endpoints
from visiontools.observers import READER
from visiontools.registry import AnyTool
from visiontools.translations import tr

TOOL, ENDPOINT = "tool", "endpoint"
_ICONS = {
    "diet": "milk",
    "flow_diagram": "workflow",
    "car_damage": "car-front",
    "fridge": "refrigerator",
    "messages": "messages-square",
}
_ANY_TOOL = "image"


async def offer(caller: Caller, picked: Mapping[str, str] | None = None) -> None:
    """Show the pickers; ``picked`` is what was last chosen in this conversation."""
    chosen = picked or {}
    tools = _tools(caller)
    tool = chosen.get(TOOL, next(iter(tools)))
    endpoints = _endpoints(caller)
    endpoint = chosen.get(ENDPOINT, caller.pipeline.settings.default_endpoint)
    modes = [
        Mode(TOOL, tr("Tool"), [_tool(each, each.name == tool) for each in tools.values()]),
        Mode(
            ENDPOINT,
            tr("Who looks"),
            [ModeOption(name, *told, default=name == endpoint) for name, told in endpoints.items()],
        ),
    ]
    emitter = context.emitter
    assert isinstance(emitter, ChainlitEmitter)
    await emitter.set_modes(modes)


def picked_tool(caller: Caller, modes: Mapping[str, str] | None) -> AnyTool:
    """The tool a message is for."""
    tools = _tools(caller)
    return tools.get((modes or {}).get(TOOL, "")) or next(iter(tools.values()))


def picked_endpoint(caller: Caller, modes: Mapping[str, str] | None) -> str | None:
    """Who is asked; None where the message names nobody there is."""
    name = (modes or {}).get(ENDPOINT)
    return name if name in _endpoints(caller) else None


def _tools(caller: Caller) -> dict[str, AnyTool]:
    """Those that need nothing but the built-in reader first."""
    tools = caller.pipeline.tools
    ordered = sorted(tools.values(), key=lambda tool: (not reader_can(tool), tool.title))
    return {tool.name: tool for tool in ordered}


def _tool(tool: AnyTool, default: bool) -> ModeOption:
    icon = _ICONS.get(tool.name, _ANY_TOOL)
    return ModeOption(tool.name, tr(tool.title), tr(tool.summary), icon, default)


def _endpoints(caller: Caller) -> dict[str, tuple[str, str]]:
    """Who there is, with what a person reads of each; the usual one may be several in turn."""
    settings = caller.pipeline.settings
    usual = settings.default_endpoint
    told = {
        READER: (
            tr("Built-in reader"),
            tr("Reads labels and clean diagrams on this machine."),
        )
    }
    for name, endpoint in {**local_endpoints(settings.local), **settings.servers}.items():
        blind = "" if endpoint.vision else tr(", for texts only")
        told[name] = (name, f"{endpoint.model or endpoint.profile}{blind}")
    if usual not in told:
        told = {usual: (usual.replace(",", tr(", then ")), tr("As set up"))} | told
    return told
