"""make -C deploy plan|apply|release|destroy PROJECT=...: check what is needed, then do it.

python3 deploy/command plan|apply|release|destroy --project PROJECT [--yes]
"""

from __future__ import annotations

import argparse
import sys

import choices
import leftovers
import prerequisites
from programs import ProblemError, say
from rollout import Rollout

DATA = """What goes, for good: records and pictures of everybody, the database and its backups,
the images in the registry, passwords and keys in Secret Manager, Terraform's state.
What stays: the project with its APIs, and the logs until Cloud Logging drops them (30 days).
To keep data, end here and save it first: docs/runbook.md, "Backup and restore"."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make -C deploy")
    parser.add_argument("action", choices=("plan", "apply", "release", "destroy"))
    parser.add_argument("--project", required=True)
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    told = parser.parse_args(arguments)
    if not told.project:
        print("Error: Name the project: make -C deploy plan PROJECT=my-project", file=sys.stderr)
        return 2
    try:
        return _do(told.action, told.project, yes=told.yes)
    except ProblemError as problem:
        print(f"Error: {problem}\nNext: {problem.next}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130


def _do(action: str, project: str, *, yes: bool) -> int:
    chosen = choices.read(project)
    say(f"Looking at what {action} needs ...")
    found = prerequisites.missing(chosen, models=action in ("plan", "apply"))
    if found:
        for finding in found:
            print(f"- {finding.sentence}\n    {finding.mend}", file=sys.stderr)
        print(f"Error: {len(found)} to mend first, as above.", file=sys.stderr)
        return 1
    rollout = Rollout(chosen, approved=yes)
    if action == "destroy":
        return _destroy(rollout, yes=yes)
    {"plan": rollout.plan, "apply": rollout.apply, "release": rollout.release}[action]()
    return 0


def _destroy(rollout: Rollout, *, yes: bool) -> int:
    project = rollout.choices.project
    print(DATA)
    if not yes:
        print(f"Type the project's id to destroy all of it ({project}): ", end="", flush=True)
        if sys.stdin.readline().strip() != project:
            print("Nothing was changed.")
            return 1
    rollout.destroy()
    return 0 if leftovers.report(rollout.choices) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
