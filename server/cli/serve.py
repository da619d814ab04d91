"""Serve the pages and the API."""

from __future__ import annotations

import errno
import logging
import socket
from contextlib import closing
from dataclasses import replace
from functools import partial

import click
from waitress.server import BaseWSGIServer, create_server  # type: ignore[import-untyped]

from blueprint.errors import UserError
from dashboards import assets
from lean_project.pool_door import warm_pool
from server import collecting
from server.app import create_app
from server.caretaker import caretaker
from server.house import utc_now
from server.processes import others
from server.service.visiting import Manners
from server.settings import Settings, address, load
from server.store import Database
from server.syncing import Syncs


@click.command(help="Serve the pages and the API until Ctrl-C.")
@click.option("--host", help="The address to listen on; by default that of the settings.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes any that is free.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes answer; as many as there are processors, where many people come at once.",
)
def command(host: str | None, port: int | None, processes: int) -> None:
    settings = load()
    host, port = host or settings.host, settings.port if port is None else port
    serve(host, port, processes)


def serve(host: str, port: int, processes: int = 1) -> None:
    """Blocks. Raises `UserError` when the front end is not built or the port is taken."""
    if not assets.built():
        raise UserError("The front end is not built yet; run `python -m dashboards.build` first.")
    settings = _settings_at(host, port)
    with closing(_listening(host, port)) as door, closing(_database(settings)) as database:
        server = _server(settings, database, door)
        click.echo(f"Serving on {address(host, door.getsockname()[1])} until Ctrl-C.")
        manners = Manners(settings.zulip.per_minute)
        syncs = Syncs(database) if settings.hooks.sync else None
        with (
            others(processes - 1, partial(_answer, settings), door),
            caretaker(database, utc_now, manners, syncs),
            warm_pool(settings.lean.stock()),
        ):
            collecting.serve()
            server.run()


def _answer(settings: Settings, door: socket.socket) -> None:
    """What each further process does; what is to be looked after, the first one does."""
    with closing(_database(settings)) as database:
        _server(settings, database, door).run()


def _database(settings: Settings) -> Database:
    return Database(settings.database_url.get_secret_value(), settings.policy)


def _server(settings: Settings, database: Database, door: socket.socket) -> BaseWSGIServer:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait a moment is no news
    return create_server(
        create_app(settings, database),
        sockets=[door],
        ident="chantier",
        threads=8,
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
    )


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound there. Raises `UserError` where that cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UserError(_no_listening(host, port, error)) from error


def _settings_at(host: str, port: int) -> Settings:
    """The settings, with links that lead here unless they name an address of their own."""
    settings = load()
    if settings.base_url == address(settings.host, settings.port):
        return replace(settings, base_url=address(host, port))
    return settings


def _no_listening(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; choose another with `--port`."
    if error.errno == errno.EACCES:
        return f"You may not listen on port {port}; choose one above 1023 with `--port`."
    return f"The server cannot listen on {host}:{port}: {error.strerror or error}."
