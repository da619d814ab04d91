"""`chantier export`: a project to take elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from server import keeping
from server.cli.choice import open_database
from server.settings import load


@click.command(short_help="Write a whole project to a file of JSON lines.")
@click.argument("project")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(project: str, file: Path) -> None:
    """Write PROJECT with its people, tasks, history and ledger to FILE; `chantier import` reads it.

    Secrets stay here, and so do roles and reporters: the other server decides whom it trusts. People's
    addresses are in the file, so that they are known again.
    """
    written = keeping.export(open_database(load()), project, file)
    click.echo(f"{file}: {sum(written.values()):,} rows of {len(written)} tables.")
