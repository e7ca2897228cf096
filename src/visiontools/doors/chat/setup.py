"""Chainlit's settings as ours, and the folder it finds them in.

Chainlit reads files and the environment when it is imported. It gets a folder of its own, a few
variables are kept from it for that moment, and the working folder's ``.env`` is not read.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CONFIG = """[project]
user_env = []
session_timeout = 300
cache = false
persist_user_env = false
allow_origins = []
transports = ["websocket"]

[features]
unsafe_allow_html = false
latex = false
user_message_markdown = false
auto_tag_thread = false
edit_message = false
allow_thread_sharing = false
favorites = false

[features.spontaneous_file_upload]
enabled = true
max_files = {most_files}
max_size_mb = {most_mb}

[features.spontaneous_file_upload.accept]
"image/*" = [".heic", ".heif", ".avif"]
"text/plain" = [".txt"]
"message/rfc822" = [".eml"]
"application/mbox" = [".mbox"]
"application/json" = [".json"]

[features.audio]
enabled = false

[features.mcp]
enabled = false

[UI]
name = "visiontools"
description = "Ask about a picture or a text, and ask on."
language = "en-US"
cot = "hidden"
default_sidebar_state = "open"
confirm_new_chat = false
alert_style = "modern"

[meta]
generated_by = "2.12.0"
"""
_NOT_FOR_CHAINLIT = (
    # what its settings class would take for its own fields
    *("ROOT", "CHAINLIT_SERVER", "RUN", "FEATURES", "UI", "PROJECT", "CODE"),
    # what makes it serve other chats, or keep conversations elsewhere
    *("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_WEBSOCKET_TOKEN"),
    *("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "DISCORD_BOT_TOKEN"),
    *("DATABASE_URL", "LITERAL_API_KEY"),
    # what would change where its page is
    *("CHAINLIT_ROOT_PATH", "CHAINLIT_PARENT_ROOT_PATH", "CHAINLIT_URL"),
)
_MB = 2**20


def make_folder(*, most_files: int, most_bytes: int) -> Path:
    """A folder for this process alone, gone when it ends, with our settings in it."""
    folder = Path(tempfile.mkdtemp(prefix="visiontools-chat-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / ".chainlit" / "translations").mkdir(parents=True)
    config = _CONFIG.format(most_files=most_files, most_mb=max(1, most_bytes // _MB))
    (folder / ".chainlit" / "config.toml").write_text(config, "utf-8")
    (folder / "chainlit_en-US.md").touch()  # no words of Chainlit's to begin with
    return folder


@contextmanager
def environment(folder: Path) -> Iterator[None]:
    """The environment Chainlit is imported in; afterwards everything is as it was."""
    before = {name: os.environ.pop(name, None) for name in _NOT_FOR_CHAINLIT}
    ours = {
        "CHAINLIT_APP_ROOT": str(folder),
        "CHAINLIT_ENV_FILE": str(folder / "no.env"),
        "TRACELOOP_TELEMETRY": "false",
    }
    before |= {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
