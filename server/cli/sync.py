"""`chantier sync`: bring a project's newest commit in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from blueprint.errors import UserError
from lean_project.pulling import pull
from server.cli.choice import open_database
from server.cli.steps import step
from server.cli.terminal import printable
from server.records.projects import ProjectRow
from server.service import projects, syncs
from server.service.arrival import SyncResult
from server.settings import load
from server.store import Database
from server.sync import sync

# Of each kind of change, this many are printed.
SHOWN = 20


@click.command(short_help="Bring a project's newest commit in.")
@click.argument("project", default=".")
@click.option("--again", is_flag=True, help="Check the commit even if it is on the books already.")
@click.option("--pull", "pulls", is_flag=True, help="Fetch the newest commit first, with `git pull`.")
@click.option(
    "--asked", is_flag=True, help="All projects of which a webhook told that there are new commits."
)
def command(project: str, again: bool, pulls: bool, asked: bool) -> None:
    """Check the newest commit of PROJECT, a repository's folder or a known project's name (default: here).

    A repository seen for the first time becomes a project.
    """
    database = open_database(load())
    if not asked:
        _bring_in(database, _folder(database, project), again=again, pulls=pulls)
        return
    if not _bring_in_asked(database, again=again, pulls=pulls):
        raise SystemExit(1)


def _bring_in(database: Database, folder: Path, *, again: bool, pulls: bool) -> None:
    began = datetime.now(UTC)
    with step("Sync") as say:
        if pulls:
            say("fetching the newest commit")
            pull(folder)
        result = sync(database, folder, began, say, again=again)
    with database.begin() as store:
        store.wanted_syncs.end(result.project.id, began)
    click.echo("\n".join(printable(line) for line in lines(result)))


def _bring_in_asked(database: Database, *, again: bool, pulls: bool) -> bool:
    """One after the other; none waits for one that fails. Whether all went well."""
    with database.reading() as store:
        asked = syncs.asked(store)
    went = [_bring_in_one(database, project, again=again, pulls=pulls) for project in asked]
    return all(went)


def _bring_in_one(database: Database, project: ProjectRow, *, again: bool, pulls: bool) -> bool:
    """Whether that went well, or somebody else is at it."""
    began = datetime.now(UTC)
    with database.begin() as store:
        if not syncs.hold(store, project, began):
            return True
    try:
        _bring_in(database, Path(project.path), again=again, pulls=pulls)
    except UserError as error:
        click.echo(f"error: {printable(str(error))}", err=True)
        with database.begin() as store:
            syncs.fail(store, project, began, str(error), datetime.now(UTC))
        return False
    finally:
        with database.begin() as store:
            syncs.leave(store, project, began)
    return True


def lines(result: SyncResult) -> Iterator[str]:
    """What the sync did, in plain lines."""
    commit = f"commit {result.commit.sha[:10]}"
    stand = f"{result.verified} of {result.nodes} nodes verified"
    if result.unchanged:
        yield f"{result.project.slug}: nothing new at {commit}; {stand}."
        return
    came = " is a project now" if result.fresh else ""
    yield f"{result.project.slug}{came}: {commit}, {stand}."
    for change in result.changes[:SHOWN]:
        yield f"  {change.kind}: {change.text}"
    if len(result.changes) > SHOWN:
        yield f"  and {len(result.changes) - SHOWN} more changes."
    yield f"  tasks finished: {result.settled.finished}; new credit: {result.settled.credited}."


def _folder(database: Database, project: str) -> Path:
    """A folder, or the folder of the project of that name."""
    if Path(project).exists() or "/" in project:
        return Path(project)
    with database.reading() as store:
        return Path(projects.find(store, project).path)
