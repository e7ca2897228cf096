"""Write the migration from the tables as the migrations make them to those of schema.py.

    python scripts/migration.py "What changes"

Then read it, say what becomes of the rows that are there, format it, and set VERSION in schema.py.
"""

from __future__ import annotations

import sys

from alembic import command
from sqlalchemy import create_engine

from visiontools.store import versions


def main(message: str) -> None:
    config = versions.configuration()
    number = len(list(versions.MIGRATIONS.glob("versions/[0-9]*.py"))) + 1
    with create_engine("sqlite://").begin() as connection:
        config.attributes["connection"] = connection
        if number > 1:
            versions.migrate(connection)
        command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    main(sys.argv[1])
