"""What is behind the gate once it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from visiontools.doors.web.pages_look import static


@dataclass(frozen=True, slots=True)
class Inside:
    """Chainlit's application, and the folders with the files of its page and with its words."""

    app: ASGIApp
    build: Path
    words: Path

    def card_style(self) -> str:
        """The address of the style sheet of cards."""
        return static("card.css")
