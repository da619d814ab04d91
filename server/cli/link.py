"""`chantier link`: say whose commits are whose."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.cli.choice import open_database
from server.service import people
from server.settings import load


@click.command(short_help="Count commits by a git address as a person's.")
@click.argument("name")
@click.argument("email")
def command(name: str, email: str) -> None:
    """Count commits by the git address EMAIL, those so far too, as the work of the person called NAME."""
    database = open_database(load())
    with database.begin() as store:
        person = people.by_name(store, name)
        people.link_git(store, person, email, datetime.now(UTC))
    click.echo(f"Commits by {email} are {person.name}'s.")
