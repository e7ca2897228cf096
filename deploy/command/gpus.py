"""Whether Cloud Run has the GPU in the region, and the project a quota of it.

Regions: https://docs.cloud.google.com/run/docs/configuring/services/gpu (November 2026). Those
that page calls "by invitation only" are left out.
"""

from __future__ import annotations

import json
from typing import Any

from choices import Choices
from programs import asked

APIS = ("cloudquotas.googleapis.com", "run.googleapis.com")
_REGIONS = {
    "nvidia-rtx-pro-6000": ("asia-southeast1", "europe-west4", "us-central1"),
    "nvidia-l4": ("asia-southeast1", "europe-west1", "europe-west4", "us-east4"),
}
_QUOTAS = {
    "nvidia-rtx-pro-6000": "NvidiaRtxPro6000GpuAllocNoZonalRedundancyPerProjectRegion",
    "nvidia-l4": "NvidiaL4GpuAllocNoZonalRedundancyPerProjectRegion",
}


def objection(choices: Choices) -> tuple[str, str] | None:
    """What is missing for the GPU, and what mends it."""
    gpu = choices.gpu
    if gpu not in _REGIONS:
        return f"Cloud Run has no GPU '{gpu}'.", f"Set gpu to one of: {', '.join(_REGIONS)}"
    if choices.region not in _REGIONS[gpu]:
        return (
            f"Cloud Run has no {gpu} in {choices.region} without an invitation.",
            f"Set region in terraform.tfvars to one of: {', '.join(_REGIONS[gpu])}",
        )
    status, out, error = asked(
        *("gcloud", "beta", "quotas", "info", "describe", _QUOTAS[gpu]),
        *("--service=run.googleapis.com", f"--project={choices.project}", "--format=json"),
    )
    page = f"https://console.cloud.google.com/iam-admin/quotas?project={choices.project}"
    if status:
        return f"The quota of {gpu} could not be asked for: {error}.", f"See {page}"
    if _granted(json.loads(out), choices.region) <= 0:
        return (
            f"The project has no quota of {gpu} in {choices.region}"
            f" ({_QUOTAS[gpu]}, without zonal redundancy).",
            f"Ask for 1 at {page}",
        )
    return None


def _granted(quota: dict[str, Any], region: str) -> int:
    """What the project may have there; some GPUs are counted in thousandths."""
    infos = quota.get("dimensionsInfos", [])
    own = [info for info in infos if info.get("dimensions", {}).get("region") == region]
    every = [info for info in infos if region in info.get("applicableLocations", [])]
    return max((int(info["details"].get("value", 0)) for info in own or every), default=0)
