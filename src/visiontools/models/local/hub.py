"""The Hugging Face hub: what a repository holds, and fetching files of one commit of it.

Its HTTP interface as huggingface_hub uses it (hf_api.py, utils/_pagination.py, utils/_http.py,
constants.py): ``/api/models/REPO/revision/REV`` tells commit, licence and gate,
``/api/models/REPO/tree/REV`` lists files page by page with the SHA-256 of large ones, and
``/REPO/resolve/REV/PATH`` sends us on to where they lie.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from visiontools.errors import CredentialsError, ServerFaultError, UsageError
from visiontools.models.local.download import Arrived, Meter, download
from visiontools.models.local.sources import Offered, offered
from visiontools.models.local.web import Web, check
from visiontools.models.policy import FaultError

_HUB = "https://huggingface.co"
_REPO = re.compile(r"\w[\w.-]*/\w[\w.-]*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_PAGES = 100


def hub_url() -> str:
    """The hub, or the mirror of it that HF_ENDPOINT names. UsageError for an unsafe one."""
    url = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or _HUB
    check(url)
    return url


def hub_token(environment: Mapping[str, str] = os.environ) -> str | None:
    """The person's token: from HF_TOKEN, or from the file that ``hf auth login`` wrote."""
    if token := environment.get("HF_TOKEN", "").strip():
        return token
    cache = environment.get("XDG_CACHE_HOME") or "~/.cache"
    home = environment.get("HF_HOME") or f"{cache}/huggingface"
    path = Path(environment.get("HF_TOKEN_PATH") or f"{home}/token").expanduser()
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text("utf-8").strip() or None
    return None


def is_repo(name: str) -> bool:
    """Whether it reads like ``owner/name``."""
    return _REPO.fullmatch(name) is not None


class HubSource:
    """One repository, at the commit its main branch had when it was asked for."""

    def __init__(self, web: Web, repo: str) -> None:
        self._web = web
        self._hub = hub_url()
        self._repo = repo
        about = self._json(f"{self._hub}/api/models/{repo}/revision/main")
        about = about if isinstance(about, dict) else {}
        self._commit = str(about.get("sha") or "")
        if not re.fullmatch(r"[0-9a-f]{40}", self._commit):
            raise FaultError(ServerFaultError(f"{self._hub} does not say which commit {repo} has."))
        self.gated = bool(about.get("gated"))
        self.licence = _licence(about)
        self.whence = f"{self._hub}/{repo}"
        self.revision = self._commit

    def offers(self) -> list[Offered]:
        return [
            offered(str(each["path"]), _size(each), _sha256(each))
            for each in self._tree()
            if each.get("type") == "file" and str(each.get("path", "")).lower().endswith(".gguf")
        ]

    def measured(self, chosen: Sequence[Offered]) -> list[Offered]:
        return list(chosen)

    def where(self, offered: Offered) -> str:
        return f"{self._hub}/{self._repo}/resolve/{self._commit}/{quote(offered.path)}"

    def fetch(self, offered: Offered, path: Path, meter: Meter) -> Arrived:
        try:
            return download(self._web, self.where(offered), path, offered.announced, meter)
        except FaultError as fault:
            raise self._explained(fault) from None

    def _tree(self) -> Iterator[dict[str, Any]]:
        url = f"{self._hub}/api/models/{self._repo}/tree/{self._commit}?recursive=true"
        for _ in range(_MOST_PAGES):
            listed, headers = self._page(url)
            if not isinstance(listed, list):
                break
            yield from (each for each in listed if isinstance(each, dict))
            if not (url := headers["next"]):
                return
        raise FaultError(ServerFaultError(f"{self._hub} lists no files of {self._repo}."))

    def _json(self, url: str) -> Any:
        return self._page(url)[0]

    def _page(self, url: str) -> tuple[Any, Mapping[str, str]]:
        try:
            body, headers = self._web.page(url)
            return json.loads(body), headers
        except FaultError as fault:
            raise self._explained(fault) from None
        except ValueError:
            raise FaultError(ServerFaultError(f"{self._hub} answered something odd.")) from None

    def _explained(self, fault: FaultError) -> FaultError:
        """What a refusal of the hub means: it says 401 for what is gated, private or missing."""
        page = f"{self._hub}/{self._repo}"
        if isinstance(fault.error, UsageError):
            return FaultError(UsageError(f"The hub has no {self._repo}.", next="Check the name."))
        if not isinstance(fault.error, CredentialsError):
            return fault
        if self._web.token is None:
            error = CredentialsError(
                f"The hub gives {self._repo} only to people it knows: it is gated or private, or "
                "there is no such repository.",
                next=f"Accept its terms at {page}, make a token there and put it into HF_TOKEN.",
            )
        else:
            error = CredentialsError(
                f"The hub does not give us {self._repo} with your token.",
                next=f"Ask for access at {page}, and see that the token in HF_TOKEN may read it.",
            )
        return FaultError(error)


def _licence(about: Mapping[str, Any]) -> str:
    """What the repository's card says its licence is."""
    card = about.get("cardData")
    card = card if isinstance(card, dict) else {}
    for key in ("license_name", "license"):
        if isinstance(said := card.get(key), str) and said and said != "other":
            return said
    tags = about.get("tags")
    said_by_tag = (str(t) for t in tags) if isinstance(tags, list) else ()
    return next((t.removeprefix("license:") for t in said_by_tag if t.startswith("license:")), "")


def _size(entry: Mapping[str, Any]) -> int | None:
    size = entry.get("size")
    return size if isinstance(size, int) and size >= 0 else None


def _sha256(entry: Mapping[str, Any]) -> str | None:
    """Of files in large-file storage; what lies in git itself has another kind of checksum."""
    lfs = entry.get("lfs")
    said = lfs.get("oid") if isinstance(lfs, dict) else None
    return said if isinstance(said, str) and _SHA256.fullmatch(said) else None
