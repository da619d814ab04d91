"""`chantier reporter`: who may report checks of a project, and whether the project relies on them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lean_project.project import open_project
from lean_project.repository import Repository
from server.cli.choice import open_database
from server.cli.terminal import Group
from server.records.projects import ProjectRow
from server.service import arrival, projects, reporting
from server.settings import load
from server.store import Store


@click.group(cls=Group, short_help="Say who may report checks of a project.")
def command() -> None:
    """Checks that a project's own CI runs, and posts to this server. docs/ci.md tells the whole story."""


@command.command("add")
@click.argument("project")
@click.argument("name")
def add(project: str, name: str) -> None:
    """Believe checks of PROJECT that NAME reports, and print its two secrets, this once."""
    now = datetime.now(UTC)
    with open_database(load()).begin() as store:
        made = reporting.trust(store, _project(store, project, now), name, now)
    click.echo(f"CHANTIER_REPORT_TOKEN={made.token}\nCHANTIER_REPORT_KEY={made.key}")


@command.command("remove")
@click.argument("project")
@click.argument("name")
def remove(project: str, name: str) -> None:
    """Believe nothing that NAME reports of PROJECT any more, nor what it reported before."""
    with open_database(load()).begin() as store:
        reporting.distrust(store, projects.find(store, project), name, datetime.now(UTC))
    click.echo(f"`{name}` is not believed any more.")


@command.command("rely")
@click.argument("project")
@click.argument("switch", type=click.Choice(["on", "off"]))
def rely(project: str, switch: str) -> None:
    """Take the facts about PROJECT from reports, because this server cannot check it; or not any more.

    A folder that is not on the books comes on them.
    """
    now = datetime.now(UTC)
    with open_database(load()).begin() as store:
        row = _project(store, project, now)
        reporting.rely(store, row, switch == "on", now)
    click.echo(f"{row.slug}: facts {'come from reports' if switch == 'on' else 'are found out here'}.")


def _project(store: Store, name: str, now: datetime) -> ProjectRow:
    """A project of that name, or in that folder, which may be new to the books."""
    path = Path(name).resolve()
    if not path.is_dir() or store.projects.by_path(str(path)):
        return projects.find(store, name)
    with Repository.open(path) as repository:
        title = open_project(path).settings.title
        return arrival.register(store, path, title, repository.origin_url(), now)
