"""Write invite.txt, a mail that invites to a dinner, with the tool call that is right for it.

Run: python make_invite.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

MAIL = """\
From: Priya <priya@example.org>
To: Tom <tom@example.org>
Date: Mon, 02 Mar 2037 09:15:00 +0100
Subject: Dinner after the launch

Hi Tom,

the launch deserves a dinner! Saturday, 14 March 2037, 19:30 at Trattoria Sole, until 22:00.
I have asked anna@example.org, too. Bring an appetite.

Priya
"""
CALL = {
    "name": "create_event",
    "parameters": {
        "title": "Dinner after the launch",
        "start": "2037-03-14T19:30",
        "end": "22:00",
        "timezone": None,
        "location": "Trattoria Sole",
        "description": None,
        "guests": ["anna@example.org"],
        "quote": "Saturday, 14 March 2037, 19:30",
    },
}


def write(folder: Path) -> None:
    """The mail and the observation."""
    (folder / "invite.txt").write_text(MAIL, encoding="utf-8")
    told = json.dumps(CALL, indent=2, ensure_ascii=False) + "\n"
    (folder / "invite.observation.json").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
