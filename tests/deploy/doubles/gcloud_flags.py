"""Write gcloud_flags.json: which flags the installed gcloud knows for the commands used here.

For maintainers, on a machine with the Google Cloud SDK: python tests/deploy/doubles/gcloud_flags.py
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

COMMANDS = """
artifacts docker images list
artifacts docker images list-vulnerabilities
artifacts docker images scan
artifacts repositories list
auth application-default print-access-token
auth list
auth print-access-token
beta quotas info describe
beta services identity create
billing projects describe
builds submit
compute addresses list
compute disks list
iam service-accounts sign-jwt
projects describe
run jobs execute
run jobs list
run jobs update
run services describe
run services list
run services update
run services update-traffic
secrets list
services list
sql instances list
storage buckets create
storage buckets describe
storage buckets list
storage buckets update
storage rm
"""


def main() -> None:
    gcloud = Path(str(shutil.which("gcloud"))).resolve()
    told = subprocess.run([gcloud, "info", "--format=value(installation.sdk_root,basic.version)"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    root, version = told.stdout.split()
    tree = Path(root) / "data" / "cli" / "gcloud_completions.py"
    spec = importlib.util.spec_from_file_location("completions", tree)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    whole: dict[str, Any] = module.STATIC_COMPLETION_CLI_TREE
    commands = {}
    for command in COMMANDS.strip().splitlines():
        node = whole
        for word in command.split():
            node = node["commands"][word]
        commands[command] = {
            name: "bool" if kind == "bool" else "value" for name, kind in node["flags"].items()
        }
    wide = {name: "bool" if kind == "bool" else "value" for name, kind in whole["flags"].items()}
    flags = {"gcloud": version, "wide": wide, "commands": commands}
    out = Path(__file__).with_name("gcloud_flags.json")
    out.write_text(json.dumps(flags, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
