"""Print the id of a record on standard input, if the reader answered and no check failed."""

from __future__ import annotations

import json
import sys

record = json.load(sys.stdin)
failed = [check["name"] for check in record["checks"] if not check["ok"]]
observer = (record.get("observer") or {}).get("endpoint")
if record["outcome"] != "answered" or observer != "reader" or failed:
    sys.exit(
        f"The outcome is '{record['outcome']}', not 'answered'; failed checks: "
        f"{', '.join(failed) or 'none'}; {record.get('message', '')}"
    )
print(record["id"])
