"""`chantier login`: a one-time sign-in link, and the way in for the first maintainer."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.cli.choice import open_database
from server.records.people import Person
from server.service import people, signin
from server.settings import load
from server.store import Store
from server.work.permissions import Role


@click.command(short_help="Print a one-time sign-in link for a person.")
@click.argument("name")
@click.option("--new", is_flag=True, help="Make the person known first.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Give the person this role.")
def command(name: str, new: bool, role: str | None) -> None:
    """Print a link that signs the person called NAME in, once, within 15 minutes."""
    settings, now = load(), datetime.now(UTC)
    database = open_database(settings)
    with database.begin() as store:
        person = _person(store, name, new, role, now)
        link = signin.make_link(store, person, now, settings.base_url)
    click.echo(link)


def _person(store: Store, name: str, new: bool, role: str | None, now: datetime) -> Person:
    if new:
        return people.add(store, name, Role(role) if role else Role.CONTRIBUTOR, now)
    person = people.by_name(store, name)
    return people.appoint(store, person, Role(role)) if role else person
