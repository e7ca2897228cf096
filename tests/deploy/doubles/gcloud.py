"""The double of gcloud."""

from __future__ import annotations

import project
import run
from world import main

TYPE_CHECKING = False
if TYPE_CHECKING:
    from world import World


def scan(world: World, words: list[str], flags: dict[str, str]) -> str:
    assert words[0] in world["built"], f"no local image {words[0]}"
    return f"projects/{flags['--project']}/locations/{flags['--location']}/scans/1"


def vulnerabilities(world: World, words: list[str], flags: dict[str, str]) -> str:
    return "\n".join("\t".join(found) for found in world["vulnerabilities"])


def sign_jwt(world: World, words: list[str], flags: dict[str, str]) -> None:
    import base64
    from pathlib import Path

    claim = Path(words[0]).read_bytes()
    signer = flags["--iam-account"].encode()
    parts = (b'{"alg": "RS256"}', claim, b"signed by " + signer)
    token = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    Path(words[1]).write_bytes(token)


def called() -> None:
    main(
        "gcloud",
        {
            "artifacts docker images scan": scan,
            "artifacts docker images list-vulnerabilities": vulnerabilities,
            "iam service-accounts sign-jwt": sign_jwt,
            **run.HANDLERS,
            **project.HANDLERS,
        },
    )
