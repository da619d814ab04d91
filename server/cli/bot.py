"""`chantier bot`: the projects' ears and mouth in a Zulip organization."""

from __future__ import annotations

import contextlib
import fcntl
import sys
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from blueprint.errors import UserError
from server.bot import Credentials, run
from server.bot.checking import Finding, check
from server.cli.choice import open_database
from server.cli.terminal import printable
from server.paths import data_dir
from server.records.projects import ProjectRow
from server.service import channels, projects
from server.service.visiting import Manners
from server.settings import Settings, load
from server.store import Store


@click.command(short_help="Run the Zulip bot.")
@click.option("--project", metavar="SLUG", help="Speak for this project alone, not for all.")
@click.option(
    "--zuliprc",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file with the bot's key, as Zulip offers it for download.",
)
@click.option("--webhook", is_flag=True, help="Only send: what people say comes by the webhook.")
@click.option("--check", "checks", is_flag=True, help="Only say what is there and what is missing.")
def command(project: str | None, zuliprc: Path | None, webhook: bool, checks: bool) -> None:
    """Answer in Zulip until interrupted.

    Without --zuliprc, the site and e-mail address come from the settings and the key from
    CHANTIER_ZULIP_API_KEY; where those are absent, from Zulip's own ZULIP_CONFIG, ZULIP_SITE, ZULIP_EMAIL
    and ZULIP_API_KEY. With --check, the exit status is 1 where something is missing.
    """
    settings = load()
    database, credentials = open_database(settings), _credentials(settings, zuliprc)
    with database.reading() as store:
        spoken_for = _spoken_for(store, project)
        wanted = {each: channels.listing(store, each) for each in spoken_for}
    if checks:
        sys.exit(0 if _report(check(credentials, wanted)) else 1)
    slugs = ", ".join(each.slug for each in spoken_for)
    click.echo(f"The bot speaks for {slugs}; stop it with Ctrl-C.", err=True)
    with _only_one(data_dir()), contextlib.suppress(KeyboardInterrupt):
        run(
            database,
            spoken_for[0].slug if project else None,
            settings.base_url,
            credentials,
            lambda: datetime.now(UTC),
            threading.Event(),
            manners=Manners(settings.zulip.per_minute),
            listens=not webhook,
        )


def _spoken_for(store: Store, project: str | None) -> tuple[ProjectRow, ...]:
    """`UserError` where there is no such project, or none at all."""
    every = store.projects.every() if project is None else ()
    return every or (projects.find(store, project or ""),)


def _report(findings: Iterable[Finding]) -> bool:
    """Print them; whether all is well."""
    well = True
    for finding in findings:
        click.echo(f"{'ok     ' if finding.ok else 'missing'} {printable(finding.text)}")
        well = well and finding.ok
    return well


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
