"""What can be asked, and who can be asked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from visiontools.doors.api.depends import OpenPipeline
from visiontools.doors.api.documented import problem_responses
from visiontools.doors.api.runs import known
from visiontools.doors.describe import described
from visiontools.models.local.endpoint import local_endpoints
from visiontools.observers import READER
from visiontools.pipeline import Pipeline
from visiontools.registry import AnyTool
from visiontools.tooling import Kind

router = APIRouter(tags=["tools"])


class SampleOut(BaseModel):
    """An example picture of the project's, with a person's observation where it needs eyes."""

    picture: str
    title: str
    observation: str | None = None


class ToolOut(BaseModel):
    """A tool: what it is for, and the JSON Schemas of what goes in and out."""

    name: str
    title: str
    summary: str
    version: str
    needs: str = Field(description="what it needs: 'a picture of ...', or 'a text: ...'")
    takes: tuple[Kind, ...] = Field(description="what may be handed in")
    reader: bool = Field(description="whether the built-in reader can look for it")
    observation_schema: dict[str, Any]
    answer_schema: dict[str, Any]
    options_schema: dict[str, Any]
    samples: tuple[SampleOut, ...]


class EndpointOut(BaseModel):
    """Somebody who can be asked to look; nothing of its address or its key."""

    name: str
    profile: str
    model: str | None
    vision: bool = Field(description="whether it takes pictures")
    default: bool = Field(description="whether it is asked when a request names nobody")


@router.get("/tools", responses=problem_responses(), summary="List the tools")
async def list_tools(pipeline: OpenPipeline) -> list[ToolOut]:
    """Every tool with its schemas, options and samples."""
    return [_told(tool) for tool in pipeline.tools.values()]


@router.get("/tools/{tool}", responses=problem_responses(), summary="Describe one tool")
async def show_tool(tool: str, pipeline: OpenPipeline) -> ToolOut:
    """One tool with its schemas, options and samples."""
    return _told(known(pipeline, tool))


@router.get("/endpoints", responses=problem_responses(), summary="List who can look")
async def list_endpoints(pipeline: OpenPipeline) -> list[EndpointOut]:
    """The built-in reader, the models of the server's machine, and the model servers set up."""
    return _endpoints(pipeline)


def _told(tool: AnyTool) -> ToolOut:
    samples = tuple(
        SampleOut(picture=each.picture, title=each.title, observation=each.observation)
        for each in tool.samples
    )
    return ToolOut(**described(tool), samples=samples)


def _endpoints(pipeline: Pipeline) -> list[EndpointOut]:
    settings = pipeline.settings
    found = {**local_endpoints(settings.local), **settings.servers}
    reader = EndpointOut(
        name=READER,
        profile=READER,
        model=None,
        vision=True,
        default=settings.default_endpoint == READER,
    )
    return [
        reader,
        *(
            EndpointOut(
                name=name,
                profile=each.profile,
                model=each.model,
                vision=each.vision,
                default=settings.default_endpoint == name,
            )
            for name, each in found.items()
        ),
    ]
