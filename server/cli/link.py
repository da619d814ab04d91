"""`chantier link`: say whose commits are whose."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.cli.choice import open_database
from server.records.people import Proof
from server.service import linking, people
from server.settings import load


@click.command(short_help="Count commits by a git address as a person's.")
@click.argument("name")
@click.argument("account")
def command(name: str, account: str) -> None:
    """Say that ACCOUNT is the person called NAME: a git address, whose commits are theirs then, those so far
    too, or the address of an account on a forge, such as https://github.com/ada, which acts for them there.
    """
    database = open_database(load())
    with database.begin() as store:
        person = people.by_name(store, name)
        if "://" in account:
            linking.link_login(store, person, account, datetime.now(UTC), Proof.OPERATOR)
            words = f"{account} is {person.name}."
        else:
            people.link_git(store, person, account, datetime.now(UTC))
            words = f"Commits by {account} are {person.name}'s."
    click.echo(words)
