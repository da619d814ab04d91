"""`chantier restore`: everything as it was when a copy was made."""

from __future__ import annotations

from pathlib import Path

import click

from server import keeping
from server.cli.choice import open_database
from server.settings import load


@click.command(short_help="Fill the database from such a copy.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace everything that the database holds now.")
def command(file: Path, force: bool) -> None:
    """Fill the database of the settings from FILE, which `chantier backup` wrote, here or elsewhere.

    Stop the server and the bot first. What does not fit, or does not verify, changes nothing.
    """
    rows = keeping.restore(open_database(load()), file, force=force)
    click.echo(f"{rows:,} rows are back from {file}; every ledger verifies.")
