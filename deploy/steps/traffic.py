"""What a Cloud Run service, as gcloud tells it in JSON, says of its traffic.

traffic.py serving < service.json       who serves, as --to-revisions takes it: a=90,b=10
traffic.py tagged TAG < service.json    revision and address behind a tag
traffic.py url < service.json           the service's own address
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main(what: str, tag: str = "") -> None:
    targets: list[dict[str, Any]] = json.load(sys.stdin)["status"].get("traffic", [])
    if what == "serving":
        shares: dict[str, int] = {}
        for target in targets:
            if target.get("percent"):
                name = target["revisionName"]
                shares[name] = shares.get(name, 0) + target["percent"]
        told = ",".join(f"{name}={percent}" for name, percent in shares.items())
    else:
        told = next((t["revisionName"] for t in targets if t.get("tag") == tag), "")
    if not told:
        sys.exit(f"The service tells nothing for: {what} {tag}".rstrip())
    print(told)


main(*sys.argv[1:])
