"""Options that several commands have, said once."""

from __future__ import annotations

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, nothing else.")
local_only_option = click.option(
    "--local-only", is_flag=True, help="Ask nobody, and keep nothing, outside this machine."
)
