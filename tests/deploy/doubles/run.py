"""Cloud Run as ``gcloud run`` shows it: services with revisions, traffic and tags, and jobs."""

from __future__ import annotations

from world import as_json, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from world import World

OTHER = "visiontools-abcdefghij-uc.a.run.app"
"""The older address, which Cloud Run tells and the application does not answer for."""


def _service(world: World, name: str) -> dict[str, Any]:
    if name not in world["services"]:
        refuse(f"ERROR: (gcloud.run.services.describe) Cannot find service [{name}]")
    found: dict[str, Any] = world["services"][name]
    return found


def describe(world: World, words: list[str], flags: dict[str, str]) -> str:
    service = _service(world, words[0])
    traffic = []
    for target in service["traffic"]:
        shown = {"revisionName": target["revision"]}
        if target.get("percent"):
            shown["percent"] = target["percent"]
        if target.get("tag"):
            shown |= {"tag": target["tag"], "url": f"https://{target['tag']}---{OTHER}"}
        traffic.append(shown)
    image = {"image": service["revisions"][-1]["image"]}
    spec = {"template": {"spec": {"containers": [image]}}}
    newest = service["revisions"][-1]["name"]
    status = {"url": f"https://{OTHER}", "latestReadyRevisionName": newest, "traffic": traffic}
    return as_json({"spec": spec, "status": status})


def update(world: World, words: list[str], flags: dict[str, str]) -> None:
    service = _service(world, words[0])
    revision = f"{words[0]}-{len(service['revisions']) + 1:05}"
    assert "--no-traffic" in flags, "everybody would be sent to what nobody has tried"
    service["traffic"] = [t for t in service["traffic"] if t.get("tag") != flags["--tag"]]
    service["traffic"].append({"revision": revision, "tag": flags["--tag"]})
    service["revisions"].append({"name": revision, "image": flags["--image"]})
    if flags["--image"] in world["broken_images"]:
        refuse("ERROR: (gcloud.run.services.update) The user-provided container failed to start")


def update_traffic(world: World, words: list[str], flags: dict[str, str]) -> None:
    service = _service(world, words[0])
    if "--remove-tags" in flags:
        tag = flags["--remove-tags"]
        for target in service["traffic"]:
            if target.get("tag") == tag:
                del target["tag"]
    if "--to-revisions" in flags:
        kept = [t | {"percent": 0} for t in service["traffic"] if t.get("tag")]
        for share in flags["--to-revisions"].split(","):
            name, _, percent = share.partition("=")
            if name not in [revision["name"] for revision in service["revisions"]]:
                refuse(f"ERROR: (gcloud.run.services.update-traffic) no revision {name}")
            kept.append({"revision": name, "percent": int(percent)})
        service["traffic"] = kept
    service["traffic"] = [t for t in service["traffic"] if t.get("tag") or t.get("percent")]


def _job(world: World, name: str) -> dict[str, Any]:
    if name not in world["jobs"]:
        refuse(f"ERROR: (gcloud.run.jobs) Cannot find job [{name}]")
    found: dict[str, Any] = world["jobs"][name]
    return found


def job_update(world: World, words: list[str], flags: dict[str, str]) -> None:
    _job(world, words[0])["image"] = flags["--image"]


def job_execute(world: World, words: list[str], flags: dict[str, str]) -> None:
    assert "--wait" in flags, "the next step would not wait for the tables"
    job = _job(world, words[0])
    job["ran"].append(job["image"])


HANDLERS = {
    "run services describe": describe,
    "run services update-traffic": update_traffic,
    "run services update": update,
    "run jobs update": job_update,
    "run jobs execute": job_execute,
}
