"""`chantier bot`: the projects' ears and mouth in a Zulip organization."""

from __future__ import annotations

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from blueprint.errors import UserError
from server.bot import Credentials, run
from server.cli.choice import open_database
from server.paths import data_dir
from server.service import projects
from server.settings import Settings, load


@click.command(short_help="Run the Zulip bot.")
@click.option("--project", metavar="SLUG", help="Speak for this project alone, not for all.")
@click.option(
    "--zuliprc",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file with the bot's key, as Zulip offers it for download.",
)
def command(project: str | None, zuliprc: Path | None) -> None:
    """Answer in Zulip until interrupted.

    Without --zuliprc, the site and e-mail address come from the settings and the key from
    CHANTIER_ZULIP_API_KEY; where those are absent, from Zulip's own ZULIP_CONFIG, ZULIP_SITE, ZULIP_EMAIL
    and ZULIP_API_KEY.
    """
    settings = load()
    database = open_database(settings)
    with database.reading() as store:
        spoken_for = projects.every(store) if project is None else (projects.find(store, project),)
        slugs = [each.slug for each in spoken_for] or [projects.find(store, "").slug]
    click.echo(f"The bot speaks for {', '.join(slugs)}; stop it with Ctrl-C.", err=True)
    credentials, stop = _credentials(settings, zuliprc), threading.Event()
    with _only_one(data_dir()), contextlib.suppress(KeyboardInterrupt):
        run(
            database,
            slugs[0] if project else None,
            settings.base_url,
            credentials,
            lambda: datetime.now(UTC),
            stop,
        )


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two bots on the same books would both send what waits there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "bot.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(
                f"A bot is running on the data in {folder} already; stop that one first."
            ) from error
        yield


def _credentials(settings: Settings, zuliprc: Path | None) -> Credentials:
    if zuliprc is not None:
        return Credentials(file=zuliprc)
    key = settings.zulip_api_key
    return Credentials(
        site=settings.zulip.site or None,
        email=settings.zulip.email or None,
        key=key.get_secret_value() if key else None,
    )
