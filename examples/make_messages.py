"""Write messages.txt, a chat as WhatsApp exports it, with what a person reads in it.

Run: python make_messages.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

CHAT = (
    ("02/03/2026, 09:04", "Anna", "Morning! The supplier wrote: nothing before 9 March."),
    ("02/03/2026, 09:06", "Tom", "Then the launch on the 5th is off.\nCan we do the 12th?"),
    ("02/03/2026, 09:07", "Priya", "12 March works for me."),
    ("02/03/2026, 09:09", "Anna", "Agreed, we launch on 12 March."),
    ("02/03/2026, 09:15", "Tom", "Anna, please update the website by Friday."),
    ("02/03/2026, 09:16", "Anna", "Will do."),
    ("02/03/2026, 11:40", "Priya", "I will ask the lawyer about the licence tomorrow."),
    ("03/03/2026, 08:30", "Tom", "Who orders the cables?"),
    ("03/03/2026, 08:52", "Priya", "No idea, sorry. The lawyer answers next week, by the way."),
    ("13/03/2026, 18:02", "Anna", "We are live! Thank you both."),
)
READ = {
    "summary": "The supplier is late, so the launch moved to 12 March. Anna updates the website, "
    "Priya asks the lawyer. Who orders the cables stayed open.",
    "decisions": [
        {
            "text": "The launch is on 12 March.",
            "quote": "Agreed, we launch on 12 March.",
            "message": 4,
        }
    ],
    "questions": [
        {"text": "Who orders the cables?", "quote": "Who orders the cables?", "message": 8}
    ],
    "todos": [
        {
            "text": "Update the website.",
            "quote": "please update the website by Friday",
            "message": 5,
            "owner": "Anna",
            "due": "2026-03-06",
        },
        {
            "text": "Ask the lawyer about the licence.",
            "quote": "I will ask the lawyer about the licence tomorrow.",
            "message": 7,
            "owner": "Priya",
            "due": "2026-03-03",
        },
    ],
}


def write(folder: Path) -> None:
    """The chat and the observation."""
    lines = (f"{at} - {who}: {words}" for at, who, words in CHAT)
    (folder / "messages.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = json.dumps(READ, indent=2, ensure_ascii=False) + "\n"
    (folder / "messages.observation.json").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
