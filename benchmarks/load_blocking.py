"""For comparison: a Chainlit handler that calls the blocking client inside the event loop.

While the model answers one person, nobody else is heard. ``load.py`` starts it.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

import chainlit as cl
from openai import OpenAI

client = OpenAI(base_url=os.environ["LOAD_MODEL_URL"], api_key="none", max_retries=0)


@cl.on_message
async def answer(message: cl.Message) -> None:
    """Ask about the attached picture, and pass the answer on as it comes."""
    reply = cl.Message(content="")
    picture = _encoded(message.elements[0].path)
    stream = client.chat.completions.create(
        model="scripted",
        stream=True,
        messages=[
            {
                "role": "user",
                "content": [
                    {
                        "type": "image_url",
                        "image_url": {"url": f"data:image/jpeg;base64,{picture}"},
                    },
                    {"type": "text", "text": "Which of these is better?"},
                ],
            }
        ],
    )
    for chunk in stream:
        await reply.stream_token(chunk.choices[0].delta.content or "")
    await reply.send()


def _encoded(path: str) -> str:
    return base64.b64encode(Path(path).read_bytes()).decode()
