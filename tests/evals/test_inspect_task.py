"""Inspect drives the evaluation itself, by the name the package gives it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from visiontools.testing.model_server import ModelServer

INVITE = {"name": "create_event", "parameters": {"title": "x", "start": "2037-01-01T10:00"}}


def test_the_program_inspect_runs_a_task_of_ours(tmp_path: Path) -> None:
    with ModelServer() as server:
        server.say(INVITE)
        config = tmp_path / "visiontools.toml"
        config.write_text(f'[endpoints.box]\nurl = "{server.url}"\nmodel = "scripted"\n')
        args = {"tool": "invite", "data": "invites", "endpoint": "box", "limit": "2", "out": "kept"}
        command = [str(Path(sys.executable).parent / "inspect"), "eval", "visiontools/tool"]
        command += ["--model", "none/none", "--display", "none", "--log-dir", "logs"]
        command += ["--log-format", "json"]
        command += [part for key, value in args.items() for part in ("-T", f"{key}={value}")]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | {"VISIONTOOLS_CONFIG": str(config)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(server.requests) == 2
    (log,) = (tmp_path / "logs").glob("*.json")
    told = json.loads(log.read_text())
    assert told["status"] == "success"
    assert {each["scores"]["visiontools"]["answer"] for each in told["samples"]} == {"wrong"}
    assert (tmp_path / "kept" / "results.jsonl").read_text().count("\n") == 2
