"""What the operator chose: the project on the command line, the rest in terraform.tfvars."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent
ROOT = DEPLOY.parent
TERRAFORM = DEPLOY / "terraform"
_LINE = re.compile(r'^\s*(\w+)\s*=\s*"?([^"#\n\[{]*)"?', re.MULTILINE)
_DEFAULT = re.compile(r'^variable "(\w+)" \{(.*?)^\}', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Choices:
    """The variables of Terraform this command reads itself."""

    project: str
    values: dict[str, str]

    def __getattr__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def state_bucket(self) -> str:
        """Where Terraform's state is kept."""
        return f"{self.project}-{self.name}-state"

    @property
    def image(self) -> str:
        """The image's name in Artifact Registry, without tag or digest."""
        return f"{self.region}-docker.pkg.dev/{self.project}/{self.name}/{self.name}"

    @property
    def needs_gpu(self) -> bool:
        """Whether a model of our own runs on Cloud Run."""
        return "cloud_run_gpu" in (self.model, self.guard)

    @property
    def there(self) -> tuple[str, str]:
        """Project and region, as gcloud takes them."""
        return f"--project={self.project}", f"--region={self.region}"


def read(project: str) -> Choices:
    """Defaults of the root module, under what terraform.tfvars says."""
    values: dict[str, str] = {}
    for path in sorted(TERRAFORM.glob("*.tf")):
        for name, body in _DEFAULT.findall(path.read_text(encoding="utf-8")):
            values[name] = dict(_LINE.findall(body)).get("default", "")
    chosen = TERRAFORM / "terraform.tfvars"
    if chosen.exists():
        values |= dict(_LINE.findall(chosen.read_text(encoding="utf-8")))
    values = {name: value.strip() for name, value in values.items()}
    return Choices(project, values)
