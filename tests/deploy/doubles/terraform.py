"""The double of terraform: a state of addresses, as far as deploy/command needs to be told.

Like the real one it goes as far as it comes and keeps what it made, and a service does not come up
before its database has tables.
"""

from __future__ import annotations

from world import as_json, main, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from world import World

FOUNDATION = [
    "google_project_service.apis",
    "module.network.google_compute_network.this",
    "module.release.google_artifact_registry_repository.images",
    "module.storage.google_storage_bucket.pictures",
    "module.database.google_sql_database_instance.this",
    'google_secret_manager_secret.keys["model"]',
]
JOBS = "module.app[0].google_cloud_run_v2_job.this"
SERVICE = "module.app[0].google_cloud_run_v2_service.this"
PROTECTED = ("storage_bucket", "sql_database_instance", "secret_manager_secret")


def version(world: World, words: list[str], flags: dict[str, str]) -> str:
    return as_json({"terraform_version": world["terraform_version"]})


def init(world: World, words: list[str], flags: dict[str, str]) -> None:
    assert "-reconfigure" in flags, "another project's backend would be asked about"
    if world["backend"]["bucket"] not in world["buckets"]:
        refuse("Error: Failed to get existing workspaces: bucket doesn't exist")


def plan(world: World, words: list[str], flags: dict[str, str]) -> str:
    return f"Plan for image '{world['variables']['image']}'"


def apply(world: World, words: list[str], flags: dict[str, str]) -> str:
    image, targets = world["variables"]["image"], world["targets"]
    if "-auto-approve" not in flags and input() != "yes":
        refuse("Apply cancelled.")
    if world["variables"].get("deletion_protection") == "false":
        world["protected"] = [each for each in world["protected"] if each not in targets]
        return "Apply complete!"
    if targets == [JOBS]:
        wanted = [*FOUNDATION, JOBS]
    else:
        wanted = [*FOUNDATION, *((JOBS, SERVICE) if image else ())]
        world["made"] = [each for each in world["made"] if each in wanted]
    for address in wanted:
        if address not in world["made"]:
            _make(world, address, image)
    return "Apply complete!"


def _make(world: World, address: str, image: str) -> None:
    if world["breaks_at"] and world["breaks_at"] in address:
        world["breaks_at"] = ""
        refuse(f"Error: googleapi: Error 503 while creating {address}")
    if address == JOBS:
        world["jobs"] = {"visiontools-migrate": {"image": image, "ran": []}}
    if address == SERVICE:
        if not world["jobs"]["visiontools-migrate"]["ran"]:
            refuse("Error: the startup probe failed: the database has no tables")
        if "iap.googleapis.com" not in world.get("agents", []):
            refuse("Error: Error 400: Service account service-1@gcp-sa-iap does not exist")
        revision = {"name": "visiontools-00001", "image": image}
        traffic = [{"revision": "visiontools-00001", "percent": 100}]
        world["services"] = {"visiontools": {"revisions": [revision], "traffic": traffic}}
    world["made"].append(address)
    if any(kind in address for kind in PROTECTED):
        world["protected"].append(address)


def state_list(world: World, words: list[str], flags: dict[str, str]) -> str:
    if not world["made"]:
        refuse("No state file was found!\n\nState management commands require a state file.")
    return "\n".join(world["made"])


def output(world: World, words: list[str], flags: dict[str, str]) -> str:
    deployer = "visiontools-deployer@a-project.iam.gserviceaccount.com"
    sources = "gs://a-project-visiontools-sources"
    told = {"deployer": deployer, "build_sources": sources, "service_url": "https://there"}
    return as_json({name: {"value": value} for name, value in told.items()})


def destroy(world: World, words: list[str], flags: dict[str, str]) -> str:
    if world["protected"]:
        refuse(f"Error: {world['protected'][0]} is protected from being deleted")
    while world["made"]:
        last = world["made"].pop()
        if last == SERVICE:
            world["services"] = {}
        if world["breaks_at"] and world["breaks_at"] in last:
            world["breaks_at"] = ""
            refuse(f"Error: googleapi: Error 503 while deleting {last}")
    return "Destroy complete!"


def called() -> None:
    main(
        "terraform",
        {
            "version": version,
            "init": init,
            "plan": plan,
            "apply": apply,
            "state list": state_list,
            "output": output,
            "destroy": destroy,
        },
    )
