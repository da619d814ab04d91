"""`chantier report`: what happened lately and how things stand, in Markdown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from blueprint.errors import UserError
from dashboards.report import PERIOD, markdown
from server.cli.choice import chosen_project, open_database
from server.service import suggestions, views
from server.settings import load

_LENGTH = re.compile(r"(\d{1,4})([dw])")
_DAYS = {"d": 1, "w": 7}


@click.command(short_help="Print a progress report (Markdown).")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
@click.option(
    "--since", default=f"{PERIOD.days}d", show_default=True, metavar="LENGTH", help="How far back: 7d, 2w."
)
def command(project: str | None, since: str) -> None:
    """Print what happened in a project lately and how it stands."""
    database, now, length = open_database(load()), datetime.now(UTC), span(since)
    with database.reading() as store:
        chosen = chosen_project(store, project)
        snapshot, ready = views.snapshot(store, chosen, now), suggestions.tasks(store, chosen, None, now=now)
    click.echo(markdown(snapshot, now - length, ready))


def span(text: str) -> timedelta:
    """The length of `7d` or `2w`."""
    found = _LENGTH.fullmatch(text.strip().lower())
    if found is None:
        raise UserError(f"{text[:40]!r} is no length of time; write it as 7d or 2w.")
    return timedelta(days=int(found[1]) * _DAYS[found[2]])
