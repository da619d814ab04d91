"""`chantier bot`: the project's ears and mouth in a Zulip organization."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime
from pathlib import Path

import click

from server.bot import Credentials, run
from server.cli.choice import chosen_project, open_database
from server.settings import Settings, load


@click.command(short_help="Run the Zulip bot.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
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
        slug = chosen_project(store, project).slug
    click.echo(f"The bot speaks for {slug}; stop it with Ctrl-C.", err=True)
    credentials, stop = _credentials(settings, zuliprc), threading.Event()
    with contextlib.suppress(KeyboardInterrupt):
        run(database, slug, settings.base_url, credentials, lambda: datetime.now(UTC), stop)


def _credentials(settings: Settings, zuliprc: Path | None) -> Credentials:
    if zuliprc is not None:
        return Credentials(file=zuliprc)
    key = settings.zulip_api_key
    return Credentials(
        site=settings.zulip.site or None,
        email=settings.zulip.email or None,
        key=key.get_secret_value() if key else None,
    )
