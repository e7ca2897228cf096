"""What must hold of everything that Terraform would make; each rule names what breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence

from tests.deploy.terraforming import Resource

from visiontools.store.lifecycle import lifecycle
from visiontools.store.pictures.places import Bucket

Rule = Callable[[Sequence[Resource], int], list[str]]
"""Finds what is wrong with resources, made with so many days of retention; by address."""

_PRIMITIVE = re.compile(r"roles/(owner|editor|viewer)$|[aA]dmin$")
_ADMIN_BY_NAME = {"roles/ondemandscanning.admin"}  # the only role by which images can be scanned
_EVERYBODY = ("allUsers", "allAuthenticatedUsers")
_SECRET = re.compile(r"password|secret|token|credential|(^|_)key$", re.IGNORECASE)
_DAY_OLD = 1


def _of(resources: Sequence[Resource], *types: str) -> Iterator[Resource]:
    return (each for each in resources if each.type in types)


def _iam(resources: Sequence[Resource]) -> Iterator[Resource]:
    return (each for each in resources if "_iam_" in each.type)


def _containers(resources: Sequence[Resource]) -> Iterator[tuple[Resource, dict[str, object]]]:
    for each in _of(resources, "google_cloud_run_v2_service", "google_cloud_run_v2_job"):
        template = each.values["template"][0]
        for container in template.get("containers") or template["template"][0]["containers"]:
            yield each, container


def no_bucket_is_public(resources: Sequence[Resource], days: int) -> list[str]:
    """Uniform access, public access prevented, and nobody from the internet among its readers."""
    return [
        each.address
        for each in _of(resources, "google_storage_bucket")
        if each.values["public_access_prevention"] != "enforced"
        or each.values["uniform_bucket_level_access"] is not True
    ] + [each.address for each in _iam(resources) if each.values.get("member") in _EVERYBODY]


def no_role_is_primitive(resources: Sequence[Resource], days: int) -> list[str]:
    """Neither owner, editor and viewer nor an administrator of anything; one member at a time."""
    return [
        each.address
        for each in _iam(resources)
        if not each.type.endswith("_iam_member")
        or (_PRIMITIVE.search(each.values["role"]) and each.values["role"] not in _ADMIN_BY_NAME)
    ]


def no_account_has_a_key(resources: Sequence[Resource], days: int) -> list[str]:
    """Nobody can sign in from elsewhere."""
    return [each.address for each in _of(resources, "google_service_account_key")]


def everybody_comes_in_through_iap(resources: Sequence[Resource], days: int) -> list[str]:
    """A service the internet reaches has IAP before it; only IAP, and no person, may call it."""
    services = _of(resources, "google_cloud_run_v2_service")
    open_ones = [
        each.address
        for each in services
        if each.values["ingress"] != "INGRESS_TRAFFIC_INTERNAL_ONLY"
        and (each.values["iap_enabled"] is not True or each.values["invoker_iam_disabled"])
    ]
    return open_ones + [
        each.address
        for each in _of(resources, "google_cloud_run_v2_service_iam_member")
        if each.values["role"] == "roles/run.invoker"
        and "@gcp-sa-iap." not in each.values["member"]
    ]


def no_secret_is_plain(resources: Sequence[Resource], days: int) -> list[str]:
    """Secrets come from Secret Manager by reference, and Terraform's state holds none."""
    wrong = []
    for each, container in _containers(resources):
        for variable in container["env"]:  # type: ignore[attr-defined]
            plain = variable["value"] or ""
            if plain and (
                _SECRET.search(variable["name"]) or re.search(r"://[^/@\s]+:[^/@\s]+@", plain)
            ):
                wrong.append(each.address)
    stored = (
        "google_secret_manager_secret_version",
        "google_sql_user",
        "google_sql_database_instance",
    )
    fields = ("secret_data", "secret_data_wo", "password", "password_wo", "root_password")
    held = (each for each in _of(resources, *stored) if any(map(each.values.get, fields)))
    return wrong + [each.address for each in held]


def pictures_go_when_retention_says(resources: Sequence[Resource], days: int) -> list[str]:
    """The bucket's rules are those the application prints, and one for what passes through."""
    wrong = []
    for each in _of(resources, "google_storage_bucket"):
        if not each.address.endswith(".pictures"):
            continue
        wanted = [*lifecycle(Bucket(each.values["name"], "kept/"), days)["rule"], _PASSING]
        given = [_rule(rule) for rule in each.values["lifecycle_rule"]]
        soft = each.values["soft_delete_policy"][0]["retention_duration_seconds"]
        versions = each.values["versioning"] or each.values["retention_policy"]
        if _sorted(given) != _sorted(wanted) or soft != 0 or versions:
            wrong.append(each.address)
    return wrong


_PASSING = {
    "action": {"type": "Delete"},
    "condition": {"age": _DAY_OLD, "matchesPrefix": ["visiontools-pictures/"]},
}


def _rule(rule: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    """As the API writes it; ``with_state`` is made up by the mocked provider."""
    given = rule["condition"][0].items()
    condition = {_camel(name): each for name, each in given if each and name != "with_state"}
    return {"action": {"type": rule["action"][0]["type"]}, "condition": condition}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _sorted(rules: Sequence[object]) -> list[str]:
    return sorted(json.dumps(rule, sort_keys=True) for rule in rules)


def what_holds_data_withstands_destroying(resources: Sequence[Resource], days: int) -> list[str]:
    """The database, the bucket of pictures and the secret of the database."""
    wrong = []
    for each in _of(resources, "google_sql_database_instance"):
        settings = each.values["settings"][0]
        backups = settings["backup_configuration"][0]
        safe = each.values["deletion_protection"] and settings["deletion_protection_enabled"]
        if not (safe and backups["enabled"] and backups["point_in_time_recovery_enabled"]):
            wrong.append(each.address)
    buckets = _of(resources, "google_storage_bucket")
    return wrong + [
        each.address
        for each in buckets
        if each.address.endswith(".pictures") and each.values["force_destroy"]
    ]


def the_database_is_private(resources: Sequence[Resource], days: int) -> list[str]:
    """No address in the internet, nothing unencrypted, and no statement in its log."""
    wrong = []
    for each in _of(resources, "google_sql_database_instance"):
        settings = each.values["settings"][0]
        ip = settings["ip_configuration"][0]
        flags = {flag["name"]: flag["value"] for flag in settings["database_flags"]}
        quiet = (
            flags.get("log_statement") == "none" and flags.get("log_min_duration_statement") == "-1"
        )
        private = not ip["ipv4_enabled"] and ip["private_network"] and not ip["authorized_networks"]
        if not (private and ip["ssl_mode"] == "ENCRYPTED_ONLY" and quiet):
            wrong.append(each.address)
    return wrong


def images_are_named_by_digest(resources: Sequence[Resource], days: int) -> list[str]:
    """A tag can be moved to another image."""
    return [
        each.address
        for each, container in _containers(resources)
        if not re.search(r"@sha256:[0-9a-f]{64}$", str(container["image"]))
    ]


RULES: tuple[Rule, ...] = (
    no_bucket_is_public,
    no_role_is_primitive,
    no_account_has_a_key,
    everybody_comes_in_through_iap,
    no_secret_is_plain,
    pictures_go_when_retention_says,
    what_holds_data_withstands_destroying,
    the_database_is_private,
    images_are_named_by_digest,
)
