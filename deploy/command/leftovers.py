"""Whether anything is left in a project that costs money."""

from __future__ import annotations

from choices import Choices
from programs import asked, is_off, say

_LOOK = {
    "Cloud Run services": "run services list --format=value(metadata.name)",
    "Cloud Run jobs": "run jobs list --format=value(metadata.name)",
    "databases": "sql instances list --format=value(name)",
    "image repositories": "artifacts repositories list --format=value(name.basename())",
    "buckets": "storage buckets list --format=value(name)",
    "secrets": "secrets list --format=value(name.basename())",
    "addresses": "compute addresses list --format=value(name)",
    "disks": "compute disks list --format=value(name)",
}


def report(choices: Choices) -> bool:
    """Print what is left; whether there is nothing, as far as could be seen."""
    left, unseen = [], []
    for what, command in _LOOK.items():
        status, out, error = asked("gcloud", *command.split(), f"--project={choices.project}")
        if not status:
            left += [f"{what}: {name}" for name in out.split()]
        elif not is_off(error):  # an API that is off holds nothing
            unseen.append(f"{what}: {error}")
    if left:
        say(f"Left in '{choices.project}', of this or of others, and may cost money:")
        print("\n".join(f"  {each}" for each in left))
    if unseen:
        say("Could not be looked at:")
        print("\n".join(f"  {each}" for each in unseen))
    if not left and not unseen:
        say(f"Nothing that costs money is left in '{choices.project}'.")
    return not left and not unseen
