"""The double of docker: pushes to the world's registry, and tells the digest it gave."""

from __future__ import annotations

import os

from world import main, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from world import World


def build(world: World, words: list[str], flags: dict[str, str]) -> None:
    assert os.path.isfile(flags["--file"])  # noqa: PTH113
    assert words == ["."]
    world["built"].append(flags["--tag"])


def push(world: World, words: list[str], flags: dict[str, str]) -> str:
    if words[0] not in world["built"]:
        refuse(f"An image does not exist locally with the tag: {words[0]}")
    import hashlib

    world["pushed"][words[0]] = "sha256:" + hashlib.sha256(words[0].encode()).hexdigest()
    return f"{words[0]}: digest: {world['pushed'][words[0]]}"


def inspect(world: World, words: list[str], flags: dict[str, str]) -> str:
    image = words[-1]
    digest = world["pushed"].get(image)
    elsewhere = "docker.io/library/other@sha256:" + "0" * 64
    return f"{elsewhere}\n{image.rpartition(':')[0]}@{digest}" if digest else elsewhere


def called() -> None:
    main("docker", {"build": build, "push": push, "image inspect": inspect})
