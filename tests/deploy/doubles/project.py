"""A project as gcloud shows it: account, billing, APIs, quotas, buckets, images, builds."""

from __future__ import annotations

import os

from world import as_json, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from world import World


def account(world: World, words: list[str], flags: dict[str, str]) -> str:
    return str(world["account"])


def own_token(world: World, words: list[str], flags: dict[str, str]) -> str:
    return "a-token"


def default_token(world: World, words: list[str], flags: dict[str, str]) -> str:
    if not world["default_credentials"]:
        refuse("ERROR: (gcloud.auth.application-default.print-access-token) Your default "
               "credentials were not found.")  # fmt: skip
    return "a-secret-token"


def describe(world: World, words: list[str], flags: dict[str, str]) -> str:
    if words[0] != "a-project":
        refuse(f"ERROR: (gcloud.projects.describe) [x] does not have permission: {words[0]}")
    return as_json({"projectId": words[0], "lifecycleState": world["lifecycle"]})


def billing(world: World, words: list[str], flags: dict[str, str]) -> str:
    return str(world["billing"])


def apis(world: World, words: list[str], flags: dict[str, str]) -> str:
    return "\n".join(world["apis"])


def quota(world: World, words: list[str], flags: dict[str, str]) -> str:
    infos = [
        {"dimensions": {"region": region}, "details": {"value": str(value)}}
        for region, value in world["quotas"].get(words[0], {}).items()
    ]
    return as_json({"quotaId": words[0], "dimensionsInfos": infos})


def _bucket(world: World, words: list[str]) -> dict[str, Any]:
    name = words[0].removeprefix("gs://")
    if name not in world["buckets"]:
        refuse(f"ERROR: (gcloud.storage.buckets) gs://{name} not found: 404.")
    found: dict[str, Any] = world["buckets"][name]
    return found


def bucket_describe(world: World, words: list[str], flags: dict[str, str]) -> str:
    _bucket(world, words)
    return words[0].removeprefix("gs://")


def bucket_create(world: World, words: list[str], flags: dict[str, str]) -> None:
    name = words[0].removeprefix("gs://")
    if name in world["buckets"]:
        refuse("ERROR: (gcloud.storage.buckets.create) HTTPError 409: you already own it.")
    world["buckets"][name] = {
        "location": flags["--location"],
        "uniform": "--uniform-bucket-level-access" in flags,
        "closed": "--public-access-prevention" in flags,
        "versions": False,
    }


def bucket_update(world: World, words: list[str], flags: dict[str, str]) -> None:
    _bucket(world, words)["versions"] = "--versioning" in flags


def remove(world: World, words: list[str], flags: dict[str, str]) -> None:
    _bucket(world, words)
    del world["buckets"][words[0].removeprefix("gs://")]


def images(world: World, words: list[str], flags: dict[str, str]) -> str:
    if not any("artifact_registry" in made for made in world["made"]):
        refuse("ERROR: (gcloud.artifacts.docker.images.list) NOT_FOUND: Requested entity was not")
    return "\n".join(reversed(world["images"][-1:]))


def identity(world: World, words: list[str], flags: dict[str, str]) -> None:
    world["agents"] = [*world.get("agents", []), flags["--service"]]


def submit(world: World, words: list[str], flags: dict[str, str]) -> None:
    assert os.path.isfile(flags["--config"])  # noqa: PTH113
    assert os.path.isfile(f"{words[0]}/deploy/Dockerfile")  # noqa: PTH113
    world["images"].append("sha256:" + "1" * 64)


def listing(world: World, words: list[str], flags: dict[str, str]) -> str:
    said = world["calls"][-1].removeprefix("gcloud ").partition(" list")[0]
    if said in world["disabled"]:
        refuse(f"ERROR: (gcloud.{said}) API has not been used in project before or it is disabled")
    return "\n".join(world["left"].get(said, []))


LISTS = (
    "run services",
    "run jobs",
    "sql instances",
    "artifacts repositories",
    "storage buckets",
    "secrets",
    "compute addresses",
    "compute disks",
)
HANDLERS = {
    "auth list": account,
    "auth print-access-token": own_token,
    "auth application-default print-access-token": default_token,
    "projects describe": describe,
    "billing projects describe": billing,
    "services list": apis,
    "beta quotas info describe": quota,
    "storage buckets describe": bucket_describe,
    "storage buckets create": bucket_create,
    "storage buckets update": bucket_update,
    "storage rm": remove,
    "artifacts docker images list": images,
    "beta services identity create": identity,
    "builds submit": submit,
    **{f"{what} list": listing for what in LISTS},
}
