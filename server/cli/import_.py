"""`chantier import`: a project that comes from elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from server import keeping
from server.cli.choice import open_database
from server.settings import load


@click.command(short_help="Bring in a project that was exported.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--slug", help="The project's name here; by default the one it had.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where its repository stands here.")
def command(file: Path, slug: str | None, folder: Path | None) -> None:
    """Bring in the project in FILE: all of it or, where anything does not fit or verify, nothing."""
    project = keeping.bring_in(open_database(load()), file, slug, folder)
    click.echo(f"`{project.slug}` is here, for the repository in {project.path}; its ledger verifies.")
