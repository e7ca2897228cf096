"""``visiontools serve``: the workbench and the HTTP API, until it is stopped."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, get_args

import click

from visiontools.doors.cli.output import say
from visiontools.errors import ConfigurationError, UsageError
from visiontools.settings import Settings
from visiontools.web_settings import LogFormat

if TYPE_CHECKING:
    from visiontools.web_settings import WebSettings

_BACKLOG = 2048
_log = logging.getLogger(__name__)


@click.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen; this machine only unless said.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes any free one.")
@click.option("--open/--no-open", "open_browser", help="Open a browser on it, or not (usual).")
@click.option(
    "--without-sign-in",
    is_flag=True,
    help="Listen for other machines although anybody who reaches it can use it.",
)
@click.option(
    "--log-format",
    type=click.Choice(get_args(LogFormat)),
    help="Log a line for each request and run; warnings only unless said.",
)
def serve(
    host: str | None,
    port: int | None,
    open_browser: bool,
    without_sign_in: bool,
    log_format: LogFormat | None,
) -> None:
    """Serve the workbench's pages and the HTTP API; Ctrl-C stops it.

    \b
    visiontools serve --open
    visiontools serve --port 9000 --log-format text

    Answers that are being worked on get a few seconds to finish; after that their records say
    that they were cancelled.
    """
    settings = Settings.load()
    said = {"host": host, "port": port, "log_format": log_format}
    given = {name: value for name, value in said.items() if value is not None}
    settings = settings.model_copy(update={"web": settings.web.model_copy(update=given)})
    serve_until_stopped, log_to_standard_error, is_loopback = _web()
    open_to_all = settings.web.sign_in == "none" and not without_sign_in
    if open_to_all and not is_loopback(settings.web.host):
        raise UsageError(
            f"Listening on {settings.web.host} would let anybody who reaches this machine use it, "
            "for there is no sign-in.",
            next="Set web.sign_in (docs/sign-in.md tells how), leave --host out to serve this "
            "machine only, or say --without-sign-in if that is what you want.",
        )
    if settings.web.log_format is not None:
        log_to_standard_error(settings.web.log_format)
    listening = _listen(settings.web)
    address = _address(listening)

    def started() -> None:
        where = f"visiontools is at {address} (Ctrl-C stops it)"
        if settings.web.log_format is None:
            say(where)
        else:
            _log.info(where)
        if open_browser:
            click.launch(address)

    with listening:
        asyncio.run(serve_until_stopped(settings, listening, started))


def _web() -> tuple[Callable[..., Any], Callable[[LogFormat], None], Callable[[str], bool]]:
    """What serves, what logs, and what tells this machine's addresses, imported now."""
    try:
        from visiontools.doors.web.hosts import is_loopback
        from visiontools.doors.web.logs import log_to_standard_error
        from visiontools.doors.web.serving import serve_until_stopped
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"The web application is not installed ({error.name} is missing).",
            next="Install it: pip install 'visiontools[web]'",
        ) from None
    return serve_until_stopped, log_to_standard_error, is_loopback


def _listen(web: WebSettings) -> socket.socket:
    """A socket that listens, made here so that what is wrong with the address can be said."""
    try:
        found = socket.getaddrinfo(
            web.host, web.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, _, _, _, where = found[0]
        return socket.create_server(where[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"Port {web.port} of {web.host} is taken: something else listens there, perhaps "
                "another 'visiontools serve'.",
                next=f"Stop it, or take another: visiontools serve --port {(web.port + 1) % 2**16}",
            ) from None
        raise UsageError(
            f"Cannot listen on {web.host}, port {web.port}: {error.strerror or error}.",
            next="Name another with --host and --port.",
        ) from None


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
