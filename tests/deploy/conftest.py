"""The tools that check what is deployed, in an environment of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from tests.deploy.terraforming import CHECKS, ROOT, Terraform

MORE_TYPES = ("google_service_account_key", "google_project_iam_binding")
"""What only planted faults use."""


@pytest.fixture(scope="session")
def deploy_tools() -> None:
    """Make the tools' environment where it is not there yet."""
    # A person's own settings of pip stay; the tests' HOME does not matter to it.
    done = subprocess.run(["sh", CHECKS / "environment.sh"], cwd=ROOT, env=dict(os.environ))
    assert done.returncode == 0, "deploy/checks/environment.sh failed; it says why above"


@pytest.fixture(scope="session")
def terraform(deploy_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    """Terraform, led to a provider that knows google's schema and makes nothing."""
    running = Terraform(tmp_path_factory.mktemp("terraform"), MORE_TYPES)
    running.start()
    yield running
    running.stop()
