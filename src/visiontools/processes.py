"""Worker processes, whoever starts them."""

from __future__ import annotations

import asyncio


async def reap(process: asyncio.subprocess.Process) -> None:
    """Wait for a killed process and let go of its pipes."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    await process.stdout.read()
    await process.wait()
