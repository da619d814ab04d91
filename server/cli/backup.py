"""`chantier backup`: a copy of everything, while everybody goes on working."""

from __future__ import annotations

from pathlib import Path

import click

from server import keeping
from server.cli.choice import open_database
from server.settings import load


@click.command(short_help="Write a checked copy of the whole database.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """Write all that the database holds at this moment to FILE, compressed where its name ends in `.gz`.

    The copy fits SQLite and PostgreSQL alike. It holds hashes of tokens and keys of reporters: keep it safe.
    """
    written = keeping.backup(open_database(load()), file)
    click.echo(f"{file}: {sum(written.values()):,} rows of {len(written)} tables; every ledger verifies.")
