"""`chantier ledger verify`: whether the ledger of credit is what was once entered."""

from __future__ import annotations

import sys

import click

from dashboards.wording import count
from server.cli.choice import open_database
from server.cli.terminal import Group
from server.service import projects
from server.service.ledgers import Soundness, has, verify
from server.settings import load


@click.group(cls=Group, short_help="Verify the ledger of credit.")
def command() -> None:
    """The ledger of credit: a chain of entries, each sealed together with the one before it."""


@command.command("verify")
@click.option("--project", metavar="SLUG", help="Only this one.")
@click.option("--knows", metavar="HASH", help="Also fail unless the ledger has the entry with this hash.")
def verify_command(project: str | None, knows: str | None) -> None:
    """Go through the ledger of every project, or of one, and say where it was tampered with, if it was.

    The exit status is 1 where a chain is broken. A chain cannot tell whether its last entries were taken
    away: write the printed hash down, and give it back later with --knows.
    """
    with open_database(load()).reading() as store:
        chosen = [projects.find(store, project)] if project else store.projects.every()
        verdicts = [verify(store, one) for one in chosen]
        known = knows is None or any(has(store, one, knows) for one in chosen)
    for verdict in verdicts:
        click.echo(_line(verdict), err=verdict.broken is not None)
    if not known:
        click.echo(f"chantier: no ledger has the entry {knows}; entries were taken away.", err=True)
    sys.exit(0 if known and all(verdict.broken is None for verdict in verdicts) else 1)


def _line(verdict: Soundness) -> str:
    if verdict.broken is not None:
        return (
            f"{verdict.project}: broken at entry {verdict.broken} of {verdict.entries}; it was changed "
            "behind the server's back, so bring the database back from a copy."
        )
    last = f"; the last is {verdict.last}" if verdict.last else ""
    return f"{verdict.project}: {count(verdict.entries, 'entry', 'entries')}, unbroken{last}."
