"""The process a model is loaded into: reads questions from standard input, writes what is said.

Its own process, since the binding holds Python's lock while it loads, takes SIGINT and SIGTERM
for itself, and a failed assertion of llama.cpp ends the process it happens in.

Both ways one JSON object a line. In: ``{"load": {...}}`` once, then ``{"ask": ID, "body": {...}}``
and ``{"stop": ID}`` at any time. Out: ``{"loaded": true}`` or ``{"failed": "<log>"}``, then for
each question ``{"id": ID, "chunk": {...}}`` as often as needed and ``{"id": ID, "end": true}``.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import secrets
import tempfile
import threading
from typing import IO, Any

_ERRORS_ONLY = 1
_MOST_LOG = 8192
_BATCH = 512
"""Tokens read at once: between two batches a question can be stopped."""


class _Talk:
    """The lines from and to the program; the process ends when the program has gone."""

    def __init__(self, lines_in: IO[str], lines_out: IO[str]) -> None:
        self.stopped: set[int] = set()
        self._in = lines_in
        self._out = lines_out
        self._questions: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def next(self) -> dict[str, Any]:
        return self._questions.get()

    def say(self, **said: Any) -> None:
        self._out.write(json.dumps(said) + "\n")
        self._out.flush()

    def _listen(self) -> None:
        for line in self._in:
            message = json.loads(line)
            if "stop" in message:
                self.stopped.add(message["stop"])
            else:
                self._questions.put(message)
        os._exit(0)


def main() -> None:
    """Load the model asked for, then answer until the program goes away."""
    lines_out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    log = tempfile.TemporaryFile()  # noqa: SIM115 (kept for as long as the process lives)
    os.dup2(log.fileno(), 1)  # nothing llama.cpp prints is for the terminal or between the lines
    os.dup2(log.fileno(), 2)
    talk = _Talk(os.fdopen(os.dup(0), encoding="utf-8"), lines_out)
    try:
        server = _load(talk.next()["load"])
    except Exception as error:
        talk.say(failed=f"{_read(log)}\n{error}")
        return
    talk.say(loaded=True)
    while True:
        _answer(server, talk)


def _load(given: dict[str, Any]) -> Any:
    xllamacpp = importlib.import_module("xllamacpp")  # it has no types
    params = xllamacpp.CommonParams()
    params.model.path = given["model"]
    if given["projector"]:
        params.mmproj.path = given["projector"]
    params.n_ctx = given["context"]
    params.n_parallel = 1  # the context is divided by it
    params.n_batch = params.n_ubatch = _BATCH
    if given["threads"]:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = given["threads"]
    params.verbosity = _ERRORS_ONLY
    params.warmup = False
    # A port of this machine is always opened: nobody else is to use it.
    params.api_keys = [secrets.token_urlsafe(32)]
    params.ui = False
    params.endpoint_slots = False
    return xllamacpp.Server(params)


def _answer(server: Any, talk: _Talk) -> None:
    question = talk.next()
    number = question["ask"]

    def tell(chunk: dict[str, Any]) -> bool:
        """Hand a piece on; True stops the model."""
        if number in talk.stopped:
            return True
        talk.say(id=number, chunk=chunk)
        return False

    try:
        server.handle_chat_completions(question["body"], tell)
    except Exception as error:  # some faults are raised, others come as a chunk
        tell({"error": {"message": str(error)}})
    talk.stopped.discard(number)
    talk.say(id=number, end=True)


def _read(log: IO[bytes]) -> str:
    """The end of what llama.cpp had to say."""
    size = log.seek(0, os.SEEK_END)
    log.seek(max(0, size - _MOST_LOG))
    return log.read().decode("utf-8", "replace")


if __name__ == "__main__":
    main()
