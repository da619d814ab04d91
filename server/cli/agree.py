"""`chantier agree`: lock the statement of a node, or lift that."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.cli.choice import acting_maintainer, chosen_project, open_database
from server.cli.terminal import printable
from server.service import agreement
from server.settings import load


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
        person, where = acting_maintainer(store, name), chosen_project(store, project)
        if withdraw:
            outcome = agreement.withdraw(store, where, person, node, now=now)
        else:
            outcome = agreement.agree(store, where, person, node, now=now)
    click.echo(printable(outcome.text))
