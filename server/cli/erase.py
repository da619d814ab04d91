"""`chantier erase`: forget a person who asks for it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.cli.choice import open_database
from server.service import erasing, people
from server.settings import load


@click.command(short_help="Forget a person who asks for it.")
@click.argument("name")
@click.confirmation_option(
    "-y", "--yes", prompt="This cannot be undone. Forget them?", help="Do not ask first."
)
def command(name: str) -> None:
    """Take the person called NAME (or `#3`) out of the books: name, accounts, tokens, notices, watches.

    What they did stays, under a number, and the ledger verifies as before. Copies that were made earlier
    hold them still.
    """
    with open_database(load()).begin() as store:
        gone = erasing.erase(store, people.by_name(store, name), datetime.now(UTC))
    click.echo(f"They are somebody #{gone.number} from now on; tasks given back: {gone.given_back}.")
