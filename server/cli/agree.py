"""`chantier agree`: lock the statement of a node, or lift that."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from blueprint.errors import UserError
from server.cli.choice import chosen_project, open_database
from server.cli.terminal import printable
from server.records import Person, Role
from server.service import agreement, people
from server.settings import load
from server.store import Store


@click.command(short_help="Agree on the statement of a node, or withdraw that.")
@click.argument("node")
@click.option("--withdraw", is_flag=True, help="Lift the agreement.")
@click.option("--as", "name", metavar="PERSON", help="Who agrees; not needed where there is one maintainer.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
def command(node: str, withdraw: bool, name: str | None, project: str | None) -> None:
    """Lock the statement of NODE as Lean has it now: from then on a change of its meaning is told, claims on
    what depends on it are paused, and a maintainer is asked again."""
    now = datetime.now(UTC)
    with open_database(load()).begin() as store:
        person, where = _who(store, name), chosen_project(store, project)
        if withdraw:
            outcome = agreement.withdraw(store, where, person, node, now=now)
        else:
            outcome = agreement.agree(store, where, person, node, now=now)
    click.echo(printable(outcome.text))


def _who(store: Store, name: str | None) -> Person:
    if name is not None:
        return people.by_name(store, name)
    maintainers = [person for person in store.people.every() if person.role is Role.MAINTAINER]
    if len(maintainers) != 1:
        count = f"are {len(maintainers)} maintainers" if maintainers else "is no maintainer yet"
        raise UserError(f"Here {count}; say who agrees with `--as`.")
    return maintainers[0]
